"""Reads: what a viewer may do, who is there, who holds an office; with counts of queries."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from serentak.institutions import actions, public, queries
from serentak.institutions.permissions import VIEW_DIRECTORY
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Permission, Viewer
from serentak.platform import catalogue
from serentak.platform.audit import HistoryEntry
from serentak.platform.catalogue import CatalogueFault, load_each
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast, load_places

REPORT = Permission("readiness.REPORT_PROGRESS")


@pytest.mark.django_db
def test_a_viewer_holds_what_the_roles_of_the_day_give(cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        viewer = public.viewer_for(user_id=cast.agency.user_id, at=AT)
    [grant] = viewer.grants
    assert (grant.institution_id, grant.places) == (cast.agency.institution_id, (OKI,))
    assert viewer.may(REPORT, AIR_SUGIHAN)
    assert not viewer.may(REPORT, BANYUASIN)
    assert viewer.acts_for(cast.agency.institution_id, REPORT)
    assert public.viewer_for(user_id=cast.agency.user_id, at=AT - timedelta(days=400)).grants == ()


def test_counts_and_days_of_the_history_are_written_as_a_person_reads_them() -> None:
    def said(name: str, **facts: object) -> str:
        return queries.history_line(HistoryEntry(1, name, AT, "", None, OKI, (), facts)).text

    with translation.override("id"):
        assert said("institutions.InstitutionsCreated", count=11737).startswith("11.737 ")
        assert "25 Sep 2024" in said(
            "institutions.HolderEnded", status="PJS", to_date="2024-09-25", full_name="Abdu-is-ok"
        )


@pytest.mark.django_db
def test_a_narrowed_role_holds_only_there(cast: Cast) -> None:
    actions.assign_role(
        person_id=cast.observer.person_id,
        institution_id=cast.agency.institution_id,
        role="AGENCY_OFFICER",
        from_date=AT.date(),
        places=[AIR_SUGIHAN],
        actor=SYSTEM,
        at=AT,
    )
    viewer = public.viewer_for(user_id=cast.observer.user_id, at=AT)
    assert viewer.places(REPORT) == (AIR_SUGIHAN,)


@pytest.mark.django_db
def test_an_account_without_a_person_may_do_nothing(django_user_model) -> None:
    user = django_user_model(username="x", full_name="X")
    user.save()
    assert public.viewer_for(user_id=user.pk, at=AT).grants == ()


@pytest.mark.django_db
def test_institutions_by_kind_and_place_in_one_query(cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = public.institutions_by(kinds=["ARMY", "KPU"], places=[OKI, PALEMBANG, PROVINCE])
    assert {(k, p): c.name for (k, p), c in found.items()} == {
        ("ARMY", OKI): "Kodim 0402/Ogan Komering Ilir",
        ("ARMY", PALEMBANG): "Kodim 0418/Palembang",
        ("ARMY", PROVINCE): "Korem 044/Garuda Dempo",
        ("KPU", OKI): "KPU Kabupaten Ogan Komering Ilir",
        ("KPU", PALEMBANG): "KPU Kota Palembang",
        ("KPU", PROVINCE): "KPU Provinsi Sumatera Selatan",
    }
    with translation.override("en"):
        [card] = public.institutions_of(OKI, ["KPU"])
    assert card.name == "Election Commission of Ogan Komering Ilir Regency"
    assert card.kind_label == "Election commission"


@pytest.mark.django_db
def test_verbs_follow_from_two_institutions(cast: Cast) -> None:
    governor = public.institution_by("GOVERNOR", PROVINCE)
    regent = public.institution_by("REGENT", OKI)
    assert governor is not None
    assert regent is not None
    down = public.verbs_between(governor.id, regent.id)
    assert "DIRECTIVE" in down
    assert "INSTRUCTION" not in down
    assert public.verbs_between(governor.id, cast.commission.institution_id) == {
        "REQUEST", "COORDINATION",
    }  # fmt: skip
    assert public.verbs_between(governor.id, governor.id) == frozenset()
    assert public.verbs_between(governor.id, 0) == frozenset()


@pytest.mark.django_db
def test_the_directory_takes_a_fixed_number_of_queries(cast, django_assert_num_queries) -> None:
    queries.institution_cards(queries.at_place(PROVINCE))  # catalogues are read once
    with django_assert_num_queries(5):
        page = queries.directory(OKI, viewer=cast.regent_desk.viewer, at=AT)
    assert page.lines[0].institution.kind == "REGENT"
    by_kind = {line.institution.kind: line for line in page.lines}
    [officer] = by_kind["DISHUB"].people
    assert (officer.name, officer.phone) == ("Yusuf Marzuki", "0812-0000-0000")
    assert [role.role_label for role in officer.roles] == ["Petugas lembaga"]
    assert by_kind["REGENT"].holder is None
    with django_assert_num_queries(7):
        province = queries.directory(PROVINCE, viewer=cast.governor_desk.viewer, at=AT)
    assert [head.place.code for head in province.heads] == [OKI, BANYUASIN, "16.10", PALEMBANG]


@pytest.mark.django_db
def test_phones_are_kept_from_who_may_not_see_them(cast: Cast) -> None:
    seen = VIEW_DIRECTORY
    reader = Viewer(1, "", (Grant(None, "X", frozenset([seen]), (OKI,)),))
    for viewer, phone in ((reader, ""), (cast.regent_desk.viewer, "0812-0000-0000")):
        page = queries.institution_page(cast.agency.institution_id, viewer=viewer, at=AT)
        assert [(p.name, p.phone) for p in page.people] == [("Yusuf Marzuki", phone)]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["neighbour", "observer"])
def test_the_directory_is_out_of_scope_for_others(cast: Cast, who: str) -> None:
    viewer = getattr(cast, who).viewer
    with pytest.raises(OutOfScope):
        queries.directory(OKI, viewer=viewer, at=AT)
    with pytest.raises(OutOfScope):
        queries.institution_page(cast.agency.institution_id, viewer=viewer, at=AT)
    assert queries.people_options("Yusuf", viewer=viewer) == []
    assert queries.person_option(str(cast.agency.person_id), viewer=viewer) is None


@pytest.mark.django_db
def test_a_person_without_a_role_is_listed_where_entered(cast: Cast) -> None:
    actions.add_person(
        institution_id=cast.agency.institution_id, full_name="Nurhayati", actor=SYSTEM, at=AT
    )
    page = queries.institution_page(
        cast.agency.institution_id, viewer=cast.governor_desk.viewer, at=AT
    )
    assert [(p.name, len(p.roles)) for p in page.people] == [("Nurhayati", 0), ("Yusuf Marzuki", 1)]
    [found] = queries.people_options("nurhay", viewer=cast.regent_desk.viewer)
    assert (found.label, found.hint) == ("Nurhayati", page.institution.name)


@pytest.mark.django_db
def test_demo_accounts_exist_only_in_a_demonstration(cast: Cast, settings) -> None:
    settings.SERENTAK_DEMO = False
    assert public.demo_accounts() == []
    settings.SERENTAK_DEMO = True
    accounts = public.demo_accounts()
    assert [a.username for a in accounts][:2] == ["governor_desk", "regent_desk"]
    assert accounts[0].role == "Ketua Desk Pilkada Provinsi"
    assert accounts[0].place == "Desk Pilkada Provinsi Sumatera Selatan"
    assert accounts[0].may.startswith("melihat seluruh provinsi")


def test_a_slice_gives_its_own_permissions_only() -> None:
    files = load_each("roles", lambda data: data["permissions"])
    assert [
        (name, p) for name, given in files.items() for p in given if name != p.split(".")[0]
    ] == []
    assert {p for given in files.values() for p in given} == queries.declared_permissions()


@pytest.fixture
def own_file(settings, tmp_path) -> Iterator[Path]:
    """Give the desk's file of an installation; what it says is forgotten afterwards."""
    settings.SERENTAK_CATALOGUE = str(tmp_path)
    (tmp_path / "desk").mkdir()
    _forget()
    yield tmp_path / "desk" / "roles.yaml"
    _forget()


def _forget() -> None:
    queries.roles.cache_clear()
    catalogue._load.cache_clear()


def test_an_installation_gives_one_slices_permissions_anew(own_file: Path) -> None:
    own_file.write_text("permissions: {desk.VIEW_DESK: [GOVERNOR]}")
    assert public.roles_with(Permission("desk.VIEW_DESK")) == {"GOVERNOR"}
    assert "readiness.VIEW_READINESS" in queries.roles()["REGENT"].permissions


def test_a_fault_in_what_a_slice_gives_names_its_file(own_file: Path) -> None:
    own_file.write_text("permissions: {desk.VIEW_DESKS: [GOVERNOR]}")
    with pytest.raises(CatalogueFault, match=r"^desk/roles.yaml: desk.VIEW_DESKS: no permission"):
        queries.roles()


@pytest.mark.django_db
def test_nothing_is_found_where_nothing_is() -> None:
    load_places()
    assert public.institution_by("KPU", PlaceCode("16.07")) is None
    assert public.holder_of([OKI], at=AT) == {}
    assert public.institution(1) is None
    assert not SYSTEM.institutions(VIEW_DIRECTORY)


# --- who acts and hears for whom

ASK = Permission("coordination.GIVE_ACTION")
DAILY = Permission("reporting.WRITE_DAILY_REPORT")


def id_of(kind: str, place: PlaceCode) -> int:
    card = public.institution_by(kind, place)
    assert card is not None
    return card.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "permission", "place", "expected"),
    [
        ("regent_desk", DAILY, OKI, True),
        ("governor_desk", DAILY, PROVINCE, True),
        ("governor_desk", DAILY, OKI, False),  # who stands above reads, and acts for none below
        ("regent_desk", DAILY, PROVINCE, False),
        ("regent_desk", DAILY, AIR_SUGIHAN, False),
        ("neighbour", DAILY, OKI, False),
        ("commission", DAILY, OKI, False),  # another role, without the permission
        ("commission", REPORT, OKI, True),
        ("observer", DAILY, PROVINCE, False),
    ],
)
def test_who_acts_for_an_institution_of_a_place(
    cast: Cast, who: str, permission: Permission, place: PlaceCode, expected: bool
) -> None:
    member = getattr(cast, who)
    found = public.voices(member.viewer, permission)
    assert found.act_at(place) is expected
    here = found.at(place)
    assert (here.id if here else None) == (member.institution_id if expected else None)


@pytest.mark.django_db
def test_the_system_acts_for_all_and_is_of_none_and_the_public_for_nobody(cast: Cast) -> None:
    system, nobody = public.voices(SYSTEM, DAILY), public.voices(PUBLIC, DAILY)
    assert (system.act_at(OKI), system.at(OKI), system.first) == (True, None, None)
    assert (nobody.act_at(OKI), nobody.at(OKI), nobody.first) == (False, None, None)
    assert cast.regent_desk.institution_id in system
    assert cast.regent_desk.institution_id not in nobody


@pytest.mark.django_db
def test_a_desk_speaks_for_its_head_of_region_and_nobody_else_for_another(
    cast: Cast, django_assert_num_queries
) -> None:
    governor, regent = id_of("GOVERNOR", PROVINCE), id_of("REGENT", OKI)
    with django_assert_num_queries(2):
        desk = public.voices(cast.governor_desk.viewer, ASK)
    assert governor in desk
    assert regent not in desk
    assert desk.first is not None
    assert desk.first.id == governor
    with django_assert_num_queries(1):
        watch = public.voices(cast.supervisor.viewer, ASK)
    assert governor not in watch
    assert watch.first is not None
    assert watch.first.id == cast.supervisor.institution_id
    assert governor not in public.voices(cast.agency.viewer, ASK)
    assert governor in public.voices(SYSTEM, ASK)


@pytest.mark.django_db
def test_a_desk_hears_for_its_head_of_region(cast: Cast, django_assert_num_queries) -> None:
    governor, regent = id_of("GOVERNOR", PROVINCE), id_of("REGENT", OKI)
    police = id_of("POLICE", OKI)
    with django_assert_num_queries(3):
        accounts = public.accounts_for([governor, regent, police], ASK, at=AT)
    assert [a.user_id for a in accounts[governor]] == [cast.governor_desk.user_id]
    assert [a.user_id for a in accounts[regent]] == [cast.regent_desk.user_id]
    assert accounts[police] == []
    cases = Permission("neutrality.VIEW_CASES")
    with django_assert_num_queries(4):
        trusted = public.accounts_for([governor, regent], ASK, also=cases, at=AT)
    assert [a.user_id for a in trusted[governor]] == [cast.governor_desk.user_id]
    assert trusted[regent] == []
