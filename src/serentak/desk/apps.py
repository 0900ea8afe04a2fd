"""Registers the slice with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The operations room: one page shape for every place."""

    name = "serentak.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
