"""What changes readiness: setting up, reporting, proposing and agreeing targets, dropping."""

from serentak.readiness.rules.reporting import ReportRow

from .activities import drop_activity, instantiate_activities, reinstate_activity
from .reports import PastPage, Receipt, report_progress, take_measures, take_over_reports
from .targets import agree_targets, move_target, propose_target
