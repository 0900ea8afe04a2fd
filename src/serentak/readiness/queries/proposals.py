"""What is proposed where somebody is asked because of an alert of readiness."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date
from django.utils.translation import override

from serentak.kernel.acts import Act, Acts, Proposal
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.pressing import Press
from serentak.places import public as places
from serentak.platform.catalogue import load
from serentak.platform.web.formats import number

from .board import Board, Standing, board, is_pressing


def acts() -> Acts:
    """Return what is asked for each activity and each alert."""
    return load("readiness", "acts", Acts)


def proposal(alert: Alert, *, place: PlaceCode | None, at: datetime) -> Proposal | None:
    """Return what an alert asks for at `place`, at its worst place without one.

    None where the activity is gone: then a person says what is asked.
    """
    found = board(alert.place, at=at)
    if found is None:
        return None
    if alert.code == "readiness.REPORTS_OVERDUE":
        return _of_reports(found, alert)
    standings = _pressing(found, alert)
    chosen = next((s for s in standings if s.place == place), None) or next(iter(standings), None)
    act = acts().acts.get(str(alert.params.get("key")))
    if chosen is None or act is None:
        return None
    slot = chosen.slot
    days = (chosen.row.target_date, found.date_of(slot.latest) if slot else None)
    due = next((day for day in days if day and day > found.today), None)
    return _made(
        act,
        chosen.place,
        owner_id=chosen.owner_id,
        due_date=due,
        days={"date": due or chosen.row.target_date},
        numbers={"done": chosen.work.done, "target": chosen.work.target},
        words={"unit": found.catalogue.units[chosen.definition.unit]},
        others=tuple(s.place for s in standings) if len(standings) > 1 else (),
    )


def _pressing(found: Board, alert: Alert) -> list[Standing]:
    """Return the activity where the alert tells of it, the most pressing first."""
    key = alert.params.get("key")
    here = [s for s in found.at_place(alert.place) if s.row.key == key]
    if alert.code == "readiness.IN_SEVERAL_PLACES":
        below = (
            found.lines(alert.place)
            if level_of(alert.place) is Level.REGENCY
            else [s for p in found.numbers if p != alert.place for s in found.at_place(p)]
        )
        here += [s for s in below if s.row.key == key]
    pressing = filter(is_pressing, here)
    return sorted(pressing, key=lambda s: s.priority.press if s.priority else Press())


def _of_reports(found: Board, alert: Alert) -> Proposal | None:
    """Return what is asked of who owes most of the overdue reports of a place."""
    silent = [s for s in found.at_place(alert.place) if s.silent]
    owners = [s.owner_id for s in silent]
    if not owners:
        return None
    most = max(sorted(set(owners)), key=owners.count)
    return _made(
        acts().alerts[alert.code],
        alert.place,
        owner_id=most,
        due_date=None,
        numbers={"count": owners.count(most)},
    )


def _made(
    act: Act,
    place: PlaceCode,
    *,
    owner_id: int,
    due_date: date | None,
    days: dict[str, date] | None = None,
    numbers: dict[str, int | None] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    others: tuple[PlaceCode, ...] = (),
) -> Proposal:
    """Fill an act in both languages, with numbers and names as each of them writes."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            card = places.places([place]).get(place)
            values = {"place": card.full_name if card else place}
            for key, count in (numbers or {}).items():
                values[key] = "" if count is None else number(count)
            for key, day in (days or {}).items():
                values[key] = str(format_date(day, "d MMMM y", locale=language))
            for key, text in (words or {}).items():
                values[key] = text[language]
            said[language] = act.said(language, values)
    return Proposal(
        act=said,
        evidence=act.evidence,
        place=place,
        owner_id=owner_id,
        due_date=due_date,
        help=act.help,
        who_else=act.who_else,
        places=others,
    )
