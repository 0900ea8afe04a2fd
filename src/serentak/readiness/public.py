"""Readiness for higher floors: briefings, plans, what is owed and who is silent."""

from .permissions import REPORT_PROGRESS, VIEW_READINESS
from .queries.briefing import briefings
from .queries.checks import Reported, about, reported
from .queries.forecasting import computed
from .queries.forecasts import Chances, chances
from .queries.owed import Missing, Owed, missing_reports, owed
from .queries.plan import Plan, Planned, plan
from .queries.proposals import proposal
from .queries.record import ActivityRecord, activity_record
from .queries.telling import forecast_sentences
from .queries.workload import WorkLine, workload
from .rules.priority import Group, Reason
from .rules.reporting import ReportKind
