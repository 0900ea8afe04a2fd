"""What security counts of quality, from known incidents."""

from datetime import timedelta

import pytest

from serentak.kernel.counting import Share
from serentak.kernel.viewer import SYSTEM
from serentak.security import actions
from serentak.security.models import Incident
from serentak.security.queries.counts import COUNTS
from serentak.security.rules.states import Severity
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import election, reported, stepped

LATER = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    election()


def test_answered_in_its_clock_and_none_of_the_confided() -> None:
    held = reported()
    stepped(held, "triage", "dispatch", "arrive", "contain")
    reported()
    late = reported()
    stepped(late, "triage", "dispatch", "arrive", "contain", at=LATER)
    confided = reported()
    Incident.objects.filter(pk=confided.pk).update(was_confided=True)
    again = reported()
    actions.mark_duplicate(
        key=again.key, version=None, original=held.key, note="Sama", actor=SYSTEM, at=AT
    )
    ask = COUNTS["incidents-answered"]
    assert {place: one.whole for place, one in ask(parent=PROVINCE, at=AT).items()} == {
        OKI: Share(2, 3)
    }
    assert ask(parent=OKI, at=LATER)[OKI].whole == Share(1, 3)
    assert ask(parent=BANYUASIN, at=LATER) == {}


def test_without_the_gravest() -> None:
    reported()
    grave = reported()
    Incident.objects.filter(pk=grave.pk).update(severity=Severity.S4.value)
    found = COUNTS["without-grave-violence"](parent=PROVINCE, at=AT)
    assert found[OKI].whole == Share(1, 2)
