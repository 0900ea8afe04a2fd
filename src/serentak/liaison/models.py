"""Numbers to call, assessments, requests for people and things, and crimes' clocks."""

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules import ENDS, LONGEST_LINE, LONGEST_TEXT, AidState, CrimeState


class Contact(models.Model):
    """A number under which an institution is called about a place, in the order of `rank`.

    A personal number shows to those alone who may see liaison there.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    institution = refers_to("institutions.Institution")
    office = models.CharField(max_length=LONGEST_LINE)
    phone = models.CharField(max_length=30)
    is_personal = models.BooleanField()
    hours = models.CharField(max_length=LONGEST_LINE, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    figure_class = figure_class()
    edited_by = refers_to("platform.User", null=True)
    edited_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "liaison_contact"
        constraints = [
            models.CheckConstraint(
                condition=~Q(office="") & ~Q(phone=""), name="a_number_says_whom_it_reaches"
            ),
            models.UniqueConstraint(
                fields=["place", "institution", "phone"],
                name="a_number_of_an_institution_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return self.office


class Assessment(models.Model):
    """How grave institutions together found a place on a day; a later one stands beside it."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    institution = refers_to("institutions.Institution")
    assessed_date = models.DateField()
    level = models.CharField(max_length=30)
    text = models.TextField(max_length=LONGEST_TEXT)
    figure_class = figure_class()
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()
    members = models.ManyToManyField(
        "institutions.Institution", through="AssessmentMember", related_name="+"
    )

    class Meta:
        db_table = "liaison_assessment"
        constraints = [
            of_this_century("assessments_are_of_this_century", "assessed_date"),
            models.CheckConstraint(
                condition=~Q(level="") & ~Q(text=""), name="an_assessment_says_how_and_why"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-assessed_date", "-id"], name="assessments_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.level} at {self.place_id}"


class AssessmentMember(models.Model):
    """An institution that agreed to an assessment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="+")
    institution = refers_to("institutions.Institution")

    class Meta:
        db_table = "liaison_assessment_member"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "institution"], name="who_agrees_agrees_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} agrees to {self.assessment_id}"


class Follow(models.Model):
    """What follows from an assessment: an action of coordination, and what becomes of it there."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="follows")
    action = models.OneToOneField("coordination.Action", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "liaison_follow"

    def __str__(self) -> str:
        return f"{self.action_id} of {self.assessment_id}"


class AidRequest(models.Model):
    """People or things that one institution asks of another for a place, until a moment.

    The letter is the action's; here stand the numbers. `granted` is how many were promised or came.
    """

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    sender = refers_to("institutions.Institution")
    owner = refers_to("institutions.Institution")
    thing = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    purpose = models.CharField(max_length=LONGEST_LINE, blank=True)
    needed_until_at = models.DateTimeField()
    action = models.OneToOneField("coordination.Action", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=choices(AidState), default=AidState.ASKED.value)
    granted = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=LONGEST_LINE, blank=True)
    asked_at = models.DateTimeField()
    asked_by = refers_to("platform.User", null=True)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "liaison_aid_request"
        constraints = [
            of_this_century("requests_are_of_this_century", "needed_until_at"),
            models.CheckConstraint(condition=Q(number__gt=0), name="a_request_asks_for_some"),
            models.CheckConstraint(
                condition=~Q(sender=F("owner")), name="nobody_requests_of_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AidState.PROMISED.value, AidState.ARRIVED.value])
                | Q(granted__gt=0, granted__lte=F("number")),
                name="what_is_promised_says_how_many",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AidState.REFUSED.value, AidState.WITHDRAWN.value])
                | ~Q(reason=""),
                name="what_is_refused_or_withdrawn_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["place", "state", "due_at"], name="requests_by_place")]

    def __str__(self) -> str:
        return f"{self.number} {self.thing} at {self.place_id}"


class Crime(models.Model):
    """An election crime in the joint centre: its stage and clock, by register, without a name."""

    client_key = models.UUIDField(unique=True)
    digest = digest()
    place = refers_to("places.Place")
    institution = refers_to("institutions.Institution")
    register = models.CharField(max_length=60)
    known_date = models.DateField()
    state = models.CharField(
        max_length=15, choices=choices(CrimeState), default=CrimeState.KNOWN.value
    )
    stage_date = models.DateField()
    due_date = models.DateField(null=True)
    is_extended = models.BooleanField(default=False)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "liaison_crime"
        constraints = [
            of_this_century(
                "days_of_a_crime_are_of_this_century", "known_date", "stage_date", "due_date"
            ),
            models.UniqueConstraint(
                fields=["institution", "register"], name="a_register_number_names_one_crime"
            ),
            models.CheckConstraint(condition=~Q(register=""), name="a_crime_has_its_register"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ENDS]) ^ Q(due_date__isnull=False),
                name="a_crime_has_a_clock_until_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(stage_date__gte=F("known_date")), name="a_stage_begins_after_the_deed"
            ),
        ]
        indexes = [models.Index(fields=["place", "due_date"], name="crimes_by_place")]

    def __str__(self) -> str:
        return self.register
