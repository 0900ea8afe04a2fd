"""Who may say what to whom, which role fits where, and how institutions and holders are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from serentak.kernel.codes import Level, PlaceCode, is_within, level_of, parse_code
from serentak.kernel.texts import LANGUAGES, Text, parse_text, raise_faults
from serentak.kernel.viewer import Permission


class Verb(StrEnum):
    """What one institution may address to another, from the most binding to the least."""

    INSTRUCTION = "INSTRUCTION"
    CIRCULAR = "CIRCULAR"
    DIRECTIVE = "DIRECTIVE"
    GUIDANCE = "GUIDANCE"
    REMINDER = "REMINDER"
    REPRIMAND = "REPRIMAND"
    REQUEST = "REQUEST"
    REPORT = "REPORT"
    COORDINATION = "COORDINATION"


STEERING = frozenset(Verb) - {Verb.REQUEST, Verb.REPORT, Verb.COORDINATION}
"""Verbs that set one above the other: an independent body takes them from its own family only."""


class Where(StrEnum):
    """How the receiver stands to the sender."""

    SAME = "SAME"
    BELOW = "BELOW"
    ABOVE = "ABOVE"
    ANY = "ANY"


class HolderStatus(StrEnum):
    """By what title a person holds an office (UU 10/2016, UU 23/2014 art. 65–66)."""

    DEFINITIVE = "DEFINITIVE"
    PJ = "PJ"
    PJS = "PJS"
    PLT = "PLT"
    PLH = "PLH"


PREFIXES: Mapping[HolderStatus, str] = {
    HolderStatus.DEFINITIVE: "",
    HolderStatus.PJ: "Pj.",
    HolderStatus.PJS: "Pjs.",
    HolderStatus.PLT: "Plt.",
    HolderStatus.PLH: "Plh.",
}


@dataclass(frozen=True, slots=True)
class LevelOfKind:
    """How institutions of a kind are called at one level; `office` is the head's title, if any."""

    name: Text
    short: str
    office: Text | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of institution; `levels` is keyed by level and, for variants, CITY, URBAN_VILLAGE."""

    key: str
    family: str
    label: Text
    independent: bool
    levels: Mapping[str, LevelOfKind]
    source: str
    confidence: str

    def at(self, level: Level, *, region: str) -> LevelOfKind | None:
        """Return how the kind is called at `level` in a place of the kind `region`, None if not."""
        variant = region.removeprefix("ADMINISTRATIVE_")
        return self.levels.get(variant) or self.levels.get(level.name)


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds by key, with the labels of their families."""

    by_key: Mapping[str, Kind]
    families: Mapping[str, Text]
    regions: Mapping[str, Text]

    def named(self, template: Text, *, region: str, name: str, language: str) -> str:
        """Return a name's template filled for a place of the kind `region` with the bare `name`."""
        full = self.regions[region][language].format(name=name)
        return template[language].format(place=full, name=name)


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of the table sender × receiver; `senders` and `receivers` are kinds or families."""

    senders: frozenset[str]
    receivers: frozenset[str]
    where: Where
    verbs: frozenset[Verb]
    ground: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Relations:
    """The whole table, with the verbs in words."""

    rows: tuple[Relation, ...]
    labels: Mapping[Verb, Text]


@dataclass(frozen=True, slots=True)
class Party:
    """An institution as the table of relations sees it."""

    kind: str
    family: str
    level: Level
    places: tuple[PlaceCode, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """What its bearer may; `seats` are the kinds or families of institution it may sit in."""

    key: str
    label: Text
    may: Text
    seats: frozenset[str]
    sets: frozenset[str]
    permissions: frozenset[Permission] = frozenset()


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles, and the names of all sets of permissions."""

    by_key: Mapping[str, Role]
    sets: frozenset[str]


Held = Mapping[Permission, frozenset[str]]
"""Which sets and roles hold each permission of one slice."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An institution with a proper name, or an area of its own that need not be a subtree."""

    kind: str
    seat: PlaceCode
    name: Text
    office: Text | None
    places: tuple[PlaceCode, ...]
    source: str


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """A period in a head of region's office that sources give; the name is left out.

    `person` tells which periods at one place are the same person's. An unknown start or an open
    end is None. `contest` is not empty where the holder was a candidate.
    """

    place: PlaceCode
    person: str
    status: HolderStatus
    from_date: date | None
    to_date: date | None
    contest: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An institution that a province's places call for."""

    kind: str
    level: Level
    seat: PlaceCode
    name: Text
    short: str
    office: Text | None
    places: tuple[PlaceCode, ...]


def planned(
    places: Iterable[tuple[PlaceCode, str, str]], *, kinds: Kinds, seats: Iterable[Seat]
) -> list[Planned]:
    """Return the institutions that `places` (code, kind of place, bare name) call for.

    A seat of the catalogue stands in for what the pattern would make at the places it covers.
    """
    own = {(s.kind, s.seat): s for s in seats}
    covered = {(s.kind, place) for s in own.values() for place in s.places}
    found = []
    for code, region, bare in places:
        level = level_of(code)
        for kind in kinds.by_key.values():
            pattern = kind.at(level, region=region)
            seat = own.get((kind.key, code))
            if pattern is None or (seat is None and (kind.key, code) in covered):
                continue
            office = (seat and seat.office) or pattern.office

            def filled(template: Text, region: str = region, bare: str = bare) -> Text:
                return {
                    language: kinds.named(template, region=region, name=bare, language=language)
                    for language in LANGUAGES
                }

            found.append(
                Planned(
                    kind=kind.key,
                    level=level,
                    seat=code,
                    name=seat.name if seat else filled(pattern.name),
                    short=pattern.short,
                    office=filled(office) if office else None,
                    places=seat.places if seat else (code,),
                )
            )
    return found


def verbs(sender: Party, receiver: Party, relations: Relations) -> frozenset[Verb]:
    """Return what `sender` may address to `receiver`: the union of all rows that fit."""
    found: set[Verb] = set()
    for row in relations.rows:
        if (
            {sender.kind, sender.family} & row.senders
            and {receiver.kind, receiver.family} & row.receivers
            and stands(sender, receiver, row.where)
        ):
            found |= row.verbs
    return frozenset(found)


def stands(sender: Party, receiver: Party, where: Where) -> bool:
    """Tell whether the receiver's level and area stand to the sender's as `where` says."""
    below = receiver.level > sender.level and _covers(sender.places, receiver.places)
    above = receiver.level < sender.level and _covers(receiver.places, sender.places)
    same = receiver.level == sender.level and bool(set(sender.places) & set(receiver.places))
    return {
        Where.SAME: same,
        Where.BELOW: below,
        Where.ABOVE: above,
        Where.ANY: same or below or above,
    }[where]


def _covers(outer: Iterable[PlaceCode], inner: Iterable[PlaceCode]) -> bool:
    above = tuple(outer)
    return any(is_within(place, o) for place in inner for o in above)


def outside(places: Iterable[PlaceCode], jurisdiction: Iterable[PlaceCode]) -> list[PlaceCode]:
    """Return those `places` that lie in no place of `jurisdiction`."""
    area = tuple(jurisdiction)
    return [place for place in places if not any(is_within(place, above) for above in area)]


def fits(role: Role, kind: Kind) -> bool:
    """Tell whether `role` may sit in an institution of `kind`."""
    return bool({kind.key, kind.family} & role.seats)


def holder_title(office: str, status: HolderStatus) -> str:
    """Return the office as its holder of that status writes it: `Pj. Bupati Banyuasin`.

    Order of letters and signatures: BKN 16/2020 art. 241–243.
    """
    prefix = PREFIXES[status]
    return f"{prefix} {office}" if prefix else office


def ended_before_start(from_date: date | None, to_date: date | None) -> bool:
    """Tell whether a period ends before it begins; an open end or an unknown start never does."""
    return bool(from_date and to_date and to_date < from_date)


def periods_overlap(
    from_date: date | None, to_date: date | None, other_from: date | None, other_to: date | None
) -> bool:
    """Tell whether two periods share a day; None is an unknown start or an open end."""
    return (from_date or date.min) <= (other_to or date.max) and (other_from or date.min) <= (
        to_date or date.max
    )


# --- catalogue files in, plain data out


def parse_kinds(data: Any) -> Kinds:
    """Read `kinds.yaml`; ValueError with one fault a line."""
    faults: list[str] = []
    families = {key: parse_text(value, key, faults) for key, value in data["families"].items()}
    regions = {key: parse_text(value, key, faults) for key, value in data["regions"].items()}
    kinds = {}
    for key, raw in data["kinds"].items():
        if raw["family"] not in families:
            faults.append(f"{key}: family {raw['family']} is not listed")
        levels = {}
        for level, entry in raw["levels"].items():
            if level not in {*Level.__members__, "CITY", "URBAN_VILLAGE"}:
                faults.append(f"{key}: {level} is no level")
            office = entry.get("office")
            levels[level] = LevelOfKind(
                name=parse_text(entry["name"], key, faults),
                short=entry["short"],
                office=parse_text(office, key, faults) if office else None,
            )
        kinds[key] = Kind(
            key=key,
            family=raw["family"],
            label=parse_text(raw["label"], key, faults),
            independent=raw.get("independent", False),
            levels=levels,
            source=raw["source"],
            confidence=raw["confidence"],
        )
    faults += [f"{key} is a family and a kind" for key in families if _ambiguous(key, kinds)]
    raise_faults(faults)
    return Kinds(kinds, families, regions)


def _ambiguous(key: str, kinds: Mapping[str, Kind]) -> bool:
    return key in kinds and kinds[key].family != key


def parse_relations(data: Any, *, kinds: Kinds) -> Relations:
    """Read `relations.yaml`; ValueError for unknown names and for orders to independent bodies."""
    faults: list[str] = []
    labels = {Verb(key): parse_text(value, key, faults) for key, value in data["verbs"].items()}
    faults += [f"{verb} has no words" for verb in Verb if verb not in labels]
    rows = []
    for number, raw in enumerate(data["relations"], start=1):
        row = Relation(
            senders=frozenset(raw["from"]),
            receivers=frozenset(raw["to"]),
            where=Where(raw["where"]),
            verbs=frozenset(Verb(v) for v in raw["verbs"]),
            ground=raw["ground"],
            confidence=raw["confidence"],
        )
        named = row.senders | row.receivers
        faults += [f"row {number}: {n} is unknown" for n in _unknown(named, kinds)]
        faults += [
            f"row {number}: {kind.key} decides for itself and takes no {'/'.join(steering)} "
            f"from {sender}"
            for kind in kinds.by_key.values()
            if kind.independent and {kind.key, kind.family} & row.receivers
            for sender in sorted(_families(row.senders, kinds) - {kind.family})
            if (steering := sorted(row.verbs & STEERING))
        ]
        rows.append(row)
    raise_faults(faults)
    return Relations(tuple(rows), labels)


def parse_roles(data: Any, *, kinds: Kinds) -> Roles:
    """Read sets and roles of `roles.yaml`; ValueError for an unknown kind, or a set that is none.

    A name that is both a set and a role is refused too: a permission is given to either by name.
    """
    faults: list[str] = []
    sets: Mapping[str, list[str]] = data["sets"]

    def unfold(names: Iterable[str], seen: tuple[str, ...] = ()) -> Iterable[str]:
        for name in names:
            if name in sets and name not in seen:
                yield name
                yield from unfold(sets[name], (*seen, name))
            else:
                faults.append(f"{name} is no set, or holds itself")

    roles = {
        key: Role(
            key=key,
            label=parse_text(raw["label"], key, faults),
            may=parse_text(raw["may"], key, faults),
            seats=frozenset(raw["kinds"]),
            sets=frozenset(unfold(raw["sets"])),
        )
        for key, raw in data["roles"].items()
    }
    for role in roles.values():
        faults += [f"{role.key}: {name} is unknown" for name in _unknown(role.seats, kinds)]
    faults += [f"{name} is both a set and a role" for name in roles.keys() & sets.keys()]
    raise_faults(faults)
    return Roles(by_key=roles, sets=frozenset(sets))


def parse_held(data: Any, *, roles: Roles, declared: Collection[str]) -> Held:
    """Read the permissions of one slice's `roles.yaml`; ValueError for what is declared nowhere."""
    held = {Permission(name): frozenset(by) for name, by in data["permissions"].items()}
    known = roles.by_key.keys() | roles.sets
    faults = [f"{p}: no permission is called so" for p in held if p not in declared]
    faults += [
        f"{permission}: {name} is neither a set nor a role"
        for permission, names in held.items()
        for name in sorted(names - known)
    ]
    raise_faults(faults)
    return held


def with_permissions(roles: Roles, given: Iterable[Held]) -> Mapping[str, Role]:
    """Return the roles by key, each with what it holds itself or by its sets."""
    held = [row for part in given for row in part.items()]
    return {
        role.key: replace(
            role, permissions=frozenset(p for p, names in held if names & {role.key, *role.sets})
        )
        for role in roles.by_key.values()
    }


def parse_seats(data: Any, *, kinds: Kinds) -> tuple[Seat, ...]:
    """Read `seats.yaml`; ValueError for unknown kinds, codes, levels, or one place named twice."""
    faults: list[str] = []
    seats = []
    for raw in data["institutions"]:
        seat = parse_code(raw["seat"])
        places = tuple(parse_code(p) for p in raw.get("places", [raw["seat"]]))
        name = parse_text(raw["name"], raw["kind"], faults)
        if raw["kind"] not in kinds.by_key:
            faults.append(f"{raw['kind']} is unknown")
        if any(level_of(p) != level_of(seat) for p in places) or seat not in places:
            faults.append(f"{name['id']}: its places must be of one level and hold its seat")
        office = raw.get("office")
        seats.append(
            Seat(
                kind=raw["kind"],
                seat=seat,
                name=name,
                office=parse_text(office, raw["kind"], faults) if office else None,
                places=places,
                source=raw["source"],
            )
        )
    taken = [(s.kind, place) for s in seats for place in s.places]
    faults += [f"{k} at {p} is named twice" for k, p in set(taken) if taken.count((k, p)) > 1]
    raise_faults(faults)
    return tuple(seats)


def parse_holders(data: Any) -> tuple[KnownHolder, ...]:
    """Read `holders.yaml`; ValueError where a period ends before it starts or two overlap."""
    faults: list[str] = []
    known = [
        KnownHolder(
            place=parse_code(raw["place"]),
            person=raw["person"],
            status=HolderStatus(raw["status"]),
            from_date=raw.get("from"),
            to_date=raw.get("to"),
            contest=raw.get("contest", ""),
            source=raw["source"],
            confidence=raw["confidence"],
        )
        for raw in data["holders"]
    ]
    for number, one in enumerate(known):
        if ended_before_start(one.from_date, one.to_date):
            faults.append(f"{one.place}: {one.from_date} to {one.to_date} ends before it starts")
        faults += [
            f"{one.place}: {other.from_date} to {other.to_date} overlaps another period"
            for other in known[:number]
            if other.place == one.place
            and periods_overlap(one.from_date, one.to_date, other.from_date, other.to_date)
        ]
    raise_faults(faults)
    return tuple(known)


def _unknown(names: Iterable[str], kinds: Kinds) -> list[str]:
    return sorted(n for n in names if n not in kinds.by_key and n not in kinds.families)


def _families(names: Iterable[str], kinds: Kinds) -> set[str]:
    return {kinds.by_key[n].family if n in kinds.by_key else n for n in names}
