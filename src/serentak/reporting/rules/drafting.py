"""What a daily report says: sentences as codes with parameters, drafted from what is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from serentak.kernel.area import Said, Section
from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.status import Status

from .closing import Rules
from .outline import Code, Outline

Params = Mapping[str, Any]
"""Plain values that JSON can hold; formatted for the reader when a sentence is shown."""


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


@dataclass(frozen=True, slots=True)
class Corrected:
    """A signed report that was corrected today, so often; without a `name` the place's own."""

    place: PlaceCode
    name: str
    day: date
    round: int
    count: int


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

    `of_children` is how many desks below must report; `added` are sentences of the areas' own,
    `differing` contradictions;
    `before` holds yesterday's figures.
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
    corrected: Sequence[Corrected] = ()
    added: Sequence[tuple[Focus, Said]] = ()
    differing: Sequence[Alert] = ()
    before: Mapping[str, float] = field(default_factory=dict)
    asks: Callable[[Alert], Params | None] = lambda _alert: None
    """What would settle an alert: act, who does it and by when; None where nobody said."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the draft has it; `key` finds it again in the next draft."""

    section: str
    key: str
    code: str
    params: Params
    focus: Focus | None = None
    link: str = ""
    rows: tuple[Row, ...] = ()


def draft(material: Material, rules: Rules, outline: Outline) -> list[Drafted]:
    """Return the sentences of a report in their order; the same for the same material."""
    said = [*_situation(material), *_stages(material)]
    for chapter in outline.chapters:
        if chapter.focus in material.briefings:
            said += _area(material, material.briefings[chapter.focus], outline)
    said += [_added(focus, sentence) for focus, sentence in material.added]
    alerts = _alerts(material)
    said += [
        _of_alert(alert, focus, Section.PROBLEMS, Code.PROBLEM, material.asks(alert))
        for focus, alert in alerts[: rules.problems]
    ]
    said += _tomorrow(material, alerts, rules)
    said += _missing(material)
    return sorted(said, key=lambda s: outline.position(s.section))


IN_OTHERS = "in_others"
"""The parameter that holds those of other languages, by language, where they are others there."""


def in_languages(
    drafted: Sequence[Drafted], others: Mapping[str, Sequence[Drafted]]
) -> list[Drafted]:
    """Return a draft with what differs in its `others`, the same draft in other languages.

    Parameters hold names, units and numbers as one language writes them. A sentence that a language
    tells otherwise than this one has no parameters of that language, and is read whole in this one.
    """
    found = []
    for number, sentence in enumerate(drafted):
        told: dict[str, Params] = {}
        for language, theirs in others.items():
            other = theirs[number] if len(theirs) == len(drafted) else None
            if other and (other.section, other.code) == (sentence.section, sentence.code):
                told[language] = {
                    name: value
                    for name, value in other.params.items()
                    if value != sentence.params.get(name)
                }
        is_same = len(told) == len(others) and not any(told.values())
        params = sentence.params if is_same else {**sentence.params, IN_OTHERS: told}
        found.append(replace(sentence, params=params))
    return found


def _added(focus: Focus, said: Said) -> Drafted:
    section = said.section or focus.value
    return Drafted(section, said.key, said.code, said.params, focus, said.link)


def _situation(material: Material) -> list[Drafted]:
    days = days_after_vote(material.day, vote_date=material.vote_date)
    countdown = {"days": days, "vote_date": material.vote_date.isoformat()}
    said = [Drafted(Section.SITUATION, "countdown", Code.COUNTDOWN, countdown)]
    if material.of_children:
        heard = material.of_children - len(material.missing)
        params = {"heard": heard, "of": material.of_children}
        said.append(Drafted(Section.SITUATION, "reported", Code.REPORTED, params))
    if material.late:
        said.append(_late(material))
    if material.corrected:
        reports = [{**asdict(c), "day": c.day.isoformat()} for c in material.corrected]
        said.append(Drafted(Section.SITUATION, "corrected", Code.CORRECTED, {"reports": reports}))
    return said


def _late(material: Material) -> Drafted:
    named = [{**asdict(late), "day": late.day.isoformat()} for late in material.late]
    params = {"day": material.day.isoformat(), "desks": named}
    rows = tuple(Row(late.place, late.name, Status.LATE) for late in material.late)
    return Drafted(Section.SITUATION, "late", Code.LATE, params, rows=rows)


def _stages(material: Material) -> list[Drafted]:
    return [
        Drafted(Section.STAGE, f"running:{stage.name}", Code.STAGE_RUNNING, _stage(stage))
        for stage in material.stages
        if (stage.start_date or stage.end_date) <= material.day <= stage.end_date
    ]


def _stage(stage: StageLine) -> Params:
    start = stage.start_date or stage.end_date
    return {
        "stage": stage.name,
        "start_date": start.isoformat(),
        "end_date": stage.end_date.isoformat(),
    }


def _area(material: Material, briefing: Briefing, outline: Outline) -> list[Drafted]:
    """Return the status of an area, how its children stand, and its figures."""
    focus, section = briefing.focus, briefing.focus.value
    below = [(c, c.briefings[focus]) for c in material.children if focus in c.briefings]
    rows = tuple(Row(child.place, child.name, b.status) for child, b in below)
    status = {"focus": focus.value, "status": briefing.status.value}
    if briefing.leaves_out:
        status["leaves_out"] = briefing.leaves_out
    said = [Drafted(section, f"status:{focus}", Code.AREA_STATUS, status, focus, rows=rows)]
    if below:
        counts = {s.value: sum(b.status is s for _, b in below) for s in Status}
        params: dict[str, object] = {
            "of": len(below),
            **counts,
            "level": level_of(below[0][0].place).value,
        }
        if not outline.is_status_public_only(focus):
            params["names"] = {
                s.value: [child.name for child, b in below if b.status is s] for s in _NAMED
            }
        key = f"children:{focus}"
        said.append(Drafted(section, key, Code.CHILDREN_BY_STATUS, params, focus, rows=rows))
    said += [
        Drafted(
            outline.section_of(focus, figure.code),
            f"figure:{figure.code}",
            Code.FIGURE,
            _figure(figure, material.before.get(figure.code)),
            focus,
            rows=_parts(figure, below),
        )
        for figure in briefing.figures
        if figure.value is not None
    ]
    return said


_NAMED = (Status.LATE, Status.AT_RISK, Status.NO_REPORT)
"""Of these a report names the places; of an area whose cases are confided it names none."""


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


def _alerts(material: Material) -> list[tuple[Focus | None, Alert]]:
    """Return what needs somebody, the most pressing first; silence is told apart."""
    found: list[tuple[Focus | None, Alert]] = [
        (focus, alert)
        for focus, briefing in material.briefings.items()
        for alert in briefing.alerts
        if alert.severity is not Status.NO_REPORT
    ]
    found += [(None, alert) for alert in material.differing]
    return sorted(found, key=lambda item: (item[1].press, item[1].place, alert_key(item[1])))


def alert_key(alert: Alert) -> str:
    """Return what names an alert from one draft to the next."""
    return f"{alert.code}:{alert.place}:{alert.params.get('key', alert.link)}"


def _of_alert(
    alert: Alert, focus: Focus | None, section: Section, code: Code, asks: Params | None = None
) -> Drafted:
    key = f"{code.lower()}:{alert_key(alert)}"
    params = {**alert_params(alert), "asks": asks} if asks else alert_params(alert)
    return Drafted(section, key, code, params, focus, alert.link)


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
    material: Material, alerts: Sequence[tuple[Focus | None, Alert]], rules: Rules
) -> list[Drafted]:
    """Return what is due or begins in the next days; that there is nothing is said too."""
    last = material.day + timedelta(days=rules.due_within_days)
    said = [
        _of_alert(replace(alert, due_date=day), focus, Section.TOMORROW, Code.DUE)
        for focus, alert in alerts
        if (day := next((d for d in _days(alert) if material.day < d <= last), None))
    ]
    for stage in material.stages:
        if stage.start_date and material.day < stage.start_date <= last:
            key = f"begins:{stage.name}"
            said.append(Drafted(Section.TOMORROW, key, Code.STAGE_BEGINS, _stage(stage)))
        if material.day < stage.end_date <= last and stage.end_date != stage.start_date:
            key = f"ends:{stage.name}"
            said.append(Drafted(Section.TOMORROW, key, Code.STAGE_ENDS, _stage(stage)))
    if said or any(sentence.section == Section.TOMORROW for _, sentence in material.added):
        return said
    return [Drafted(Section.TOMORROW, "nothing", Code.NOTHING_DUE, {})]


def _days(alert: Alert) -> list[date]:
    """Return the days on which an alert falls due: what was moved does so on its new day too."""
    days = (alert.due_date, alert.params.get("moved_date"))
    return [day for day in days if isinstance(day, date)]


def _silence(desk: Missing) -> tuple[bool, int]:
    """Order by how long a desk has been silent: who never reported before all others."""
    return desk.days is None, desk.days or 0


def _missing(material: Material) -> list[Drafted]:
    if not material.missing:
        return []
    silent = sorted(material.missing, key=_silence, reverse=True)
    desks = [asdict(missing) for missing in silent]
    rows = tuple(Row(m.place, m.name, Status.NO_REPORT) for m in silent)
    return [Drafted(Section.MISSING, "missing", Code.MISSING, {"desks": desks}, rows=rows)]
