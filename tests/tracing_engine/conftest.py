"""Compiled code is slow on its first call: fewer examples, and no deadline for any of them."""

from hypothesis import settings

settings.register_profile("compiled", settings.get_profile("untimed"), max_examples=60)
settings.load_profile("compiled")
