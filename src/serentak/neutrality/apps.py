"""Registers the slice with Django."""

from django.apps import AppConfig


class NeutralityConfig(AppConfig):
    """Cases of civil servants, pledges, circulars, services that go on."""

    name = "serentak.neutrality"
    label = "neutrality"
    default_auto_field = "django.db.models.BigAutoField"
