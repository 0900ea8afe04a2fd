"""The election with its stages, contests and candidate pairs, and the stations' listed voters."""

from django.db import models
from django.db.models import F, Q

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.platform.models import of_this_century

from .rules import Office

CLASSES = [(c.value, c.value) for c in FigureClass]


class Election(models.Model):
    """One election day in one area; `zone` is the time zone of the opening hours."""

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    vote_date = models.DateField()
    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=40)
    opens = models.TimeField()
    closes = models.TimeField()
    source = models.CharField(max_length=200)

    class Meta:
        db_table = "elections_election"
        constraints = [
            of_this_century("dates_of_an_election_are_of_this_century", "vote_date"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="stations_close_after_they_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """A step of the election's calendar, both days included; no start where it began before."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="stages")
    key = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    start_date = models.DateField(null=True)
    end_date = models.DateField()
    deadline_kind = models.CharField(
        max_length=20, choices=[(k.value, k.value) for k in DeadlineKind]
    )
    source = models.CharField(max_length=200)

    class Meta:
        db_table = "elections_stage"
        constraints = [
            of_this_century("dates_of_a_stage_are_of_this_century", "start_date", "end_date"),
            models.UniqueConstraint(fields=["election", "key"], name="a_stage_is_named_once"),
            models.CheckConstraint(
                condition=Q(start_date__isnull=True) | Q(start_date__lte=F("end_date")),
                name="a_stage_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.election_id}"


class Contest(models.Model):
    """A race for one office in one area."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="contests")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Office])
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        db_table = "elections_contest"
        constraints = [
            models.UniqueConstraint(fields=["election", "place"], name="a_place_has_one_contest"),
        ]

    def __str__(self) -> str:
        return self.name


class CandidatePair(models.Model):
    """A pair on the ballot, or the blank column that a single pair runs against."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="pairs")
    ballot_number = models.PositiveSmallIntegerField()
    head_name = models.CharField(max_length=200, blank=True)
    deputy_name = models.CharField(max_length=200, blank=True)
    is_blank_column = models.BooleanField(default=False)
    figure_class = models.CharField(max_length=10, choices=CLASSES)

    class Meta:
        db_table = "elections_candidate_pair"
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "ballot_number"], name="a_ballot_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["contest"],
                condition=Q(is_blank_column=True),
                name="a_contest_has_one_blank_column",
            ),
            models.CheckConstraint(
                condition=Q(ballot_number__gte=1), name="a_ballot_number_begins_at_one"
            ),
            models.CheckConstraint(
                condition=Q(is_blank_column=True, head_name="", deputy_name="")
                | (Q(is_blank_column=False) & ~Q(head_name="") & ~Q(deputy_name="")),
                name="a_pair_has_two_names_and_a_blank_column_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_number} in {self.contest_id}"


class StationVoters(models.Model):
    """A station's listed voters by sex, with the source and date of the list.

    `voter_limit` is the most that the law allowed when the row was written; more needs a reason.
    """

    place = models.OneToOneField(
        "places.Place", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    male = models.IntegerField()
    female = models.IntegerField()
    total = models.GeneratedField(
        expression=F("male") + F("female"), output_field=models.IntegerField(), db_persist=True
    )
    special_location = models.CharField(max_length=200, blank=True)
    voter_limit = models.PositiveIntegerField()
    over_limit_reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200)
    as_of_date = models.DateField()
    figure_class = models.CharField(max_length=10, choices=CLASSES)

    class Meta:
        db_table = "elections_station_voters"
        constraints = [
            of_this_century("dates_of_a_voter_list_are_of_this_century", "as_of_date"),
            models.CheckConstraint(
                condition=Q(male__gte=0, female__gte=0), name="listed_voters_are_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(male__lte=F("voter_limit") - F("female")) | ~Q(over_limit_reason=""),
                name="more_voters_than_the_limit_need_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.total}"
