"""All routes of the house: every `urls.py`, from the lowest slice up."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from serentak.platform.converters import PlaceConverter
from serentak.platform.slices import modules

register_converter(PlaceConverter, "place")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("serentak.platform.web.signin")),
    *(path("", include(routes)) for routes in modules("urls")),
]

handler400 = "serentak.platform.web.errors.bad_request"
handler403 = "serentak.platform.web.errors.forbidden"
handler404 = "serentak.platform.web.errors.not_found"
handler500 = "serentak.platform.web.errors.server_error"
