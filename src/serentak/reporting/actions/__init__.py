"""What desks do with daily reports; the only writer of what the slice stores."""

from .chasing import DESKS, chase_silent, remind_silent
from .correcting import correct_report, note_corrections
from .differing import (
    acknowledge_contradiction,
    answer_contradiction,
    compare_sides,
    reopen_contradiction,
    settle_contradiction,
)
from .publishing import mark_public
from .sending import accept_report, return_report, submit_report
from .storing import take_snapshots
from .writing import add_sentence, draft_report, edit_sentence, set_chat_template
