"""What changes incidents and duty."""

from .climbing import climb
from .duty import cancel_duty, plan_duty
from .reporting import Device, Reported, report_incident
from .steps import (
    add_note,
    arrive,
    close,
    contain,
    dispatch,
    link_incident,
    mark_duplicate,
    mark_unfounded,
    reopen,
    resolve,
    restrict,
    set_also_at,
    set_kind,
    set_severity,
    transfer,
    triage,
)
