"""A place's page: what it gathers, for whom, in how many queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.desk import queries
from serentak.desk.permissions import VIEW_DESK
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Grant, Viewer
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast
from tests.room import room

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return room()


def page(place: PlaceCode, viewer: Viewer) -> queries.PlacePage:
    return queries.place_page(place, viewer=viewer, at=AT)


def test_a_province_shows_its_regencies_and_counts_who_is_silent(cast: Cast) -> None:
    shown = page(PROVINCE, cast.governor_desk.viewer)
    assert [c.card.code for c in shown.children] == ["16.02", "16.07", "16.10", "16.71"]
    assert shown.countdown == "H-30"
    silent = [c for c in shown.children if c.status is Status.NO_REPORT]
    assert shown.heard == len(shown.children) - len(silent)
    assert shown.briefings[Focus.READINESS].place == PROVINCE


def test_a_regency_shows_its_districts_and_not_its_neighbours(cast: Cast) -> None:
    shown = page(OKI, cast.regent_desk.viewer)
    assert {c.card.code for c in shown.children} == {"16.02.05", "16.02.14"}
    assert all(code.startswith("16.02") or code in ("", "16") for code in shown.names)
    assert queries.visible_path(shown, cast.regent_desk.viewer) == (("Sumatera Selatan", ""),)
    assert queries.visible_path(shown, cast.governor_desk.viewer) == (("Sumatera Selatan", "/16/"),)


def test_what_lies_outside_does_not_exist(cast: Cast) -> None:
    for place in (PROVINCE, BANYUASIN):
        with pytest.raises(OutOfScope):
            page(place, cast.regent_desk.viewer)
    with pytest.raises(OutOfScope):
        page(PlaceCode("16.99"), SYSTEM)


def test_the_number_of_queries_does_not_grow_with_the_children(cast: Cast) -> None:
    counts = []
    for place in (PROVINCE, OKI):
        page(place, cast.governor_desk.viewer)
        with CaptureQueriesContext(
            connection,
        ) as made:
            page(place, cast.governor_desk.viewer)
        counts.append(len(made))
    assert max(counts) <= 32, counts


def test_a_district_shows_its_villages(cast: Cast) -> None:
    shown = page(AIR_SUGIHAN, cast.governor_desk.viewer)
    assert [c.card.name for c in shown.children] == ["Nusa Karta", "Kerta Mukti"]
    assert shown.discrepancies == ()


def test_home_is_the_topmost_place_one_answers_for(cast: Cast) -> None:
    assert queries.home_of(cast.governor_desk.viewer) == "/16/"
    assert queries.home_of(cast.regent_desk.viewer) == "/16.02/"
    assert queries.home_of(SYSTEM) == "/16/"
    assert queries.home_of(Viewer(user_id=9)) == ""
    two = Grant(1, "r", frozenset({VIEW_DESK}), (BANYUASIN, OKI))
    assert queries.home_of(Viewer(user_id=9, grants=(two,))) == "/16.02/"
