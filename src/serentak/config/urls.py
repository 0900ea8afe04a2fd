"""All routes of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from serentak.platform.converters import PlaceConverter

register_converter(PlaceConverter, "place")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("serentak.platform.urls")),
    path("account/", include("allauth.account.urls")),
]
