"""Recorded figures and the work on those that disagree."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from serentak.kernel.briefing import FigureClass
from serentak.platform.models import choices, of_this_century

from .rules import SOURCE_LENGTH, DatePrecision, DifferenceKind


class Figure(models.Model):
    """A number that a source gives for a place; never changed, only used, left or withdrawn.

    `measure` is a code of the catalogue. The source is text and no table: it is a citation, and
    two figures share one only in what they say. `rounded_to` is 0 where nothing was rounded; a
    `source_date` known to the month is stored as its first day.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=3)
    rounded_to = models.DecimalField(max_digits=18, decimal_places=3, default=Decimal(0))
    source = models.CharField(max_length=SOURCE_LENGTH)
    source_date = models.DateField()
    source_precision = models.CharField(max_length=5, choices=choices(DatePrecision))
    scope = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    figure_class = models.CharField(max_length=9, choices=choices(FigureClass))
    in_use = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "figures_figure"
        constraints = [
            of_this_century("dates_of_a_figure_are_of_this_century", "source_date"),
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_is_not_negative"),
            models.CheckConstraint(condition=Q(rounded_to__gte=0), name="rounding_is_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="figure_has_a_source"),
            models.CheckConstraint(
                condition=Q(figure_class__in=[c.value for c in FigureClass]),
                name="figure_class_is_known",
            ),
            models.CheckConstraint(
                condition=Q(in_use=False) | Q(withdrawn_at__isnull=True),
                name="figure_in_use_is_not_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["place", "measure"], condition=Q(in_use=True), name="one_figure_is_in_use"
            ),
            models.UniqueConstraint(
                fields=["place", "measure", "source", "source_date", "scope"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_source_gives_one_figure_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.measure} {self.value}"


class Discrepancy(models.Model):
    """The work on a difference: who answers for it, by when, and what was decided.

    The difference itself is computed from the figures and stored nowhere. `numbers` are those on
    which the decision was made; once they change, the discrepancy is open again. `version` counts
    what was done, so that two people cannot decide at once unseen.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=choices(DifferenceKind))
    owner = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_date = models.DateField(null=True)
    decided_figure = models.ForeignKey(
        Figure, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    numbers = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "figures_discrepancy"
        constraints = [
            of_this_century("dates_of_a_discrepancy_are_of_this_century", "due_date"),
            models.UniqueConstraint(
                fields=["place", "measure", "kind"], name="a_difference_is_worked_on_once"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, due_date__isnull=True)
                | Q(owner__isnull=False, due_date__isnull=False),
                name="discrepancy_with_an_owner_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=Q(decided_figure__isnull=True, decided_at__isnull=True, reason="",
                            numbers="")
                | (Q(decided_figure__isnull=False, decided_at__isnull=False) & ~Q(reason="")
                   & ~Q(numbers="")),
                name="decision_has_a_figure_a_reason_and_a_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place_id} {self.measure} {self.kind}"
