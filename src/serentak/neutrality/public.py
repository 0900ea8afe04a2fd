"""Neutrality for higher floors: briefings, follow-up, and the words in which stories tell it."""

from .permissions import VIEW_CASES, VIEW_NEUTRALITY
from .queries.briefing import briefings
from .queries.cases import follow_up
from .rules.cases import CaseEvent, CaseState, ReplyKind, Stake
from .rules.catalogue import Track
from .rules.standing import ServiceLevel
