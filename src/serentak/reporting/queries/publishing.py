"""What is public of daily reports: only sentences that a desk marked, once it signed them off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode, subtree_range
from serentak.kernel.status import Status
from serentak.reporting import words
from serentak.reporting.models import Correction, DailyReport, Sentence
from serentak.reporting.rules.correcting import Said, What
from serentak.reporting.rules.personal import personal_number
from serentak.reporting.rules.states import HEARD

from .sources import is_publishable, outline


@dataclass(frozen=True, slots=True)
class PublicSentence:
    """A sentence for everybody: its words, and the figure or status that they tell.

    `corrected_at` says that it was corrected after it was signed; `text_signed` is what was signed.
    Where the correction must stay inside, `text` is empty: what was published no longer holds.
    `left_out` says what that status does not count, empty if nothing.
    """

    section: str
    focus: Focus | None
    text: str
    status: Status | None
    left_out: str
    figure: str
    value: float | None
    of: float | None
    text_signed: str = ""
    corrected_at: datetime | None = None
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
    these are facts for everybody. Three queries; sentences without the mark are never read. A draft
    may have put a person's number into a sentence after it was marked: it is left out. What was
    corrected says so; reasons of corrections stay inside.
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
    corrected = {
        (row.report_id, row.key): row
        for row in Correction.objects.filter(report__in=newest).order_by("number")
        if row.signed_at == newest[row.report_id].submitted_at
    }
    rows = Sentence.objects.filter(report__in=newest, is_public=True).order_by("position", "pk")
    for sentence in rows:
        focus = Focus(sentence.focus) if sentence.focus else None
        if not is_publishable(sentence):
            continue
        told = _public(sentence, focus, sentence.said)
        if personal_number(told.text):
            continue
        if correction := corrected.get((sentence.report_id, sentence.key)):
            told = _corrected(sentence, focus, correction)
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
        is_meant = marks in ("all", sentence.section) and is_publishable(sentence)
        if is_meant and not personal_number(words.said_text(sentence.said)):
            found.add(sentence.pk)
    return found


def _corrected(sentence: Sentence, focus: Focus | None, correction: Correction) -> PublicSentence:
    """Return a public sentence with its correction; where that stays inside, without any words."""
    now = correction.now
    is_edited = bool(now.text)
    told = _public(sentence, focus, now)
    if not outline().may_be_public(now.code, sentence.section, focus, is_edited=is_edited):
        told = replace(told, text="")
    return replace(
        told,
        text_signed=words.said_text(sentence.said),
        corrected_at=correction.corrected_at,
    )


def _public(sentence: Sentence, focus: Focus | None, said: Said) -> PublicSentence:
    params = said.params
    tells_status = said.what is What.STATUS
    tells_figure = said.what is What.FIGURE
    return PublicSentence(
        section=sentence.section,
        focus=focus,
        text=words.said_text(said),
        status=Status(params["status"]) if tells_status else None,
        left_out=words.left_out(params) if tells_status else "",
        figure=params["figure"] if tells_figure else "",
        value=params["value"] if tells_figure else None,
        of=params["of"] if tells_figure else None,
        is_written=bool(sentence.text),
    )
