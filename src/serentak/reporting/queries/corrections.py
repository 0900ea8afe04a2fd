"""Corrections of signed reports as people read them: what was written, what it should have been."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from serentak.institutions import public as institutions
from serentak.kernel.cards import card_of
from serentak.kernel.codes import COUNTRY, PlaceCode, parent_of, subtree_range
from serentak.reporting import words
from serentak.reporting.models import Correction, DailyReport
from serentak.reporting.rules.correcting import Said
from serentak.reporting.rules.states import HEARD, ReportState


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """A correction; `before` and `now` are what the sentence said and what it should have said.

    `holds` tells that it stands beside what is signed now; otherwise the report was returned since,
    took it in and was signed anew. `role` is in the reader's language.
    """

    number: int
    place: PlaceCode
    key: str
    section: str
    before: Said
    now: Said
    reason: str
    by: str
    by_id: int | None
    role: str
    corrected_at: datetime
    noted_at: datetime | None
    noted_by: str
    receipt: str
    holds: bool

    @property
    def written(self) -> str:
        """What the sentence said, in words."""
        return words.said_text(self.before)

    @property
    def meant(self) -> str:
        """What it should have said, in words."""
        return words.said_text(self.now)

    @property
    def waits(self) -> bool:
        """Whether nobody above took note of it yet."""
        return self.holds and self.noted_at is None


def corrections_on(
    day: date, round_number: int, places: Collection[PlaceCode], *, seen: frozenset[str]
) -> list[CorrectionCard]:
    """Return the corrections of reports of a day and round, in their order; one query.

    Those of areas that the reader may not see (`seen` names the others) are left out.
    """
    rows = (
        Correction.objects.filter(
            report__day=day, report__round=round_number, report__place__in=places, focus__in=seen
        )
        .select_related("report", "corrected_by", "noted_by")
        .order_by("report__place", "number")
    )
    return list(map(_card, rows))


def _card(row: Correction) -> CorrectionCard:
    return card_of(
        CorrectionCard,
        row,
        place=PlaceCode(row.report.place_id),
        by=row.corrected_by.full_name if row.corrected_by else "",
        by_id=row.corrected_by_id,
        role=institutions.role_label(row.corrected_as) if row.corrected_as else "",
        noted_by=row.noted_by.full_name if row.noted_by else "",
        holds=row.report.state in HEARD and row.signed_at == row.report.submitted_at,
    )


@dataclass(frozen=True, slots=True)
class CorrectedReport:
    """A report with its corrections of a kind, `count` of them."""

    place: PlaceCode
    day: date
    round: int
    count: int


def waiting(parent: PlaceCode) -> list[CorrectedReport]:
    """Return the accepted reports below a place with corrections that nobody took note of.

    Of a province its own too, since its receiver has no desk in the house. One query.
    """
    low, high = subtree_range(parent)
    rows = Correction.objects.filter(
        noted_at__isnull=True,
        signed_at=F("report__submitted_at"),
        report__state=ReportState.ACCEPTED,
        report__place__gte=low,
        report__place__lt=high,
    )
    found: dict[int, CorrectedReport] = {}
    for row in rows.select_related("report").order_by("report__day", "report__place"):
        place = PlaceCode(row.report.place_id)
        if parent_of(place) == parent or (place == parent and parent_of(parent) == COUNTRY):
            _count(found, row.report)
    return list(found.values())


def corrected_between(
    places: Collection[PlaceCode], *, begin: datetime, end: datetime
) -> list[CorrectedReport]:
    """Return the reports of places that were corrected from a moment to another; one query."""
    rows = Correction.objects.filter(
        corrected_at__gte=begin, corrected_at__lt=end, report__place__in=places
    )
    found: dict[int, CorrectedReport] = {}
    for row in rows.select_related("report").order_by("report__day", "report__place"):
        _count(found, row.report)
    return list(found.values())


def _count(found: dict[int, CorrectedReport], report: DailyReport) -> None:
    known = found.get(report.pk)
    place = PlaceCode(report.place_id)
    count = known.count + 1 if known else 1
    found[report.pk] = CorrectedReport(place, report.day, report.round, count)
