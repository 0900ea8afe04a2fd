"""What changes readiness: setting up, reporting, proposing and agreeing targets, dropping."""

from serentak.readiness.rules.reporting import ReportRow
from serentak.readiness.rules.scenarios import Change, ChangeKind
from serentak.readiness.solvers import choose

from .activities import drop_activity, instantiate_activities, reinstate_activity
from .forecasts import (
    adopt_scenario,
    compute_scenario,
    forget_shock,
    note_shock,
    set_shock_chance,
    store_forecast,
    try_scenario,
)
from .reports import PastPage, Receipt, report_progress, take_measures, take_over_reports
from .targets import agree_targets, move_target, propose_target
