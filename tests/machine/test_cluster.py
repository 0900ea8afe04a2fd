"""The embedded server is made, shared, killed, copied and stopped without losing a thing."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from serentak.platform.database import APPLICATION, Cluster, ClusterError

from .running import children_of, eventually


def server_pid(cluster: Cluster) -> int:
    return int((cluster.location.data / "postmaster.pid").read_text().split()[0])


def test_it_starts_once_and_answers_everybody(cluster: Cluster) -> None:
    assert not cluster.status().exists
    parameters = cluster.ensure_running()
    first = server_pid(cluster)
    assert Cluster(cluster.location.home).ensure_running() == parameters
    assert server_pid(cluster) == first
    with psycopg.connect(**parameters) as connection:
        row = connection.execute(
            "SELECT current_user, current_database(), current_setting('listen_addresses')"
        ).fetchone()
    assert row == ("serentak", "serentak", "")
    status = cluster.status()
    assert status.running
    assert str(status.version).startswith("18.")


def test_its_folders_are_open_to_the_server_alone(cluster: Cluster) -> None:
    cluster.ensure_running()
    for folder in (cluster.location.base, cluster.location.data, cluster.location.socket):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == cluster.account.uid
    assert len(str(cluster.location.socket / ".s.PGSQL.5432")) < 107


def test_it_stops_and_says_so(cluster: Cluster) -> None:
    assert cluster.stop() is False
    cluster.ensure_running()
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert cluster.status().exists
    assert not cluster.status().running


def test_a_kill_loses_nothing_that_was_acknowledged(cluster: Cluster) -> None:
    cluster.ensure_running()
    with cluster.connection() as connection:
        connection.execute("CREATE TABLE report (number int PRIMARY KEY)")
    acknowledged: list[int] = []
    under_way = threading.Event()

    def write() -> None:
        with cluster.connection() as connection:
            while True:
                try:
                    connection.execute("INSERT INTO report VALUES (%s)", [len(acknowledged)])
                except psycopg.OperationalError:
                    return
                acknowledged.append(len(acknowledged))
                if len(acknowledged) == 200:
                    under_way.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert under_way.wait(30)
    postmaster = server_pid(cluster)
    for process in [postmaster, *children_of(postmaster)]:
        os.kill(process, signal.SIGKILL)
    writer.join(30)
    assert not writer.is_alive()

    cluster.ensure_running()
    with cluster.connection() as connection:
        stored = {number for (number,) in connection.execute("SELECT number FROM report")}
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + 1  # the last one may be stored, not yet answered


def test_a_lock_file_that_names_a_stranger_does_not_hinder(cluster: Cluster) -> None:
    cluster.ensure_running()
    cluster.stop()
    # After a restart of the machine the number may belong to anybody, here to the test itself.
    (cluster.location.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    cluster.ensure_running()


START = """
import sys
from pathlib import Path
from serentak.platform.database import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.ensure_running()
print((cluster.location.data / "postmaster.pid").read_text().split()[0])
"""


def start_elsewhere(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", START, str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_that_start_it_at_once_share_one_server(cluster: Cluster) -> None:
    starters = [start_elsewhere(cluster.location.home) for _ in range(3)]
    answers = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert answers == {str(server_pid(cluster))}


def test_two_clones_run_side_by_side(make_home: Callable[[str], Path]) -> None:
    homes = [make_home("one"), make_home("two")]
    starters = [start_elsewhere(home) for home in homes]
    servers = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert len(servers) == 2
    Cluster(homes[0]).create_database_if_missing("only_here")
    with Cluster(homes[1]).connection("postgres") as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert ("only_here",) not in names


AS_SOMEBODY = """
import os, pwd, sys
from pathlib import Path
from serentak.platform.database import Cluster
home, binaries = Path(sys.argv[1]), sys.argv[2]
Cluster(home).answers()  # what psycopg loads late, it loads while its folder can be read
if os.geteuid() == 0:
    os.environ["SERENTAK_PG_BIN"] = binaries
    person = pwd.getpwnam("nobody")
    os.chown(home.parent, person.pw_uid, person.pw_gid)
    os.setgroups([])
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)
cluster = Cluster(home)
assert not cluster.location.as_root
cluster.ensure_running()
with cluster.connection() as connection:
    print(connection.execute("SELECT current_setting('data_directory')").fetchone()[0])
assert cluster.location.data.stat().st_uid == os.geteuid()
assert cluster.stop()
"""


def test_an_ordinary_user_runs_it_in_the_clone(cluster: Cluster, tmp_path: Path) -> None:
    with cluster._exclusively():
        binaries = cluster.binaries
    # The way to pytest's own folder is closed to others.
    home = Path(f"/tmp/serentak test {os.getpid()}/var")
    home.parent.mkdir(mode=0o700)
    try:
        ran = subprocess.run(
            [sys.executable, "-c", AS_SOMEBODY, str(home), str(binaries)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stderr == ""
        assert ran.stdout.strip() == str(home / "postgresql" / "data")
    finally:
        shutil.rmtree(home.parent)


AS_STRANGER = """
import os, sys
import psycopg
from serentak.platform.database import Cluster
from pathlib import Path
cluster = Cluster(Path(sys.argv[1]))
assert cluster.answers()
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    psycopg.connect(host=sys.argv[2], user="serentak", dbname="serentak")
except psycopg.OperationalError as error:
    print("Permission denied" in str(error))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_the_machine_is_kept_out(cluster: Cluster) -> None:
    cluster.ensure_running()
    command = [sys.executable, "-c", AS_STRANGER, str(cluster.location.home)]
    ran = subprocess.run(
        [*command, str(cluster.location.socket)], capture_output=True, text=True, check=False
    )
    assert (ran.stdout.strip(), ran.stderr) == ("True", "")


def test_a_running_server_of_an_earlier_version_learns_of_the_application(
    cluster: Cluster,
) -> None:
    cluster.ensure_running()
    with cluster.connection("postgres") as connection:
        connection.execute(f"DROP ROLE {APPLICATION}")
        (cluster.location.data / "pg_hba.conf").write_text("local all serentak peer map=own\n")
        connection.execute("SELECT pg_reload_conf()")
    assert eventually(lambda: not cluster.answers(user=APPLICATION))
    parameters = cluster.ensure_running()
    with psycopg.connect(**{**parameters, "user": APPLICATION}) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TEMPORARY TABLE passing (id int)")


def test_only_its_own_roles_are_let_in(cluster: Cluster) -> None:
    cluster.ensure_running()
    parameters = cluster.connection_parameters()
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(**{**parameters, "user": "postgres"})


def test_data_of_another_major_version_is_refused(cluster: Cluster) -> None:
    cluster.ensure_running()
    cluster.stop()
    (cluster.location.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterError, match=r"made by PostgreSQL 15, but the server at hand is 18"):
        cluster.ensure_running()


def test_databases_are_made_copied_and_dropped(cluster: Cluster) -> None:
    cluster.ensure_running()
    assert cluster.create_database_if_missing("scene") is True
    assert cluster.create_database_if_missing("scene") is False
    with cluster.connection("scene") as connection:
        connection.execute("CREATE TABLE loaded AS SELECT 7 AS seven")
    cluster.copy_database("scene", "copy of 'scene'")
    with cluster.connection("copy of 'scene'") as connection:
        assert connection.execute("SELECT seven FROM loaded").fetchone() == (7,)
        cluster.drop_database("copy of 'scene'")
    with cluster.connection("postgres") as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert ("scene",) in names
    assert ("copy of 'scene'",) not in names


def test_a_socket_folder_that_others_could_open_is_refused(cluster: Cluster) -> None:
    cluster.location.socket.mkdir()
    cluster.location.socket.chmod(0o755)
    with pytest.raises(ClusterError, match="mode 0700"):
        cluster.ensure_running()
