"""What records checks and changes defects; the only writers."""

from .checks import Answered, record_checks
from .defects import ask_for_move, dispute_defect, mend_defect, promise_defect

__all__ = [
    "Answered",
    "ask_for_move",
    "dispute_defect",
    "mend_defect",
    "promise_defect",
    "record_checks",
]
