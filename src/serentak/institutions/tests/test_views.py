"""Pages: the directory, an institution, and the forms that change people, roles and holders."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from serentak.institutions import actions, public
from serentak.institutions.models import Holder, Person, RoleAssignment
from serentak.institutions.rules import HolderStatus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.platform.models import User
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, SEATS, Cast, Member
from tests.markup import compact

pytestmark = pytest.mark.django_db

TERM = {"status": HolderStatus.DEFINITIVE, "from_date": date(2021, 2, 26), "source": "Kepmendagri"}


@pytest.fixture(autouse=True)
def day_of_the_scene(db, settings) -> None:
    """Let the domain's clock run: holders and roles are those of that day."""
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=AT, scene="test")


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def page_of(member: Member, path: str, status: int = 200) -> str:
    response = signed_in(member).get(path)
    assert response.status_code == status
    return response.content.decode()


def regent() -> int:
    found = public.institution_by("REGENT", OKI)
    assert found is not None
    return found.id


def name(cast: Cast, **fields: Any) -> int:
    values = {
        "institution_id": regent(),
        "person_id": cast.regent_desk.person_id,
        **TERM,
        **fields,
    }
    return actions.name_holder(**values, actor=SYSTEM, at=AT)


# --- reading


def test_the_contact_sheet_has_phone_numbers_for_those_who_may_see_them(cast: Cast) -> None:
    name(cast)
    Person.objects.filter(pk=cast.regent_desk.person_id).update(phone="0812-555-0142")
    page = page_of(cast.regent_desk, f"/{OKI}/directory")
    assert 'href="?sheet"' in page
    sheet = page_of(cast.regent_desk, f"/{OKI}/directory?sheet")
    assert "Bupati Ogan Komering Ilir: <b>Slamet Wijaya</b>" in sheet
    assert "0812-555-0142" in sheet
    assert "<select" not in sheet
    page_of(cast.observer, f"/{OKI}/directory?sheet", 404)


def test_the_directory_names_todays_holder_and_marks_a_candidate(cast: Cast) -> None:
    name(cast, contest="Pemilihan Bupati Ogan Komering Ilir 2024")
    page = page_of(cast.governor_desk, f"/{PROVINCE}/directory")
    line = re.search(rf'href="/{OKI}/directory".*?</tr>', page, re.S)
    assert line is not None
    assert "Bupati Ogan Komering Ilir: <b>Slamet Wijaya</b>" in line[0]
    assert "calon" in line[0]
    assert "belum dicatat" in page  # nobody else was entered
    own = page_of(cast.regent_desk, f"/{OKI}/directory")
    assert "Kodim 0402/Ogan Komering Ilir" in own
    assert "Yusuf Marzuki" in own
    assert "0812-0000-0000" in own


@pytest.mark.parametrize(
    ("who", "path"),
    [("neighbour", f"/{OKI}/directory"), ("observer", f"/{PROVINCE}/directory"),
     ("regent_desk", f"/{PROVINCE}/directory"), ("governor_desk", "/18/directory")],
)  # fmt: skip
def test_out_of_scope_is_not_found(cast: Cast, who: str, path: str) -> None:
    page_of(getattr(cast, who), path, status=404)


def test_a_neighbour_does_not_find_an_institution(cast: Cast) -> None:
    path = f"/institutions/{cast.agency.institution_id}"
    page_of(cast.neighbour, path, status=404)
    page_of(cast.governor_desk, "/institutions/999999", status=404)
    assert Client().get(path).status_code == 302


def test_an_institution_shows_area_people_terms_and_history(cast: Cast) -> None:
    holder = name(cast, to_date=date(2024, 9, 24), contest="Pilbup")
    name(cast, status=HolderStatus.PJS, from_date=date(2024, 9, 25), contest="")
    page = compact(page_of(cast.governor_desk, f"/institutions/{regent()}"))
    assert "Pjs. Bupati Ogan Komering Ilir: <b>Slamet Wijaya</b>" in page
    assert "26 Feb 2021 – 24 Sep 2024" in page
    assert "Kabupaten Ogan Komering Ilir" in page
    assert "Slamet Wijaya dicatat sebagai pejabat (definitif)" in page
    assert f"/holders/{holder}/end" not in page  # that term is over
    assert "/role" in page
    assert f"/institutions/{regent()}/area" not in page  # the administrator sets areas
    assert f"/institutions/{regent()}/area" in page_of(
        cast.administrator, f"/institutions/{regent()}"
    )


def test_the_desk_is_not_offered_roles_of_an_independent_body(cast: Cast) -> None:
    page = page_of(cast.governor_desk, f"/institutions/{cast.commission.institution_id}")
    assert f"/institutions/{cast.commission.institution_id}/role" not in page
    assert "lembaga mandiri" in page


def test_the_history_speaks_of_roles_as_people_do(cast: Cast) -> None:
    page = page_of(cast.governor_desk, f"/institutions/{cast.agency.institution_id}")
    assert "Peran Petugas lembaga diberikan kepada Yusuf Marzuki mulai 1 Jan 2024" in page


# --- changing


def test_the_desk_adds_a_person_with_account_and_role(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    path = f"/institutions/{cast.agency.institution_id}/person"
    weak = {"full_name": "Nurhayati", "username": "nur", "password": "12345", "role": ""}
    refused = client.post(path, weak)
    assert refused.status_code == 422
    assert not Person.objects.filter(full_name="Nurhayati").exists()
    sent = weak | {"password": "rahasia-sungai-besar", "role": "AGENCY_OFFICER"}
    page = client.post(path, sent, follow=True).content.decode()
    assert "Nurhayati" in page
    user = User.objects.get(username="nur")
    assert [g.role for g in public.viewer_for(user_id=user.pk, at=AT).grants] == ["AGENCY_OFFICER"]
    again = client.post(path, sent)
    assert again.status_code == 422
    assert "nur" in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"full_name": ""}, "Nama lengkap"),
        ({"username": "nur"}, "kata sandi pertama"),
        ({"password": "rahasia-sungai-besar"}, "nama pengguna"),
        ({"email": "bukan-surel"}, "Surel"),
        ({"role": "GOVERNOR"}, "Peran"),
    ],
)
def test_a_form_that_does_not_hold_comes_back(cast: Cast, sent, said) -> None:
    path = f"/institutions/{cast.agency.institution_id}/person"
    response = signed_in(cast.governor_desk).post(path, {"full_name": "Nurhayati", **sent})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Person.objects.filter(full_name="Nurhayati").exists()


def test_a_role_is_assigned_to_who_was_typed_and_ended_again(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    path = f"/institutions/{cast.agency.institution_id}"
    sent = {
        "person_q": "Slamet", "role": "AGENCY_OFFICER", "from_date": "2024-10-01",
        "places": "16.02.14",
    }  # fmt: skip
    page = client.post(f"{path}/role", sent, follow=True).content.decode()
    assert "Slamet Wijaya" in page
    number = RoleAssignment.objects.get(person=cast.regent_desk.person_id, role="AGENCY_OFFICER").pk
    assert f"/roles/{number}/end" in page
    client.post(f"/roles/{number}/end", {"to_date": "2024-10-20"}, follow=True)
    assert RoleAssignment.objects.get(pk=number).to_date == date(2024, 10, 20)
    assert f"/roles/{number}/end" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"places": "16.07"}, "berada di luar wilayah kerja"),
        ({"places": "16.2"}, "bukan kode"),
        ({"person_q": "Tidak Ada"}, "Tidak Ada"),
        ({"to_date": "2024-01-01"}, "mendahului"),
        ({"from_date": "kemarin"}, "Hari pertama"),
    ],
)
def test_a_role_that_breaks_a_rule_comes_back_in_words(cast: Cast, sent, said) -> None:
    path = f"/institutions/{cast.agency.institution_id}/role"
    good = {"person_q": "Slamet", "role": "AGENCY_OFFICER", "from_date": "2024-10-01"}
    response = signed_in(cast.governor_desk).post(path, good | sent)
    assert response.status_code == 422
    assert escape(said) in response.content.decode()
    assert RoleAssignment.objects.count() == len(SEATS)


def test_a_holder_is_named_and_ended_and_two_at_a_time_are_refused(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    path = f"/institutions/{regent()}"
    sent = {
        "person_q": "Slamet", "status": "PJ", "from_date": "2024-01-14", "to_date": "",
        "source": "Kepmendagri",
    }  # fmt: skip
    page = client.post(f"{path}/holder", sent, follow=True).content.decode()
    assert "Pj. Bupati Ogan Komering Ilir: <b>Slamet Wijaya</b>" in page
    refused = client.post(f"{path}/holder", sent | {"person_q": "Yusuf"})
    assert refused.status_code == 422
    assert "Slamet Wijaya memegang jabatan ini" in refused.content.decode()
    number = Holder.objects.get().pk
    client.post(f"/holders/{number}/end", {"to_date": "2024-10-27"})
    assert "belum dicatat" in client.get(path).content.decode()


def test_the_administrator_sets_an_area(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    path = f"/institutions/{cast.agency.institution_id}/area"
    assert "16.02" in client.get(path).content.decode()
    page = client.post(path, {"places": "16.02\n16.07"}, follow=True).content.decode()
    assert "Kabupaten Banyuasin" in page
    assert public.institution(cast.agency.institution_id).places == (OKI, BANYUASIN)
    refused = client.post(path, {"places": "16.99"})
    assert refused.status_code == 422
    assert "Tidak ada wilayah dengan kode 16.99" in refused.content.decode()


@pytest.mark.parametrize("what", ["person", "role", "holder", "area"])
@pytest.mark.parametrize("who", ["regent_desk", "agency", "neighbour", "observer"])
def test_nobody_else_finds_the_forms(cast: Cast, who: str, what: str) -> None:
    path = f"/institutions/{cast.agency.institution_id}/{what}"
    page_of(getattr(cast, who), path, status=404)


def test_an_institution_without_an_office_has_no_form_for_a_holder(cast: Cast) -> None:
    forum = public.institution_by("FORKOPIMDA", PlaceCode(OKI))
    assert forum is not None
    page_of(cast.governor_desk, f"/institutions/{forum.id}/holder", status=404)


def test_people_are_found_by_part_of_the_name(cast: Cast) -> None:
    path = "/institutions/people?field=person&person_q=yus"
    assert "Yusuf Marzuki" in page_of(cast.governor_desk, path)
    assert "Yusuf Marzuki" not in page_of(cast.neighbour, path)


def test_the_desk_gives_a_password_and_closes_an_account(cast: Cast) -> None:
    client, member = signed_in(cast.governor_desk), cast.agency
    page = f"/institutions/{member.institution_id}"
    password, account = (f"/people/{member.person_id}/{what}" for what in ("password", "account"))
    text = client.get(page).content.decode()
    assert password in text
    assert account in text
    assert client.post(password, {"password": "pendek"}).status_code == 422
    assert client.post(password, {"password": "sungai-ogan-2024"}).status_code == 302
    form = client.get(account).context["form"]
    assert client.post(account, {"is_open": str(form["is_open"].value())}).status_code == 302
    assert "akun ditutup" in client.get(page).content.decode()
    assert signed_in(member).get(page).status_code == 302, "signed out at the next request"
    assert client.post(account, {"is_open": "True"}).status_code == 302
    assert signed_in(member).get(page).status_code == 200


@pytest.mark.parametrize("what", ["password", "account"])
def test_keys_of_an_independent_body_are_not_offered(cast: Cast, what: str) -> None:
    client, member = signed_in(cast.governor_desk), cast.province_commission
    path = f"/people/{member.person_id}/{what}"
    assert path not in client.get(f"/institutions/{member.institution_id}").content.decode()
    sent = {"password": "sungai-ogan-2024", "is_open": "False"}
    assert client.post(path, sent).status_code == 422
    assert signed_in(cast.neighbour).post(path, sent).status_code == 404
