"""Registers the slice with Django."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Meetings, decisions, directives, requests, and whether they are done."""

    name = "serentak.coordination"
    label = "coordination"
    default_auto_field = "django.db.models.BigAutoField"
