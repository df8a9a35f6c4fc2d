"""The tracing desk as a Django app."""

from django.apps import AppConfig


class Config(AppConfig):
    """Names the app."""

    name = "wuzha.tracing"
    label = "tracing"
