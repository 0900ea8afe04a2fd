"""Routes of the checks of a place."""

from django.urls import path

from . import views

app_name = "specimen"

urlpatterns = [
    path("<place:place>/specimen", views.overview, name="overview"),
    path("<place:place>/specimen/record", views.record_check, name="record"),
]
