"""Registers the slice with Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Each place's numbers with their sources, and which one is in use."""

    name = "serentak.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
