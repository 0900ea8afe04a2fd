"""Posts with strength and region, reinforcements, plans with rows, roll calls, moves."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules import (
    MOST_OFFICERS,
    MOST_STATIONS,
    PlanState,
    PostKind,
    SentState,
    StationClass,
    Unit,
)


class OwnPattern(models.Model):
    """A pattern that the police of a regency set in the place of the catalogue's, and why."""

    place = refers_to("places.Place")
    station_class = models.CharField(max_length=10, choices=choices(StationClass))
    unit = models.CharField(max_length=8, choices=choices(Unit))
    officers = models.PositiveSmallIntegerField()
    stations = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    set_by = refers_to("platform.User", null=True)
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "posting_own_pattern"
        constraints = [
            of_this_century("a_pattern_is_set_in_this_century", "set_at"),
            models.UniqueConstraint(
                fields=["place", "station_class"], name="a_class_has_one_pattern_of_a_regency"
            ),
            models.CheckConstraint(
                condition=Q(officers__range=(1, MOST_STATIONS)), name="a_pattern_has_officers"
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.DISTRICT.value, stations=0)
                | Q(unit=Unit.STATIONS.value, stations__range=(1, MOST_STATIONS)),
                name="a_pattern_has_stations_or_a_district",
            ),
            models.CheckConstraint(
                condition=~Q(station_class=StationClass.HIGHLY.value)
                | Q(unit=Unit.STATIONS.value, stations=1),
                name="a_highly_vulnerable_station_shares_no_officers",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="who_sets_a_pattern_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.station_class} of {self.place_id}"


class Force(models.Model):
    """A regency's officers in all, where its posts are not named; and whether posts are shared."""

    place = refers_to("places.Place")
    officers = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    is_shared = models.BooleanField(default=False)
    figure_class = figure_class()
    told_by = refers_to("platform.User", null=True)
    told_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "posting_force"
        constraints = [
            of_this_century("days_of_a_force_are_of_this_century", "as_of", "told_at"),
            models.UniqueConstraint(fields=["place"], name="a_regency_has_one_force"),
            models.CheckConstraint(
                condition=Q(officers__isnull=True) | Q(officers__lte=MOST_OFFICERS),
                name="a_force_is_no_army",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officers} in {self.place_id}"


class Post(models.Model):
    """An office of police, army or guards with those who are there; no names of people.

    `place` is the regency or district in which it stands, `phone` the office's.
    """

    place = refers_to("places.Place")
    kind = models.CharField(max_length=9, choices=choices(PostKind))
    name = models.CharField(max_length=80)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    officers = models.PositiveIntegerField()
    shifts = models.PositiveSmallIntegerField(default=1)
    vehicles = models.PositiveSmallIntegerField(default=0)
    boats = models.PositiveSmallIntegerField(default=0)
    as_of = models.DateField()
    is_closed = models.BooleanField(default=False)
    institution = refers_to("institutions.Institution", null=True)
    told_by = refers_to("platform.User", null=True)
    told_at = models.DateTimeField()
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "posting_post"
        constraints = [
            of_this_century("days_of_a_post_are_of_this_century", "as_of", "told_at"),
            models.UniqueConstraint(
                fields=["place", "kind", "name"],
                condition=Q(is_closed=False),
                name="a_post_is_counted_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_post_has_a_name"),
            models.CheckConstraint(
                condition=Q(officers__lte=MOST_OFFICERS), name="a_post_is_no_army"
            ),
            models.CheckConstraint(
                condition=Q(shifts__range=(1, 3)), name="a_post_has_one_to_three_shifts"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="a_post_lies_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PostRegion(models.Model):
    """A district or regency whose stations a post serves."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="regions")
    place = refers_to("places.Place")

    class Meta:
        db_table = "posting_post_region"
        constraints = [
            models.UniqueConstraint(fields=["post", "place"], name="a_post_serves_a_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} serves {self.place_id}"


class Reinforcement(models.Model):
    """Officers who go to a regency: from another one, or from headquarters (the province)."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    origin = refers_to("places.Place")
    place = refers_to("places.Place")
    officers = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=choices(SentState))
    day = models.DateField(null=True)
    is_computed = models.BooleanField(default=False)
    told_by = refers_to("platform.User", null=True)
    told_at = models.DateTimeField()
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "posting_reinforcement"
        constraints = [
            of_this_century("days_of_reinforcements_are_of_this_century", "told_at", "day"),
            models.CheckConstraint(
                condition=Q(officers__range=(1, MOST_OFFICERS)), name="reinforcements_are_officers"
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("place")), name="reinforcements_come_from_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officers} from {self.origin_id} to {self.place_id}"


class Plan(models.Model):
    """Who stands where in a regency, as the solver found it; all plans are kept.

    `reserve` officers were kept back. `gap` is what is unproven of the least way, `seconds` what
    it took. `more` says by so many officers more how many stations of each class stay uncovered.
    `unreached` and `short` are what the reserve cannot do. `inputs` is a stamp of all that it was
    computed from.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=choices(PlanState))
    need = models.PositiveIntegerField()
    strength = models.PositiveIntegerField()
    posted = models.PositiveIntegerField()
    reserve = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()
    incidents = models.PositiveSmallIntegerField()
    travel = models.FloatField()
    gap = models.FloatField()
    seconds = models.FloatField()
    stations = models.PositiveIntegerField()
    unclassed = models.PositiveIntegerField()
    inputs = models.CharField(max_length=64, blank=True)
    uncovered = models.JSONField(default=dict)
    more = models.JSONField(default=dict)
    unreached = models.PositiveIntegerField(default=0)
    short = models.PositiveSmallIntegerField(default=0)
    made_by = refers_to("platform.User", null=True)
    made_at = models.DateTimeField()
    adopted_by = refers_to("platform.User", null=True)
    adopted_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "posting_plan"
        constraints = [
            of_this_century("moments_of_a_posting_are_of_this_century", "made_at", "adopted_at"),
            models.UniqueConstraint(
                fields=["place", "number"], name="plans_of_a_regency_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state=PlanState.ADOPTED.value),
                name="one_posting_of_a_regency_is_adopted",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.ADOPTED.value) | Q(adopted_at__isnull=False),
                name="an_adopted_posting_says_when",
            ),
            models.CheckConstraint(
                condition=Q(posted__lte=F("strength")), name="nobody_is_posted_who_is_not_there"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.place_id}"


class PlanRow(models.Model):
    """Stations of one class in a district that share officers, and from which post these come.

    Without a post they are reinforcements; with 0 officers the group stays uncovered.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rows")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    district = refers_to("places.Place")
    station_class = models.CharField(max_length=10, choices=choices(StationClass))
    officers = models.PositiveSmallIntegerField()
    stations = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "posting_plan_row"
        constraints = [
            models.CheckConstraint(condition=Q(stations__gte=1), name="a_group_has_a_station"),
            models.CheckConstraint(
                condition=Q(post__isnull=True) | Q(officers__gte=1),
                name="a_post_sends_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officers} in {self.district_id}"


class Placing(models.Model):
    """A station of a group of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+", db_index=False)
    row = models.ForeignKey(PlanRow, on_delete=models.CASCADE, related_name="placings")
    place = refers_to("places.Place")

    class Meta:
        db_table = "posting_placing"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "place"], name="a_station_stands_once_in_a_plan"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.plan_id}"


class ReserveRow(models.Model):
    """Officers of the reserve who wait at a post, and how many minutes they need at the most.

    Without a post they wait at the seat of a regency that has named none.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reserves")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    officers = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "posting_reserve"
        constraints = [
            models.UniqueConstraint(fields=["plan", "post"], name="a_reserve_waits_once_at_a_post"),
            models.CheckConstraint(condition=Q(officers__gte=1), name="a_reserve_is_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.officers} at {self.post_id}"


class RollCall(models.Model):
    """How many of a post are present and absent on a day; the last word of the day counts."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    on_date = models.DateField()
    present = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()
    remark = models.CharField(max_length=200, blank=True)
    called_by = refers_to("platform.User", null=True)
    called_at = models.DateTimeField()
    figure_class = figure_class()

    class Meta:
        db_table = "posting_roll_call"
        constraints = [
            of_this_century("days_of_a_roll_call_are_of_this_century", "on_date", "called_at"),
            models.UniqueConstraint(fields=["post", "on_date"], name="a_post_is_called_once_a_day"),
            models.CheckConstraint(
                condition=Q(present__lte=MOST_OFFICERS, absent__lte=MOST_OFFICERS),
                name="a_roll_call_counts_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.present} at {self.post_id}"


class ReserveMove(models.Model):
    """Officers of the reserve who were sent from a post to where something happened."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    to = refers_to("places.Place")
    officers = models.PositiveSmallIntegerField()
    incident_ref = models.CharField(max_length=80, blank=True)
    sent_by = refers_to("platform.User", null=True)
    sent_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "posting_reserve_move"
        constraints = [
            of_this_century("moves_of_a_reserve_are_of_this_century", "sent_at", "back_at"),
            models.CheckConstraint(condition=Q(officers__gte=1), name="somebody_is_sent"),
        ]
        indexes = [
            models.Index(
                fields=["post"], condition=Q(back_at__isnull=True), name="reserves_on_their_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officers} to {self.to_id}"
