"""Actions: institutions from places, roles inside their area, one holder at a time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from serentak.institutions import actions, public, queries
from serentak.institutions.models import (
    Holder,
    Institution,
    Jurisdiction,
    Office,
    Person,
    RoleAssignment,
)
from serentak.institutions.rules import HolderStatus
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.audit import history
from serentak.platform.models import AuditEvent, User
from serentak.platform.words import refusal_text
from tests.cast import (
    AIR_SUGIHAN,
    AT,
    BANYUASIN,
    OGAN_ILIR,
    OKI,
    PROVINCE,
    Cast,
    assemble,
    load_places,
)

pytestmark = pytest.mark.django_db

SEPTEMBER = date(2024, 9, 25)
NOVEMBER = date(2024, 11, 23)


def create(actor=SYSTEM) -> int:
    return actions.create_province_institutions(province=PROVINCE, actor=actor, at=AT)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    text = refusal_text(refused.value)
    assert text != refused.value.code, "not worded"
    assert "%(" not in text, "a parameter is missing"
    return refused.value.code.removeprefix("institutions.")


# --- institutions


def test_a_province_gets_its_institutions_in_one_event_and_only_what_is_missing() -> None:
    load_places()
    seen: list[tuple[int, int]] = []
    made = actions.create_province_institutions(
        province=PROVINCE, actor=SYSTEM, at=AT, progress=lambda *a: seen.append(a)
    )
    kinds = Counter(Institution.objects.values_list("kind", flat=True))
    assert made == sum(kinds.values()) == seen[-1][0] == seen[-1][1]
    assert kinds["KPU"] == 5  # province and four regencies
    assert kinds["PPK"] == kinds["CAMAT"] == 5
    assert kinds["PPS"] == kinds["VILLAGE_HEAD"] == kinds["PKD"] == 7
    assert kinds["KPPS"] == 0
    assert Jurisdiction.objects.count() == made + 1  # the army at OKI acts in Ogan Ilir too
    assert Office.objects.get(institution__kind="REGENT", institution__place=OKI).title == (
        "Bupati Ogan Komering Ilir"
    )
    Institution.objects.filter(kind="KPU", place=OKI).delete()
    assert create() == 1
    assert create() == 0
    events = AuditEvent.objects.filter(name="institutions.InstitutionsCreated").order_by("id")
    assert [e.facts["count"] for e in events] == [made, 1, 0]


def test_an_army_command_is_found_in_each_of_its_regencies(cast: Cast) -> None:
    at_oki = public.institution_by("ARMY", OKI)
    assert at_oki is not None
    assert at_oki == public.institution_by("ARMY", OGAN_ILIR)
    assert at_oki.places == (OKI, OGAN_ILIR)


def test_only_who_manages_institutions_creates_them(cast: Cast) -> None:
    assert create(cast.administrator.viewer) == 0
    with pytest.raises(OutOfScope):
        create(cast.governor_desk.viewer)


def test_a_jurisdiction_need_not_be_a_subtree(cast: Cast) -> None:
    police = public.institution_by("POLICE", BANYUASIN)
    assert police is not None
    actions.set_jurisdiction(
        institution_id=police.id,
        places=[BANYUASIN, AIR_SUGIHAN],
        actor=cast.administrator.viewer,
        at=AT,
    )
    after = public.institution(police.id)
    assert after is not None
    assert after.places == (AIR_SUGIHAN, BANYUASIN)
    [event] = history(f"institution:{police.id}")
    assert event.facts == {"before": [BANYUASIN], "after": [AIR_SUGIHAN, BANYUASIN]}


@pytest.mark.parametrize(
    ("places", "code"),
    [([], "jurisdiction_is_empty"), ([OKI, PlaceCode("16.99")], "place_is_unknown")],
)
def test_a_jurisdiction_of_nothing_or_of_nowhere_is_refused(cast: Cast, places, code) -> None:
    with pytest.raises(Refused) as refused:
        actions.set_jurisdiction(
            institution_id=cast.agency.institution_id,
            places=places,
            actor=cast.administrator.viewer,
            at=AT,
        )
    assert code_of(refused) == code


@pytest.mark.parametrize("to_date", [None, date(2024, 10, 28)])
def test_a_jurisdiction_cannot_leave_a_narrowed_role_outside(
    cast: Cast, to_date: date | None
) -> None:
    """To the end of its last day."""
    role = {"role": "AGENCY_OFFICER", "places": [AIR_SUGIHAN], "to_date": to_date}
    assign(cast, "governor_desk", cast.agency, **role)
    with pytest.raises(Refused) as refused:
        actions.set_jurisdiction(
            institution_id=cast.agency.institution_id,
            places=[OGAN_ILIR],
            actor=cast.administrator.viewer,
            at=AT,
        )
    assert code_of(refused) == "roles_reach_outside"
    assert refused.value.params == {"places": AIR_SUGIHAN}


def test_a_role_that_has_ended_holds_no_place(cast: Cast) -> None:
    role = {"role": "AGENCY_OFFICER", "places": [AIR_SUGIHAN], "to_date": date(2024, 10, 27)}
    assign(cast, "governor_desk", cast.agency, **role)
    institution = cast.agency.institution_id
    who = cast.administrator.viewer
    actions.set_jurisdiction(institution_id=institution, places=[OGAN_ILIR], actor=who, at=AT)
    assert public.institution(institution).places == (OGAN_ILIR,)


# --- people and roles


def test_a_person_with_an_account_signs_in_and_can_do_nothing_yet(cast: Cast) -> None:
    person_id = actions.add_person(
        institution_id=cast.regent_desk.institution_id,
        full_name="  Nurhayati ",
        username="nur",
        password="rahasia-sungai-besar",
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    user = User.objects.get(username="nur")
    assert user.full_name == "Nurhayati"
    assert user.check_password("rahasia-sungai-besar")
    assert public.viewer_for(user_id=user.pk, at=AT).grants == ()
    [event] = history(f"person:{person_id}")
    assert (event.name, event.facts["full_name"]) == ("institutions.PersonAdded", "Nurhayati")
    assert "Nurhayati" not in str(AuditEvent.objects.get(pk=event.id).facts)


def test_a_person_can_be_entered_with_a_role_at_once_or_not_at_all(cast: Cast) -> None:
    def add(role: str) -> int:
        return actions.add_person(
            institution_id=cast.agency.institution_id,
            full_name="Nurhayati",
            role=role,
            actor=cast.governor_desk.viewer,
            at=AT,
        )

    person_id = add("AGENCY_OFFICER")
    assert RoleAssignment.objects.get(person=person_id).from_date == AT.date()
    before = Person.objects.count()
    with pytest.raises(Refused) as refused:
        add("GOVERNOR")
    assert code_of(refused) == "role_does_not_fit"
    assert Person.objects.count() == before


@pytest.mark.parametrize("who", ["observer", "agency", "neighbour", "commission"])
def test_who_does_not_manage_people_there_finds_nothing(cast: Cast, who: str) -> None:
    before = Person.objects.count()
    with pytest.raises(OutOfScope):
        actions.add_person(
            institution_id=cast.regent_desk.institution_id,
            full_name="Nurhayati",
            actor=getattr(cast, who).viewer,
            at=AT,
        )
    assert Person.objects.count() == before


def assign(cast: Cast, by: str, member, *, role: str, places=(), **dates) -> int:
    person_id = actions.add_person(
        institution_id=member.institution_id, full_name="Nurhayati", actor=SYSTEM, at=AT
    )
    return actions.assign_role(
        person_id=person_id,
        institution_id=member.institution_id,
        role=role,
        from_date=dates.get("from_date", date(2024, 10, 1)),
        to_date=dates.get("to_date"),
        places=[PlaceCode(p) for p in places],
        actor=getattr(cast, by).viewer,
        at=AT,
    )


def test_a_role_can_be_narrowed_to_places_inside_the_area(cast: Cast) -> None:
    number = assign(cast, "governor_desk", cast.agency, role="AGENCY_OFFICER", places=["16.02.14"])
    assert list(RoleAssignment.objects.get(pk=number).places.values_list("place", flat=True)) == [
        "16.02.14"
    ]
    [event] = history(f"role:{number}")
    assert event.facts["places"] == ["16.02.14"]


@pytest.mark.parametrize(
    ("member", "role", "extra", "code"),
    [
        ("agency", "AGENCY_OFFICER", {"places": ["16.07"]}, "role_outside_jurisdiction"),
        ("agency", "AGENCY_OFFICER", {"places": ["16"]}, "role_outside_jurisdiction"),
        ("agency", "AGENCY_OFFICER", {"places": ["16.02.99"]}, "place_is_unknown"),
        ("agency", "GOVERNOR_DESK_HEAD", {}, "role_does_not_fit"),
        ("agency", "EMPEROR", {}, "role_is_unknown"),
        ("agency", "AGENCY_OFFICER", {"to_date": date(2024, 9, 1)}, "end_before_start"),
        ("commission", "COMMISSION_OFFICER", {}, "people_of_this_body_are_its_own"),
        ("supervisor", "SUPERVISOR_OFFICER", {}, "people_of_this_body_are_its_own"),
    ],
)
def test_a_role_that_breaks_a_rule_is_refused(cast: Cast, member, role, extra, code) -> None:
    before = RoleAssignment.objects.count()
    with pytest.raises(Refused) as refused:
        assign(cast, "governor_desk", getattr(cast, member), role=role, **extra)
    assert code_of(refused) == code
    assert RoleAssignment.objects.count() == before


@pytest.mark.parametrize("deed", ["person", "holder", "end"])
def test_a_body_that_decides_for_itself_enters_its_own_people(cast: Cast, deed: str) -> None:
    body = cast.province_commission.institution_id
    key = {"actor": cast.governor_desk.viewer, "at": AT}
    term = {"from_date": None, "source": "SK", "status": HolderStatus.DEFINITIVE}
    holder = {"institution_id": body, "person_id": cast.province_commission.person_id, **term}
    if deed == "end":
        holder_id = actions.name_holder(**holder, actor=SYSTEM, at=AT)
    with pytest.raises(Refused) as refused:
        if deed == "person":
            actions.add_person(institution_id=body, full_name="Penyusup", **key)
        elif deed == "holder":
            actions.name_holder(**holder, **key)
        else:
            actions.end_holder(holder_id=holder_id, to_date=NOVEMBER, **key)
    assert code_of(refused) == "people_of_this_body_are_its_own"
    assert not Person.objects.filter(full_name="Penyusup").exists()
    assert Holder.objects.filter(to_date=NOVEMBER).count() == 0


def test_a_desk_gives_a_new_password_and_closes_and_opens_an_account(cast: Cast) -> None:
    member = cast.agency
    about = {"person_id": member.person_id, "actor": cast.governor_desk.viewer, "at": AT}
    user = User.objects.get(pk=member.viewer.user_id)
    before = user.get_session_auth_hash()
    actions.give_password(password="sungai-ogan-2024", **about)
    user.refresh_from_db()
    assert user.check_password("sungai-ogan-2024")
    assert user.get_session_auth_hash() != before
    for switch, is_open in (
        (actions.close_account, False),
        (actions.close_account, False),
        (actions.open_account, True),
        (actions.open_account, True),
    ):
        switch(**about)
        assert User.objects.get(pk=user.pk).is_active is is_open
    names = [entry.name for entry in history(f"institution:{member.institution_id}")]
    for name in ("PasswordGiven", "AccountClosed", "AccountOpened"):
        assert names.count(f"institutions.{name}") == 1, name


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("governor_desk", "province_commission"),
        ("regent_desk", "governor_desk"),
        ("neighbour", "agency"),
        ("agency", "agency"),
        ("governor_desk", "governor_desk"),
    ],
)
def test_keys_of_others_are_not_given(cast: Cast, who: str, whose: str) -> None:
    member = getattr(cast, whose)
    about = {"person_id": member.person_id, "actor": getattr(cast, who).viewer, "at": AT}
    if who != whose or who == "agency":
        with pytest.raises((Refused, OutOfScope)):
            actions.give_password(password="sungai-ogan-2024", **about)
    with pytest.raises((Refused, OutOfScope)):
        actions.close_account(**about)
    assert User.objects.get(pk=member.viewer.user_id).is_active


def test_a_commission_gives_its_own_roles(cast: Cast) -> None:
    head = actions.add_person(
        institution_id=cast.province_commission.institution_id,
        full_name="Kepala",
        username="kepala",
        password="x" * 12,
        actor=SYSTEM,
        at=AT,
    )
    actions.assign_role(
        person_id=head,
        institution_id=cast.province_commission.institution_id,
        role="COMMISSION_HEAD",
        from_date=date(2024, 1, 1),
        actor=SYSTEM,
        at=AT,
    )
    viewer = public.viewer_for(user_id=public.account_of(head) or 0, at=AT)
    actions.assign_role(
        person_id=cast.agency.person_id,
        institution_id=cast.commission.institution_id,
        role="COMMISSION_LOGISTICS",
        from_date=date(2024, 10, 1),
        actor=viewer,
        at=AT,
    )
    roles = [g.role for g in public.viewer_for(user_id=cast.agency.user_id, at=AT).grants]
    assert roles == ["AGENCY_OFFICER", "COMMISSION_LOGISTICS"]


def test_the_same_role_twice_in_the_same_days_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.assign_role(
            person_id=cast.agency.person_id,
            institution_id=cast.agency.institution_id,
            role="AGENCY_OFFICER",
            from_date=date(2024, 10, 1),
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert code_of(refused) == "person_has_this_role"


def test_a_role_ends_once_and_not_before_it_starts(cast: Cast) -> None:
    number = RoleAssignment.objects.get(person=cast.agency.person_id).pk
    by = cast.governor_desk.viewer
    with pytest.raises(Refused) as refused:
        actions.end_role(assignment_id=number, to_date=date(2023, 1, 1), actor=by, at=AT)
    assert code_of(refused) == "end_before_start"
    actions.end_role(assignment_id=number, to_date=date(2024, 10, 27), actor=by, at=AT)
    assert public.viewer_for(user_id=cast.agency.user_id, at=AT).grants == ()
    with pytest.raises(Refused) as refused:
        actions.end_role(assignment_id=number, to_date=date(2024, 12, 1), actor=by, at=AT)
    assert code_of(refused) == "role_has_ended"
    assert [e.name for e in history(f"role:{number}")] == [
        "institutions.RoleEnded",
        "institutions.RoleAssigned",
    ]


def test_a_neighbour_cannot_end_a_role(cast: Cast) -> None:
    number = RoleAssignment.objects.get(person=cast.agency.person_id).pk
    with pytest.raises(OutOfScope):
        actions.end_role(
            assignment_id=number, to_date=date(2024, 11, 1), actor=cast.neighbour.viewer, at=AT
        )


# --- holders


def name(cast: Cast, *, by=None, **fields) -> int:
    regent = public.institution_by("REGENT", OKI)
    assert regent is not None
    values = {
        "institution_id": regent.id,
        "person_id": cast.regent_desk.person_id,
        "status": HolderStatus.PJ,
        "from_date": None,
        "source": "Kepmendagri",
        **fields,
    }
    return actions.name_holder(**values, actor=by or cast.governor_desk.viewer, at=AT)


def test_a_regent_on_leave_is_replaced_and_returns_marked_as_a_candidate(cast: Cast) -> None:
    regent = cast.agency.person_id
    candidate = {"person_id": regent, "status": HolderStatus.DEFINITIVE, "contest": "Pilbup 2024"}
    first = name(cast, **candidate, from_date=date(2021, 2, 26))
    actions.end_holder(
        holder_id=first, to_date=date(2024, 9, 24), actor=cast.governor_desk.viewer, at=AT
    )
    name(cast, status=HolderStatus.PJS, from_date=SEPTEMBER, to_date=NOVEMBER)
    name(cast, **candidate, from_date=date(2024, 11, 24))
    today = public.holder_of([OKI], at=AT)[OKI]
    assert today.title == "Pjs. Bupati Ogan Komering Ilir"
    assert (today.name, today.is_candidate) == ("Slamet Wijaya", False)
    eve = public.holder_of([OKI], at=AT.replace(month=11, day=26))[OKI]
    assert (eve.title, eve.is_candidate, eve.contest) == (
        "Bupati Ogan Komering Ilir", True, "Pilbup 2024",
    )  # fmt: skip
    assert [h.status for h in queries.holders_history(eve.institution_id)] == [
        "DEFINITIVE", "PJS", "DEFINITIVE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_date": date(2024, 11, 23)}, "holders_overlap"),
        ({"from_date": None, "to_date": date(2024, 9, 25)}, "holders_overlap"),
        ({"from_date": date(2025, 2, 1), "to_date": date(2025, 1, 1)}, "end_before_start"),
        ({"from_date": date(2025, 1, 1), "source": " "}, "source_is_missing"),
        ({"from_date": date(2025, 1, 1), "person_id": 0}, "person_is_unknown"),
    ],
)
def test_a_holder_that_breaks_a_rule_is_refused(cast: Cast, fields, code) -> None:
    name(cast, from_date=SEPTEMBER, to_date=NOVEMBER)
    with pytest.raises(Refused) as refused:
        name(cast, **fields)
    assert code_of(refused) == code
    assert Holder.objects.count() == 1


def test_a_holder_ends_once_and_not_before_the_start(cast: Cast) -> None:
    number = name(cast, from_date=SEPTEMBER)
    by = cast.governor_desk.viewer
    with pytest.raises(Refused) as refused:
        actions.end_holder(holder_id=number, to_date=date(2024, 9, 24), actor=by, at=AT)
    assert code_of(refused) == "end_before_start"
    assert Holder.objects.get().to_date is None
    with pytest.raises(OutOfScope):
        actions.end_holder(holder_id=number, to_date=NOVEMBER, actor=cast.neighbour.viewer, at=AT)
    actions.end_holder(holder_id=number, to_date=SEPTEMBER, actor=by, at=AT)
    assert Holder.objects.get().to_date == SEPTEMBER
    with pytest.raises(Refused) as refused:
        actions.end_holder(holder_id=number, to_date=SEPTEMBER, actor=by, at=AT)
    assert code_of(refused) == "holder_has_ended"


def test_a_holder_whose_start_nobody_knows_ends_on_any_day(cast: Cast) -> None:
    number = name(cast)
    actions.end_holder(
        holder_id=number, to_date=date(2020, 1, 1), actor=cast.governor_desk.viewer, at=AT
    )
    assert Holder.objects.get().to_date == date(2020, 1, 1)


def test_the_database_itself_refuses_two_holders_at_a_time(cast: Cast) -> None:
    number = name(cast, from_date=SEPTEMBER, to_date=NOVEMBER)
    row = Holder.objects.get(pk=number)
    row.pk, row.from_date, row.to_date = None, NOVEMBER, None
    with pytest.raises(IntegrityError, match="an_office_has_one_holder_at_a_time"):
        row.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_a_holder_at_once_one_is_refused() -> None:
    cast = assemble()
    person = cast.agency.person_id
    start = Barrier(2)

    def try_it(_: int) -> str:
        try:
            start.wait()
            name(cast, person_id=person, from_date=SEPTEMBER)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "named"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(try_it, range(2)))
    assert answers == ["institutions.holders_overlap", "named"]
    assert Holder.objects.count() == 1


@pytest.mark.parametrize("who", ["observer", "regent_desk", "neighbour"])
def test_who_may_not_name_a_holder_finds_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(OutOfScope):
        name(cast, by=getattr(cast, who).viewer)
    assert not Holder.objects.exists()


def test_an_institution_without_an_office_has_no_holder(cast: Cast) -> None:
    forum = public.institution_by("FORKOPIMDA", OKI)
    assert forum is not None
    with pytest.raises(Refused) as refused:
        name(cast, institution_id=forum.id, by=SYSTEM)
    assert code_of(refused) == "institution_has_no_office"


def record(names: dict[tuple[PlaceCode, str], str]) -> int:
    return actions.record_known_holders(
        province=PROVINCE,
        names=names,
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )


def test_known_holders_are_recorded_once_under_the_names_given(cast: Cast) -> None:
    names = {(h.place, h.person): f"Nama {h.place} {h.person}" for h in queries.known_holders()}
    count = record(names)
    with pytest.raises(Refused) as refused:
        record(names)
    assert code_of(refused) == "offices_have_holders"
    assert Holder.objects.count() == count
    today = public.holder_of([PROVINCE, OKI, BANYUASIN, OGAN_ILIR], at=AT)
    assert {p: h.title.split()[0] for p, h in today.items()} == {
        PROVINCE: "Pj.", OKI: "Pj.", BANYUASIN: "Pj.", OGAN_ILIR: "Pjs.",
    }  # fmt: skip
    assert set(Person.objects.filter(offices__isnull=False).values_list("figure_class")) == {
        ("SYNTHETIC",)
    }
