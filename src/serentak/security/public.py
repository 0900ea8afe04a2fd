"""Security for higher floors: briefings, open incidents, the words in which scenes tell them."""

from .permissions import (
    HANDLE_INCIDENTS,
    PLAN_DUTY,
    REPORT_INCIDENT,
    SEE_RESTRICTED,
    VIEW_SECURITY,
)
from .queries.briefing import briefings
from .queries.incidents import OpenIncident, open_incidents, open_on, referred, started_since
from .queries.sentences import sentences
from .queries.totals import LEAST, closed_until
from .rules.catalogue import Access, Confided
from .rules.states import IncidentEvent, IncidentState, Severity
