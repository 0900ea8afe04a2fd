"""Who may say what to whom, which role fits where, and how institutions and holders are called."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.entries import LANGUAGES, Among, Key, Named, Text, every, raise_faults, read
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


def _level_name(name: str) -> str:
    if name not in {*Level.__members__, "CITY", "URBAN_VILLAGE"}:
        raise ValueError("is no level")
    return name


@dataclass(frozen=True, slots=True)
class LevelOfKind:
    """How institutions of a kind are called at one level; `office` is the head's title, if any."""

    name: Text
    short: str
    office: Text | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of institution; `levels` is keyed by level and, for variants, CITY, URBAN_VILLAGE."""

    key: Key
    family: Annotated[str, Among("families")]
    label: Text
    levels: Mapping[Annotated[str, _level_name], LevelOfKind]
    source: str
    confidence: str
    independent: bool = False

    def at(self, level: Level, *, region: str) -> LevelOfKind | None:
        """Return how the kind is called at `level` in a place of the kind `region`, None if not."""
        variant = region.removeprefix("ADMINISTRATIVE_")
        return self.levels.get(variant) or self.levels.get(level.name)


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds by key, with the labels of their families."""

    by_key: Annotated[Mapping[str, Kind], Named("kinds")]
    families: Mapping[str, Text]
    regions: Mapping[str, Text]

    def __post_init__(self) -> None:
        raise_faults(
            f"{key} is a family and a kind"
            for key in self.families
            if key in self.by_key and self.by_key[key].family != key
        )

    def named(self, template: Text, *, region: str, name: str, language: str) -> str:
        """Return a name's template filled for a place of the kind `region` with the bare `name`."""
        full = self.regions[region][language].format(name=name)
        return template[language].format(place=full, name=name)


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of the table sender × receiver; `senders` and `receivers` are kinds or families."""

    senders: Annotated[frozenset[str], Named("from")]
    receivers: Annotated[frozenset[str], Named("to")]
    where: Where
    verbs: frozenset[Verb]
    ground: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Relations:
    """The whole table, with the verbs in words."""

    rows: Annotated[tuple[Relation, ...], Named("relations")]
    labels: Annotated[Mapping[Verb, Text], Named("verbs"), every(Verb)]


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

    key: Key
    label: Text
    may: Text
    seats: Annotated[frozenset[Annotated[str, Among("kinds")]], Named("kinds")]
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

    kind: Annotated[str, Among("kinds")]
    seat: PlaceCode
    name: Text
    office: Text | None
    source: str
    listed: Annotated[tuple[PlaceCode, ...], Named("places")] = ()

    def __post_init__(self) -> None:
        same = all(level_of(place) is level_of(self.seat) for place in self.places)
        if not same or self.seat not in self.places:
            raise ValueError(
                f"{self.name['id']}: its places must be of one level and hold its seat"
            )

    @property
    def places(self) -> tuple[PlaceCode, ...]:
        """Its jurisdiction: the seat, where no places are listed."""
        return self.listed or (self.seat,)


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """A period in a head of region's office that sources give; the name is left out.

    `person` tells which periods at one place are the same person's. An unknown start or an open
    end is None. `contest` is not empty where the holder was a candidate.
    """

    place: PlaceCode
    person: str
    status: HolderStatus
    from_date: Annotated[date | None, Named("from")]
    to_date: Annotated[date | None, Named("to")]
    source: str
    confidence: str
    contest: str = ""

    def __post_init__(self) -> None:
        if ended_before_start(self.from_date, self.to_date):
            raise ValueError(
                f"{self.place}: {self.from_date} to {self.to_date} ends before it starts"
            )


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
    return f"{PREFIXES[status]} {office}".strip()


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


def parse_relations(data: object, *, kinds: Kinds) -> Relations:
    """Read `relations.yaml`; ValueError for unknown names and for orders to independent bodies."""
    relations = read(Relations, data)
    faults: list[str] = []
    for number, row in enumerate(relations.rows, start=1):
        named = sorted(row.senders | row.receivers)
        faults += [f"row {number}: {n} is unknown" for n in named if n not in _names(kinds)]
        faults += [
            f"row {number}: {kind.key} decides for itself and takes no {'/'.join(steering)} "
            f"from {sender}"
            for kind in kinds.by_key.values()
            if kind.independent and {kind.key, kind.family} & row.receivers
            for sender in sorted(_families(row.senders, kinds) - {kind.family})
            if (steering := sorted(row.verbs & STEERING))
        ]
    raise_faults(faults)
    return relations


@dataclass(frozen=True, slots=True)
class _RolesFile:
    """The file of roles, in which institutions says too who holds its own permissions."""

    sets: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, Role]
    permissions: object = None


@dataclass(frozen=True, slots=True)
class _HeldFile:
    permissions: Held
    sets: object = None
    roles: object = None


def parse_roles(data: object, *, kinds: Kinds) -> Roles:
    """Read sets and roles of `roles.yaml`; ValueError for an unknown kind, or a set that is none.

    A name that is both a set and a role is refused too: a permission is given to either by name.
    """
    file = read(_RolesFile, data, known={"kinds": _names(kinds)})
    faults = [f"{name} is both a set and a role" for name in file.roles.keys() & file.sets.keys()]
    faults += [
        f"{role.key}: permissions: stand with the slice that they are of"
        for role in file.roles.values()
        if role.permissions
    ]

    def unfold(names: Iterable[str], seen: tuple[str, ...] = ()) -> Iterable[str]:
        for name in names:
            if name in file.sets and name not in seen:
                yield name
                yield from unfold(file.sets[name], (*seen, name))
            else:
                faults.append(f"{name} is no set, or holds itself")

    roles = {k: replace(role, sets=frozenset(unfold(role.sets))) for k, role in file.roles.items()}
    raise_faults(faults)
    return Roles(by_key=roles, sets=frozenset(file.sets))


def parse_held(data: object, *, roles: Roles, declared: Collection[str]) -> Held:
    """Read the permissions of one slice's `roles.yaml`; ValueError for what is declared nowhere."""
    held = read(_HeldFile, data).permissions
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


def parse_seats(data: object, *, kinds: Kinds) -> tuple[Seat, ...]:
    """Read `seats.yaml`; ValueError for unknown kinds, codes, levels, or one place named twice."""
    seats = read(tuple[Seat, ...], data, at="institutions", known={"kinds": kinds.by_key})
    taken = [(s.kind, place) for s in seats for place in s.places]
    raise_faults(f"{k} at {p} is named twice" for k, p in set(taken) if taken.count((k, p)) > 1)
    return seats


def parse_holders(data: object) -> tuple[KnownHolder, ...]:
    """Read `holders.yaml`; ValueError where a period ends before it starts or two overlap."""
    known = read(tuple[KnownHolder, ...], data, at="holders")
    raise_faults(
        f"{one.place}: {other.from_date} to {other.to_date} overlaps another period"
        for number, one in enumerate(known)
        for other in known[:number]
        if other.place == one.place
        and periods_overlap(one.from_date, one.to_date, other.from_date, other.to_date)
    )
    return known


def _names(kinds: Kinds) -> frozenset[str]:
    return frozenset({*kinds.by_key, *kinds.families})


def _families(names: Iterable[str], kinds: Kinds) -> set[str]:
    return {kinds.by_key[n].family if n in kinds.by_key else n for n in names}
