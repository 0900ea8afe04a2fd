"""Cases with their steps and sealed names, circulars, pledges, services, replaced officials."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from serentak.platform.models import choices, digest, figure_class, of_this_century, refers_to

from .rules.cases import CLOSED_STATES, RECOMMENDED_STATES, CaseState, ReplyKind, Stake
from .rules.catalogue import Track
from .rules.standing import LONGEST_LINE, ServiceLevel


def _values(states: Iterable[StrEnum]) -> list[str]:
    return sorted(state.value for state in states)


CLOSED = _values(CLOSED_STATES)


class Case(models.Model):
    """A case of a person in an agency: where it stands and by when; the person stands apart.

    `key` is what addresses name; it is made by the device that refers, so that a repeat is known.
    `violation` is a key of the catalogue, and `violation_class` and `ground` are what that version
    said of the day of the deed. `due_date` is the end of the clock that runs; none runs when it is
    null. `lapsed_date` is the day on which the first clock ran out that nobody has answered since,
    and `climbed_to` the kind of institution that the case went up to then. `authority` is null
    where the authority is no institution here (the Minister). `version` counts what happened, so
    that two people cannot decide at once unseen.
    """

    key = models.UUIDField(unique=True)
    digest = digest()
    reference = models.CharField(max_length=80)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    agency = refers_to("institutions.Institution")
    referred_by = refers_to("institutions.Institution")
    handler = refers_to("institutions.Institution")
    track = models.CharField(max_length=20, choices=choices(Track))
    violation = models.CharField(max_length=40)
    violation_class = models.CharField(max_length=20)
    deed_date = models.DateField()
    ground = models.CharField(max_length=200)
    catalogue_version = models.DateField()
    authority_kind = models.CharField(max_length=30)
    authority = refers_to("institutions.Institution", null=True)
    stake = models.CharField(max_length=10, choices=choices(Stake), blank=True)
    state = models.CharField(max_length=20, choices=choices(CaseState))
    received_date = models.DateField()
    step_date = models.DateField()
    due_date = models.DateField(null=True)
    is_extended = models.BooleanField(default=False)
    climbs = models.PositiveSmallIntegerField(default=0)
    climbed_to = models.CharField(max_length=30, blank=True)
    lapsed_date = models.DateField(null=True)
    recommended_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)
    figure_class = figure_class()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "neutrality_case"
        constraints = [
            of_this_century(
                "dates_of_a_case_are_of_this_century",
                "deed_date",
                "catalogue_version",
                "received_date",
                "step_date",
                "due_date",
                "lapsed_date",
                "recommended_date",
                "closed_date",
            ),
            models.UniqueConstraint(
                fields=["referred_by", "reference"],
                name="a_reference_number_names_one_case_of_a_referrer",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="a_case_has_a_reference"),
            models.CheckConstraint(condition=~Q(ground=""), name="a_case_has_a_legal_ground"),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_date__isnull=False, due_date__isnull=True)
                | (~Q(state__in=CLOSED) & Q(closed_date__isnull=True)),
                name="a_case_is_closed_by_its_outcome_alone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_values(RECOMMENDED_STATES))
                | Q(recommended_date__isnull=False),
                name="an_authority_has_only_what_was_recommended",
            ),
            models.CheckConstraint(
                condition=Q(received_date__gte=F("deed_date")),
                name="a_case_is_received_after_the_deed",
            ),
            models.CheckConstraint(
                condition=Q(closed_date__isnull=True) | Q(closed_date__gte=F("received_date")),
                name="a_case_closes_after_it_was_received",
            ),
        ]
        indexes = [
            models.Index(fields=["due_date", "id"], name="cases_by_clock"),
            models.Index(fields=["place", "state"], name="cases_by_place"),
        ]

    def __str__(self) -> str:
        return self.reference


class CasePerson(models.Model):
    """Who a case is about, sealed; a row of its own, so that privacy law can have it deleted."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="person"
    )
    sealed = models.BinaryField()

    class Meta:
        db_table = "neutrality_case_person"

    def __str__(self) -> str:
        return f"person of case {self.case_id}"


class CaseStep(models.Model):
    """A stretch of a case's way: in which state, with whom, from when until when.

    `event` is what led there, empty for the referral; `sealed_note` holds the words of the one who
    took the step. `lapses` counts the clocks that ran out meanwhile.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=20, choices=choices(CaseState))
    event = models.CharField(max_length=20, blank=True)
    handler = refers_to("institutions.Institution")
    authority_kind = models.CharField(max_length=30)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    lapses = models.PositiveSmallIntegerField(default=0)
    sealed_note = models.BinaryField(null=True)
    letter = models.ForeignKey(
        "coordination.Letter", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_by = refers_to("platform.User", null=True)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_case_step"
        constraints = [
            of_this_century(
                "dates_of_a_step_are_of_this_century", "from_date", "to_date", "due_date"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="a_step_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(to_date__isnull=True),
                name="a_case_is_at_one_step_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class StepTally(models.Model):
    """How many cases of an agency stayed at a step for so many days, over all steps that ended.

    Kept by the actions in the transaction that ends a step, so that the follow-up of a hundred
    thousand cases need not read their steps.
    """

    agency = refers_to("institutions.Institution")
    state = models.CharField(max_length=20, choices=choices(CaseState))
    days = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()

    class Meta:
        db_table = "neutrality_step_tally"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "state", "days"], name="stays_of_an_agency_are_tallied_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.state} {self.days} d: {self.cases}"


class Reply(models.Model):
    """What came of the person's right to reply; the words are sealed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=10, choices=choices(ReplyKind))
    replied_date = models.DateField()
    sealed = models.BinaryField(null=True)
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_reply"
        constraints = [
            of_this_century("dates_of_a_reply_are_of_this_century", "replied_date"),
            models.CheckConstraint(
                condition=~Q(kind=ReplyKind.GIVEN.value) | Q(sealed__isnull=False),
                name="a_reply_that_was_given_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Decision(models.Model):
    """How a case ended: a sanction on a ground, or not proven."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(
        max_length=20, choices=choices(s for s in CaseState if s in CLOSED_STATES)
    )
    sanction = models.CharField(max_length=30, blank=True)
    ground = models.CharField(max_length=200)
    letter_number = models.CharField(max_length=80, blank=True)
    decided_date = models.DateField()
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_decision"
        constraints = [
            of_this_century("dates_of_a_decision_are_of_this_century", "decided_date"),
            models.CheckConstraint(
                condition=Q(outcome=CaseState.NOT_PROVEN.value, sanction="")
                | (Q(outcome=CaseState.SANCTIONED.value) & ~Q(sanction="")),
                name="a_sanction_and_only_a_sanction_says_which",
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="a_decision_has_a_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Circular(models.Model):
    """A circular on neutrality that the head of a region sends to the region's agencies."""

    key = models.UUIDField(unique=True)
    digest = digest()
    issuer = refers_to("institutions.Institution")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    issued_date = models.DateField()
    due_date = models.DateField()
    figure_class = figure_class()
    issued_by = refers_to("platform.User", null=True)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_circular"
        constraints = [
            of_this_century("dates_of_a_circular_are_of_this_century", "issued_date", "due_date"),
            models.UniqueConstraint(
                fields=["issuer", "number"], name="a_number_names_one_circular_of_an_issuer"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(title=""), name="a_circular_has_a_number_and_a_title"
            ),
            models.CheckConstraint(
                condition=Q(due_date__gte=F("issued_date")),
                name="a_circular_is_due_after_it_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CircularReceipt(models.Model):
    """An agency that a circular goes to, and when it was acknowledged there."""

    circular = models.ForeignKey(Circular, on_delete=models.CASCADE, related_name="receipts")
    agency = refers_to("institutions.Institution")
    acknowledged_by = refers_to("platform.User", null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "neutrality_circular_receipt"
        constraints = [
            models.UniqueConstraint(
                fields=["circular", "agency"], name="a_circular_goes_to_an_agency_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circular_id} to {self.agency_id}"


class PledgeCoverage(models.Model):
    """How many of an agency's staff have signed the pledge of neutrality, as last recorded."""

    agency = models.OneToOneField(
        "institutions.Institution", on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    staff = models.PositiveIntegerField()
    signed = models.PositiveIntegerField()
    as_of_date = models.DateField()
    source = models.CharField(max_length=LONGEST_LINE)
    figure_class = figure_class()
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_pledge_coverage"
        constraints = [
            of_this_century("dates_of_pledges_are_of_this_century", "as_of_date"),
            models.CheckConstraint(
                condition=Q(signed__lte=F("staff")), name="no_more_sign_than_there_are"
            ),
            models.CheckConstraint(condition=Q(staff__gt=0), name="an_agency_has_staff"),
            models.CheckConstraint(condition=~Q(source=""), name="pledges_have_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.signed}/{self.staff}"


class ServiceReport(models.Model):
    """How an agency serves the public on a day; a later word on the same day takes its place."""

    agency = refers_to("institutions.Institution")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    report_date = models.DateField()
    level = models.CharField(max_length=10, choices=choices(ServiceLevel))
    reason = models.CharField(max_length=LONGEST_LINE, blank=True)
    figure_class = figure_class()
    reported_by = refers_to("platform.User", null=True)
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_service_report"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "report_date"], name="an_agency_reports_its_services_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(level=ServiceLevel.OPEN.value) | ~Q(reason=""),
                name="a_service_that_is_not_open_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["report_date", "place"], name="services_by_day")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.report_date} {self.level}"


class Replacement(models.Model):
    """An official who was replaced around the election: the post, never the person.

    `consent` is the number of the Minister's letter, empty where none was shown.
    """

    key = models.UUIDField(unique=True)
    digest = digest()
    agency = refers_to("institutions.Institution")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=200)
    decree_number = models.CharField(max_length=80)
    replaced_date = models.DateField()
    consent = models.CharField(max_length=80, blank=True)
    figure_class = figure_class()
    recorded_by = refers_to("platform.User", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "neutrality_replacement"
        constraints = [
            of_this_century("dates_of_a_replacement_are_of_this_century", "replaced_date"),
            models.CheckConstraint(
                condition=~Q(post="") & ~Q(decree_number=""),
                name="a_replacement_names_post_and_decree",
            ),
            models.UniqueConstraint(
                fields=["agency", "post", "decree_number"],
                name="a_replacement_is_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.replaced_date}"
