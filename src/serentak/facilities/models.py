"""Checks, what the last ones make of each place, and the defects that they found."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century

from .rules.defects import DefectState
from .rules.judging import Outcome


class Check(models.Model):
    """One visit: what was answered then. It stays as it was; the next one stands beside it."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    checklist = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    passed = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    figure_class = figure_class()

    class Meta:
        db_table = "facilities_check"
        constraints = [
            of_this_century("checks_are_of_this_century", "checked_at"),
            models.CheckConstraint(
                condition=Q(passed__lte=F("total")), name="no_more_passes_than_is_asked"
            ),
            models.CheckConstraint(condition=~Q(answers={}), name="a_check_answers_something"),
        ]
        indexes = [
            models.Index(fields=["place", "checklist", "-checked_at"], name="checks_of_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} at {self.place_id}"


class Standing(models.Model):
    """What all checks of one version make of a place: the last answer to every question.

    `failed` and `unanswered` hold criteria; `open_due` is the earliest day after the vote by which
    one of them had to be in order. What was judged by an older version counts as unchecked.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    checklist = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    last_check = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    passed = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    in_order = models.PositiveSmallIntegerField()
    failed = ArrayField(models.CharField(max_length=40), default=list)
    unanswered = ArrayField(models.CharField(max_length=40), default=list)
    open_due = models.SmallIntegerField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "facilities_standing"
        constraints = [
            of_this_century("standings_are_of_this_century", "checked_at"),
            models.UniqueConstraint(
                fields=["place", "checklist"], name="a_place_stands_once_in_a_checklist"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.READY.value) | Q(unanswered=[]),
                name="the_unanswered_is_never_ready",
            ),
            models.CheckConstraint(
                condition=Q(open_due__isnull=True, failed=[], unanswered=[])
                | Q(open_due__isnull=False) & (~Q(failed=[]) | ~Q(unanswered=[])),
                name="what_is_open_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.place_id}"


class Defect(models.Model):
    """A question that failed at a place, until a later check finds it in order.

    `stations` and `voters` are those that hung on the place when it was found. Of one that fails
    again the row stays; `found_by` is the check that found it first.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    checklist = models.CharField(max_length=40)
    question = models.CharField(max_length=40)
    is_hard = models.BooleanField()
    presses = models.BooleanField()
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    stations = models.PositiveIntegerField()
    voters = models.PositiveIntegerField()
    found_by = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    due_date = models.DateField()
    state = models.CharField(
        max_length=10, choices=choices(DefectState), default=DefectState.FOUND.value
    )
    promised_date = models.DateField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="+")
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "facilities_defect"
        constraints = [
            of_this_century(
                "days_of_a_defect_are_of_this_century",
                *("found_at", "due_date", "promised_date", "answered_at"),
            ),
            models.UniqueConstraint(
                fields=["place", "checklist", "question"],
                condition=~Q(state=DefectState.CONFIRMED.value),
                name="a_question_has_one_open_defect",
            ),
            models.CheckConstraint(
                condition=~Q(state=DefectState.PROMISED.value) | Q(promised_date__isnull=False),
                name="a_promise_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        DefectState.MENDED.value,
                        DefectState.DISPUTED.value,
                        DefectState.MOVE_ASKED.value,
                    ]
                )
                | (~Q(remark="") & Q(answered_at__isnull=False)),
                name="who_answers_for_a_defect_says_what",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) ^ Q(state=DefectState.CONFIRMED.value),
                name="a_check_confirms_what_is_mended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "due_date"],
                condition=~Q(state=DefectState.CONFIRMED.value),
                name="open_defects_by_place",
            ),
            models.Index(fields=["owner", "state"], name="defects_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist}.{self.question} at {self.place_id}"
