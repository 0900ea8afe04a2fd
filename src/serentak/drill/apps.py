"""Registers the slice with Django."""

from django.apps import AppConfig


class DrillConfig(AppConfig):
    """Scenes for demonstrations, written through actions."""

    name = "serentak.drill"
    label = "drill"
    default_auto_field = "django.db.models.BigAutoField"
