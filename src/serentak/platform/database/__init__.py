"""The embedded PostgreSQL: where it lives, how it is started, and how to reach it.

Plain Python without Django, so that settings, command line and tests can all use it.
"""

from serentak.platform.database.cluster import (
    APPLICATION,
    OWNER,
    Cluster,
    ClusterStatus,
    ConnectionParameters,
    database_name,
)
from serentak.platform.database.lifeline import end_with_parent, follow
from serentak.platform.database.location import ClusterError, home, locked
