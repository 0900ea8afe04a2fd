"""Registers the slice with Django."""

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    """Will everything that the vote needs be finished in time, and what comes first?"""

    name = "serentak.readiness"
    label = "readiness"
    default_auto_field = "django.db.models.BigAutoField"
