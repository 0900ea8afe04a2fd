"""Registers the platform with Django."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The floor under all slices."""

    name = "serentak.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
