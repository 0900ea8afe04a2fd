"""What changes coordination: meetings, actions, letters, visits."""

from serentak.coordination.queries.asking import Ask

from .follow_up import (
    acknowledge_action,
    cancel_action,
    complete_action,
    create_action,
    escalate_overdue,
    record_guidance,
    refuse_action,
    reject_action,
    reopen_action,
    start_action,
    verify_action,
)
from .letters import discard_letter, draft_letter, mark_letter_sent, revise_letter
from .meetings import (
    AgendaEntry,
    AttendanceEntry,
    OutcomeRow,
    add_to_agenda,
    close_meeting,
    hold_meeting,
    plan_meeting,
    record_attendance,
    record_outcomes,
    set_agenda,
)

__all__ = [
    "AgendaEntry",
    "Ask",
    "AttendanceEntry",
    "OutcomeRow",
    "acknowledge_action",
    "add_to_agenda",
    "cancel_action",
    "close_meeting",
    "complete_action",
    "create_action",
    "discard_letter",
    "draft_letter",
    "escalate_overdue",
    "hold_meeting",
    "mark_letter_sent",
    "plan_meeting",
    "record_attendance",
    "record_guidance",
    "record_outcomes",
    "refuse_action",
    "reject_action",
    "reopen_action",
    "revise_letter",
    "set_agenda",
    "start_action",
    "verify_action",
]
