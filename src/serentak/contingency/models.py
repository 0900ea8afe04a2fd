"""Plans that run, and how far each of their steps is."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class

from .rules import LONGEST_REASON, RunState, StepState


class PlanRun(models.Model):
    """A plan of the catalogue that somebody started at a place.

    `subject` names what it is about (`incident:12`), empty where nothing is recorded of it.
    `needs_permission` is what one must hold at the place to know of the run, empty where whoever
    sees plans there may. An exercise (`is_rehearsal`) counts nowhere.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    plan = models.CharField(max_length=40)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=60, blank=True)
    needs_permission = models.CharField(max_length=80, blank=True)
    is_rehearsal = models.BooleanField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=choices(RunState), default=RunState.RUNNING.value
    )
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    figure_class = figure_class()

    class Meta:
        db_table = "contingency_run"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RunState.RUNNING.value) ^ Q(finished_at__isnull=False),
                name="a_run_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="a_run_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.STOPPED.value) | ~Q(reason=""),
                name="a_run_is_called_off_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["plan", "place", "subject"],
                condition=Q(state=RunState.RUNNING.value, is_rehearsal=False),
                name="a_plan_runs_once_for_a_subject_at_a_place",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state", "-started_at"], name="runs_by_place"),
            models.Index(fields=["subject"], condition=~Q(subject=""), name="runs_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} at {self.place_id}"


class RunStep(models.Model):
    """A step of a run: who has to do it by when, and whether the desk follows or has asked.

    `who` is a kind of institution, `owner` the one at that place, None where none is set up.
    `verb` is what was said. Where `action` asks them in writing, what becomes of that is read there
    and not noted again.
    """

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="steps")
    n = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=30)
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    verb = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    action = models.OneToOneField(
        "coordination.Action", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=choices(StepState), default=StepState.OPEN.value
    )
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "contingency_step"
        constraints = [
            models.UniqueConstraint(fields=["run", "n"], name="steps_of_a_run_are_numbered"),
            models.CheckConstraint(
                condition=Q(state=StepState.OPEN.value) ^ Q(done_at__isnull=False),
                name="a_step_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=StepState.SKIPPED.value) | ~Q(reason=""),
                name="a_step_is_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(action__isnull=True) | Q(owner__isnull=False),
                name="what_is_asked_is_asked_of_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=StepState.OPEN.value),
                name="open_steps_by_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.n}"
