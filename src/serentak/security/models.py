"""Incidents with reports, steps and stations, who is on duty; what is confided stands sealed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules.catalogue import Access, Confided
from .rules.states import CLOSED_STATES, OPEN_STATES, IncidentState, Severity

CLOSED = sorted(state.value for state in CLOSED_STATES)
OPEN = sorted(state.value for state in OPEN_STATES)
GRAVE = sorted(severity.value for severity in Severity if severity.is_grave)


class Incident(models.Model):
    """Something that happened at a place: how grave, where it stands, whose it is, until when.

    `key` is what addresses and subjects name; it is drawn by chance, so that a gap tells nothing.
    `also_at` is a second place whose border it crosses. The clock counts from `counted_from_at`
    (the report, a rise of the severity, the opening anew) and ends at `due_at`; at `climbs_at` it
    goes one step up its chain, of which `climbs` were taken. `held_at` is when it was contained.
    `was_confided` stays once it was so, in part or whole: no public count ever holds it.
    `handlers` are the kinds of institution that may see it where it is restricted, and persons,
    health and reporters where it is so in part. `subjects` name loads, stages and activities that
    hang on it, as events do (`load:12`). `version` counts what happened.
    """

    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    place = refers_to("places.Place")
    also_at = refers_to("places.Place", null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    access = models.CharField(max_length=4, choices=choices(Access))
    proposed = models.CharField(max_length=2, choices=choices(Severity))
    severity = models.CharField(max_length=2, choices=choices(Severity))
    state = models.CharField(
        max_length=12, choices=choices(IncidentState), default=IncidentState.REPORTED.value
    )
    confided = models.CharField(max_length=6, choices=choices(Confided))
    was_confided = models.BooleanField(default=False)
    handlers = ArrayField(models.CharField(max_length=30), default=list)
    owner = refers_to("institutions.Institution")
    commander = models.CharField(max_length=120, blank=True)
    needs = ArrayField(models.CharField(max_length=20), default=list)
    subjects = ArrayField(models.CharField(max_length=60), default=list)
    counted_from_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    climbs_at = models.DateTimeField(null=True)
    climbs = models.PositiveSmallIntegerField(default=0)
    was_past = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates"
    )
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "security_incident"
        constraints = [
            of_this_century(
                "moments_of_an_incident_are_of_this_century",
                *("happened_at", "reported_at", "counted_from_at", "held_at", "due_at"),
                *("climbs_at", "closed_at"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_at__isnull=False, due_at__isnull=True)
                | Q(state__in=OPEN, closed_at__isnull=True),
                name="an_incident_is_closed_by_its_end_alone",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True) ^ Q(state=IncidentState.DUPLICATE.value),
                name="a_duplicate_and_only_a_duplicate_has_an_original",
            ),
            models.CheckConstraint(
                condition=~Q(original=F("id")), name="no_incident_repeats_itself"
            ),
            models.CheckConstraint(
                condition=Q(climbs_at__isnull=True) | Q(state__in=OPEN),
                name="only_what_is_open_climbs",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="a_point_lies_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(also_at__isnull=True) | ~Q(also_at=F("place")),
                name="a_border_lies_between_two_places",
            ),
            models.CheckConstraint(
                condition=Q(confided=Confided.NO.value) | ~Q(handlers=[]),
                name="what_is_confided_has_handlers",
            ),
            models.CheckConstraint(
                condition=Q(confided=Confided.NO.value) | Q(was_confided=True),
                name="what_is_confided_is_remembered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "due_at"], condition=Q(state__in=OPEN), name="open_incidents"
            ),
            models.Index(
                fields=["also_at"],
                condition=Q(also_at__isnull=False, state__in=OPEN),
                name="open_incidents_on_borders",
            ),
            models.Index(
                fields=["climbs_at"],
                condition=Q(climbs_at__isnull=False),
                name="climbing_incidents",
            ),
            models.Index(fields=["place", "-reported_at"], name="incidents_by_place"),
            models.Index(fields=["place", "closed_at"], name="incidents_by_end"),
            models.Index(fields=["original"], name="repeated_incidents"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.place_id}"


class IncidentReport(models.Model):
    """What one source said of an incident, under the key of its device; it stays as it was.

    `answers` are counts, choices and hours; what was written freely, and who told it, is `sealed`.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=40)
    place = refers_to("places.Place")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    evidence_id = models.UUIDField(null=True)
    institution = refers_to("institutions.Institution", null=True)
    reported_by = refers_to("platform.User", null=True)
    device = models.CharField(max_length=40, blank=True)
    figure_class = figure_class()

    class Meta:
        db_table = "security_report"
        constraints = [
            of_this_century("reports_are_of_this_century", "happened_at", "received_at"),
        ]
        indexes = [
            models.Index(fields=["reported_by", "-received_at"], name="reports_by_account"),
            models.Index(
                fields=["device", "-received_at"],
                condition=~Q(device=""),
                name="reports_by_device",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.place_id}"


class IncidentStep(models.Model):
    """One line of an incident's log; what was written with it is sealed."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    event = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=choices(IncidentState))
    severity = models.CharField(max_length=2, choices=choices(Severity))
    sealed_note = models.BinaryField(null=True)
    evidence_id = models.UUIDField(null=True)
    institution = refers_to("institutions.Institution", null=True)
    taken_by = refers_to("platform.User", null=True)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "security_step"
        indexes = [models.Index(fields=["incident", "id"], name="steps_of_an_incident")]

    def __str__(self) -> str:
        return f"{self.event} of {self.incident_id}"


class IncidentStation(models.Model):
    """A station that an incident touches."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="stations")
    place = refers_to("places.Place")

    class Meta:
        db_table = "security_incident_station"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "place"], name="an_incident_touches_a_station_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} at {self.place_id}"


class Duty(models.Model):
    """Who of an institution is on duty from when to when: an office and, if there is one, its line.

    An office or unit, no person's name: the roster is read by all who see the place.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    institution = refers_to("institutions.Institution")
    place = refers_to("places.Place")
    office = models.CharField(max_length=120)
    line = models.CharField(max_length=60, blank=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()
    figure_class = figure_class()

    class Meta:
        db_table = "security_duty"
        constraints = [
            of_this_century("duties_are_of_this_century", "from_at", "to_at"),
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="a_duty_ends_later"),
            models.CheckConstraint(condition=~Q(office=""), name="a_duty_names_an_office"),
        ]
        indexes = [
            models.Index(
                fields=["institution", "to_at"],
                condition=Q(cancelled_at__isnull=True),
                name="duties_by_institution",
            ),
            models.Index(
                fields=["place", "to_at"],
                condition=Q(cancelled_at__isnull=True),
                name="duties_by_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} from {self.from_at:%Y-%m-%d %H:%M}"
