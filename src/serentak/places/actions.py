"""What changes the tree of places: taking over a list, adding stations, giving a new code."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from serentak.kernel.codes import COUNTRY, PlaceCode, level_of, parent_of, parse_code, subtree_range
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.platform import catalogue
from serentak.platform.action import action
from serentak.platform.audit import record

from . import queries, rules
from .events import ExternalCodeSet, PlaceRecoded, PlacesAdded, RegionsLoaded
from .importers import Region, read_regions, shipped_list
from .models import ExternalCode, Place
from .permissions import ADD_PLACE, LOAD_REGIONS, RECODE_PLACE
from .rules import KINDS, Kind

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

FORMER = "FORMER"
"""The body under which a place's code from before a re-coding is kept."""


@dataclass(frozen=True, slots=True)
class LoadedRegions:
    """What a load did; `absent` counts places that are in the tree and not in the list."""

    listed: int
    added: int
    changed: int
    absent: int
    digest: str


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be added; a station's name is its number, "001"."""

    code: PlaceCode
    kind: Kind
    name: str


_COLUMNS = (
    "code", "parent_id", "kind", "name", "short_name", "sort_name", "search_text", "tile_x",
    "tile_y",
)  # fmt: skip
_DERIVED = _COLUMNS[2:]


@action
def load_regions(
    *,
    actor: Viewer,
    at: datetime,
    regions: Sequence[Region] | None = None,
    progress: Progress | None = None,
) -> LoadedRegions:
    """Take over a checked list of regions, by default the one that comes with Serentak.

    Adds what is new and corrects kinds, names, short names and tiles of what is known; a place
    that the list no longer has stays, since records hang on it. A load that changes nothing leaves
    no event.
    """
    actor.require(LOAD_REGIONS, COUNTRY)
    if regions is None:
        shipped = read_regions(shipped_list())
        if shipped.faults:
            raise Refused("places.list_has_faults", count=len(shipped.faults))
        regions = shipped.regions
    short_names = catalogue.load("places", "short_names", rules.parse_short_names)
    tiles = catalogue.load("places", "tiles", rules.parse_tiles)
    country = Region(COUNTRY, Kind.COUNTRY, "Indonesia")
    rows = (
        _row(region, short_names.get(region.code, ""), tiles.get(region.code))
        for region in (country, *regions)
    )
    added, changed = _merge(rows, total=len(regions) + 1, progress=progress)
    listed = {region.code for region in regions}
    known = Place.objects.filter(level__gt=0, level__lt=17).values_list("code", flat=True)
    absent = sum(code not in listed for code in known.iterator())
    result = LoadedRegions(len(regions), added, changed, absent, _digest(regions))
    if added or changed:
        event = RegionsLoaded(
            subjects=("regions",),
            place=COUNTRY,
            listed=result.listed,
            added=added,
            changed=changed,
            digest=result.digest,
        )
        record(event, actor=actor, at=at)
    return result


@action
def add_places(*, places: Sequence[NewPlace], actor: Viewer, at: datetime) -> int:
    """Add places in bulk, such as the stations of a regency, and return how many.

    Refuses, naming the code: a wrong width, a kind of another level, an empty name, a code that is
    given twice or exists, a parent that is neither in the tree nor among `places`.
    """
    if not places:
        raise Refused("places.list_is_empty", field="places")
    codes: set[PlaceCode] = set()
    for new in places:
        _check(new, codes)
        codes.add(new.code)
    common = rules.common_place(sorted(codes))
    actor.require(ADD_PLACE, common)
    for code in Place.objects.filter(code__in=codes).values_list("code", flat=True)[:1]:
        raise Refused("places.place_exists", field="code", place=code)
    parents = {parent_of(code) or COUNTRY for code in codes} - codes
    known = set(Place.objects.filter(code__in=parents).values_list("code", flat=True))
    if missing := sorted(parents - known):
        raise Refused("places.parent_is_missing", field="code", parent=missing[0])
    ordered = sorted(places, key=lambda new: new.code)
    _copy(_row(new) for new in ordered)
    event = PlacesAdded(
        subjects=(f"place:{common}",), place=common, count=len(places), digest=_digest(ordered)
    )
    record(event, actor=actor, at=at)
    return len(places)


@action
def recode_place(*, old: PlaceCode, new: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Give a place and everything under it a new code, wherever any slice refers to them.

    Regions split and stations are renumbered. Every foreign key to a place and every other column
    of place codes follows, found through the registry of relations; the audit alone keeps the code
    of its time. Returns how many rows changed. The old code stays known as an external code.
    """
    actor.require(RECODE_PLACE, old)
    actor.require(RECODE_PLACE, new)
    if level_of(old) is not level_of(new) or old == COUNTRY:
        raise Refused("places.level_differs", field="new", old=old, new=new)
    place = Place.objects.select_for_update().filter(code=old).first()
    if place is None:
        raise Refused("places.place_is_missing", field="old", place=old)
    if Place.objects.filter(code=new).exists():
        raise Refused("places.place_exists", field="new", place=new)
    parent = parent_of(new) or COUNTRY
    if not Place.objects.filter(code=parent).exists():
        raise Refused("places.parent_is_missing", field="new", parent=parent)
    kind = rules.kind_after_recoding(Kind(place.kind), new)
    if kind is None:
        raise Refused("places.kind_is_unknown", field="new", place=new)
    changed = {Place._meta.db_table: _recode_tree(old, new, parent, kind)}
    for table, column in queries.place_columns():
        if rows := _recode_column(table, column, old, new):
            changed[table] = changed.get(table, 0) + rows
    # Deferred foreign keys are looked at now, so that a dangling one refuses this action.
    connection.check_constraints()
    ExternalCode.objects.update_or_create(body=FORMER, code=old, defaults={"place_id": new})
    ExternalCode.objects.filter(body=FORMER, code=new, place_id=new).delete()
    event = PlaceRecoded(
        subjects=(f"place:{old}", f"place:{new}"), place=new, old=old, new=new, rows=changed
    )
    record(event, actor=actor, at=at)
    return sum(changed.values())


@action
def set_external_code(
    *, place: PlaceCode, body: str, code: str, actor: Viewer, at: datetime
) -> None:
    """Record how another body writes a place; refused when the body uses it for another one."""
    actor.require(RECODE_PLACE, place)
    if not body.strip() or not code.strip():
        raise Refused("places.external_code_is_empty", field="code")
    if not Place.objects.filter(code=place).exists():
        raise Refused("places.place_is_missing", field="place", place=place)
    other = ExternalCode.objects.filter(body=body, code=code).exclude(place=place).first()
    if other:
        raise Refused("places.external_code_is_taken", field="code", place=other.place_id)
    ExternalCode.objects.get_or_create(place_id=place, body=body, code=code)
    event = ExternalCodeSet(subjects=(f"place:{place}",), place=place, body=body, code=code)
    record(event, actor=actor, at=at)


# --- the list


def _check(new: NewPlace, earlier: set[PlaceCode]) -> None:
    try:
        level = level_of(parse_code(new.code))
    except ValueError:
        raise Refused("places.code_has_wrong_width", field="code", place=new.code) from None
    if new.code in earlier:
        raise Refused("places.code_is_given_twice", field="code", place=new.code)
    if new.kind not in KINDS[level] or new.code == COUNTRY:
        raise Refused("places.kind_is_unknown", field="kind", place=new.code)
    if not new.name.strip():
        raise Refused("places.name_is_empty", field="name", place=new.code)


def _row(
    place: Region | NewPlace, short_name: str = "", tile: rules.Cell | None = None
) -> tuple[Any, ...]:
    return (
        place.code,
        parent_of(place.code),
        place.kind.value,
        place.name,
        short_name,
        rules.sort_key(place.name),
        rules.search_text(place.name, short_name),
        *(tile or (None, None)),
    )


def _digest(places: Sequence[Region] | Sequence[NewPlace]) -> str:
    """Return SHA-256 over code, kind and name of all places, in the order given."""
    digest = hashlib.sha256()
    for place in places:
        digest.update(f"{place.code}\t{place.kind.value}\t{place.name}\n".encode())
    return digest.hexdigest()


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        statement = f"COPY {Place._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN"
        # The driver's own errors become Django's, as everywhere else.
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _merge(
    rows: Iterable[tuple[Any, ...]], *, total: int, progress: Progress | None
) -> tuple[int, int]:
    """Bring rows into the tree and return how many were added and changed.

    They come as arrays, since the application's role makes no table, not even a passing one.
    """
    table = Place._meta.db_table
    columns = ", ".join(_COLUMNS)
    arrays = ", ".join(f"%s::{'int' if c.startswith('tile') else 'text'}[]" for c in _COLUMNS)
    statement = f"""
        WITH merged AS (
          INSERT INTO {table} AS known ({columns})
          SELECT {columns} FROM unnest({arrays}) AS incoming ({columns}) ORDER BY code
          ON CONFLICT (code) DO UPDATE SET ({", ".join(_DERIVED)}) =
            ROW({", ".join(f"excluded.{column}" for column in _DERIVED)})
          WHERE ({", ".join(f"known.{column}" for column in _DERIVED)}) IS DISTINCT FROM
                ({", ".join(f"excluded.{column}" for column in _DERIVED)})
          RETURNING xmax = 0 AS is_new
        )
        SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
        """  # noqa: S608 -- own names
    added = changed = done = 0
    remaining = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(remaining, 5000)):
            cursor.execute(statement, [list(column) for column in zip(*chunk, strict=True)])
            new, other = cursor.fetchone()
            added, changed, done = added + new, changed + other, done + len(chunk)
            if progress:
                progress(done, total)
        if added or changed:
            # Without statistics of its own the first searches read the whole table.
            cursor.execute(f"ANALYZE {table}")
    return added, changed


# --- new codes


def _recode_tree(old: PlaceCode, new: PlaceCode, parent: PlaceCode, kind: Kind) -> int:
    low, high = subtree_range(old)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {Place._meta.db_table} SET
              code = %(new)s || substr(code, %(after)s),
              parent_id = CASE WHEN code = %(old)s THEN %(parent)s
                               ELSE %(new)s || substr(parent_id, %(after)s) END,
              kind = CASE WHEN code = %(old)s THEN %(kind)s ELSE kind END
            WHERE code >= %(low)s AND code < %(high)s
            """,  # noqa: S608 -- own names
            {
                "old": old, "new": new, "parent": parent, "kind": kind.value,
                "after": len(old) + 1, "low": low, "high": high,
            },
        )  # fmt: skip
        return int(cursor.rowcount)


def _recode_column(table: str, column: str, old: PlaceCode, new: PlaceCode) -> int:
    low, high = subtree_range(old)
    name, of = connection.ops.quote_name(column), connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {of} SET {name} = %s || substr({name}, %s) WHERE {name} >= %s AND {name} < %s",  # noqa: S608 -- own names
            [new, len(old) + 1, low, high],
        )
        return int(cursor.rowcount)
