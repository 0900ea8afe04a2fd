"""Who is told what: those who hear for an institution, never the one who acts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.kernel.viewer import SYSTEM, Permission
from serentak.notices import actions
from serentak.notices.models import Notification
from serentak.notices.queries import notifications, unread
from serentak.platform.audit import activity_under
from serentak.platform.models import AuditEvent
from serentak.platform.words import word
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast, seat

from .builders import notice, tell

CASES = Permission("neutrality.VIEW_CASES")


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name="notices.InstitutionsNotified"))


def told() -> set[tuple[int, str]]:
    return set(Notification.objects.values_list("user_id", "link"))


def test_a_desk_hears_for_its_regent_and_each_by_its_own_link(cast: Cast) -> None:
    count = tell(notice(), notice(place=BANYUASIN, link="/16.07"), notice("KPU", link="/16.02"))
    assert count == 3
    assert told() == {
        (cast.regent_desk.user_id, "/coordination/actions/1"),
        (cast.neighbour.user_id, "/16.07"),
        (cast.commission.user_id, "/16.02"),
    }
    (event,) = events()
    assert event.facts == {"codes": ["coordination.asked"], "institutions": 3, "accounts": 3}
    assert (event.place, event.subjects) == ("", ["notifications"])


def test_who_acts_is_not_told_and_telling_nobody_leaves_no_event(cast: Cast) -> None:
    assert tell(actor=cast.regent_desk.viewer) == 0
    assert tell(notice(permission=Permission("coordination.NONE"))) == 0
    assert tell(notice(institution_id=0)) == 0
    assert actions.notify(notices=[], actor=SYSTEM, at=AT) == 0
    assert not Notification.objects.exists()
    assert events() == []


def test_who_hears_for_two_institutions_is_told_once(cast: Cast) -> None:
    assert tell(notice(), notice()) == 1


def test_what_is_confided_is_told_to_who_holds_both(cast: Cast) -> None:
    head = seat("kepala.oki", "Aminah", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    assert tell(notice(also=CASES), notice("KPU", also=CASES)) == 1
    assert Notification.objects.get().user_id == head.user_id


def test_telling_stands_in_no_places_history(cast: Cast) -> None:
    tell()
    assert events()
    assert activity_under(PROVINCE, of=["notices"]) == []


def test_many_are_told_in_the_same_queries_as_one(cast: Cast) -> None:
    counts = []
    for number in (1, 5):
        notices = [notice(link=f"/{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as caught:
            assert tell(*notices) == number
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_one_reads_and_marks_only_ones_own(cast: Cast) -> None:
    tell(notice(), notice(place=BANYUASIN))
    own, other = cast.regent_desk.viewer, cast.neighbour.viewer
    assert (unread(own), unread(other), unread(SYSTEM)) == (1, 1, 0)
    assert actions.mark_notifications_read(actor=own, at=AT) == 1
    assert actions.mark_notifications_read(actor=own, at=AT) == 0
    assert (unread(own), unread(other)) == (0, 1)
    assert [line.read_at for line in notifications(own)] == [AT]
    (event,) = AuditEvent.objects.filter(name="notices.NotificationsRead")
    assert (event.facts, event.actor_id) == ({"count": 1}, own.user_id)


@pytest.mark.parametrize("slice_name", ["notices", "coordination"])
def test_what_was_recorded_before_the_slice_was_made_has_words_too(slice_name: str) -> None:
    text = word("EVENTS", f"{slice_name}.InstitutionsNotified", {"institutions": 3})
    assert text in {"3 institutions notified", "3 lembaga diberi tahu"}
