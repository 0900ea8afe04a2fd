"""Scores are stored once a day, answered by whose work they are, and published after the replies."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.kernel.counting import Counted, Share
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform import areas
from serentak.platform.models import AuditEvent
from serentak.quality import actions
from serentak.quality.models import FlagRaised, Publication, Reply, Score
from serentak.quality.queries.computing import compute
from tests.cast import AT, BANYUASIN, OGAN_ILIR, OKI, PROVINCE, Cast, Member, seat

from .builders import import_stations, set_up_stations

AFTER = datetime(2025, 1, 6, 3, tzinfo=UTC)
"""After the vote of 27 November 2024, with all disputes ended."""
ENDED = date(2025, 1, 3)


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_stations()


@pytest.fixture
def regent_head(cast: Cast) -> Member:
    return seat("desk.head.oki", "Endang", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Let tests say what slices count."""
    told: dict[str, Any] = {}

    def asks(key: str) -> Any:
        return lambda *, parent, at: {
            place: found for place, found in told.get(key, {}).items() if place.startswith(parent)
        }

    known = areas.counts()
    monkeypatch.setattr(areas, "counts", lambda: {key: asks(key) for key in known})
    return told


def stored(key: str) -> dict[str, Score]:
    return {row.place_id: row for row in Score.objects.filter(indicator=key)}


def events() -> list[str]:
    rows = AuditEvent.objects.filter(name__startswith="quality.").order_by("id")
    return [row.name.partition(".")[2] for row in rows]


def test_day_is_stored_with_version_and_seed_and_once(counts: dict[str, Any]) -> None:
    counts["reporting.reports-in-time"] = {
        OKI: Counted({"a": Share(30, 40)}),
        BANYUASIN: Counted({"a": Share(20, 40)}),
        PROVINCE: Counted({"a": Share(40, 40)}),
    }
    first = actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)
    assert actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT) == first
    rows = stored("reports-in-time")
    assert rows[OKI].value == 0.75
    # The province is summed, with its own desk; it is not the mean of the regencies.
    assert (rows[PROVINCE].good, rows[PROVINCE].of) == (90, 120)
    assert rows[OGAN_ILIR].hidden == "NOTHING"
    assert rows[OKI].day == date(2024, 10, 28)
    assert (rows[OKI].version, rows[OKI].seed) == ("2026-12-01", 20241127)
    assert Score.objects.filter(place=OKI, indicator="reports-in-time").count() == 1
    assert events() == ["ScoresStored", "ScoresStored"]


def test_day_ends_in_the_province_not_at_greenwich(counts: dict[str, Any]) -> None:
    late = datetime(2024, 10, 28, 18, tzinfo=UTC)
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=late)
    assert set(Score.objects.values_list("day", flat=True)) == {date(2024, 10, 29)}


def test_hidden_score_leaves_no_number_and_hides_a_second(counts: dict[str, Any]) -> None:
    counts["neutrality.neutrality-followed-up"] = {
        OKI: Counted({"a": Share(3, 4)}),
        BANYUASIN: Counted({"a": Share(20, 40)}),
        OGAN_ILIR: Counted({"a": Share(10, 20)}),
    }
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)
    rows = stored("neutrality-followed-up")
    assert rows[OKI].hidden == "TOO_FEW"
    assert rows[OGAN_ILIR].hidden == "SECOND"
    for place in (OKI, OGAN_ILIR):
        assert (rows[place].good, rows[place].of, rows[place].value) == (None, None, None)
    assert rows[PROVINCE].of == 64


def test_red_flag_is_raised_at_place_and_province(counts: dict[str, Any]) -> None:
    counts["neutrality.replaced-with-consent"] = {OKI: Counted({"a": Share(8, 9)})}
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)
    found = set(FlagRaised.objects.values_list("place_id", "flag"))
    assert found == {(OKI, "consent"), (PROVINCE, "consent")}


def test_statements_do_not_grow_with_places() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            compute(PROVINCE, at=AT)
        return len(queries)

    before = asked()
    assert before <= 80
    import_stations(tuple(f"16.10.02.2001.{n:03}" for n in range(1, 40)))
    assert asked() <= before + 2


@pytest.mark.parametrize("who", ["regent_desk", "observer", "commission", "supervisor"])
def test_only_the_governors_desk_has_scores_stored(cast: Cast, who: str) -> None:
    with pytest.raises(OutOfScope):
        actions.store_scores(place=PROVINCE, actor=getattr(cast, who).viewer, at=AT)
    assert not Score.objects.exists()


def reply(actor: Any, *, key: Any = None, text: str = "Kapal kandas.", **given: Any) -> int:
    values: dict[str, Any] = {"place": OKI, "indicator": "reports-in-time", "at": AFTER} | given
    return actions.reply_to_score(client_key=key or uuid4(), text=text, actor=actor, **values)


def opened(cast: Cast) -> date:
    return actions.open_reply(
        place=PROVINCE, disputes_ended_date=ENDED, actor=cast.governor_desk.viewer, at=AFTER
    )


def test_ten_working_days_of_reply_and_then_the_public(
    cast: Cast, regent_head: Member, counts: dict[str, Any]
) -> None:
    until = opened(cast)
    assert until == date(2025, 1, 20)
    key = uuid4()
    first = reply(regent_head.viewer, key=key)
    assert reply(regent_head.viewer, key=key) == first
    last = reply(regent_head.viewer, text="Kapal kandas dua hari.")
    assert list(Reply.objects.filter(is_current=True).values_list("pk", flat=True)) == [last]
    head = cast.governor_desk.viewer
    with pytest.raises(Refused) as refused:
        actions.publish_scores(place=PROVINCE, actor=head, at=AFTER)
    assert refused.value.code == "quality.time_of_reply_is_not_over"
    later = AFTER + timedelta(days=20)
    with pytest.raises(Refused) as refused:
        actions.publish_scores(place=PROVINCE, actor=head, at=later)
    assert refused.value.code == "quality.no_scores_are_stored"
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=later)
    actions.publish_scores(place=PROVINCE, actor=head, at=later)
    assert Publication.objects.get().day == date(2025, 1, 26)
    with pytest.raises(Refused) as refused:
        actions.publish_scores(place=PROVINCE, actor=head, at=later)
    assert refused.value.code == "quality.scores_are_published_already"
    assert events()[-1] == "ScoresPublished"


@pytest.mark.parametrize("ended", [date(2024, 11, 27), date(2025, 1, 7)])
def test_disputes_end_after_the_vote_and_not_ahead(cast: Cast, ended: date) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_reply(
            place=PROVINCE, disputes_ended_date=ended, actor=cast.governor_desk.viewer, at=AFTER
        )
    assert refused.value.code == "quality.disputes_have_not_ended"
    assert not Publication.objects.exists()


def test_replies_are_opened_once(cast: Cast) -> None:
    opened(cast)
    with pytest.raises(Refused):
        opened(cast)


def test_no_reply_before_it_is_opened_nor_after_its_end(cast: Cast, regent_head: Member) -> None:
    with pytest.raises(Refused):
        reply(regent_head.viewer)
    opened(cast)
    with pytest.raises(Refused):
        reply(regent_head.viewer, at=AFTER + timedelta(days=20))
    for text in ("  ", "x" * 2001):
        with pytest.raises(Refused):
            reply(regent_head.viewer, text=text)
    assert not Reply.objects.exists()


def test_nobody_answers_for_another_body_or_place(cast: Cast, regent_head: Member) -> None:
    opened(cast)
    for given in ({"indicator": "crews-trained"}, {"place": BANYUASIN}, {"indicator": "none"}):
        with pytest.raises(OutOfScope):
            reply(regent_head.viewer, **given)
    with pytest.raises(OutOfScope):
        reply(cast.observer.viewer)
    with pytest.raises(OutOfScope):
        actions.publish_scores(place=PROVINCE, actor=regent_head.viewer, at=AFTER)
    assert not Reply.objects.exists()
