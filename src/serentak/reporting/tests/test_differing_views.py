"""The board, one contradiction and the catalogue: what stands there, for whom, and what is done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from serentak.kernel.viewer import SYSTEM, Permission
from serentak.platform import clock, reading
from serentak.platform.models import User
from serentak.reporting import actions
from serentak.reporting.models import Contradiction
from serentak.reporting.queries.differing_alerts import report_reader
from serentak.reporting.rules.differing import strength
from tests.cast import AT, OKI, PROVINCE, Cast, Member, seat
from tests.markup import compact
from tests.room import room

from .builders import drafted, progress

pytestmark = pytest.mark.django_db

VIEW_POSTS = Permission("posting.VIEW_POSTS")


@pytest.fixture
def people(db: None, settings: Settings) -> Cast:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=AT, scene="test")
    cast = room()
    progress("kpps-form", 7)
    progress("kpps-train", 21)
    actions.compare_sides(place=PROVINCE, actor=SYSTEM, at=AT)
    return cast


def as_(member: Member) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def trained() -> Contradiction:
    return Contradiction.objects.get(check_key="crew-trained-formed")


def hidden() -> Contradiction:
    """Lay down what the police alone may know of, heavier than all else."""
    row = trained()
    row.pk, row.check_key, row._state.adding = None, "posts-need-plan", True
    row.key = uuid4()
    row.strength, row.about = strength(50, 1e6), {}
    row.save()
    return row


def test_both_sides_stand_beside_each_other(people: Cast) -> None:
    text = compact(as_(people.governor_desk).get("/16/contradictions").content.decode())
    assert "Petugas dilatih lebih banyak dari dilantik" in text
    assert "KPPS dilantik: 7 dari" in text
    assert "/16.02/readiness/kpps-train" in text
    assert "salah" not in re.sub(r"<[^>]+>", "", text.split("<main", 1)[1]).lower()


def test_what_is_hidden_is_nowhere(people: Cast) -> None:
    desk = as_(people.governor_desk)
    assert VIEW_POSTS not in {p for g in people.governor_desk.viewer.grants for p in g.permissions}
    pages = ("/16/contradictions", "/16/contradictions?state=open&export=csv", "/16/", "/16/daily")

    def said() -> list[str]:
        with reading.afresh():
            texts = [b"".join(desk.get(page)).decode() for page in pages]
        return [
            re.sub(r'(nonce|csrf\w*|X-CSRFToken\\?"?:|value)=?\s*\\?["\'][^"\']*["\']', "", t)
            for t in texts
        ]

    before = [re.sub(r":[\w-]{6}:[\w-]{43}", "", t) for t in said()]
    row = hidden()
    after = [re.sub(r":[\w-]{6}:[\w-]{43}", "", t) for t in said()]
    assert [len(t) for t in before] == [len(t) for t in after]
    assert desk.get(f"/contradictions/{row.key}").status_code == 404
    police = seat("ops", "Perwira", "POLICE_OPERATIONS", "POLICE", OKI)
    assert as_(police).get(f"/contradictions/{row.key}").status_code == 200


def test_the_owner_answers_and_settles(people: Cast) -> None:
    officer = seat("kpu", "Petugas KPU", "COMMISSION_OFFICER", "KPU", OKI)
    kpu = as_(officer)
    path = f"/contradictions/{trained().key}"
    assert "Kami periksa" in kpu.get(path).content.decode()
    assert kpu.post(f"{path}/acknowledge", {"version": trained().version}).status_code == 302
    answer = {"version": trained().version, "answer": "Pengganti belum ber-SK"}
    assert kpu.post(f"{path}/answer", answer).status_code == 302
    refused = kpu.post(f"{path}/settle", {"version": trained().version, "used": "A"})
    assert refused.status_code == 422
    settled = {"version": trained().version, "used": "A", "reason": "SK 12", "proof": "SK 12/2024"}
    assert kpu.post(f"{path}/settle", settled).status_code == 302
    assert trained().state == "SETTLED"
    assert "SK 12/2024" in as_(people.governor_desk).get(path).content.decode()
    desk = as_(people.governor_desk)
    assert (
        desk.post(f"{path}/reopen", {"version": trained().version, "reason": "Berubah"}).status_code
        == 302
    )
    assert (trained().state, trained().reopened) == ("OPEN", 1)


def test_pages_ask_as_often_whatever_there_is(people: Cast) -> None:
    desk = as_(people.governor_desk)
    desk.get("/16/contradictions")

    def asked() -> int:
        with reading.afresh(), CaptureQueriesContext(connection) as found:
            desk.get("/16/contradictions")
        return len(found)

    before = asked()
    first = trained().pk
    for n in range(15):
        row = Contradiction.objects.get(pk=first)
        row.pk, row.subject, row._state.adding = None, f"crews {n}", True
        row.key = uuid4()
        row.save()
    assert asked() == before


def test_the_daily_report_tells_what_its_readers_may_know(people: Cast) -> None:
    hidden()
    report = drafted(OKI)
    told = [row.params["params"] for row in report.sentences.filter(section="PROBLEMS")
            if row.params.get("alert") == "reporting.sides_differ"]  # fmt: skip
    assert [one["key"] for one in told] == [str(trained().key)]
    assert not report_reader(OKI).holds(VIEW_POSTS)


def test_the_catalogue_says_for_what_a_check_waits(people: Cast) -> None:
    text = as_(people.governor_desk).get("/16/contradictions/checks").content.decode()
    assert "Belum ditanyakan" in text
    assert "Menunggu" in text


def test_what_became_equal_is_gone_and_readable(people: Cast) -> None:
    progress("kpps-form", 21, at=AT + timedelta(hours=1))
    actions.compare_sides(place=PROVINCE, actor=SYSTEM, at=AT + timedelta(hours=1))
    assert trained().state == "GONE"
    text = as_(people.governor_desk).get("/16/contradictions?state=settled").content.decode()
    assert "keduanya sudah sama" in text
