"""Reads about the election, its stages and contests, and the stations' listed voters."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, IntegerField, Max, Q, Sum, When
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils.translation import get_language, gettext

from serentak.kernel.area import Linked
from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import (
    Level,
    PlaceCode,
    ancestors,
    at_level,
    child_level,
    is_within,
    level_of,
    subtree_range,
)
from serentak.kernel.countdown import countdown_label
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.kernel.refused import OutOfScope
from serentak.kernel.sums import Summed
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.audit import HistoryEntry, history
from serentak.platform.catalogue import load, said
from serentak.platform.clock import local_date
from serentak.platform.reading import kept
from serentak.platform.rows import rows_as

from . import rules
from .models import CandidatePair, Contest, Election, Stage, StationVoters
from .permissions import EDIT_CONTESTS, VIEW_ELECTION

SLICE = "elections"
PIECE = 5000
"""Rows that are read at a time."""
STAGES_AT_HAND = 10


# --- the catalogues


def calendar(name: str) -> rules.Calendar:
    """Return the calendar `name`, such as stages-2024."""
    return load(SLICE, name, rules.Calendar)


def contest_kinds() -> rules.ContestKinds:
    """Return which races there are."""
    return load(SLICE, "contests", rules.ContestKinds)


def limits() -> rules.Limits:
    """Return the numbers around stations and ballots."""
    return load(SLICE, "limits", rules.parse_limits)


def published(name: str = "voters-2024") -> Mapping[PlaceCode, rules.Published]:
    """Return the published voters and stations by province."""
    return load(SLICE, name, rules.parse_published)


def _english() -> bool:
    return (get_language() or "id").startswith("en")


# --- the election


@dataclass(frozen=True, slots=True)
class ElectionCard:
    """An election; `opens` and `closes` are in `zone`."""

    id: int
    name: str
    vote_date: date
    place: PlaceCode
    zone: ZoneInfo
    opens: time
    closes: time
    source: str


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage with its distance from the vote; `countdown` is that of its end (H-4)."""

    key: str
    phase: str
    phase_label: str
    name: str
    note: str
    start_date: date | None
    end_date: date
    kind: DeadlineKind
    source: str
    when: rules.When
    countdown: str


@dataclass(frozen=True, slots=True)
class PairCard:
    """A pair on the ballot, or the blank column."""

    ballot_number: int
    head_name: str
    deputy_name: str
    is_blank_column: bool
    figure_class: FigureClass


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A race with its ballot in the order of the numbers."""

    id: int
    office: rules.Office
    place: PlaceCode
    name: str
    pairs: tuple[PairCard, ...] = ()

    @property
    def pair_count(self) -> int:
        """How many pairs run; the blank column is none."""
        return sum(not pair.is_blank_column for pair in self.pairs)

    @property
    def has_blank_column(self) -> bool:
        """Whether a single pair runs against a blank column."""
        return self.pair_count < len(self.pairs)


@kept
def current_election(place: PlaceCode) -> ElectionCard | None:
    """Return the election in which `place` votes, or the first one under it; one query."""
    low, high = subtree_range(place)
    row = (
        Election.objects.filter(
            Q(place__in=[place, *ancestors(place)]) | Q(place__gte=low, place__lt=high)
        )
        .order_by("vote_date", "place")
        .first()
    )
    if row is None:
        return None
    return ElectionCard(
        id=row.pk,
        name=row.name_en if _english() else row.name,
        vote_date=row.vote_date,
        place=PlaceCode(row.place_id),
        zone=ZoneInfo(row.zone),
        opens=row.opens,
        closes=row.closes,
        source=row.source,
    )


@kept
def stages(election: ElectionCard, *, today: date) -> list[StageCard]:
    """Return the stages by their end, each with where it stands on `today`; one query."""
    english = _english()
    phases = calendar("stages-2024").phases
    return [
        StageCard(
            key=row.key,
            phase=row.phase,
            phase_label=said(phases[row.phase]) if row.phase in phases else row.phase,
            name=row.name_en if english else row.name,
            note=row.note_en if english else row.note,
            start_date=row.start_date,
            end_date=row.end_date,
            kind=DeadlineKind(row.deadline_kind),
            source=row.source,
            when=rules.when(row.start_date, row.end_date, today),
            countdown=countdown_label(row.end_date, vote_date=election.vote_date),
        )
        for row in Stage.objects.filter(election=election.id).order_by("id")
    ]


def linked(
    subjects: Collection[str] | None, *, place: PlaceCode, viewer: Viewer, at: datetime
) -> list[Linked]:
    """Return the stages `stage:<id>`, or those that run now; two queries at most.

    Their page is that of the election at the place.
    """
    here = PlaceCode(place[: Level.VILLAGE])
    if not viewer.may(VIEW_ELECTION, here):
        return []
    rows = Stage.objects.filter(election__place__in=[here, *ancestors(here)]).order_by("id")
    if subjects is None:
        today = local_date(at, zone=places.zone_of(here).key)
        rows = rows.filter(Q(start_date__isnull=True) | Q(start_date__lte=today))
        rows = rows.filter(end_date__gte=today)
    else:
        ids = [one.removeprefix("stage:") for one in subjects if one.startswith("stage:")]
        rows = rows.filter(pk__in=[int(id) for id in ids if id.isascii() and id.isdigit()])
    link = f"{reverse('elections:election', args=[here])}#stages"
    return [
        Linked(
            f"stage:{row.pk}",
            gettext("Stage: %(name)s") % {"name": row.name_en if _english() else row.name},
            link,
        )
        for row in rows[:STAGES_AT_HAND]
    ]


def contests(place: PlaceCode) -> list[ContestCard]:
    """Return the races in which voters of `place` vote, the higher first; two queries."""
    return contest_cards(Q(place__in=[place, *ancestors(place)]))


def contests_held_under(place: PlaceCode) -> list[ContestCard]:
    """Return the races of `place` and of all places under it; two queries."""
    low, high = subtree_range(place)
    return contest_cards(Q(place__gte=low, place__lt=high))


def contest_cards(where: Q) -> list[ContestCard]:
    """Return the contests that fit with their pairs, by place; two queries."""
    english = _english()
    rows = list(Contest.objects.filter(where).order_by("place"))
    pairs: dict[int, list[PairCard]] = {}
    for pair in CandidatePair.objects.filter(contest__in=rows).order_by("ballot_number"):
        pairs.setdefault(pair.contest_id, []).append(
            PairCard(
                ballot_number=pair.ballot_number,
                head_name=pair.head_name,
                deputy_name=pair.deputy_name,
                is_blank_column=pair.is_blank_column,
                figure_class=FigureClass(pair.figure_class),
            )
        )
    return [
        ContestCard(
            id=row.pk,
            office=rules.Office(row.office),
            place=PlaceCode(row.place_id),
            name=row.name_en if english else row.name,
            pairs=tuple(pairs.get(row.pk, ())),
        )
        for row in rows
    ]


# --- stations and voters


@dataclass(frozen=True, slots=True)
class VoterCounts(Summed):
    """Stations and listed voters at and under a place; `ballots` are for one race.

    `is_synthetic` when at least one station was made for a demonstration.
    """

    stations: int = 0
    voters: int = 0
    male: int = 0
    female: int = 0
    ballots: int = 0
    is_synthetic: bool = False


NO_VOTERS = VoterCounts()


@dataclass(frozen=True, slots=True)
class Quantities:
    """What an amount of work can be counted by at a place.

    `contests` are the races that the place's own commission holds, `races` those that a voter
    there votes in.
    """

    counts: VoterCounts
    contests: int
    races: int


@dataclass(frozen=True, slots=True)
class StationCard:
    """A station with its listed voters."""

    code: PlaceCode
    male: int
    female: int
    total: int
    special_location: str
    over_limit_reason: str
    source: str
    as_of_date: date
    figure_class: FigureClass


@kept
def voters_at_level(place: PlaceCode, level: Level) -> Mapping[PlaceCode, VoterCounts]:
    """Return the roll-up by place of `level` at and under `place`, where stations are; one query.

    Ballots: Σ(v + ⌈v × reserve⌉) over the stations, for one race.
    """
    reserve = limits().ballot_reserve_permille
    low, high = subtree_range(place)
    rows = (
        StationVoters.objects.filter(place__gte=low, place__lt=high)
        .annotate(at=Left("place", int(level)))
        .order_by()
        .values("at")
        .annotate(
            stations=Count("place"),
            voters=Sum("total"),
            men=Sum("male"),
            women=Sum("female"),
            ballots=Sum(
                F("total") + (F("total") * reserve + 999) / 1000, output_field=IntegerField()
            ),
            synthetic=Max(Case(When(figure_class=FigureClass.SYNTHETIC, then=1), default=0)),
        )
    )
    return {
        PlaceCode(row["at"]): VoterCounts(
            row["stations"],
            row["voters"],
            row["men"],
            row["women"],
            row["ballots"],
            bool(row["synthetic"]),
        )
        for row in rows
    }


def voters_and_stations(parent: PlaceCode) -> Mapping[PlaceCode, VoterCounts]:
    """Return the roll-up of each child that has stations, and of `parent` itself; one query."""
    level = child_level(level_of(parent)) or Level.STATION
    children = dict(voters_at_level(parent, level))
    if parent not in children:
        children[parent] = sum(children.values(), start=NO_VOTERS)
    return children


def quantities(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Quantities]:
    """Return what work is counted by, of all places of `level` at and under `place`; two queries.

    A place of the level that has neither stations nor a contest is missing.
    """
    counts = voters_at_level(place, level)
    low, high = subtree_range(place)
    held = {
        PlaceCode(code)
        for code in Contest.objects.filter(
            Q(place__in=ancestors(place)) | Q(place__gte=low, place__lt=high)
        ).values_list("place", flat=True)
    }
    own = {code for code in held if len(code) == level}
    return {
        code: Quantities(
            counts=counts.get(code, NO_VOTERS),
            contests=int(code in held),
            races=_races(code, held),
        )
        for code in sorted(own | set(counts))
    }


def _races(code: PlaceCode, held: Collection[PlaceCode]) -> int:
    """Return how many races voters of a place vote in: one for each level that holds one."""
    around = [above for above in ancestors(code) if above in held]
    within = {len(other) for other in held if other == code or other.startswith(code + ".")}
    return len(around) + len(within)


def stations_of(place: PlaceCode) -> list[StationCard]:
    """Return the stations at and under `place`, by code; one query."""
    low, high = subtree_range(place)
    rows = StationVoters.objects.filter(place__gte=low, place__lt=high).order_by("place")
    return rows_as(StationCard, rows, code="place")


def station_rows(place: PlaceCode) -> Iterator[tuple[object, ...]]:
    """Yield the stations at and under `place` in the order of the import's columns.

    Source and date follow. Three queries, in pieces: a province has up to 72,000 stations.
    """
    low, high = subtree_range(place)
    names = {village.code: village for village in village_names(place)}
    fields = (
        "place", "male", "female", "total", "special_location", "over_limit_reason", "source",
        "as_of_date",
    )  # fmt: skip
    rows = StationVoters.objects.filter(place__gte=low, place__lt=high).order_by("place")
    for code, male, female, total, special, reason, source, day in rows.values_list(
        *fields
    ).iterator(PIECE):
        village = names[PlaceCode(code[: Level.VILLAGE])]
        yield (
            code, village.district, village.name, code[-3:], male, female, total, special, reason,
            source, day.isoformat(),
        )  # fmt: skip


def station_card(code: PlaceCode) -> StationCard | None:
    """Return one station, None if it has no listed voters; one query."""
    found = stations_of(code) if level_of(code) is Level.STATION else []
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class ListOutlook:
    """What taking a list over would change: stations by district, and the area's sums.

    `known` are the stations and voters that were published for the area, where they were.
    """

    new: Mapping[str, int]
    changed: Mapping[str, int]
    same: int
    before: rules.Size
    after: rules.Size
    known: rules.Size | None
    known_source: str


def list_outlook(rows: Sequence[rules.StationRow], place: PlaceCode) -> ListOutlook:
    """Return what taking stations of a place over would change; three queries."""
    stored = {station.code: station for station in stations_of(place)}
    new: Counter[PlaceCode] = Counter()
    changed: Counter[PlaceCode] = Counter()
    gained = 0
    for row in rows:
        district = at_level(row.code, Level.DISTRICT)
        before = stored.get(row.code)
        gained += row.total - (before.total if before else 0)
        if before is None:
            new[district] += 1
        elif (before.male, before.female, before.special_location) != (
            row.male, row.female, row.special_location,
        ):  # fmt: skip
            changed[district] += 1
    names = {code: card.name for code, card in places.places({*new, *changed}).items()}
    voters = sum(station.total for station in stored.values())
    known, source = _published_for(place)
    return ListOutlook(
        new={names[code]: count for code, count in sorted(new.items())},
        changed={names[code]: count for code, count in sorted(changed.items())},
        same=len(rows) - new.total() - changed.total(),
        before=rules.Size(len(stored), voters),
        after=rules.Size(len(stored) + new.total(), voters + gained),
        known=known,
        known_source=source,
    )


def _published_for(place: PlaceCode) -> tuple[rules.Size | None, str]:
    found = published().get(at_level(place, Level.PROVINCE))
    if found is None or level_of(place) > Level.REGENCY:
        return None, ""
    sizes = [size for code, size in found.regencies.items() if is_within(code, place)]
    total = rules.Size(sum(s.stations for s in sizes), sum(s.voters for s in sizes))
    return (total if sizes else None), found.source


def known_stations(places: Iterable[PlaceCode]) -> set[PlaceCode]:
    """Return the stations with listed voters under `places`; one query."""
    where = Q(pk__in=[])
    for place in places:
        low, high = subtree_range(place)
        where |= Q(place__gte=low, place__lt=high)
    return {PlaceCode(c) for c in StationVoters.objects.filter(where).values_list("pk", flat=True)}


# --- pages


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child of a place with its stations and voters."""

    place: PlaceCard
    counts: VoterCounts


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station as a table shows it."""

    station: StationCard
    village: str

    @property
    def number(self) -> str:
        """The three digits of its number."""
        return self.station.code[-3:]


@dataclass(frozen=True, slots=True)
class ElectionPage:
    """All that the page of an election at a place shows.

    `children` down to the district, `stations` from the district down.
    """

    path: tuple[PlaceCard, ...]
    place: PlaceCard
    election: ElectionCard | None
    stages: tuple[StageCard, ...]
    contests: tuple[ContestCard, ...]
    others: tuple[ContestCard, ...]
    counts: VoterCounts
    children: tuple[ChildLine, ...]
    stations: tuple[StationLine, ...]
    history: tuple[HistoryEntry, ...]
    today: date


def election_page(code: PlaceCode, *, viewer: Viewer, at: datetime) -> ElectionPage:
    """Return the election at a place; ten queries at most."""
    viewer.require(VIEW_ELECTION, code)
    above = places.path(code)
    election = current_election(code)
    today = local_date(at, zone=places.zone_of(code).key)
    counts = voters_and_stations(code)
    children = places.children(code) if len(code) < Level.VILLAGE else ()
    names = {card.code: card.name for card in children} | {above[-1].code: above[-1].name}
    held = contests_held_under(code) if len(code) < Level.REGENCY else []
    return ElectionPage(
        path=above[:-1],
        place=above[-1],
        election=election,
        stages=tuple(stages(election, today=today)) if election else (),
        contests=tuple(contests(code)),
        others=tuple(contest for contest in held if contest.place != code),
        counts=counts[code],
        children=tuple(
            ChildLine(card, counts.get(card.code, NO_VOTERS))
            for card in children
            if len(code) < Level.DISTRICT
        ),
        stations=tuple(
            StationLine(station, names.get(PlaceCode(station.code[:13]), ""))
            for station in (stations_of(code) if len(code) >= Level.DISTRICT else ())
        ),
        history=_history(code, above),
        today=today,
    )


def _history(code: PlaceCode, above: Sequence[places.PlaceCard]) -> tuple[HistoryEntry, ...]:
    """Return what happened here and in the regency around it, whose sheet brings the stations."""
    seen = [step.code for step in above if step.code == code or len(step.code) >= Level.REGENCY]
    return tuple(history(*(f"place:{step}" for step in seen), limit=10))


def contest_at(code: PlaceCode, *, viewer: Viewer) -> ContestCard:
    """Return the contest that a place holds, for one who may edit it; OutOfScope otherwise."""
    viewer.require(EDIT_CONTESTS, code)
    for card in contest_cards(Q(place=code)):
        return card
    raise OutOfScope(EDIT_CONTESTS, code)


def village_names(code: PlaceCode) -> list[rules.VillageName]:
    """Return the villages of a place with their districts' names; two queries."""
    districts = {card.code: card.name for card in places.descendants(code, Level.DISTRICT)}
    if level_of(code) is Level.DISTRICT:
        districts[code] = places.place(code).name
    return [
        rules.VillageName(card.code, card.name, districts[at_level(card.code, Level.DISTRICT)])
        for card in places.descendants(code, Level.VILLAGE)
    ]


# --- what is told of indicators of quality


_CROWDED = 550
"""Voters above which a station counts as crowded; the limit is 600."""


def _choice(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return contests with two pairs or more, of those whose pairs are known; two queries."""
    return counted(
        (one.place, one.id, Share(int(one.pair_count >= 2), 1))
        for one in contests_held_under(parent)
        if one.pairs
    )


def _crowded(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return voters of stations with more than 550 of them, of all listed; one query."""
    low, high = subtree_range(parent)
    rows = (
        StationVoters.objects.filter(place__gte=low, place__lt=high)
        .annotate(code=Left("place_id", int(Level.DISTRICT)))
        .order_by()
        .values_list("code")
        .annotate(n=Sum("total"), crowded=Coalesce(Sum("total", filter=Q(total__gt=_CROWDED)), 0))
    )
    return counted((code, code, Share(crowded, n)) for code, n, crowded in rows)


COUNTS: Mapping[str, AsksForCounts] = {
    "choice-on-ballot": _choice,
    "voters-per-station": _crowded,
}
"""What elections counts, by the indicator's key."""
