"""Routes of daily reports and the meeting book of a place."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "reporting"

_DAILY = "<place:place>/daily"

urlpatterns = [
    path(_DAILY, views.daily, name="daily"),
    path(f"{_DAILY}/past", views.past, name="past"),
    path(f"{_DAILY}/draft", views.draft, name="draft"),
    path(f"{_DAILY}/remind", views.remind, name="remind"),
    path(f"{_DAILY}/<int:report_id>/sentences/<int:sentence_id>", views.edit, name="edit"),
    path(f"{_DAILY}/<int:report_id>/add", views.add, name="add"),
    path(f"{_DAILY}/<int:report_id>/submit", views.submit, name="submit"),
    path(f"{_DAILY}/<int:report_id>/accept", views.accept, name="accept"),
    path(f"{_DAILY}/<int:report_id>/return", views.send_back, name="return"),
    path(f"{_DAILY}/<int:report_id>/public", views.mark_public, name="public"),
    path(f"{_DAILY}/<str:day>", views.daily, name="day"),
    path(f"{_DAILY}/<str:day>/report.<slug:kind>", views.download_report, name="download"),
    path("<place:place>/book.<slug:kind>", views.book, name="book"),
]
