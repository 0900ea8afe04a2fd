"""Routes of coordination."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "coordination"

_MEETING = "coordination/meetings/<int:meeting_id>"
_ACTION = "coordination/actions/<int:action_id>"
_LETTER = "coordination/letters/<int:letter_id>"

urlpatterns = [
    path("<place:place>/coordination", views.overview, name="overview"),
    path("<place:place>/coordination/ask", views.give, name="give"),
    path("<place:place>/coordination/meetings/new", views.plan, name="plan"),
    path("<place:place>/coordination/visits/new", views.visit, name="visit"),
    path(_ACTION, views.action, name="action"),
    path(f"{_ACTION}/letter", views.draft, name="draft"),
    path(f"{_ACTION}/evidence", views.evidence, name="evidence"),
    path(f"{_ACTION}/<slug:step>", views.step, name="step"),
    path(_MEETING, views.meeting, name="meeting"),
    path(f"{_MEETING}/agenda", views.set_agenda, name="set_agenda"),
    path(f"{_MEETING}/agenda/add", views.add_to_agenda, name="add_to_agenda"),
    path(f"{_MEETING}/attendance", views.record_attendance, name="record_attendance"),
    path(f"{_MEETING}/outcomes", views.record_outcomes, name="record_outcomes"),
    path(f"{_MEETING}/close", views.close, name="close"),
    path(_LETTER, views.letter, name="letter"),
    path(f"{_LETTER}/sent", views.sent, name="sent"),
    path(f"{_LETTER}/discard", views.discard, name="discard"),
    path(f"{_LETTER}.docx", views.letter_docx, name="letter_docx"),
    path(f"{_LETTER}.pdf", views.letter_pdf, name="letter_pdf"),
    path("coordination/notifications", views.notifications, name="notifications"),
]
