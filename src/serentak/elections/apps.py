"""Registers the slice with Django."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The election: its stages, contests, candidate pairs and stations' voters."""

    name = "serentak.elections"
    label = "elections"
    default_auto_field = "django.db.models.BigAutoField"
