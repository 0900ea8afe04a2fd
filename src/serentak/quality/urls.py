"""Routes of quality."""

from django.urls import path

from .views import exports, indicators, places, publishing, weights

app_name = "quality"

_PLACE = "<place:place>/quality"

urlpatterns = [
    path(_PLACE, places.place, name="place"),
    path(f"{_PLACE}/trend", places.trend, name="trend"),
    path(f"{_PLACE}/method", places.method, name="method"),
    path(f"{_PLACE}/store", places.store, name="store"),
    path(f"{_PLACE}/weights", weights.weights, name="weights"),
    path(f"{_PLACE}/pdf", exports.document, name="document"),
    path(f"{_PLACE}/csv", exports.as_csv, name="csv"),
    path(f"{_PLACE}/json", exports.as_json, name="json"),
    path(f"{_PLACE}/public", exports.public_page, name="public"),
    path(f"{_PLACE}/open", publishing.open_reply, name="open_reply"),
    path(f"{_PLACE}/publish", publishing.publish, name="publish"),
    path(f"{_PLACE}/<slug:indicator>", indicators.indicator, name="indicator"),
    path(f"{_PLACE}/<slug:indicator>/reply", publishing.reply, name="reply"),
]
