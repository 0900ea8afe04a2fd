"""Cases as each viewer may see them: number, agency, step and clock; names for handlers alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse

from serentak.coordination import public as coordination
from serentak.institutions import public as institutions
from serentak.institutions.public import HolderCard, Verb
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, at_level, child_level, level_of, subtree_range
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.neutrality.models import Case, CaseStep, StepTally
from serentak.neutrality.permissions import (
    HAND_OVER_CASE,
    HANDLE_CASES,
    VIEW_CASES,
    VIEW_NAME_READINGS,
)
from serentak.neutrality.rules import cases as course
from serentak.neutrality.rules.cases import CaseEvent, CaseState, Stake
from serentak.neutrality.rules.catalogue import Track
from serentak.neutrality.rules.clocks import past_since
from serentak.neutrality.rules.standing import Cases, median
from serentak.places import public as places
from serentak.platform import audit
from serentak.platform.holidays import is_decreed
from serentak.platform.rows import within
from serentak.platform.sealing import SealBroken, opened

from .catalogues import procedure, today_at
from .handlers import without_handler
from .standings import (
    DEEPEST,
    WAITING,
    agency_counts,
    authorities_in_the_race,
    counted_cases,
    is_past,
)

READINGS, REFUSALS = 200, 20
"""How many of the newest readings of a case's names are shown, and of the looks refused.

Counted apart, since anybody with an account can be refused as often as they like.
"""

READ = "neutrality.NamesRead"
REFUSED = "neutrality.CaseRefusedToViewer"

SEALED_FIELDS = ("full_name", "employee_number", "post", "account")
"""What is kept of the person: name, civil servant's number, post, and what was seen."""


# --- lists


def case_rows(place: PlaceCode, viewer: Viewer) -> QuerySet[Case]:
    """Return the cases at and under a place with their agencies, without persons."""
    viewer.require(VIEW_CASES, place)
    return (
        Case.objects.filter(within(place))
        .select_related("agency", "handler")
        .order_by(F("due_date").asc(nulls_last=True), "id")
    )


def kept(rows: QuerySet[Case], which: str, place: PlaceCode, at: datetime) -> QuerySet[Case]:
    """Keep the cases that are open, closed, past their clock, or in the race.

    In the race are those that lie with an authority who is a candidate today; three queries.
    """
    match which:
        case "open" | "closed":
            return rows.filter(closed_date__isnull=which == "open")
        case "past":
            return rows.filter(is_past(today_at(place, at)))
    codes = authorities_in_the_race(place, at)
    return rows.filter(state__in=WAITING, authority__place__in=list(codes))


# --- one case


@dataclass(frozen=True, slots=True)
class StepLine:
    """A stretch of a case's way; `note` is empty for those who may not read it."""

    state: CaseState
    event: str
    handler: str
    from_date: date
    to_date: date | None
    due_date: date | None
    lapses: int
    note: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """What came of the right to reply."""

    kind: course.ReplyKind
    replied_date: date
    text: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """How a case ended."""

    outcome: CaseState
    sanction: str
    ground: str
    letter_number: str
    decided_date: date


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody opened the names of a case, or was told that there is none."""

    at: datetime
    actor: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case for one viewer.

    `person` is None unless names were opened, and empty where they cannot be read with this
    installation's keys; words of replies and notes are there when it is. `events` are what this
    viewer may let happen now. `readings` are None for those who may not know who opened names.
    """

    key: UUID
    reference: str
    place: PlaceCode
    agency: str
    referred_by: str
    handler: str
    handler_id: int
    has_handler: bool
    track: Track
    violation: str
    violation_class: str
    ground: str
    catalogue_version: date
    deed_date: date
    received_date: date
    state: CaseState
    due_date: date | None
    past_since: date | None
    climbed_to: str
    authority_kind: str
    authority: str
    authority_holder: HolderCard | None
    stake: Stake | None
    figure_class: str
    version: int
    person: Mapping[str, str] | None
    steps: tuple[StepLine, ...]
    replies: tuple[ReplyLine, ...]
    decision: DecisionLine | None
    events: tuple[CaseEvent, ...]
    handles: bool
    may_read_names: bool
    may_write: bool
    asked: tuple[coordination.ActionCard, ...]
    readings: tuple[Reading, ...] | None

    @property
    def is_decreed(self) -> bool:
        """Whether the days off are known in the year in which the clock ends."""
        return self.due_date is None or is_decreed(self.due_date.year)

    @property
    def may_reply(self) -> bool:
        """Tell whether this viewer may record what the person said."""
        return self.handles and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Tell whether the case has ended."""
        return self.state in course.CLOSED_STATES

    @property
    def is_authority_in_the_race(self) -> bool:
        """Tell whether the authority that has to decide is a candidate today."""
        return bool(
            self.authority_holder
            and self.authority_holder.is_candidate
            and self.state in course.RECOMMENDED_STATES
            and not self.is_closed
        )


def case_id(key: UUID) -> int | None:
    """Return a case's id by its key, None if there is none."""
    return Case.objects.filter(key=key).values_list("id", flat=True).first()


def case_page(key: UUID, viewer: Viewer, at: datetime, *, names_opened: bool = False) -> CasePage:
    """Return a case for a viewer; OutOfScope (404) if it is not theirs to see; fixed queries.

    Names and words only with `names_opened`, after `actions.open_names` noted who reads them.
    """
    row = (
        Case.objects.filter(key=key)
        .select_related("agency", "referred_by", "handler", "authority", "decision", "person")
        .first()
    )
    if row is None:
        raise OutOfScope(VIEW_CASES, key)
    place = PlaceCode(row.place_id)
    viewer.require(VIEW_CASES, place)
    steps = list(row.steps.select_related("handler", "taken_by").order_by("id"))
    parties = {row.referred_by_id, row.handler_id, *(step.handler_id for step in steps)}
    may_read = may_read_names(row, parties, viewer)
    reads = may_read and names_opened
    link = case_link(key)
    state = CaseState(row.state)
    holder = None
    if row.authority is not None:
        at_place = PlaceCode(row.authority.place_id)
        holder = institutions.holder_of([at_place], at=at).get(at_place)
    return card_of(
        CasePage,
        row,
        place=place,
        agency=row.agency.name,
        referred_by=row.referred_by.name,
        handler=row.handler.name,
        has_handler=row.closed_date is not None or not without_handler([row.handler_id], at=at),
        track=Track(row.track),
        state=state,
        past_since=past_since(
            due_date=row.due_date, lapsed_date=row.lapsed_date, today=today_at(place, at)
        )
        if row.closed_date is None
        else None,
        authority=row.authority.name if row.authority else "",
        authority_holder=holder,
        stake=Stake(row.stake) if row.stake else None,
        person=_opened(row.person.sealed if hasattr(row, "person") else None) if reads else None,
        steps=tuple(_step_line(step, reads=reads) for step in steps),
        replies=tuple(
            ReplyLine(
                course.ReplyKind(reply.kind),
                reply.replied_date,
                _words(reply.sealed) if reads else "",
            )
            for reply in row.replies.order_by("id")
        ),
        decision=card_of(DecisionLine, row.decision, outcome=CaseState(row.decision.outcome))
        if hasattr(row, "decision")
        else None,
        events=_events(row, viewer),
        handles=handles(row, viewer),
        may_read_names=may_read,
        may_write=may_write(row, viewer),
        asked=tuple(coordination.actions_from_alerts([link], viewer=viewer, at=at).get(link, ())),
        readings=_readings(row) if may_view_readings(row, parties, viewer) else None,
    )


def case_link(key: UUID) -> str:
    """Return the path of a case's page."""
    return reverse("neutrality:case", args=[key])


def parties_of(case: Case) -> set[int]:
    """Return the institutions that referred a case or had it on their desk; one query."""
    steps = case.steps.values_list("handler_id", flat=True)
    return {case.referred_by_id, case.handler_id, *steps}


def may_read_names(case: Case, parties: Collection[int], viewer: Viewer) -> bool:
    """Tell whether a viewer may read the names of a case.

    Handlers of the institutions that referred the case or had it on their desk: they know the name
    already.
    """
    return viewer.may(HANDLE_CASES, PlaceCode(case.place_id)) and any(
        viewer.acts_for(party, HANDLE_CASES) for party in parties
    )


def may_view_readings(case: Case, parties: Collection[int], viewer: Viewer) -> bool:
    """Tell whether a viewer may know who opened names: heads of its parties, the inspectorate's."""
    if not viewer.may(VIEW_NAME_READINGS, PlaceCode(case.place_id)):
        return False
    own = viewer.institutions(VIEW_NAME_READINGS)
    if viewer.system or own & set(parties):
        return True
    return any(card.kind == "INSPECTORATE" for card in institutions.institutions(own).values())


def may_write(case: Case, viewer: Viewer) -> bool:
    """Tell whether a viewer may write to the authority that has to decide now."""
    place = PlaceCode(case.place_id)
    if case.state not in WAITING or case.authority_id is None:
        return False
    if not (
        viewer.may(coordination.GIVE_ACTION, place) and viewer.may(coordination.DRAFT_LETTER, place)
    ):
        return False
    sender = institutions.voices(viewer, coordination.DRAFT_LETTER).first
    return sender is not None and bool(institutions.verbs_between(sender.id, case.authority_id))


def may_remind(case: Case, viewer: Viewer) -> bool:
    """Tell whether who writes may remind the authority of a case rather than ask it."""
    sender = institutions.voices(viewer, coordination.DRAFT_LETTER).first
    if sender is None or case.authority_id is None:
        return False
    return Verb.REMINDER in institutions.verbs_between(sender.id, case.authority_id)


def _readings(case: Case) -> tuple[Reading, ...]:
    found = [
        entry
        for name, most in ((READ, READINGS), (REFUSED, REFUSALS))
        for entry in audit.history(f"case:{case.pk}", named=[name], limit=most)
    ]
    found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    return tuple(Reading(entry.at, entry.actor, entry.name == REFUSED) for entry in found)


def handles(case: Case, viewer: Viewer) -> bool:
    """Tell whether a viewer handles a case now: for its handler, in its place."""
    return viewer.may(HANDLE_CASES, PlaceCode(case.place_id)) and viewer.acts_for(
        case.handler_id, HANDLE_CASES
    )


def blocks(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether a viewer acts for the agency that blocks records in a place; one query."""
    blocker = institutions.institution_by(procedure().blocked_by, at_level(place, Level.PROVINCE))
    return blocker is not None and viewer.acts_for(blocker.id, HANDLE_CASES)


def _events(case: Case, viewer: Viewer) -> tuple[CaseEvent, ...]:
    place = PlaceCode(case.place_id)
    state = CaseState(case.state)
    handling = handles(case, viewer)
    track = procedure().tracks[Track(case.track)].steps
    allowed = []
    for event in course.events_at(state):
        match event:
            case CaseEvent.CLOCK_RUNS_OUT:
                continue
            case CaseEvent.BLOCK:
                fits = viewer.holds(HANDLE_CASES) and blocks(viewer, place)
            case CaseEvent.HAND_OVER:
                fits = (handling or viewer.may(HAND_OVER_CASE, place)) and bool(
                    procedure().next_authority(case.authority_kind)
                )
            case CaseEvent.EXTEND:
                fits = handling and not case.is_extended and case.due_date is not None
            case CaseEvent.STUDY | CaseEvent.FORWARD | CaseEvent.RECOMMEND:
                fits = handling and course.event_to_next(state, track) is event
            case _:
                fits = handling
        if fits:
            allowed.append(event)
    return tuple(allowed)


def _opened(sealed: bytes | memoryview | None) -> Mapping[str, str]:
    """Return what was sealed; nothing where nothing was, or this installation has not the key."""
    try:
        return opened(sealed) if sealed else {}
    except SealBroken:
        return {}


def _words(sealed: bytes | memoryview | None) -> str:
    return _opened(sealed).get("text", "")


def _step_line(step: CaseStep, *, reads: bool) -> StepLine:
    return card_of(
        StepLine,
        step,
        state=CaseState(step.state),
        handler=step.handler.name,
        note=_words(step.sealed_note) if reads else "",
        taken_by=step.taken_by.full_name if step.taken_by and reads else "",
    )


# --- follow-up


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """How cases of a place or an agency were followed up.

    `days` is the median from the recommendation to the decision, `by_step` the median that cases
    stayed at each step, both in calendar days and only over what has ended.
    """

    name: str
    place: PlaceCode
    cases: Cases
    days: float | None
    by_step: Mapping[CaseState, float]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The follow-up at a place: as a whole, by place below, by agency."""

    whole: FollowUpLine
    places: tuple[FollowUpLine, ...]
    agencies: tuple[FollowUpLine, ...]


@dataclass(slots=True)
class _Sums:
    """Cases and stays of a place or an agency, as they are added up."""

    cases: Cases = field(default_factory=Cases)
    decided: Counter[int] = field(default_factory=Counter)
    stays: defaultdict[CaseState, Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def line(self, name: str, place: PlaceCode) -> FollowUpLine:
        return FollowUpLine(
            name=name,
            place=place,
            cases=self.cases,
            days=median(self.decided),
            by_step={
                state: days
                for state, counts in self.stays.items()
                if (days := median(counts)) is not None
            },
        )


def follow_up(place: PlaceCode, viewer: Viewer, at: datetime) -> FollowUp:
    """Return how cases were followed up, by place and by agency; five queries.

    The database counts each agency once; places and the whole are their sums, and a median is taken
    from how often each number of days occurs. For those who may see cases: OutOfScope otherwise.
    """
    viewer.require(VIEW_CASES, place)
    width = int(min(child_level(level_of(place)) or DEEPEST, DEEPEST))
    names = {card.code: card.full_name for card in places.children(place)}
    own = places.place(place)
    by_agency: defaultdict[int, _Sums] = defaultdict(_Sums)
    for row in agency_counts(place, today_at(place, at)):
        sums = by_agency[row["agency_id"]]
        sums.cases += counted_cases(row)
        if row["days"] is not None:
            sums.decided[row["days"]] += row["followed"]
    low, high = subtree_range(place)
    stays = StepTally.objects.filter(agency__place__gte=low, agency__place__lt=high)
    for agency_id, state, days, cases in stays.values_list("agency_id", "state", "days", "cases"):
        by_agency[agency_id].stays[CaseState(state)][days] += cases
    agencies = institutions.institutions(by_agency)
    whole, by_place = _Sums(), defaultdict[PlaceCode, _Sums](_Sums)
    for agency_id, sums in by_agency.items():
        part = PlaceCode(agencies[agency_id].place[:width])
        for above in (whole, by_place[part]):
            above.cases += sums.cases
            above.decided.update(sums.decided)
            for state, counts in sums.stays.items():
                above.stays[state].update(counts)
    return FollowUp(
        whole=whole.line(own.full_name if own else place, place),
        places=tuple(
            by_place[part].line(names[part], part) for part in sorted(by_place) if part in names
        ),
        agencies=tuple(
            by_agency[card.id].line(card.name, card.place)
            for card in sorted(agencies.values(), key=lambda card: (card.place, card.name))
        ),
    )
