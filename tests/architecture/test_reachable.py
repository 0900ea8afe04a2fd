"""Every page is reached from the bar or from a link or form of some other page."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from urllib.parse import urljoin

from django.test import Client
from django.urls import Resolver404, resolve

from serentak.kernel.codes import PlaceCode
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, OKI, PROVINCE
from tests.room import STATIONS

from .filled import AGREED, DROPPABLE, DROPPED, Room, shown
from .test_access import FILE, doors, read

START = "desk:home"

VISITORS: tuple[tuple[str, PlaceCode, Collection[str]], ...] = (
    ("GOVERNOR_DESK_HEAD", PROVINCE, ()),
    ("GOVERNOR_DESK_HEAD", OKI, ("coordination", "reporting")),
    ("REGENT_DESK_HEAD", OKI, ("readiness",)),
    ("AGENCY_OFFICER", OKI, ("readiness", "neutrality", "liaison")),
    ("SUPERVISOR_OFFICER", OKI, ("liaison",)),
    ("CASE_HANDLER", OKI, ("neutrality",)),
    (
        "COMMISSION_OFFICER",
        OKI,
        ("distribution", "elections", "facilities", "logistics", "readiness", "reporting"),
    ),
    ("DISTRICT_COMMITTEE_OFFICER", AIR_SUGIHAN, ("logistics",)),
    ("POLICE_OPERATIONS", OKI, ("posting", "vulnerability")),
    ("REGENT_DESK_OFFICER", OKI, ("reporting", "security")),
    ("SYSTEM_ADMINISTRATOR", PROVINCE, ("institutions",)),
    ("SUPERVISOR_OFFICER", OKI, ("vulnerability",)),
    ("MINISTRY_OFFICER", PROVINCE, ("desk",)),
)
"""Who opens the pages of which place, and of which slices (of all, where none is named)."""

MORE: Mapping[str, tuple[str, ...]] = {
    "coordination:action": ("/coordination/actions/{proven_action_id}",),
    "posting:plan": (
        "/posting/plans/{drafted_posting_id}",
        "/posting/plans/{adopted_posting_id}",
    ),
    "readiness:activity": tuple(
        f"/{{place}}/readiness/{key}" for key in (DROPPED, AGREED, DROPPABLE)
    ),
    "reporting:daily": (
        "/{place}/daily?edit={sentence_id}",
        "/{place}/daily?correct={sentence_id}",
    ),
    "vulnerability:place": (f"/{STATIONS[1]}/vulnerability",),
}
"""Which pages of a route are opened besides, since they offer something else."""

DECLARED: Mapping[str, str] = {
    "contingency:end": "offered where no step of a plan waits any more",
    "distribution:take_over": "offered where a plan was computed",
    "logistics:answer_order": "offered to who keeps what is asked for; the room's asks a neighbour",
    "logistics:depart": "offered while a load is packed; the room's has left",
    "logistics:load_photo": "offered where a record was signed on paper",
    "logistics:settle": "offered where a load was handed over with a difference",
    "logistics:needs": "for the province's commission, which has no seat in this room",
    "places:options": "for a picker of places, which no form offers yet",
    "platform:health": "asked by machines",
    "platform:kit": "the parts of pages, while debugging",
    "platform:kit_import": "the parts of pages, while debugging",
    "platform:kit_options": "the parts of pages, while debugging",
    "platform:sign_in_to_demo": "on the sign-in page of a demonstration",
    "platform:stream": "opened by the script of live pages",
    "reporting:reopen": "offered where one was settled",
    "reporting:settle": "offered once somebody looks into it",
    "reporting:note": "offered where an accepted report was corrected",
    "posting:propose_moves": "for the province's police, which have no seat in this room",
    "readiness:set_up": "offered where the stations are other than the activities know",
    "portal:index": "a short address to type; pages lead to the list itself",
    "quality:public": "offered once scores are published",
    "quality:publish": "offered once scores were laid open for reply",
    "quality:reply": "offered while institutions may reply",
}
"""Routes to which nothing leads, and who calls them."""

_LINK = re.compile(r'\b(?:href|action|formaction|hx-get|hx-post)="([^"#]+)')

Ways = Mapping[str, Collection[str]]
"""By route: the routes to which its pages lead."""


def leads_to(text: str, here: str) -> set[str]:
    """Return the routes to which the links and forms of a page lead."""
    return set(filter(None, (_route_of(urljoin(here, unescape(a))) for a in _LINK.findall(text))))


def _route_of(address: str) -> str:
    """Return the name of the route at an address of this site; empty for files and strangers."""
    try:
        return resolve(address.partition("?")[0]).view_name if address.startswith("/") else ""
    except Resolver404:
        return ""


def reached(start: str, ways: Ways) -> set[str]:
    """Return the routes that somebody who follows the ways comes to."""
    found: set[str] = set()
    waiting = {start}
    while waiting:
        route = waiting.pop()
        new = set(ways.get(route, ())) - {route} - found
        found |= new
        waiting |= new
    return found


def _pages(room: Room) -> Iterator[tuple[str, str, str]]:
    """Yield each page that a visitor opens: its route, its address, and what it says."""
    table = read(FILE.read_text("utf-8"))
    for role, place, slices in VISITORS:
        client = Client()
        client.force_login(User.objects.get(pk=room.members[role].user_id))
        values = room.values(place)
        for door in doors():
            if table[door.label][role] and (not slices or door.route.split(":")[0] in slices):
                more = (path.format(**values) for path in MORE.get(door.route, ()))
                for path in (door.path(values), *more):
                    yield door.route, path, shown(client.get(path, follow=True))


def test_every_page_is_reached(filled_room: Room) -> None:
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for route, path, text in _pages(filled_room):
        ways[route] |= leads_to(text, path)
    routes = {door.route for door in doors()}
    left = routes - reached(START, ways)
    assert " ".join(sorted(left - set(DECLARED))) == "", (
        "no page that is opened leads there: link it, let somebody open the page that links it "
        "(VISITORS, MORE), or say in DECLARED who calls it"
    )
    assert set(DECLARED) <= left, "these are reached: take them out of DECLARED"


def test_a_page_without_a_way_is_caught() -> None:
    ways = {
        "home": ["place", "posts"],
        "posts": ["post", "posts"],
        "post": ["home"],
        "shut": ["shut", "open"],
    }
    assert {*ways, "open"} - reached("home", ways) == {"shut", "open"}


def test_links_forms_and_what_a_script_asks_for_are_ways() -> None:
    text = """
        <a href="/16/readiness?status=LATE#plan">a</a> <a href="daily">b</a> <a href="#top">c</a>
        <form action="/16/daily/draft"></form> <input hx-get="/places/options?field=a&amp;b">
        <a href="https://example.org/16/directory">d</a> <link href="/static/a.css">
    """
    assert leads_to(text, "/16/") == {
        "readiness:place",
        "reporting:daily",
        "reporting:draft",
        "places:options",
    }
