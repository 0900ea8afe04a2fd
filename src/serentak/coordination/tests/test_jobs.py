"""What runs by itself: climbing."""

from serentak.coordination import jobs
from tests.cast import Cast

from .builders import give


def test_what_is_overdue_climbs_by_itself(cast: Cast) -> None:
    given = give(cast)
    jobs.escalate_overdue(timestamp=0)
    given.refresh_from_db()
    assert given.climbed_to == "minister"
