"""Plans: what they are made of, how they stand, and what they leave uncovered."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, Prefetch, QuerySet, Sum, Value, When
from django.db.models.functions import Left

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, at_level, is_within, level_of
from serentak.places import public as places
from serentak.platform.reading import kept
from serentak.platform.rows import within
from serentak.posting.models import Placing, Plan, PlanRow, Post, ReserveRow
from serentak.posting.rules import (
    Batch,
    Crew,
    Group,
    PlanState,
    PostKind,
    Site,
    StationClass,
    groups,
    need_of,
    on_duty,
)

from .catalogues import is_water, numbers, used_patterns
from .need import TO_STATIONS, Strength, classes_of, strengths
from .posts import posts_of

PlanOf = Plan
"""A plan, as its page reads it."""


@dataclass(frozen=True, slots=True)
class World:
    """What a plan is made of: who may go where, and which stations wait in which groups.

    `posts` are those of the crews and sites, None for officers of no named post. `stations` are
    those of a district and class, in the order in which groups take them.
    """

    place: PlaceCode
    crews: Sequence[Crew]
    posts: Sequence[Post | None]
    batches: Sequence[Batch]
    kinds: Sequence[tuple[PlaceCode, StationClass]]
    stations: Mapping[tuple[PlaceCode, StationClass], Sequence[PlaceCode]]
    sites: Sequence[Site]
    sited: Sequence[Post | None]
    highly: Mapping[str, int]
    need: int
    strength: int
    unclassed: int


def way(start: places.Point | None, district: PlaceCode) -> float:
    """Return the assumed kilometres to a district; of what has no point, what is assumed."""
    rules, end = numbers(), places.point_of(district)
    if start is None or end is None:
        return rules.unknown_km
    return places.kilometres(start, end) * rules.detour


def minutes(km: float, district: PlaceCode) -> float:
    """Return the assumed minutes of a way to a district, by water where one goes by water."""
    rules = numbers()
    return km / (rules.water_kmh if is_water(district) else rules.road_kmh) * 60


def world(place: PlaceCode) -> World | None:
    """Return the world of a regency's plan; None where it has no stations; ten queries."""
    codes = [card.code for card in elections.stations_of(place)]
    if not codes:
        return None
    classes = classes_of(place)
    by_kind: dict[tuple[PlaceCode, StationClass], list[PlaceCode]] = {}
    for code in codes:
        one = classes.get(code, StationClass.LESS)
        by_kind.setdefault((at_level(code, Level.DISTRICT), one), []).append(code)
    districts = sorted({district for district, _ in by_kind})
    of = used_patterns(place).of(place)
    batches, kinds = [], []
    for (district, one), stations in sorted(by_kind.items()):
        alike: Counter[Group] = Counter(groups(of[one], len(stations)))
        for group, count in alike.items():
            batches.append(Batch(district, one.tier, group.officers, group.stations, count))
            kinds.append((district, one))
    crews, posts = _crews(place, districts)
    named = [post for post in posts if post]
    sited: list[Post | None] = [*named] if named else [None]
    highly = {
        str(district): len(stations)
        for (district, one), stations in by_kind.items()
        if one is StationClass.HIGHLY
    }
    strong = strengths(place).get(place)
    return World(
        place,
        crews,
        posts,
        batches,
        kinds,
        by_kind,
        [_site(post, place, districts) for post in sited],
        sited,
        highly,
        need=sum(need_of(of[one], len(stations)) for (_, one), stations in by_kind.items()),
        strength=(strong.total or 0) if strong else 0,
        unclassed=sum(code not in classes for code in codes),
    )


def _crews(
    place: PlaceCode, districts: Sequence[PlaceCode]
) -> tuple[list[Crew], list[Post | None]]:
    """Return who may go where: posts into their region, officers of none anywhere."""
    strong = strengths(place).get(place)
    crews: list[Crew] = []
    posts: list[Post | None] = []
    for post in posts_of(place):
        if not PostKind(post.kind).goes_to_stations:
            continue
        regions = [PlaceCode(row.place_id) for row in post.regions.all()]
        start = _point(post)
        km = {
            str(code): way(start, code)
            for code in districts
            if any(is_within(code, region) for region in regions)
        }
        crews.append(Crew(on_duty(post.officers, post.shifts), km))
        posts.append(post)
    if strong:
        unnamed = 0 if strong.is_named else max(0, (strong.own or 0) - strong.named)
        loose = strong.coming + unnamed
        if loose:
            start = places.point_of(place)
            crews.append(Crew(loose, {str(code): way(start, code) for code in districts}))
            posts.append(None)
    return crews, posts


def _point(post: Post) -> places.Point | None:
    if post.lat is not None and post.lon is not None:
        return places.Point(post.lat, post.lon)
    return places.point_of(PlaceCode(post.place_id))


def _site(post: Post | None, place: PlaceCode, districts: Sequence[PlaceCode]) -> Site:
    start = _point(post) if post else places.point_of(place)
    reach = {str(code): minutes(way(start, code), code) for code in districts}
    return Site({code: n for code, n in reach.items() if n <= numbers().minutes})


@kept
def inputs_under(place: PlaceCode) -> Mapping[PlaceCode, str]:
    """Return a stamp of what plans rest on, by regency at and under a place; five queries.

    That is: stations by district, which class each was given, patterns, strength, and every post
    that sends officers with its region. Two changes that cancel out change the stamp all the same.
    """
    told: defaultdict[PlaceCode, list[object]] = defaultdict(list)
    for district, voters in sorted(elections.voters_at_level(place, Level.DISTRICT).items()):
        told[at_level(district, Level.REGENCY)].append((district, voters.stations))
    for code, one in sorted(classes_of(place).items()):
        told[at_level(code, Level.REGENCY)].append((code, one.value))
    posts = Post.objects.filter(within(place), kind__in=TO_STATIONS, is_closed=False)
    regions = ArrayAgg("regions__place_id", order_by="regions__place_id")
    columns = ("place_id", "pk", "kind", "officers", "shifts", "lat", "lon", "serves")
    for code, *post in posts.annotate(serves=regions).order_by("pk").values_list(*columns):
        told[at_level(PlaceCode(code), Level.REGENCY)].append(post)
    strong, used = strengths(place), used_patterns(place)
    found = {}
    for regency, rows in told.items():
        officers = strong.get(regency, Strength())
        rows.append((officers.own, officers.is_named, officers.coming, officers.leaving))
        of = used.of(regency)
        rows += [(one.value, of[one].unit, of[one].officers, of[one].stations) for one in of]
        found[regency] = sha256(repr(rows).encode()).hexdigest()
    return found


def is_outdated(row: Plan, now: Mapping[PlaceCode, str]) -> bool:
    """Tell whether a plan rests no longer on what holds `now`, see `inputs_under`; no query."""
    return row.inputs != now.get(PlaceCode(row.place_id))


# --- plans as they stand


def plan(plan_id: int) -> Plan | None:
    """Return a plan; one query."""
    rows = Plan.objects.select_related("place", "made_by", "adopted_by")
    return rows.filter(pk=plan_id).first()


def plans_of(place: PlaceCode) -> "QuerySet[Plan]":
    """Return the plans of a regency, the newest first."""
    return Plan.objects.filter(place=place).select_related("made_by").order_by("-number")


def adopted_under(place: PlaceCode) -> Mapping[PlaceCode, Plan]:
    """Return the adopted plans that hold at or under a place, by regency; one query."""
    above = at_level(place, min(level_of(place), Level.REGENCY))
    rows = Plan.objects.filter(within(above), state=PlanState.ADOPTED.value)
    return {PlaceCode(row.place_id): row for row in rows}


@kept
def planned_under(place: PlaceCode) -> frozenset[PlaceCode]:
    """Return the regencies at and under a place that have a plan at all; one query."""
    rows = Plan.objects.filter(within(place)).order_by().values_list("place", flat=True).distinct()
    return frozenset(map(PlaceCode, rows))


@kept
def uncovered_by(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[StationClass, int]]:
    """Return stations that adopted plans leave without officers, by place and class; one query."""
    rows = (
        PlanRow.objects.filter(
            within(place, "district"), plan__state=PlanState.ADOPTED.value, officers=0
        )
        .annotate(code=Left("district_id", int(level)))
        .values("code", "station_class")
        .annotate(n=Sum("stations"))
        .order_by()
    )
    found: dict[PlaceCode, Counter[StationClass]] = {}
    for row in rows:
        of = found.setdefault(PlaceCode(row["code"]), Counter())
        of[StationClass(row["station_class"])] += row["n"]
    return found


@dataclass(frozen=True, slots=True)
class Duty:
    """Groups of one class in a district that a post serves, counted."""

    district: str
    post: str
    station_class: StationClass
    groups: int
    stations: int
    officers: int


def duties(plan_id: int) -> Sequence[Duty]:
    """Return who goes where by a plan, first what stays uncovered; one query."""
    rows = (
        PlanRow.objects.filter(plan=plan_id)
        .annotate(is_empty=Case(When(officers=0, then=Value(1)), default=Value(0)))
        .values_list("is_empty", "district__name", "post__name", "station_class")
        .annotate(groups=Count("pk"), of=Sum("stations"), sent=Sum("officers"))
        .order_by("district__name", "post__name")
    )
    order = list(StationClass)
    found = [
        Duty(district, post or "", StationClass(one), *counts)
        for _, district, post, one, *counts in rows
    ]
    return sorted(found, key=lambda one: (one.officers > 0, order.index(one.station_class)))


def rows_of_post(plan_id: int) -> Mapping[int | None, Sequence[PlanRow]]:
    """Return the groups that have officers, by post, with their stations; three queries."""
    placings = Prefetch(
        "placings", Placing.objects.select_related("place__parent").order_by("place")
    )
    rows = (
        PlanRow.objects.filter(plan=plan_id, officers__gt=0)
        .select_related("post", "district")
        .prefetch_related(placings)
        .order_by("district", "pk")
    )
    found: dict[int | None, list[PlanRow]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return found


def unreached_of(row: Plan, reserves: Sequence[ReserveRow]) -> Mapping[PlaceCode, int]:
    """Return the highly vulnerable stations that no reserve of a plan reaches in time, by district.

    Two queries. As the solver counted them: by assumed ways and speeds.
    """
    highly = dict(
        PlanRow.objects.filter(plan=row.pk, station_class=StationClass.HIGHLY.value)
        .values_list("district")
        .annotate(n=Sum("stations"))
        .order_by("district")
    )
    districts = [PlaceCode(code) for code in highly]
    place = PlaceCode(row.place_id)
    sites = [_site(one.post, place, districts).minutes for one in reserves]
    return {code: highly[code] for code in districts if not any(code in site for site in sites)}


@dataclass(frozen=True, slots=True)
class Idle:
    """Officers of a post to whom a plan gives no task; `open` stations of its region lack some."""

    post: str
    officers: int
    serves: Sequence[str]
    open: int


def idle_of(row: Plan, reserves: Sequence[ReserveRow]) -> Sequence[Idle]:
    """Return who has no task by a plan that is not outdated, by post; six queries.

    Officers of no named post may go anywhere: their post is empty.
    """
    place = PlaceCode(row.place_id)
    sent: Counter[int | None] = Counter()
    for sender, officers in PlanRow.objects.filter(plan=row.pk).values_list("post", "officers"):
        sent[sender] += officers
    for one in reserves:
        sent[one.post_id] += one.officers
    uncovered: Counter[PlaceCode] = Counter()
    empty = PlanRow.objects.filter(plan=row.pk, officers=0).values_list("district", "stations")
    for district, stations in empty:
        uncovered[PlaceCode(district)] += stations
    found, named = [], 0
    for post in posts_of(place):
        if not PostKind(post.kind).goes_to_stations:
            continue
        named += on_duty(post.officers, post.shifts)
        left = on_duty(post.officers, post.shifts) - sent[post.pk]
        if left > 0:
            regions = [region.place for region in post.regions.all()]
            lacking = sum(
                n
                for code, n in uncovered.items()
                if any(is_within(code, PlaceCode(one.code)) for one in regions)
            )
            found.append(Idle(post.name, left, [one.name for one in regions], lacking))
    loose = row.strength - named - sent[None]
    if loose > 0:
        found.append(Idle("", loose, (), uncovered.total()))
    return found


def reserves_of(plan_id: int) -> Sequence[ReserveRow]:
    """Return where the reserve of a plan waits; one query."""
    return list(ReserveRow.objects.filter(plan=plan_id).select_related("post").order_by("pk"))
