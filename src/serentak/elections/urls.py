"""Routes of the election at a place."""

from django.urls import path

from . import views

app_name = "elections"

urlpatterns = [
    path("<place:place>/election", views.election, name="election"),
    path("<place:place>/election/pairs", views.edit_pairs, name="edit_pairs"),
    path("<place:place>/stations.xlsx", views.station_sheet, name="station_sheet"),
    path("<place:place>/stations/import", views.import_stations, name="import_stations"),
]
