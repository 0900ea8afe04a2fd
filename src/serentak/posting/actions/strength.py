"""Sets patterns, tells strength in sum, shares posts, and sends reinforcements."""

from datetime import date, datetime
from uuid import UUID, uuid4

from serentak.elections import public as elections
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line, says_something
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import (
    check_unchanged,
    digest_of,
    first_answer,
    one_at_a_time,
)
from serentak.platform.rows import within
from serentak.posting import solvers
from serentak.posting.events import ForceTold, PatternSet, ReinforcementTold
from serentak.posting.models import Force, OwnPattern, Reinforcement
from serentak.posting.permissions import ADOPT_POSTING, KEEP_POSTS, PLAN_POSTING
from serentak.posting.queries.catalogues import cited, own_pattern, patterns
from serentak.posting.queries.need import lines, strengths
from serentak.posting.queries.posts import keeps_police
from serentak.posting.rules import (
    MOST_OFFICERS,
    REINFORCEMENT_TRANSITIONS,
    SentEvent,
    SentState,
    StationClass,
    Unit,
    is_near_vote,
    pattern_faults,
)

_FIELD = {
    "pattern_has_no_officers": "officers",
    "highly_vulnerable_stations_share_no_officers": "stations",
    "pattern_has_no_stations": "stations",
    "pattern_of_a_district_counts_no_stations": "stations",
}


@action
def set_pattern(
    *,
    place: PlaceCode,
    station_class: StationClass,
    unit: Unit,
    officers: int,
    stations: int,
    reason: str,
    version: int = 0,
    actor: Viewer,
    at: datetime,
) -> None:
    """Set how many officers stand at how many stations of a class in a regency, and why.

    Refused where it cannot be met, saying by which rule. `version` 0 is the catalogue's pattern.
    """
    _require(ADOPT_POSTING, place, actor)
    one_at_a_time(f"posting/patterns/{place}")
    row = own_pattern(place, station_class)
    check_unchanged(version, row.version if row else 0)
    reason = one_line(reason)
    faults = [
        Fault(f"posting.{code}", _FIELD[code])
        for code in pattern_faults(station_class, unit, officers, stations)
    ]
    if not says_something(reason):
        faults.append(Fault("posting.who_sets_a_pattern_says_why", "reason"))
    if faults:
        raise Refused.of(*faults)
    check_length(reason, most=300, field="reason")
    row = row or OwnPattern(place_id=place, station_class=station_class.value, version=0)
    row.unit, row.officers, row.stations, row.reason = unit.value, officers, stations, reason
    row.set_by_id, row.set_at, row.version = actor.user_id, at, row.version + 1
    row.save()
    _pattern_told(place, station_class, officers, stations, actor, at, is_own=True)


@action
def drop_pattern(
    *, place: PlaceCode, station_class: StationClass, version: int, actor: Viewer, at: datetime
) -> None:
    """Go back to the catalogue's pattern."""
    _require(ADOPT_POSTING, place, actor)
    one_at_a_time(f"posting/patterns/{place}")
    row = own_pattern(place, station_class)
    check_unchanged(version, row.version if row else 0)
    if row:
        row.delete()
    back = patterns().of(place)[station_class]
    _pattern_told(place, station_class, back.officers, back.stations, actor, at, is_own=False)


def _pattern_told(
    place: PlaceCode,
    of: StationClass,
    officers: int,
    stations: int,
    actor: Viewer,
    at: datetime,
    *,
    is_own: bool,
) -> None:
    event = PatternSet(
        subjects=(f"place:{place}",),
        place=place,
        station_class=of.value,
        officers=officers,
        stations=stations,
        is_own=is_own,
    )
    record(event, actor=actor, at=at)


@action
def tell_force(
    *,
    place: PlaceCode,
    officers: int | None,
    source: str = "",
    as_of: date | None = None,
    version: int = 0,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> None:
    """Tell a regency's officers for stations in sum, without posts and names: the police alone.

    It holds until the posts that are told have as many: then theirs count, never both. None takes
    the sum away: the posts are complete as they are.
    """
    _require(KEEP_POSTS, place, actor)
    _of_police(place, actor)
    row = _force(place, version)
    if officers is not None and officers < 0:
        raise Refused("posting.number_is_below_zero", field="officers")
    if officers is not None and officers > MOST_OFFICERS:
        raise Refused("posting.number_is_absurd", field="officers", most=MOST_OFFICERS)
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if as_of and (as_of > today or not is_near_vote(as_of, _vote(place))):
        raise Refused("posting.day_is_far_off", field="as_of")
    source = one_line(source)
    check_length(source, most=200, field="source")
    row.officers, row.source, row.figure_class = officers, source, figure_class.value
    row.as_of = as_of or today
    _save(row, actor, at)


@action
def share_posts(
    *, place: PlaceCode, is_shared: bool, version: int = 0, actor: Viewer, at: datetime
) -> None:
    """Show the posts of a regency to its desks, or to police and army alone."""
    _require(ADOPT_POSTING, place, actor)
    row = _force(place, version)
    row.is_shared = is_shared
    _save(row, actor, at)


def _force(place: PlaceCode, version: int) -> Force:
    one_at_a_time(f"posting/force/{place}")
    row = Force.objects.filter(place=place).first()
    check_unchanged(version, row.version if row else 0)
    return row or Force(place_id=place, version=0)


def _save(row: Force, actor: Viewer, at: datetime) -> None:
    row.told_by_id, row.told_at, row.version = actor.user_id, at, row.version + 1
    row.save()
    event = ForceTold(
        subjects=(f"place:{row.place_id}",),
        place=PlaceCode(row.place_id),
        officers=row.officers or 0,
        regencies=1,
        is_shared=row.is_shared,
    )
    record(event, actor=actor, at=at)


@action
def take_over_catalogue(*, province: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Take strength and reinforcements of the catalogue over where nobody told a strength yet.

    Returns for how many regencies. Each keeps the class that the catalogue says.
    """
    actor.require(KEEP_POSTS, province)
    one_at_a_time(f"posting/force/{province}")
    known = set(strengths(province))
    shared = {row.place_id: row for row in Force.objects.filter(within(province))}
    there = places.places(patterns().regencies)
    election = elections.current_election(province)
    forces, sent = [], []
    for code, one in patterns().regencies.items():
        if code in known or code not in there or not is_within(code, province):
            continue
        row = shared.get(code) or Force(place_id=code, version=0)
        row.officers = one.own.officers
        row.source = cited(one.own.source) or one.own.formula
        row.as_of = clock.local_date(at, zone=places.zone_of(code).key)
        row.figure_class = one.own.figure_class.value
        row.told_by_id, row.told_at, row.version = actor.user_id, at, row.version + 1
        forces.append(row)
        if one.reinforcement:
            leave = patterns().reinforcements.leave
            sent.append(
                Reinforcement(
                    client_key=uuid4(),
                    origin_id=province,
                    place_id=code,
                    officers=one.reinforcement,
                    state=SentState.PROMISED.value,
                    day=day_of(leave, vote_date=election.vote_date) if election else None,
                    told_by_id=actor.user_id,
                    told_at=at,
                )
            )
    for row in forces:
        row.save()
    Reinforcement.objects.bulk_create(sent)
    event = ForceTold(
        subjects=(f"place:{province}",),
        place=province,
        officers=sum(one.officers or 0 for one in forces),
        regencies=len(forces),
        is_shared=False,
    )
    record(event, actor=actor, at=at)
    return len(forces)


# --- reinforcements


@action
def reinforce(
    *,
    client_key: UUID,
    origin: PlaceCode,
    place: PlaceCode,
    officers: int,
    day: date | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Propose that officers go to a regency, from another one or from headquarters; return its id.

    `origin` is a regency, or the province for headquarters.
    """
    digest = digest_of(locals())
    _require(PLAN_POSTING, place, actor)
    _of_police(place, actor)
    if known := first_answer(Reinforcement, client_key, digest):
        return known.pk
    faults = []
    if not 1 <= officers <= MOST_OFFICERS:
        code = "number_is_below_zero" if officers < 0 else "number_is_absurd"
        faults.append(Fault(f"posting.{code}", "officers", {"most": MOST_OFFICERS}))
    is_near = level_of(origin) in (Level.PROVINCE, Level.REGENCY)
    if origin == place or not is_near or origin not in places.places([origin]):
        faults.append(Fault("posting.reinforcements_come_from_elsewhere", "origin"))
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if day and (day < today or not is_near_vote(day, _vote(place))):
        faults.append(Fault("posting.day_of_arrival_is_far_off", "day"))
    if faults:
        raise Refused.of(*faults)
    row = Reinforcement.objects.create(
        client_key=client_key,
        digest=digest,
        origin_id=origin,
        place_id=place,
        officers=officers,
        state=SentState.PROPOSED.value,
        day=day,
        figure_class=figure_class.value,
        told_by_id=actor.user_id,
        told_at=at,
    )
    _reinforcement_told(row, "PROPOSE", actor, at)
    return row.pk


@action
def step_reinforcement(
    *, reinforcement_id: int, version: int, event: SentEvent, actor: Viewer, at: datetime
) -> None:
    """Promise reinforcements, say that they arrived, or drop them.

    Who sends promises, who gets them says that they arrived; either may drop them. Refused where
    the regency that sends has fewer.
    """
    row = Reinforcement.objects.select_for_update().filter(pk=reinforcement_id).first()
    if row is None:
        raise OutOfScope(PLAN_POSTING, str(reinforcement_id))
    origin, place = PlaceCode(row.origin_id), PlaceCode(row.place_id)
    ends = {
        SentEvent.PROMISE: [origin],
        SentEvent.ARRIVE: [place],
        SentEvent.DROP: [origin, place],
    }[event]
    own = [end for end in ends if actor.may(PLAN_POSTING, end)]
    if not own:
        raise OutOfScope(PLAN_POSTING, place)
    if not any(keeps_police(actor, end) for end in own):
        raise Refused("posting.post_is_of_another")
    check_unchanged(version, row.version)
    after = REINFORCEMENT_TRANSITIONS.must(
        SentState(row.state), event, otherwise=Refused("posting.reinforcement_is_elsewhere")
    )
    if event is SentEvent.PROMISE and level_of(origin) is Level.REGENCY:
        one_at_a_time(f"posting/posts/{origin}")
        found = strengths(origin).get(origin)
        if ((found.total if found else None) or 0) < row.officers:
            raise Refused("posting.origin_has_too_few")
    row.state, row.version = after.value, row.version + 1
    row.told_by_id, row.told_at = actor.user_id, at
    row.save()
    _reinforcement_told(row, event.value, actor, at)


@action
def propose_moves(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Propose to move what regencies of a province have over to where it lacks; return how many.

    As much as can be, by the least way. What was computed before and nobody promised is dropped.
    """
    if level_of(place) is not Level.PROVINCE:
        raise OutOfScope(PLAN_POSTING, place)
    actor.require(PLAN_POSTING, place)
    _of_police(place, actor)
    one_at_a_time(f"posting/moves/{place}")
    Reinforcement.objects.filter(
        within(place), is_computed=True, state=SentState.PROPOSED.value
    ).update(state=SentState.DROPPED.value)
    under = {code: line for code, line in lines(place).items() if code != place}
    spare = {code: line.over for code, line in under.items() if line.over}
    lacking = {
        c: one.short.officers for c, one in under.items() if one.short and one.short.officers
    }
    points = {code: places.point_of(code) for code in (*spare, *lacking)}
    km = {
        (a, b): places.kilometres(start, end)
        for a in spare
        for b in lacking
        if (start := points[a]) and (end := points[b])
    }
    found = solvers.moves(spare, lacking, km) if km else {}
    if not found:
        raise Refused("posting.nothing_can_be_moved")
    Reinforcement.objects.bulk_create(
        [
            Reinforcement(
                client_key=uuid4(),
                origin_id=origin,
                place_id=to,
                officers=n,
                state=SentState.PROPOSED.value,
                is_computed=True,
                told_by_id=actor.user_id,
                told_at=at,
            )
            for (origin, to), n in found.items()
        ]
    )
    event = ReinforcementTold(
        subjects=(f"place:{place}",),
        place=place,
        event="PROPOSE",
        officers=sum(found.values()),
        moves=len(found),
    )
    record(event, actor=actor, at=at)
    return len(found)


def _reinforcement_told(row: Reinforcement, event: str, actor: Viewer, at: datetime) -> None:
    told = ReinforcementTold(
        subjects=(f"reinforcement:{row.pk}",),
        place=PlaceCode(row.place_id),
        event=event,
        officers=row.officers,
        moves=1,
    )
    record(told, actor=actor, at=at)


def _vote(place: PlaceCode) -> date | None:
    election = elections.current_election(place)
    return election.vote_date if election else None


def _of_police(place: PlaceCode, actor: Viewer) -> None:
    """Refuse whoever is of another force: the officers at stations are the police's."""
    if not keeps_police(actor, place):
        raise Refused("posting.post_is_of_another", field="officers")


def _require(permission: Permission, place: PlaceCode, actor: Viewer) -> None:
    if level_of(place) is not Level.REGENCY:
        raise OutOfScope(permission, place)
    actor.require(permission, place)
