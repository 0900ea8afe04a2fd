"""Daily reports and their corrections, what every area said of a day, and contradictions."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from serentak.kernel.status import Status
from serentak.platform.models import choices, figure_class, of_this_century, refers_to

from .rules.correcting import Said
from .rules.differing import LIVE, ContradictionEvent, ContradictionState, Used
from .rules.outline import Code
from .rules.states import ReportState


class Snapshot(models.Model):
    """What an area said of a place on a day; the day's last word stands."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    focus = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=choices(Status))
    figures = models.JSONField()
    silent = models.PositiveIntegerField()
    of_children = models.PositiveIntegerField()
    as_of = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_snapshot"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day", "focus"], name="an_area_speaks_once_of_a_place_and_day"
            ),
            models.CheckConstraint(
                condition=Q(silent__lte=F("of_children")),
                name="no_more_children_are_silent_than_there_are",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.focus} of {self.place_id} on {self.day}"


class ChatTemplate(models.Model):
    """How a desk's short text for its group reads; empty: in the house's order."""

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "reporting_chat_template"
        constraints = [
            of_this_century("a_chat_text_is_changed_in_this_century", "changed_at"),
        ]

    def __str__(self) -> str:
        return f"chat text of {self.place_id}"


class DailyReport(models.Model):
    """What a desk says of its place and day; locked once the desk above has accepted it.

    `round` is above 1 on the day of the vote only. `revision` grows with every change, so that
    nobody signs what somebody else has just altered. `first_submitted_at` tells whether it was
    late, however often it was returned and sent anew; rows older than that field have none.
    `receipt` names how a desk that has none above it in the house learned that its report was
    accepted.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    round = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=choices(ReportState), default=ReportState.WAITING.value
    )
    revision = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list, help_text="places below that had not reported")
    of_children = models.PositiveIntegerField(default=0)
    signed_off_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_as = models.CharField(
        max_length=40, blank=True, help_text="the role in which it was signed, by its key"
    )
    submitted_at = models.DateTimeField(null=True)
    first_submitted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    accepted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_daily_report"
        indexes = [models.Index(fields=["day", "place"], name="daily_report_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day", "round"], name="a_place_reports_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ReportState.WAITING, ReportState.READY], submitted_at__isnull=True
                )
                | (
                    ~Q(state__in=[ReportState.WAITING, ReportState.READY])
                    & Q(submitted_at__isnull=False, drafted_at__isnull=False)
                ),
                name="a_submitted_report_was_drafted_and_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.ACCEPTED, accepted_at__isnull=False)
                | (~Q(state=ReportState.ACCEPTED) & Q(accepted_at__isnull=True)),
                name="an_accepted_report_and_no_other_has_a_time_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED) | ~Q(return_reason=""),
                name="a_returned_report_says_why",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True)
                | Q(accepted_by__isnull=True)
                | ~Q(signed_off_by=F("accepted_by")),
                name="who_signed_does_not_accept",
            ),
        ]

    def __str__(self) -> str:
        return f"report of {self.place_id} on {self.day}"


class Sentence(models.Model):
    """One sentence: a code with parameters as drafted, or the words that a person put instead.

    `rows` and `link` lead to what stands behind it. `is_outdated` marks words whose number has
    changed since they were written, `is_gone` those that the draft would no longer say.
    """

    report = models.ForeignKey(DailyReport, on_delete=models.CASCADE, related_name="sentences")
    section = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200)
    code = models.CharField(max_length=60)
    focus = models.CharField(max_length=20, blank=True)
    params = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    link = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    edited_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True)
    is_outdated = models.BooleanField(default=False)
    is_gone = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)

    class Meta:
        db_table = "reporting_sentence"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"], name="a_sentence_stands_once_in_a_report"
            ),
            models.CheckConstraint(
                condition=Q(text="", edited_at__isnull=True)
                | (~Q(text="") & Q(edited_at__isnull=False)),
                name="a_persons_words_have_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(code=Code.ADDED) | ~Q(text=""), name="an_added_sentence_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.report_id}"

    @property
    def said(self) -> Said:
        """What it says."""
        return Said(self.code, self.params, self.text)


class Correction(models.Model):
    """What a sentence of a signed report should have said; both stand, and neither is changed.

    It mends the signature of `signed_at`: what is returned takes it in and is signed anew. Before
    it stood `params_before` and `text_before`, which an earlier correction may have put. Only that
    somebody above took note of it is added later.
    """

    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    signed_at = models.DateTimeField()
    key = models.CharField(max_length=200)
    section = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    focus = models.CharField(max_length=20, blank=True)
    params_before = models.JSONField(default=dict)
    text_before = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    reason = models.TextField()
    corrected_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    corrected_as = models.CharField(max_length=40, blank=True)
    corrected_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    noted_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "reporting_correction"
        indexes = [models.Index(fields=["corrected_at"], name="correction_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="corrections_of_a_report_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & ~Q(reason=""), name="a_correction_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(params=F("params_before")) | ~Q(text=F("text_before")),
                name="a_correction_changes_what_is_said",
            ),
            models.CheckConstraint(
                condition=Q(noted_at__isnull=False) | Q(noted_by__isnull=True, receipt=""),
                name="a_note_of_a_correction_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(corrected_by__isnull=True)
                | Q(noted_by__isnull=True)
                | ~Q(corrected_by=F("noted_by")),
                name="who_corrects_does_not_take_note",
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.number} of {self.report_id}"

    @property
    def before(self) -> Said:
        """What the sentence said before."""
        return Said(self.code, self.params_before, self.text_before)

    @property
    def now(self) -> Said:
        """What it should have said."""
        return Said(self.code, self.params, self.text)


class Contradiction(models.Model):
    """Two sides that differ at a place: what they say, who settles it by when, what was decided.

    `subject` names for ever on what they differ, so that what comes back is the same row. `a` and
    `b` hold what both say now, `settled_values` what they said when it was settled; `differs` tells
    whether they still do. With an `audience` it exists for these institutions alone.
    """

    key = models.UUIDField(unique=True)
    election = refers_to("elections.Election")
    check_key = models.CharField(max_length=40)
    place = refers_to("places.Place")
    subject = models.CharField(max_length=120)
    about = models.JSONField(default=dict)
    a = models.JSONField()
    b = models.JSONField()
    a_link = models.CharField(max_length=300)
    b_link = models.CharField(max_length=300)
    a_by = refers_to("platform.User", null=True)
    b_by = refers_to("platform.User", null=True)
    amount = models.FloatField()
    strength = models.FloatField(help_text="base x log10(10 + amount)")
    near = models.DateField(null=True)
    owner = refers_to("institutions.Institution", null=True)
    audience = ArrayField(models.BigIntegerField(), null=True)
    figure_class = figure_class()
    state = models.CharField(
        max_length=12, choices=choices(ContradictionState), default=ContradictionState.OPEN.value
    )
    differs = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()
    settle_by_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    used = models.CharField(max_length=7, choices=choices(Used), blank=True)
    settled_by = refers_to("platform.User", null=True)
    settled_alone = models.BooleanField(default=False)
    settled_values: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    reopened = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reporting_contradiction"
        indexes = [
            models.Index(
                fields=["place"],
                condition=Q(state__in=sorted(LIVE)),
                name="open_contradictions",
            ),
            models.Index(fields=["place", "-ended_at"], name="contradiction_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "check_key", "place", "subject"],
                name="two_sides_differ_once_on_a_subject",
            ),
            of_this_century(
                "moments_of_a_contradiction_are_of_this_century",
                "opened_at",
                "answer_by_at",
                "settle_by_at",
                "ended_at",
            ),
            of_this_century("a_contradiction_is_near_in_this_century", "near"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, strength__gt=0), name="a_contradiction_has_a_weight"
            ),
            models.CheckConstraint(
                condition=Q(settle_by_at__gte=F("answer_by_at"), answer_by_at__gt=F("opened_at")),
                name="an_answer_is_due_before_the_decision",
            ),
            models.CheckConstraint(
                condition=Q(state=ContradictionState.SETTLED)
                & ~Q(reason="")
                & ~Q(used="")
                & ~Q(settled_values=[])
                | ~Q(state=ContradictionState.SETTLED) & Q(reason="", used="", settled_by=None),
                name="a_settled_contradiction_and_no_other_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE), ended_at=None, differs=True)
                | ~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False),
                name="what_has_ended_and_nothing_else_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContradictionState.GONE) | Q(differs=False),
                name="what_is_gone_differs_no_more",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContradictionState.ANSWERED)
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="an_answered_contradiction_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None)
                | Q(settled_alone=True)
                | (
                    (Q(a_by=None) | ~Q(a_by=F("settled_by")))
                    & (Q(b_by=None) | ~Q(b_by=F("settled_by")))
                ),
                name="who_settles_did_not_enter_a_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_key} at {self.place_id}: {self.subject}"


class ContradictionStep(models.Model):
    """One step of a contradiction with what both sides said then; a trigger refuses changes.

    `is_in_time` tells of the steps that end it whether they came before its clock, else None.
    """

    contradiction = models.ForeignKey(Contradiction, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=12, choices=choices(ContradictionEvent), blank=True)
    state = models.CharField(max_length=12, choices=choices(ContradictionState))
    text = models.CharField(max_length=700, blank=True)
    a = models.JSONField()
    b = models.JSONField()
    is_in_time = models.BooleanField(null=True)
    institution = refers_to("institutions.Institution", null=True)
    taken_by = refers_to("platform.User", null=True)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_contradiction_step"
        indexes = [
            models.Index(fields=["contradiction", "-taken_at"], name="step_by_contradiction"),
            models.Index(fields=["taken_at"], name="contradiction_step_by_time"),
        ]
        constraints = [
            of_this_century("a_step_of_a_contradiction_is_of_this_century", "taken_at"),
            models.CheckConstraint(
                condition=~Q(event="") | Q(state=ContradictionState.OPEN),
                name="the_first_step_opens_a_contradiction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event or 'opened'} of {self.contradiction_id}"
