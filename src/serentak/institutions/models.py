"""Institutions with their jurisdictions, people with their roles, offices with their holders."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from serentak.kernel.codes import Level
from serentak.platform.models import choices, figure_class, of_this_century

from .rules import HolderStatus


class Institution(models.Model):
    """A body with a kind, a level and a seat; where it acts is its set of jurisdictions.

    `kind` is a key of the catalogue of kinds; `name` is what letters in Indonesian call it.
    """

    kind = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(choices=[(v.value, v.name) for v in Level])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)

    class Meta:
        db_table = "institutions_institution"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place"], name="a_place_seats_one_institution_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Jurisdiction(models.Model):
    """One place where an institution acts; its places need not form a subtree."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="jurisdictions"
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "institutions_jurisdiction"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "place"], name="a_jurisdiction_names_a_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} in {self.place_id}"


class Person(models.Model):
    """Somebody who works in institutions or holds an office; may have an account.

    `institution` is the one that entered the person: where the directory lists who has no role.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="people"
    )
    full_name = models.CharField(max_length=200)
    user = models.OneToOneField(
        "platform.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    figure_class = figure_class()

    class Meta:
        db_table = "institutions_person"
        constraints = [
            models.CheckConstraint(condition=~Q(full_name=""), name="a_person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.full_name


class RoleAssignment(models.Model):
    """A person bears a role in an institution from a day to a day, both included."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        db_table = "institutions_role_assignment"
        constraints = [
            of_this_century("dates_of_a_role_are_of_this_century", "from_date", "to_date"),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="a_role_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "institution", "role"],
                condition=Q(to_date__isnull=True),
                name="a_person_bears_a_role_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.person_id} in {self.institution_id}"


class RolePlace(models.Model):
    """Narrows a role to a place inside its institution's jurisdiction; none means all of it."""

    assignment = models.ForeignKey(RoleAssignment, on_delete=models.CASCADE, related_name="places")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "institutions_role_place"
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "place"], name="a_role_names_a_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} in {self.place_id}"


class Office(models.Model):
    """The headship of an institution, whoever holds it."""

    institution = models.OneToOneField(Institution, on_delete=models.CASCADE, related_name="office")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)

    class Meta:
        db_table = "institutions_office"

    def __str__(self) -> str:
        return self.title


class Holder(models.Model):
    """A person holds an office by a status from a day to a day, both included.

    `from_date` is null where no source gives the start. `contest` says, in the words of the
    source, for which race a holder who is a candidate stands.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="offices")
    status = models.CharField(max_length=10, choices=choices(HolderStatus))
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    is_candidate = models.BooleanField(default=False)
    contest = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "institutions_holder"
        constraints = [
            of_this_century("dates_of_a_holder_are_of_this_century", "from_date", "to_date"),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True)
                | Q(from_date__isnull=True)
                | Q(to_date__gte=F("from_date")),
                name="a_holder_ends_after_the_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in HolderStatus]),
                name="a_holder_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=Q(is_candidate=False, contest="")
                | (Q(is_candidate=True) & ~Q(contest="")),
                name="a_candidate_and_only_a_candidate_names_a_contest",
            ),
            # Ranges on both sides, since equality in an exclusion would need an extension.
            ExclusionConstraint(
                name="an_office_has_one_holder_at_a_time",
                expressions=[
                    (
                        Func(F("office_id"), F("office_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("from_date"), F("to_date"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.status} in office {self.office_id}"
