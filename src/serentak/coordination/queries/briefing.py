"""What coordination answers about places, and the record of each: kept, late, open."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Least, Left

from serentak.coordination.models import Action
from serentak.coordination.permissions import VIEW_COORDINATION
from serentak.coordination.rules import promises
from serentak.coordination.rules.escalation import REQUESTING, furthest, last_taken
from serentak.coordination.rules.promises import Record, Standing
from serentak.coordination.rules.states import OWED, ActionState
from serentak.coordination.words import CLOCKS
from serentak.institutions import public as institutions
from serentak.kernel.briefing import (
    Alert,
    Briefing,
    DeadlineKind,
    Figure,
    FigureClass,
    Focus,
    Why,
)
from serentak.kernel.codes import PlaceCode, child_level, level_of, subtree_range
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.clock import local_date
from serentak.platform.rows import within

from .follow_up import ActionCard, cards, open_to_all, seen_by
from .settings import policy, thresholds

SOURCE = "coordination"
ALERTS = 40
"""How many alerts a page gets at most; what is left out is told by the figures."""


@dataclass(frozen=True, slots=True)
class _Counted:
    record: Record
    as_of: datetime | None
    figure_class: FigureClass


def briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    """Return the briefing of `parent` and of each child that the viewer may see.

    A place in which nobody was ever asked anything is missing: there is nothing to judge. The
    parent counts everything in it. Four queries, one more where an action came from a meeting.
    """
    counted = _counted(within(parent), "place_id", parent, at)
    if not counted or not any(viewer.may(VIEW_COORDINATION, place) for place in counted):
        return {}
    alerts: dict[PlaceCode, list[Alert]] = defaultdict(list)
    for card in _pressing(parent, at):
        if viewer.may(VIEW_COORDINATION, card.place):
            alert = _alert(card, at)
            alerts[parent].append(alert)
            child = _part_of(card.place, parent)
            if child != parent:
                alerts[child].append(alert)
    rule = thresholds().roll_up
    answer = {}
    for place, found in counted.items():
        if not viewer.may(VIEW_COORDINATION, place) or not found.record.total:
            continue
        status, ground, count = promises.status_of(found.record, rule=rule)
        answer[place] = Briefing(
            focus=Focus.COORDINATION,
            place=place,
            status=status,
            why=(Why(f"coordination.{ground.value}", {"count": count, "of": found.record.total}),),
            as_of=found.as_of,
            figures=_figures(found),
            alerts=tuple(sorted(alerts[place], key=lambda a: (a.press, a.place, a.link))),
        )
    return answer


def records(parent: PlaceCode, *, at: datetime) -> Mapping[PlaceCode, Record]:
    """Return what became of the promises of the governments of `parent` and each child.

    One query. It counts by who answers, wherever it was to be done. What commission, supervisor,
    police or army were asked for is no promise of a regency, and what is only asked for is none.
    """
    counted = _counted(_promised_by(parent), "owner__place_id", parent, at)
    return {place: found.record for place, found in counted.items()}


def counts_by_place(parent: PlaceCode, *, at: datetime) -> Mapping[PlaceCode, Record]:
    """Return how many actions stand how at `parent` and each child, as the briefings count them.

    One query. Whoever lists the actions of a place says this beside the list.
    """
    counted = _counted(within(parent), "place_id", parent, at)
    return {place: found.record for place, found in counted.items()}


def _promised_by(place: PlaceCode) -> Q:
    low, high = subtree_range(place)
    return Q(
        owner__place__gte=low,
        owner__place__lt=high,
        owner__kind__in=institutions.directed_kinds(),
    ) & ~Q(verb__in=REQUESTING)


def _part_of(place: PlaceCode, parent: PlaceCode) -> PlaceCode:
    level = child_level(level_of(parent))
    return PlaceCode(place[:level]) if level else place


def _counted(
    where: Q, place_field: str, parent: PlaceCode, at: datetime
) -> dict[PlaceCode, _Counted]:
    """Return how many stand how at each child, and all together at `parent`; one query.

    `place_field` is the place by which they count.
    """
    level = child_level(level_of(parent)) or len(parent)
    rows = (
        Action.objects.filter(where, open_to_all())
        .annotate(part=Left(place_field, int(level)), standing=_standing(parent, at))
        .values_list("part", "standing")
        .annotate(
            number=Count("pk"),
            latest=Max(F("asked_at")),
            climbed=Count("pk", filter=Q(for_minister_at__isnull=False)),
            mute=Count("pk", filter=Q(state=ActionState.OPEN.value, acknowledge_by__lt=at)),
            invented=Count("pk", filter=Q(figure_class=FigureClass.SYNTHETIC.value)),
        )
        .order_by()
    )
    counts: dict[PlaceCode, dict[Standing, int]] = defaultdict(lambda: defaultdict(int))
    latest: dict[PlaceCode, datetime] = {}
    invented: set[PlaceCode] = set()
    climbed: dict[PlaceCode, int] = defaultdict(int)
    unheard: dict[PlaceCode, int] = defaultdict(int)
    for part, name, number, moment, up, mute, synthetic in rows:
        for place in {PlaceCode(part), parent}:
            counts[place][Standing(name)] += number
            climbed[place] += up if Standing(name) is Standing.OVERDUE else 0
            unheard[place] += mute
            latest[place] = max(moment, latest.get(place, moment))
            if synthetic:
                invented.add(place)
    return {
        place: _Counted(
            Record(dict(found), climbed[place], unheard[place]),
            latest[place],
            FigureClass.SYNTHETIC if place in invented else FigureClass.SOURCED,
        )
        for place, found in counts.items()
    }


def _standing(parent: PlaceCode, at: datetime) -> Case:
    """Return `rules.promises.standing` as SQL; a test compares the two."""
    today = local_date(at, zone=places.zone_of(parent).key)
    soon = today + timedelta(days=thresholds().due_soon_days)
    return Case(
        When(state=ActionState.CANCELLED, then=Value(Standing.CANCELLED.value)),
        When(
            state=ActionState.DONE,
            verify_by__lt=at,
            then=Value(Standing.UNVERIFIED.value),
        ),
        When(state=ActionState.DONE, then=Value(Standing.TO_VERIFY.value)),
        When(
            state=ActionState.VERIFIED,
            done_date__gt=Least("first_due_date", "due_date"),
            then=Value(Standing.KEPT_LATE.value),
        ),
        When(state=ActionState.VERIFIED, then=Value(Standing.KEPT.value)),
        When(_has_passed(today), then=Value(Standing.OVERDUE.value)),
        When(state=ActionState.REFUSED, then=Value(Standing.REFUSED.value)),
        When(
            state=ActionState.OPEN,
            acknowledge_by__lt=at,
            then=Value(Standing.UNACKNOWLEDGED.value),
        ),
        When(due_date__lte=soon, then=Value(Standing.DUE_SOON.value)),
        default=Value(Standing.RUNNING.value),
        output_field=CharField(),
    )


def _has_passed(today: date) -> Q:
    """Return the condition that the day promised first has passed."""
    return Q(due_date__lt=today) | Q(first_due_date__lt=today)


def _pressing(parent: PlaceCode, at: datetime) -> list[ActionCard]:
    """Return what somebody must act on, the longest overdue first; four queries at most."""
    today = local_date(at, zone=places.zone_of(parent).key)
    where = (
        Q(_has_passed(today), state__in=[s.value for s in OWED])
        | Q(state=ActionState.OPEN.value, acknowledge_by__lt=at)
        | Q(state__in=[ActionState.REFUSED.value, ActionState.DONE.value])
    )
    rows = Action.objects.filter(within(parent), open_to_all(), where).order_by("due_date", "pk")
    return cards(rows[:ALERTS], at=at)


def _alert(card: ActionCard, at: datetime) -> Alert:
    today: date = local_date(at, zone=places.zone_of(card.place).key)
    return Alert(
        code=f"coordination.{card.standing.value}",
        place=card.place,
        severity=card.status if card.standing is not Standing.TO_VERIFY else Status.AT_RISK,
        due_date=card.promised_date,
        link=card.link,
        press=promises.press_of(
            card.standing, due_date=card.promised_date, today=today, thresholds=thresholds()
        ),
        deadline=DeadlineKind.ADMINISTRATIVE,
        so=_so(card),
        helps="coordination.decide_anew"
        if card.state is ActionState.REFUSED
        else _HELPS[card.standing],
        params={
            "task": card.words,
            "owner": card.owner.name,
            "sender": card.sender.name,
            "days": card.overdue,
            "reason": card.reason,
            "clock": _clock(card),
        },
    )


def _so(card: ActionCard) -> str:
    if card.state is ActionState.REFUSED and card.standing is Standing.OVERDUE:
        return "coordination.refused_and_overdue"
    reached = furthest(card.climbed_to, policy())
    return f"coordination.climbed.{reached}" if reached else ""


def _clock(card: ActionCard) -> str:
    """Return the clock that the last step taken followed, in the reader's language."""
    step = last_taken(card.climbed_to, policy())
    return str(CLOCKS[step.when, policy().days]) if step else ""


_HELPS: Mapping[Standing, str] = {
    Standing.OVERDUE: "coordination.see_action",
    Standing.UNACKNOWLEDGED: "coordination.see_action",
    Standing.UNVERIFIED: "coordination.verify",
    Standing.TO_VERIFY: "coordination.verify",
}


def _figures(found: _Counted) -> tuple[Figure, ...]:
    record, kind = found.record, found.figure_class

    def figure(code: str, value: float | None, of: float | None) -> Figure:
        return Figure(f"coordination.{code}", value, "", of, source=SOURCE, figure_class=kind)

    return (
        figure("on_time", record.kept if record.due else None, record.due),
        figure("overdue", record.of(Standing.OVERDUE), record.total),
        figure("unacknowledged", record.unheard, record.total),
        figure("open", record.open, record.total),
    )


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A regency's record of promises, with its name."""

    place: PlaceCode
    name: str
    record: Record
    reminders: int
    reprimands: int
    visits: int

    @property
    def has_any(self) -> bool:
        """Whether anything was asked here, written or visited."""
        return bool(self.record.total or self.reminders or self.reprimands or self.visits)


def action_lines(place: PlaceCode, *, viewer: Viewer, at: datetime) -> QuerySet[Action]:
    """Return the actions at or under a place with `standing`, owner, sender and place by a join."""
    return (
        Action.objects.filter(seen_by(viewer), within(place))
        .annotate(standing=_standing(place, at))
        .select_related("owner", "sender", "place")
        .order_by("due_date", "pk")
    )
