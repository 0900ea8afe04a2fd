"""Accounts, audit events, evidence files, the demo clock: rows that belong to no slice."""

import uuid
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower, Now

from serentak.kernel.briefing import FigureClass
from serentak.kernel.century import FIRST, FIRST_MOMENT, LAST, LAST_MOMENT

PLACE_CODE_LENGTH = 17


def choices(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return what a column may hold; its words stand in the slice's `words.py`."""
    return [(member.value, member.value) for member in members]


def refers_to(model: str, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    """Return the column of a row that may not go while this one stands, such as `places.Place`."""
    return models.ForeignKey(model, on_delete=models.PROTECT, null=null, related_name="+")


def figure_class() -> "models.CharField[Any, Any]":
    """Return the column that says how far a row can be trusted."""
    return models.CharField(
        max_length=10, choices=choices(FigureClass), default=FigureClass.SOURCED.value
    )


def of_this_century(name: str, *columns: str) -> models.CheckConstraint:
    """Return the constraint that these columns hold nothing that no calendar can count with.

    Columns of moments are known by their names, which end in `_at`.
    """
    condition = models.Q()
    for column in columns:
        is_moment = column.endswith("_at")
        bounds = (FIRST_MOMENT, LAST_MOMENT) if is_moment else (FIRST, LAST)
        condition &= models.Q(**{f"{column}__range": bounds})
    return models.CheckConstraint(condition=condition, name=name)


def digest() -> "models.CharField[Any, Any]":
    """Return the column that tells a repeat from other content under its key, see `digest_of`."""
    return models.CharField(max_length=64, blank=True)


class PlaceCodeField(models.CharField):  # type: ignore[type-arg]
    """A place's code, compared byte by byte so that a subtree is one range of the index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = PLACE_CODE_LENGTH
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Leave out what the class itself fixes."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["db_collation"]
        return name, path, args, kwargs


class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: which transaction wrote a row, so that a seal knows what is finished."""

    def db_type(self, connection: Any) -> str:  # Django's signature
        """Return the column type."""
        return "xid8"

    def from_db_value(self, value: Any, *_: Any) -> int | None:
        """Read the number that the driver gives as text."""
        return None if value is None else int(value)


class CurrentTransactionId(models.Func):
    """`pg_current_xact_id()`."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()


class UserManager(BaseUserManager):  # type: ignore[type-arg]
    """Looks accounts up by name; accounts are made by `accounts.create_account`."""


class User(AbstractBaseUser):
    """An account that can sign in; what it may do follows from its roles in institutions."""

    class Language(models.TextChoices):
        """Languages of the screens."""

        INDONESIAN = "id", "Bahasa Indonesia"
        ENGLISH = "en", "English"

    username = models.CharField(max_length=80, unique=True)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        db_table = "platform_user"
        constraints = [
            # Sign-in does not tell capitals apart.
            models.UniqueConstraint(Lower("username"), name="a_user_name_is_given_once"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """Return the name shown beside what the account did."""
        return self.full_name


class AuditEvent(models.Model):
    """One deed, recorded in the transaction that did it; rows are never changed or deleted.

    Holds opaque ids and numbers only. Personal text stands in `AuditDetail`, which privacy law can
    have deleted; `commitment` still proves what stood there. Number, `recorded_at` and
    `transaction_id` are given by a trigger, whatever the client says. `transaction_id` loses its
    meaning in another cluster, so a restore sets it to 2, "finished before everything".
    """

    name = models.CharField(max_length=120)
    at = models.DateTimeField(help_text="on the clock of the domain")
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    institution_id = models.BigIntegerField(null=True)
    place = PlaceCodeField()
    subjects = ArrayField(models.CharField(max_length=120))
    facts = models.JSONField()
    commitment = models.BinaryField(null=True)
    transaction_id = TransactionIdField(db_default=CurrentTransactionId())

    class Meta:
        db_table = "platform_audit_event"
        indexes = [
            GinIndex(fields=["subjects"], name="audit_by_subject"),
            models.Index(fields=["place", "-at"], name="audit_by_place"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["transaction_id"], name="audit_by_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class AuditDetail(models.Model):
    """Personal text of an audit event with the salt of its commitment.

    Written with its event, never changed; `erasing.erase_detail` deletes it and leaves a mark.
    """

    event = models.OneToOneField(AuditEvent, on_delete=models.CASCADE, primary_key=True)
    salt = models.BinaryField()
    personal = models.JSONField()

    class Meta:
        db_table = "platform_audit_detail"

    def __str__(self) -> str:
        return f"detail of event {self.event_id}"


class EvidenceFile(models.Model):
    """A photo or document given as evidence; its bytes lie in the file storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to="evidence/%Y/%m/")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    place = PlaceCodeField()
    institution_id = models.BigIntegerField(null=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "platform_evidence_file"
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="evidence_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class DomainClock(models.Model):
    """The clock of a demonstration or rehearsal: stood at `domain_at` when it was `real_at`."""

    domain_at = models.DateTimeField()
    real_at = models.DateTimeField()
    scene = models.CharField(max_length=60)
    rehearsal = models.BooleanField(default=False)

    class Meta:
        db_table = "platform_domain_clock"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_clock"),
            of_this_century("the_clock_stands_in_this_century", "domain_at"),
        ]

    def __str__(self) -> str:
        return f"{self.scene}: {self.domain_at:%Y-%m-%d %H:%M}"
