"""Routes of logistics."""

from django.urls import path

from .views import deeds, loads, needs, orders, place, stations

app_name = "logistics"

_PLACE = "<place:place>/logistics"

urlpatterns = [
    path(_PLACE, place.place, name="place"),
    path(f"{_PLACE}/needs", needs.take_over, name="needs"),
    path(f"{_PLACE}/receive", deeds.receive, name="receive"),
    path(f"{_PLACE}/receive/import", deeds.import_deliveries, name="import_deliveries"),
    path(f"{_PLACE}/sort", deeds.sort_ballots, name="sort"),
    path(f"{_PLACE}/sort/import", deeds.import_sorting, name="import_sorting"),
    path(f"{_PLACE}/count/import", deeds.import_counts, name="import_counts"),
    path(f"{_PLACE}/count", deeds.count_stock, name="count"),
    path(f"{_PLACE}/destroy", deeds.destroy, name="destroy"),
    path(f"{_PLACE}/pack", loads.pack, name="pack"),
    path(f"{_PLACE}/stations", stations.stations, name="stations"),
    path(f"{_PLACE}/stations/packing.pdf", stations.packing, name="packing"),
    path(f"{_PLACE}/stations/<slug:step>", stations.move, name="move"),
    path(f"{_PLACE}/order", orders.make, name="make_order"),
    path(f"{_PLACE}/transfers", orders.transfers, name="transfers"),
    path(f"{_PLACE}/transfers/adopt", orders.adopt_transfers, name="adopt_transfers"),
    path("logistics/orders/<int:order_id>", orders.order, name="order"),
    path("logistics/orders/<int:order_id>/answer", orders.answer, name="answer_order"),
    path("logistics/orders/<int:order_id>/withdraw", orders.withdraw, name="withdraw_order"),
    path("logistics/loads/<int:load_id>", loads.load, name="load"),
    path("logistics/loads/<int:load_id>/depart", loads.depart, name="depart"),
    path("logistics/loads/<int:load_id>/unload", loads.unload, name="unload"),
    path("logistics/loads/<int:load_id>/settle", loads.settle, name="settle"),
    path("logistics/loads/<int:load_id>/record.pdf", loads.record, name="load_record"),
    path("logistics/loads/<int:load_id>/photo", loads.photo, name="load_photo"),
    path("logistics/receive/<slug:code>", loads.receive_load, name="receive_load"),
    path("logistics/entries/<int:entry_id>", place.entry, name="entry"),
]
