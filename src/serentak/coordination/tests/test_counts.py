"""What coordination counts of quality, from known actions."""

from datetime import date, timedelta

from serentak.coordination import actions
from serentak.coordination.queries.counts import COUNTS
from serentak.kernel.counting import Share, Timed, Wait
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import done, give, institution_id

LATER = AT + timedelta(days=5)


def test_promises_are_kept_by_the_day_first_named(cast: Cast) -> None:
    kept = done(cast, give(cast))
    actions.verify_action(
        action_id=kept.pk, version=kept.version, actor=cast.governor_desk.viewer, at=AT
    )
    give(cast, text="Perahu kedua")
    give(cast, text="Kelak", due_date=date(2024, 11, 20), check_date=date(2024, 11, 21))
    dropped = give(cast, text="Batal")
    actions.cancel_action(
        action_id=dropped.pk, version=dropped.version, reason="Tidak perlu",
        actor=cast.governor_desk.viewer, at=AT,
    )  # fmt: skip
    ask = COUNTS["promises-kept"]
    assert ask(parent=PROVINCE, at=AT) == {}, "nothing has fallen due"
    found = ask(parent=PROVINCE, at=LATER)
    assert {place: one.whole for place, one in found.items()} == {OKI: Share(1, 2)}
    assert set(found[OKI].by_unit) == {str(institution_id("REGENT", OKI))}


def test_hours_to_an_answer_run_on_while_there_is_none(cast: Cast) -> None:
    first = give(cast)
    actions.acknowledge_action(
        action_id=first.pk, version=first.version, actor=cast.regent_desk.viewer,
        at=AT + timedelta(hours=4, minutes=59),
    )  # fmt: skip
    give(cast, text="Kedua")
    found = COUNTS["hours-to-answer"](parent=PROVINCE, at=AT + timedelta(hours=30))
    one = found[OKI]
    assert isinstance(one, Timed)
    waits = one.by_unit[str(institution_id("REGENT", OKI))]
    assert sorted(waits) == [Wait(4, True), Wait(30, False)]
    assert found[OKI].whole == Share(1, 2)


def test_independent_bodies_are_asked(cast: Cast) -> None:
    give(cast)
    ask = COUNTS["asked-not-ordered"]
    assert ask(parent=PROVINCE, at=AT) == {}, "the regent may be directed"
    give(cast, owner_id=institution_id("KPU", OKI), verb="REQUEST")
    assert ask(parent=PROVINCE, at=AT)[OKI].whole == Share(1, 1)
    assert ask(parent=BANYUASIN, at=AT) == {}
