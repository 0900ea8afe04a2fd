"""Routes of the operations room: one page for every place, and one for all provinces."""

from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("country", views.country, name="country"),
    path("<place:place>/", views.place, name="place"),
]
