"""Routes of the operations room: one page for every place."""

from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("<place:place>/", views.place, name="place"),
]
