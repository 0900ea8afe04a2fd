"""What changes the election: setting it up, its ballots, its stations with their voters."""

from collections.abc import Sequence
from datetime import date, datetime

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, ancestors, at_level
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places_public
from serentak.places.actions import NewPlace, add_places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.clock import local_date

from . import queries, rules
from .events import CandidatePairsSet, ElectionSetUp, StationsImported
from .models import CandidatePair, Contest, Election, Stage, StationVoters
from .permissions import EDIT_CONTESTS, IMPORT_STATIONS, SET_UP_ELECTION

BATCH = 5000


@action
def set_up_election(
    *, place: PlaceCode, actor: Viewer, at: datetime, calendar: str = "stages-2024"
) -> int:
    """Make the election of a province (or the country) from a calendar; return its id.

    Its stages are the calendar's, its contests follow from the kinds of the places. Refused where
    the place, or one above or below it, has an election: each place votes in one.
    """
    actor.require(SET_UP_ELECTION, place)
    if len(place) > Level.PROVINCE:
        raise Refused("elections.only_a_province_has_an_election", place=place)
    if not places_public.places([place]):
        raise Refused("elections.place_is_unknown", field="place", place=place)
    if queries.current_election(place):
        raise Refused("elections.place_has_an_election", place=place)
    plan = queries.calendar(calendar)
    vote = plan.election
    election = Election.objects.create(
        name=vote.name["id"],
        name_en=vote.name["en"],
        vote_date=vote.vote_date,
        place_id=place,
        zone=str(places_public.zone_of(place)),
        opens=vote.opens,
        closes=vote.closes,
        source=vote.source,
    )
    Stage.objects.bulk_create(
        Stage(
            election=election,
            key=stage.key,
            phase=stage.phase,
            name=stage.name["id"],
            name_en=stage.name["en"],
            note=stage.note["id"] if stage.note else "",
            note_en=stage.note["en"] if stage.note else "",
            start_date=stage.start,
            end_date=stage.end,
            deadline_kind=stage.kind,
            source=stage.source,
        )
        for stage in plan.stages
    )
    contests = Contest.objects.bulk_create(_contests(election, place))
    event = ElectionSetUp(
        subjects=(f"election:{election.pk}",),
        place=place,
        calendar=calendar,
        vote_date=vote.vote_date,
        stages=len(plan.stages),
        contests=len(contests),
    )
    record(event, actor=actor, at=at)
    return election.pk


def _contests(election: Election, place: PlaceCode) -> list[Contest]:
    kinds = queries.contest_kinds()
    cards = [places_public.place(place)]
    for level in (Level.PROVINCE, Level.REGENCY):
        cards += places_public.descendants(place, level)
    return [
        Contest(
            election=election,
            place_id=card.code,
            office=kind.office,
            name=kind.name["id"].format(name=card.name),
            name_en=kind.name["en"].format(name=card.name),
        )
        for card in cards
        if (kind := kinds.at(card.code, card.kind))
    ]


@action
def set_candidate_pairs(
    *,
    contest_id: int,
    pairs: Sequence[rules.Pair],
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
) -> None:
    """Set a contest's ballot as a whole: all pairs, and the blank column of a single pair."""
    contest = Contest.objects.select_for_update().filter(pk=contest_id).first()
    if contest is None:
        raise OutOfScope(EDIT_CONTESTS)
    place = PlaceCode(contest.place_id)
    actor.require(EDIT_CONTESTS, place)
    if not pairs:
        raise Refused("elections.ballot_is_empty", field="pairs")
    if fault := rules.fault_of_ballot(pairs):
        raise Refused(f"elections.{fault}", field="pairs")
    CandidatePair.objects.filter(contest=contest).delete()
    CandidatePair.objects.bulk_create(
        CandidatePair(
            contest=contest,
            ballot_number=pair.ballot_number,
            head_name=pair.head_name.strip(),
            deputy_name=pair.deputy_name.strip(),
            is_blank_column=pair.is_blank_column,
            figure_class=figure_class,
        )
        for pair in pairs
    )
    event = CandidatePairsSet(
        subjects=(f"contest:{contest.pk}",),
        place=place,
        pairs=tuple(
            f"{p.ballot_number} {p.head_name} – {p.deputy_name}".removesuffix(" – ").strip()
            for p in sorted(pairs, key=lambda p: p.ballot_number)
        ),
        figure_class=figure_class,
    )
    record(event, actor=actor, at=at)


@action
def import_stations(
    *,
    rows: Sequence[rules.StationRow],
    source: str,
    as_of_date: date,
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
    institution_id: int | None = None,
) -> int:
    """Take over stations with their listed voters, all or none; return how many rows.

    A station that is new to its village is added to the tree; one that is known gets the new
    figures. Refused, naming the station: a code that is none, given twice, without its village, or
    figures that break a rule.
    """
    if not rows:
        raise Refused("elections.no_stations", field="file")
    if not source.strip():
        raise Refused("elections.source_is_missing", field="source")
    codes = _checked_codes(rows)
    regencies = sorted({at_level(code, Level.REGENCY) for code in codes})
    for regency in regencies:
        actor.require(IMPORT_STATIONS, regency)
    if fault := rules.fault_of_list_date(as_of_date, today=local_date(at)):
        raise Refused(f"elections.{fault}", field="as_of", date=as_of_date.isoformat())
    # One import at a time, so that the second finds the stations that the first has added.
    above = {code for regency in regencies for code in (regency, *ancestors(regency))}
    list(Election.objects.select_for_update().filter(place__in=above))
    known = queries.known_stations(regencies)
    places = set(places_public.places(codes))
    if new := [row for row in rows if row.code not in places]:
        add_places(places=[_place(row) for row in new], actor=actor, at=at)
    limits = queries.limits()
    StationVoters.objects.bulk_create(
        (
            StationVoters(
                place_id=row.code,
                male=row.male,
                female=row.female,
                special_location=row.special_location.strip(),
                voter_limit=limits.station_voters,
                over_limit_reason=row.over_limit_reason.strip(),
                source=source.strip(),
                as_of_date=as_of_date,
                figure_class=figure_class,
            )
            for row in rows
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=[
            "male", "female", "special_location", "voter_limit", "over_limit_reason", "source",
            "as_of_date", "figure_class",
        ],
    )  # fmt: skip
    place = regencies[0] if len(regencies) == 1 else at_level(regencies[0], Level.PROVINCE)
    event = StationsImported(
        subjects=tuple(f"place:{code}" for code in dict.fromkeys([place, *regencies])),
        place=place,
        institution_id=institution_id,
        count=len(rows),
        new_stations=len(new),
        changed=len(known & codes),
        male=sum(row.male for row in rows),
        female=sum(row.female for row in rows),
        digest=rules.digest(rows),
        source=source.strip(),
        figure_class=figure_class,
    )
    record(event, actor=actor, at=at)
    return len(rows)


def _checked_codes(rows: Sequence[rules.StationRow]) -> set[PlaceCode]:
    limits = queries.limits()
    codes: set[PlaceCode] = set()
    for row in rows:
        if len(row.code) != Level.STATION:
            raise Refused("elections.code_is_no_station", field="code", station=row.code)
        if row.code in codes:
            raise Refused("elections.station_is_given_twice", field="code", station=row.code)
        if fault := rules.fault_of_station(row, limits=limits):
            raise Refused(
                f"elections.{fault}",
                field="male",
                station=row.code,
                total=row.total,
                limit=limits.station_voters,
                most=limits.absurd_voters,
            )
        codes.add(row.code)
    return codes


def _place(row: rules.StationRow) -> NewPlace:
    kinds = places_public.Kind
    kind = kinds.SPECIAL_STATION if row.special_location else kinds.STATION
    return NewPlace(row.code, kind, row.code[-3:])


@action
def create_demo_stations(*, province: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Make stations for a demonstration and return how many.

    The published stations and voters of each regency are spread over its real villages; the sums
    are exact, each station is invented and marked SYNTHETIC. Refused where stations are known.
    """
    published = queries.published().get(province)
    if published is None:
        raise Refused("elections.nothing_published", province=province)
    if queries.known_stations([province]):
        raise Refused("elections.stations_are_known", province=province)
    villages: dict[PlaceCode, list[rules.Village]] = {}
    for card in places_public.descendants(province, Level.VILLAGE):
        villages.setdefault(at_level(card.code, Level.REGENCY), []).append(
            rules.Village(card.code, card.kind is places_public.Kind.URBAN_VILLAGE)
        )
    try:
        rows = rules.spread_stations(villages, published, limits=queries.limits())
    except ValueError as error:
        raise Refused("elections.stations_cannot_be_spread", province=province) from error
    return import_stations(
        rows=rows,
        source=f"Demonstrasi; jumlah menurut {published.source}",
        as_of_date=local_date(at),
        figure_class=FigureClass.SYNTHETIC,
        actor=actor,
        at=at,
    )
