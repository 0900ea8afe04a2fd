"""Routes of the figures of a place."""

from django.urls import path

from . import views

app_name = "figures"

_WORK = "<place:place>/figures/<slug:measure>/<slug:kind>"

urlpatterns = [
    path("<place:place>/figures", views.reconciliation, name="reconciliation"),
    path("<place:place>/figures/record", views.record, name="record"),
    path("<place:place>/figures/<int:figure_id>/use", views.use, name="use"),
    path("<place:place>/figures/<int:figure_id>/withdraw", views.withdraw, name="withdraw"),
    path(f"{_WORK}/assign", views.assign, name="assign"),
    path(f"{_WORK}/decide", views.decide, name="decide"),
]
