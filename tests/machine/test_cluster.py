"""The embedded server is made, shared, killed, copied and stopped without losing a thing."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from serentak.platform.database import Cluster, ClusterError


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of its own in a private folder with a space and a comma in its path."""
    folder = tmp_path / "my clone, private"
    folder.mkdir(mode=0o700)
    cluster = Cluster(folder / "var")
    yield cluster
    cluster.stop()
    shutil.rmtree(cluster.location.base, ignore_errors=True)
    shutil.rmtree(cluster.location.socket, ignore_errors=True)


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


def test_it_starts_again_after_a_kill(cluster: Cluster) -> None:
    cluster.ensure_running()
    with cluster.connection() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server_pid(cluster), signal.SIGKILL)
    cluster.ensure_running()
    with cluster.connection() as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


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
