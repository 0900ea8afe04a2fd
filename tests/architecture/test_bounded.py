"""No page grows with its tables: each shows so many rows at most, however long the house is used.

What a query may return cannot be read off it: most are bounded by a place's children, a meeting's
outcomes or an activity's districts. So tables that grow by use are filled with more rows than any
page may show, and the pages are looked at before and after. Each table of the house either grows
so, or says by what its rows are bounded on a page.
"""

import re
from collections.abc import Callable, Collection, Mapping
from copy import copy
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models
from django.test import Client

from serentak.platform.models import CurrentTransactionId, User

from .filled import SEATS, Room, shown
from .test_access import FILE, PLACES, doors, read

MANY = 210
"""More than the longest table shows at once."""

Tweak = Callable[[Any, int], None]


def _key(row: Any, n: int) -> None:
    row.client_key = uuid4()


def _named(field: str) -> Tweak:
    def tweak(row: Any, n: int) -> None:
        row.key = uuid4()
        setattr(row, field, f"{getattr(row, field)} {n}")

    return tweak


def _figure(row: Any, n: int) -> None:
    row.in_use = False
    row.source = f"{row.source} {n}"


def _day_before(row: Any, n: int) -> None:
    row.day -= timedelta(days=n + 1)


def _report(row: Any, n: int) -> None:
    row.submission = apps.get_model("readiness.Submission").objects.order_by("-pk")[n]


def _event(row: Any, n: int) -> None:
    row.transaction_id = CurrentTransactionId()


def _version(row: Any, n: int) -> None:
    row.client_key, row.number, row.reason = uuid4(), row.number + n + 1, "SK"


def _load(row: Any, n: int) -> None:
    row.client_key, row.code, row.number = uuid4(), f"code-{n}", f"16.02/{n + 100:04}"
    row.way_id = None
    location = apps.get_model("logistics.Location")
    row.way = location.objects.create(site="UNDER_WAY", place_id=row.destination.place_id)


def _order(row: Any, n: int) -> None:
    row.client_key, row.number = uuid4(), f"16.02/P{n + 100:04}"


def _as_it_is(row: Any, n: int) -> None:
    """Two rows may be alike."""


def _aid(row: Any, n: int) -> None:
    asked = copy(row.action)
    asked.pk, asked.client_key, asked._state.adding = None, uuid4(), True
    asked.save()
    row.client_key, row.action = uuid4(), asked


def _crime(row: Any, n: int) -> None:
    row.client_key, row.register = uuid4(), f"{n:04}/Reg"


def _run(row: Any, n: int) -> None:
    row.client_key, row.subject = uuid4(), f"incident:{n + 1000}"


def _round(row: Any, n: int) -> None:
    row.client_key, row.round, row.is_current = uuid4(), row.round + 2 * n + 2, False


def _past(row: Any, n: int) -> None:
    row.is_current = False


def _score(row: Any, n: int) -> None:
    row.day -= timedelta(days=n + 1)


def _incident(row: Any, n: int) -> None:
    row.key = uuid4()


GROWS: Mapping[str, Tweak] = {
    "contingency.PlanRun": _run,
    "coordination.Action": _key,
    "coordination.Guidance": _key,
    "coordination.Meeting": _key,
    "facilities.Check": _key,
    "facilities.Defect": _named("question"),
    "notices.Notification": _as_it_is,
    "posting.ReserveMove": _key,
    "figures.Figure": _figure,
    "liaison.AidRequest": _aid,
    "liaison.Assessment": _key,
    "liaison.Crime": _crime,
    "logistics.Consignment": _load,
    "logistics.Entry": _key,
    "logistics.Movement": _as_it_is,
    "logistics.NeedVersion": _version,
    "logistics.Order": _order,
    "neutrality.Case": _named("reference"),
    "neutrality.Circular": _named("number"),
    "neutrality.Replacement": _named("decree_number"),
    "platform.AuditEvent": _event,
    "quality.FlagRaised": _score,
    "quality.Score": _score,
    "readiness.Scenario": _key,
    "readiness.Submission": _key,
    "readiness.ProgressReport": _report,
    "readiness.TargetChange": _as_it_is,
    "reporting.DailyReport": _day_before,
    "security.Duty": _key,
    "security.Incident": _incident,
    "security.IncidentReport": _key,
    "security.IncidentStep": _as_it_is,
    "vulnerability.GivenClass": _past,
    "vulnerability.Survey": _round,
}
"""Tables to which every day of use adds rows, and what a row more must differ in."""

BOUNDED: Mapping[str, str] = {
    "contingency.RunStep": "the steps of one plan",
    "coordination.AgendaItem": "the points of one meeting; of those that wait, the oldest",
    "coordination.Invitation": "the institutions at one meeting",
    "coordination.Letter": "the letters on one action: a draft of each verb",
    "coordination.Outcome": "the minutes of one meeting",
    "distribution.Leg": "one for each pair of places of a regency",
    "distribution.Plan": "shown by pages",
    "distribution.Route": "the routes of one plan",
    "distribution.Stop": "the stops of one plan",
    "distribution.Vehicle": "shown by pages",
    "elections.CandidatePair": "the pairs of a contest",
    "elections.Contest": "one for each place",
    "elections.Election": "one for each province",
    "elections.Stage": "the stages of one calendar",
    "elections.StationVoters": "one for each station, shown by pages",
    "facilities.Standing": "one for each place and checklist, shown by pages",
    "figures.Discrepancy": "one for each measure, place and kind",
    "institutions.Holder": "the holders of one office",
    "institutions.Institution": "one of each kind in a place",
    "institutions.Jurisdiction": "the area of one institution",
    "institutions.Office": "one for each institution",
    "institutions.Person": "the people of one institution",
    "institutions.RoleAssignment": "the roles of one institution's people",
    "institutions.RolePlace": "the area of one role",
    "liaison.AssessmentMember": "the institutions of one place",
    "liaison.Contact": "the numbers of a place's institutions, kept by themselves",
    "liaison.Follow": "what follows from one assessment, as many as a form has rows",
    "logistics.ConsignmentLine": "the lines of one load, as many as a form has rows",
    "logistics.OrderLine": "the lines of one order, as many as a form has rows",
    "logistics.Seal": "the seals of one load",
    "logistics.Location": "summed up, never listed",
    "logistics.StationBasis": "summed up, never listed",
    "logistics.Stock": "summed up by the catalogue's items; lots begin so many rows of a form",
    "neutrality.CasePerson": "one for each case",
    "quality.Publication": "one for each province",
    "quality.Reply": "one that stands for each institution and score; a page shows 200 at most",
    "vulnerability.Finding": "at most one for each survey and question",
    "neutrality.CaseStep": "the course of one case",
    "neutrality.CircularReceipt": "the agencies of one region",
    "neutrality.Decision": "one for each case",
    "neutrality.PledgeCoverage": "one for each agency",
    "neutrality.Reply": "the replies in one case",
    "neutrality.ServiceReport": "the newest of each agency",
    "posting.Force": "one for each regency",
    "posting.OwnPattern": "one for each class and regency",
    "posting.Placing": "one for each station of a plan, printed and never listed",
    "posting.Plan": "shown by pages",
    "posting.PlanRow": "summed up by district, post and class, shown by pages",
    "posting.Post": "the offices of one regency, shown by pages",
    "posting.PostRegion": "the districts of one regency",
    "posting.Reinforcement": "the newest sixty of a place",
    "posting.ReserveRow": "the posts of one plan",
    "posting.RollCall": "one for each post of a regency, of today",
    "neutrality.StepTally": "summed up, never listed",
    "places.ExternalCode": "looked up, never listed",
    "places.Place": "the children of one place",
    "platform.AuditDetail": "one for each event",
    "platform.DomainClock": "one row",
    "platform.EvidenceFile": "the file of one action",
    "platform.User": "one for each person",
    "readiness.Activity": "the catalogue's activities at one place",
    "readiness.ActivityShare": "one for each activity and district",
    "readiness.ForecastRun": "one for each day; a page shows the last fourteen",
    "readiness.PlaceOutlook": "one for each child and day, of which a page shows the last fourteen",
    "readiness.ShockChance": "the shocks of the catalogue",
    "readiness.ShockStruck": "one for each shock and regency",
    "reporting.ChatTemplate": "one for each desk",
    "reporting.Contradiction": "one for each check and subject, shown by pages",
    "reporting.ContradictionStep": "the newest fifty of one",
    "reporting.Correction": "the corrections of one report",
    "reporting.Sentence": "the sentences of one report",
    "security.IncidentStation": "the stations of one incident, of which a page shows some",
    "reporting.Snapshot": "one for each area, child and day, of one day",
}
"""Tables of which a page shows a part that does not grow by use: which."""

ROLES = ("GOVERNOR_DESK_HEAD", "CASE_HANDLER", "AGENCY_OFFICER", "SUPERVISOR_OFFICER")
"""Who looks: for each page the first who may open it."""

_ROWS = re.compile(r"<(?:tr|li|option|article|dt|details)\b")


def grow(label: str, tweak: Tweak, count: int) -> None:
    """Add rows to a table, each a copy of its first."""
    model: type[models.Model] = apps.get_model(label)
    first = model._default_manager.order_by("pk").first()
    assert first is not None, f"lay a {label} into the filled room"
    rows = []
    for n in range(count):
        row = copy(first)
        row._state = copy(first._state)
        row._state.adding = True
        row.pk = uuid4() if isinstance(first.pk, UUID) else None
        tweak(row, n)
        rows.append(row)
    model._default_manager.bulk_create(rows)


def grown(before: Mapping[str, int], after: Mapping[str, int], *, most: int) -> dict[str, int]:
    """Return the pages that show as many rows more as were added, and how many."""
    return {page: n - before[page] for page, n in after.items() if n - before[page] >= most}


def undecided(labels: Collection[str]) -> list[str]:
    """Return the tables of which nobody said whether they grow, and those that are no more."""
    return sorted({*labels} ^ {*GROWS, *BOUNDED}) + sorted({*GROWS} & {*BOUNDED})


def _pages(room: Room) -> dict[str, tuple[Client, str]]:
    """Return by route who opens which page."""
    table = read(FILE.read_text("utf-8"))
    clients = {}
    for role in ROLES:
        clients[role] = Client()
        clients[role].force_login(User.objects.get(pk=room.members[role].user_id))
    found = {}
    for door in doors():
        for role in ROLES:
            if table[door.label][role] and door.route not in found:
                place = PLACES.get(door.route, SEATS[role][1])
                found[door.route] = clients[role], door.path(room.values(place))
    return found


def _rows(pages: Mapping[str, tuple[Client, str]]) -> dict[str, int]:
    counts = {}
    for route, (client, path) in pages.items():
        if text := shown(client.get(path)):
            counts[route] = len(_ROWS.findall(text))
    return counts


def test_no_page_grows_with_its_tables(filled_room: Room) -> None:
    pages = _pages(filled_room)
    before = _rows(pages)
    for label, tweak in GROWS.items():
        grow(label, tweak, MANY)
    after = _rows(pages)
    assert len(before) > 40
    assert sum(after.values()) > sum(before.values()) + MANY, "the pages show what was added"
    assert grown(before, after, most=MANY) == {}, (
        "these pages show every row there is: show them by pages (platform/web/tables.py)"
    )


def test_every_table_says_whether_it_grows() -> None:
    ours = {m._meta.label for m in apps.get_models() if m.__module__.startswith("serentak.")}
    assert undecided(ours) == [], (
        "say of each of these tables, in test_bounded.py, in GROWS or in BOUNDED, what its rows do: a "
        "table shown by pages, or with one row for each place or thing, is BOUNDED; what a page shows "
        "whole and every day of use adds to is in GROWS, and lies in the filled room (filled.py)"
    )


def test_a_page_that_grows_is_caught() -> None:
    before, after = {"posts:list": 12, "posts:post": 40}, {"posts:list": 222, "posts:post": 65}
    assert grown(before, after, most=MANY) == {"posts:list": 210}
    assert undecided({*GROWS, *BOUNDED, "posts.Post"}) == ["posts.Post"]
