"""Whom to call, how places were assessed, what was asked for, and crimes for who handles them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left

from serentak.coordination.public import OWED, ActionState
from serentak.institutions import public as institutions
from serentak.institutions.public import HolderCard, InstitutionCard, Voices
from serentak.kernel.area import Number
from serentak.kernel.codes import Level as PlaceLevel
from serentak.kernel.codes import PlaceCode, ancestors, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import catalogue, clock
from serentak.platform.catalogue import said
from serentak.platform.rows import within

from .models import AidRequest, Assessment, AssessmentMember, Contact, Crime, Follow
from .permissions import ASSESS, HANDLE_CRIMES, KEEP_LIAISON, VIEW_LIAISON
from .rules import (
    AID_OPEN,
    ENDS,
    WITHDRAWS,
    AidEvent,
    AidState,
    Crimes,
    CrimeState,
    Liaison,
    Stage,
    shortage,
)

SLICE = "liaison"


# --- the catalogues


def settings() -> Liaison:
    """Return the order of calls, the levels, and what may be asked for; checked."""
    return catalogue.load(SLICE, "liaison", Liaison)


def crimes_catalogue() -> Crimes:
    """Return the clocks of election crimes."""
    return catalogue.load(SLICE, "crimes", Crimes)


def level_text(key: str) -> str:
    """Return a level's name in the reader's language; the key of one that is gone."""
    found = settings().levels.get(key)
    return said(found.name) if found else key


def level_status(key: str) -> Status:
    """Return how a level stands beside other marks."""
    found = settings().levels.get(key)
    return found.status if found else Status.NO_REPORT


def thing_text(key: str) -> str:
    """Return what is asked for in the reader's language; the key of what is gone."""
    found = settings().things.get(key)
    return said(found.name) if found else key


def today_at(place: PlaceCode, at: datetime) -> date:
    """Return the day that it is at a place."""
    return clock.local_date(at, zone=places.zone_of(place).key)


def reach(viewer: Viewer, permission: Permission) -> Q:
    """Return the condition for what lies where the viewer holds a permission; no query."""
    where = Q(pk__in=[])
    for place in viewer.places(permission):
        where |= within(place)
    return where


# --- contacts


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A number; `phone` is empty where it is a personal one that the viewer may not see."""

    id: int
    institution_id: int
    office: str
    phone: str
    is_personal: bool
    hours: str
    figure_class: str

    @property
    def link(self) -> str:
        """What a telephone dials."""
        return dialled(self.phone)


@dataclass(frozen=True, slots=True)
class Line:
    """An institution to call: who holds its office, its numbers, whether the viewer keeps them."""

    institution: InstitutionCard
    holder: HolderCard | None
    contacts: Sequence[ContactCard]
    may_keep: bool


def contacts_at(place: PlaceCode, viewer: Viewer) -> Mapping[int, list[ContactCard]]:
    """Return the numbers for a place by institution, in their order; one query.

    Personal ones are blank for who may not see liaison there.
    """
    found: dict[int, list[ContactCard]] = {}
    sees = viewer.may(VIEW_LIAISON, place)
    for row in Contact.objects.filter(place=place).order_by("rank", "pk"):
        card = ContactCard(
            id=row.pk,
            institution_id=row.institution_id,
            office=row.office,
            phone=row.phone if sees or not row.is_personal else "",
            is_personal=row.is_personal,
            hours=row.hours,
            figure_class=row.figure_class,
        )
        found.setdefault(row.institution_id, []).append(card)
    return found


def numbers(
    ids: Collection[int], *, place: PlaceCode, viewer: Viewer
) -> Mapping[int, Sequence[Number]]:
    """Return what may be dialled about a place, by institution, the nearest first; one query.

    Personal numbers for those alone who may see liaison where they stand.
    """
    nearest = [place, *reversed(ancestors(place))] if place else []
    rows = Contact.objects.filter(institution__in=list(ids), place__in=nearest)
    found: dict[int, list[Number]] = {}
    for row in sorted(rows, key=lambda row: (nearest.index(PlaceCode(row.place_id)), row.rank)):
        if row.is_personal and not viewer.may(VIEW_LIAISON, PlaceCode(row.place_id)):
            continue
        link = dialled(row.phone)
        if link:
            number = Number(row.office, row.phone, link, row.hours)
            found.setdefault(row.institution_id, []).append(number)
    return found


def dialled(phone: str) -> str:
    """Return what a telephone dials for a number as it is written; empty where it is none."""
    kept = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    return f"tel:{kept}" if kept else ""


def lines_at(place: PlaceCode, viewer: Viewer, at: datetime) -> list[Line]:
    """Return whom one calls at a place, in the catalogue's order; a fixed number of queries."""
    order = {kind: number for number, kind in enumerate(settings().order)}
    cards = institutions.institutions_of(place, list(order))
    cards.sort(key=lambda card: (order[card.kind], card.id))
    ids = [card.id for card in cards]
    known = contacts_at(place, viewer)
    holders = institutions.holders_of(ids, at=at)
    kept = keeps(viewer, place, at, cards)
    lines = [
        Line(card, holders.get(card.id), known.get(card.id, []), card.id in kept) for card in cards
    ]
    # Who can be called comes first: nobody looks for a number between those that lack.
    return sorted(lines, key=lambda line: not any(one.link for one in line.contacts))


def keeps(
    viewer: Viewer, place: PlaceCode, at: datetime, cards: Collection[InstitutionCard]
) -> frozenset[int]:
    """Return the institutions whose numbers for a place the viewer keeps.

    The own ones; a desk also those of its place in which nobody has an account.
    """
    if not viewer.may(KEEP_LIAISON, place):
        return frozenset()
    voices = institutions.voices(viewer, KEEP_LIAISON)
    ids = {card.id for card in cards}
    own = frozenset(pk for pk in ids if pk in voices)
    if not any(card.family == "DESK" and card.place == place for card in voices.own):
        return own
    accounts = institutions.accounts_for(ids, KEEP_LIAISON, at=at)
    return own | {pk for pk in ids if not accounts.get(pk)}


def contact(contact_id: int, viewer: Viewer, at: datetime, *, lock: bool = False) -> Contact:
    """Return a number that the viewer keeps; OutOfScope otherwise."""
    rows = Contact.objects.filter(reach(viewer, KEEP_LIAISON), pk=contact_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is not None:
        card = institutions.institution(row.institution_id)
        if card and card.id in keeps(viewer, PlaceCode(row.place_id), at, [card]):
            return row
    raise OutOfScope(KEEP_LIAISON, contact_id)


# --- assessments


def assessments_of(place: PlaceCode) -> "QuerySet[Assessment]":
    """Return all assessments of a place, the newest first; check access before."""
    return (
        Assessment.objects.filter(place=place)
        .select_related("institution")
        .order_by("-assessed_date", "-pk")
    )


def assessment(assessment_id: int, viewer: Viewer) -> Assessment:
    """Return an assessment that the viewer may see; OutOfScope otherwise."""
    rows = Assessment.objects.filter(reach(viewer, VIEW_LIAISON), pk=assessment_id)
    row = rows.select_related("institution").first()
    if row is None:
        raise OutOfScope(VIEW_LIAISON, assessment_id)
    return row


def members_of(assessment_id: int) -> list[InstitutionCard]:
    """Return who agreed to an assessment; two queries."""
    rows = AssessmentMember.objects.filter(assessment=assessment_id).order_by("pk")
    ids = list(rows.values_list("institution_id", flat=True))
    cards = institutions.institutions(ids)
    return [cards[pk] for pk in ids if pk in cards]


def follows_of(assessment_id: int) -> list[Any]:
    """Return the actions that follow from an assessment, in their order; one query."""
    rows = Follow.objects.filter(assessment=assessment_id).select_related("action")
    return [row.action for row in rows.order_by("pk")]


def assesses(viewer: Viewer, place: PlaceCode) -> InstitutionCard | None:
    """Return in whose name the viewer records what was agreed of a place, None where it may not."""
    if not place or level_of(place) > PlaceLevel.REGENCY or not viewer.may(ASSESS, place):
        return None
    return institutions.voices(viewer, ASSESS).first


def agreeing_at(place: PlaceCode) -> list[InstitutionCard]:
    """Return who may agree to an assessment of a place: whom one calls there; one query."""
    order = list(settings().order)
    cards = institutions.institutions_of(place, order)
    return sorted(cards, key=lambda card: (order.index(card.kind), card.id))


# --- requests


def requests_under(place: PlaceCode) -> "QuerySet[Any, Any]":
    """Return the requests at and under a place, what waits first; check access before."""
    is_open = Q(state__in=[state.value for state in AID_OPEN])
    return (
        AidRequest.objects.filter(within(place))
        .select_related("place", "owner", "sender", "action")
        .alias(waits=is_open)
        .order_by(F("waits").desc(), "due_at", "-pk")
    )


def late(at: datetime) -> Q:
    """Return the condition for requests past their clock: unanswered, or needed and not there.

    Only as long as what was asked is owed: it is also answered or taken back in coordination.
    """
    past = Q(state=AidState.ASKED.value, due_at__lt=at) | Q(
        state__in=[state.value for state in AID_OPEN], needed_until_at__lt=at
    )
    return past & Q(action__state__in=[state.value for state in OWED])


def is_late(row: AidRequest, at: datetime) -> bool:
    """Tell the same of one request."""
    if AidState(row.state) not in AID_OPEN or ActionState(row.action.state) not in OWED:
        return False
    return row.needed_until_at < at or (row.state == AidState.ASKED and row.due_at < at)


def request_status(row: AidRequest, at: datetime) -> Status:
    """Return how a request stands: late past its clock or refused, at risk while some lack."""
    state = AidState(row.state)
    if is_late(row, at) or state is AidState.REFUSED:
        return Status.LATE
    if state not in AID_OPEN:
        return Status.DONE
    return Status.AT_RISK if missing(row) else Status.ON_TRACK


def may_say(viewer: Viewer, row: AidRequest, at: datetime) -> frozenset[AidEvent]:
    """Return what the viewer may say of a request: that of its own side.

    Who asked notes also the answer of an institution in which nobody has an account.
    """
    voices = institutions.voices(viewer, KEEP_LIAISON)
    asks, answers = row.sender_id in voices, row.owner_id in voices
    if asks and not answers:
        answers = not institutions.accounts_for([row.owner_id], KEEP_LIAISON, at=at)[row.owner_id]
    return frozenset(e for e in AidEvent if (asks if e in WITHDRAWS else answers))


def missing(row: AidRequest) -> int:
    """Return how many are still missing."""
    return shortage(row.number, row.granted, AidState(row.state))


def request_row(request_id: int, viewer: Viewer, *, lock: bool = False) -> AidRequest:
    """Return a request that the viewer may see: in its places, asked or owed; else OutOfScope."""
    ids = institutions.voices(viewer, VIEW_LIAISON).ids
    where = reach(viewer, VIEW_LIAISON) | Q(owner__in=ids) | Q(sender__in=ids)
    rows = AidRequest.objects.filter(where, pk=request_id).select_related("action")
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise OutOfScope(VIEW_LIAISON, request_id)
    return row


def asks(viewer: Viewer, place: PlaceCode) -> InstitutionCard | None:
    """Return in whose name the viewer asks for something at a place, None where it may not."""
    if not place or not viewer.may(KEEP_LIAISON, place):
        return None
    return institutions.voices(viewer, KEEP_LIAISON).first


def givers(place: PlaceCode, sender: InstitutionCard) -> list[InstitutionCard]:
    """Return who may be asked for something at a place: there or above, by the relations."""
    kinds = {kind for thing in settings().things.values() for kind in thing.of}
    codes = [code for code in (place, *reversed(ancestors(place))) if code]
    found = institutions.institutions_by(kinds=kinds, places=codes)
    cards = {
        card.id: card for code in codes for (_, at), card in sorted(found.items()) if at == code
    }
    asking = {"REQUEST", "DIRECTIVE", "INSTRUCTION"}
    return [
        card
        for card in cards.values()
        if asking & {verb.value for verb in institutions.verbs_of(sender, card)}
    ]


# --- crimes


def handles(viewer: Viewer, row: Crime) -> bool:
    """Tell whether the viewer's institution acts at the stage at which a crime is."""
    stage = crimes_catalogue().stages.get(CrimeState(row.state))
    return stage is not None and handler(viewer, PlaceCode(row.place_id), stage) is not None


def handler(viewer: Viewer, place: PlaceCode, stage: Stage) -> InstitutionCard | None:
    """Return the viewer's institution that acts at a stage in a place, None where it has none."""
    if not place or not viewer.may(HANDLE_CRIMES, place):
        return None
    voices: Voices = institutions.voices(viewer, HANDLE_CRIMES)
    return next((card for card in voices.own if card.kind == stage.by), None)


def crimes_under(place: PlaceCode, viewer: Viewer) -> "QuerySet[Crime]":
    """Return the crimes at and under a place for who handles them, the nearest clock first."""
    return (
        Crime.objects.filter(reach(viewer, HANDLE_CRIMES), within(place))
        .select_related("place")
        .order_by(F("due_date").asc(nulls_last=True), "pk")
    )


def crime_row(crime_id: int, viewer: Viewer, *, lock: bool = False) -> Crime:
    """Return a crime for who handles them there; OutOfScope for all others."""
    rows = Crime.objects.filter(reach(viewer, HANDLE_CRIMES), pk=crime_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise OutOfScope(HANDLE_CRIMES, crime_id)
    return row


def crime_status(row: Crime, today: date) -> Status:
    """Return how a crime's clock stands: at risk on its last day, late after it."""
    if CrimeState(row.state) in ENDS or row.due_date is None:
        return Status.DONE
    if row.due_date < today:
        return Status.LATE
    return Status.AT_RISK if row.due_date == today else Status.ON_TRACK


# --- what higher floors are told


def latest_under(parent: PlaceCode) -> list[Assessment]:
    """Return the last assessment of each place at and under `parent`; one query."""
    newest = (
        Assessment.objects.filter(place=OuterRef("place"))
        .order_by("-assessed_date", "-pk")
        .values("pk")[:1]
    )
    rows = Assessment.objects.filter(within(parent), pk=Subquery(newest))
    return list(rows.order_by("place"))


def late_by_place(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, int]:
    """Return how many requests at and under `parent` are past their clock, by place; one query."""
    rows = AidRequest.objects.filter(within(parent), late(at)).values("place")
    return {PlaceCode(row["place"]): row["n"] for row in rows.annotate(n=Count("pk"))}


@dataclass(frozen=True, slots=True)
class Pressing:
    """What an alert tells of a place: how many requests are past their clock, since when."""

    place: PlaceCode
    requests: int
    first_due: datetime


def pressing(parent: PlaceCode, at: datetime) -> list[Pressing]:
    """Return the requests past their clock, by regency from a province up; one query."""
    level = max(PlaceLevel.REGENCY, level_of(parent))
    first = Case(When(state=AidState.ASKED.value, then=F("due_at")), default=F("needed_until_at"))
    rows = (
        AidRequest.objects.filter(within(parent), late(at))
        .annotate(code=Left("place_id", int(level)))
        .values("code")
        .annotate(requests=Count("pk"), first_due=Min(first))
        .order_by("code")
    )
    return [Pressing(PlaceCode(r["code"]), r["requests"], r["first_due"]) for r in rows]
