"""The need as versions of the stations it follows from, and the ledger of every piece."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules.custody import LONGEST_SEAL, ConsignmentState
from .rules.ledger import MOST_PIECES, Condition, Deed, Site
from .rules.orders import OrderState


class NeedVersion(models.Model):
    """The stations and voters from which a province's needs are counted; the last one holds."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    election = models.ForeignKey("elections.Election", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    taken_over_by = refers_to("institutions.Institution")
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
    keeper = refers_to("institutions.Institution", null=True)

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
    institution = refers_to("institutions.Institution")
    entered_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    consignment = models.ForeignKey(
        "Consignment", on_delete=models.PROTECT, null=True, related_name="entries"
    )
    order = models.ForeignKey(
        "Order", on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
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


class Order(models.Model):
    """Pieces asked of another keeper, or ordered of a supplier, for one place.

    `place` is whose institution asked: that of the destination, or of a place above it. What was
    packed for the order, or came for it, stands with loads and entries and is summed there.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    number = models.CharField(max_length=40, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    asked_by = refers_to("institutions.Institution")
    origin = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="asked")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="awaited")
    state = models.CharField(max_length=10, choices=choices(OrderState))
    asked_at = models.DateTimeField()
    needed_by = models.DateField()
    reason = models.CharField(max_length=300)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "logistics_order"
        constraints = [
            of_this_century(
                "moments_of_an_order_are_of_this_century", "asked_at", "answered_at", "needed_by"
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="an_order_asks_of_another_keeper"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_order_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=[OrderState.REFUSED.value, OrderState.WITHDRAWN.value])
                | ~Q(answer=""),
                name="what_will_not_come_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["destination", "state"], name="order_by_destination"),
            models.Index(fields=["origin", "state"], name="order_by_origin"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """Pieces of one item and contest that were asked for."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    item = models.CharField(max_length=40)
    contest = models.ForeignKey(
        "elections.Contest", on_delete=models.PROTECT, null=True, related_name="+"
    )
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "logistics_order_line"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "item", "contest"],
                nulls_distinct=False,
                name="an_order_holds_a_thing_in_one_line",
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST_PIECES)), name="what_is_asked_is_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.item}"


RECEIVED = [
    state.value
    for state in (
        ConsignmentState.HANDED_OVER,
        ConsignmentState.DIFFERENT,
        ConsignmentState.SETTLED,
    )
]


class Consignment(models.Model):
    """A load on its way between two keepers: who gave it, who took it, and what differed.

    While it goes its pieces lie at `way`, a location of its own; `code` opens the page on which it
    is received. Who took it has an account (`received_by`), or signed on paper: `receiver_name`,
    and the photo of the `record`. `settle_by` is by when the giver says what became of pieces that
    were rejected or missing.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    code = models.CharField(max_length=22, unique=True)
    number = models.CharField(max_length=40, unique=True)
    origin = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="given")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="taken")
    way = models.OneToOneField(Location, on_delete=models.PROTECT, related_name="+")
    leg = models.CharField(max_length=40)
    order = models.ForeignKey("Order", on_delete=models.PROTECT, null=True, related_name="loads")
    state = models.CharField(
        max_length=12, choices=choices(ConsignmentState), default=ConsignmentState.PACKED.value
    )
    due_at = models.DateTimeField()
    packed_at = models.DateTimeField()
    packed_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    vehicle = models.CharField(max_length=120, blank=True)
    escort = models.CharField(max_length=200, blank=True)
    departed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    receiver_name = models.CharField(max_length=120, blank=True)
    record_number = models.CharField(max_length=80, blank=True)
    record = models.ForeignKey(
        "platform.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)
    settle_by = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settlement = models.CharField(max_length=500, blank=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "logistics_consignment"
        constraints = [
            of_this_century(
                "moments_of_a_load_are_of_this_century",
                "due_at",
                "packed_at",
                "departed_at",
                "received_at",
                "settled_at",
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="a_load_goes_to_another_keeper"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ConsignmentState.UNDER_WAY.value, *RECEIVED])
                | (Q(departed_at__isnull=False) & ~Q(vehicle="") & ~Q(escort="")),
                name="what_left_names_vehicle_and_escort",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=RECEIVED)
                | Q(received_at__isnull=False, received_by__isnull=False)
                | (Q(received_at__isnull=False) & ~Q(receiver_name="")),
                name="what_was_handed_over_names_who_took_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsignmentState.DIFFERENT.value) | Q(settle_by__isnull=False),
                name="a_difference_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsignmentState.SETTLED.value)
                | (Q(settled_at__isnull=False) & ~Q(settlement="")),
                name="what_is_settled_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "state"], name="load_by_origin"),
            models.Index(fields=["destination", "state"], name="load_by_destination"),
        ]

    def __str__(self) -> str:
        return self.number


class ConsignmentLine(models.Model):
    """Pieces of one stock in a load; what the receiver counted is null until it is handed over."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="lines")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    shipped = models.PositiveBigIntegerField()
    accepted = models.PositiveBigIntegerField(null=True)
    rejected = models.PositiveBigIntegerField(null=True)
    missing = models.PositiveBigIntegerField(null=True)
    surplus = models.PositiveBigIntegerField(null=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "logistics_consignment_line"
        constraints = [
            models.UniqueConstraint(
                fields=["consignment", "stock"], name="a_load_holds_a_thing_in_one_line"
            ),
            models.CheckConstraint(condition=Q(shipped__gte=1), name="a_load_holds_pieces"),
            models.CheckConstraint(
                condition=Q(
                    accepted__isnull=True,
                    rejected__isnull=True,
                    missing__isnull=True,
                    surplus__isnull=True,
                )
                | Q(
                    accepted__isnull=False,
                    rejected__isnull=False,
                    missing__isnull=False,
                    surplus__isnull=False,
                    shipped=F("accepted") + F("rejected") + F("missing"),
                ),
                name="the_sum_of_a_record_closes",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True)
                | Q(rejected=0, missing=0, surplus=0)
                | ~Q(reason=""),
                name="a_difference_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipped} of {self.stock_id}"


class Seal(models.Model):
    """A numbered seal that was set once, on one load; `is_read` tells whether it was found so."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="seals")
    number = models.CharField(max_length=LONGEST_SEAL, unique=True)
    is_read = models.BooleanField(null=True)

    class Meta:
        db_table = "logistics_seal"
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="a_seal_has_a_number"),
        ]

    def __str__(self) -> str:
        return self.number
