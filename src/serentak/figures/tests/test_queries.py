"""What the pages and higher floors read: figures in use, side by side, in disagreement."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from serentak.figures import actions, public, queries
from serentak.figures.public import DifferenceKind, FigureSet
from serentak.kernel.codes import COUNTRY
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM
from tests.cast import AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast

from .builders import recorded, two_sources

TODAY = date(2024, 10, 28)


def sets_of(place=PROVINCE) -> dict[str, FigureSet]:
    return {s.measure.code: s for s in public.figure_sets(place)}


def test_figures_in_use_come_by_place_and_measure(cast: Cast, django_assert_num_queries) -> None:
    recorded(314, place=OKI)
    recorded(315, place=OKI, source="Province")
    recorded(12, place=OKI, measure="districts")
    with django_assert_num_queries(1):
        found = public.figures_in_use([OKI, BANYUASIN], ["villages"])
    assert {m: f.value for m, f in found[OKI].items()} == {"villages": 314}
    assert found[BANYUASIN] == {}
    assert set(public.figures_in_use([OKI])[OKI]) == {"villages", "districts"}


def test_all_that_is_known_stands_side_by_side(cast: Cast, django_assert_num_queries) -> None:
    two_sources()
    recorded(7, place=OKI, measure="area_km2")
    with django_assert_num_queries(4):
        area = sets_of()["area_km2"]
    assert [(f.source, f.in_use) for f in area.figures] == [
        ("Province", True), ("Mapping agency", False),
    ]  # fmt: skip
    assert area.in_use
    assert area.in_use.source_line.startswith("Province, ")
    assert (area.counted, area.children_sum) == (None, 7)
    assert (area.children_known, area.children_all) == (1, 4)
    villages = sets_of()["villages"]
    assert (villages.figures, villages.in_use, villages.counted) == ((), None, 7)


def test_what_disagrees_is_found_at_a_place_and_its_children(cast: Cast) -> None:
    actions.load_baseline(until=date.max, actor=SYSTEM, at=AT)
    found = {card.key: card for card in public.discrepancies(PROVINCE, SYSTEM)}
    villages = found[PROVINCE, "villages", DifferenceKind.SOURCES]
    assert (villages.difference.in_use, villages.difference.amount) == (3258, -9)
    stations = found[PROVINCE, "stations", DifferenceKind.SOURCES]
    assert stations.difference.amount == -21
    # The small tree of the tests has 2 of the 18 districts of this regency.
    districts = found[OKI, "districts", DifferenceKind.COUNTED]
    assert districts.difference.amount == -16
    # 4 of 17 regencies: their sum is told, and it differs from the province's figure.
    children = found[PROVINCE, "stations", DifferenceKind.CHILDREN]
    assert children.difference.against == (Decimal(1249 + 1389 + 667 + 2272),)
    with override("en"):
        assert stations.title == "Polling stations"
        assert stations.words == (
            "In use 13,206, another source says 13,185: −21 stations (0.16% of the figure in use)"
        )
    assert stations.link == "/16/figures#stations"


def test_the_parts_of_a_measure_add_up_to_it(cast: Cast) -> None:
    recorded(10, measure="voters")
    recorded(6, measure="voters_male")
    assert public.discrepancies(PROVINCE, SYSTEM) == ()
    recorded(5, measure="voters_female")
    (card,) = public.discrepancies(PROVINCE, SYSTEM)
    assert (card.difference.kind, card.difference.amount) == (DifferenceKind.PARTS, 1)


def test_discrepancies_are_told_to_who_may_see_figures_there(cast: Cast) -> None:
    two_sources(OKI)
    two_sources(BANYUASIN)
    assert len(public.discrepancies(PROVINCE, cast.governor_desk.viewer)) == 2
    assert [c.place for c in public.discrepancies(PROVINCE, cast.regent_desk.viewer)] == [OKI]
    assert public.discrepancies(PROVINCE, PUBLIC) == ()


def test_reading_takes_as_many_queries_for_one_child_as_for_many(
    cast: Cast, django_assert_num_queries
) -> None:
    for place in (PROVINCE, OKI, BANYUASIN, PALEMBANG):
        two_sources(place)
        actions.assign_discrepancy(
            place=place, measure="area_km2", kind=DifferenceKind.SOURCES,
            owner_id=cast.governor_desk.institution_id, due_date=TODAY, version=None, actor=SYSTEM, at=AT,
        )  # fmt: skip
    with django_assert_num_queries(5):
        found = public.discrepancies(PROVINCE, SYSTEM)
    assert len(found) == 4  # the sum of three of four children is compared with nothing
    with django_assert_num_queries(5):
        queries.reconciliation(PROVINCE)


def test_the_page_tells_how_many_are_open_below(cast: Cast) -> None:
    two_sources()
    two_sources(OKI)
    found = queries.reconciliation(PROVINCE)
    assert (found.open_here, dict(found.open_below)) == (1, {OKI: 1})
    one = sets_of(OKI)["area_km2"].figures[0]
    assert queries.figure(OKI, one.id) == one
    with pytest.raises(OutOfScope):
        queries.figure(BANYUASIN, one.id)
    with pytest.raises(OutOfScope):
        queries.measure_of("ghosts")


def test_the_countrys_figures_can_be_compared_too(cast: Cast) -> None:
    recorded(2, place=COUNTRY, measure="regencies")
    (card,) = [c for c in public.discrepancies(COUNTRY, SYSTEM) if c.place == COUNTRY]
    assert card.difference.kind is DifferenceKind.COUNTED


def test_alerts_say_who_answers_and_what_is_overdue(cast: Cast) -> None:
    two_sources()
    (alert,) = public.alerts(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert (alert.code, alert.severity, alert.helps) == (
        "figures.difference_is_open", Status.AT_RISK, "figures.assign",
    )  # fmt: skip
    actions.assign_discrepancy(
        place=PROVINCE, measure="area_km2", kind=DifferenceKind.SOURCES,
        owner_id=cast.governor_desk.institution_id, due_date=TODAY, version=None, actor=SYSTEM, at=AT,
    )  # fmt: skip
    (due,) = public.alerts(parent=PROVINCE, viewer=SYSTEM, at=AT)
    (overdue,) = public.alerts(parent=PROVINCE, viewer=SYSTEM, at=AT + timedelta(days=1))
    assert (due.severity, overdue.severity) == (Status.AT_RISK, Status.LATE)
    assert overdue.press == due.press == Press(Harm.PAPER)
    assert due.params["owner"]
    assert due.link == "/16/figures#area_km2"


def test_history_is_told_in_words(cast: Cast) -> None:
    two_sources()
    with override("en"):
        (line, _) = queries.history(PROVINCE)
    assert line.text == "Figure recorded: Area, 91,592"
    assert queries.history(OKI) == []
