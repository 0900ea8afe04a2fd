"""Mail to a real server: digests, quiet hours, what is urgent, and a server that fails."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from smtplib import SMTPServerDisconnected
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail.backends.smtp import EmailBackend
from pytest_django import Settings

from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import SYSTEM
from serentak.notices import actions, jobs
from serentak.notices.models import Notification
from serentak.platform.models import AuditEvent, User
from tests.cast import AT, BANYUASIN, Cast

from .builders import notice, tell

NOON = AT + timedelta(hours=3, minutes=1)
NIGHT = AT + timedelta(hours=14)


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[Message] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.endswith("@gone.example"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.kept.append(message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture
def post(cast: Cast, settings: Settings) -> Iterator[Post]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    handler = Post()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = False
    User.objects.filter(id=cast.regent_desk.user_id).update(email="desk@oki.example")
    yield handler
    server.stop()


def text_of(message: Message) -> str:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_a_digest_waits_for_its_hour_and_goes_once(cast: Cast, post: Post) -> None:
    tell()
    tell()
    assert actions.mail_notifications(actor=SYSTEM, at=AT + timedelta(minutes=5)) == 0
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 0
    (message,) = post.kept
    assert message["To"] == "desk@oki.example"
    assert str(make_header(decode_header(message["Subject"]))) == "[Serentak] 2 pemberitahuan"
    assert "Kontrak perahu untuk 272 TPS" in text_of(message)
    assert "/coordination/actions/" in text_of(message)
    (event,) = AuditEvent.objects.filter(name="notices.NotificationsMailed")
    assert event.facts == {"messages": 1, "notifications": 2}


def test_what_is_urgent_breaks_the_quiet(cast: Cast, post: Post) -> None:
    tell(at=NIGHT)
    tell(notice(is_urgent=True), at=NIGHT)
    assert actions.mail_notifications(actor=SYSTEM, at=NIGHT) == 1
    (message,) = post.kept
    assert text_of(message).startswith("! ")
    assert Notification.objects.filter(mailed_at__isnull=True).count() == 1


def test_what_was_read_or_has_no_address_is_not_mailed(cast: Cast, post: Post) -> None:
    tell()
    actions.mark_notifications_read(actor=cast.regent_desk.viewer, at=AT)
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 0
    User.objects.update(email="")
    tell()
    assert actions.mail_notifications(actor=SYSTEM, at=NOON + timedelta(hours=5)) == 0
    assert post.kept == []


def test_a_server_that_fails_leaves_everything_for_the_next_run(
    cast: Cast, post: Post, settings: Settings
) -> None:
    tell()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(OSError, match="refused"):
        actions.mail_notifications(actor=SYSTEM, at=NOON)
    assert not Notification.objects.filter(mailed_at__isnull=False).exists()
    settings.EMAIL_PORT = port
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1


def test_an_address_that_is_gone_does_not_hold_the_others_up(cast: Cast, post: Post) -> None:
    User.objects.filter(id=cast.neighbour.user_id).update(email="desk@gone.example")
    tell(notice(place=BANYUASIN))
    tell()
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1
    assert [message["To"] for message in post.kept] == ["desk@oki.example"]
    assert Notification.objects.get(mailed_at=None).user_id == cast.neighbour.user_id
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 0


@pytest.mark.parametrize("address", ["budi@", "budi", "budi @oki.example"])
def test_what_is_no_address_neither_stops_nor_repeats_the_others(
    cast: Cast, post: Post, address: str
) -> None:
    User.objects.filter(id=cast.neighbour.user_id).update(email=address)
    tell()
    tell(notice(place=BANYUASIN))
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 0
    assert [message["To"] for message in post.kept] == ["desk@oki.example"]
    assert Notification.objects.get(mailed_at=None).user_id == cast.neighbour.user_id


def test_a_server_that_fails_half_way_does_not_repeat_what_went_out(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(id=cast.neighbour.user_id).update(email="desk@banyuasin.example")
    tell()
    tell(notice(place=BANYUASIN))
    send = EmailBackend.send_messages

    def once(self: EmailBackend, messages: list[Any]) -> int:
        if post.kept:
            raise SMTPServerDisconnected("gone")
        return int(send(self, messages))

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", once)
        assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1
    assert actions.mail_notifications(actor=SYSTEM, at=NOON) == 1
    assert [message["To"] for message in post.kept] == [
        "desk@oki.example", "desk@banyuasin.example",
    ]  # fmt: skip


def test_only_the_machine_mails(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        actions.mail_notifications(actor=cast.governor_desk.viewer, at=AT)


def test_without_a_server_the_job_mails_nothing(cast: Cast, settings: Settings) -> None:
    tell()
    settings.EMAIL_HOST = ""
    jobs.mail_notifications(timestamp=0)
    assert not Notification.objects.filter(mailed_at__isnull=False).exists()


def test_the_job_mails_what_is_due(cast: Cast, post: Post) -> None:
    tell(notice(is_urgent=True))
    jobs.mail_notifications(timestamp=0)
    assert len(post.kept) == 1
