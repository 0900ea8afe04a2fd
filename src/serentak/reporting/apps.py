"""Registers the slice with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Daily reports, stored days and the meeting book."""

    name = "serentak.reporting"
    label = "reporting"
    default_auto_field = "django.db.models.BigAutoField"
