"""Reads about institutions, people, roles and holders."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import get_language

from serentak.kernel.briefing import FigureClass
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, level_of, subtree_range
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Grant, Permission, Viewer
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.audit import HistoryEntry, HistoryLine, history
from serentak.platform.catalogue import load, load_each, said
from serentak.platform.clock import local_date
from serentak.platform.reading import each_kept, kept, note
from serentak.platform.slices import modules
from serentak.platform.web import formats
from serentak.platform.web.demo import DemoAccount
from serentak.platform.web.forms import natural
from serentak.platform.web.pickers import Option
from serentak.platform.words import word

from . import rules
from .models import Holder, Institution, Jurisdiction, Office, Person, RoleAssignment, RolePlace
from .permissions import ASSIGN_ROLE, VIEW_CONTACTS, VIEW_DIRECTORY
from .words import HOLDER_STATUS

SLICE = "institutions"


# --- the catalogues


def kinds() -> rules.Kinds:
    """Return the catalogue of institution kinds."""
    return load(SLICE, "kinds", rules.Kinds)


def relations() -> rules.Relations:
    """Return the table of who may say what to whom."""
    return load(SLICE, "relations", _parse_relations)


@cache
def roles() -> Mapping[str, rules.Role]:
    """Return the roles by key, with what the installed slices let each of them do."""
    return rules.with_permissions(_roles(), load_each("roles", _parse_held).values())


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


def _roles() -> rules.Roles:
    return load(SLICE, "roles", _parse_roles)


def _parse_roles(data: object) -> rules.Roles:
    return rules.parse_roles(data, kinds=kinds())


def _parse_held(data: object) -> rules.Held:
    return rules.parse_held(data, roles=_roles(), declared=declared_permissions())


def declared_permissions() -> frozenset[Permission]:
    """Return what the `permissions.py` of the installed slices name."""
    names = (each for module in modules("permissions") for each in vars(module).items())
    return frozenset(permission for name, permission in names if name.isupper())


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


@dataclass(frozen=True, slots=True)
class Account:
    """An account that bears a role in an institution: where to tell it something."""

    user_id: int
    institution_id: int
    email: str
    language: str


def accounts_with(
    permission: Permission, institution_ids: Collection[int], day: date
) -> list[Account]:
    """Return the active accounts that hold `permission` in one of the institutions; one query."""
    bearing = [key for key, role in roles().items() if permission in role.permissions]
    rows = (
        RoleAssignment.objects.filter(
            _on(day),
            institution__in=list(institution_ids),
            role__in=bearing,
            person__user__is_active=True,
        )
        .order_by("person__user_id", "institution_id")
        .values_list(
            "person__user_id",
            "institution_id",
            "person__user__email",
            "person__email",
            "person__user__language",
        )
        .distinct()
    )
    return [
        Account(user_id, institution_id, email or other, language)
        for user_id, institution_id, email, other, language in rows
    ]


def account_of(person_id: int) -> int | None:
    """Return the id of a person's account, None if there is none."""
    return Person.objects.filter(pk=person_id).values_list("user_id", flat=True).first()


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts of people of the class SYNTHETIC, each with its first role; one query."""
    known = roles()
    english = _english()
    found: dict[str, DemoAccount] = {}
    for row in (
        RoleAssignment.objects.filter(
            person__figure_class=FigureClass.SYNTHETIC, person__user__is_active=True
        )
        .select_related("person__user", "institution")
        .order_by("person__user_id", "id")
    ):
        user = row.person.user
        if user and row.role in known and user.username not in found:
            found[user.username] = DemoAccount(
                username=user.username,
                role=said(known[row.role].label),
                place=row.institution.name_en if english else row.institution.name,
                may=said(known[row.role].may),
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
    note(cards_by_id, {card.id: card for card in cards})
    return sorted(cards, key=lambda c: (order[c.kind], c.place))


@each_kept
def cards_by_id(ids: Collection[int]) -> Mapping[int, InstitutionCard]:
    """Return institutions by id; one query."""
    return {card.id: card for card in institution_cards(Q(pk__in=list(ids)))}


@kept
def cards_at(
    kind_keys: frozenset[str], codes: frozenset[PlaceCode]
) -> Mapping[tuple[str, PlaceCode], InstitutionCard]:
    """Return the institutions of kinds at places, keyed by both; one query."""
    where = Q(kind__in=list(kind_keys), jurisdictions__place__in=list(codes))
    return {
        (card.kind, place): card
        for card in institution_cards(where)
        for place in card.places
        if place in codes and len(place) == card.level
    }


def seats_under(
    place: PlaceCode, kind_keys: Collection[str], deepest: Level
) -> list[tuple[int, PlaceCode, str]]:
    """Return id, place and kind of the institutions of kinds at and under a place; one query.

    Each at its own level, no deeper than `deepest`: an army command of several regencies stands at
    each of them.
    """
    low, high = subtree_range(place)
    rows = Jurisdiction.objects.filter(
        institution__kind__in=list(kind_keys), place__gte=low, place__lt=high
    ).values_list("institution_id", "place_id", "institution__kind", "institution__level")
    return [
        (pk, PlaceCode(code), kind)
        for pk, code, kind, level in rows
        if len(code) == level and level <= deepest
    ]


def at_place(place: PlaceCode, kind_keys: Collection[str] | None = None) -> Q:
    """Return the condition for institutions of the place's own level that act in it."""
    where = Q(level=level_of(place), jurisdictions__place=place)
    return where & Q(kind__in=kind_keys) if kind_keys is not None else where


def verbs_of(sender: InstitutionCard, receiver: InstitutionCard) -> frozenset[rules.Verb]:
    """Return what one institution may address to another, nothing to itself; no query."""
    if sender.id == receiver.id:
        return frozenset()
    return rules.verbs(sender.party, receiver.party, relations())


def verbs_of_kinds(sender: str, receiver: str) -> frozenset[rules.Verb]:
    """Return what a kind may address to another in some relation of their places; no query."""
    family = {key: kind.family for key, kind in kinds().by_key.items()}
    return frozenset(
        verb
        for row in relations().rows
        if {sender, family.get(sender)} & row.senders
        and {receiver, family.get(receiver)} & row.receivers
        for verb in row.verbs
    )


# --- who acts and hears for whom


def desks() -> list[str]:
    """Return the kinds that work and speak for the head of their region."""
    return [k.key for k in kinds().by_key.values() if k.family == "DESK"]


@dataclass(frozen=True, slots=True)
class Voices:
    """The institutions for which somebody acts; the system acts for all."""

    ids: frozenset[int]
    heads: tuple[InstitutionCard, ...] = ()
    own: tuple[InstitutionCard, ...] = ()
    everybody: bool = False

    def __contains__(self, institution_id: object) -> bool:
        return self.everybody or institution_id in self.ids

    @property
    def first(self) -> InstitutionCard | None:
        """In whose name one asks by default: the head whose desk one is, or oneself."""
        return next(iter((*self.heads, *self.own)), None)

    def at(self, place: PlaceCode) -> InstitutionCard | None:
        """Return the own institution of that very place; who stands above has none there."""
        return next((card for card in self.own if card.place == place), None)

    def act_at(self, place: PlaceCode) -> bool:
        """Tell whether somebody acts for an institution of that very place."""
        return self.everybody or self.at(place) is not None


@kept
def voices(viewer: Viewer, permission: Permission) -> Voices:
    """Return for whom the viewer acts through `permission`; two queries at most.

    A desk acts for the governor, regent or mayor of its place; no other institution for another.
    """
    if viewer.system:
        return Voices(frozenset(), everybody=True)
    ids = viewer.institutions(permission)
    own = cards_by_id(ids) if ids else {}
    seats = frozenset(card.place for card in own.values() if card.kind in desks())
    heads = cards_at(frozenset(heads_of_region()), seats) if seats else {}
    cards = tuple(heads[key] for key in sorted(heads))
    return Voices(ids | {card.id for card in cards}, cards, tuple(own[i] for i in sorted(own)))


def accounts_for(
    institution_ids: Collection[int],
    permission: Permission,
    day: date,
    *,
    also: Permission | None = None,
) -> dict[int, list[Account]]:
    """Return by institution the accounts that hear for it: its own and its desk's; three queries.

    With `also` only accounts that hold that permission too; one query more.
    """
    cards = cards_by_id(institution_ids)
    heads = {card.place: card.id for card in cards.values() if card.kind in heads_of_region()}
    theirs = cards_at(frozenset(desks()), frozenset(heads)) if heads else {}
    hears_for: dict[int, list[int]] = {id: [id] for id in cards}
    for (_, place), desk in theirs.items():
        hears_for.setdefault(desk.id, []).append(heads[place])
    found: dict[int, list[Account]] = {id: [] for id in cards}
    accounts = accounts_with(permission, list(hears_for), day)
    if also is not None:
        trusted = {account.user_id for account in accounts_with(also, list(hears_for), day)}
        accounts = [account for account in accounts if account.user_id in trusted]
    for account in accounts:
        for id in hears_for[account.institution_id]:
            if all(known.user_id != account.user_id for known in found.setdefault(id, [])):
                found[id].append(account)
    return found


# --- offices and their holders


@dataclass(frozen=True, slots=True)
class HolderCard:
    """Who holds an office on a day.

    `title` is the office with the prefix of the status ("Pj. Bupati Banyuasin"), `name` the
    person's.
    """

    institution_id: int
    place: PlaceCode
    title: str
    person_id: int
    name: str
    status: rules.HolderStatus
    from_date: date | None
    to_date: date | None
    is_candidate: bool
    contest: str
    source: str
    holder_id: int
    figure_class: FigureClass


def holder_cards(where: Q, day: date) -> list[HolderCard]:
    """Return the holders on `day` of the institutions' offices that fit (`where` on Holder)."""
    return [_holder_card(row) for row in _holders(where & _on(day)).order_by("office_id")]


@each_kept
def _holders_on(wanted: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], HolderCard]:
    """Return who holds the office of an institution on a day; a query for each day."""
    found = {}
    for day in {day for _, day in wanted}:
        ids = [pk for pk, other in wanted if other == day]
        where = Q(office__institution__in=ids)
        found.update({(card.institution_id, day): card for card in holder_cards(where, day)})
    return found


def holders_of(ids: Collection[int], day: date) -> Mapping[int, HolderCard]:
    """Return who holds the offices of institutions on a day, by institution; one query."""
    found = _holders_on([(pk, day) for pk in ids])
    return {pk: card for (pk, _day), card in found.items()}


def _holders(where: Q) -> QuerySet[Holder]:
    return Holder.objects.filter(where).select_related("office__institution", "person")


@each_kept
def holders_at(
    wanted: Collection[tuple[PlaceCode, date, tuple[str, ...]]],
) -> Mapping[tuple[PlaceCode, date, tuple[str, ...]], HolderCard]:
    """Return who holds the office of one of the kinds at a place on a day; a query for each day."""
    found = {}
    for day, kinds in {(day, kinds) for _, day, kinds in wanted}:
        codes = [place for place, *rest in wanted if rest == [day, kinds]]
        where = Q(office__institution__place__in=codes, office__institution__kind__in=kinds)
        found.update({(card.place, day, kinds): card for card in holder_cards(where, day)})
    return found


def heads_of_region() -> list[str]:
    """Return the kinds whose head governs a region."""
    return [k.key for k in kinds().by_key.values() if k.family == "HEAD_OF_REGION"]


def holders_history(institution_id: int) -> list[HolderCard]:
    """Return all holders of an institution's office, the newest first."""
    rows = _holders(Q(office__institution=institution_id)).order_by("-to_date", "-from_date")
    latest = sorted(rows, key=lambda h: (h.to_date or date.max, h.from_date or date.min))
    return [_holder_card(row) for row in reversed(latest)]


def _holder_card(row: Holder) -> HolderCard:
    english = _english()
    office = row.office.title_en if english else row.office.title
    status = rules.HolderStatus(row.status)
    return card_of(
        HolderCard,
        row,
        institution_id=row.office.institution_id,
        place=PlaceCode(row.office.institution.place_id),
        title=rules.holder_title(office, status),
        name=row.person.full_name,
        status=status,
        holder_id=row.pk,
        figure_class=FigureClass(row.person.figure_class),
    )


# --- pages


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A person's role; `role_label` is in the reader's language."""

    id: int
    role: str
    role_label: str
    from_date: date
    to_date: date | None
    places: tuple[PlaceCode, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in an institution; phone and e-mail are empty for who may not see them."""

    id: int
    name: str
    phone: str
    email: str
    has_account: bool
    is_closed: bool
    figure_class: FigureClass
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """An institution in the directory with today's holder and its people."""

    institution: InstitutionCard
    holder: HolderCard | None
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A child of a place with the office that governs it and who holds that today."""

    place: PlaceCard
    holder: HolderCard | None


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """The institutions of a place, and who governs its regencies and cities."""

    path: tuple[PlaceCard, ...]
    place: PlaceCard
    lines: tuple[DirectoryLine, ...]
    heads: tuple[HeadLine, ...]
    day: date


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """All that an institution's page shows; `area` are the places where it acts."""

    path: tuple[PlaceCard, ...]
    institution: InstitutionCard
    area: tuple[PlaceCard, ...]
    office: str
    holder: HolderCard | None
    holders: tuple[HolderCard, ...]
    people: tuple[PersonLine, ...]
    history: tuple[HistoryLine, ...]
    day: date


def directory(code: PlaceCode, *, viewer: Viewer, at: datetime) -> DirectoryPage:
    """Return the institutions that act in a place at its level; eight queries at most."""
    viewer.require(VIEW_DIRECTORY, code)
    path = places.path(code)
    day = local_date(at, zone=places.zone_of(code).key)
    cards = institution_cards(at_place(code))
    ids = [card.id for card in cards]
    holders = {h.institution_id: h for h in holder_cards(Q(office__institution__in=ids), day)}
    people = people_of(ids, day=day, contacts=viewer.may(VIEW_CONTACTS, code))
    regencies = places.children(code) if level_of(code) is Level.PROVINCE else ()
    governing = tuple(heads_of_region())
    heads = holders_at([(card.code, day, governing) for card in regencies])
    return DirectoryPage(
        path=path[:-1],
        place=path[-1],
        lines=tuple(
            DirectoryLine(card, holders.get(card.id), tuple(people.get(card.id, ())))
            for card in cards
        ),
        heads=tuple(HeadLine(card, heads.get((card.code, day, governing))) for card in regencies),
        day=day,
    )


def people_of(ids: Collection[int], *, day: date, contacts: bool) -> Mapping[int, list[PersonLine]]:
    """Return the people of institutions by name: those entered there, and those with a role there.

    Two queries. A role that has ended or not begun is there, and says that it does not hold.
    """
    known = roles()
    assigned: dict[tuple[int, int], list[RoleLine]] = {}
    for row in (
        RoleAssignment.objects.filter(institution__in=ids)
        .order_by("-from_date", "id")
        .annotate(
            area=ArraySubquery(
                RolePlace.objects.filter(assignment=OuterRef("pk"))
                .order_by("place")
                .values("place")
            )
        )
    ):
        line = card_of(
            RoleLine,
            row,
            role_label=role_label(row.role, known),
            places=tuple(PlaceCode(code) for code in row.area),
            holds=row.from_date <= day and (row.to_date is None or day <= row.to_date),
        )
        assigned.setdefault((row.institution_id, row.person_id), []).append(line)
    found: dict[int, list[PersonLine]] = {}
    with_role = {person_id for _, person_id in assigned}
    people = Person.objects.filter(Q(institution__in=ids) | Q(pk__in=with_role)).select_related(
        "user"
    )
    for person in sorted(people, key=lambda p: p.full_name.casefold()):
        own = {i for i, p in assigned if p == person.pk}
        if person.institution_id is not None and person.institution_id in ids:
            own.add(person.institution_id)
        for institution_id in own:
            found.setdefault(institution_id, []).append(
                PersonLine(
                    id=person.pk,
                    name=person.full_name,
                    phone=person.phone if contacts else "",
                    email=person.email if contacts else "",
                    has_account=person.user_id is not None,
                    is_closed=person.user is not None and not person.user.is_active,
                    figure_class=FigureClass(person.figure_class),
                    roles=tuple(assigned.get((institution_id, person.pk), ())),
                )
            )
    return found


def role_label(key: str, known: Mapping[str, rules.Role] | None = None) -> str:
    """Return a role in the reader's language, its key if the catalogue no longer knows it."""
    role = (known or roles()).get(key)
    return said(role.label) if role else key


def institution_page(institution_id: int, *, viewer: Viewer, at: datetime) -> InstitutionPage:
    """Return an institution's page for one who may see the directory where it acts."""
    card = institution_in_scope(institution_id, viewer=viewer)
    day = local_date(at, zone=places.zone_of(card.place).key)
    contacts = viewer.may(VIEW_CONTACTS, card.place)
    held = holders_history(institution_id)
    area = places.places(card.places)
    return InstitutionPage(
        path=places.path(card.place),
        institution=card,
        area=tuple(area[code] for code in card.places if code in area),
        office=office_title(institution_id),
        holder=next((h for h in held if _covers(h, day)), None),
        holders=tuple(held),
        people=tuple(
            people_of([institution_id], day=day, contacts=contacts).get(institution_id, ())
        ),
        history=tuple(map(history_line, history(f"institution:{institution_id}"))),
        day=day,
    )


def _covers(holder: HolderCard, day: date) -> bool:
    return rules.periods_overlap(holder.from_date, holder.to_date, day, day)


def history_line(entry: HistoryEntry) -> HistoryLine:
    """Return an event in words: roles, statuses, counts and days as the reader writes them."""
    facts = {
        name: "…" if value is None else formats.fact(value) for name, value in entry.facts.items()
    }
    if "role" in facts:
        facts["role"] = role_label(entry.facts["role"])
    if "status" in facts:
        facts["status"] = HOLDER_STATUS[rules.HolderStatus(entry.facts["status"])]
    return HistoryLine(entry.at, word("EVENTS", entry.name, facts), entry.actor)


def office_title(institution_id: int) -> str:
    """Return how an institution's head is called ("Kapolda Sumatera Selatan"), empty if unknown."""
    column = "title_en" if _english() else "title"
    offices = Office.objects.filter(institution=institution_id)
    return offices.values_list(column, flat=True).first() or ""


def institution_in_scope(institution_id: int, *, viewer: Viewer) -> InstitutionCard:
    """Return an institution whose seat or area the viewer may see; OutOfScope otherwise."""
    cards = institution_cards(Q(pk=institution_id))
    if not cards:
        raise OutOfScope(VIEW_DIRECTORY)
    if not any(viewer.may(VIEW_DIRECTORY, p) for p in (cards[0].place, *cards[0].places)):
        raise OutOfScope(VIEW_DIRECTORY)
    return cards[0]


def seats_of(person_id: int) -> set[int]:
    """Return the institutions in which a person has a role without a last day."""
    rows = RoleAssignment.objects.filter(person=person_id, to_date=None)
    return set(rows.values_list("institution_id", flat=True))


def governs(kind: rules.Kind, *, viewer: Viewer) -> bool:
    """Tell whether the viewer may touch the people of a kind of institution at all.

    The people, roles and holders of an independent body are its own family's; one query for those.
    """
    if viewer.system or not kind.independent:
        return True
    own = institution_cards(Q(pk__in=viewer.institutions(ASSIGN_ROLE)))
    return kind.family in {card.family for card in own}


def roles_for(card: InstitutionCard) -> list[rules.Role]:
    """Return the roles that may sit in an institution."""
    kind = kinds().by_key[card.kind]
    return [role for role in roles().values() if rules.fits(role, kind)]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role or a term of office as the page that ends it names it."""

    institution_id: int
    person: str
    what: str
    from_date: date | None
    to_date: date | None


def assignment(assignment_id: int, *, viewer: Viewer) -> Assignment:
    """Return a role in an institution that the viewer may see; OutOfScope otherwise."""
    row = RoleAssignment.objects.select_related("person").filter(pk=assignment_id).first()
    if row is None:
        raise OutOfScope(VIEW_DIRECTORY)
    institution_in_scope(row.institution_id, viewer=viewer)
    return Assignment(
        row.institution_id,
        row.person.full_name,
        role_label(row.role),
        row.from_date,
        row.to_date,
    )


def term(holder_id: int, *, viewer: Viewer) -> Assignment:
    """Return a term of office in an institution that the viewer may see; OutOfScope otherwise."""
    for row in _holders(Q(pk=holder_id)):
        card = _holder_card(row)
        institution_in_scope(card.institution_id, viewer=viewer)
        return Assignment(card.institution_id, card.name, card.title, card.from_date, card.to_date)
    raise OutOfScope(VIEW_DIRECTORY)


@dataclass(frozen=True, slots=True)
class PersonsAccount:
    """Whose account it is, and whether it is closed."""

    institution_id: int
    person: str
    is_closed: bool


def account(person_id: int, *, viewer: Viewer) -> PersonsAccount:
    """Return the account of a person whose institution the viewer may see; OutOfScope otherwise."""
    row = Person.objects.select_related("user").filter(pk=person_id).first()
    if row is None or row.user is None or row.institution_id is None:
        raise OutOfScope(VIEW_DIRECTORY)
    institution_in_scope(row.institution_id, viewer=viewer)
    return PersonsAccount(row.institution_id, row.full_name, not row.user.is_active)


# --- picking a person


def people_options(text: str, *, viewer: Viewer, limit: int = 8) -> list[Option]:
    """Return the people whose name holds `text`, where the viewer may see the directory."""
    rows = Person.objects.filter(full_name__icontains=text).filter(_seen_by(viewer))
    return [
        _option(row) for row in rows.select_related("institution").order_by("full_name")[:limit]
    ]


def person_option(value: str, *, viewer: Viewer) -> Option | None:
    """Return a person by id as a picker shows it, None if the viewer may not see the person."""
    person_id = natural(value)
    if person_id is None:
        return None
    rows = Person.objects.filter(_seen_by(viewer), pk=person_id).select_related("institution")
    return next((_option(row) for row in rows), None)


def _seen_by(viewer: Viewer) -> Q:
    where = Q(pk__in=[])
    for place in viewer.places(VIEW_DIRECTORY):
        low, high = subtree_range(place)
        where |= Q(institution__place__gte=low, institution__place__lt=high)
    return where


def _option(row: Person) -> Option:
    institution = row.institution
    hint = "" if institution is None else institution.name_en if _english() else institution.name
    return Option(str(row.pk), row.full_name, hint)
