"""Registers the slice with Django."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Who is there: institutions, their jurisdictions, people, roles and holders of office."""

    name = "serentak.institutions"
    label = "institutions"
    default_auto_field = "django.db.models.BigAutoField"
