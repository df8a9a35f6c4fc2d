"""Compiled code is slow on its first call and tests do not time anything: no deadlines."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
