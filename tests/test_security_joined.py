"""Survey, classes and posting on the card: one answer on every page, with its day."""

from datetime import datetime, timedelta

import pytest

from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.posting.tests import builders as posting
from serentak.security import public
from serentak.security.queries.preparation import prepared
from serentak.vulnerability.public import StationClass
from serentak.vulnerability.tests.builders import survey
from tests.cast import AIR_SUGIHAN, AT, OKI, PALEMBANG, PROVINCE, Cast, assemble

H_2, H_1 = AT + timedelta(days=28), AT + timedelta(days=29)


@pytest.fixture(autouse=True)
def cast(db: None) -> Cast:
    cast = assemble()
    posting.set_up_stations()
    return cast


def told(parent: PlaceCode, place: PlaceCode, at: datetime = H_2) -> tuple[Status, str] | None:
    briefing = public.briefings(parent=parent, viewer=SYSTEM, at=at).get(place)
    return (briefing.status, briefing.why[0].code.partition(".")[2]) if briefing else None


def whole_oki() -> None:
    """Survey and class all stations of OKI, and post officers at each."""
    of_oki = [code for code in posting.STATIONS if code.startswith(OKI)]
    for code in of_oki:
        survey(code)
    classes = dict.fromkeys(of_oki, StationClass.LESS)
    posting.classify({**classes, posting.HIGHLY: StationClass.HIGHLY})
    posting.tell(posting.polres(60), posting.polsek())
    posting.adopted()


def test_a_place_stands_alike_on_its_own_page_and_on_the_one_above() -> None:
    whole_oki()
    for at in (AT, H_2, H_1):
        assert told(PROVINCE, OKI, at) == told(OKI, OKI, at)
        assert told(OKI, AIR_SUGIHAN, at) == told(AIR_SUGIHAN, AIR_SUGIHAN, at)
        assert told(COUNTRY, PROVINCE, at) == told(PROVINCE, PROVINCE, at)
    for one in (OKI, AIR_SUGIHAN):
        above = prepared(PROVINCE if one == OKI else OKI, H_2)[one]
        assert above == prepared(one, H_2)[one]
    assert prepared(COUNTRY, H_2)[PROVINCE] == prepared(PROVINCE, H_2)[PROVINCE]


def test_a_regency_in_order_is_on_track_and_its_mute_neighbours_are_named() -> None:
    whole_oki()
    assert told(OKI, OKI) == (Status.ON_TRACK, "IN_ORDER")
    assert told(OKI, AIR_SUGIHAN) == (Status.ON_TRACK, "IN_ORDER")
    assert told(PROVINCE, PALEMBANG) == (Status.NO_REPORT, "NOTHING_TOLD")
    assert told(PROVINCE, PROVINCE) == (Status.NO_REPORT, "PLACES_SILENT")


def test_a_highly_vulnerable_station_without_officers_is_late_when_they_leave() -> None:
    of_oki = [code for code in posting.STATIONS if code.startswith(OKI)]
    for code in of_oki:
        survey(code)
    posting.classify(dict.fromkeys(of_oki, StationClass.HIGHLY))
    posting.tell(posting.polres(4))
    posting.adopted()
    assert told(OKI, OKI) == (Status.AT_RISK, "HIGHLY_UNCOVERED")
    assert told(OKI, OKI, H_1) == (Status.LATE, "HIGHLY_UNCOVERED")
    briefing = public.briefings(parent=OKI, viewer=SYSTEM, at=H_2)[OKI]
    figures = {figure.code: (figure.value, figure.of) for figure in briefing.figures}
    assert figures["security.covered"][1] == len(of_oki)
    assert 0 < (figures["security.covered"][0] or 0) < len(of_oki)
    assert figures["security.classed"] == (len(of_oki), len(of_oki))


def test_before_anybody_told_anything_there_is_no_card_and_later_no_report() -> None:
    assert told(PALEMBANG, PALEMBANG, AT) is None
    assert told(PALEMBANG, PALEMBANG, AT + timedelta(days=14)) == (
        Status.NO_REPORT,
        "NOTHING_TOLD",
    )
