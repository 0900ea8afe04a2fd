"""What is proposed where somebody is asked because of an alert of readiness."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from django.utils.translation import override

from serentak.institutions import public as institutions
from serentak.kernel.acts import Act, Acts, Proposal
from serentak.kernel.briefing import Alert, DeadlineKind
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.pressing import Press
from serentak.places import public as places
from serentak.platform.catalogue import load, said
from serentak.platform.clock import local_date
from serentak.platform.web.formats import number

from .board import Board, Standing, board, is_pressing, owing_of, touched, worst_first
from .forecasts import newest
from .moves import MOVES, due_day, standing_at


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
    if alert.code in MOVES:
        return _of_move(found, alert, place)
    if alert.code in ("readiness.LOW_CHANCE", "readiness.LOW_CHANCES"):
        return _of_chance(found, alert, place)
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
        facts=_facts(found, chosen),
        others=tuple(s.place for s in standings) if len(standings) > 1 else (),
    )


def _of_move(found: Board, alert: Alert, place: PlaceCode | None) -> Proposal | None:
    """Return what a move of the forecast asks of who owns the work, and what it would do."""
    where = place or alert.place
    chosen = standing_at(found, where, str(alert.params.get("key")))
    if chosen is None or chosen.slot is None:
        return None
    due = due_day(found, chosen)
    return _made(
        acts().alerts[alert.code],
        where,
        owner_id=chosen.owner_id,
        due_date=due,
        days={"date": due or chosen.row.target_date},
        texts={
            "activity": chosen.definition.name,
            "amount": dict.fromkeys(LANGUAGES, str(alert.params.get("amount", ""))),
        },
        facts=_facts(found, chosen),
    )


def _of_chance(found: Board, alert: Alert, place: PlaceCode | None) -> Proposal | None:
    """Return what is asked where a regency will hardly be ready: its most critical open work."""
    told: Any = alert.params.get("codes") or [alert.place]
    codes = [PlaceCode(code) for code in told]
    where = place if place in codes else codes[0]
    stored = newest(where, election_id=found.election.id)
    keys = [one["key"] for one in stored.results["activities"]] if stored else []
    decisive = (standing_at(found, where, key) for key in keys)
    standings = [*decisive, *worst_first(found.at_place(where))]
    chosen = next((s for s in standings if s and s.slot), None)
    if chosen is None:
        return None
    due = due_day(found, chosen)
    return _made(
        acts().acts[chosen.row.key],
        where,
        owner_id=chosen.owner_id,
        due_date=due,
        days={"date": due or chosen.row.target_date},
        facts=_facts(found, chosen),
        others=tuple(codes) if len(codes) > 1 else (),
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
    """Return what is asked of who owes overdue reports of a place: the first that the alert names.

    One letter for each of them, with their reports alone.
    """
    silent = [s for s in found.at_place(alert.place) if s.silent]
    owing = [id for id, _count in owing_of(silent)]
    if not owing:
        return None
    named: Any = alert.params.get("owners") or [[owing[0], 0]]
    owner = next((id for id, _count in named if id in owing), owing[0])
    theirs = [s for s in silent if s.owner_id == owner]
    with override("id"):
        office = institutions.institutions([owner])[owner].name
        names = "; ".join(said(s.definition.name) for s in theirs)
        fact = (
            f"Sampai dengan {_day(found.today)}, laporan kemajuan {office} belum kami terima untuk "
            f"{number(len(theirs))} pekerjaan: {names}."
        )
    return _made(
        acts().alerts[alert.code],
        alert.place,
        owner_id=owner,
        due_date=None,
        numbers={"count": len(theirs)},
        facts=(fact,),
    )


def _made(
    act: Act,
    place: PlaceCode,
    *,
    owner_id: int,
    due_date: date | None,
    days: dict[str, date] | None = None,
    numbers: dict[str, int] | None = None,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    facts: tuple[str, ...] = (),
    others: tuple[PlaceCode, ...] = (),
) -> Proposal:
    """Fill an act in both languages, with numbers and names as each of them writes."""
    acts_said = {}
    for language in LANGUAGES:
        with override(language):
            card = places.places([place]).get(place)
            values = {"place": card.full_name if card else place}
            for key, text in (texts or {}).items():
                values[key] = text[language]
            for key, count in (numbers or {}).items():
                values[key] = number(count)
            for key, day in (days or {}).items():
                values[key] = str(format_date(day, "d MMMM y", locale=language))
            acts_said[language] = act.said(language, values)
    return Proposal(
        act=acts_said,
        evidence=act.evidence,
        place=place,
        owner_id=owner_id,
        due_date=due_date,
        help=act.help,
        who_else=act.who_else,
        places=others,
        facts=facts,
    )


def _facts(found: Board, standing: Standing) -> tuple[str, ...]:
    """Return what a letter says of a work before it asks, in Indonesian as all letters are."""
    with override("id"):
        return tuple(filter(None, (_stand(found, standing), *_forecast(found, standing))))


def _stand(found: Board, standing: Standing) -> str:
    """Return how far a work has come, and what is left of it."""
    work, name = standing.work, said(standing.definition.name)
    unit = said(found.catalogue.units[standing.definition.unit])
    what = f"pekerjaan “{name}” di {_place_name(standing.place)}"
    if work.done is None or standing.last_report_at is None:
        whole = number(work.target)
        return (
            f"Sampai dengan {_day(found.today)}, kami belum menerima laporan tentang {what}; yang "
            f"diperlukan {whole} {unit}."
        )
    reported = _day(local_date(standing.last_report_at, zone=found.zone))
    done, left = number(work.done), number(work.target - work.done)
    of = "" if standing.definition.unit == "percent" else f"dari {number(work.target)} "
    return (
        f"Menurut laporan tanggal {reported}, {what} baru mencapai {done} {of}{unit}; "
        f"{left} {unit} belum."
    )


def _forecast(found: Board, standing: Standing) -> Iterator[str]:
    """Yield when a work would be done, against which day, and what hangs on its last day."""
    slot, definition = standing.slot, standing.definition
    if slot is None:
        return
    finish, target = found.date_of(slot.finish), standing.row.measured_date
    limit, called = target, "targetnya"
    moved = ""
    if standing.row.target_date != target:
        called, moved = "target semula", f" (digeser menjadi {_day(standing.row.target_date)})"
    if definition.deadline is not None and definition.deadline_kind is DeadlineKind.LEGAL:
        law = f" ({definition.law})" if definition.law else ""
        limit, called = found.date_of(definition.deadline), f"batas waktu menurut peraturan{law}"
        moved = ""
    expected = f"Dengan perkembangan sekarang, pekerjaan itu diperkirakan selesai {_day(finish)}"
    if limit < found.today:
        late = number((found.today - limit).days)
        yield f"{called[:1].upper()}{called[1:]}, {_day(limit)}{moved}, telah lewat {late} hari."
        after = ", sesudah hari pemungutan suara" if finish > found.election.vote_date else ""
        yield f"{expected}{after}."
    elif finish > limit:
        late = number((finish - limit).days)
        yield f"{expected}, {late} hari sesudah {called}, {_day(limit)}{moved}."
    last = found.date_of(slot.latest)
    reach = touched([standing])
    until = f"sampai {_day(last)} " if last > found.today else ""
    hangs = said(found.catalogue.consequences[definition.miss].sentence)
    yield (
        f"Apabila {until}belum selesai, {hangs}: {number(reach.stations)} TPS dengan "
        f"{number(reach.voters)} pemilih."
    )


def _place_name(code: PlaceCode) -> str:
    card = places.places([code]).get(code)
    return card.full_name if card else code


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y", locale="id"))
