"""Pages of readiness: a place's plan, one activity, reports, targets, the forecast."""

from .activities import activity, agree, drop, move, propose, reinstate
from .forecast import (
    adopt,
    forecast,
    forget_shock,
    note_shock,
    one_scenario,
    shock_chance,
    shock_list,
    try_scenario,
)
from .plans import readiness, set_up
from .reports import ReportImport, report, report_sheet
from .takeaway import calendar, plan_sheet
