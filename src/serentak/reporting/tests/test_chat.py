"""A desk's own text for its group: pieces filled in, what it may not be, who keeps it."""

import pytest
from django.test import Client
from pytest_django import Settings

from serentak.kernel.refused import OutOfScope, Refused
from serentak.platform import clock
from serentak.platform.models import AuditEvent, User
from serentak.reporting import actions
from serentak.reporting.models import ChatTemplate
from serentak.reporting.queries.sources import chat_template
from tests.cast import AT, OKI, Cast, Member
from tests.room import room

from .builders import drafted

OWN = "Yth. Bapak Bupati, izin melaporkan.\n{judul}\n{keadaan}\n\n{bidang}\n{ralat}\nTerima kasih."


@pytest.fixture
def people(db: None, settings: Settings) -> Cast:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=AT, scene="test")
    return room()


def as_(member: Member) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def test_a_desk_keeps_its_own_text_and_goes_back(people: Cast) -> None:
    drafted()
    desk = as_(people.regent_desk)
    usual = desk.get("/16.02/daily/2024-10-28/report.txt").content.decode()
    page = desk.get("/16.02/daily/chat").content.decode()
    assert "{bidang}" in page
    assert "Kembali ke teks baku" not in page
    wrong = desk.post("/16.02/daily/chat", {"text": "Selamat sore", "version": 0})
    assert wrong.status_code == 422
    assert "Cantumkan {judul}, {bidang}, {ralat} dalam teks" in wrong.content.decode()
    assert "Selamat sore" in wrong.content.decode()
    saved = desk.post("/16.02/daily/chat", {"text": OWN, "version": 0})
    assert (saved.status_code, saved["Location"]) == (302, "/16.02/daily#chat-title")
    told = desk.get("/16.02/daily/2024-10-28/report.txt").content.decode()
    assert told.startswith(
        "Yth. Bapak Bupati, izin melaporkan.\n*KONSEP, belum disahkan: Desk Pilkada"
    )
    assert told.endswith("Terima kasih.")
    assert "Selengkapnya" not in told
    above = as_(people.governor_desk)
    assert above.get("/16.02/daily/2024-10-28/report.txt").content.decode() == told
    back = desk.post("/16.02/daily/chat", {"do": "reset", "version": 1})
    assert back.status_code == 302
    assert desk.get("/16.02/daily/2024-10-28/report.txt").content.decode() == usual


def test_two_who_change_the_text_hear_of_each_other(people: Cast) -> None:
    desk = as_(people.regent_desk)
    assert desk.post("/16.02/daily/chat", {"text": OWN, "version": 0}).status_code == 302
    second = desk.post("/16.02/daily/chat", {"text": OWN + "\nSalam.", "version": 0})
    assert second.status_code == 422
    assert "Salam." in second.content.decode()
    assert ChatTemplate.objects.get().text == OWN


def test_the_same_text_again_is_no_event(people: Cast) -> None:
    for version in (0, 1):
        actions.set_chat_template(
            place=OKI, text=OWN, version=version, actor=people.regent_desk.viewer, at=AT
        )
    assert chat_template(OKI).version == 1
    assert AuditEvent.objects.filter(name__endswith="ChatTemplateSet").count() == 1


def test_only_the_desk_itself_changes_its_text(people: Cast) -> None:
    for member in (people.governor_desk, people.observer):
        assert as_(member).get("/16.02/daily/chat").status_code in (403, 404)
        with pytest.raises(OutOfScope):
            actions.set_chat_template(place=OKI, text=OWN, version=None, actor=member.viewer, at=AT)
    with pytest.raises(Refused):
        actions.set_chat_template(
            place=OKI, text="{judul}", version=0, actor=people.regent_desk.viewer, at=AT
        )
    assert not ChatTemplate.objects.exists()
