"""The embedded PostgreSQL: where it lives, how it is started, and how to reach it.

Plain Python without Django, so that settings, command line and tests can all use it.
"""

from serentak.platform.database.cluster import (
    Cluster,
    ClusterStatus,
    ConnectionParameters,
    connection_parameters,
    copy_database,
    create_database_if_missing,
    database_name,
    drop_database,
    ensure_running,
)
from serentak.platform.database.lifeline import end_with_parent
from serentak.platform.database.location import ClusterError, home, locked
