"""Vehicles and boats, what people know of ways, and plans with their routes and stops."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules.catalogue import Conditions, Stage, Terrain
from .rules.plans import PlanState

MOST_KG = 100_000
MOST_LITRES = 1_000_000
MOST_HOURS = 120
MOST_STATIONS = 10_000
MOST_TRIPS = 9


class Vehicle(models.Model):
    """A vehicle or boat that its owner lends for the boxes of a regency, and when it is there.

    `kg` and `litres` are what it may take when empty; how full a bed gets is the catalogue's.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    owner = refers_to("institutions.Institution")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kg = models.PositiveIntegerField()
    litres = models.PositiveIntegerField()
    crew = models.PositiveSmallIntegerField(default=1)
    escort = models.CharField(max_length=120, blank=True)
    free_from_at = models.DateTimeField(null=True)
    free_until_at = models.DateTimeField(null=True)
    is_withdrawn = models.BooleanField(default=False)
    figure_class = figure_class()
    told_by = refers_to("platform.User", null=True)
    told_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "distribution_vehicle"
        constraints = [
            of_this_century(
                "moments_of_a_vehicle_are_of_this_century",
                "told_at",
                "free_from_at",
                "free_until_at",
            ),
            models.UniqueConstraint(
                fields=["place", "name"], name="a_vehicle_of_a_place_has_a_name_of_its_own"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(kind=""), name="a_vehicle_has_a_name_and_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kg__range=(1, MOST_KG), litres__range=(1, MOST_LITRES)),
                name="a_vehicle_has_a_capacity",
            ),
            models.CheckConstraint(condition=Q(crew__range=(1, 50)), name="a_vehicle_has_a_crew"),
            models.CheckConstraint(
                condition=Q(free_from_at__isnull=True)
                | Q(free_until_at__isnull=True)
                | Q(free_from_at__lt=F("free_until_at")),
                name="a_vehicle_is_there_before_it_is_gone",
            ),
        ]
        indexes = [models.Index(fields=["place", "name"], name="vehicle_by_place")]

    def __str__(self) -> str:
        return self.name


class Leg(models.Model):
    """What somebody knows of the way between two places, either way; it outlives every plan.

    A regency stands for its store, a district or village for its committee. `hours` is null where
    distance and speed say them, `terrain` empty where it stays as known. Until `blocked_until_at`
    nothing goes there.
    """

    low = refers_to("places.Place")
    high = refers_to("places.Place")
    terrain = models.CharField(max_length=8, choices=choices(Terrain), blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    blocked_until_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    told_by = refers_to("platform.User", null=True)
    told_for = refers_to("institutions.Institution")
    told_at = models.DateTimeField()
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "distribution_leg"
        constraints = [
            of_this_century("moments_of_a_leg_are_of_this_century", "told_at", "blocked_until_at"),
            models.UniqueConstraint(fields=["low", "high"], name="a_leg_is_told_of_once"),
            models.CheckConstraint(
                condition=Q(low__lt=F("high")), name="a_leg_leads_to_another_place"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=MOST_HOURS),
                name="a_leg_takes_hours",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="what_is_told_of_a_leg_says_why"),
            models.CheckConstraint(
                condition=Q(hours__isnull=False)
                | ~Q(terrain="")
                | Q(blocked_until_at__isnull=False),
                name="a_leg_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low_id}–{self.high_id}"


class Plan(models.Model):
    """A plan of who brings what where in a stage; plans of a stage are numbered and all kept.

    `based_on` is the plan that it improves or renews. `faults` are why nothing came of it.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    stage = models.CharField(max_length=10, choices=choices(Stage))
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=choices(PlanState))
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    conditions = models.CharField(max_length=8, choices=choices(Conditions))
    seed = models.PositiveIntegerField(null=True)
    iterations = models.PositiveIntegerField(null=True)
    faults = models.JSONField(default=list)
    planned_for = refers_to("institutions.Institution")
    planned_by = refers_to("platform.User", null=True)
    planned_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    adopted_by = refers_to("platform.User", null=True)
    reason = models.CharField(max_length=300, blank=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "distribution_plan"
        constraints = [
            of_this_century("moments_of_a_plan_are_of_this_century", "planned_at", "adopted_at"),
            models.UniqueConstraint(
                fields=["place", "stage", "number"], name="plans_of_a_stage_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["place", "stage"],
                condition=Q(state=PlanState.ADOPTED.value),
                name="one_plan_of_a_stage_is_adopted",
            ),
            models.UniqueConstraint(
                fields=["place", "stage"],
                condition=Q(state=PlanState.DRAFT.value),
                name="one_plan_of_a_stage_is_drafted",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.ADOPTED.value) | Q(adopted_at__isnull=False),
                name="what_is_adopted_says_when",
            ),
            models.CheckConstraint(
                condition=Q(seed__isnull=True, iterations__isnull=True)
                | Q(seed__isnull=False, iterations__isnull=False, based_on__isnull=False),
                name="what_is_computed_says_from_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.number} of {self.place_id}"


class Route(models.Model):
    """A way of one vehicle out and back; `trip` counts those of the vehicle in the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="routes")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    trip = models.PositiveSmallIntegerField(default=1)
    leaves_at = models.DateTimeField()

    class Meta:
        db_table = "distribution_route"
        constraints = [
            of_this_century("a_route_leaves_in_this_century", "leaves_at"),
            models.UniqueConstraint(
                fields=["plan", "vehicle", "trip"], name="a_vehicle_makes_each_trip_once"
            ),
            models.CheckConstraint(
                condition=Q(trip__range=(1, MOST_TRIPS)), name="trips_of_a_vehicle_are_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}/{self.trip}"


class Stop(models.Model):
    """A place on a route, with the stations of which it brings the boxes.

    `arrives_at` is when it was planned to be there; what it comes to now is computed.
    """

    route = models.ForeignKey(Route, on_delete=models.CASCADE, related_name="stops")
    place = refers_to("places.Place")
    position = models.PositiveSmallIntegerField()
    stations = models.PositiveIntegerField()
    arrives_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "distribution_stop"
        constraints = [
            of_this_century("a_stop_is_reached_in_this_century", "arrives_at"),
            models.UniqueConstraint(
                fields=["route", "position"], name="stops_of_a_route_stand_in_order"
            ),
            models.UniqueConstraint(
                fields=["route", "place"], name="a_route_stops_at_a_place_once"
            ),
            models.CheckConstraint(
                condition=Q(stations__range=(1, MOST_STATIONS)), name="a_stop_is_for_stations"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} on {self.route_id}"
