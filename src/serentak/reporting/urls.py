"""Routes of daily reports and the meeting book of a place."""

from django.urls import path

from .views import correcting, differing, publishing, reading, sending, writing

app_name = "reporting"

_ONE = "contradictions/<uuid:key>"

_DAILY = "<place:place>/daily"

urlpatterns = [
    path(_DAILY, reading.daily, name="daily"),
    path(f"{_DAILY}/past", reading.past, name="past"),
    path(f"{_DAILY}/draft", writing.draft, name="draft"),
    path(f"{_DAILY}/chat", writing.chat_template, name="chat"),
    path(f"{_DAILY}/remind", sending.remind, name="remind"),
    path(f"{_DAILY}/<int:report_id>/sentences/<int:sentence_id>", writing.edit, name="edit"),
    path(
        f"{_DAILY}/<int:report_id>/sentences/<int:sentence_id>/correct",
        correcting.correct,
        name="correct",
    ),
    path(f"{_DAILY}/<int:report_id>/note", correcting.take_note, name="note"),
    path(f"{_DAILY}/<int:report_id>/add", writing.add, name="add"),
    path(f"{_DAILY}/<int:report_id>/submit", sending.submit, name="submit"),
    path(f"{_DAILY}/<int:report_id>/accept", sending.accept, name="accept"),
    path(f"{_DAILY}/<int:report_id>/return", sending.send_back, name="return"),
    path(f"{_DAILY}/<int:report_id>/public", publishing.mark_public, name="public"),
    path(f"{_DAILY}/<str:day>", reading.daily, name="day"),
    path(f"{_DAILY}/<str:day>/report.<slug:kind>", reading.download_report, name="download"),
    path("<place:place>/contradictions", differing.board, name="contradictions"),
    path("<place:place>/contradictions/checks", differing.checks, name="checks"),
    path(_ONE, differing.contradiction, name="contradiction"),
    path(f"{_ONE}/acknowledge", differing.acknowledge, name="acknowledge"),
    path(f"{_ONE}/answer", differing.answer, name="answer"),
    path(f"{_ONE}/settle", differing.settle, name="settle"),
    path(f"{_ONE}/reopen", differing.reopen, name="reopen"),
    path("<place:place>/book.<slug:kind>", reading.book, name="book"),
]
