"""Machines die and are cut off under load: what was acknowledged is there, once, and people are told.

One installation goes through all of it, in this order. The table at the end says how long nothing
could be saved and what people saw.
"""

import hashlib
import os
import shutil
import signal
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serentak.platform.database import Cluster
from tests.machine.running import eventually
from tests.stage import template_of

from .installation import BUCKET, SIGNED, Installation, backed_up, health
from .load import PATIENCE, Load, told
from .machines import Machine, lacking, make_switch

pytestmark = [pytest.mark.cluster, pytest.mark.skipif(bool(lacking()), reason=lacking())]

STILL = 30.0
"""Seconds for which nothing may be saved when the primary is lost."""
FELT = 15.0
"""The same for whatever else is lost."""
KILLS = 15
WEB, WORKER = "granian", "procrastinate worker"
LONGEST_ANSWER = 20.0
"""Seconds within which everybody is answered, be it with a page that says that nothing works."""


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    # A short path, since sockets lie in it.
    folder = Path(tempfile.mkdtemp(prefix="serentak-cluster-"))
    file, key = backed_up(folder, template_of(Cluster()))
    make_switch()
    with Installation(folder) as installation:
        installation.start_database()
        installation.move_in(file, key)
        installation.start_pages()
        yield installation
    if request.session.testsfailed:
        print(f"What each machine wrote is kept in {folder}")
    else:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def load(installation: Installation) -> Iterator[Load]:
    with Load(installation.front.address) as load:
        assert eventually(lambda: len(load.saved) >= 20, 60)
        yield load


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return []


class Watch:
    """What people felt from a trouble on."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.since = time.monotonic()
        self.still = 0.0

    def until_saved(self, seconds: float) -> None:
        """Wait until a page that was sent after the trouble is saved, by everybody who reports."""
        waiting = set(self._load.under_way)
        assert eventually(lambda: not waiting & self._load.under_way, seconds), "nothing is saved"
        self.still = self._load.stood_still(self.since)


@contextmanager
def watched(load: Load, lines: list[str], what: str) -> Iterator[Watch]:
    watch = Watch(load)
    yield watch
    lines += [
        f"{what}: nothing saved for {watch.still:.1f} s",
        f"    reports: {told(load.reports, watch.since)}",
        f"    readers: {told(load.pages, watch.since)}",
    ]
    answers = [a for a in (*load.reports, *load.pages) if a.at >= watch.since]
    assert max(a.seconds for a in answers if a.status) < LONGEST_ANSWER
    assert max(a.seconds for a in answers) < PATIENCE


def whole(installation: Installation) -> bool:
    """Tell whether one member leads and two follow closely enough to vouch for it."""
    return installation.primary() is not None and len(installation.standbys()) == 2


def test_the_primary_loses_its_power(
    installation: Installation, load: Load, lines: list[str]
) -> None:
    lost = installation.primary()
    assert lost
    with watched(load, lines, "the primary's machine loses its power") as watch:
        lost.switch_off()
        watch.until_saved(60)
        assert watch.still < STILL
    installation.start_member(lost)
    assert eventually(lambda: whole(installation), 90), installation.seen()


def test_the_primary_is_cut_off(installation: Installation, load: Load, lines: list[str]) -> None:
    lost = installation.primary()
    assert lost
    with watched(load, lines, "the primary is cut off and lives on") as watch:
        lost.cut()
        watch.until_saved(60)
        assert watch.still < STILL
    lost.join()
    assert eventually(lambda: whole(installation), 90), installation.seen()


def test_a_standby_is_cut_off(installation: Installation, load: Load, lines: list[str]) -> None:
    lost = installation.standbys()[0]
    with watched(load, lines, "a standby is cut off") as watch:
        lost.cut()
        time.sleep(8)
        watch.until_saved(30)
        assert watch.still < FELT
    lost.join()
    assert eventually(lambda: whole(installation), 90), installation.seen()


def test_a_web_machine_is_cut_off(installation: Installation, load: Load, lines: list[str]) -> None:
    lost = installation.web[0]
    with watched(load, lines, "a web machine is cut off") as watch:
        lost.cut()
        time.sleep(15)
        lost.join()
        watch.until_saved(30)
        assert watch.still < FELT


def serves_whole(machine: Machine) -> bool:
    """Tell whether the master and both web processes have loaded all; they have threads by then."""
    found = [Path(f"/proc/{one}/task") for one in machine.processes(WEB)]
    return len(found) == 3 and all(len(list(one.iterdir())) > 1 for one in found)


def test_web_processes_and_workers_are_killed(
    installation: Installation, load: Load, lines: list[str]
) -> None:
    with watched(load, lines, f"{KILLS} kills of web processes, and of both workers") as watch:
        for machine in installation.web:
            # One that lost its database may be on its way back by itself.
            assert eventually(lambda m=machine: len(m.processes(WORKER)) == 1, 30)
            os.kill(machine.processes(WORKER)[0], signal.SIGKILL)
        for kill in range(KILLS):
            # The one before has come back; under load a process takes seconds to start.
            assert eventually(lambda: all(map(serves_whole, installation.web)), 60)
            web = installation.web[kill % 2]
            # The oldest is the master, with whom all web processes of the machine end.
            os.kill(web.processes(WEB)[0 if kill % 5 == 4 else -1], signal.SIGKILL)
            time.sleep(1)
        watch.until_saved(30)
        assert watch.still < FELT
    assert health(installation.address)["worker_seconds"] < 30


def test_what_was_acknowledged_is_there_once(
    installation: Installation,
    load: Load,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = set(load.saved)
    photos = load.photos
    with installation.connection() as connection:
        stored = connection.execute(
            """
            SELECT s.client_key,
              (SELECT count(*) FROM readiness_progress_report r WHERE r.submission_id = s.id),
              (SELECT count(*) FROM platform_audit_event e
               WHERE e.name = 'readiness.ProgressReported' AND e.facts->'submission_id' = to_jsonb(s.id))
            FROM readiness_submission s
            """
        ).fetchall()
        evidence = connection.execute("SELECT file, sha256 FROM platform_evidence_file").fetchall()
    found = {key: counts for key, *counts in stored}
    lost = saved - found.keys()
    broken = [key for key in saved - lost if found[key] != [1, 1]]
    gone = [name for name, digest in evidence if digest_in_store(installation, name) != digest]
    lines.append(
        f"{len(saved)} reports and {photos} photos acknowledged, {len(lost)} lost, "
        f"{len(broken)} not there exactly once, {len(gone)} photos lacking"
    )
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert (lost, broken, gone) == (set(), [], [])
    assert len(evidence) >= photos > 0


def digest_in_store(installation: Installation, name: str) -> str:
    address = f"http://{installation.store.address}:9000/{BUCKET}/{name}"
    request = urllib.request.Request(address, headers=SIGNED)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return hashlib.sha256(answer.read()).hexdigest()
