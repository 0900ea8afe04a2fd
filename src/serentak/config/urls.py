"""All routes of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from serentak.platform.converters import PlaceConverter

register_converter(PlaceConverter, "place")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("serentak.platform.urls")),
    path("", include("serentak.platform.web.signin")),
    path("", include("serentak.places.urls")),
    path("", include("serentak.institutions.urls")),
    path("", include("serentak.figures.urls")),
    path("", include("serentak.elections.urls")),
    path("", include("serentak.coordination.urls")),
    path("", include("serentak.neutrality.urls")),
    path("", include("serentak.readiness.urls")),
    path("", include("serentak.reporting.urls")),
    path("", include("serentak.portal.urls")),
    path("", include("serentak.desk.urls")),
]

handler400 = "serentak.platform.web.errors.bad_request"
handler403 = "serentak.platform.web.errors.forbidden"
handler404 = "serentak.platform.web.errors.not_found"
handler500 = "serentak.platform.web.errors.server_error"
