"""What changes neutrality: cases and their steps, circulars, pledges, services, replacements."""

from serentak.neutrality.rules.standing import GivenPledges

from .cases import (
    GivenCase,
    Person,
    close_not_proven,
    expire_clocks,
    hand_over_case,
    note_refused_view,
    open_names,
    record_reply,
    record_sanction,
    record_step,
    refer_case,
    write_to_authority,
)
from .coverage import (
    GivenService,
    acknowledge_circular,
    issue_circular,
    record_pledges,
    record_replacement,
    report_services,
)
