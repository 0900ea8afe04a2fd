"""What readiness answers about places: status, a few figures, and what needs somebody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

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
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Harm, Press, joint
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number
from serentak.readiness.models import ProgressReport
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.priority import Reason
from serentak.readiness.rules.reporting import ReportKind
from serentak.readiness.words import (
    age_text,
    days_text,
    names_text,
    silence_text,
    waiting_text,
)

from .board import (
    Board,
    Standing,
    board,
    is_pressing,
    owing_of,
    page_of,
    silence_at,
    touched,
    why_of,
    worst_first,
)

SOURCE = "readiness"


def briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    """Return the briefing of `parent` and of each child that the viewer may see.

    Of a province: its regencies; of a regency: its districts; of a district: itself. Elsewhere, and
    where no activities are set up, the mapping is empty. Always the same number of queries.
    """
    level = level_of(parent)
    found = board(parent, at=at) if level in _BRIEFED else None
    if found is None:
        return {}
    standings = _standings(found, parent)
    seen = {
        place: rows
        for place, rows in standings.items()
        if rows and viewer.may(VIEW_READINESS, place)
    }
    if not seen:
        return {}
    names = _Names(found, seen)
    judgements = {
        place: found.judgement_of(rows)
        if level_of(place) is Level.DISTRICT
        else found.judgement_at(place)
        for place, rows in standings.items()
    }
    children = [place for place in standings if place != parent]
    answer = {}
    for place, rows in seen.items():
        is_parent = place == parent
        is_whole = is_parent and level is Level.PROVINCE
        counted = [s for group in standings.values() for s in group] if is_whole else rows
        parts = [place, *children] if is_whole else [place]
        answer[place] = Briefing(
            focus=Focus.READINESS,
            place=place,
            status=judgements[place].status,
            why=(*why_of(judgements[place], place), *chance_of(found, place)),
            as_of=max((s.last_report_at for s in counted if s.last_report_at), default=None),
            figures=_figures(found, place, counted),
            alerts=_alerts(names, place, [(p, standings[p]) for p in parts if p in seen]),
            silent=sum(judgements[child].status is Status.NO_REPORT for child in children)
            if is_parent
            else 0,
            of_children=len(children) if is_parent else 0,
        )
    return answer


_BRIEFED = (Level.PROVINCE, Level.REGENCY, Level.DISTRICT)


def _standings(found: Board, parent: PlaceCode) -> dict[PlaceCode, tuple[Standing, ...]]:
    """Return the activities (of a district: the lines) of `parent` and of each child."""
    level = level_of(parent)
    if level is Level.PROVINCE:
        return {parent: (), **{place: found.at_place(place) for place in found.numbers}}
    if level is Level.DISTRICT:
        return {parent: found.at_place(parent)}
    lines: dict[PlaceCode, list[Standing]] = defaultdict(list)
    for line in found.lines(parent):
        lines[line.place].append(line)
    by_district = {place: tuple(rows) for place, rows in lines.items()}
    return {parent: found.at_place(parent), **by_district}


def _figures(found: Board, place: PlaceCode, rows: Sequence[Standing]) -> tuple[Figure, ...]:
    counted = [s for s in rows if s.status is not None]
    finished = sum(s.status is Status.DONE for s in counted)
    late = sum(s.status is Status.LATE for s in counted)
    due = [s for s in counted if s.due]
    synthetic = any(s.row.figure_class is FigureClass.SYNTHETIC for s in rows)
    kind = FigureClass.SYNTHETIC if synthetic else FigureClass.SOURCED
    figures = [
        Figure("readiness.finished", finished, of=len(counted), source=SOURCE, figure_class=kind),
        Figure("readiness.late", late, of=len(counted), source=SOURCE, figure_class=kind),
        Figure(
            "readiness.reports_owed", len(due), of=len(counted), source=SOURCE, figure_class=kind
        ),
    ]
    path = found.critical_path(place) if level_of(place) <= Level.REGENCY else None
    if path is not None:
        margin = Figure(
            "readiness.margin" if path.margin >= 0 else "readiness.days_too_late",
            abs(path.margin),
            unit="days",
            source=SOURCE,
            figure_class=FigureClass.ASSUMED,
        )
        figures.insert(0, margin)
    return tuple(figures)


class _Names:
    """Names of places and owners, read once for all alerts of a page."""

    def __init__(self, found: Board, standings: Mapping[PlaceCode, Sequence[Standing]]) -> None:
        self.board = found
        pressing = [s for rows in standings.values() for s in rows if is_pressing(s)]
        self.places = places.places([*standings, *(s.place for s in pressing)])
        self.alerts: dict[tuple[int, int | None], Alert] = {}
        self.notes = _newest_notes(s.row.id for s in pressing)
        self.owners = institutions.institutions(
            {s.owner_id for s in pressing} | {note.institution_id for note in self.notes.values()}
        )

    def place(self, code: PlaceCode) -> str:
        """Return the bare name of a place."""
        return self.places[code].name if code in self.places else code

    def owner(self, standing: Standing) -> str:
        """Return the short name of who answers for an activity or line."""
        return self.institution(standing.owner_id)

    def institution(self, id: int) -> str:
        """Return an institution's short name."""
        return self.owners[id].short_name if id in self.owners else ""

    def note(self, standing: Standing) -> ProgressReport | None:
        """Return the newest report with a note on an activity or line."""
        return self.notes.get(standing.ids)


def _newest_notes(activity_ids: Iterable[int]) -> dict[tuple[int, int | None], ProgressReport]:
    """Return the newest report with a note of each activity and of each line of one; one query.

    Why a figure was corrected tells nothing of what stands in the way.
    """
    rows = (
        ProgressReport.objects.filter(activity__in=set(activity_ids))
        .exclude(note="")
        .exclude(kind=ReportKind.CORRECTION)
        .order_by("activity", "share", "-reported_at", "-id")
        .distinct("activity", "share")
    )
    found: dict[tuple[int, int | None], ProgressReport] = {}
    for row in sorted(rows, key=lambda row: row.reported_at):
        found[row.activity_id, row.share_id] = found[row.activity_id, None] = row
    return found


def chance_of(found: Board, place: PlaceCode) -> tuple[Why, ...]:
    """Return the line of a card that tells the chance to be ready; none without a forecast."""
    chance = found.chances.get(place)
    if chance is None or found.day > 0:
        return ()
    code = "readiness.CHANCE"
    if chance.ready < 0.01:
        code = "readiness.CHANCE_BELOW_ONE"
    elif chance.ready > 0.99:
        code = "readiness.CHANCE_ABOVE_99"
    at = age_text(chance.computed_at, today=found.today, zone=found.zone)
    return (Why(code, {"count": chance.of_100, "at": at}),)


def _alerts(
    names: _Names, at_place: PlaceCode, parts: Sequence[tuple[PlaceCode, Sequence[Standing]]]
) -> tuple[Alert, ...]:
    """Return the alerts of a place, the most pressing first.

    What presses in several children of a province is told once, with how many they are.
    """
    by_key: dict[str, list[Standing]] = defaultdict(list)
    alerts = []
    for place, rows in parts:
        for standing in rows:
            if is_pressing(standing):
                by_key[standing.row.key].append(standing)
        if silent := _silence(names, place, rows):
            alerts.append(silent)
    top = parts[0][0] if parts else None
    for standings in by_key.values():
        if len(standings) == 1 or top is None:
            alerts.extend(_pressing(names, s) for s in standings)
        else:
            alerts.append(_several(names, top, standings))
    alerts += _unlikely(names, at_place, [place for place, _rows in parts])
    return tuple(sorted(alerts, key=lambda a: (a.press, a.place, a.code)))


def _unlikely(names: _Names, place: PlaceCode, parts: Sequence[PlaceCode]) -> Iterator[Alert]:
    """Yield one alert for the regencies that will hardly be ready, the least likely first."""
    found = names.board
    low = sorted(
        (p for p in parts if level_of(p) is Level.REGENCY and found.is_unlikely(p)),
        key=lambda p: (found.chances[p].ready, p),
    )
    if not low:
        return
    worst = found.chances[low[0]]
    last = found.thresholds.last_day_before_vote
    reach = [found.size(p) for p in low]
    yield Alert(
        code="readiness.LOW_CHANCE" if len(low) == 1 else "readiness.LOW_CHANCES",
        place=low[0] if len(low) == 1 else place,
        severity=Status.AT_RISK,
        due_date=found.date_of(last),
        link=f"/{low[0] if len(low) == 1 else place}/forecast",
        press=Press(
            Harm.VOTE,
            days_left=max(0, last - found.day),
            is_final=True,
            reach=sum(size.stations for size in reach),
        ),
        deadline=DeadlineKind.ADMINISTRATIVE,
        so="readiness.hardly_ready",
        helps="readiness.see_moves",
        params={
            "key": "",
            "of_place": names.place(low[0]),
            "of_100": number(worst.of_100),
            "finish_date": found.date_of(worst.p80),
            "count": number(len(low)),
            "places": names_text([names.place(p) for p in low]),
            "stations": number(sum(size.stations for size in reach)),
            "voters": number(sum(size.voters for size in reach)),
            **({"codes": list(low)} if len(low) > 1 else {}),
        },
    )


def _pressing(names: _Names, standing: Standing) -> Alert:
    """Return the alert of one activity or line, which a place and its parent both tell."""
    if standing.ids not in names.alerts:
        names.alerts[standing.ids] = _made(names, standing)
    return names.alerts[standing.ids]


def _made(names: _Names, standing: Standing) -> Alert:
    priority = standing.priority
    assert priority is not None  # noqa: S101  # pressing work is open
    return Alert(
        code=f"readiness.{priority.reason.value}",
        place=standing.place,
        severity=standing.status or Status.AT_RISK,
        due_date=_due_date(names.board, standing),
        link=page_of(standing.place, standing.row.key),
        press=priority.press,
        deadline=standing.definition.deadline_kind,
        so="readiness.miss",
        helps="readiness.ask_owner",
        params=_params(names, [standing]),
    )


def _several(names: _Names, place: PlaceCode, standings: Sequence[Standing]) -> Alert:
    """Return one alert for the same activity in several places, with the reach of all.

    Status and dates are those of the place that stands worst, which is named first.
    """
    ordered = worst_first(standings)
    worst = ordered[0]
    assert worst.priority is not None  # noqa: S101  # pressing work is open
    return Alert(
        code="readiness.IN_SEVERAL_PLACES",
        place=place,
        severity=worst.status or Status.AT_RISK,
        due_date=_due_date(names.board, worst),
        link=page_of(place, worst.row.key),
        press=joint(s.priority.press for s in standings if s.priority),
        deadline=worst.definition.deadline_kind,
        so="readiness.miss",
        helps="readiness.ask_owner",
        params={**_params(names, ordered), "codes": [s.place for s in ordered]},
    )


def _params(names: _Names, standings: Sequence[Standing]) -> Mapping[str, object]:
    """Return the words and numbers of an alert's sentence, in the reader's language."""
    worst = standings[0]
    found, slot = names.board, worst.slot
    note = names.note(worst) if len(standings) == 1 else None
    priorities = [s.priority for s in standings if s.priority]
    reach = touched(standings)
    named = [names.place(s.place) for s in standings]
    shown = names_text(named)
    return {
        "key": worst.row.key,
        "activity": said(worst.definition.name),
        "owner": names.owner(worst),
        "days": days_text(priorities[0].days),
        "done": number(worst.work.done),
        "target": number(worst.work.target),
        "unit": said(names.board.catalogue.units[worst.definition.unit]),
        "stations": number(reach.stations),
        "voters": number(reach.voters),
        "waiting": waiting_text(priorities[0].dependents),
        "target_date": worst.row.measured_date,
        "moved_date": worst.row.target_date if worst.row.first_date else None,
        "of_place": named[0] if len(standings) > 1 else "",
        "deadline_date": found.date_of(slot.latest) if slot else None,
        "finish_date": found.date_of(slot.finish) if slot else None,
        "worst": names.place(worst.place) if len(standings) > 1 else "",
        "deadline_kind": worst.definition.deadline_kind.value,
        "note": note.note if note else "",
        "note_by": names.institution(note.institution_id) if note else "",
        "note_date": clock.local_date(note.reported_at, zone=found.zone) if note else None,
        "consequence": said(names.board.catalogue.consequences[worst.definition.miss].sentence),
        "places": shown,
        "count": number(len(standings)),
    }


def _due_date(found: Board, standing: Standing) -> date:
    priority, slot = standing.priority, standing.slot
    if priority and slot and priority.reason is Reason.DEADLINE_OUT_OF_REACH:
        return found.date_of(slot.latest)
    return standing.row.measured_date


def _silence(names: _Names, place: PlaceCode, rows: Iterable[Standing]) -> Alert | None:
    """Return the alert that reports are overdue at a place, None if all have come."""
    parts = list(rows)
    owed = silence_at(names.board, parts)
    if owed is None:
        return None
    return Alert(
        code="readiness.REPORTS_OVERDUE",
        place=place,
        severity=Status.NO_REPORT,
        due_date=None,
        link=f"{page_of(place)}?status={Status.NO_REPORT.value}",
        press=min(s.priority.press for s in parts if s.silent and s.priority),
        so="readiness.silence",
        helps="readiness.remind",
        params={
            "place_name": names.place(place),
            "count": number(owed.overdue),
            "owners": [list(item) for item in owing_of(s for s in parts if s.silent)],
            "days": days_text(owed.oldest if owed.days is None else owed.days),
            "since": silence_text(owed.days, owed.oldest),
        },
    )
