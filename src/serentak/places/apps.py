"""Registers the slice with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The tree of places, from the country to the polling station."""

    name = "serentak.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
