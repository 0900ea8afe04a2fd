"""The demonstration's data, loaded once and kept until the sources change."""

import pytest

from serentak.platform.database import Cluster

from . import stage


@pytest.fixture(scope="session")
def loaded() -> tuple[Cluster, str]:
    """The embedded server, and the name of a database in it that holds the scene."""
    cluster = Cluster()
    return cluster, stage.template_of(cluster)
