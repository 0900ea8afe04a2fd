"""Actions as pages and actions read them: cards, lists, what is owed, what happened."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Left, RowNumber
from django.urls import reverse

from serentak.coordination.models import Action, Outcome
from serentak.coordination.permissions import ANSWER_ACTION, GIVE_ACTION, VIEW_COORDINATION
from serentak.coordination.rules import promises
from serentak.coordination.rules.promises import Standing
from serentak.coordination.rules.states import OWED, UNDONE, UNSETTLED, ActionState
from serentak.coordination.words import event_text
from serentak.institutions import public as institutions
from serentak.institutions.public import HolderCard, InstitutionCard, voices
from serentak.kernel.cards import card_of
from serentak.kernel.codes import COUNTRY, PlaceCode, child_level, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places import public as places
from serentak.platform.audit import HistoryLine
from serentak.platform.audit import history as audit_history
from serentak.platform.catalogue import said
from serentak.platform.clock import local_date
from serentak.platform.models import EvidenceFile
from serentak.platform.permissions import VIEW_EVIDENCE
from serentak.platform.reading import each_kept, kept
from serentak.platform.rows import within
from serentak.platform.words import word

from .settings import restricted, thresholds


@dataclass(frozen=True, slots=True)
class ActionCard:
    """An action with the names that a page shows; `overdue` in days, 0 if it is not.

    `promised_date` is the day by which a promise is measured, though it was asked again for later.
    """

    id: int
    place: PlaceCode
    place_name: str
    sender: InstitutionCard
    owner: InstitutionCard
    person: str
    verb: str
    text: str
    text_en: str
    evidence_asked: str
    due_date: date
    promised_date: date
    check_date: date | None
    state: ActionState
    standing: Standing
    overdue: int
    asked_at: datetime
    acknowledged_at: datetime | None
    done_at: datetime | None
    done_note: str
    evidence_id: UUID | None
    verified_at: datetime | None
    reason: str
    climbed_to: str
    for_minister: bool
    alert_code: str
    alert_params: Mapping[str, Any]
    alert_link: str
    meeting_id: int | None
    figure_class: str
    version: int

    @property
    def link(self) -> str:
        """The page of the action."""
        return action_link(self.id)

    @property
    def words(self) -> str:
        """What was asked, in the reader's language where that is known."""
        return said({"id": self.text, "en": self.text_en or self.text})

    @property
    def is_confided(self) -> bool:
        """Whether only holders of a permission may hear of it."""
        return self.alert_code in restricted()

    @property
    def alert_sentence(self) -> str:
        """The alert from which it was made, in the reader's language; empty if there is none."""
        return word("ALERTS", self.alert_code, self.alert_params) if self.alert_code else ""

    @property
    def status(self) -> Status:
        """How it stands as one of the five; a cancelled action counts as done with."""
        return promises.STATUS_OF.get(self.standing, Status.DONE)


def action_link(action_id: int) -> str:
    """Return the path of an action's page."""
    return reverse("coordination:action", args=[action_id])


def open_to_all() -> Q:
    """Return the condition for actions that no restricted alert led to."""
    return ~Q(alert_code__in=list(restricted()))


def confided_to(viewer: Viewer) -> Q:
    """Return the condition for actions of which the viewer may hear, restricted ones included."""
    where = open_to_all()
    for permission in set(restricted().values()):
        codes = [code for code, needed in restricted().items() if needed == permission]
        for place in viewer.places(permission):
            where |= Q(alert_code__in=codes) & within(place)
    return where


def is_confided(row: Action) -> bool:
    """Tell whether only holders of a permission may hear of an action."""
    return row.alert_code in restricted()


def event_place(row: Action) -> PlaceCode:
    """Return where a deed on an action shows; nowhere, if the action is confided."""
    return COUNTRY if is_confided(row) else PlaceCode(row.place_id)


def seen_by(viewer: Viewer) -> Q:
    """Return the condition for actions that the viewer may see: in its places, asked or owed.

    Three queries at most: a desk sees what is asked of its head wherever it is to be done.
    """
    return _in_reach_of(viewer) & confided_to(viewer)


def _in_reach_of(viewer: Viewer) -> Q:
    where = Q(pk__in=[])
    for place in viewer.places(VIEW_COORDINATION):
        where |= within(place)
    ids = voices(viewer, VIEW_COORDINATION).ids
    return where | Q(owner__in=ids) | Q(sender__in=ids) if ids else where


def action_row(action_id: int, viewer: Viewer, *, lock: bool = False) -> Action:
    """Return an action that the viewer may see; OutOfScope otherwise."""
    rows = Action.objects.filter(seen_by(viewer), pk=action_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise OutOfScope(VIEW_COORDINATION)
    return row


def evidence_of(action_id: int, viewer: Viewer) -> EvidenceFile:
    """Return the file that proves an action; OutOfScope for who may not see either.

    The two who have to do with it see it, and whoever may see evidence of its place.
    """
    row = action_row(action_id, viewer)
    parties = {row.sender_id, row.owner_id}
    if row.evidence is None or not _sees_evidence(parties, PlaceCode(row.place_id), viewer):
        raise OutOfScope(VIEW_EVIDENCE)
    return row.evidence


def sees_evidence(card: ActionCard, viewer: Viewer) -> bool:
    """Tell whether an action has evidence that the viewer, who sees the action, may see."""
    parties = {card.sender.id, card.owner.id}
    return card.evidence_id is not None and _sees_evidence(parties, card.place, viewer)


def _sees_evidence(parties: Collection[int], place: PlaceCode, viewer: Viewer) -> bool:
    own = voices(viewer, VIEW_COORDINATION)
    return any(id in own for id in parties) or viewer.may(VIEW_EVIDENCE, place)


def action_card(action_id: int, viewer: Viewer, *, at: datetime) -> ActionCard:
    """Return one action that the viewer may see."""
    return cards([action_row(action_id, viewer)], at=at)[0]


def cards_of(action_ids: Collection[int], viewer: Viewer, *, at: datetime) -> list[ActionCard]:
    """Return those of the actions that the viewer may see; three queries, two without a meeting."""
    return cards(Action.objects.filter(seen_by(viewer), pk__in=action_ids), at=at)


def cards(rows: Iterable[Action], *, at: datetime) -> list[ActionCard]:
    """Return rows with names, in their order; three queries, two if none came from a meeting."""
    found = list(rows)
    outcomes = _meetings_of({row.outcome_id for row in found if row.outcome_id})
    known = institutions.institutions({i for r in found for i in (r.sender_id, r.owner_id)})
    names = places.places({PlaceCode(r.place_id) for r in found})
    soon = thresholds().due_soon_days
    made = []
    for row in found:
        place = PlaceCode(row.place_id)
        today = local_date(at, zone=places.zone_of(place).key)
        state = ActionState(row.state)
        promised = promises.promised_date(row.due_date, row.first_due_date)
        made.append(
            card_of(
                ActionCard,
                row,
                place=place,
                place_name=names[place].name if place in names else place,
                sender=known[row.sender_id],
                owner=known[row.owner_id],
                promised_date=promised,
                state=state,
                standing=promises.standing(
                    state,
                    due_date=row.due_date,
                    first_due_date=row.first_due_date,
                    done_date=row.done_date,
                    acknowledge_by=row.acknowledge_by,
                    verify_by=row.verify_by,
                    today=today,
                    at=at,
                    due_soon_days=soon,
                ),
                overdue=promises.days_overdue(promised, state=state, today=today),
                for_minister=row.for_minister_at is not None,
                meeting_id=outcomes.get(row.outcome_id or 0),
            )
        )
    return made


@each_kept
def _meetings_of(outcome_ids: Collection[int]) -> Mapping[int, int]:
    """Return the meeting of each outcome."""
    rows = Outcome.objects.filter(pk__in=outcome_ids)
    return dict(rows.values_list("pk", "meeting_id"))


def actions_of_meeting(meeting_id: int, *, at: datetime) -> list[ActionCard]:
    """Return what a meeting's outcomes asked for, in their order; check access before."""
    rows = Action.objects.filter(outcome__meeting=meeting_id).order_by("outcome__position")
    return cards(rows, at=at)


def holder_of(card: InstitutionCard, *, at: datetime) -> HolderCard | None:
    """Return who holds the office of an institution today, None if it has none or nobody said."""
    return institutions.holder_of([card.place], at=at, kind=card.kind).get(card.place)


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for the viewer: to be done, to be verified, and what others owe."""

    to_do: Sequence[ActionCard]
    to_verify: Sequence[ActionCard]
    owed_to_us: Sequence[ActionCard]
    to_do_count: int
    owed_count: int


@kept
def my_work(viewer: Viewer, *, at: datetime, limit: int = 10) -> Work:
    """Return what waits for the viewer's institutions, the most pressing first; fixed queries."""
    answers = voices(viewer, ANSWER_ACTION).ids
    asks = voices(viewer, GIVE_ACTION).ids
    rows = Action.objects.filter(confided_to(viewer))
    mine = rows.filter(owner__in=answers, state__in=OWED)
    theirs = rows.filter(sender__in=asks, state__in=UNDONE)
    to_verify = rows.filter(sender__in=asks, state=ActionState.DONE.value)
    parts = ((mine, answers), (to_verify, asks), (theirs, asks))
    first = [
        part.annotate(part=Value(number)).order_by("due_date", "pk")[:limit]
        for number, (part, ids) in enumerate(parts)
        if ids
    ]
    found = list(first[0].union(*first[1:], all=True)) if first[1:] else [*chain(*first)]
    found.sort(key=lambda row: (row.part, row.due_date, row.pk))
    lists: list[list[ActionCard]] = [[], [], []]
    for row, card in zip(found, cards(found, at=at), strict=True):
        lists[row.part].append(card)
    counts = rows.filter(Q(owner__in=answers) | Q(sender__in=asks)).aggregate(
        to_do=Count("pk", filter=Q(owner__in=answers, state__in=OWED)),
        owed=Count("pk", filter=Q(sender__in=asks, state__in=UNDONE)),
    )
    to_do, verify, others = lists
    return Work(to_do, verify, others, counts["to_do"], counts["owed"])


def actions_from_alerts(
    links: Collection[str], *, viewer: Viewer, at: datetime
) -> Mapping[str, list[ActionCard]]:
    """Return the unsettled actions that were made from alerts, by the alert's link."""
    rows = Action.objects.filter(
        seen_by(viewer), alert_link__in=list(links), state__in=UNSETTLED
    ).order_by("due_date", "pk")
    found: dict[str, list[ActionCard]] = {}
    for card in cards(rows, at=at):
        found.setdefault(card.alert_link, []).append(card)
    return found


def asked_below(
    parent: PlaceCode, *, viewer: Viewer, at: datetime, limit: int = 5
) -> Mapping[PlaceCode, list[ActionCard]]:
    """Return what is unsettled at `parent` and under each child, `limit` each, the nearest first.

    Four queries whatever the number of children and actions.
    """
    level = int(child_level(level_of(parent)) or len(parent))
    rows = (
        Action.objects.filter(seen_by(viewer), within(parent), state__in=UNSETTLED)
        .annotate(part=Left("place_id", level))
        .annotate(number=Window(RowNumber(), partition_by=F("part"), order_by=("due_date", "pk")))
        .filter(number__lte=limit)
        .order_by("due_date", "pk")
    )
    found: dict[PlaceCode, list[ActionCard]] = {}
    for card in cards(rows, at=at):
        found.setdefault(PlaceCode(card.place[:level]), []).append(card)
    return found


def for_minister(place: PlaceCode, *, viewer: Viewer, at: datetime) -> list[ActionCard]:
    """Return what has climbed to the report upward and is not done yet."""
    rows = Action.objects.filter(
        seen_by(viewer), within(place), for_minister_at__isnull=False, state__in=UNDONE
    ).order_by("due_date", "pk")
    return cards(rows, at=at)


def settled(place: PlaceCode, *, viewer: Viewer, since: datetime, at: datetime) -> list[ActionCard]:
    """Return what was verified at or under a place from `since` on, the earliest first."""
    rows = Action.objects.filter(
        seen_by(viewer), within(place), state=ActionState.VERIFIED.value, verified_at__gte=since
    ).order_by("verified_at", "pk")
    return cards(rows, at=at)


def history(subject: str, *, without: Collection[str] = ()) -> list[HistoryLine]:
    """Return what happened to `action:12`, `meeting:3` or `letter:4`; check access before.

    `without` names events that are left out.
    """
    return [
        HistoryLine(
            entry.at,
            event_text(entry.name, _of(subject, entry.facts)),
            entry.actor,
            str(entry.facts.get("note") or ""),
        )
        for entry in audit_history(subject)
        if entry.name not in without
    ]


def _of(subject: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of a deed as they concern one subject: others climbed in the same run."""
    if "steps" not in facts:
        return facts
    return {**facts, "steps": [s for s in facts["steps"] if s.startswith(f"{subject} ")]}


@dataclass(frozen=True, slots=True)
class DeedDone:
    """An action made from an alert on something (`key`), which its owner says is done."""

    id: int
    place: PlaceCode
    key: str
    asked_at: datetime
    done_at: datetime
    done_by: int | None
    link: str


def done_about(parent: PlaceCode, slice_name: str) -> list[DeedDone]:
    """Return what is said to be done on the alerts of a slice at and under a place; one query.

    What is restricted is none of it, whoever asks.
    """
    rows = Action.objects.filter(
        within(parent),
        seen_by(SYSTEM),
        alert_code__startswith=f"{slice_name}.",
        state=ActionState.DONE.value,
        done_at__isnull=False,
    ).order_by("pk")
    return [
        DeedDone(
            row.pk,
            PlaceCode(row.place_id),
            str(row.alert_params.get("key", "")),
            row.asked_at,
            row.done_at,
            row.done_by_id,
            reverse("coordination:action", args=[row.pk]),
        )
        for row in rows
        if row.done_at is not None
    ]
