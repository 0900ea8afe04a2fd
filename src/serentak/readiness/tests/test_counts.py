"""What readiness counts of quality, and where reports differ from ledgers, work and the law."""

from datetime import date, datetime, timedelta

import pytest

from serentak.kernel.area import Measured
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Counted, Share
from serentak.readiness.models import Activity
from serentak.readiness.queries import checks
from serentak.readiness.queries.board import catalogue
from serentak.readiness.queries.checks import CHECKS
from serentak.readiness.queries.counts import COUNTS
from serentak.readiness.rules.reporting import ReportKind
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import activity, answer, report, set_up


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up()


def at(day: date) -> datetime:
    """Nine in the morning there."""
    return AT + (day - AT.date())


def count(key: str, when: datetime = AT) -> dict[PlaceCode, Share]:
    return {p: one.whole for p, one in COUNTS[key](parent=PROVINCE, at=when).items()}


def test_work_is_counted_in_its_unit_and_silence_as_not_done() -> None:
    target = activity("kpps-train").target_quantity
    assert count("crews-trained")[OKI] == Share(0, target)
    report(answer("kpps-train", 14))
    found = COUNTS["crews-trained"](parent=PROVINCE, at=AT)[OKI]
    assert isinstance(found, Counted)
    assert found.whole == Share(14, target)


def test_done_by_the_day_of_the_law_and_not_after() -> None:
    last = date(2024, 11, 24)
    target = activity("invite-out").target_quantity
    key = "legal-days-kept"
    before = count(key, at(last))[OKI]
    report(answer("invite-out", target), at=at(last))
    report(
        answer("invite-out", activity("invite-out", BANYUASIN).target_quantity, place=BANYUASIN),
        place=BANYUASIN, at=at(last + timedelta(days=1)),
    )  # fmt: skip
    after = count(key, at(last + timedelta(days=1)))
    assert (after[OKI].good, after[BANYUASIN].good) == (before.good + 1, 0)
    assert after[OKI].of > before.of


def test_first_agreed_target_is_what_counts() -> None:
    assert count("baseline-kept", AT) == {}
    Activity.objects.filter(key="kpps-train", place__in=(OKI, BANYUASIN)).update(
        target_state="MOVED", baseline_date=date(2024, 10, 29)
    )
    report(answer("kpps-train", activity("kpps-train").target_quantity))
    assert count("baseline-kept", AT) == {}, "the day has not passed"
    assert count("baseline-kept", AT + timedelta(days=2)) == {
        OKI: Share(1, 1),
        BANYUASIN: Share(0, 1),
    }


@pytest.mark.parametrize(("name", "ledger"), [("reported-handed-over", "logistics"),
                                              ("reported-checked", "facilities")])  # fmt: skip
def test_more_is_reported_than_the_ledger_knows(
    monkeypatch: pytest.MonkeyPatch, name: str, ledger: str
) -> None:
    measured = catalogue().activities.values()
    key = next(one.key for one in measured if (one.measured_by or "").startswith(f"{ledger}."))
    known = Measured(2, link="/here", figure_class=FigureClass.SYNTHETIC)
    monkeypatch.setattr(checks, "measured", lambda province: {key: {OKI: known}})
    ask = CHECKS[name]
    report(answer(key, 2))
    assert list(ask(parent=PROVINCE, at=AT)) == []
    report(answer(key, 3))
    (one,) = ask(parent=PROVINCE, at=AT)
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 3, 2, 1)
    assert list(ask(parent=BANYUASIN, at=AT)) == []


def test_more_crew_are_trained_than_formed() -> None:
    ask = CHECKS["trained-formed"]
    report(answer("kpps-train", 28))
    assert list(ask(parent=PROVINCE, at=AT)) == [], "nobody told how many are formed"
    report(answer("kpps-form", 28))
    assert list(ask(parent=PROVINCE, at=AT)) == []
    report(answer("kpps-form", 14, kind=ReportKind.CORRECTION, note="Salah hitung"))
    (one,) = ask(parent=PROVINCE, at=AT)
    assert (one.a.value, one.b.value, one.amount) == (14, 28, 2)


def test_targets_after_the_day_of_the_law() -> None:
    ask = CHECKS["target-law"]
    Activity.objects.filter(key="invite-out").update(target_date=date(2024, 11, 24))
    assert [one for one in ask(parent=OKI, at=AT) if "invite" in one.a.link] == []
    Activity.objects.filter(key="invite-out", place=OKI).update(target_date=date(2024, 11, 25))
    (one,) = [one for one in ask(parent=PROVINCE, at=AT) if "invite" in one.a.link]
    assert (one.place, one.a.day, one.b.day) == (OKI, date(2024, 11, 25), date(2024, 11, 24))
    assert one.amount == 5
