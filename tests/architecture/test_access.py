"""Every route is called by a passer-by, by an account without roles and by each role: who gets in?

The table of answers is `access.txt`. A cell that changed is a permission that changed: where that
is meant, put the new table in its place, which the failing test has written and names.
"""

import inspect
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import FileResponse, Http404
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.platform import reading
from serentak.platform.access import Openness, may_open
from tests.cast import OKI, PROVINCE
from tests.room import STATIONS

from .filled import NOBODY, SEATS, Room
from .house import ROOT

FILE = Path(__file__).with_name("access.txt")
PASSER_BY = "passer-by"
WHO = (PASSER_BY, NOBODY, *SEATS)

Table = dict[str, dict[str, str]]
"""By route and by who asks: "r" opens the page, "w" may send its form, "rw" both, "" neither.

Roles are asked for the one or the other: a view that looks at what was sent is sent something.
"""

FOREIGN = "account_"
"""The sign-in pages of the library, which guards them."""

PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "contingency": {"plan": "contingency_plan", "n": "own_step"},
    "coordination:evidence": {"action_id": "proven_action_id"},
    "figures": {"kind": "difference"},
    "neutrality": {"key": "case"},
    "neutrality:circular": {"key": "circular"},
    "neutrality:acknowledge_circular": {"key": "circular"},
    "portal": {"name": "public"},
    "posting": {"plan_id": "posting_plan_id"},
    "posting:sheets": {"plan_id": "adopted_posting_id"},
    "quality": {"indicator": "score"},
    "readiness": {"key": "activity"},
    "reporting": {"key": "contradiction"},
    "security": {"key": "incident", "evidence_id": "incident_photo"},
}
"""What a parameter stands for, where its name alone does not tell: by slice, then by route."""

VARIANTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "coordination:step": ("step", ("complete",)),
    "neutrality:take_step": ("event", ("study", "hand-over", "sanction")),
    "logistics:move": ("step", ("hand_over",)),
    "posting:step_reinforcement": ("event", ("drop",)),
    "security:step": ("step", ("triage", "severity", "confide", "note")),
    "reporting:download": ("kind", ("txt",)),
    "reporting:book": ("kind", ("xlsx",)),
}
"""Parameters that choose what is done, and the choices that are asked for."""

PLACES: Mapping[str, PlaceCode] = {
    "coordination:visit": OKI,
    "vulnerability:survey": PlaceCode(STATIONS[1]),
    "vulnerability:set_class": PlaceCode(STATIONS[1]),
}
"""Where a route is called if not at one's own place: a governor visits a regent, a form is of a
station."""

ASKED: Mapping[str, str] = {
    "coordination:add_to_agenda": "alert",
    "institutions:people_options": "field",
    "places:options": "field",
    "platform:stream": "of",
}
"""What the address of a route asks for besides: by what name, and what stands there."""

SENT: Mapping[str, Mapping[str, Any]] = {
    "reporting:accept": {"seen_revision": 1, "receipt": "100.2/1"},
    "reporting:return": {"reason": "Angka turun."},
    "reporting:add": {"section": "PROBLEMS", "text": "Perahu belum ada."},
    "reporting:correct": {"text": "Perahu belum ada.", "reason": "Salah salin."},
    "reporting:note": {"seen_number": 1, "receipt": "100.2/2"},
    "reporting:edit": {"text": "Perahu belum ada.", "seen_at": ""},
    "reporting:submit": {"seen_revision": 1, "without_missing": "on"},
    "reporting:public": {"seen_revision": 1},
}
"""What is sent where the action decides who may; elsewhere an empty form shows it."""

UNREACHED: Mapping[str, str] = {
    "logistics:load_photo": "where a record was signed on paper; the room's load is on its way",
    "logistics:needs": "for the province's commission alone; the room's sits in a regency",
    "platform:kit": "while debugging only",
    "platform:kit_import": "while debugging only",
    "platform:kit_options": "while debugging only",
    "platform:sign_in_to_demo": "in a demonstration only",
    "quality:public": "for everybody once scores are published, months after the room's day",
    "posting:propose_moves": "for the province's police; the room's sit in a regency",
}
"""Routes that nobody gets into in this room, and why."""

BY_DECLARATION = frozenset(
    {
        "coordination:overview",
        "desk:place",
        "neutrality:overview",
        "readiness:place",
        "reporting:book xlsx",
    }
)
"""Pages that take long to make; who gets in is asked of what they declare, which decides alone."""


@dataclass(frozen=True, slots=True)
class Door:
    """One thing to call: a route, and what its parameters are."""

    label: str
    route: str
    view: Any
    names: tuple[str, ...]
    chosen: Mapping[str, str]

    @property
    def writes(self) -> bool:
        """Tell whether the view looks at what was sent; the others answer any method alike."""
        made_of = inspect.unwrap(self.view)
        made_of = getattr(made_of, "view_class", made_of)
        source = inspect.getsource(made_of) if not isinstance(made_of, type) else "POST"
        return bool(re.search(r"POST(?![A-Z])", source))

    def path(self, values: Mapping[str, Any]) -> str:
        """Return the address for somebody's place."""
        by_slice = PARAMETERS.get(self.route.partition(":")[0], {})
        meant = {**by_slice, **PARAMETERS.get(self.route, {})}
        given = {n: self.chosen.get(n) or values[meant.get(n, n)] for n in self.names}
        asked = ASKED.get(self.route)
        query = f"?{urlencode({asked: values[asked]})}" if asked else ""
        return reverse(self.route, kwargs=given) + query


def doors() -> list[Door]:
    """Return every route of the house, those with a choice of deeds once for each deed."""
    found = []
    for route, entry in _routes(get_resolver().url_patterns):
        name, choices = VARIANTS.get(route, ("", ("",)))
        for choice in choices:
            chosen = {name: choice} if choice else {}
            names = tuple(entry.pattern.converters)
            found.append(Door(f"{route} {choice}".strip(), route, entry.callback, names, chosen))
    return sorted(found, key=lambda door: door.label)


def _routes(entries: Any, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from _routes(entry.url_patterns, namespace + inner)
        else:
            assert entry.name, f"the route {entry.pattern} needs a name"
            if not entry.name.startswith(FOREIGN):
                yield namespace + entry.name, entry


def gets_in(viewer: Viewer, user: Any, method: str, path: str, data: Mapping[str, Any]) -> bool:
    """Tell whether somebody gets in, and leave everything as it was.

    The view is called as the middleware would call it; the page for who is refused is not made.
    """
    request = getattr(RequestFactory(), method)(path, data)
    match = resolve(path.partition("?")[0])
    request.user, request.viewer, request.session = user, viewer, {}
    request.resolver_match, request.htmx = match, HtmxDetails(request)
    request._messages = CookieStorage(request)
    before = transaction.savepoint() if method == "post" else ""
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except (Http404, OutOfScope):
        return False
    finally:
        if before:
            transaction.savepoint_rollback(before)
    if isinstance(response, FileResponse):
        response.file_to_stream.close()
    is_led_away = response.headers.get("Location", "").startswith(f"{reverse('account_login')}?")
    return response.status_code not in (403, 405) and not is_led_away


ONLY = os.environ.get("DOORS_OF", "")
"""How the labels of the doors begin that are called; a new slice needs but its own (test_slice)."""


def found(room: Room) -> Table:
    """Call every door as everybody."""
    called = [door for door in doors() if door.label.startswith(ONLY)]
    table: Table = {door.label: {} for door in called}
    for who in WHO:
        user, viewer = room.person(who)
        own = (SEATS[who][1] if who in SEATS else PROVINCE) or PROVINCE
        asked: dict[str, list[tuple[Door, str]]] = {"get": [], "post": []}
        for door in called:
            path = door.path(room.values(PLACES.get(door.route, own)))
            table[door.label][who] = ""
            if door.label in BY_DECLARATION:
                table[door.label][who] = "r" if may_open(viewer, path) else ""
                continue
            if who not in SEATS or not door.writes:
                asked["get"].append((door, path))
            if who not in SEATS or door.writes:
                asked["post"].append((door, path))
        for method, letter in (("get", "r"), ("post", "w")):
            # Pages that one person reads rest on the same rows, until something is sent.
            with reading.afresh() if method == "get" else nullcontext():
                for door, path in asked[method]:
                    if gets_in(viewer, user, method, path, SENT.get(door.route, {})):
                        table[door.label][who] += letter
    return table


def written(table: Table) -> str:
    """Return the table as text: a column for each who, whose name stands above it."""
    width = max(map(len, table)) + 1
    heads = [f"{' ' * width}{'  |' * number}  {who}" for number, who in enumerate(WHO)]
    rows = [
        f"{label:{width}}" + "".join(f"{cells[who] or '·':>3}" for who in WHO)
        for label, cells in table.items()
    ]
    return "\n".join([*heads, *rows]) + "\n"


class _Kept(Table):
    def __missing__(self, label: str) -> dict[str, str]:
        raise AssertionError(
            f"{label} is not in {FILE.name}: who gets in there? Run "
            "`pytest tests/architecture/test_access.py`, which writes the new table and says where"
        )


def read(text: str) -> Table:
    """Return the table that a text holds; AssertionError, with the mend, for what it does not."""
    table = _Kept()
    for line in text.splitlines()[len(WHO) :]:
        words = line.split()
        cells = words[-len(WHO) :]
        label = " ".join(words[: -len(WHO)])
        table[label] = {w: c.replace("·", "") for w, c in zip(WHO, cells, strict=True)}
    return table


def differences(expected: Table, now: Table) -> list[str]:
    """Return the cells that differ, in words."""

    def may(cell: str) -> str:
        return {"": "nothing", "r": "read", "w": "send", "rw": "read and send"}[cell]

    faults = [f"{label}: not in the table yet" for label in now.keys() - expected.keys()]
    faults += [f"{label}: no route any more" for label in expected.keys() - now.keys()]
    for label in now.keys() & expected.keys():
        for who in WHO:
            before, after = expected[label].get(who, ""), now[label].get(who, "")
            if before != after:
                faults.append(f"{label}, {who}: {may(before)} in the table, {may(after)} now")
    return sorted(faults)


def test_who_gets_in_is_as_the_table_says(
    filled_room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    with translation.override("en"):
        now = found(filled_room)
    new = tmp_path / FILE.name
    new.write_text(written(now), "utf-8")
    table = read(FILE.read_text("utf-8"))
    faults = differences({of: table[of] for of in table if of.startswith(ONLY)}, now)
    assert faults == [], (
        f"{len(faults)} cells of {FILE.name} differ; read each, and where all are meant: "
        f"cp {new} {FILE.relative_to(ROOT)}"
    )


def test_nobody_gets_in_where_no_account_is_enough() -> None:
    table = read(FILE.read_text("utf-8"))
    for door in doors():
        openness = door.view.access.openness
        cells = table[door.label]
        if openness is not Openness.PUBLIC:
            assert cells[PASSER_BY] == "", door.label
        if openness is Openness.PERMITTED:
            assert cells[NOBODY] == "", door.label


def test_every_column_and_row_says_something() -> None:
    table = read(FILE.read_text("utf-8"))
    unreached = {label for label, cells in table.items() if not any(cells.values())}
    assert unreached == set(UNREACHED), "say in UNREACHED why nobody gets in, or let somebody in"
    for who in WHO:
        assert any(cells[who] for cells in table.values()), who


def test_another_permission_on_a_form_is_caught() -> None:
    expected: Table = {"posts:man": {"REGENT": "w", "OBSERVER": ""}, "posts:shut": {"REGENT": "w"}}
    now: Table = {"posts:man": {"REGENT": "", "OBSERVER": "w"}, "posts:list": {"REGENT": "r"}}
    assert differences(expected, now) == [
        "posts:list: not in the table yet",
        "posts:man, OBSERVER: nothing in the table, send now",
        "posts:man, REGENT: send in the table, nothing now",
        "posts:shut: no route any more",
    ]
    table: Table = {"posts:man": dict.fromkeys(WHO, "rw"), "posts:list": dict.fromkeys(WHO, "")}
    assert read(written(table)) == table
    with pytest.raises(AssertionError, match=r"posts:shut is not in access\.txt"):
        read(written(table))["posts:shut"]
