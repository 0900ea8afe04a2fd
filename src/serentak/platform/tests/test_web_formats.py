"""Numbers, dates and times as both languages write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from serentak.kernel.briefing import Figure
from serentak.platform.templatetags.serentak import figure_amount
from serentak.platform.web import formats

AT = datetime(2024, 10, 28, 2, 30, tzinfo=UTC)
VOTE = date(2024, 11, 27)


@pytest.mark.parametrize(
    ("value", "places", "indonesian", "english"),
    [
        (13206, 0, "13.206", "13,206"),
        (6_382_739, 0, "6.382.739", "6,382,739"),
        (0, 0, "0", "0"),
        (-3, 0, "−3", "−3"),
        (1.25, 1, "1,3", "1.3"),
        (Decimal("0.05"), 1, "0,1", "0.1"),
        (None, 0, "–", "–"),
    ],
)
def test_number(value: float | None, places: int, indonesian: str, english: str) -> None:
    with translation.override("id"):
        assert formats.number(value, places) == indonesian
    with translation.override("en"):
        assert formats.number(value, places) == english


def test_share_has_a_gap_in_indonesian_only() -> None:
    with translation.override("id"):
        assert formats.share(0.713, 1) == "71,3%"
        assert formats.percent(71.34, 1) == "71,3%"
    with translation.override("en"):
        assert formats.share(0.713, 1) == "71.3%"
    assert formats.share(None) == "–"


@pytest.mark.parametrize(
    ("style", "indonesian", "english"),
    [
        ("full", "Rabu, 27 November 2024", "Wednesday, 27 November 2024"),
        ("long", "Rabu, 27 Nov 2024", "Wednesday, 27 Nov 2024"),
        ("medium", "27 Nov 2024", "27 Nov 2024"),
        ("weekday", "Rabu, 27 Nov", "Wednesday, 27 Nov"),
        ("short", "27 Nov", "27 Nov"),
    ],
)
def test_day(style: str, indonesian: str, english: str) -> None:
    with translation.override("id"):
        assert formats.day(VOTE, style) == indonesian
    with translation.override("en"):
        assert formats.day(VOTE, style) == english


def test_day_span() -> None:
    with translation.override("id"):
        assert formats.day_span(date(2024, 9, 25), date(2024, 11, 23)) == "25 Sep–23 Nov"
        assert formats.day_span(date(2024, 11, 24), date(2024, 11, 26)) == "24–26 Nov"
        assert formats.day_span(VOTE, VOTE) == "27 Nov"


def test_moment_is_shown_in_the_zone_of_the_province() -> None:
    with translation.override("id"):
        assert formats.moment(AT) == "28 Okt 2024, 09.30 WIB"
        assert formats.moment(AT, "Asia/Jayapura") == "28 Okt 2024, 11.30 WIT"
        assert formats.clock_time(AT) == "09.30"
    with translation.override("en"):
        assert formats.moment(AT) == "28 Oct 2024, 09:30 WIB"


def test_a_late_evening_in_utc_is_the_next_day_in_the_province() -> None:
    with translation.override("id"):
        assert formats.day(datetime(2024, 11, 26, 18, tzinfo=UTC)) == "27 Nov 2024"


def test_due_counts_down_and_then_says_by_how_much_it_is_overdue() -> None:
    with translation.override("en"):
        assert formats.due(date(2024, 10, 30), today=date(2024, 10, 28), vote_date=VOTE) == "H-28"
        late = formats.due(date(2024, 6, 27), today=date(2024, 10, 28), vote_date=VOTE)
        assert late == "123 days overdue"
        assert formats.days_of_margin(-2) == "2 days too late"
        assert formats.days_of_margin(0) == "no margin"
    with translation.override("id"):
        assert formats.overdue(123) == "Lewat 123 hari"
        assert formats.days_of_margin(1) == "1 hari cadangan"


def test_the_months_keep_their_names_beside_our_own_words() -> None:
    with translation.override("id"):
        assert formats.day(date(2024, 5, 5), "full") == "Minggu, 5 Mei 2024"


def test_file_size() -> None:
    with translation.override("id"):
        assert formats.file_size(1_300_000) == "1,2 MB"
        assert formats.file_size(200) == "1 kB"


@pytest.mark.parametrize(
    ("value", "of", "unit", "amount"),
    [
        (12, 81, "", "12 dari 81"),
        (60.0, 5, "%", "60% dari 5"),
        (None, 5, "%", "–"),
        (7, None, "", "7"),
    ],
)
def test_a_figure_is_written_with_what_it_divides_by(value, of, unit, amount) -> None:
    with translation.override("id"):
        assert figure_amount(Figure("x", value, unit, of)).replace("\xa0", " ") == amount


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_a_template_writes_without_a_format_can_be_sent_back(language: str) -> None:
    """The id of a row stands in addresses and hidden fields: 1797, never 1.797."""
    with translation.override(language):
        page = Template('<a href="?edit={{ id }}">{{ id|number }}</a>').render(
            Context({"id": 1797})
        )
    shown = {"id": "1.797", "en": "1,797"}[language]
    assert page == f'<a href="?edit=1797">{shown}</a>'
