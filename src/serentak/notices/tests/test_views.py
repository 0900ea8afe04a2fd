"""The page of notifications and their number in the bar."""

from django.test import Client

from serentak.notices.models import Notification
from serentak.platform.models import User
from tests.cast import Cast, Member
from tests.markup import compact

from .builders import tell


def signed_in(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["serentak_language"] = "en"
    client.force_login(User.objects.get(id=member.user_id))
    return client


def test_notifications_are_read_at_once(cast: Cast) -> None:
    officer = signed_in(cast.regent_desk)
    tell()
    text = compact(officer.get("/coordination/notifications").content.decode())
    assert "Asked of you" in text
    link = '<span class="vh">Notifications</span>'
    assert f'{link} <b class="tag">1</b>' in text
    assert 'class="tag">1</b>' in compact(officer.get("/16.02/coordination").content.decode())
    officer.post("/coordination/notifications")
    assert not Notification.objects.filter(read_at__isnull=True, user=cast.regent_desk.user_id)
    assert f"{link}</a>" in compact(officer.get("/coordination/notifications").content.decode())
    assert signed_in(cast.administrator).get("/coordination/notifications").status_code == 200
    assert Client().get("/coordination/notifications").status_code == 302
