"""What is public of daily reports: only sentences that a desk marked, once it signed them off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode, subtree_range
from serentak.kernel.status import Status
from serentak.reporting import words
from serentak.reporting.models import DailyReport, Sentence
from serentak.reporting.rules.outline import Code
from serentak.reporting.rules.personal import personal_number
from serentak.reporting.rules.states import HEARD

from .sources import is_publishable


@dataclass(frozen=True, slots=True)
class PublicSentence:
    """A sentence for everybody: its words, and the figure or status that they tell."""

    section: str
    focus: Focus | None
    text: str
    status: Status | None
    figure: str
    value: float | None
    of: float | None
    is_written: bool = False
    """Whether these are a person's words, which are told as they were written."""


@dataclass(frozen=True, slots=True)
class PublicReport:
    """The public part of a place's newest report that is signed off and has one."""

    place: PlaceCode
    day: date
    submitted_at: datetime
    sentences: tuple[PublicSentence, ...]


def public_reports(province: PlaceCode) -> Mapping[PlaceCode, PublicReport]:
    """Return the public part of the newest published report of a province and each place in it.

    Published is what is signed and has a marked sentence: one signed without any leaves what was
    published before. A place whose desk never published is missing. Nobody is asked who reads:
    these are facts for everybody. Two queries; sentences without the mark are never read. A draft
    may have put a person's number into a sentence after it was marked: it is left out.
    """
    low, high = subtree_range(province)
    newest = {
        row.pk: row
        for row in _published()
        .filter(place__gte=low, place__lt=high)
        .order_by("place", "-day", "-round")
        .distinct("place")
    }
    marked: dict[int, list[PublicSentence]] = {}
    rows = Sentence.objects.filter(report__in=newest, is_public=True).order_by("position", "pk")
    for sentence in rows:
        focus = Focus(sentence.focus) if sentence.focus else None
        if not is_publishable(sentence):
            continue
        told = _public(sentence, focus)
        if not personal_number(told.text):
            marked.setdefault(sentence.report_id, []).append(told)
    return {
        PlaceCode(row.place_id): PublicReport(
            PlaceCode(row.place_id), row.day, row.submitted_at, tuple(marked[id])
        )
        for id, row in newest.items()
        if id in marked and row.submitted_at
    }


def last_published_day(place: PlaceCode) -> date | None:
    """Return of which day the report is that the public page of a place shows; one query."""
    days = _published().filter(place=place).order_by("-day", "-round")
    return days.values_list("day", flat=True).first()


def _published() -> QuerySet[DailyReport]:
    marked = Sentence.objects.filter(report=OuterRef("pk"), is_public=True)
    return DailyReport.objects.filter(Exists(marked), state__in=HEARD)


def ids_to_mark(report_id: int, ticked: Collection[int], marks: str) -> set[int]:
    """Return the sentences of a report to mark where all, none or those of a section are meant.

    `marks` is `all`, `none` or a section's code, which adds to what was ticked; anything else
    leaves the ticks as they are. What must stay inside, or holds a person's number, is left out.
    """
    if marks == "none":
        return set()
    found = set(ticked)
    for sentence in Sentence.objects.filter(report=report_id) if marks else ():
        focus = Focus(sentence.focus) if sentence.focus else None
        is_meant = marks in ("all", sentence.section) and is_publishable(sentence)
        if is_meant and not personal_number(_public(sentence, focus).text):
            found.add(sentence.pk)
    return found


def _public(sentence: Sentence, focus: Focus | None) -> PublicSentence:
    params = sentence.params
    tells_status = sentence.code == Code.AREA_STATUS
    tells_figure = sentence.code == Code.FIGURE and not sentence.text
    return PublicSentence(
        section=sentence.section,
        focus=focus,
        text=sentence.text or words.sentence_text(sentence.code, params),
        status=Status(params["status"]) if tells_status and not sentence.text else None,
        figure=params["figure"] if tells_figure else "",
        value=params["value"] if tells_figure else None,
        of=params["of"] if tells_figure else None,
        is_written=bool(sentence.text),
    )
