"""Reads of the tree; places are public facts, so no reader is asked for."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, ForeignKey, Q, QuerySet, When
from django.db.models.functions import Left

from serentak.kernel.codes import (
    COUNTRY,
    Level,
    PlaceCode,
    ancestors,
    at_level,
    child_level,
    level_of,
    parent_of,
    subtree_range,
)
from serentak.kernel.refused import OutOfScope
from serentak.platform import catalogue
from serentak.platform.models import AuditEvent, PlaceCodeField
from serentak.platform.reading import each_kept, kept, note
from serentak.platform.rows import rows_as
from serentak.platform.web.pickers import SHOWN, Option

from . import rules, words
from .models import WORDS, ExternalCode, Place
from .rules import Kind, TerrainNote

DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")
"""Where the country's own offices are."""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """What a page shows of a place; `tile_x` and `tile_y` count from 1, None if not arranged."""

    code: PlaceCode
    kind: Kind
    name: str
    short_name: str
    sort_name: str
    tile_x: int | None
    tile_y: int | None

    @property
    def level(self) -> Level:
        """How deep the place lies."""
        return level_of(self.code)

    @property
    def parent(self) -> PlaceCode | None:
        """The code one level up, None for the country."""
        return parent_of(self.code)

    @property
    def full_name(self) -> str:
        """The name with its kind, in the reader's language: Kabupaten Banyuasin."""
        return words.full_name(self.kind, self.name)

    @property
    def tile_name(self) -> str:
        """The name for a tile, with soft hyphens."""
        return self.short_name or rules.with_soft_hyphens(self.name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places lie under one, by level and by kind; nothing counted is 0."""

    by_level: Mapping[Level, int]
    by_kind: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class TileGrid(rules.Arrangement):
    """The children of a place as tiles; when `is_map` is false they flow as a list."""

    tiles: tuple[PlaceCard, ...]


def _cards(rows: QuerySet[Place]) -> tuple[PlaceCard, ...]:
    return tuple(rows_as(PlaceCard, rows))


def _under(code: PlaceCode) -> QuerySet[Place]:
    low, high = subtree_range(code)
    return Place.objects.filter(code__gt=low, code__lt=high)


def _at_or_under(codes: Collection[PlaceCode]) -> Q:
    found = Q(pk__in=[])
    for low, high in map(subtree_range, codes):
        found |= Q(code__gte=low, code__lt=high)
    return found


def place(code: PlaceCode) -> PlaceCard:
    """Return a place; OutOfScope (404) if there is none."""
    if found := places([code]):
        return found[code]
    raise OutOfScope("place", code)


def _noted(cards: tuple[PlaceCard, ...]) -> tuple[PlaceCard, ...]:
    note(places, {card.code: card for card in cards})
    return cards


@each_kept
def places(codes: Collection[PlaceCode]) -> Mapping[PlaceCode, PlaceCard]:
    """Return those of `codes` that exist."""
    return {card.code: card for card in _cards(Place.objects.filter(code__in=set(codes)))}


@kept
def children(code: PlaceCode) -> tuple[PlaceCard, ...]:
    """Return the places one level down, in the order of their codes."""
    return _noted(_cards(Place.objects.filter(parent=code).order_by("code")))


def path(code: PlaceCode) -> tuple[PlaceCard, ...]:
    """Return the places above and the place itself, the country first; OutOfScope without it."""
    cards = _cards(Place.objects.filter(code__in=[*ancestors(code), code]).order_by("code"))
    if not cards or cards[-1].code != code:
        raise OutOfScope("place", code)
    return _noted(cards)


@kept
def descendants(code: PlaceCode, level: Level) -> tuple[PlaceCard, ...]:
    """Return all places of one level under `code`, in the order of their codes."""
    return _cards(_under(code).filter(level=level).order_by("code"))


@kept
def counts_by_child(code: PlaceCode) -> Mapping[PlaceCode, Counts]:
    """Return how many places lie under each child of `code`, and under `code` itself."""
    level = child_level(level_of(code))
    if level is None:
        return {code: _counts({})}
    rows = (
        _under(code)
        .order_by()
        .annotate(child=Left("code", int(level)))
        .values_list("child", "kind", "level")
        .annotate(Count("code"))
    )
    found: dict[PlaceCode, Counter[Kind]] = {code: Counter()}
    for text, kind, of_level, count in rows:
        child = found.setdefault(PlaceCode(text), Counter())
        if of_level > level:
            child[Kind(kind)] += count
        found[code][Kind(kind)] += count
    return {child: _counts(kinds) for child, kinds in sorted(found.items())}


def _counts(kinds: Mapping[Kind, int]) -> Counts:
    return Counts(
        by_level={
            level: sum(kinds.get(kind, 0) for kind in of_level)
            for level, of_level in rules.KINDS.items()
        },
        by_kind={kind: kinds.get(kind, 0) for kind in Kind},
    )


def search(
    text: str,
    *,
    within: PlaceCode | Collection[PlaceCode] = COUNTRY,
    levels: Sequence[Level] = (),
    limit: int = 12,
) -> tuple[PlaceCard, ...]:
    """Return places whose words begin with the words typed, or whose code begins with the digits.

    An exact name comes first, then names that begin like that, then higher places. Stations are
    found through their village and not here. `within`: under one place, or at and under several.
    """
    if isinstance(within, str):
        rows = _under(PlaceCode(within)).filter(level__lt=Level.STATION)
    else:
        rows = Place.objects.filter(_at_or_under(within), level__lt=Level.STATION)
    if levels:
        rows = rows.filter(level__in=[int(level) for level in levels])
    if prefix := rules.code_prefix(text):
        by_code = rows.filter(code__gte=prefix, code__lt=prefix + ":").order_by("level", "code")
        if found := _cards(by_code[:limit]):
            return found
    typed = rules.folded(text)
    if not typed:
        return ()
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in typed.split()), search_type="raw", config="simple"
    )
    key = rules.sort_key(text)
    rank = Case(When(sort_name=key, then=0), When(sort_name__startswith=key, then=1), default=2)
    matching = rows.alias(words=WORDS).filter(words=query).annotate(rank=rank)
    return _cards(matching.order_by("rank", "level", "sort_name", "code")[:limit])


def place_options(text: str, *, within: Collection[PlaceCode] = (COUNTRY,)) -> list[Option]:
    """Return what a picker of places offers for a text at and under some places.

    Its view is `places:options`. Namesakes are told apart by the place above; two queries.
    """
    found = search(text, within=within, limit=SHOWN)
    above = places([card.parent for card in found if card.parent]) if found else {}
    return [_option(card, above.get(card.parent or COUNTRY)) for card in found]


def place_option(value: str) -> Option | None:
    """Return the option of a code, with or without dots; None if there is no such place."""
    found = places([PlaceCode(rules.code_prefix(value) or "?")])
    return next((_option(card) for card in found.values()), None)


def _option(card: PlaceCard, above: PlaceCard | None = None) -> Option:
    says = [above.full_name] if above and above.code != COUNTRY else []
    return Option(card.code, card.full_name, " · ".join([*says, card.code]))


def zone_of(code: PlaceCode) -> ZoneInfo:
    """Return the time zone of the province in which a place lies (Indonesia has three)."""
    if code == COUNTRY:
        return DEFAULT_ZONE
    zones = catalogue.load("places", "zones", rules.parse_zones)
    name = zones.get(at_level(code, Level.PROVINCE))
    return ZoneInfo(name) if name else DEFAULT_ZONE


def tile_grid(code: PlaceCode) -> TileGrid:
    """Return the children of a place with the cell of each, as a map where one was arranged."""
    cards = children(code)
    cells = {
        card.code: (card.tile_x, card.tile_y) if card.tile_x and card.tile_y else None
        for card in cards
    }
    found = rules.arranged(cells)
    return TileGrid(found.cells, found.columns, found.rows, found.is_map, cards)


def terrain(code: PlaceCode) -> tuple[TerrainNote, ...]:
    """Return what is known of the terrain at and under a place."""
    low, high = subtree_range(code)
    notes = catalogue.load("places", "terrain", rules.parse_terrain)
    return tuple(note for note in notes if any(low <= place < high for place in note.places))


def point_of(code: PlaceCode) -> rules.Point | None:
    """Return where a place lies; without a point of its own, the middle of those under it, else
    the point of the nearest place above that has one of its own. No query.
    """
    known = catalogue.load("places", "points", rules.parse_points)
    if found := known.get(code):
        return found
    low, high = subtree_range(code)
    if under := [point for one, point in known.items() if low <= one < high]:
        return rules.middle(under)
    return next((known[one] for one in reversed(ancestors(code)) if one in known), None)


FARTHEST_KM = 100.0
"""So far from the nearest known point of its regency a point may lie; OKI reaches 90 from one."""


def lies_near(code: PlaceCode, lat: float, lon: float) -> bool:
    """Tell whether a point (degrees, WGS84) lies in or near a place, as far as points are known.

    A sign that was lost or two numbers that were swapped lie elsewhere. No query.
    """
    low, high = subtree_range(code)
    points = catalogue.load("places", "points", rules.parse_points)
    known = [point for one, point in points.items() if low <= one < high]
    if not known and (above := point_of(code)):
        known = [above]
    here = rules.Point(lat, lon)
    return not known or any(rules.kilometres(here, one) <= FARTHEST_KM for one in known)


def place_of_external_code(body: str, code: str) -> PlaceCode | None:
    """Return the place that another body writes as `code`; body FORMER: its code before."""
    row = ExternalCode.objects.filter(body=body, code=code).values_list("place", flat=True).first()
    return None if row is None else PlaceCode(row)


def place_columns() -> list[tuple[str, str]]:
    """Return (table, column) of every column that holds a place's code, but for the tree itself.

    Found through the registry of relations, so that no slice has to be named. The audit is left
    out: it says which code a place had when something was done.
    """
    found: set[tuple[str, str]] = set()
    for model in apps.get_models(include_auto_created=True):
        if model in (Place, AuditEvent) or not model._meta.managed or model._meta.proxy:
            continue
        for column in model._meta.local_concrete_fields:
            refers = isinstance(column, ForeignKey) and column.related_model is Place
            if column.column and (refers or isinstance(column, PlaceCodeField)):
                found.add((model._meta.db_table, column.column))
    return sorted(found)
