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
from .putting_off import put_off_points, take_back_point
