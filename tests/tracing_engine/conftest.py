"""Compiled code is slow on its first call and tests do not time anything: no deadlines."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None, max_examples=60)
settings.load_profile("untimed")
