"""Refusals, events and stored choices of the slice in words."""

from django.utils.translation import gettext_lazy as _

from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules import Office, When

REFUSALS = {
    **dict.fromkeys(
        (
            "dates_of_an_election_are_of_this_century",
            "dates_of_a_stage_are_of_this_century",
            "dates_of_a_voter_list_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "elections.place_has_an_election": _("An election is set up for %(place)s already."),
    "elections.ballot_number_is_not_positive": _("Ballot numbers begin at 1."),
    "elections.ballot_number_is_given_twice": _("Two pairs have the same ballot number."),
    "elections.pair_needs_two_names": _("A pair needs the names of both candidates."),
    "elections.blank_column_has_no_names": _("The blank column has no names."),
    "elections.single_pair_needs_a_blank_column": _(
        "A single pair runs against a blank column: add one."
    ),
    "elections.blank_column_needs_a_single_pair": _(
        "A blank column stands only against a single pair."
    ),
    "elections.no_stations": _("There is no station to import."),
    "elections.source_is_missing": _("Say where the list comes from."),
    "elections.code_is_no_station": _(
        "%(station)s is no station's code. It is written like 16.02.14.2001.001."
    ),
    "elections.station_is_given_twice": _("Station %(station)s is given twice."),
    "elections.voters_are_negative": _("Station %(station)s: voters cannot be negative."),
    "elections.station_has_no_voters": _(
        "Station %(station)s has no voters. Write their number, or leave the row out."
    ),
    "elections.list_lies_ahead": _("The list's date %(date)s lies ahead. Write the day it is of."),
    "elections.list_is_too_old": _("The list's date %(date)s is too long ago. Check the year."),
    "elections.list_fact_is_wrong": _("%(fact)s: %(why)s"),
    "elections.only_a_province_has_an_election": _(
        "%(place)s is no province: the races of its regencies and cities are set up with it."
    ),
    "elections.place_is_unknown": _("There is no place with the code %(place)s."),
    "elections.ballot_is_empty": _("A ballot needs at least one pair. Write the first."),
    "elections.candidate_runs_twice": _("The same person stands on this ballot twice."),
    "elections.voters_are_absurd": _(
        "Station %(station)s: %(total)s voters cannot be right; more than %(most)s are refused."
    ),
    "elections.voters_over_limit_need_a_reason": _(
        "Station %(station)s has %(total)s voters, at most %(limit)s are allowed. Correct it, or "
        "write the reason."
    ),
    "elections.sheet_names_no_village": _(
        "The sheet has neither a code nor the village in any row. Choose the columns that hold "
        "them, or start from the template."
    ),
    "elections.row_repeats": _("Station %(station)s stands in row %(first)s already."),
    "elections.code_has_wrong_width": _(
        "“%(code)s” has the wrong width: a village's code has 10 digits, a station's 13."
    ),
    "elections.village_is_outside": _("%(village)s lies outside %(area)s."),
    "elections.village_is_unknown": _("There is no village with the code %(village)s."),
    "elections.number_differs_from_code": _(
        "The station's number differs from the end of its code %(code)s."
    ),
    "elections.station_number_is_missing": _("The station's number is missing."),
    "elections.station_number_is_wrong": _("“%(number)s” is no station's number: 1 to 999."),
    "elections.row_names_no_village": _("Write the code, or the district and the village."),
    "elections.district_is_unknown": _("No district here is called “%(district)s”."),
    "elections.district_is_nearly": _(
        "No district here is called “%(district)s”. Do you mean %(near)s?"
    ),
    "elections.village_lies_elsewhere": _(
        "%(village)s does not lie in %(district)s but in %(where)s. Mend the district, or the "
        "village."
    ),
    "elections.name_differs_from_code": _(
        "The code %(code)s is that of %(name)s, and the row says “%(text)s”. Mend the code or the "
        "name; a statistical (BPS) code is another one."
    ),
    "elections.name_is_spelt_otherwise": _(
        "The code %(code)s is that of %(name)s, and the row says “%(text)s”."
    ),
    "elections.village_name_is_ambiguous": _(
        "Several villages of %(district)s are called “%(village)s”. Write the code."
    ),
    "elections.village_name_is_nearly": _(
        "No village of %(district)s is called “%(village)s”. Do you mean %(near)s?"
    ),
    "elections.village_name_is_unknown": _("No village of %(district)s is called “%(village)s”."),
    "elections.text_is_too_long": _("At most %(most)s letters."),
    "elections.voters_are_no_number": _("“%(text)s” is no whole number."),
    "elections.voters_are_missing": _("The number is missing."),
    "elections.total_differs": _("The total is %(total)s, men and women together are %(sum)s."),
    "elections.nothing_published": _("No published figures are at hand for %(province)s."),
    "elections.stations_are_known": _("%(province)s has stations already."),
    "elections.stations_cannot_be_spread": _(
        "The published figures of %(province)s do not fit its villages."
    ),
    "stations_close_after_they_open": _("The stations must close after they open."),
    "a_stage_is_named_once": _("A stage stands there twice."),
    "a_stage_ends_after_it_starts": _("A stage ends before it starts."),
    "a_place_has_one_contest": _("The place has this contest already."),
    "a_ballot_number_is_given_once": _("Two pairs have the same ballot number."),
    "a_contest_has_one_blank_column": _("There is one blank column at most."),
    "a_ballot_number_begins_at_one": _("Ballot numbers begin at 1."),
    "a_pair_has_two_names_and_a_blank_column_none": _(
        "A pair needs two names, a blank column none."
    ),
    "listed_voters_are_not_negative": _("Voters cannot be negative."),
    "more_voters_than_the_limit_need_a_reason": _(
        "A station over the limit of voters needs a reason."
    ),
}

EVENTS = {
    "elections.ElectionSetUp": _("Election set up: %(stages)s stages, %(contests)s contests"),
    "elections.CandidatePairsSet": _("Candidate pairs set"),
    "elections.StationsImported": _("%(count)s stations imported"),
}

OFFICES = {
    Office.GOVERNOR: _("governor"),
    Office.REGENT: _("regent"),
    Office.MAYOR: _("mayor"),
}

WHENS = {
    When.PAST: _("over"),
    When.NOW: _("under way"),
    When.AHEAD: _("ahead"),
}
