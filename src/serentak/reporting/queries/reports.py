"""A report as people read it: in words, with its corrections, the desks below and the changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Figure, Focus
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas, audit
from serentak.reporting import words
from serentak.reporting.models import DailyReport, Sentence
from serentak.reporting.permissions import ACCEPT_DAILY_REPORT, VIEW_DAILY_REPORT
from serentak.reporting.rules.changes import (
    Change,
    StatusChange,
    figure_changes,
    is_same_hour,
    status_changes,
)
from serentak.reporting.rules.closing import LEVELS, Round, minutes_late
from serentak.reporting.rules.correcting import What, mark_of
from serentak.reporting.rules.drafting import Row
from serentak.reporting.rules.outline import Code
from serentak.reporting.rules.states import EDITABLE, HEARD, ReportState

from .corrections import CorrectionCard, corrections_on
from .material import ChildReport, Moment, child_reports, handed_in_at, moment_of
from .snapshots import Stored, stored_on
from .sources import areas_seen, is_publishable, outline

PAST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SentenceCard:
    """A sentence with what stands behind it; `drafted` are the draft's words where edited.

    `text` is what holds: of a signed report the newest of its `corrections`, if it has any, while
    `signed` stays what was signed.
    """

    id: int
    section: str
    code: str
    focus: Focus | None
    text: str
    signed: str
    drafted: str
    params: Mapping[str, object]
    rows: tuple[Row, ...]
    link: str
    edited_by: str
    edited_at: datetime | None
    is_outdated: bool
    is_gone: bool
    is_public: bool
    may_be_public: bool
    what: What
    mark: str
    corrections: tuple[CorrectionCard, ...] = ()

    @property
    def is_edited(self) -> bool:
        """Whether a person put these words."""
        return self.edited_at is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its sentences, and the status of its area where it tells one.

    `left_out` says in a sentence what that status does not count, empty if nothing.
    """

    section: str
    title: str
    status: Status | None
    left_out: str
    sentences: tuple[SentenceCard, ...]

    @property
    def may_be_public(self) -> bool:
        """Whether a sentence of it may be marked public."""
        return any(sentence.may_be_public for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A report without its sentences.

    `signed_role` is the signer's role in the reader's language, empty where nobody signed it or the
    role was not kept; `is_by_head` tells whether that role leads the desk. `corrected` counts the
    corrections that the reader may see.
    """

    id: int
    place: PlaceCode
    day: date
    round: int
    due_at: datetime
    state: ReportState
    revision: int
    drafted_at: datetime | None
    submitted_at: datetime | None
    handed_in_at: datetime | None
    signed_off_by: str
    signed_off_by_id: int | None
    signed_role: str
    is_by_head: bool
    returned_at: datetime | None
    return_reason: str
    accepted_at: datetime | None
    accepted_by: str
    receipt: str
    corrected: int

    @property
    def minutes_late(self) -> int:
        """By how many minutes it first came after its hour."""
        return minutes_late(due_at=self.due_at, handed_in_at=self.handed_in_at)

    @property
    def is_editable(self) -> bool:
        """Whether its desk may still change it."""
        return self.state in EDITABLE


@dataclass(frozen=True, slots=True)
class DailyPage:
    """The page of a place's report of a day; `report` is None where it was not begun.

    `desks` are those below: as they stand now, or, once the report is signed, as they stood then.
    What they corrected since stands in `corrections_below`.
    """

    card: places.PlaceCard
    path: tuple[places.PlaceCard, ...]
    day: date
    round: Round
    election: elections.ElectionCard
    is_current: bool
    report: ReportCard | None
    parts: tuple[Part, ...]
    desks: tuple[ChildReport, ...]
    changes: tuple[Change, ...]
    status_changes: tuple[StatusChange, ...]
    names: Mapping[PlaceCode, str]
    corrections: tuple[CorrectionCard, ...]
    corrections_below: tuple[CorrectionCard, ...]

    @property
    def sentences(self) -> tuple[SentenceCard, ...]:
        """All sentences in their order."""
        return tuple(s for part in self.parts for s in part.sentences)

    @property
    def heard(self) -> int:
        """How many of the desks below have reported."""
        return sum(desk.is_heard for desk in self.desks)

    @property
    def silent(self) -> tuple[ChildReport, ...]:
        """The desks below that have not."""
        return tuple(desk for desk in self.desks if not desk.is_heard)


def daily_page(
    place: PlaceCode,
    *,
    viewer: Viewer,
    at: datetime,
    day: date | None = None,
    round_number: int | None = None,
) -> DailyPage:
    """Return a place's report of a day (None: today's, and the round that is being written).

    The number of queries is fixed whatever the number of children. OutOfScope unless the viewer
    may read reports there; sentences of areas that the viewer may not see are left out.
    """
    viewer.require(VIEW_DAILY_REPORT, place)
    path = places.path(place)
    if not path or path[-1].code != place or path[-1].level not in LEVELS:
        raise OutOfScope("daily report", place)
    now = moment_of(place, at)
    row = _row(place, day or now.day, round_number or (now.round.number if not day else None))
    moment = _moment(now, row, day)
    below = places.children(place)
    desks = child_reports(place, moment, cards=below)
    codes = [place, *(card.code for card in below)]
    today = stored_on(moment.day, codes)
    yesterday = stored_on(moment.day - timedelta(days=1), codes)
    before = {
        key: stored
        for key, stored in yesterday.items()
        if key in today and is_same_hour(stored.taken_at, today[key].taken_at)
    }
    seen = areas_seen(viewer, place)
    corrections = corrections_on(moment.day, moment.round.number, codes, seen=seen)
    own = tuple(c for c in corrections if c.place == place)
    better = {line.code: line.better for area in areas.areas() for line in area.lines}
    return DailyPage(
        card=path[-1],
        path=tuple(card for card in path[:-1] if card.code),
        day=moment.day,
        round=moment.round,
        election=moment.election,
        is_current=moment.day == now.day and moment.round.number == now.round.number,
        report=_card(row, corrected=len(own)) if row else None,
        parts=parts_of(_sentences(row, seen, own)) if row else (),
        desks=tuple(_as_signed(desks, row) if row and row.state in HEARD else desks),
        changes=tuple(
            figure_changes(_figures(before, place, seen), _figures(today, place, seen), better)
        ),
        status_changes=tuple(
            status_changes(_statuses(before, place, seen), _statuses(today, place, seen))
        ),
        names={card.code: card.name for card in below},
        corrections=own,
        corrections_below=tuple(c for c in corrections if c.place != place),
    )


def past_reports(place: PlaceCode, *, viewer: Viewer) -> list[ReportCard]:
    """Return the newest reports of a place; one query."""
    viewer.require(VIEW_DAILY_REPORT, place)
    seen = Q(corrections__focus__in=areas_seen(viewer, place))
    rows = (
        DailyReport.objects.filter(place=place)
        .select_related("signed_off_by", "accepted_by")
        .annotate(corrected=Count("corrections", filter=seen))
    )
    return [
        _card(row, corrected=row.corrected) for row in rows.order_by("-day", "-round")[:PAST_SHOWN]
    ]


@dataclass(frozen=True, slots=True)
class Signing:
    """What is named when a report is signed: its revision, and its sentences' ids by their keys."""

    revision: int
    sentences: Mapping[str, int]


def signing(report_id: int) -> Signing:
    """Return what an action on a report must name, for who just drafted it; two queries."""
    revision = DailyReport.objects.values_list("revision", flat=True).get(pk=report_id)
    rows = Sentence.objects.filter(report=report_id).values_list("key", "pk")
    return Signing(revision, dict(rows))


def parts_of(sentences: Sequence[SentenceCard]) -> tuple[Part, ...]:
    """Return sentences by section, those sections that have any, in their order."""
    found: dict[str, list[SentenceCard]] = {}
    for sentence in sentences:
        found.setdefault(sentence.section, []).append(sentence)
    ordered = sorted(found.items(), key=lambda item: outline().position(item[0]))
    return tuple(_part(section, own) for section, own in ordered)


def _part(section: str, own: Sequence[SentenceCard]) -> Part:
    told = next((s.params for s in own if s.code == Code.AREA_STATUS), None)
    return Part(
        section,
        words.section_title(section),
        Status(str(told["status"])) if told else None,
        words.left_out(told) if told else "",
        tuple(own),
    )


def sentence_card(
    row: Sentence, *, signed_at: datetime | None, corrections: Sequence[CorrectionCard] = ()
) -> SentenceCard:
    """Return a stored sentence in the reader's language, with the corrections of what is signed."""
    focus = Focus(row.focus) if row.focus else None
    last = corrections[-1] if corrections else None
    said = last.now if last else row.said
    return card_of(
        SentenceCard,
        row,
        focus=focus,
        text=words.said_text(said),
        signed=words.said_text(row.said),
        drafted=words.sentence_text(row.code, row.params),
        params=said.params,
        what=said.what,
        mark=mark_of(signed_at, last.number if last else 0),
        corrections=tuple(corrections),
        rows=tuple(
            Row(**{**part, "status": Status(part["status"]) if part["status"] else None})
            for part in row.rows
        ),
        edited_by=row.edited_by.full_name if row.edited_by else "",
        may_be_public=is_publishable(row),
    )


def _row(place: PlaceCode, day: date, round_number: int | None) -> DailyReport | None:
    """Return a report; without a round the day's last."""
    rows = DailyReport.objects.filter(place=place, day=day).select_related(
        "signed_off_by", "accepted_by"
    )
    if round_number is not None:
        rows = rows.filter(round=round_number)
    return rows.order_by("-round").first()


def _moment(now: Moment, row: DailyReport | None, day: date | None) -> Moment:
    if row is not None:
        return Moment(now.place, row.day, Round(row.round, row.due_at), now.election)
    if day is not None and day != now.day:
        raise OutOfScope("daily report", now.place, day)
    return now


def _as_signed(desks: Sequence[ChildReport], row: DailyReport) -> list[ChildReport]:
    """Return the desks below as they stood when a report was signed.

    Who was missing is stored. Of the others only when they first came is told: they may have been
    returned and sent anew since, and what is signed says the same for good.
    """
    signed_at = row.submitted_at
    found = []
    for desk in desks:
        if desk.place in row.missing:
            then = replace(desk, state=None, handed_in_at=None, accepted_at=None)
        elif desk.accepted_at and signed_at and desk.accepted_at <= signed_at:
            then = desk
        else:
            came_at = desk.handed_in_at
            then = replace(
                desk,
                state=ReportState.SUBMITTED,
                handed_in_at=came_at if came_at and signed_at and came_at <= signed_at else None,
                accepted_at=None,
            )
        found.append(then)
    return found


def _sentences(
    row: DailyReport, seen: frozenset[str], corrections: Sequence[CorrectionCard]
) -> list[SentenceCard]:
    standing: dict[str, list[CorrectionCard]] = {}
    for correction in corrections:
        if correction.holds:
            standing.setdefault(correction.key, []).append(correction)
    rows = row.sentences.filter(focus__in=seen).select_related("edited_by")
    return [
        sentence_card(
            sentence, signed_at=row.submitted_at, corrections=standing.get(sentence.key, ())
        )
        for sentence in rows.order_by("position", "pk")
    ]


def _card(row: DailyReport, *, corrected: int) -> ReportCard:
    return card_of(
        ReportCard,
        row,
        corrected=corrected,
        place=PlaceCode(row.place_id),
        state=ReportState(row.state),
        handed_in_at=handed_in_at(row),
        signed_off_by=row.signed_off_by.full_name if row.signed_off_by else "",
        signed_role=institutions.role_label(row.signed_as) if row.signed_as else "",
        is_by_head=row.signed_as in institutions.roles_with(ACCEPT_DAILY_REPORT),
        accepted_by=row.accepted_by.full_name if row.accepted_by else "",
    )


def _figures(
    stored: Stored, place: PlaceCode, seen: frozenset[str]
) -> Mapping[Focus, tuple[Figure, ...]]:
    return {
        focus: briefing.figures
        for (where, focus), briefing in stored.items()
        if where == place and focus.value in seen
    }


def _statuses(
    stored: Stored, place: PlaceCode, seen: frozenset[str]
) -> Mapping[tuple[PlaceCode, Focus], Status]:
    return {
        key: briefing.status
        for key, briefing in stored.items()
        if key[0] != place and key[1].value in seen
    }


def has_news(report: ReportCard) -> bool:
    """Tell whether something was done in an area there since the report was drafted; one query."""
    if report.drafted_at is None:
        return False
    parts = areas.areas()
    return bool(
        audit.activity_under(
            report.place,
            of=[part.slice for part in parts],
            but=[name for part in parts for name in part.routine],
            since=report.drafted_at,
            limit=1,
        )
    )
