"""What posting counts of quality, and where plan, need and roll differ."""

from datetime import UTC, datetime

import pytest

from serentak.kernel.counting import Share
from serentak.kernel.viewer import SYSTEM
from serentak.posting import actions
from serentak.posting.actions import Presence
from serentak.posting.models import PlanRow
from serentak.posting.queries.checks import CHECKS
from serentak.posting.queries.counts import COUNTS
from tests.cast import AT, OKI, PROVINCE, Cast

from .builders import adopted, polres, polsek, set_up_stations, tell

VOTE_DAY = datetime(2024, 11, 27, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()


def test_high_stations_are_guarded_where_the_post_was_full() -> None:
    posts = tell(polsek(officers=40), polres(40))
    adopted(reserve=0)
    ask = COUNTS["high-risk-guarded"]
    assert ask(parent=PROVINCE, at=VOTE_DAY) == {}, "before a roll nothing is told"
    high = PlanRow.objects.filter(station_class="HIGHLY", officers__gt=0)
    (post,) = {row.post_id for row in high if row.post_id}
    other = next(one.pk for one in posts if one.pk != post)
    actions.call_roll(calls=[Presence(other, 5)], actor=SYSTEM, at=VOTE_DAY)
    assert ask(parent=PROVINCE, at=VOTE_DAY)[OKI].whole == Share(0, 1)
    actions.call_roll(calls=[Presence(post, 5)], actor=SYSTEM, at=VOTE_DAY)
    assert ask(parent=PROVINCE, at=VOTE_DAY)[OKI].whole == Share(1, 1)
    actions.call_roll(calls=[Presence(post, 5, 1, "Sakit")], actor=SYSTEM, at=VOTE_DAY)
    assert ask(parent=PROVINCE, at=VOTE_DAY)[OKI].whole == Share(0, 1)


def test_a_plan_below_the_need_differs_and_a_full_one_does_not() -> None:
    tell(polsek(officers=1))
    row = adopted(reserve=0)
    (one,) = CHECKS["need-plan"](parent=PROVINCE, at=AT)
    assert (one.place, one.b.value, one.b.of) == (OKI, row.posted, one.a.value)
    tell(polsek(officers=60), polres(60))
    adopted(reserve=0)
    assert list(CHECKS["need-plan"](parent=PROVINCE, at=AT)) == []


def test_a_roll_below_the_plan_differs() -> None:
    tell(polsek(officers=60), polres(60))
    adopted(reserve=0)
    ask = CHECKS["plan-roll"]
    assert list(ask(parent=PROVINCE, at=AT)) == [], "who is silent is waited for"
    planned: dict[int, int] = {}
    for row in PlanRow.objects.all():
        if row.post_id:
            planned[row.post_id] = planned.get(row.post_id, 0) + row.officers
    post, officers = next((p, n) for p, n in planned.items() if n)
    actions.call_roll(calls=[Presence(post, officers)], actor=SYSTEM, at=AT)
    assert list(ask(parent=PROVINCE, at=AT)) == []
    actions.call_roll(calls=[Presence(post, officers - 1, 1, "Sakit")], actor=SYSTEM, at=AT)
    (one,) = ask(parent=OKI, at=AT)
    assert (one.a.value, one.b.value, one.amount) == (
        officers,
        officers - 1,
        round(18 / officers),
    )
