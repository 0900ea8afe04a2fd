"""What neutrality counts of quality, and where lists and letters differ."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Share
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality import actions
from serentak.neutrality.actions import GivenPledges, GivenService
from serentak.neutrality.models import CaseStep
from serentak.neutrality.queries.checks import CHECKS
from serentak.neutrality.queries.counts import COUNTS
from serentak.neutrality.rules.cases import CaseState
from serentak.neutrality.rules.standing import ServiceLevel
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import election, id_of, many, referred, sanctioned

LATER = AT + timedelta(days=40)


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    election()


def count(key: str, at: datetime = AT) -> Mapping[PlaceCode, Share]:
    found = COUNTS[key](parent=PROVINCE, at=at)
    return {place: one.whole for place, one in found.items()}


def test_followed_up_after_a_month() -> None:
    first, *_ = many(3, state=CaseState.AT_AUTHORITY)
    sanctioned(first)
    assert count("neutrality-followed-up") == {}
    assert count("neutrality-followed-up", LATER) == {OKI: Share(1, 3)}
    assert count("neutrality-days") == {OKI: Share(1, 3)}


def test_clocks_that_ended_or_ran_out() -> None:
    first, *_ = many(2, state=CaseState.AT_AUTHORITY)
    due = CaseStep.objects.filter(case=first, to_date=None).get().due_date
    assert due is not None
    assert count("clocks-kept") == {}
    sanctioned(first)
    assert count("clocks-kept")[OKI].good == count("clocks-kept")[OKI].of
    ripe = count("clocks-kept", LATER)[OKI]
    assert ripe.of - ripe.good == 1


def test_pledges_and_replacements() -> None:
    actions.record_pledges(
        place=OKI,
        rows=[GivenPledges(id_of("DISHUB"), 120, 90), GivenPledges(id_of("BKD"), 40, 40)],
        as_of_date=date(2024, 10, 20), source="BKPSDM", actor=SYSTEM, at=AT,
    )  # fmt: skip
    assert count("pledges-signed") == {OKI: Share(130, 160)}
    for post, consent, day in (
        ("Kepala Bidang", "", date(2024, 10, 1)),
        ("Sekretaris", "100.2/1/OTDA", date(2024, 10, 1)),
        ("Kepala Seksi", "", date(2023, 10, 1)),
    ):
        actions.record_replacement(
            key=uuid4(), agency_id=id_of("DISHUB"), post=post, decree_number=f"821/{post}",
            replaced_date=day, consent=consent, actor=SYSTEM, at=AT,
        )  # fmt: skip
    assert count("replaced-with-consent") == {OKI: Share(1, 2)}


def test_services_open_reduced_and_silent() -> None:
    def tell(level: ServiceLevel, at: object) -> None:
        actions.report_services(
            place=OKI, rows=[GivenService(id_of("DISHUB"), level, "" if level == "OPEN" else "x")],
            actor=SYSTEM, at=at,  # type: ignore[arg-type]
        )  # fmt: skip

    tell(ServiceLevel.OPEN, AT)
    tell(ServiceLevel.REDUCED, AT + timedelta(days=1))
    assert count("services-kept", AT + timedelta(days=1)) == {OKI: Share(1, 2)}
    # Monday to Friday: of five working days two were told, three are silent.
    assert count("services-kept", AT + timedelta(days=4)) == {OKI: Share(1, 2, 3)}


def test_one_list_has_a_sanction_and_another_an_open_case() -> None:
    ask = CHECKS["two-lists"]
    first = referred(state=CaseState.AT_AUTHORITY)
    assert list(ask(parent=PROVINCE, at=AT)) == []
    referred(by=id_of("INSPECTORATE"), agency_id=id_of("DUKCAPIL"))
    sanctioned(first)
    (one,) = ask(parent=PROVINCE, at=AT)
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 1, 1, 1)
    assert list(ask(parent=BANYUASIN, at=AT)) == []


def test_letters_that_were_not_acknowledged() -> None:
    ask = CHECKS["sent-received"]
    referred(state=CaseState.AT_AUTHORITY)
    assert list(ask(parent=PROVINCE, at=AT)) == [], "no letter was sent"
