"""Routes of logistics."""

from django.urls import path

from .views import deeds, needs, place

app_name = "logistics"

_PLACE = "<place:place>/logistics"

urlpatterns = [
    path(_PLACE, place.place, name="place"),
    path(f"{_PLACE}/needs", needs.take_over, name="needs"),
    path(f"{_PLACE}/receive", deeds.receive, name="receive"),
    path(f"{_PLACE}/receive/import", deeds.import_deliveries, name="import_deliveries"),
    path(f"{_PLACE}/sort", deeds.sort_ballots, name="sort"),
    path(f"{_PLACE}/count", deeds.count_stock, name="count"),
    path(f"{_PLACE}/destroy", deeds.destroy, name="destroy"),
    path("logistics/entries/<int:entry_id>", place.entry, name="entry"),
]
