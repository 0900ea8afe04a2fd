"""Measures what people wait for, and prints it as a table: `make bench` (ARGS="--skip demo").

Nothing here fails by the clock: a number belongs to the machine that it was taken on, which is why
the table names it. Aims are those of the design; a ratio compares two ways on the same machine.
"""

import argparse
import gzip
import http.client
import io
import math
import multiprocessing
import os
import platform
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")
os.environ |= {"SERENTAK_DEMO": "1", "SERENTAK_POOL": "0", "SERENTAK_LOG": "WARNING"}
os.environ["SERENTAK_DATABASE"] = f"bench_{os.getpid()}"

import django
import numpy as np
import xlsxwriter
import yaml

django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import connection, reset_queries
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path

from bench.listeners import delays, listening
from bench.storm import storm
from serentak.coordination.models import Action
from serentak.coordination.public import my_work
from serentak.distribution.actions import offer_vehicle
from serentak.distribution.queries.catalogues import vehicles
from serentak.distribution.queries.world import World, earliest, world
from serentak.distribution.rules.catalogue import Stage
from serentak.distribution.rules.plans import (
    Outcome,
    fits,
    outcome,
    timed,
    usable,
)
from serentak.distribution.rules.schedule import Call
from serentak.distribution.solvers import improved
from serentak.elections import public as elections
from serentak.elections.actions import (
    create_demo_stations,
    import_stations,
    set_up_election,
)
from serentak.elections.public import StationRow
from serentak.institutions import public as institutions
from serentak.institutions.actions import (
    add_person,
    create_national_institutions,
    create_province_institutions,
)
from serentak.institutions.public import viewer_for
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import (
    COUNTRY,
    Level,
    PlaceCode,
    level_of,
    subtree_range,
)
from serentak.kernel.counting import Counted, Counts, Share, Timed, Wait
from serentak.kernel.viewer import SYSTEM
from serentak.logistics.actions import (
    CountedPieces,
    Packed,
    Received,
    Thing,
    depart,
    hand_over,
    pack,
    receive,
    take_over_needs,
)
from serentak.logistics.public import What, lines_of, needs_at
from serentak.logistics.queries.needs import current_version
from serentak.logistics.queries.place import things
from serentak.logistics.rules.transfers import cheapest_transfers
from serentak.notices.events import NotificationsRead
from serentak.places import public as places
from serentak.places.actions import load_regions
from serentak.platform import clock, reading
from serentak.platform.access import public, signed_in
from serentak.platform.audit import record
from serentak.platform.database import Cluster, home
from serentak.platform.models import User
from serentak.platform.owner import owner
from serentak.platform.web import exports
from serentak.portal.documents import files_of
from serentak.portal.queries import publication
from serentak.posting.queries.catalogues import patterns
from serentak.posting.rules import Batch, Crew, evenly, groups
from serentak.posting.solvers import greedy, posting, with_more
from serentak.quality.actions import store_scores
from serentak.quality.queries.catalogues import catalogue, chance
from serentak.quality.queries.computing import counted_by
from serentak.quality.queries.reading import under
from serentak.quality.rules.catalogue import Indicator, Print
from serentak.quality.rules.judging import Judged, judge
from serentak.quality.rules.weighing import compare, profile
from serentak.readiness.actions import (
    PastPage,
    ReportRow,
    instantiate_activities,
    report_progress,
    take_over_reports,
)
from serentak.readiness.public import ReportKind, workload
from serentak.readiness.queries.board import board, thresholds
from serentak.readiness.queries.board import catalogue as activities
from serentak.readiness.rules.forecast import (
    DRAWS,
    Situation,
    WhatIf,
    changed,
    forecast,
    situation,
)
from serentak.readiness.rules.network import build_network
from serentak.readiness.rules.schedule import Work
from serentak.readiness.rules.shocks import read_shocks
from serentak.reporting.actions import compare_sides, draft_report
from serentak.reporting.documents import book_pdf, book_sheets
from serentak.reporting.queries.book import book as meeting_book
from serentak.security.actions import report_incident
from tests.stage import Server, serving, template_of

SUMSEL = PlaceCode("16")
AT = datetime(2024, 10, 1, tzinfo=UTC)
REPEATS = 15
READY = "Serentak is ready"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `aim` is empty where the design names none."""

    what: str
    value: str
    aim: str = ""


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def fresh_database(cluster: Cluster) -> Iterator[None]:
    """Work in an empty, migrated database of one's own."""
    name = os.environ["SERENTAK_DATABASE"]
    cluster.create_database_if_missing(name)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        connection.close()
        cluster.drop_database(name)


@contextmanager
def copy_of_scene(cluster: Cluster, scene: str) -> Iterator[None]:
    """Work in a copy of a loaded scene."""
    usual, name = connection.settings_dict, f"bench_scene_{os.getpid()}"
    cluster.copy_database(template_of(cluster, scene), name)
    connection.close()
    connection.settings_dict = usual | {"NAME": name}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = usual
        cluster.drop_database(name)


# --- what is measured


def loading(cluster: Cluster) -> Iterator[Line]:
    """The country's places, a province's institutions and stations, into an empty database."""
    with fresh_database(cluster):
        took = seconds(lambda: load_regions(actor=SYSTEM, at=AT))
        yield Line("load the country's 91,593 places", f"{took:.2f} s", "< 5 s")
        took = seconds(lambda: load_regions(actor=SYSTEM, at=AT))
        yield Line("  the same list again, nothing new", f"{took:.2f} s")
        made = 0

        def institutions() -> None:
            nonlocal made
            made = create_province_institutions(province=SUMSEL, actor=SYSTEM, at=AT)

        took = seconds(institutions)
        yield Line(f"create a province's {made:,} institutions", f"{took:.2f} s")
        set_up_election(place=SUMSEL, actor=SYSTEM, at=AT)

        def stations() -> None:
            nonlocal made
            made = create_demo_stations(province=SUMSEL, actor=SYSTEM, at=AT)

        took = seconds(stations)
        yield Line(f"create its {made:,} stations", f"{took:.2f} s")


PAGES = (
    ("desk of the province", "desk.sumsel", "/16/", "≤ 25 ms, ≤ 15"),
    ("desk of a regency", "desk.oki", "/16.02/", "≤ 25 ms, ≤ 15"),
    ("desk of a district", "ppk.airsugihan", "/16.02.14/", "≤ 25 ms, ≤ 15"),
    ("readiness of the province", "desk.sumsel", "/16/readiness", "≤ 40 ms"),
    ("readiness of a regency", "desk.oki", "/16.02/readiness", ""),
    ("report of a regency", "dishub.oki", "/16.02/report", ""),
    ("figures of the province", "desk.sumsel", "/16/figures", ""),
    ("daily report of the province", "desk.sumsel", "/16/daily/2024-10-27", "< 150 ms"),
)


def pages(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Processor time and statements of pages in the server, median, without the network.

    From nothing, as the first page of a process; again, nothing changed; and after a report.
    """
    with copy_of_scene(cluster, scene):
        for name, who, path, aim in PAGES:
            get = _getting(who, path)
            if get().status_code != 200:
                yield Line(name, "not there")
                continue
            fresh = _processor(get, before=reading.forget)
            again, after = _processor(get), _processor(get, before=_deed)
            reading.forget()
            statements = [_statements(get), _statements(get)]
            yield Line(
                f"{name}, from nothing", f"{fresh * 1000:.0f} ms, {statements[0]} statements"
            )
            value = f"{again * 1000:.0f} ms, {statements[1]} statements"
            yield Line("  again, nothing changed", value, aim)
            yield Line(
                "  after a report in OKI", f"{after * 1000:.0f} ms ({after / again:.1f} : 1)"
            )


def _getting(who: str, path: str) -> Callable[[], Any]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=who))
    return lambda: client.get(path)


def _processor(work: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    """Return the median of processor seconds of `work`, each time after `before`."""
    taken = []
    for _ in range(REPEATS):
        before()
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def _deed_in_west_java() -> None:
    """Report no change on one activity of the first regency of West Java."""
    line = next(line for line in workload(PlaceCode("32")) if line.district is None)
    row = ReportRow(line.activity_id, ReportKind.NO_CHANGE)
    report_progress(client_key=uuid4(), place=line.place, rows=[row], actor=SYSTEM, at=clock.now())


def _deed() -> None:
    """Report no change on one line of a district, as somebody in OKI would."""
    line = next(line for line in workload(SUMSEL) if (line.district or "").startswith("16.02.14"))
    row = ReportRow(line.activity_id, ReportKind.NO_CHANGE, district=line.district)
    report_progress(
        client_key=uuid4(), place=PlaceCode("16.02.14"), rows=[row], actor=SYSTEM, at=clock.now()
    )


def _bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def _insert(request: HttpRequest) -> HttpResponse:
    record(NotificationsRead(subjects=("user:1",), place=COUNTRY, count=1), actor=SYSTEM, at=AT)
    return HttpResponse("ok")


urlpatterns = [path("bare", public(_bare)), path("insert", signed_in(_insert))]


def writes(cluster: Cluster, scene: str) -> Iterator[Line]:
    """A report of one row against a bare insert; a bare view with all middleware and without."""
    with copy_of_scene(cluster, scene):
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username="ppk.airsugihan"))
        page = "/16.02.14/report"
        found = re.search(r'name="shown" value="(\d+)', client.get(f"{page}?all").content.decode())
        assert found

        def report() -> None:
            data = {"client_key": str(uuid4()), "shown": found[1], f"{found[1]}_answer": "same"}
            assert client.post(page, data).status_code == 302

        statements, took = _statements(report), _processor(report)
        with override_settings(ROOT_URLCONF=__name__):
            insert = _processor(lambda: client.post("/insert"))
            stranger = Client(SERVER_NAME="localhost")
            whole = _processor(lambda: stranger.get("/bare"))
            with override_settings(MIDDLEWARE=[]):
                nothing = Client(SERVER_NAME="localhost")
                bare = _processor(lambda: nothing.get("/bare"))
        yield Line("report of one row", f"{took * 1000:.1f} ms, {statements} statements", "≤ 14")
        yield Line("  against a bare insert, same middleware", f"{took / insert:.1f} : 1", "≤ 8")
        yield Line("bare view behind all middleware : bare", f"{whole / bare:.1f} : 1", "≤ 4")


READERS, EACH = 50, 12


def readers(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Fifty who read the province's desk at once, each on a connection of their own."""
    log = Path(tempfile.gettempdir()) / f"bench-{os.getpid()}.log"
    with serving(cluster, template_of(cluster, scene), log, processes=2) as server:
        cookie = _signed_in(server.url, "desk.sumsel")
        _get(f"{server.url}/16/", cookie)
        taken: list[float] = []

        def read() -> None:
            for _ in range(EACH):
                began = time.perf_counter()
                answer, _body = _get(f"{server.url}/16/", cookie)
                assert answer.status == 200
                taken.append(time.perf_counter() - began)

        threads = [Thread(target=read) for _ in range(READERS)]
        took = seconds(lambda: [[t.start() for t in threads], [t.join() for t in threads]])
        worst = statistics.quantiles(taken, n=100)[98]
        value = f"{len(taken) / took:.0f}/s, p99 {worst:.1f} s"
        yield Line(f"{READERS} readers on the province's desk", value, "≥ 80/s, 1.2 s")
    log.unlink(missing_ok=True)


OPEN_INCIDENTS, CLOSED_INCIDENTS = 200, 10_000


def room(cluster: Cluster, scene: str) -> Iterator[Line]:
    """The situation room of the province with many incidents, in a copy of a scene."""
    with copy_of_scene(cluster, scene):
        _incidents(OPEN_INCIDENTS, CLOSED_INCIDENTS)
        for who in ("desk.sumsel", "polda.sumsel"):
            client = Client(SERVER_NAME="localhost", headers={"HX-Request": "true"})
            client.force_login(User.objects.get(username=who))
            get = partial(client.get, "/16/security/room")
            assert get().status_code == 200
            statements = _statements(lambda get=get: (reading.forget(), get()))
            anew, again = _processor(get, before=reading.forget), _processor(get)
            value = f"{anew * 1000:.0f}, {again * 1000:.0f} ms; {statements} statements"
            what = f"room, {OPEN_INCIDENTS} open, {CLOSED_INCIDENTS:,} closed ({who}): anew, again"
            yield Line(what, value, "< 100 ms")


def _report() -> None:
    """Report that a district's office is besieged."""
    now = clock.now()
    answers = {"crowd": "MANY"}
    report_incident(client_key=uuid4(), kind="SIEGE", place=PlaceCode("16.02.14"), happened_at=now,
                    answers=answers, actor=SYSTEM, at=now)  # fmt: skip


def _incidents(opened: int, closed: int) -> None:
    """Copy an incident and its report onto all districts of the province, in their turn."""
    _report()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(code) FROM places_place WHERE code LIKE '16.__.__'")
        [districts] = cursor.fetchone()
        any_district = "(%(districts)s::text[])[1 + n %% cardinality(%(districts)s::text[])]"
        is_open = "%(state)s <> 'CLOSED'"
        for state, count in (("REPORTED", opened), ("CLOSED", closed)):
            for table in ("security_incident", "security_report"):
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
                    [table],
                )
                names = [name for (name,) in cursor.fetchall() if name != "id"]
                taken = {
                    "key": "gen_random_uuid()",
                    "client_key": "gen_random_uuid()",
                    "place_id": any_district,
                    "state": "%(state)s",
                    "closed_at": f"CASE WHEN NOT {is_open} THEN reported_at END",
                    "due_at": f"CASE WHEN {is_open} THEN due_at - n * interval '9 s' END",
                    "climbs_at": "NULL",
                    "reported_at": "reported_at - n * interval '10 s'",
                    "received_at": "received_at - n * interval '10 s'",
                }
                shown = ", ".join(taken.get(name, name) for name in names)
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {shown} FROM"
                    f" (SELECT * FROM {table} ORDER BY id LIMIT 1) AS one,"
                    " generate_series(1, %(count)s) AS n",
                    {"districts": districts, "state": state, "count": count},
                )
        cursor.execute("ANALYZE security_incident, security_report")


@contextmanager
def _two_processes(cluster: Cluster, scene: str) -> Iterator[Server]:
    """Serve a copy of a scene with two web processes, and look into the same copy from here."""
    log = Path(tempfile.gettempdir()) / f"bench-{os.getpid()}.log"
    usual = connection.settings_dict
    with serving(cluster, template_of(cluster, scene), log, processes=2) as server:
        connection.close()
        connection.settings_dict = usual | {"NAME": server.database}
        try:
            yield server
        finally:
            connection.close()
            connection.settings_dict = usual
    log.unlink(missing_ok=True)


SCREENS, LOOKS_OF_ONE, DEEDS = (1, 200, 500), 8, 12


def streams(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Screens that listen to two web processes: after how long all are told, and show it."""
    with _two_processes(cluster, scene) as server:
        cookies = _accounts(-(-max(SCREENS) // LOOKS_OF_ONE))
        page = "/16/security/room?wall=1"
        before = _memory_of_web(server.process)
        for count in SCREENS:
            with listening(server.url, page, cookies, count) as screens:
                heard, shown = delays(screens, _report, DEEDS, fetches=True)
                memory = _memory_of_web(server.process)
            for what, taken in (("told", heard), ("part fetched", shown)):
                parts = statistics.quantiles(taken, n=100)
                value = f"p50 {parts[49] * 1000:.0f} ms, p99 {parts[98] * 1000:.0f} ms"
                yield Line(f"{count} screens: {what} after a report", value, "< 2 s")
            value = f"{before:.0f}, {memory:.0f} MB"
            yield Line(f"the larger web process before, with {count} screens", value)


RATE, LASTS, SENDERS = 100, 10, 60


def storms(cluster: Cluster, scene: str) -> Iterator[Line]:
    """100 reports of incidents a second to two web processes, one of which is killed meanwhile."""
    with _two_processes(cluster, scene) as server:
        cookies = _accounts(2 * RATE * LASTS // 60)
        moment = f"{clock.now().astimezone(ZoneInfo('Asia/Jakarta')):%Y-%m-%dT%H:%M}"
        serves = [one for one in _family(server.process) if one != server.process]
        for kills in ((), (max(serves, key=_memory),)):
            came = storm(
                server.url,
                cookies,
                moment,
                rate=RATE,
                seconds=LASTS,
                senders=SENDERS,
                kills=kills,
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*), count(DISTINCT client_key) FROM security_report"
                    " WHERE client_key = ANY(%s::uuid[])",
                    [came.answered],
                )
                kept, single = cursor.fetchone()
            parts = statistics.quantiles(came.taken, n=100)
            yield Line(
                f"{RATE} reports/s offered for {LASTS} s{', one process killed' * bool(kills)}",
                f"{len(came.answered) / came.lasted:.0f}/s, p50 {parts[49]:.2f} s,"
                f" p99 {parts[98]:.2f} s",
                "100/s",
            )
            yield Line(
                "  answered, of them lost, stored twice; cut",
                f"{len(came.answered)}, {len(came.answered) - single}, {kept - single}; {came.cut}",
                "0 lost",
            )


def _accounts(count: int) -> list[str]:
    """Make accounts at the governor's desk and return the cookies of their sessions."""
    seat = institutions.institution_by("GOVERNOR_DESK", SUMSEL)
    assert seat
    cookies = []
    with override_settings(SECRET_KEY=(home() / "secret-key").read_text("utf-8").strip()):
        for number in range(count):
            name = f"screen{number}"
            add_person(institution_id=seat.id, full_name=name, username=name, password=uuid4().hex,
                       role="GOVERNOR_DESK_OFFICER", actor=SYSTEM, at=AT)  # fmt: skip
            client = Client()
            client.force_login(User.objects.get(username=name))
            cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    return cookies


def _memory_of_web(master: int) -> float:
    """Return what the one serving process takes: the one with most."""
    return max(_memory(one) for one in _family(master) if one != master)


def readiness(cluster: Cluster, scene: str) -> Iterator[Line]:
    """The schedule of a province of 17, and reports taken page by page against all at once."""
    with copy_of_scene(cluster, scene):
        now = clock.now()
        board(SUMSEL, at=now)
        took = [seconds(lambda: board(SUMSEL, at=now)) for _ in range(REPEATS)]
        found = board(SUMSEL, at=now)
        assert found
        yield Line(
            f"read the {len(found.rows):,} activities of 17 areas",
            f"{statistics.median(took) * 1000:.0f} ms",
        )
        boards = [board(SUMSEL, at=now) for _ in range(REPEATS)]
        took = [seconds(lambda b=b: b.schedule) for b in boards]
        yield Line("compute their schedule", f"{statistics.median(took) * 1000:.0f} ms")
        took = [
            seconds(lambda b=b: [s.priority for place in b.numbers for s in b.at_place(place)])
            for b in boards
        ]
        yield Line("  and status and priority of each", f"{statistics.median(took) * 1000:.0f} ms")

        pages = _pages()
        one_by_one = seconds(lambda: [_send(page, now) for page in pages])
        later = [replace(p, client_key=uuid4(), sent_at=now + timedelta(hours=1)) for p in pages]
        at_once = seconds(lambda: take_over_reports(pages=later, actor=SYSTEM, at=now))
        yield Line(
            f"{len(pages)} pages of reports, one by one",
            f"{one_by_one / len(pages) * 1000:.1f} ms each",
        )
        yield Line(
            "  the same taken over at once",
            f"{at_once / len(pages) * 1000:.1f} ms each (1 : {one_by_one / at_once:.1f})",
        )


def forecasts() -> Iterator[Line]:
    """Chances of a regency, a province and 514 regencies, beside bare sampling of the durations."""
    whole = [_halfway(f"{n + 11}", 14 if n < 20 else 13) for n in range(38)]
    ours = _halfway("16", 17)
    regency = PlaceCode("16.02")
    tried = changed(ours, WhatIf(factors={(regency, "ballot-sort"): 0.5}))
    what_if = [
        seconds(partial(forecast, tried, seed=n, places=[regency], to_vote=True))
        for n in range(REPEATS)
    ]
    found = forecast(tried, seed=0, places=[regency], to_vote=True).places[regency].ready
    yield Line("what-if of a regency", f"{statistics.median(what_if) * 1000:.0f} ms", "< 100 ms")
    yield Line("  standard error", f"{100 * found.error:.2f} points", "≤ 0.5")
    took = [seconds(partial(forecast, ours, seed=n)) for n in range(5)]
    yield Line("chances of a province of 17", f"{statistics.median(took):.2f} s", "< 1 s")
    numbers = np.random.default_rng(1)

    def bare(province: Situation) -> None:
        for points in province.remaining:
            if points.high > points.low:
                numbers.triangular(points.low, points.likely, points.high, DRAWS)

    alone = took_alone = 0.0
    for province in whole:  # by turns, so that what else runs here slows both
        alone += seconds(partial(bare, province))
        took_alone += seconds(partial(forecast, province, seed=1))
    yield Line("chances of 514 regencies, one core", f"{took_alone:.1f} s")
    yield Line("  : bare sampling of the same", f"{took_alone / alone:.2f} : 1", "≤ 1.2 : 1")
    both = _by_many(lambda n: forecast(whole[n], seed=1), list(range(len(whole))), hands=2)
    yield Line("  on two cores, as quick", f"{took_alone / both:.2f} times")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    yield Line("  memory of a process at most", f"{most:.0f} MB", "< 1 GB")


def _halfway(province: str, regencies: int) -> Situation:
    """Return a province at H-30 where all keeps to its targets, as the catalogue has it."""
    catalogue, today = activities(), -30
    places = {
        Level.PROVINCE: [PlaceCode(province)],
        Level.REGENCY: [PlaceCode(f"{province}.{n:02}") for n in range(1, regencies + 1)],
    }
    network = build_network(
        catalogue,
        [
            (place, key)
            for level, of in places.items()
            for place in of
            for key, activity in catalogue.activities.items()
            if level in activity.levels
        ],
    )
    works = []
    for one in network.definitions:
        share = (today - one.target + one.durations.likely - 1) / one.durations.likely
        works.append(Work(100, int(100 * min(1.0, max(0.0, share))), one.target))
    return situation(
        network, works, seen={}, today=today, vote_date=date(2024, 11, 27),
        thresholds=thresholds(), shocks=read_shocks(_raw_shocks(), catalogue),
    )  # fmt: skip


def _raw_shocks() -> object:
    return yaml.safe_load((ROOT / "src/serentak/readiness/catalogue/shocks.yaml").read_text())


def _pages() -> list[PastPage]:
    """Return a page of each district that says of all its lines that nothing changed."""
    rows: dict[PlaceCode, list[ReportRow]] = {}
    for line in workload(SUMSEL):
        if line.district:
            row = ReportRow(line.activity_id, ReportKind.NO_CHANGE, district=line.district)
            rows.setdefault(line.district, []).append(row)
    return [PastPage(uuid4(), place, clock.now(), page) for place, page in rows.items()]


def _send(page: PastPage, now: datetime) -> None:
    report_progress(
        client_key=page.client_key, place=page.place, rows=page.rows, actor=SYSTEM, at=now
    )


def daily_reports(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Daily reports assembled and stored, and the meeting book, in a copy of a scene."""
    with copy_of_scene(cluster, scene):
        at = clock.now()
        regencies = [card.code for card in places.children(SUMSEL)]
        with CaptureQueriesContext(connection) as asked:
            took = seconds(lambda: [draft_report(place=p, actor=SYSTEM, at=at) for p in regencies])
        value = f"{took:.2f} s, {len(asked) / len(regencies):.0f} queries each"
        yield Line("daily reports of 17 regencies", value)
        with CaptureQueriesContext(connection) as asked:
            took = seconds(lambda: draft_report(place=SUMSEL, actor=SYSTEM, at=at))
        yield Line("  and of their province", f"{took:.2f} s, {len(asked)} queries")
        with CaptureQueriesContext(connection) as asked:
            took = seconds(lambda: compare_sides(place=SUMSEL, actor=SYSTEM, at=at))
        yield Line("contradictions of a province", f"{took:.2f} s, {len(asked)} queries", "< 1 s")
        found = meeting_book(SUMSEL, viewer=SYSTEM, at=at)
        took = seconds(lambda: meeting_book(SUMSEL, viewer=SYSTEM, at=at))
        yield Line("meeting book of 17 regencies, read", f"{took:.2f} s")
        took = seconds(lambda: book_pdf(found, is_drill=True))
        yield Line("  as PDF", f"{took:.2f} s", "< 5 s")
        took = seconds(lambda: book_sheets(found, is_drill=True))
        yield Line("  as XLSX", f"{took:.2f} s", "< 5 s")
        took = seconds(lambda: files_of(publication(SUMSEL, at=at), is_drill=True))
        yield Line("public pages of a province, made", f"{took:.2f} s")


CASES = 100_000


def neutrality_cases(cluster: Cluster, scene: str) -> Iterator[Line]:
    """The list of cases and their follow-up with many cases, in a copy of a scene."""
    with copy_of_scene(cluster, scene):
        _copy_cases(CASES)
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username="desk.sumsel"))
        for name, path in (("list of cases", "cases"), ("their follow-up", "follow-up")):
            page = f"/16/neutrality/{path}"
            assert client.get(page).status_code == 200
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            queries = len(asked)
            took = [seconds(lambda p=page: client.get(p)) for _ in range(REPEATS)]
            value = f"{statistics.median(took) * 1000:.0f} ms, {queries} queries"
            yield Line(f"{name}, {CASES:,} cases, in the server", value, "< 150 ms")


def _copy_cases(count: int) -> None:
    """Copy the scene's cases with their steps onto all agencies of the regencies, in turn."""
    with owner(), connection.cursor() as cursor:
        for table, wanted in (("neutrality_case", ""), ("neutrality_case_step", "case_id")):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
                [table],
            )
            names = [name for (name,) in cursor.fetchall() if name not in {"id", wanted}]
            taken = {
                "key": "gen_random_uuid()",
                "reference": "old.reference || '/' || made.n",
                "agency_id": "made.agency_id",
                "place_id": "made.place_id",
            }
            shown = [taken.get(name, f"old.{name}") for name in names]
            if not wanted:
                cursor.execute(
                    "CREATE TEMP TABLE made AS SELECT row_number() OVER () AS n, case_id,"
                    " nextval(pg_get_serial_sequence('neutrality_case', 'id')) AS id,"
                    " agency_id, place_id FROM (SELECT c.id AS case_id, a.id AS agency_id,"
                    " a.place_id FROM neutrality_case c, institutions_institution a,"
                    " generate_series(1, 100000) WHERE a.place_id LIKE '16.__'"
                    " AND a.kind IN ('DISHUB', 'DINKES', 'DPMD', 'BKD', 'SECRETARY', 'DISKOMINFO',"
                    " 'SATPOL_PP', 'DUKCAPIL') LIMIT %s) AS taken",
                    [count],
                )
                names, shown = ["id", *names], ["made.id", *shown]
            else:
                names, shown = ["case_id", *names], ["made.id", *shown]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(shown)} FROM {table}"
                f" AS old JOIN made ON old.{wanted or 'id'} = made.case_id"
            )
        cursor.execute(
            "TRUNCATE neutrality_step_tally;"
            f"{import_module('serentak.neutrality.migrations.0002_tally_of_stays').TALLY};"
            "ANALYZE neutrality_case, neutrality_step_tally"
        )


def whole_country(cluster: Cluster) -> Iterator[Line]:
    """The page of all provinces, and every one's daily reports, from rows of a scratch database."""
    at = AT + timedelta(days=27)
    with fresh_database(cluster):
        load_regions(actor=SYSTEM, at=AT)
        create_national_institutions(actor=SYSTEM, at=AT)
        provinces = [card.code for card in places.children(COUNTRY)]
        for province in provinces:
            create_province_institutions(province=province, actor=SYSTEM, at=AT)
            set_up_election(place=province, actor=SYSTEM, at=AT)
            import_stations(
                rows=[StationRow(code, 250, 250) for code in _stations(province)],
                source="bench",
                as_of_date=AT.date(),
                figure_class=FigureClass.SYNTHETIC,
                actor=SYSTEM,
                at=AT,
            )
            instantiate_activities(province=province, actor=SYSTEM, at=AT)
        clock.set_clock(domain_at=at, scene="bench")
        yield from _page_of_the_country(at)
        for province in provinces:
            take_over_needs(
                client_key=uuid4(), province=province, seen=None, reason="", actor=SYSTEM, at=at
            )
        yield from _needs(provinces)
        began = time.perf_counter()
        count = sum(store_scores(place=province, actor=SYSTEM, at=at) for province in provinces)
        took = time.perf_counter() - began
        yield Line(f"{count:,} scores of the country stored", f"{took:.1f} s", "< 10 s")
        below = {p: [card.code for card in places.children(p)] for p in provinces}
        regencies = [code for codes in below.values() for code in codes]
        yield from _drafted(f"daily reports of {len(regencies)} regencies", regencies, at)
        yield from _drafted(f"  and of their {len(provinces)} provinces", provinces, at)
        took = seconds(lambda: [compare_sides(place=p, actor=SYSTEM, at=at) for p in provinces])
        yield Line(f"contradictions of {len(regencies)} regencies", f"{took:.1f} s", "< 30 s")
        fewest, most = (pick(provinces, key=lambda p: len(below[p])) for pick in (min, max))
        for province in (fewest, most):
            with CaptureQueriesContext(connection) as asked:
                took = seconds(lambda p=province: meeting_book(p, viewer=SYSTEM, at=at))
            value = f"{took:.2f} s, {len(asked)} queries"
            yield Line(f"  meeting book of {len(below[province])} regencies, read", value)


def _page_of_the_country(at: datetime) -> Iterator[Line]:
    """The page of all provinces as an officer of the ministry opens it, and what it rests on."""
    seat = institutions.institution_by("MINISTER", COUNTRY)
    add_person(
        institution_id=seat.id if seat else 0,
        full_name="Bench",
        username="ministry",
        password=uuid4().hex,
        role="MINISTRY_OFFICER",
        actor=SYSTEM,
        at=AT,
    )
    get = _getting("ministry", "/country")
    found = elections.voters_and_stations(COUNTRY)[COUNTRY]
    yield Line("stations of the country", f"{found.stations:,}")
    reading.forget()
    yield Line("rebuild of the country's standings", f"{seconds(get):.1f} s", "< 30 s")
    fresh = _processor(_getting("ministry", "/32/"), before=reading.forget)
    yield Line("rebuild of West Java's standings", f"{fresh:.2f} s", "< 1 s")
    jabar = _getting("ministry", "/32/readiness")
    jabar()
    yield Line("readiness of West Java, unchanged", f"{_processor(jabar) * 1000:.0f} ms", "≤ 50 ms")
    get()
    again, after = _processor(get), _processor(get, before=_deed_in_west_java)
    reading.forget()
    get()
    value = f"{again * 1000:.0f} ms, {_statements(get)} statements"
    yield Line("country page, nothing changed", value, "≤ 60 ms")
    yield Line(
        "  after a report in one province", f"{after * 1000:.0f} ms ({after / again:.1f} : 1)"
    )
    with clock.standing(lambda: at + timedelta(minutes=1)):
        yield Line("  in the next minute", f"{seconds(get) * 1000:.0f} ms")


def _stations(province: PlaceCode) -> list[PlaceCode]:
    """Return sixty stations in each district of a province: 431,000 in the country."""
    low, high = subtree_range(province)
    codes = apps.get_model("places", "Place").objects.filter(code__gte=low, code__lt=high)
    villages: dict[str, str] = {}
    for code in codes.values_list("code", flat=True).order_by("code"):
        if level_of(code) is Level.VILLAGE:
            villages.setdefault(code[: Level.DISTRICT], code)
    return [PlaceCode(f"{v}.{number:03}") for v in villages.values() for number in range(1, 61)]


def _drafted(what: str, codes: list[PlaceCode], at: datetime) -> Iterator[Line]:
    """Draft the reports of places anew from nothing and tell the spread of their queries."""
    counts = []
    began = time.perf_counter()
    for code in codes:
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            draft_report(place=code, actor=SYSTEM, at=at)
        counts.append(len(asked))
    took = time.perf_counter() - began
    value = f"{took:.1f} s, {min(counts)} to {max(counts)} queries each"
    yield Line(what, value)


def coordination(cluster: Cluster, scene: str) -> Iterator[Line]:
    """My work, coordination and the desk with 10,000 open actions, warm, in the server."""
    with copy_of_scene(cluster, scene):
        models = list(Action.objects.filter(state__in=["OPEN", "ACKNOWLEDGED", "IN_PROGRESS"]))
        Action.objects.bulk_create(
            _another(models[number % len(models)], timedelta(days=number % 40))
            for number in range(10_000 - len(models))
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE coordination_action")
        client = Client(SERVER_NAME="localhost")
        user = User.objects.get(username="desk.sumsel")
        client.force_login(user)
        now = clock.now()
        viewer = viewer_for(user_id=user.pk, at=now)
        works: dict[str, Callable[[], object]] = {
            "my work": lambda: my_work(viewer, at=now),
            "overview of the province": lambda: client.get("/16/coordination"),
            "overview of a regency": lambda: client.get("/16.02/coordination"),
            "desk of the province": lambda: client.get("/16/"),
            "desk of a regency": lambda: client.get("/16.02/"),
        }
        for name, work in works.items():
            work()
            with CaptureQueriesContext(connection) as asked:
                work()
            # Counted at once: a later request empties the log.
            queries = len(asked)
            took = statistics.median(seconds(work) for _ in range(REPEATS))
            value = f"{took * 1000:.0f} ms, {queries} queries"
            yield Line(f"{name}, 10,000 open actions", value, "< 150 ms")


def _another(model: Action, later: timedelta) -> Action:
    """Return another open action like a given one, asked and due so much later."""
    fields = {
        f.attname: getattr(model, f.attname)
        for f in Action._meta.concrete_fields
        if f.attname not in ("id", "client_key", "outcome_id")
    }
    moved = {name: fields[name] + later for name in ("due_date", "due_at", "asked_at")}
    return Action(**(fields | moved | {"check_date": None}))


def logistics(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Needs beside SQL that only multiplies, pages of stock, hand-overs at once, transfers."""
    with copy_of_scene(cluster, scene):
        yield from _needs([SUMSEL])
        for place in ("16.02", "16"):
            get = _getting("kpu.sumsel", f"/{place}/logistics")
            fresh = _processor(get, before=reading.forget)
            again, count = _processor(get), _statements(get)
            value = f"{fresh * 1000:.0f}, again {again * 1000:.0f} ms, {count} st."
            yield Line(f"logistics of {place}, from nothing", value)
        yield from _hand_overs()
    for name, keepers, kinds in (("17 stores, 1 item", 17, 1), ("32 districts, 12 items", 32, 12)):
        spare, wanted, km = _shortages(keepers, kinds)
        plan = cheapest_transfers(spare, wanted, km=km, kg=lambda _what: 1.0)
        took = seconds(lambda given=(spare, wanted, km): cheapest_transfers(
            given[0], given[1], km=given[2], kg=lambda _what: 1.0
        ))  # fmt: skip
        value = f"{took:.2f} s, {len(plan.transfers)} moves, gap {plan.gap:.1%}"
        yield Line(f"transfers between {name}", value, "< 2 s")


def _needs(provinces: list[PlaceCode]) -> Iterator[Line]:
    """The needs of provinces by regency, beside a statement that sums as many products."""
    versions = [version for p in provinces if (version := current_version(p))]
    stations, kinds = sum(version.stations for version in versions), len(things())

    def needs() -> None:
        reading.forget()
        for province in provinces:
            needs_at(province, Level.REGENCY)

    def products() -> None:
        sums = ", ".join(f"sum(ceil(voters * {n}.025))" for n in range(1, kinds + 1))
        for version in versions:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT left(place_id, 5), {sums} FROM logistics_station_basis"
                    " WHERE version_id = %s GROUP BY 1",
                    [version.id],
                )
                cursor.fetchall()

    took, bare = (min(seconds(work) for _ in range(3)) for work in (needs, products))
    value = f"{took * 1000:,.0f} ms ({took / bare:.1f} : 1)"
    yield Line(f"needs of {stations:,} stations × {kinds} kinds", value)


HANDED, HANDS = 400, 8


def _hand_overs() -> Iterator[Line]:
    """Loads received by eight at once; every piece is somewhere, and none is twice."""
    keeper = PlaceCode("16.02")
    receive(
        client_key=uuid4(), place=keeper, lines=[Received(Thing("booth"), HANDED * 2)],
        reference="", actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    districts = [card.code for card in places.children(keeper)]
    loads = [
        pack(
            client_key=uuid4(), place=keeper, destination=districts[n % len(districts)],
            lines=[Packed(Thing("booth"), 2)], due_at=clock.now() + timedelta(days=1),
            actor=SYSTEM, at=clock.now(),
        )
        for n in range(HANDED)
    ]  # fmt: skip
    for load in loads:
        depart(
            consignment_id=load, version=1, vehicle="Truk", escort="Polri", actor=SYSTEM,
            at=clock.now(),
        )  # fmt: skip

    def take(load: int) -> None:
        hand_over(
            client_key=uuid4(), consignment_id=load, seals=(), record_number="", actor=SYSTEM,
            counted={line.id: CountedPieces(line.shipped) for line in lines_of(load)},
            at=clock.now(),
        )  # fmt: skip

    took = _by_many(take, loads)
    bare = _by_many(lambda _load: _insert(HttpRequest()), loads)
    stock = apps.get_model("logistics", "Stock").objects
    total = stock.aggregate(n=Sum("quantity"))["n"]
    states = apps.get_model("logistics", "Consignment").objects.filter(pk__in=loads)
    whole = states.filter(state="HANDED_OVER").count() == HANDED and total == 0
    value = f"{HANDED / took:.0f}/s ({took / bare:.1f} : 1), {'whole' if whole else 'NOT WHOLE'}"
    yield Line(f"hand-overs by {HANDS} at once : bare inserts", value, "≥ 50/s")


def _by_many(work: Callable[[int], object], items: list[int], hands: int = HANDS) -> float:
    """Return how long several processes take over their shares of the items."""

    def share(part: list[int]) -> None:
        for item in part:
            work(item)

    connection.close()
    forked = multiprocessing.get_context("fork")
    several = [forked.Process(target=share, args=(items[n::hands],)) for n in range(hands)]
    began = time.perf_counter()
    for hand in several:
        hand.start()
    for hand in several:
        hand.join()
    return time.perf_counter() - began


def _shortages(
    keepers: int, kinds: int
) -> tuple[Any, Any, Callable[[PlaceCode, PlaceCode], float]]:
    """Return invented surpluses and shortages of keepers on a plane, the same every time."""
    chance = Random(16)
    at = {
        PlaceCode(f"16.{n:02}"): (chance.random(), chance.random()) for n in range(1, keepers + 1)
    }
    spare: dict[What, dict[PlaceCode, int]] = {}
    wanted: dict[What, dict[PlaceCode, int]] = {}
    for number in range(kinds):
        for place in at:
            amounts = spare if chance.random() < 0.4 else wanted
            amounts.setdefault(What(f"kind-{number}", None), {})[place] = chance.randint(1, 5_000)
    return spare, wanted, lambda a, b: 300 * math.dist(at[a], at[b])


def routes(cluster: Cluster, scene: str) -> Iterator[Line]:
    """Plans of distribution: a regency's districts, a district's villages, beside other plans.

    By hand means here that each place is served straight from the store by the largest vehicle
    that gets there; gaps are of the cost that the schedule counts, not of what the solver aims at.
    """
    with copy_of_scene(cluster, scene):
        at = clock.now()
        for place, stage, aim in (
            (PlaceCode("16.07"), Stage.DISTRICTS, "< 10 s"),
            (PlaceCode("16.02.05"), Stage.VILLAGES, "< 3 s"),
        ):
            _lend(place, at)
            found = world(place, stage, at=at)
            assert found is not None
            stops = len(found.setting.targets)
            took, cost = {}, {}
            few = vehicles().stages[stage].rounds
            for rounds in (few, 10 * few):
                began = time.perf_counter()
                cost[rounds] = _improved(found, at, rounds).cost
                took[rounds] = time.perf_counter() - began
            by_hand = _straight(found, at)
            yield Line(
                f"plan of {stops} {stage.lower()}, {few:,} rounds", f"{took[few]:.1f} s", aim
            )
            yield Line("  ten times as many rounds", f"{took[10 * few]:.1f} s")
            yield Line("  its cost, of ten times as many", f"{cost[few] / cost[10 * few]:.3f}")
            yield Line("  its cost, of the plan by hand", f"{cost[few] / by_hand.cost:.3f}")
            yield Line("  stops unmet by hand", f"{len(by_hand.unmet)}")


def _lend(place: PlaceCode, at: datetime) -> None:
    """Lend two dozen vehicles and boats for a place, as kinds of the catalogue."""
    kind = "KPU" if len(place) == 5 else "PPK"
    owner = institutions.institution_by(kind, place)
    assert owner is not None
    fleet = {"truck-large": 6, "truck-medium": 6, "river-boat": 6, "pickup": 3, "klotok": 3}
    for key, count in fleet.items():
        known = vehicles().vehicles[key]
        for number in range(1, count + 1):
            offer_vehicle(
                client_key=uuid4(), place=place, owner_id=owner.id, kind=key,
                name=f"bench {key} {number}", kg=known.kg, litres=round(known.m3 * 1000),
                actor=SYSTEM, at=at,
            )  # fmt: skip


def _improved(found: World, at: datetime, iterations: int) -> Outcome:
    """Return what the solver's plan comes to."""
    since = earliest(found, at)
    made = improved(found.setting, seed=1, iterations=iterations, earliest=since)
    assert not made.left_out
    return _outcome(found, made.routes, since)


def _straight(found: World, at: datetime) -> Outcome:
    """Return what it comes to if each place is served straight, by the largest that gets there."""
    routes = []
    for number, target in enumerate(found.setting.targets):
        able = sorted(usable(found.setting, number), key=lambda one: -one.litres)
        left = target.stations
        while left > 0:
            used = [vehicle for vehicle, _calls in routes]
            carrier = min(able, key=lambda one: (used.count(one.id), -one.litres))
            call = Call(number, min(left, fits(found.setting, number, carrier)))
            routes.append((carrier.id, (call,)))
            left -= call.stations
    return _outcome(found, routes, earliest(found, at))


def _outcome(found: World, routes: Iterable[tuple[int, tuple[Call, ...]]], at: datetime) -> Outcome:
    return outcome(found.setting, timed(found.setting, routes, earliest=at))


def officers() -> Iterator[Line]:
    """Posting of a province, once and five times over, beside the plan by hand; 10, 20, 50 more."""
    for times, aim in ((1, "< 5 s"), (5, "< 30 s")):
        regencies = [_regency(code, times) for code in patterns().regencies]
        stations = sum(one.stations * one.groups for _, batches in regencies for one in batches)
        began = time.perf_counter()
        found = [posting(*one) for one in regencies]
        took = time.perf_counter() - began
        by_hand = [greedy(*one) for one in regencies]
        yield Line(f"posting at {stations:,} stations", f"{took:.1f} s", aim)
        yield Line("  gap left", f"{max(one.gap for one in found):.2%}")
        left, left_by_hand = (
            sum(sum(one.stations(of[1])) for one, of in zip(plans, regencies, strict=True))
            for plans in (found, by_hand)
        )
        yield Line("  stations uncovered, by hand", f"{left:,}, {left_by_hand:,}")
        way = sum(one.travel for one in found) / sum(one.travel for one in by_hand)
        yield Line("  its way, of the plan by hand", f"{way:.2f}")
    largest = max(regencies, key=lambda one: sum(batch.groups for batch in one[1]))
    took = seconds(lambda: with_more(*largest, (10, 20, 50)))
    yield Line("10, 20, 50 officers more in the largest regency", f"{took:.1f} s", "< 10 s")


def scores() -> Iterator[Line]:
    """Every indicator that is counted, of 514 regencies with 14 districts, and the order of 17."""
    known, source = catalogue(), np.random.default_rng(1)
    asked = [one for one in known.indicators.values() if counted_by(one.data.counted_by)]
    counted = [[_counts_of(one, source) for one in asked] for _ in range(_REGENCIES)]

    def judged() -> list[dict[str, Judged]]:
        return [
            {
                one.key: judge(one, counts, chance(), salt=at)
                for one, counts in zip(asked, row, strict=True)
            }
            for at, row in enumerate(counted)
        ]

    began = time.perf_counter()
    found = judged()
    took = time.perf_counter() - began
    yield Line(f"scorecard of {_REGENCIES} regencies", f"{took:.1f} s", "< 10 s")
    keys = under(known.indicators.values())
    weights = dict.fromkeys(known.frame.principles, 1.0)

    def ordered() -> None:
        profiles = {
            PlaceCode(str(at)): profile(one, keys, least_share=0.5, chance=chance(), salt=at)
            for at, one in enumerate(found[:17])
        }
        compare(profiles, weights, chance=chance(), sure_from=0.95)

    yield Line("  order of 17 under all weights", f"{seconds(ordered) * 1000:.0f} ms", "< 100 ms")


_REGENCIES = 514


def _counts_of(one: Indicator, source: np.random.Generator) -> Counts:
    """Return invented counts of an indicator, by 14 districts."""
    units = [str(n) for n in range(14)]
    if one.unit in (Print.HOURS, Print.WORKING_DAYS):
        lengths = source.integers(1, 200, (14, 10))
        return Timed({u: tuple(Wait(int(n), n < 150) for n in lengths[int(u)]) for u in units})
    rows = {u: Share(int(source.integers(40, 100)), 100, 0) for u in units}
    return Counted(rows, rows if one.unit is Print.POINTS else None)


def _regency(code: PlaceCode, times: int) -> tuple[list[Crew], list[Batch]]:
    """Return a regency of the catalogue, `times` as large, its districts strewn over 100 km."""
    known, of, random = patterns().regencies[code], patterns().of(code), Random(code)
    assert known.demo is not None
    districts = evenly(known.demo)
    points = [(random.uniform(0, 100), random.uniform(0, 100)) for _ in districts]
    ways = [{str(at): math.dist(start, end) for at, end in enumerate(points)} for start in points]
    strength = (known.own.officers + known.reinforcement) * times
    each = max(2, int(strength * 0.6 / len(districts)))
    crews = [Crew(each, way) for way in ways]
    seat = {str(at): math.dist((50, 50), end) for at, end in enumerate(points)}
    crews.append(Crew(strength - each * len(districts), seat))
    batches = [
        Batch(str(at), one.tier, group.officers, group.stations, count)
        for at, counts in enumerate(districts)
        for one, stations in counts.items()
        for group, count in Counter(groups(of[one], stations * times)).items()
    ]
    return crews, batches


def workbooks() -> Iterator[Line]:
    """A sheet with the stations of a large province, against the bare writer of workbooks."""
    rows = [
        (f"16.02.14.2001.{n:03}", "Air Sugihan", "Nusa Karta", "001", 231, 244, 475, "", "", "KPU",
         "2024-09-22")
        for n in range(8_000)
    ]  # fmt: skip
    kinds = ["number" if isinstance(value, int) else "text" for value in rows[0]]
    sheet = exports.Sheet("tps", "TPS", [""] * len(kinds), kinds, rows)

    def bare() -> None:
        with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
            page = book.add_worksheet()
            for at, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if isinstance(value, int):
                        page.write_number(at, column, value)
                    else:
                        page.write_string(at, column, value)

    ours, alone = _processor(lambda: exports.workbook(sheet)), _processor(bare)
    yield Line("workbook of 8,000 stations : its writer", f"{ours / alone:.2f}", "< 1.5")


def transfer(cluster: Cluster, scene: str) -> Iterator[Line]:
    """What the first visit to a page brings over the network, styles and scripts included."""
    log = Path(tempfile.gettempdir()) / f"bench-{os.getpid()}.log"
    with serving(cluster, template_of(cluster, scene), log) as server:
        for name, who, path, aim in PAGES:
            cookie = _signed_in(server.url, who)
            sizes = _sizes(server.url, path, cookie)
            if sizes is None:
                continue
            sent, plain = sizes
            yield Line(
                f"{name}, over the network",
                f"{sent / 1000:.1f} kB of {plain / 1000:.0f} kB (1 : {plain / sent:.1f})",
                "< 60 kB" if aim else "",
            )
    log.unlink(missing_ok=True)


def _get(url: str, cookie: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=30)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Host": parts.netloc}
    link.request("GET", parts.path or "/", headers=headers)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer, body


def _signed_in(url: str, who: str) -> str:
    """Return the cookies of a demonstration account."""
    answer, body = _get(f"{url}/sign-in", "")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', _plain(answer, body))
    csrf = re.search(r"csrftoken=([^;]+)", answer.getheader("Set-Cookie") or "")
    assert token
    assert csrf
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=30)
    link.request(
        "POST",
        "/sign-in/demo",
        body=f"csrfmiddlewaretoken={token[1].decode()}&username={who}",
        headers={
            "Cookie": f"csrftoken={csrf[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": parts.netloc,
        },
    )
    cookies = "; ".join(
        value.split(";")[0]
        for key, value in link.getresponse().getheaders()
        if key.lower() == "set-cookie"
    )
    link.close()
    return cookies


def _sizes(url: str, path: str, cookie: str) -> tuple[int, int] | None:
    """Return bytes sent and bytes unpacked of a page with its styles, scripts and icons."""
    answer, body = _get(url + path, cookie)
    if answer.status != 200:
        return None
    page = _plain(answer, body)
    sent, plain = len(body), len(page)
    linked = re.findall(rb'<(?:link[^>]*?href|script[^>]*?src)="(/[^"]+)"', page)
    for file in dict.fromkeys(linked):
        answer, body = _get(url + file.decode(), cookie)
        sent, plain = sent + len(body), plain + len(_plain(answer, body))
    return sent, plain


def _plain(answer: http.client.HTTPResponse, body: bytes) -> bytes:
    return gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body


def demonstration() -> Iterator[Line]:
    """`make demo` in a clean clone: the first time with everything to make, then again."""
    with tempfile.TemporaryDirectory(prefix="serentak bench ") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        took, _ = _until_ready(clone)
        yield Line("make demo, in a clean clone", f"{took:.0f} s", "< 120 s")
        took, memory = _until_ready(clone)
        yield Line("make demo, again", f"{took:.1f} s", "< 10 s")
        yield Line("  its memory: web, worker, database", f"{memory:.0f} MB", "< 1,000 MB")


def _until_ready(clone: Path) -> tuple[float, float]:
    """Start the demonstration, wait until it is ready, measure, and stop it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SERENTAK_", "DJANGO_"))}
    began = time.perf_counter()
    process = subprocess.Popen(
        ["make", "demo", "ARGS=--port 8977"],
        cwd=clone,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    said = []
    for text in process.stdout:
        said.append(text)
        if READY in text:
            break
    else:
        raise RuntimeError("".join(said[-20:]))
    took = time.perf_counter() - began
    time.sleep(3)
    memory = sum(_memory(number) for number in _family(process.pid))
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    return took, memory


def _family(number: int) -> Iterator[int]:
    yield number
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _memory(number: int) -> float:
    """Return a process's share of the memory in MB (what several share is divided)."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{number}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1000 if found else 0.0


def tests() -> Iterator[Line]:
    """`make test` here."""
    took = seconds(lambda: subprocess.run(["make", "test"], cwd=ROOT, check=False))
    yield Line("make test", f"{took / 60:.1f} min", "< 8 min")


# --- the table


def machine() -> str:
    """Describe the machine in one line."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    total = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.M)
    return (
        f"{os.cpu_count()} cores, {model[1] if model else platform.processor()}, "
        f"{int(total[1]) / 1e6 if total else 0:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def main() -> int:
    """Print the table line by line as it is measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scene", default="h-30", help="the scene whose pages are measured")
    parser.add_argument("--skip", action="append", default=[], help="a part to leave out")
    parser.add_argument("--test", action="store_true", help="measure `make test` too (minutes)")
    options = parser.parse_args()
    cluster = Cluster()
    cluster.ensure_running("postgres")
    parts: dict[str, Callable[[], Iterator[Line]]] = {
        "loading": lambda: loading(cluster),
        "readiness": lambda: readiness(cluster, options.scene),
        "forecast": forecasts,
        "pages": lambda: pages(cluster, options.scene),
        "writes": lambda: writes(cluster, options.scene),
        "readers": lambda: readers(cluster, options.scene),
        "room": lambda: room(cluster, options.scene),
        "streams": lambda: streams(cluster, options.scene),
        "storms": lambda: storms(cluster, options.scene),
        "country": lambda: whole_country(cluster),
        "daily": lambda: daily_reports(cluster, options.scene),
        "neutrality": lambda: neutrality_cases(cluster, options.scene),
        "coordination": lambda: coordination(cluster, options.scene),
        "logistics": lambda: logistics(cluster, options.scene),
        "routes": lambda: routes(cluster, options.scene),
        "officers": officers,
        "scores": scores,
        "workbooks": workbooks,
        "transfer": lambda: transfer(cluster, options.scene),
        "demo": demonstration,
    }
    if options.test:
        parts["test"] = tests
    print(f"{machine()}\n\n{'':46} {'measured':>34} {'aim':>12}")
    for name, part in parts.items():
        if name not in options.skip:
            for line in part():
                print(f"{line.what:46} {line.value:>34} {line.aim:>12}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
