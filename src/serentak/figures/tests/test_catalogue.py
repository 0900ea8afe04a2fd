"""The published figures of South Sumatra: whole, sourced, and they add up."""

from collections import Counter
from decimal import Decimal

from serentak.figures import queries, rules
from serentak.figures.rules import DatePrecision
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform import catalogue

BASELINE = catalogue.load("figures", "south_sumatra", rules.parse_baseline)


def first(place: str, measure: str) -> Decimal:
    return next(g.value for g in BASELINE if (g.place, g.measure) == (place, measure))


def total(measure: str) -> Decimal:
    regencies = {g.place for g in BASELINE if level_of(g.place) is Level.REGENCY}
    assert len(regencies) == 17
    return sum((first(place, measure) for place in regencies), Decimal(0))


def test_the_areas_add_up_to_the_province() -> None:
    assert total("stations") == first("16", "stations") == 13206
    assert total("voters") == first("16", "voters") == 6382739
    assert total("districts") == first("16", "districts") == 241
    assert first("16", "voters_male") + first("16", "voters_female") == 6382739
    assert first("16", "urban_villages") + first("16", "rural_villages") == 3258


def test_every_figure_is_sourced_dated_and_of_a_known_measure() -> None:
    today = max(g.source_date for g in BASELINE)
    for given in BASELINE:
        measure = queries.measures().get(given.measure)
        assert rules.fault_of(given, measure, today=today) is None
        assert given.figure_class is FigureClass.SOURCED
    assert Counter(g.key for g in BASELINE).most_common(1)[0][1] == 1


def test_a_date_known_to_the_month_says_so() -> None:
    by_key = {(g.place, g.measure, g.value): g for g in BASELINE}
    final = by_key[PlaceCode("16"), "voters", Decimal(6382739)]
    assert (final.precision, final.source_date.isoformat()) == (DatePrecision.MONTH, "2024-09-01")
    counted = by_key[PlaceCode("16.07"), "stations", Decimal(1389)]
    assert counted.precision is DatePrecision.DAY
