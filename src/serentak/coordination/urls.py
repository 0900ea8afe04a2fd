"""Routes of coordination."""

from django.urls import path

from .views import action, ask, letter, meeting, place

app_name = "coordination"

_MEETING = "coordination/meetings/<int:meeting_id>"
_ACTION = "coordination/actions/<int:action_id>"
_LETTER = "coordination/letters/<int:letter_id>"

urlpatterns = [
    path("<place:place>/coordination", place.overview, name="overview"),
    path("<place:place>/coordination/ask", ask.give, name="give"),
    path("<place:place>/coordination/meetings/new", place.plan, name="plan"),
    path("<place:place>/coordination/visits/new", place.visit, name="visit"),
    path(_ACTION, action.action, name="action"),
    path(f"{_ACTION}/letter", action.draft, name="draft"),
    path(f"{_ACTION}/evidence", action.evidence, name="evidence"),
    path(f"{_ACTION}/<slug:step>", action.step, name="step"),
    path(_MEETING, meeting.meeting, name="meeting"),
    path(f"{_MEETING}/agenda", meeting.set_agenda, name="set_agenda"),
    path(f"{_MEETING}/agenda/add", meeting.add_to_agenda, name="add_to_agenda"),
    path(f"{_MEETING}/put-off", meeting.put_off, name="put_off"),
    path(f"{_MEETING}/take-back", meeting.take_back, name="take_back"),
    path(f"{_MEETING}/attendance", meeting.record_attendance, name="record_attendance"),
    path(f"{_MEETING}/outcomes", meeting.record_outcomes, name="record_outcomes"),
    path(f"{_MEETING}/close", meeting.close, name="close"),
    path(_LETTER, letter.letter, name="letter"),
    path(f"{_LETTER}/sent", letter.sent, name="sent"),
    path(f"{_LETTER}/discard", letter.discard, name="discard"),
    path(f"{_LETTER}.docx", letter.document, {"kind": "docx"}, name="letter_docx"),
    path(f"{_LETTER}.pdf", letter.document, {"kind": "pdf"}, name="letter_pdf"),
]
