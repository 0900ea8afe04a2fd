"""Routes of the tree of places."""

from django.urls import path

from . import views

app_name = "places"

urlpatterns = [path("places/options", views.options, name="options")]
