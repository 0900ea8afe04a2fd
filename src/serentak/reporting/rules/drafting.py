"""What a daily report says: sentences as codes with parameters, drafted from what is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.status import Status

from .closing import Rules

Params = Mapping[str, Any]
"""Plain values that JSON can hold; formatted for the reader when a sentence is shown."""


class Section(StrEnum):
    """The parts of a report, in their order."""

    SITUATION = "SITUATION"
    STAGE = "STAGE"
    COORDINATION = "COORDINATION"
    READINESS = "READINESS"
    SECURITY = "SECURITY"
    NEUTRALITY = "NEUTRALITY"
    SERVICES = "SERVICES"
    COUNT = "COUNT"
    PROBLEMS = "PROBLEMS"
    MINISTER = "MINISTER"
    TOMORROW = "TOMORROW"
    MISSING = "MISSING"


SECTION_ORDER = {section: number for number, section in enumerate(Section)}


class Code(StrEnum):
    """The sentences that a report can say; ADDED is a person's own."""

    COUNTDOWN = "COUNTDOWN"
    REPORTED = "REPORTED"
    LATE = "LATE"
    STAGE_RUNNING = "STAGE_RUNNING"
    AREA_STATUS = "AREA_STATUS"
    CHILDREN_BY_STATUS = "CHILDREN_BY_STATUS"
    FIGURE = "FIGURE"
    SETTLED = "SETTLED"
    PROBLEM = "PROBLEM"
    UNANSWERED = "UNANSWERED"
    DUE = "DUE"
    STAGE_BEGINS = "STAGE_BEGINS"
    STAGE_ENDS = "STAGE_ENDS"
    NOTHING_DUE = "NOTHING_DUE"
    MISSING = "MISSING"
    ADDED = "ADDED"


STATUS_CODES = frozenset({Code.AREA_STATUS.value, Code.CHILDREN_BY_STATUS.value})
"""Sentences that tell no more than how an area stands."""

OWN_SECTION: Mapping[Focus, Section] = {focus: Section(focus.value) for focus in Focus}
"""The section in which an area's status and figures are told."""

_AREA_OF: Mapping[Section, Focus] = {
    **{section: focus for focus, section in OWN_SECTION.items()},
    Section.SERVICES: Focus.NEUTRALITY,
    # What belongs to no area is the desk's own work, which is to coordinate.
    Section.SITUATION: Focus.COORDINATION,
    Section.STAGE: Focus.COORDINATION,
    Section.PROBLEMS: Focus.COORDINATION,
    Section.MINISTER: Focus.COORDINATION,
    Section.TOMORROW: Focus.COORDINATION,
}

_OF_EVERY_AREA = frozenset({Section.PROBLEMS, Section.TOMORROW})
"""Sections that tell of all areas side by side; each drafted sentence there has its own."""


def may_be_public(
    code: str, section: Section, focus: Focus | None, *, is_edited: bool, rules: Rules
) -> bool:
    """Tell whether a sentence may be marked public.

    Requests to the Minister never. Of some areas (`public_status_only`) only their status, as
    drafted: what a person wrote of such an area may say anything, and stays inside. So does what
    a person added where all areas are told. An added sentence follows the area of its section.
    """
    if section is Section.MINISTER:
        return False
    if code == Code.ADDED:
        if section in _OF_EVERY_AREA:
            return False
        focus = focus_of(section)
    return focus not in rules.public_status_only or (code in STATUS_CODES and not is_edited)


def focus_of(section: Section) -> Focus | None:
    """Return the area of what a person adds to a section; who reads it follows from it.

    None where nobody adds anything: who is silent is not a matter of words.
    """
    return _AREA_OF.get(section)


def addable_sections(areas: Collection[Focus]) -> tuple[Section, ...]:
    """Return the sections that a person may add to where there are these areas, in their order.

    What is added to an area that nobody can read yet would be hidden from everybody.
    """
    return tuple(section for section in Section if focus_of(section) in areas)


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a sentence: a place below, with its status or its part of the figure."""

    place: PlaceCode
    name: str
    status: Status | None = None
    value: float | None = None
    of: float | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A desk below that has not reported; `days` since it last did, None if it never has."""

    place: PlaceCode
    name: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Late:
    """A report of a desk below that came today, `minutes` after its hour; of `day` and `round`."""

    place: PlaceCode
    name: str
    day: date
    round: int
    minutes: int


class Asking(StrEnum):
    """How something was asked: who is asked freely, a head of region below, one's own line."""

    REQUEST = "REQUEST"
    DIRECTIVE = "DIRECTIVE"
    INSTRUCTION = "INSTRUCTION"


class Answer(StrEnum):
    """What came back of it, though the deed is missing."""

    NONE = "NONE"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What is not done and has climbed to the Minister's report; `reason` is why it was refused."""

    place: PlaceCode
    owner: str
    task: str
    asked_date: date
    due_date: date
    link: str
    asking: Asking = Asking.REQUEST
    answer: Answer = Answer.NONE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What somebody promised, did and proved; `days_late` is 0 where it was kept in time."""

    owner: str
    task: str
    days_late: int
    link: str


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of the election's calendar."""

    name: str
    start_date: date | None
    end_date: date


@dataclass(frozen=True, slots=True)
class Child:
    """A place below with what each area says of it."""

    place: PlaceCode
    name: str
    briefings: Mapping[Focus, Briefing]


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known of a place when its report is drafted.

    `of_children` is how many desks below must report; `before` holds yesterday's figures.
    """

    place: PlaceCode
    day: date
    vote_date: date
    briefings: Mapping[Focus, Briefing]
    children: Sequence[Child] = ()
    stages: Sequence[StageLine] = ()
    of_children: int = 0
    missing: Sequence[Missing] = ()
    late: Sequence[Late] = ()
    unanswered: Sequence[Unanswered] = ()
    settled: Sequence[Settled] = ()
    before: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the draft has it; `key` finds it again in the next draft."""

    section: Section
    key: str
    code: Code
    params: Params
    focus: Focus | None = None
    link: str = ""
    rows: tuple[Row, ...] = ()


def draft(material: Material, rules: Rules) -> list[Drafted]:
    """Return the sentences of a report in their order; the same for the same material."""
    said = [*_situation(material), *_stages(material)]
    for focus in Focus:
        if focus in material.briefings:
            said += _area(material, material.briefings[focus], rules)
    said += [_settled(deed) for deed in material.settled]
    alerts = _alerts(material)
    said += [_problem(alert, focus) for focus, alert in alerts[: rules.problems]]
    said += [_unanswered(request) for request in material.unanswered]
    said += _tomorrow(material, alerts, rules)
    said += _missing(material)
    return sorted(said, key=lambda s: SECTION_ORDER[s.section])


def _situation(material: Material) -> list[Drafted]:
    days = days_after_vote(material.day, vote_date=material.vote_date)
    said = [
        Drafted(
            Section.SITUATION,
            "countdown",
            Code.COUNTDOWN,
            {"days": days, "vote_date": material.vote_date.isoformat()},
        )
    ]
    if material.of_children:
        heard = material.of_children - len(material.missing)
        params = {"heard": heard, "of": material.of_children}
        said.append(Drafted(Section.SITUATION, "reported", Code.REPORTED, params))
    if material.late:
        said.append(_late(material))
    return said


def _late(material: Material) -> Drafted:
    named = [
        {
            "place": late.place,
            "name": late.name,
            "day": late.day.isoformat(),
            "round": late.round,
            "minutes": late.minutes,
        }
        for late in material.late
    ]
    params = {"day": material.day.isoformat(), "desks": named}
    rows = tuple(Row(late.place, late.name, Status.LATE) for late in material.late)
    return Drafted(Section.SITUATION, "late", Code.LATE, params, rows=rows)


def _stages(material: Material) -> list[Drafted]:
    running = [
        stage
        for stage in material.stages
        if (stage.start_date or stage.end_date) <= material.day <= stage.end_date
    ]
    return [
        Drafted(Section.STAGE, f"running:{stage.name}", Code.STAGE_RUNNING, _stage(stage))
        for stage in running
    ]


def _stage(stage: StageLine) -> Params:
    start = stage.start_date or stage.end_date
    return {
        "stage": stage.name,
        "start_date": start.isoformat(),
        "end_date": stage.end_date.isoformat(),
    }


def _area(material: Material, briefing: Briefing, rules: Rules) -> list[Drafted]:
    """Return the status of an area, how its children stand, and its figures."""
    focus, section = briefing.focus, OWN_SECTION[briefing.focus]
    below = [(c, c.briefings[focus]) for c in material.children if focus in c.briefings]
    rows = tuple(Row(child.place, child.name, b.status) for child, b in below)
    status = {"focus": focus.value, "status": briefing.status.value}
    said = [
        Drafted(section, f"status:{focus}", Code.AREA_STATUS, status, focus, rows=rows),
    ]
    if below:
        counts = {s.value: sum(b.status is s for _, b in below) for s in Status}
        params = {"of": len(below), **counts}
        key = f"children:{focus}"
        said.append(Drafted(section, key, Code.CHILDREN_BY_STATUS, params, focus, rows=rows))
    for figure in briefing.figures:
        if figure.value is None:
            continue
        is_service = figure.code.startswith(rules.services)
        said.append(
            Drafted(
                Section.SERVICES if is_service else section,
                f"figure:{figure.code}",
                Code.FIGURE,
                _figure(figure, material.before.get(figure.code)),
                focus,
                rows=_parts(figure, below),
            )
        )
    return said


def _figure(figure: Figure, before: float | None) -> Params:
    return {
        "figure": figure.code,
        "value": figure.value,
        "of": figure.of,
        "unit": figure.unit,
        "class": figure.figure_class.value,
        "source": figure.source,
        "before": before,
    }


def _parts(figure: Figure, below: Sequence[tuple[Child, Briefing]]) -> tuple[Row, ...]:
    """Return what each child contributes to a figure."""
    return tuple(
        Row(child.place, child.name, None, part.value, part.of)
        for child, briefing in below
        for part in briefing.figures
        if part.code == figure.code and part.value is not None
    )


def _alerts(material: Material) -> list[tuple[Focus, Alert]]:
    """Return what needs somebody, heaviest first; silence is told apart."""
    found = [
        (focus, alert)
        for focus, briefing in material.briefings.items()
        for alert in briefing.alerts
        if alert.severity is not Status.NO_REPORT
    ]
    return sorted(found, key=lambda item: (-item[1].weight, item[1].place, alert_key(item[1])))


def alert_key(alert: Alert) -> str:
    """Return what names an alert from one draft to the next."""
    return f"{alert.code}:{alert.place}:{alert.params.get('key', alert.link)}"


def _problem(alert: Alert, focus: Focus) -> Drafted:
    key = f"problem:{alert_key(alert)}"
    return Drafted(Section.PROBLEMS, key, Code.PROBLEM, alert_params(alert), focus, alert.link)


def alert_params(alert: Alert) -> Params:
    """Return an alert as plain values."""
    return {
        "alert": alert.code,
        "so": alert.so,
        "helps": alert.helps,
        "place": alert.place,
        "severity": alert.severity.value,
        "due_date": alert.due_date.isoformat() if alert.due_date else None,
        "params": {k: _plain(v) for k, v in alert.params.items()},
    }


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _tomorrow(
    material: Material, alerts: Sequence[tuple[Focus, Alert]], rules: Rules
) -> list[Drafted]:
    """Return what is due or begins in the next days; that there is nothing is said too."""
    last = material.day + timedelta(days=rules.due_within_days)
    said = [
        Drafted(
            Section.TOMORROW,
            f"due:{alert_key(alert)}",
            Code.DUE,
            alert_params(alert),
            focus,
            alert.link,
        )
        for focus, alert in alerts
        if alert.due_date and material.day < alert.due_date <= last
    ]
    for stage in material.stages:
        if stage.start_date and material.day < stage.start_date <= last:
            key = f"begins:{stage.name}"
            said.append(Drafted(Section.TOMORROW, key, Code.STAGE_BEGINS, _stage(stage)))
        if material.day < stage.end_date <= last and stage.end_date != stage.start_date:
            key = f"ends:{stage.name}"
            said.append(Drafted(Section.TOMORROW, key, Code.STAGE_ENDS, _stage(stage)))
    return said or [Drafted(Section.TOMORROW, "nothing", Code.NOTHING_DUE, {})]


def _unanswered(request: Unanswered) -> Drafted:
    params = {
        "owner": request.owner,
        "task": request.task,
        "asked_date": request.asked_date.isoformat(),
        "due_date": request.due_date.isoformat(),
        "asking": request.asking.value,
        "answer": request.answer.value,
        "reason": request.reason if request.answer is Answer.REFUSED else "",
    }
    key = f"unanswered:{request.link}"
    return Drafted(Section.MINISTER, key, Code.UNANSWERED, params, Focus.COORDINATION, request.link)


def _settled(deed: Settled) -> Drafted:
    params = {"owner": deed.owner, "task": deed.task, "days": deed.days_late}
    key = f"settled:{deed.link}"
    return Drafted(Section.COORDINATION, key, Code.SETTLED, params, Focus.COORDINATION, deed.link)


def _missing(material: Material) -> list[Drafted]:
    if not material.missing:
        return []
    named = [{"place": m.place, "name": m.name, "days": m.days} for m in material.missing]
    rows = tuple(Row(m.place, m.name, Status.NO_REPORT) for m in material.missing)
    return [Drafted(Section.MISSING, "missing", Code.MISSING, {"desks": named}, rows=rows)]


# --- a draft over what stands already


@dataclass(frozen=True, slots=True)
class Stored:
    """A sentence as it stands in a report."""

    key: str
    params: Params
    is_edited: bool
    is_added: bool


@dataclass(frozen=True, slots=True)
class Redraft:
    """What a new draft changes: keys to drop, to write anew, and edited ones to mark."""

    create: tuple[Drafted, ...]
    rewrite: tuple[Drafted, ...]
    mark: frozenset[str]
    drop: frozenset[str]


def redraft(stored: Sequence[Stored], drafted: Sequence[Drafted]) -> Redraft:
    """Return how a new draft meets what stands: a person's words are never overwritten.

    An edited sentence whose number changed, or is gone, is marked; what nobody touched follows the
    draft; what a person added stays.
    """
    old = {sentence.key: sentence for sentence in stored}
    new = {sentence.key: sentence for sentence in drafted}
    changed = {
        key
        for key, sentence in old.items()
        if not sentence.is_added and (key not in new or new[key].params != sentence.params)
    }
    return Redraft(
        create=tuple(s for key, s in new.items() if key not in old),
        rewrite=tuple(s for key, s in new.items() if key in old),
        mark=frozenset(key for key in changed if old[key].is_edited),
        drop=frozenset(key for key in changed if key not in new and not old[key].is_edited),
    )
