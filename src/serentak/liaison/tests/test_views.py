"""Pages of liaison: a place, its forms, an assessment, a request, a crime."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from serentak.liaison.models import AidRequest, Assessment, Contact, Crime
from serentak.platform import clock
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Cast, Member

from .builders import TODAY, ask, assess, contact, crime, id_of, police, supervisor


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=5))


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


def test_a_place_is_called_in_two_taps(cast: Cast) -> None:
    contact(cast.regent_desk.viewer)
    client = signed_in(cast.regent_desk)
    page = text(client.get(f"/{OKI}/liaison"))
    assert 'href="tel:0711352041"' in page
    assert "No number is known." in page
    assert "Numbers of the regency" in text(client.get(f"/{AIR_SUGIHAN}/liaison"))
    assert signed_in(cast.observer).get(f"/{OKI}/liaison").status_code == 404
    assert signed_in(cast.neighbour).get(f"/{OKI}/liaison").status_code == 404


def test_a_number_is_entered_changed_and_taken_away(cast: Cast) -> None:
    client = signed_in(cast.commission)
    sent = {
        "client_key": uuid4(), "institution_id": id_of("KPU"), "office": "Piket", "rank": 1,
        "phone": "0712-321000",
    }  # fmt: skip
    assert client.post(f"/{OKI}/liaison/contacts/new", sent).status_code == 302
    row = Contact.objects.get()
    page = text(client.get(f"/liaison/contacts/{row.pk}"))
    assert "Take this number away" in page
    changed = {"version": 1, "office": "Piket", "rank": 1, "phone": "x"}
    assert "This is no telephone number" in text(
        client.post(f"/liaison/contacts/{row.pk}", changed)
    )
    assert signed_in(cast.regent_desk).get(f"/liaison/contacts/{row.pk}").status_code == 404
    client.post(f"/liaison/contacts/{row.pk}/remove", {"version": 1})
    assert not Contact.objects.exists()


def test_a_joint_assessment_is_recorded_and_read(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    sent = {
        "client_key": uuid4(), "assessed_date": TODAY, "level": "alert", "text": "Banjir",
        "members": [id_of("POLICE"), id_of("ARMY")], "owner_1": id_of("BPBD"),
    }  # fmt: skip
    assert "Say who, what and by when." in text(client.post(f"/{OKI}/liaison/assess", sent))
    sent |= {"text_1": "Siapkan perahu", "due_1": TODAY + timedelta(days=1)}
    assert client.post(f"/{OKI}/liaison/assess", sent).status_code == 302
    page = text(client.get(f"/liaison/assessments/{Assessment.objects.get().pk}"))
    assert "Siapkan perahu" in page
    assert "Alert" in text(client.get(f"/{OKI}/liaison"))
    assert signed_in(cast.commission).get(f"/{OKI}/liaison/assess").status_code == 404


def test_a_stale_assessment_says_so(cast: Cast) -> None:
    assess(cast.regent_desk.viewer, assessed_date=TODAY - timedelta(days=4))
    page = text(signed_in(cast.regent_desk).get(f"/{OKI}/liaison"))
    assert "The last one is 4 days old; after 3 days it counts as stale." in page


def test_a_request_is_asked_and_answered(cast: Cast) -> None:
    client, owner = signed_in(cast.regent_desk), signed_in(cast.agency)
    sent = {
        "client_key": uuid4(), "thing": "boats", "number": 6, "owner_id": id_of("DISHUB"),
        "needed_until_at": "2024-10-30T09:00",
    }  # fmt: skip
    assert client.post(f"/{OKI}/liaison/ask", sent).status_code == 422, "where, and what for?"
    sent["purpose"] = "Sungai Menang, 12 TPS"
    assert client.post(f"/{OKI}/liaison/ask", sent).status_code == 302
    row = AidRequest.objects.get()
    page = text(owner.get(f"/liaison/requests/{row.pk}"))
    assert "Sungai Menang, 12 TPS" in page
    assert "Sungai Menang, 12 TPS" in row.action.text
    assert "Withdraw this request" not in page
    given = {"version": 1, "granted": 7}
    assert owner.post(f"/liaison/requests/{row.pk}/promise", given).status_code == 422
    owner.post(f"/liaison/requests/{row.pk}/promise", given | {"granted": 4})
    page = text(client.get(f"/liaison/requests/{row.pk}"))
    assert "<dt>Still missing</dt><dd>2</dd>" in page
    assert client.post(f"/liaison/requests/{row.pk}/arrive", {}).status_code == 404
    owner.post(f"/liaison/requests/{row.pk}/arrive", {"version": 2, "granted": 4})
    assert (
        client.post(
            f"/liaison/requests/{row.pk}/withdraw", {"version": 3, "reason": "x"}
        ).status_code
        == 422
    )
    assert signed_in(cast.neighbour).get(f"/liaison/requests/{row.pk}").status_code == 404


def test_a_late_request_says_so(cast: Cast) -> None:
    row = ask(cast.regent_desk.viewer)
    client = signed_in(cast.regent_desk)
    assert "Its clock has run out." in text(client.get(f"/liaison/requests/{row.pk}"))
    answer = client.post(f"/liaison/requests/{row.pk}/withdraw", {"version": 1, "reason": "Surut"})
    assert answer.status_code == 302


def test_a_crime_shows_to_who_handles_it_alone(cast: Cast) -> None:
    own = signed_in(supervisor())
    sent = {"client_key": uuid4(), "register": "007/Reg", "known_date": TODAY}
    assert own.post(f"/{OKI}/liaison/crimes/new", sent).status_code == 302
    row = Crime.objects.get()
    assert "007/Reg" in text(own.get(f"/{OKI}/liaison"))
    investigator = signed_in(police())
    watching = text(investigator.get(f"/liaison/crimes/{row.pk}"))
    assert "Record a step" not in watching
    given = {"version": 1, "event": "REPORT", "moved_date": TODAY}
    assert own.post(f"/liaison/crimes/{row.pk}/move", given).status_code == 302
    assert own.post(f"/liaison/crimes/{row.pk}/move", given).status_code == 422
    assert investigator.post(f"/liaison/crimes/{row.pk}/move", given).status_code == 404
    for member in (cast.governor_desk, cast.regent_desk, cast.commission, cast.ministry):
        client = signed_in(member)
        assert client.get(f"/liaison/crimes/{row.pk}").status_code == 404
        assert "007/Reg" not in text(client.get(f"/{OKI}/liaison"))
        assert "joint centre" not in text(client.get(f"/{PROVINCE}/liaison"))


def test_a_crime_past_its_clock(cast: Cast) -> None:
    own = supervisor()
    row = crime(own.viewer, known_date=TODAY - timedelta(days=9))
    assert "overdue by 2 days" in text(signed_in(own).get(f"/liaison/crimes/{row.pk}"))
