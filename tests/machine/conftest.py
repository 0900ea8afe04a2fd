"""Home folders, clusters and ports of their own, removed with all that the server left elsewhere."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from serentak.platform.database import Cluster


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Give home folders in a private folder; what ran in them is ended afterwards."""
    homes: list[Path] = []

    def make(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        homes.append(folder / "var")
        return homes[-1]

    yield make
    for home in homes:
        remove_cluster(Cluster(home))


def remove_cluster(cluster: Cluster) -> None:
    cluster.stop()
    shutil.rmtree(cluster.location.base, ignore_errors=True)
    shutil.rmtree(cluster.location.socket, ignore_errors=True)


@pytest.fixture
def cluster(make_home: Callable[[str], Path]) -> Cluster:
    """A cluster whose path holds a space, a comma and an apostrophe."""
    return Cluster(make_home("Bu Rina's clone, private"))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
