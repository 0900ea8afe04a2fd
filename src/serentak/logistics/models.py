"""The need as versions of the stations it follows from, and the ledger of every piece."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century

from .rules.ledger import Condition, Deed, Site


def _institution(**options: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        "institutions.Institution",
        on_delete=models.PROTECT,
        related_name="+",
        **options,  # type: ignore[arg-type]
    )


class NeedVersion(models.Model):
    """The stations and voters from which a province's needs are counted; the last one holds."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    taken_over_by = _institution()
    taken_over_at = models.DateTimeField()
    stations = models.PositiveIntegerField()
    voters = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    figure_class = figure_class()

    class Meta:
        db_table = "logistics_need_version"
        constraints = [
            of_this_century("needs_are_taken_over_in_this_century", "taken_over_at"),
            models.UniqueConstraint(
                fields=["election", "number"], name="versions_of_a_need_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="versions_of_a_need_begin_at_one"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="a_changed_need_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.election_id}"


class StationBasis(models.Model):
    """What one station's need follows from in a version; null pairs: it does not hold the race."""

    version = models.ForeignKey(NeedVersion, on_delete=models.CASCADE, related_name="basis")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    voters = models.PositiveIntegerField()
    governor_pairs = models.PositiveSmallIntegerField(null=True)
    regent_pairs = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "logistics_station_basis"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "place"], name="a_station_stands_once_in_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.version_id}"


class Location(models.Model):
    """Where pieces may be, and who answers for them there; nobody does outside of the house."""

    site = models.CharField(max_length=10, choices=choices(Site))
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    keeper = _institution(null=True)

    class Meta:
        db_table = "logistics_location"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "site"],
                condition=~Q(site=Site.UNDER_WAY.value),
                name="a_place_has_one_location_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.place_id}"


class Stock(models.Model):
    """Pieces of one item, contest, lot and condition at a location: the sum of all that moved.

    Only the ledger changes `quantity` (trigger). It is never below zero but outside, where it says
    what came from there. `contest` is null for what serves every race.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stocks")
    item = models.CharField(max_length=40)
    contest = models.ForeignKey(
        "elections.Contest", on_delete=models.PROTECT, null=True, related_name="+"
    )
    lot = models.CharField(max_length=60, blank=True)
    condition = models.CharField(max_length=10, choices=choices(Condition))
    is_outside = models.BooleanField(default=False)
    quantity = models.BigIntegerField(default=0)

    class Meta:
        db_table = "logistics_stock"
        constraints = [
            models.UniqueConstraint(
                fields=["location", "item", "contest", "lot", "condition"],
                nulls_distinct=False,
                name="a_location_holds_a_thing_in_one_row",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(is_outside=True), name="stock_is_never_negative"
            ),
            models.CheckConstraint(condition=~Q(item=""), name="stock_is_of_an_item"),
        ]
        indexes = [models.Index(fields=["item", "location"], name="stock_by_item")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.item} at {self.location_id}"


class Entry(models.Model):
    """A deed that moved pieces, once: who, when, why; its record where the law wants one."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    deed = models.CharField(max_length=12, choices=choices(Deed))
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    institution = _institution()
    entered_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    record_number = models.CharField(max_length=80, blank=True)
    witnesses = models.CharField(max_length=300, blank=True)
    figure_class = figure_class()

    class Meta:
        db_table = "logistics_entry"
        constraints = [
            of_this_century("moments_of_the_ledger_are_of_this_century", "entered_at"),
            models.CheckConstraint(
                condition=~Q(deed=Deed.COUNTED.value) | ~Q(reason=""),
                name="a_count_that_differs_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(deed=Deed.DESTROYED.value) | (~Q(record_number="") & ~Q(witnesses="")),
                name="what_is_destroyed_has_a_record_and_witnesses",
            ),
        ]
        indexes = [models.Index(fields=["place", "-entered_at"], name="entries_by_place")]

    def __str__(self) -> str:
        return f"{self.deed} at {self.place_id}"


class Movement(models.Model):
    """Pieces taken from one stock and put to another, both of the same item, contest and lot."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="movements")
    origin = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "logistics_movement"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 1_000_000_000)), name="what_moves_is_counted"
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="what_moves_leaves_where_it_was"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} from {self.origin_id} to {self.destination_id}"
