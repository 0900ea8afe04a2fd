"""Activities with their district lines, what was reported on them, how their targets changed."""

from collections.abc import Collection

from django.db import models
from django.db.models import F, Q

from serentak.kernel.briefing import FigureClass
from serentak.platform.models import choices, digest, of_this_century

from .rules.reporting import NAMES_A_TOTAL, ReportKind, ReportRow
from .rules.states import ActivityState, TargetEvent, TargetState

TOTAL_KINDS = sorted(kind.value for kind in NAMES_A_TOTAL)


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities, as actions load them."""

    def locked(self, ids: Collection[int]) -> "dict[int, Activity]":
        """Return activities by id, locked in the order of their ids."""
        rows = self.select_for_update().filter(pk__in=set(ids)).order_by("id")
        return {row.pk: row for row in rows}


class Activity(models.Model):
    """An activity of the catalogue at a place: how much, how far, by when, and who answers for it.

    `done_quantity` is what was last reported for the whole, or the sum of the district lines where
    one of them was reported last; null as long as nobody named an amount. `baseline_date` is the
    date that a meeting agreed, and never changes after.
    """

    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    target_quantity = models.BigIntegerField()
    done_quantity = models.BigIntegerField(null=True)
    figure_class = models.CharField(
        max_length=10, choices=choices(FigureClass), default=FigureClass.SOURCED.value
    )
    state = models.CharField(
        max_length=10, choices=choices(ActivityState), default=ActivityState.OPEN.value
    )
    drop_reason = models.TextField(blank=True)
    target_state = models.CharField(
        max_length=10, choices=choices(TargetState), default=TargetState.PROPOSED.value
    )
    target_date = models.DateField()
    baseline_date = models.DateField(null=True)
    last_report_at = models.DateTimeField(null=True)
    # The newest word on any part is no word on the whole: silence is counted from here.
    heard_at = models.DateTimeField(null=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        db_table = "readiness_activity"
        constraints = [
            of_this_century(
                "dates_of_an_activity_are_of_this_century", "target_date", "baseline_date"
            ),
            models.UniqueConstraint(
                fields=["election", "place", "key"],
                name="an_activity_exists_once_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(target_quantity__gt=0), name="an_activity_has_something_to_do"
            ),
            models.CheckConstraint(
                condition=Q(done_quantity__isnull=True) | Q(done_quantity__gte=0),
                name="no_activity_is_done_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(done_quantity__isnull=True) | Q(last_report_at__isnull=False),
                name="an_amount_done_comes_from_a_report",
            ),
            models.CheckConstraint(
                condition=Q(heard_at__isnull=True) | Q(heard_at__lte=F("last_report_at")),
                name="the_whole_is_heard_no_later_than_its_last_report",
            ),
            models.CheckConstraint(
                condition=Q(target_state=TargetState.PROPOSED, baseline_date__isnull=True)
                | (~Q(target_state=TargetState.PROPOSED) & Q(baseline_date__isnull=False)),
                name="a_baseline_stands_from_agreement_on",
            ),
            models.CheckConstraint(
                condition=~Q(target_state=TargetState.AGREED) | Q(target_date=F("baseline_date")),
                name="an_agreed_target_is_its_baseline",
            ),
            models.CheckConstraint(
                condition=Q(state=ActivityState.OPEN, drop_reason="")
                | (Q(state=ActivityState.DROPPED) & ~Q(drop_reason="")),
                name="a_dropped_activity_and_no_other_has_a_drop_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.place_id}"


class ActivityShare(models.Model):
    """A district's line of a regency's activity; `owner` reports it beside the activity's own."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="shares")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    target_quantity = models.BigIntegerField()
    done_quantity = models.BigIntegerField(null=True)
    last_report_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "readiness_activity_share"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "place"], name="an_activity_has_one_line_for_each_district"
            ),
            models.CheckConstraint(
                condition=Q(target_quantity__gt=0), name="a_district_line_has_something_to_do"
            ),
            models.CheckConstraint(
                condition=Q(done_quantity__isnull=True) | Q(done_quantity__gte=0),
                name="no_district_line_is_done_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(done_quantity__isnull=True) | Q(last_report_at__isnull=False),
                name="an_amount_of_a_district_comes_from_a_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} in {self.place_id}"


class Submission(models.Model):
    """A page of reports as it was sent; the device's key lets a repeat find the first answer."""

    client_key = models.UUIDField(unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField()
    digest = digest()

    class Meta:
        db_table = "readiness_submission"
        indexes = [
            models.Index(fields=["place", "-submitted_at"], name="submission_by_place"),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk} at {self.place_id}"


class ProgressReport(models.Model):
    """One answer on one activity or district line; never changed, only followed by another.

    `quantity` is the total that stands after the report, `quantity_before` the one that stood; both
    are null as long as no amount is known.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reports")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reports")
    share = models.ForeignKey(
        ActivityShare, on_delete=models.PROTECT, null=True, related_name="reports"
    )
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=choices(ReportKind))
    quantity = models.BigIntegerField(null=True)
    quantity_before = models.BigIntegerField(null=True)
    figure_class = models.CharField(max_length=10, choices=choices(FigureClass))
    note = models.TextField(blank=True)
    evidence = models.ForeignKey(
        "platform.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "readiness_progress_report"
        indexes = [
            models.Index(fields=["activity", "-reported_at"], name="report_by_activity"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "activity", "share"],
                nulls_distinct=False,
                name="a_page_of_reports_answers_each_activity_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
                name="no_report_names_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TOTAL_KINDS, quantity__isnull=False)
                | (
                    ~Q(kind__in=TOTAL_KINDS)
                    & (
                        Q(quantity=F("quantity_before"))
                        | Q(quantity__isnull=True, quantity_before__isnull=True)
                    )
                ),
                name="a_report_names_an_amount_or_leaves_it",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True)
                | Q(quantity_before__isnull=True)
                | Q(quantity__gte=F("quantity_before"))
                | ~Q(note=""),
                name="a_report_of_less_than_before_has_a_note",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.CORRECTION.value)
                | (
                    Q(quantity_before__isnull=False)
                    & ~Q(quantity=F("quantity_before"))
                    & ~Q(note="")
                ),
                name="a_correction_of_a_total_changes_it_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.activity_id}"

    @property
    def row(self) -> ReportRow:
        """What was said, with the total that stands after it."""
        return ReportRow(self.activity_id, ReportKind(self.kind), self.quantity, self.note)


class TargetChange(models.Model):
    """One step of a target date: proposed, agreed at a meeting, or revised with a reason."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="target_changes")
    kind = models.CharField(max_length=10, choices=choices(TargetEvent))
    date = models.DateField()
    previous_date = models.DateField(null=True)
    meeting_name = models.CharField(max_length=200, blank=True)
    meeting_date = models.DateField(null=True)
    # Null where the meeting is none of ours: name and date are then all that is known of it.
    meeting = models.ForeignKey(
        "coordination.Meeting", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "readiness_target_change"
        indexes = [
            models.Index(fields=["activity", "-changed_at"], name="target_change_by_activity"),
        ]
        constraints = [
            of_this_century(
                "dates_of_a_target_change_are_of_this_century",
                "date",
                "previous_date",
                "meeting_date",
            ),
            models.CheckConstraint(
                condition=~Q(kind=TargetEvent.REVISE) | ~Q(reason=""),
                name="a_revised_target_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind=TargetEvent.AGREE, meeting_date__isnull=False)
                & ~Q(meeting_name="")
                | (~Q(kind=TargetEvent.AGREE) & Q(meeting_date__isnull=True, meeting_name="")),
                name="an_agreed_target_and_no_other_names_its_meeting",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(kind=TargetEvent.AGREE),
                name="only_an_agreed_target_leads_to_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.date} for {self.activity_id}"


class ForecastRun(models.Model):
    """One forecast of a province, and what it rests on; the last of each day is kept for trend.

    `inputs` tells whether anything that it rests on has changed since; `assumptions` names the
    chances that were set by hand and what had really struck.
    """

    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    computed_at = models.DateTimeField()
    seed = models.BigIntegerField()
    draws = models.PositiveIntegerField()
    inputs = models.CharField(max_length=64)
    assumptions = models.JSONField(default=dict)

    class Meta:
        db_table = "readiness_forecast_run"
        constraints = [
            of_this_century("days_of_a_forecast_are_of_this_century", "day"),
            models.UniqueConstraint(
                fields=["election", "place", "day"], name="one_forecast_is_kept_of_each_day"
            ),
            models.CheckConstraint(
                condition=Q(draws__gt=0), name="a_forecast_was_drawn_at_least_once"
            ),
        ]

    def __str__(self) -> str:
        return f"forecast of {self.place_id} on {self.day}"


class PlaceOutlook(models.Model):
    """What a forecast says of a province or regency; days count from the vote.

    `ready` is the chance that all that belongs before the vote is finished by its last day, from 0
    to 1; `results` holds the rest, see `queries.forecasts`.
    """

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="outlooks")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    ready = models.FloatField()
    p50 = models.SmallIntegerField()
    p80 = models.SmallIntegerField()
    p95 = models.SmallIntegerField()
    results = models.JSONField(default=dict)

    class Meta:
        db_table = "readiness_place_outlook"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "place"], name="a_forecast_speaks_once_of_a_place"
            ),
            models.CheckConstraint(
                condition=Q(ready__gte=0, ready__lte=1), name="a_chance_lies_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=Q(p50__lte=F("p80")) & Q(p80__lte=F("p95")),
                name="finish_days_of_a_forecast_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.ready:.2f}"


class ShockChance(models.Model):
    """The chance in one week that an installation gives a shock in the place of the catalogue's."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    shock = models.CharField(max_length=40)
    per_week = models.FloatField()
    reason = models.TextField()
    set_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "readiness_shock_chance"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "shock"], name="a_shock_has_one_chance_in_a_province"
            ),
            models.CheckConstraint(
                condition=Q(per_week__gte=0, per_week__lte=1),
                name="a_chance_of_a_shock_lies_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_chance_set_by_hand_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shock} in {self.place_id}: {self.per_week}"


class ShockStruck(models.Model):
    """A shock that has really struck a regency: it is drawn no more there."""

    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    shock = models.CharField(max_length=40)
    struck_on = models.DateField()
    noted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "readiness_shock_struck"
        constraints = [
            of_this_century("days_of_a_shock_are_of_this_century", "struck_on"),
            models.UniqueConstraint(
                fields=["election", "place", "shock"],
                name="a_shock_has_struck_a_regency_or_has_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shock} in {self.place_id}"


class Scenario(models.Model):
    """What somebody tried on the forecast: changes that nobody has made, before and after.

    `changes` is a list as `rules.scenarios` reads it; `before` and `after` are null while the
    worker computes. Nothing real changes; adopted, it has become requests to the owners.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    changes = models.JSONField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    made_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "readiness_scenario"
        indexes = [models.Index(fields=["place", "-made_at"], name="scenario_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_scenario_has_a_name"),
            models.CheckConstraint(
                condition=Q(before__isnull=True, after__isnull=True)
                | Q(before__isnull=False, after__isnull=False),
                name="a_scenario_tells_before_and_after_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True) | Q(after__isnull=False),
                name="only_a_computed_scenario_is_adopted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.place_id}"
