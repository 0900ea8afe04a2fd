"""Briefings of checks: by place and viewer, silence, and a fixed number of queries."""

from dataclasses import replace
from datetime import date

import pytest

from serentak.kernel.briefing import Briefing, FigureClass, Focus
from serentak.kernel.codes import PlaceCode, parent_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM, Viewer
from serentak.specimen import public
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, NUSA_KARTA, OKI, PALEMBANG, PROVINCE, Cast

from .builders import check


def told(place: PlaceCode, parent: PlaceCode = PROVINCE, viewer: Viewer = SYSTEM) -> Briefing:
    return public.briefings(parent=parent, viewer=viewer, at=AT)[place]


def amounts(briefing: Briefing) -> tuple[float | None, float | None]:
    figure, amiss = briefing.figures
    assert amiss.of == figure.of
    return figure.value, figure.of


def test_silence_is_never_green(cast: Cast) -> None:
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert set(found) == {"16", "16.02", "16.07", "16.10", "16.71"}
    assert {briefing.focus for briefing in found.values()} == {Focus.SPECIMEN}
    assert {briefing.status for briefing in found.values()} == {Status.NO_REPORT}
    assert (found[PROVINCE].silent, found[PROVINCE].of_children) == (4, 4)
    assert amounts(found[PROVINCE]) == (None, None)


def test_checks_add_up_along_the_tree(cast: Cast) -> None:
    check(in_order=10)
    check(place=AIR_SUGIHAN, in_order=9)
    check(place=NUSA_KARTA, looked_at=2, in_order=2)
    assert amounts(told(PROVINCE)) == amounts(told(OKI)) == amounts(told(OKI, OKI)) == (21, 22)
    assert amounts(told(AIR_SUGIHAN, OKI)) == (11, 12)
    assert told(AIR_SUGIHAN, OKI).status is Status.AT_RISK
    assert told(NUSA_KARTA, NUSA_KARTA).status is Status.ON_TRACK
    assert told(OKI).as_of == AT


def test_what_is_amiss_is_an_alert_at_its_place_and_above(cast: Cast) -> None:
    check(in_order=7)
    (alert,) = told(OKI).alerts
    assert told(PROVINCE).alerts == (alert,)
    assert (alert.code, alert.severity) == ("specimen.NOT_IN_ORDER", Status.LATE)
    assert (alert.place, alert.link) == (OKI, "/16.02/specimen")
    assert (alert.params["count"], alert.params["of"]) == ("3", "10")
    check(in_order=10)
    assert told(OKI).alerts == ()


@pytest.mark.parametrize("place", [OKI, AIR_SUGIHAN, NUSA_KARTA])
def test_a_place_says_the_same_on_its_page_and_in_its_parents_list(
    cast: Cast, place: PlaceCode
) -> None:
    parent = parent_of(place)
    assert parent
    for checked, in_order in ((OKI, 10), (NUSA_KARTA, 10), (AIR_SUGIHAN, 9), (OKI, 7)):
        check(place=checked, in_order=in_order)
        page, line = told(place, place), told(place, parent)
        assert replace(page, alerts=()) == replace(line, alerts=())
        assert all(alert in line.alerts for alert in page.alerts if alert.place == place)


@pytest.mark.parametrize(
    ("day", "in_order", "status"),
    [
        (date(2024, 10, 21), 10, Status.ON_TRACK),
        (date(2024, 10, 20), 10, Status.NO_REPORT),
        (date(2024, 10, 20), 9, Status.AT_RISK),
        (date(2024, 1, 1), 7, Status.LATE),
    ],
)
def test_an_old_check_is_silence_unless_it_was_bad_news(
    cast: Cast, day: date, in_order: int, status: Status
) -> None:
    check(place=NUSA_KARTA, in_order=in_order, checked_date=day)
    found = told(NUSA_KARTA, AIR_SUGIHAN)
    assert found.status is status
    assert len(found.alerts) == (in_order < 10)


def test_what_was_invented_says_so(cast: Cast) -> None:
    check(figure_class=FigureClass.SYNTHETIC)
    check(place=PALEMBANG)
    classes = {p: told(p).figures[0].figure_class for p in (PROVINCE, OKI, PALEMBANG)}
    assert classes == {
        PROVINCE: FigureClass.SYNTHETIC,
        OKI: FigureClass.SYNTHETIC,
        PALEMBANG: FigureClass.SOURCED,
    }


def test_everybody_is_told_of_the_own_places_only(cast: Cast) -> None:
    check(place=BANYUASIN)
    found = public.briefings(parent=PROVINCE, viewer=cast.regent_desk.viewer, at=AT)
    assert set(found) == {OKI}
    assert public.briefings(parent=PROVINCE, viewer=PUBLIC, at=AT) == {}


def test_four_queries_whatever_there_is(cast: Cast, django_assert_max_num_queries) -> None:
    for place in (PROVINCE, OKI, BANYUASIN, PALEMBANG, AIR_SUGIHAN):
        check(place=place)
    with django_assert_max_num_queries(4):
        told(PROVINCE)
