"""Reads about institutions, people, roles and holders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import get_language

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Grant, Viewer
from serentak.platform.audit import HistoryEntry, history
from serentak.platform.catalogue import load, said

from . import rules
from .models import Holder, Institution, Jurisdiction, Person, RoleAssignment, RolePlace
from .permissions import VIEW_CONTACTS, VIEW_DIRECTORY

SLICE = "institutions"


# --- the catalogues


def kinds() -> rules.Kinds:
    """Return the catalogue of institution kinds."""
    return load(SLICE, "kinds", rules.parse_kinds)


def relations() -> rules.Relations:
    """Return the table of who may say what to whom."""
    return load(SLICE, "relations", _parse_relations)


def roles() -> Mapping[str, rules.Role]:
    """Return the roles by key."""
    return load(SLICE, "roles", _parse_roles)


def seats() -> tuple[rules.Seat, ...]:
    """Return the institutions with proper names or areas of their own."""
    return load(SLICE, "seats", _parse_seats)


def known_holders() -> tuple[rules.KnownHolder, ...]:
    """Return the periods in heads of region's offices that sources give, without names."""
    return load(SLICE, "holders", rules.parse_holders)


def _english() -> bool:
    return (get_language() or "id").startswith("en")


def _parse_relations(data: object) -> rules.Relations:
    return rules.parse_relations(data, kinds=kinds())


def _parse_roles(data: object) -> Mapping[str, rules.Role]:
    return rules.parse_roles(data, kinds=kinds())


def _parse_seats(data: object) -> tuple[rules.Seat, ...]:
    return rules.parse_seats(data, kinds=kinds())


# --- who may do what


def grants_of(user_id: int, day: date) -> tuple[Grant, ...]:
    """Return the grants of an account's roles that hold on `day`; one query.

    A role whose key the catalogue no longer knows gives nothing.
    """
    known = roles()
    rows = (
        RoleAssignment.objects.filter(_on(day), person__user_id=user_id)
        .order_by("id")
        .values_list(
            "role",
            "institution_id",
            ArraySubquery(
                RolePlace.objects.filter(assignment=OuterRef("pk"))
                .order_by("place")
                .values("place")
            ),
            ArraySubquery(_area(OuterRef("institution"))),
        )
    )
    return tuple(
        Grant(
            institution_id=institution_id,
            role=role,
            permissions=known[role].permissions,
            places=tuple(narrowed or area),
        )
        for role, institution_id, narrowed, area in rows
        if role in known
    )


def _on(day: date) -> Q:
    return (Q(from_date__isnull=True) | Q(from_date__lte=day)) & (
        Q(to_date__isnull=True) | Q(to_date__gte=day)
    )


def _area(institution: OuterRef) -> QuerySet[Jurisdiction, str]:
    return (
        Jurisdiction.objects.filter(institution=institution)
        .order_by("place")
        .values_list("place", flat=True)
    )


def account_of(person_id: int) -> int | None:
    """Return the id of a person's account, None if there is none."""
    return Person.objects.filter(pk=person_id).values_list("user_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class DemoLine:
    """An account of a synthetic person with its first role."""

    username: str
    full_name: str
    role: rules.Role
    institution: str


def demo_lines() -> list[DemoLine]:
    """Return the accounts of people of the class SYNTHETIC, each with its first role; one query."""
    known = roles()
    english = _english()
    found: dict[str, DemoLine] = {}
    for row in (
        RoleAssignment.objects.filter(
            person__figure_class=FigureClass.SYNTHETIC, person__user__is_active=True
        )
        .select_related("person__user", "institution")
        .order_by("person__user_id", "id")
    ):
        user = row.person.user
        if user and row.role in known and user.username not in found:
            found[user.username] = DemoLine(
                username=user.username,
                full_name=row.person.full_name,
                role=known[row.role],
                institution=row.institution.name_en if english else row.institution.name,
            )
    return list(found.values())


# --- institutions


@dataclass(frozen=True, slots=True)
class InstitutionCard:
    """An institution in words of the reader's language; `places` is its jurisdiction."""

    id: int
    kind: str
    family: str
    level: Level
    place: PlaceCode
    name: str
    short_name: str
    kind_label: str
    family_label: str
    independent: bool
    places: tuple[PlaceCode, ...]

    @property
    def party(self) -> rules.Party:
        """Return what the table of relations needs to know."""
        return rules.Party(self.kind, self.family, self.level, self.places)


def institution_cards(where: Q) -> list[InstitutionCard]:
    """Return the institutions that fit, in the order of the catalogue of kinds; one query."""
    catalogue = kinds()
    order = {key: number for number, key in enumerate(catalogue.by_key)}
    english = _english()
    cards = []
    for row in Institution.objects.filter(where).annotate(
        area=ArraySubquery(_area(OuterRef("pk")))
    ):
        kind = catalogue.by_key[row.kind]
        cards.append(
            InstitutionCard(
                id=row.pk,
                kind=row.kind,
                family=kind.family,
                level=Level(row.level),
                place=PlaceCode(row.place_id),
                name=row.name_en if english else row.name,
                short_name=row.short_name,
                kind_label=said(kind.label),
                family_label=said(catalogue.families[kind.family]),
                independent=kind.independent,
                places=tuple(PlaceCode(code) for code in row.area),
            )
        )
    return sorted(cards, key=lambda c: (order[c.kind], c.place))


def at_place(place: PlaceCode, kind_keys: Collection[str] | None = None) -> Q:
    """Return the condition for institutions of the place's own level that act in it."""
    where = Q(level=level_of(place), jurisdictions__place=place)
    return where & Q(kind__in=kind_keys) if kind_keys is not None else where


def verbs_of(sender: InstitutionCard, receiver: InstitutionCard) -> frozenset[rules.Verb]:
    """Return what one institution may address to another."""
    return rules.verbs(sender.party, receiver.party, relations())


# --- offices and their holders


@dataclass(frozen=True, slots=True)
class HolderCard:
    """Who holds an office on a day.

    `title` is the office with the prefix of the status ("Pj. Bupati Banyuasin"), `name` the
    person's; both empty of a person where the office is vacant (`person_id` None).
    """

    institution_id: int
    place: PlaceCode
    office: str
    title: str
    person_id: int | None
    name: str
    status: rules.HolderStatus | None
    from_date: date | None
    to_date: date | None
    is_candidate: bool
    contest: str
    source: str
    holder_id: int | None


def holder_cards(where: Q, day: date) -> list[HolderCard]:
    """Return the holders on `day` of the institutions' offices that fit (`where` on Holder)."""
    rows = (
        Holder.objects.filter(where & _on(day))
        .select_related("office__institution", "person")
        .order_by("office_id")
    )
    return [_holder_card(row) for row in rows]


def heads_of_region() -> list[str]:
    """Return the kinds whose head governs a region."""
    return [k.key for k in kinds().by_key.values() if k.family == "HEAD_OF_REGION"]


def holders_history(institution_id: int) -> list[HolderCard]:
    """Return all holders of an institution's office, the newest first."""
    rows = (
        Holder.objects.filter(office__institution=institution_id)
        .select_related("office__institution", "person")
        .order_by("-to_date", "-from_date")
    )
    latest = sorted(rows, key=lambda h: (h.to_date or date.max, h.from_date or date.min))
    return [_holder_card(row) for row in reversed(latest)]


def _holder_card(row: Holder) -> HolderCard:
    english = _english()
    office = row.office.title_en if english else row.office.title
    status = rules.HolderStatus(row.status)
    return HolderCard(
        institution_id=row.office.institution_id,
        place=PlaceCode(row.office.institution.place_id),
        office=office,
        title=rules.holder_title(office, status),
        person_id=row.person_id,
        name=row.person.full_name,
        status=status,
        from_date=row.from_date,
        to_date=row.to_date,
        is_candidate=row.is_candidate,
        contest=row.contest,
        source=row.source,
        holder_id=row.pk,
    )


# --- pages


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A person's role as the directory shows it; phone and e-mail empty for who may not see."""

    id: int
    person_id: int
    name: str
    role: str
    role_label: str
    institution_id: int
    from_date: date
    to_date: date | None
    places: tuple[PlaceCode, ...]
    has_account: bool
    phone: str
    email: str
    figure_class: str


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """An institution in the directory with today's holder and its people."""

    institution: InstitutionCard
    holder: HolderCard | None
    people: tuple[RoleLine, ...]


def directory(place: PlaceCode, *, viewer: Viewer, day: date) -> list[DirectoryLine]:
    """Return the institutions that act in `place` at its level; three queries."""
    viewer.require(VIEW_DIRECTORY, place)
    cards = institution_cards(at_place(place))
    ids = [card.id for card in cards]
    holders = {h.institution_id: h for h in holder_cards(Q(office__institution__in=ids), day)}
    people: dict[int, list[RoleLine]] = {}
    for line in role_lines(Q(institution__in=ids) & _on(day), contacts=_sees(viewer, place)):
        people.setdefault(line.institution_id, []).append(line)
    return [
        DirectoryLine(card, holders.get(card.id), tuple(people.get(card.id, ()))) for card in cards
    ]


def role_lines(where: Q, *, contacts: bool) -> list[RoleLine]:
    """Return role assignments that fit, by name; one query."""
    known = roles()
    rows = (
        RoleAssignment.objects.filter(where)
        .select_related("person")
        .annotate(
            area=ArraySubquery(
                RolePlace.objects.filter(assignment=OuterRef("pk"))
                .order_by("place")
                .values("place")
            )
        )
    )
    lines = [
        RoleLine(
            id=row.pk,
            person_id=row.person_id,
            name=row.person.full_name,
            role=row.role,
            role_label=said(known[row.role].label) if row.role in known else row.role,
            institution_id=row.institution_id,
            from_date=row.from_date,
            to_date=row.to_date,
            places=tuple(PlaceCode(code) for code in row.area),
            has_account=row.person.user_id is not None,
            phone=row.person.phone if contacts else "",
            email=row.person.email if contacts else "",
            figure_class=row.person.figure_class,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.role))


def _sees(viewer: Viewer, place: PlaceCode) -> bool:
    return viewer.may(VIEW_CONTACTS, place)


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """All that an institution's page shows."""

    institution: InstitutionCard
    office: str
    office_id: int | None
    holders: tuple[HolderCard, ...]
    people: tuple[RoleLine, ...]
    roles: tuple[rules.Role, ...]
    history: tuple[HistoryEntry, ...]


def institution_page(institution_id: int, *, viewer: Viewer) -> InstitutionPage:
    """Return an institution's page for one who may see the directory of its seat."""
    card = institution_in_scope(institution_id, viewer=viewer)
    row = Institution.objects.select_related("office").get(pk=institution_id)
    office = getattr(row, "office", None)
    english = _english()
    kind = kinds().by_key[card.kind]
    return InstitutionPage(
        institution=card,
        office=(office.title_en if english else office.title) if office else "",
        office_id=office.pk if office else None,
        holders=tuple(holders_history(institution_id)),
        people=tuple(role_lines(Q(institution=institution_id), contacts=_sees(viewer, card.place))),
        roles=tuple(role for role in roles().values() if rules.fits(role, kind)),
        history=tuple(history(f"institution:{institution_id}")),
    )


def institution_in_scope(institution_id: int, *, viewer: Viewer) -> InstitutionCard:
    """Return an institution whose seat or area the viewer may see; OutOfScope otherwise."""
    cards = institution_cards(Q(pk=institution_id))
    if not cards:
        raise OutOfScope(VIEW_DIRECTORY)
    if not any(viewer.may(VIEW_DIRECTORY, p) for p in (cards[0].place, *cards[0].places)):
        raise OutOfScope(VIEW_DIRECTORY)
    return cards[0]
