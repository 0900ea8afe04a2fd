"""Refers cases, takes their steps, lets clocks run out, and notes who looked where they may not."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from serentak.coordination import actions as coordination
from serentak.coordination.actions import Ask
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, at_level, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.neutrality.events import (
    AuthorityAsked,
    CaseClosed,
    CaseMoved,
    CaseReferred,
    CaseRefusedToViewer,
    ClocksExpired,
    NamesRead,
    ReplyRecorded,
)
from serentak.neutrality.models import Case, CasePerson, CaseStep, Decision, Reply, StepTally
from serentak.neutrality.permissions import HAND_OVER_CASE, HANDLE_CASES, REFER_CASE, VIEW_CASES
from serentak.neutrality.queries.cases import (
    blocks,
    case_link,
    handles,
    may_read_names,
    may_remind,
    may_write,
    parties_of,
)
from serentak.neutrality.queries.catalogues import calendar, procedure, today_at, violations
from serentak.neutrality.queries.handlers import who_names_handlers, without_handler
from serentak.neutrality.rules import cases as course
from serentak.neutrality.rules import clocks
from serentak.neutrality.rules.cases import CaseEvent, CaseState, ReplyKind, Stake
from serentak.neutrality.rules.catalogue import HandledAt, Procedure, Step, Track
from serentak.neutrality.words import LETTER_EVIDENCE, LETTER_TASK
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer
from serentak.platform.holidays import holidays
from serentak.platform.sealing import seal

OWN_FAMILIES = frozenset({"OWN_AGENCY", "VILLAGE"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who a case is about; kept sealed. `account` is what was seen, with its address if any."""

    full_name: str
    employee_number: str = ""
    post: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class GivenCase:
    """A case as somebody refers it; `state` is the step at which it comes in."""

    reference: str
    agency_id: int
    track: Track
    violation: str
    deed_date: date
    received_date: date
    state: CaseState
    person: Person


@action
def refer_case(
    *,
    key: UUID,
    given: GivenCase,
    referred_by: int,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> UUID:
    """Take a case in for an institution and return its key; a repeat gets the first answer.

    Its class and ground follow from the catalogue and the day of the deed, its clock from the step
    and the day on which it was received, its appointing authority from the agency.
    """
    digest = digest_of(locals())
    agency = institutions.institution(given.agency_id)
    if agency is None or not actor.may(REFER_CASE, agency.place):
        raise OutOfScope(REFER_CASE, given.agency_id)
    if not actor.acts_for(referred_by, REFER_CASE):
        raise OutOfScope(REFER_CASE, referred_by)
    if known := first_answer(Case, key, digest, field="key"):
        return known.key
    days = calendar(agency.place, at)
    _check_given(given, agency, today=days.today)
    way = procedure()
    if given.state not in way.tracks[given.track].steps:
        raise Refused("neutrality.step_is_not_of_this_track", field="state")
    sender = institutions.institution(referred_by)
    if given.state is CaseState.AT_AUTHORITY and (
        sender is None or sender.kind not in way.recommends
    ):
        raise Refused("neutrality.only_some_recommend", field="state")
    catalogue = violations()
    if given.violation not in catalogue.by_key:
        raise Refused("neutrality.violation_is_unknown", field="violation")
    classed = catalogue.classed(given.violation, day=given.deed_date, fixed_date=days.fixed_date)
    class_key = "VILLAGE" if given.track is Track.VILLAGE_HEAD else classed.class_key
    kind = way.authorities[_level(agency.place)][0]
    case = Case(
        key=key,
        digest=digest,
        reference=given.reference.strip(),
        place_id=agency.place,
        agency_id=agency.id,
        referred_by_id=referred_by,
        track=given.track.value,
        violation=given.violation,
        violation_class=class_key,
        deed_date=given.deed_date,
        ground=catalogue.classes[class_key].law,
        catalogue_version=catalogue.version,
        authority_kind=kind,
        authority_id=_authority_id(kind, agency.place),
        received_date=given.received_date,
        figure_class=figure_class.value,
    )
    if given.state is CaseState.AT_AUTHORITY:
        case.recommended_date = given.received_date
        _pass_candidates_by(case, way, at)
    _set_state(case, given.state, day=given.received_date)
    case.save()
    CasePerson.objects.create(case=case, sealed=seal(asdict(given.person)))
    _begin_step(case, "", note="", actor=actor, at=at)
    event = CaseReferred(
        **_about(case, referred_by),
        violation=case.violation,
        violation_class=case.violation_class,
        state=case.state,
        due_date=case.due_date,
    )
    record(event, actor=actor, at=at)
    return key


@action
def record_step(
    *,
    key: UUID,
    event: CaseEvent,
    version: int | None,
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> CaseState:
    """Take a case a step on: study, forward, recommend, extend, block. Return where it stands.

    `version` is what the actor saw; another one means that somebody was first. None says
    that nobody looked, as when a story is told. A case whose authority is a candidate on the day of
    the recommendation goes to the next one at once.
    """
    if event not in _STEPS:
        raise Refused("neutrality.step_has_its_own_form", field="event")
    case = _case(key, actor, version)
    way = procedure()
    if event is CaseEvent.BLOCK:
        if not blocks(actor, PlaceCode(case.place_id)):
            raise Refused("neutrality.only_the_civil_service_agency_blocks", field="event")
    else:
        _require_handler(case, actor)
    state = _state_after(case, event)
    onward = course.event_to_next(CaseState(case.state), way.tracks[Track(case.track)].steps)
    if event in _ONWARD and event is not onward:
        raise Refused("neutrality.step_is_not_of_this_track", field="event")
    before = case.state
    today = _today(case, at)
    if event is CaseEvent.EXTEND:
        _extend(case, way.steps[state])
    else:
        if event is CaseEvent.RECOMMEND:
            case.recommended_date = today
            _pass_candidates_by(case, way, at)
        lapsed = (case.lapsed_date, case.climbed_to)
        _set_state(case, state, day=today)
        if event is CaseEvent.BLOCK:
            case.lapsed_date, case.climbed_to = lapsed
    _save_moved(case, event, before, note=note, actor=actor, at=at)
    return state


@action
def hand_over_case(
    *, key: UUID, stake: Stake, version: int | None, note: str, actor: Viewer, at: datetime
) -> str:
    """Take a case to the next authority, since this one has a part in the race; return its kind.

    By the handler, or by a desk above that may hand over. A clock begins for the next one; what ran
    out before stays so, since nobody has answered it.
    """
    case = _case(key, actor, version)
    if not actor.may(HAND_OVER_CASE, PlaceCode(case.place_id)):
        _require_handler(case, actor)
    if not note.strip():
        raise Refused("neutrality.reason_is_missing", field="note")
    state = _state_after(case, CaseEvent.HAND_OVER)
    higher = procedure().next_authority(case.authority_kind)
    if higher is None:
        raise Refused("neutrality.nobody_decides_above")
    before = case.state
    case.authority_kind = higher
    case.authority_id = _authority_id(higher, PlaceCode(case.place_id))
    case.stake = stake.value
    today = _today(case, at)
    ran_out = clocks.past_since(due_date=case.due_date, lapsed_date=case.lapsed_date, today=today)
    _set_state(case, state, day=today)
    case.lapsed_date = ran_out
    _save_moved(case, CaseEvent.HAND_OVER, before, note=note, actor=actor, at=at)
    return higher


@action
def record_reply(
    *,
    key: UUID,
    kind: ReplyKind,
    replied_date: date,
    text: str = "",
    version: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Record what the person said, or that there was no answer; by the handler of an open case.

    No answer counts only after the days that a reply is given.
    """
    case = _case(key, actor, version)
    _require_handler(case, actor)
    if case.closed_date is not None:
        raise Refused("neutrality.case_is_closed")
    if replied_date > _today(case, at):
        raise Refused("neutrality.day_lies_ahead", field="replied_date")
    if replied_date < case.received_date:
        raise Refused("neutrality.reply_is_older_than_the_case", field="replied_date")
    if kind is ReplyKind.GIVEN and not text.strip():
        raise Refused("neutrality.reply_has_no_words", field="text")
    days = procedure().reply_days
    if kind is ReplyKind.NO_ANSWER and (replied_date - case.received_date).days < days:
        raise Refused("neutrality.reply_still_has_time", field="kind", days=days)
    Reply.objects.create(
        case=case,
        kind=kind.value,
        replied_date=replied_date,
        sealed=seal({"text": text.strip()}) if text.strip() else None,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    case.version += 1
    case.save(update_fields=["version"])
    record(ReplyRecorded(**_about(case, case.handler_id), kind=kind.value), actor=actor, at=at)


@action
def record_sanction(
    *,
    key: UUID,
    sanction: str,
    letter_number: str,
    decided_date: date,
    version: int | None,
    note: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Close a case by a sanction of its class; refused before the person could reply."""
    case = _case(key, actor, version)
    _require_handler(case, actor)
    outcome = _state_after(case, CaseEvent.SANCTION)
    allowed = violations().classes[case.violation_class].sanctions
    if sanction not in allowed:
        raise Refused("neutrality.sanction_is_not_of_this_class", field="sanction")
    if not letter_number.strip():
        raise Refused("neutrality.decision_has_no_number", field="letter_number")
    heard = case.replies.filter(replied_date__lte=decided_date).exists()
    if decided_date >= case.step_date and not heard:
        raise Refused("neutrality.person_could_not_reply_yet", field="decided_date")
    decision = Decision(outcome=outcome.value, sanction=sanction, letter_number=letter_number)
    _close(case, CaseEvent.SANCTION, decision, decided_date, note=note, actor=actor, at=at)


@action
def close_not_proven(
    *,
    key: UUID,
    letter_number: str = "",
    decided_date: date,
    version: int | None,
    note: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Close a case as not proven, for a reason that only handlers read."""
    case = _case(key, actor, version)
    _require_handler(case, actor)
    outcome = _state_after(case, CaseEvent.FIND_NOT_PROVEN)
    if not note.strip():
        raise Refused("neutrality.reason_is_missing", field="note")
    decision = Decision(outcome=outcome.value, letter_number=letter_number)
    _close(case, CaseEvent.FIND_NOT_PROVEN, decision, decided_date, note=note, actor=actor, at=at)


@action
def expire_clocks(*, actor: Viewer, at: datetime) -> int:
    """Mark the cases whose clock ran out before today, let them climb, and return how many.

    What was missed meanwhile is made good: a clock that began when an earlier one ran out may have
    run out too. A run that finds nothing leaves no event.
    """
    if not actor.system:
        raise OutOfScope("neutrality.expire_clocks")
    way, off = procedure(), holidays()
    rows = []
    moved: list[Case] = []
    waiting = (
        Case.objects.select_for_update(skip_locked=True)
        .filter(closed_date__isnull=True, due_date__lt=today_at(COUNTRY, at))
        .order_by("id")
    )
    for case in waiting:
        lapses = 0
        today = _today(case, at)
        while case.due_date is not None and case.due_date < today:
            _lapse(case, way, off, actor=actor, at=at)
            lapses += 1
        if not lapses:
            continue
        case.version += 1
        case.save()
        moved.append(case)
        rows.append({"case": case.pk, "state": case.state, "to": case.climbed_to, "n": lapses})
    if rows:
        event = ClocksExpired(
            subjects=tuple(f"case:{row['case']}" for row in rows),
            place=COUNTRY,
            count=len(rows),
            rows=rows,
        )
        record(event, actor=actor, at=at)
        _tell_of_clocks(moved, way, actor=actor, at=at)
    return len(rows)


@action
def open_names(*, key: UUID, actor: Viewer, at: datetime) -> None:
    """Note that a case handler opens the names of a case; the page shows them after that alone."""
    case = _case(key, actor, None)
    parties = parties_of(case)
    if not may_read_names(case, parties, actor):
        raise OutOfScope(HANDLE_CASES, key)
    own = sorted(actor.institutions(HANDLE_CASES) & parties)
    record(NamesRead(**_about(case, own[0] if own else None)), actor=actor, at=at)


@action
def write_to_authority(*, key: UUID, version: int | None, actor: Viewer, at: datetime) -> int:
    """Draft the letter that asks the appointing authority to decide, and return its id.

    The letter is one of coordination, from an action that only those see who may see cases: it
    refers to number and agency, never to a person. An authority whose clock ran out is reminded.
    Once for each step of a case, whoever asks: a repeat returns the same letter.
    """
    case = _case(key, actor, version)
    if not may_write(case, actor):
        raise Refused("neutrality.nobody_to_write_to")
    assert case.authority_id is not None  # noqa: S101  # looked at before
    today = _today(case, at)
    due = case.due_date if case.due_date and case.due_date >= today else None
    term = procedure().steps[CaseState.NOT_FOLLOWED_UP].term
    with override("id"):
        agency = institutions.institution(case.agency_id)
        params = {"number": case.reference, "agency": agency.name if agency else ""}
        text = str(LETTER_TASK % params)
        evidence = str(LETTER_EVIDENCE)
    step = case.steps.get(to_date__isnull=True)
    if step.letter_id is not None:
        return step.letter_id
    action_id = coordination.create_action(
        client_key=uuid5(case.key, f"letter/{step.pk}"),
        ask=Ask(
            owner_id=case.authority_id,
            text=text,
            due_date=due or (clocks.ends(today, term, holidays=holidays()) if term else today),
            place=PlaceCode(case.place_id),
            evidence_asked=evidence,
            alert_code="neutrality.CASE",
            alert_params=params,
            alert_link=case_link(case.key),
        ),
        figure_class=FigureClass(case.figure_class),
        actor=actor,
        at=at,
    )
    # An agency reminds nobody: to the head of its own region it writes a note that asks again.
    lapsed = case.state == CaseState.NOT_FOLLOWED_UP.value and may_remind(case, actor)
    letter = coordination.draft_letter(
        action_id=action_id,
        verb="REMINDER" if lapsed else "",
        clock_ran_out=lapsed,
        actor=actor,
        at=at,
    )
    step.letter_id = letter
    step.save(update_fields=["letter"])
    record(AuthorityAsked(**_about(case, case.handler_id), letter=letter), actor=actor, at=at)
    return letter


@action
def note_refused_view(*, case_id: int, actor: Viewer, at: datetime) -> None:
    """Note that somebody opened a case that is not theirs to see; the page says there is none."""
    event = CaseRefusedToViewer(subjects=(f"case:{case_id}",), place=COUNTRY, case=case_id)
    record(event, actor=actor, at=at)


# --- who is told

_DESK_OF = {
    "REGENT_DESK": ("REGENT_DESK", Level.REGENCY),
    "GOVERNOR_DESK": ("GOVERNOR_DESK", Level.PROVINCE),
    "MINISTER": ("GOVERNOR_DESK", Level.PROVINCE),
}
"""Which desk hears of a case taken up; the Minister is told by a letter of the governor.

A case is confided: the daily report, which many read, does not tell of it.
"""


def _tell_of_clocks(cases: list[Case], way: Procedure, *, actor: Viewer, at: datetime) -> None:
    """Tell who must act next that clocks ran out: handlers, desks above, and who blocks records."""
    told: defaultdict[tuple[int, Permission, str], list[Case]] = defaultdict(list)
    for case in cases:
        told[case.handler_id, HANDLE_CASES, "clock_ran_out"].append(case)
        place = PlaceCode(case.place_id)
        if (desk := _DESK_OF.get(case.climbed_to)) is not None:
            kind, level = desk
            if above := _institution_at(kind, at_level(place, min(level, level_of(place)))):
                code = "case_goes_to_minister" if case.climbed_to == "MINISTER" else "case_went_up"
                told[above, VIEW_CASES, code].append(case)
        if case.state == CaseState.NOT_FOLLOWED_UP.value and (
            blocker := _institution_at(way.blocked_by, at_level(place, Level.PROVINCE))
        ):
            told[blocker, HANDLE_CASES, "case_may_be_blocked"].append(case)
    agencies = institutions.institutions({case.agency_id for case in cases})
    notices: list[Notice] = []
    for (institution_id, permission, code), theirs in told.items():
        one, first = len(theirs) == 1, theirs[0]
        notices.append(
            Notice(
                institution_id=institution_id,
                permission=permission,
                code=f"neutrality.{code}" if one else f"neutrality.{code}.many",
                params={"number": first.reference, "agency": agencies[first.agency_id].name}
                if one
                else {"count": len(theirs)},
                link=case_link(first.key) if one else _list_link(theirs),
                is_urgent=True,
            )
        )
    notify(notices=notices, actor=actor, at=at)


def _institution_at(kind: str, place: PlaceCode) -> int | None:
    found = institutions.institution_by(kind, place)
    return found.id if found else None


def _list_link(cases: list[Case]) -> str:
    """Return the list of cases past their clock of the lowest place that holds them all."""
    place = places.common_place([PlaceCode(case.place_id) for case in cases])
    place = at_level(place, min(level_of(place), Level.DISTRICT))
    return f"{reverse('neutrality:cases', args=[place])}?clock=past"


# --- steps

_STEPS = frozenset(
    {CaseEvent.STUDY, CaseEvent.FORWARD, CaseEvent.RECOMMEND, CaseEvent.EXTEND, CaseEvent.BLOCK}
)
_ONWARD = _STEPS - {CaseEvent.EXTEND, CaseEvent.BLOCK}


def _case(key: UUID, actor: Viewer, version: int | None) -> Case:
    """Return a case that the actor may see, locked; 404 otherwise."""
    case = Case.objects.select_for_update().filter(key=key).first()
    if case is None or not actor.may(VIEW_CASES, PlaceCode(case.place_id)):
        raise OutOfScope(VIEW_CASES, key)
    check_unchanged(version, case.version)
    return case


def _require_handler(case: Case, actor: Viewer) -> None:
    if not handles(case, actor):
        raise Refused("neutrality.another_institution_handles_the_case")


def _state_after(case: Case, event: CaseEvent) -> CaseState:
    refused = Refused("neutrality.step_does_not_fit_the_state", field="event")
    return course.CASE_TRANSITIONS.must(CaseState(case.state), event, otherwise=refused)


def _check_given(given: GivenCase, agency: InstitutionCard, *, today: date) -> None:
    if agency.family not in OWN_FAMILIES:
        raise Refused("neutrality.agency_is_not_the_regions_own", field="agency")
    if not given.reference.strip():
        raise Refused("neutrality.reference_is_missing", field="reference")
    if not given.person.full_name.strip():
        raise Refused("neutrality.name_is_missing", field="full_name")
    if given.received_date > today:
        raise Refused("neutrality.day_lies_ahead", field="received_date")
    if given.deed_date > given.received_date:
        raise Refused("neutrality.deed_is_later_than_the_case", field="deed_date")
    is_village = given.track is Track.VILLAGE_HEAD
    if is_village != (level_of(agency.place) is Level.VILLAGE):
        raise Refused("neutrality.track_does_not_fit_the_agency", field="track")


def _level(place: PlaceCode) -> Level:
    return min(level_of(place), Level.REGENCY)


def _authority_id(kind: str, place: PlaceCode) -> int | None:
    """Return the institution that is the authority of a kind for a place, None for the Minister."""
    levels = (level for level in (Level.REGENCY, Level.PROVINCE) if level <= level_of(place))
    found = (_institution_at(kind, at_level(place, level)) for level in levels)
    return next(filter(None, found), None)


def _pass_candidates_by(case: Case, way: Procedure, at: datetime) -> None:
    """Take a case to the first authority above that is no candidate today."""
    while case.authority_id is not None:
        authority = institutions.institution(case.authority_id)
        if authority is None:
            return
        holder = institutions.holder_of([authority.place], at=at).get(authority.place)
        higher = way.next_authority(case.authority_kind)
        if holder is None or not holder.is_candidate or higher is None:
            return
        case.authority_kind = higher
        case.authority_id = _authority_id(higher, PlaceCode(case.place_id))
        case.stake = Stake.CANDIDATE.value


def _handler_id(case: Case, step: Step, *, otherwise: int | None = None) -> int:
    """Return who handles a case at a step: the first kind that there is, at the step's level."""
    place = PlaceCode(case.place_id)
    match step.level:
        case HandledAt.OWN:
            where = at_level(place, _level(place))
        case HandledAt.PROVINCE:
            where = at_level(place, Level.PROVINCE)
        case HandledAt.AUTHORITY:
            authority = institutions.institution(case.authority_id) if case.authority_id else None
            where = authority.place if authority else at_level(place, Level.PROVINCE)
    found = next(filter(None, (_institution_at(kind, where) for kind in step.handlers)), otherwise)
    if found is None:
        raise Refused("neutrality.nobody_handles_this_step", field="state")
    return found


def _set_state(case: Case, state: CaseState, *, day: date) -> None:
    """Put a case at the step of an open state, with its handler and a fresh clock."""
    step = procedure().steps[state]
    case.state = state.value
    case.step_date = day
    case.due_date = clocks.ends(day, step.term, holidays=holidays()) if step.term else None
    case.is_extended = False
    case.climbs = 0
    case.climbed_to = ""
    case.lapsed_date = None
    case.handler_id = _handler_id(case, step)


def _extend(case: Case, step: Step) -> None:
    if case.lapsed_date is not None:
        raise Refused("neutrality.clock_has_run_out", field="event")
    if step.extension is None or case.is_extended or case.due_date is None:
        raise Refused("neutrality.clock_cannot_be_extended", field="event")
    case.due_date = clocks.ends(case.due_date, step.extension, holidays=holidays())
    case.is_extended = True


def _lapse(
    case: Case, way: Procedure, off: frozenset[date], *, actor: Viewer, at: datetime
) -> None:
    """Let the clock of a case run out once."""
    assert case.due_date is not None  # noqa: S101  # looked at before
    state = CaseState(case.state)
    then = course.after(state, CaseEvent.CLOCK_RUNS_OUT)
    assert then is not None  # noqa: S101  # whoever has a clock may lapse: the table says so
    ran_out = case.due_date
    found = clocks.lapse(
        way.steps[state],
        way.steps[then],
        climbs=case.climbs,
        due_date=ran_out,
        level=_level(PlaceCode(case.place_id)),
        holidays=off,
    )
    case.steps.filter(to_date__isnull=True).update(lapses=case.climbs + 1)
    case.lapsed_date = case.lapsed_date or ran_out
    case.climbed_to = found.climbed_to or case.climbed_to
    case.climbs, case.due_date = found.climbs, found.due_date
    if found.state is not state:
        case.state, case.step_date = found.state.value, ran_out
        case.handler_id = _handler_id(case, way.steps[found.state], otherwise=case.handler_id)
        _begin_step(case, CaseEvent.CLOCK_RUNS_OUT.value, note="", actor=actor, at=at)


def _begin_step(case: Case, event: str, *, note: str, actor: Viewer, at: datetime) -> None:
    """End the step that runs and write the next one, from what the case says now.

    Where nobody may open the case at its handler, who can name somebody there is told.
    """
    _end_step(case)
    CaseStep.objects.create(
        case=case,
        state=case.state,
        event=event,
        handler_id=case.handler_id,
        authority_kind=case.authority_kind,
        from_date=case.step_date,
        to_date=case.step_date if case.closed_date else None,
        due_date=case.due_date,
        sealed_note=seal({"text": note.strip()}) if note.strip() else None,
        taken_by_id=actor.user_id,
        taken_at=at,
    )
    if case.closed_date is None:
        _ask_for_handler(case, actor=actor, at=at)


def _ask_for_handler(case: Case, *, actor: Viewer, at: datetime) -> None:
    """Tell who gives roles that an institution with a case has no handler; nothing of the case."""
    for card in without_handler([case.handler_id], at=at):
        if (teller := who_names_handlers(card, at=at)) is not None:
            notice = Notice(
                institution_id=teller,
                permission=institutions.ASSIGN_ROLE,
                code="neutrality.handler_is_missing",
                params={"institution": card.name},
                link=reverse("institutions:assign_role", args=[card.id]),
                is_urgent=True,
            )
            notify(notices=[notice], actor=actor, at=at)


def _end_step(case: Case) -> None:
    """End the step that runs, and tally how long the case stayed there."""
    running = case.steps.filter(to_date__isnull=True).first()
    if running is None:
        return
    running.to_date = case.step_date
    running.save(update_fields=["to_date"])
    stay: dict[str, Any] = {
        "agency_id": case.agency_id,
        "state": running.state,
        "days": (case.step_date - running.from_date).days,
    }
    StepTally.objects.bulk_create([StepTally(**stay, cases=0)], ignore_conflicts=True)
    StepTally.objects.filter(**stay).update(cases=F("cases") + 1)


def _save_moved(
    case: Case, event: CaseEvent, before: str, *, note: str, actor: Viewer, at: datetime
) -> None:
    case.version += 1
    case.save()
    if event is CaseEvent.EXTEND:
        case.steps.filter(to_date__isnull=True).update(due_date=case.due_date)
    else:
        _begin_step(case, event.value, note=note, actor=actor, at=at)
    moved = CaseMoved(
        **_about(case, case.handler_id),
        event=event.value,
        before=before,
        state=case.state,
        due_date=case.due_date,
        authority=case.authority_kind,
        stake=case.stake,
    )
    record(moved, actor=actor, at=at)


def _close(
    case: Case,
    event: CaseEvent,
    decision: Decision,
    decided_date: date,
    *,
    note: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Close a case by a decision, of which ground, day and who recorded it are still to be said."""
    if decided_date > _today(case, at):
        raise Refused("neutrality.day_lies_ahead", field="decided_date")
    if decided_date < case.step_date:
        raise Refused("neutrality.decision_is_older_than_the_step", field="decided_date")
    case.state = decision.outcome
    case.step_date = case.closed_date = decided_date
    case.due_date, case.lapsed_date = None, None
    case.version += 1
    case.save()
    decision.case, decision.ground, decision.decided_date = case, case.ground, decided_date
    decision.letter_number = decision.letter_number.strip()
    decision.recorded_by_id, decision.recorded_at = actor.user_id, at
    decision.save()
    _begin_step(case, event.value, note=note, actor=actor, at=at)
    closed = CaseClosed(
        **_about(case, case.handler_id),
        outcome=decision.outcome,
        sanction=decision.sanction,
        decided_date=decided_date,
    )
    record(closed, actor=actor, at=at)


def _today(case: Case, at: datetime) -> date:
    return today_at(PlaceCode(case.place_id), at)


def _about(case: Case, institution_id: int | None) -> dict[str, Any]:
    """Return what every event of a case says first; no place, since that tells of the case."""
    return {"subjects": (f"case:{case.pk}",), "place": COUNTRY, "institution_id": institution_id}
