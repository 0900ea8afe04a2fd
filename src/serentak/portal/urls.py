"""Routes of the public pages."""

from django.urls import path

from . import views

app_name = "portal"

urlpatterns = [
    path("public/", views.index, name="index"),
    path("public/<str:name>", views.file, name="file"),
]
