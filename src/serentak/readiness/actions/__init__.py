"""What changes readiness: setting up, reporting, proposing and agreeing targets, dropping."""

from .activities import drop_activity, instantiate_activities, reinstate_activity
from .reports import Receipt, ReportRow, report_progress
from .targets import agree_targets, move_target, propose_target

__all__ = [
    "Receipt",
    "ReportRow",
    "agree_targets",
    "drop_activity",
    "instantiate_activities",
    "move_target",
    "propose_target",
    "reinstate_activity",
    "report_progress",
]
