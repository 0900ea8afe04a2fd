"""Audit: one event for each deed, recorded in its transaction and readable on the object's page."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, TypedDict, dataclass_transform

from serentak.kernel.codes import PlaceCode, subtree_range
from serentak.kernel.viewer import Viewer

from .models import AuditDetail, AuditEvent, User

PERSONAL: Mapping[str, bool] = {"personal": True}
"""Metadata of a dataclass field that holds a person's words or names."""

HARMLESS = "harmless"
"""Says of a field's type that no private words or names can stand in it."""

Code = Annotated[str, HARMLESS]
"""A text that nobody writes freely: a code, key, kind, state, digest or document's number."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class _Facts:
    """Makes a frozen dataclass, its fields by keyword only, of whatever derives from it."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class Event(_Facts):
    """Base of every slice's events: which objects (`activity:12`), where, for which institution.

    Fields of a subclass are the facts; those with `metadata=PERSONAL` are kept apart. A text that
    is not personal is declared as a `Code`, anything else that could hold words as `HARMLESS`.
    """

    subjects: tuple[str, ...]
    place: PlaceCode
    institution_id: int | None = None

    shows: ClassVar[bool] = True
    """Whether a page of places may look otherwise after it."""


class About(TypedDict):
    """What every event says, as the actions of a slice say it of a kind of row: `**_about(row)`."""

    subjects: tuple[str, ...]
    place: PlaceCode
    institution_id: int | None


_COMMON = {f.name for f in fields(Event)}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an object's history."""

    id: int
    name: str
    at: datetime
    actor: str
    institution_id: int | None
    place: PlaceCode
    subjects: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of an object's history in words, as `platform/_history.html` shows it."""

    at: datetime
    text: str
    actor: str
    note: str = ""


def event_name(event: Event | type[Event]) -> str:
    """Return `slice.EventNoun`."""
    kind = event if isinstance(event, type) else type(event)
    return f"{kind.__module__.split('.')[1]}.{kind.__name__}"


def shows(name: str) -> bool:
    """Tell whether a page of places may look otherwise after an event of that name."""
    return name not in _unseen()


@cache
def _unseen() -> frozenset[str]:
    return frozenset(event_name(kind) for kind in Event.__subclasses__() if not kind.shows)


def record(event: Event, *, actor: Viewer, at: datetime) -> int:
    """Write `event` in the current transaction and return its number."""
    facts: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for item in fields(event):
        if item.name not in _COMMON:
            target = personal if item.metadata.get("personal") else facts
            target[item.name] = _plain(getattr(event, item.name))
    salt = secrets.token_bytes(16)
    row = AuditEvent.objects.create(
        name=event_name(event),
        at=at,
        actor_id=actor.user_id,
        institution_id=event.institution_id,
        place=event.place,
        subjects=list(event.subjects),
        facts=facts,
        commitment=commitment(salt, personal) if personal else None,
    )
    if personal:
        AuditDetail.objects.create(event=row, salt=salt, personal=personal)
    return row.id


def commitment(salt: bytes, personal: Mapping[str, Any]) -> bytes:
    """Return SHA-256 of the salt and the canonical JSON of `personal`."""
    text = json.dumps(personal, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + text.encode()).digest()


def history(*subjects: str, named: Collection[str] = (), limit: int = 50) -> list[HistoryEntry]:
    """Return the newest events (by the domain's clock) of an object or several, with personal text.

    `named` are the names of the events that are told (without: all). Whoever asks has checked
    access before.
    """
    rows = AuditEvent.objects.filter(subjects__overlap=list(subjects))
    if named:
        rows = rows.filter(name__in=named)
    return _entries(rows.select_related("auditdetail").order_by("-at", "-id")[:limit])


def activity_under(
    place: PlaceCode,
    *,
    of: Collection[str] | None = None,
    but: Collection[str] = (),
    since: datetime | None = None,
    limit: int = 8,
) -> list[HistoryEntry]:
    """Return the newest events (by the domain's clock) at or under a place, no personal text.

    `of` names the slices whose events are told (None: all), `but` events that are not, `since` the
    moment from which on.
    """
    low, high = subtree_range(place)
    rows = AuditEvent.objects.filter(place__gte=low, place__lt=high).exclude(name__in=but)
    if of is not None:
        rows = rows.filter(name__regex=rf"^({'|'.join(sorted(of))})\.")
    if since is not None:
        rows = rows.filter(at__gte=since)
    return _entries(rows.order_by("-at", "-id")[:limit], personal=False)


def _entries(rows: Any, *, personal: bool = True) -> list[HistoryEntry]:
    events = list(rows)
    ids = {e.actor_id for e in events if e.actor_id}
    names = dict(User.objects.filter(id__in=ids).values_list("id", "full_name"))
    return [
        HistoryEntry(
            id=e.id,
            name=e.name,
            at=e.at,
            actor=names.get(e.actor_id or 0, ""),
            institution_id=e.institution_id,
            place=PlaceCode(e.place),
            subjects=tuple(e.subjects),
            facts={**e.facts, **(_detail(e) if personal else {})},
        )
        for e in events
    ]


def _detail(event: AuditEvent) -> Mapping[str, Any]:
    detail = getattr(event, "auditdetail", None)
    return detail.personal if detail else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return value
