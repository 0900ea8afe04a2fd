"""Pages of readiness: a place's plan, one activity, the page of reports, targets to agree."""

from .activities import activity, agree, drop, move, propose, reinstate
from .plans import readiness, set_up
from .reports import ReportImport, report, report_sheet
from .takeaway import calendar, plan_sheet
