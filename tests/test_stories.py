"""The story of security speaks of what its slices know: their questions, officers and incidents."""

from datetime import date, datetime

from serentak.drill import queries
from serentak.kernel.codes import Level, PlaceCode
from serentak.posting.queries.catalogues import patterns
from serentak.security.queries.catalogues import incidents
from serentak.security.rules.answers import faults_of
from serentak.vulnerability.queries.catalogues import indicators


def test_what_is_asked_is_what_the_survey_asks_here() -> None:
    story = queries.secured()
    known = indicators()
    asked = {
        one.key: one for one in known.indicators.values() if one.is_asked_in(PlaceCode("16.02"))
    }
    assert set(asked) == set(story.survey.indicators)
    for key, one in story.survey.indicators.items():
        assert (one.villages, one.guard) == (asked[key].level is Level.VILLAGE, asked[key].guard)
        found = asked[key].found
        if found and found.stations and not one.villages:
            assert one.places == found.stations, key


def test_officers_are_as_many_as_the_catalogue_of_posting_says() -> None:
    told = queries.posted()
    known = patterns()
    assert sum(told.strength.own.values()) == 4_818
    assert told.strength.own == {code: one.own.officers for code, one in known.regencies.items()}
    promised = {one.place: one.officers for one in told.sent if one.promised is not None}
    assert promised == {
        code: one.reinforcement for code, one in known.regencies.items() if one.reinforcement
    }
    assert (sum(promised.values()), len(promised)) == (709, 11)


SEVERITIES = {
    "S1": {2, 9, 11, 32},
    "S2": {10, 13, 20, 23, 26, 30, 33},
    "S3": {1, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 21, 22, 27, 28},
    "S4": {12, 29, 34, 35},
}


def test_the_day_goes_as_the_drill_has_it() -> None:
    told = queries.night()
    known = incidents()
    found: dict[str, set[int]] = {}
    for one in told.reports:
        kind = known.kinds[one.kind]
        assert list(faults_of(kind, one.answers, known)) == [], one.n
        assert set(one.needs) <= set(known.needs)
        happened = datetime.combine(date(2024, 11, 27), one.happened or one.at)
        severity = kind.proposed(one.answers, happened=happened, vote_date=date(2024, 11, 27))
        found.setdefault(severity.value, set()).add(one.n)
    assert found == SEVERITIES
