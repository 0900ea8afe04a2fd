"""Checks: what was found at a place when somebody looked."""

from django.db import models
from django.db.models import F, Q

from serentak.kernel.briefing import FigureClass
from serentak.platform.models import of_this_century


class Check(models.Model):
    """The last check of a place, of what belongs to it and to no place below.

    A later check takes its place; the audit keeps what was said before.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    looked_at = models.PositiveIntegerField()
    in_order = models.PositiveIntegerField()
    checked_date = models.DateField()
    source = models.CharField(max_length=200)
    figure_class = models.CharField(max_length=9, choices=[(c.value, c.value) for c in FigureClass])
    recorded_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "specimen_check"
        constraints = [
            of_this_century("dates_of_a_specimen_check_are_of_this_century", "checked_date"),
            models.UniqueConstraint(fields=["place"], name="a_place_has_one_specimen_check"),
            models.CheckConstraint(
                condition=Q(looked_at__gte=1), name="specimen_check_looks_at_something"
            ),
            models.CheckConstraint(
                condition=Q(in_order__lte=F("looked_at")),
                name="specimen_check_finds_no_more_in_order_than_it_looks_at",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="specimen_check_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.in_order}/{self.looked_at}"
