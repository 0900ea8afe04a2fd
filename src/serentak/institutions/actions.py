"""What changes institutions, their areas, people, roles and holders of office."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, is_within
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places_public
from serentak.platform.accounts import change_password, create_account, switch_account
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.clock import local_date

from . import queries, rules
from .events import (
    AccountClosed,
    AccountOpened,
    HolderEnded,
    HolderNamed,
    HoldersRecorded,
    InstitutionsCreated,
    JurisdictionSet,
    PasswordGiven,
    PersonAdded,
    RoleAssigned,
    RoleEnded,
)
from .models import Holder, Institution, Jurisdiction, Office, Person, RoleAssignment, RolePlace
from .permissions import ASSIGN_ROLE, MANAGE_INSTITUTIONS, MANAGE_PEOPLE, NAME_HOLDER

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

LEVELS = (Level.PROVINCE, Level.REGENCY, Level.DISTRICT, Level.VILLAGE)
"""Levels whose institutions are made ahead. Station crews come with the first who needs them."""

BATCH = 2000


@action
def create_province_institutions(
    *, province: PlaceCode, actor: Viewer, at: datetime, progress: Progress | None = None
) -> int:
    """Make the institutions, areas and offices that a province's places call for; return how many.

    Repeatable: makes only what is missing (told by kind and seat), changes nothing else.
    """
    actor.require(MANAGE_INSTITUTIONS, province)
    if len(province) != Level.PROVINCE or not places_public.places([province]):
        raise Refused("institutions.place_is_no_province", place=province)
    cards = [places_public.place(province)]
    for level in LEVELS[1:]:
        cards += places_public.descendants(province, level)
    return _create_missing(cards, place=province, actor=actor, at=at, progress=progress)


@action
def create_national_institutions(*, actor: Viewer, at: datetime) -> int:
    """Make the institutions of the country itself, such as the ministry; return how many.

    Repeatable as for a province.
    """
    actor.require(MANAGE_INSTITUTIONS, COUNTRY)
    return _create_missing([places_public.place(COUNTRY)], place=COUNTRY, actor=actor, at=at)


def _create_missing(
    cards: Sequence[places_public.PlaceCard],
    *,
    place: PlaceCode,
    actor: Viewer,
    at: datetime,
    progress: Progress | None = None,
) -> int:
    """Make the institutions that are missing of those that places call for."""
    plan = rules.planned(
        ((c.code, c.kind, c.name) for c in cards), kinds=queries.kinds(), seats=queries.seats()
    )
    there = set(
        Institution.objects.filter(place__in=[c.code for c in cards]).values_list("kind", "place")
    )
    missing = [p for p in plan if (p.kind, p.seat) not in there]
    known = {c.code for c in cards}
    known |= set(places_public.places({c for p in missing for c in p.places} - known))
    done = 0
    for start in range(0, len(missing), BATCH):
        done += _create(missing[start : start + BATCH], known)
        if progress:
            progress(done, len(missing))
    event = InstitutionsCreated(
        subjects=(f"place:{place}",),
        place=place,
        count=done,
        by_kind=dict(sorted(Counter(p.kind for p in missing).items())),
    )
    record(event, actor=actor, at=at)
    return done


def _create(plan: Sequence[rules.Planned], known: set[PlaceCode]) -> int:
    rows = Institution.objects.bulk_create(
        Institution(
            kind=p.kind,
            level=p.level,
            place_id=p.seat,
            name=p.name["id"],
            name_en=p.name["en"],
            short_name=p.short,
        )
        for p in plan
    )
    Jurisdiction.objects.bulk_create(
        Jurisdiction(institution=row, place_id=code)
        for row, p in zip(rows, plan, strict=True)
        for code in p.places
        if code in known
    )
    Office.objects.bulk_create(
        Office(institution=row, title=p.office["id"], title_en=p.office["en"])
        for row, p in zip(rows, plan, strict=True)
        if p.office
    )
    return len(rows)


@action
def set_jurisdiction(
    *, institution_id: int, places: Sequence[PlaceCode], actor: Viewer, at: datetime
) -> None:
    """Set where an institution acts: any places, they need not form a subtree.

    Refused where a place is unknown, none is given, or a role that still holds reaches outside.
    """
    row = _institution(institution_id, actor, MANAGE_INSTITUTIONS, lock=True)
    after = _known(places)
    if not after:
        raise Refused("institutions.jurisdiction_is_empty", field="places")
    for place in after:
        actor.require(MANAGE_INSTITUTIONS, place)
    narrowed = RolePlace.objects.filter(assignment__institution=row).filter(
        Q(assignment__to_date__isnull=True) | Q(assignment__to_date__gte=local_date(at))
    )
    if left := rules.outside(map(PlaceCode, narrowed.values_list("place", flat=True)), after):
        raise Refused("institutions.roles_reach_outside", field="places", places=_list(left))
    before = _area(row)
    Jurisdiction.objects.filter(institution=row).exclude(place__in=after).delete()
    Jurisdiction.objects.bulk_create(
        Jurisdiction(institution=row, place_id=place) for place in after if place not in before
    )
    event = JurisdictionSet(
        subjects=(f"institution:{row.pk}",),
        place=PlaceCode(row.place_id),
        institution_id=row.pk,
        before=before,
        after=after,
    )
    record(event, actor=actor, at=at)


@action
def add_person(
    *,
    institution_id: int,
    full_name: str,
    phone: str = "",
    email: str = "",
    username: str = "",
    password: str | None = None,
    role: str = "",
    from_date: date | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Enter a person of an institution and return the id; a `username` makes an account too.

    The person can do nothing until a role is assigned; `role` does that at once, from `from_date`
    or else from today.
    """
    row = _institution(institution_id, actor, MANAGE_PEOPLE)
    _require_own_body(row, actor)
    if not full_name.strip():
        raise Refused("institutions.name_is_empty", field="full_name")
    user_id = (
        create_account(
            username=username,
            full_name=full_name.strip(),
            password=password,
            email=email,
            phone=phone,
            actor=actor,
            at=at,
        )
        if username
        else None
    )
    person = Person.objects.create(
        institution=row,
        full_name=full_name.strip(),
        user_id=user_id,
        phone=phone,
        email=email,
        figure_class=figure_class,
    )
    record(PersonAdded(**_about(person, row)), actor=actor, at=at)
    if role:
        assign_role(
            person_id=person.pk,
            institution_id=row.pk,
            role=role,
            from_date=from_date or local_date(at),
            actor=actor,
            at=at,
        )
    return person.pk


@action
def give_password(*, person_id: int, password: str, actor: Viewer, at: datetime) -> None:
    """Give somebody of one's own institutions a new password, which the person then changes."""
    user_id, about = _account(person_id, actor)
    change_password(user_id=user_id, password=password, actor=actor, at=at)
    record(PasswordGiven(**about), actor=actor, at=at)


@action
def close_account(*, person_id: int, actor: Viewer, at: datetime) -> None:
    """Close the account of somebody of one's own institutions; a closed one stays as it is."""
    user_id, about = _account(person_id, actor)
    if switch_account(user_id=user_id, is_open=False, actor=actor, at=at):
        record(AccountClosed(**about), actor=actor, at=at)


@action
def open_account(*, person_id: int, actor: Viewer, at: datetime) -> None:
    """Open a closed account again; an open one stays as it is."""
    user_id, about = _account(person_id, actor)
    if switch_account(user_id=user_id, is_open=True, actor=actor, at=at):
        record(AccountOpened(**about), actor=actor, at=at)


@action
def assign_role(
    *,
    person_id: int,
    institution_id: int,
    role: str,
    from_date: date,
    to_date: date | None = None,
    places: Sequence[PlaceCode] = (),
    actor: Viewer,
    at: datetime,
) -> int:
    """Give a person a role in an institution, narrowed to `places` if any; return its id.

    Roles of an independent body are given by its own family only (a commission's by the
    commission), so that nobody outside can let himself in.
    """
    row = _institution(institution_id, actor, ASSIGN_ROLE, lock=True)
    kind = queries.kinds().by_key[row.kind]
    found = queries.roles().get(role)
    if found is None:
        raise Refused("institutions.role_is_unknown", field="role", role=role)
    if not rules.fits(found, kind):
        raise Refused(
            "institutions.role_does_not_fit", field="role", role=role, institution=row.name
        )
    _require_own_body(row, actor)
    if rules.ended_before_start(from_date, to_date):
        raise Refused("institutions.end_before_start", field="to_date")
    narrowed = _known(places)
    if left := rules.outside(narrowed, _area(row)):
        raise Refused(
            "institutions.role_outside_jurisdiction",
            field="places",
            places=_list(left),
            institution=row.name,
        )
    person = _person(person_id)
    same = RoleAssignment.objects.filter(person=person, institution=row, role=role)
    if any(
        rules.periods_overlap(from_date, to_date, other.from_date, other.to_date) for other in same
    ):
        raise Refused("institutions.person_has_this_role", field="role", person=person.full_name)
    assignment = RoleAssignment.objects.create(
        person=person, institution=row, role=role, from_date=from_date, to_date=to_date
    )
    RolePlace.objects.bulk_create(
        RolePlace(assignment=assignment, place_id=place) for place in narrowed
    )
    event = RoleAssigned(
        **_about(person, row, f"role:{assignment.pk}"),
        role=role,
        from_date=from_date,
        to_date=to_date,
        places=narrowed,
    )
    record(event, actor=actor, at=at)
    return assignment.pk


@action
def end_role(*, assignment_id: int, to_date: date, actor: Viewer, at: datetime) -> None:
    """Set the last day of a role; a role that ended stays ended."""
    assignment = (
        RoleAssignment.objects.select_for_update()
        .select_related("person")
        .filter(pk=assignment_id)
        .first()
    )
    if assignment is None:
        raise OutOfScope(ASSIGN_ROLE)
    row = _institution(assignment.institution_id, actor, ASSIGN_ROLE)
    _require_own_body(row, actor)
    _end(assignment, to_date, ended="institutions.role_has_ended")
    about = _about(assignment.person, row, f"role:{assignment_id}")
    record(RoleEnded(**about, role=assignment.role, to_date=to_date), actor=actor, at=at)


@action
def name_holder(
    *,
    institution_id: int,
    person_id: int,
    status: rules.HolderStatus,
    from_date: date | None,
    to_date: date | None = None,
    contest: str = "",
    source: str,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record who holds an institution's office from when to when; return the holder's id.

    `contest` names the race for a holder who is a candidate. Refused where another holder's days
    overlap: end that one first.
    """
    row = _institution(institution_id, actor, NAME_HOLDER)
    _require_own_body(row, actor)
    office = Office.objects.select_for_update().filter(institution=row).first()
    if office is None:
        raise Refused("institutions.institution_has_no_office", institution=row.name)
    person = _person(person_id)
    if not source.strip():
        raise Refused("institutions.source_is_missing", field="source")
    if rules.ended_before_start(from_date, to_date):
        raise Refused("institutions.end_before_start", field="to_date")
    for other in office.holders.select_related("person"):
        if rules.periods_overlap(from_date, to_date, other.from_date, other.to_date):
            raise Refused(
                "institutions.holders_overlap",
                field="from_date",
                person=other.person.full_name,
                from_date=other.from_date or "…",
                to_date=other.to_date or "…",
            )
    holder = Holder.objects.create(
        office=office,
        person=person,
        status=status,
        from_date=from_date,
        to_date=to_date,
        is_candidate=bool(contest.strip()),
        contest=contest.strip(),
        source=source.strip(),
    )
    event = HolderNamed(
        **_about(person, row),
        status=status,
        from_date=from_date,
        to_date=to_date,
        is_candidate=holder.is_candidate,
        source=holder.source,
    )
    record(event, actor=actor, at=at)
    return holder.pk


@action
def end_holder(*, holder_id: int, to_date: date, actor: Viewer, at: datetime) -> None:
    """Set a holder's last day in office."""
    holder = (
        Holder.objects.select_for_update(of=("self",))
        .select_related("office", "person")
        .filter(pk=holder_id)
        .first()
    )
    if holder is None:
        raise OutOfScope(NAME_HOLDER)
    row = _institution(holder.office.institution_id, actor, NAME_HOLDER)
    _require_own_body(row, actor)
    _end(holder, to_date, ended="institutions.holder_has_ended")
    event = HolderEnded(**_about(holder.person, row), status=holder.status, to_date=to_date)
    record(event, actor=actor, at=at)


@action
def record_known_holders(
    *,
    province: PlaceCode,
    names: Mapping[tuple[PlaceCode, str], str],
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record the catalogue's holders of a province, each under the name given; return how many.

    `names` is keyed by place and the catalogue's letter for the person; a holder without a name is
    left out. Refused where an office has holders already.
    """
    actor.require(NAME_HOLDER, province)
    wanted = [
        known
        for known in queries.known_holders()
        if is_within(known.place, province) and (known.place, known.person) in names
    ]
    offices = {
        PlaceCode(office.institution.place_id): office
        for office in Office.objects.select_related("institution").filter(
            institution__kind__in=queries.heads_of_region(),
            institution__place__in=[known.place for known in wanted],
        )
    }
    wanted = [known for known in wanted if known.place in offices]
    if Holder.objects.filter(office__in=offices.values()).exists():
        raise Refused("institutions.offices_have_holders", province=province)
    keys = list(dict.fromkeys((known.place, known.person) for known in wanted))
    people = dict(
        zip(
            keys,
            Person.objects.bulk_create(
                Person(
                    institution=offices[key[0]].institution,
                    full_name=names[key],
                    figure_class=figure_class,
                )
                for key in keys
            ),
            strict=True,
        )
    )
    Holder.objects.bulk_create(
        Holder(
            office=offices[known.place],
            person=people[known.place, known.person],
            status=known.status,
            from_date=known.from_date,
            to_date=known.to_date,
            is_candidate=bool(known.contest),
            contest=known.contest,
            source=known.source,
        )
        for known in wanted
    )
    event = HoldersRecorded(
        subjects=(f"place:{province}",),
        place=province,
        count=len(wanted),
        figure_class=figure_class,
    )
    record(event, actor=actor, at=at)
    return len(wanted)


def _institution(
    institution_id: int, actor: Viewer, permission: Permission, *, lock: bool = False
) -> Institution:
    """Return an institution at whose seat the actor holds `permission`; else OutOfScope.

    Roles and areas work in the whole area, so they need the permission in all of it.
    """
    rows = Institution.objects.select_for_update() if lock else Institution.objects
    row = rows.filter(pk=institution_id).first()
    if row is None:
        raise OutOfScope(permission)
    actor.require(permission, PlaceCode(row.place_id))
    if permission in (ASSIGN_ROLE, MANAGE_INSTITUTIONS):
        for place in _area(row):
            actor.require(permission, place)
    return row


def _require_own_body(row: Institution, actor: Viewer) -> None:
    """Refuse to touch the people of a body that decides for itself, unless it is the actor's."""
    if not queries.governs(queries.kinds().by_key[row.kind], viewer=actor):
        raise Refused("institutions.people_of_this_body_are_its_own", institution=row.name)


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Refused("institutions.person_is_unknown", field="person")
    return person


def _known(places: Sequence[PlaceCode]) -> tuple[PlaceCode, ...]:
    """Return the places in order, each once; refused where there is no such place."""
    codes = tuple(sorted(set(places)))
    if unknown := sorted(set(codes) - set(places_public.places(codes))):
        raise Refused("institutions.place_is_unknown", field="places", places=_list(unknown))
    return codes


def _end(period: RoleAssignment | Holder, to_date: date, *, ended: str) -> None:
    """Set the last day of a role or a term; refused as `ended` where it came to its end before."""
    if period.to_date and period.to_date <= to_date:
        raise Refused(ended, to_date=period.to_date)  # worded in words.py
    if rules.ended_before_start(period.from_date, to_date):
        raise Refused("institutions.end_before_start", field="to_date")
    period.to_date = to_date
    period.save(update_fields=["to_date"])


def _account(person_id: int, actor: Viewer) -> tuple[int, dict[str, Any]]:
    """Return the account that the actor answers for, and whose it is, as an event says it.

    That needs MANAGE_PEOPLE, and the right of an own body, in every institution where the person
    has a role that has not ended: who answers for one desk does not get the keys of another.
    """
    person = Person.objects.select_related("institution").filter(pk=person_id).first()
    if person is None or person.institution is None:
        raise OutOfScope(MANAGE_PEOPLE)
    seats = {person.institution.pk, *queries.seats_of(person_id)}
    for institution_id in sorted(seats):
        _require_own_body(_institution(institution_id, actor, MANAGE_PEOPLE), actor)
    if person.user_id is None:
        raise Refused("institutions.person_has_no_account", person=person.full_name)
    return person.user_id, _about(person, person.institution)


def _about(person: Person, row: Institution, *also: str) -> dict[str, Any]:
    """Return what every event of a person in an institution says first."""
    return {
        "subjects": (f"person:{person.pk}", f"institution:{row.pk}", *also),
        "place": PlaceCode(row.place_id),
        "institution_id": row.pk,
        "person_id": person.pk,
        "full_name": person.full_name,
    }


def _area(row: Institution) -> tuple[PlaceCode, ...]:
    codes = row.jurisdictions.order_by("place").values_list("place", flat=True)
    return tuple(PlaceCode(code) for code in codes)


def _list(codes: Sequence[PlaceCode]) -> str:
    shown = ", ".join(codes[:5])
    return f"{shown}, …" if len(codes) > 5 else shown
