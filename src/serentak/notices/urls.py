"""Routes of notices."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    # The address is older than the slice; people have it in their bookmarks.
    path("coordination/notifications", views.notifications, name="notifications"),
]
