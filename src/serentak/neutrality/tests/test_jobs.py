"""The job of the clocks follows the clock of the domain."""

from datetime import timedelta

import pytest

from serentak.neutrality import jobs
from serentak.platform import clock
from tests.cast import AT, Cast

from .builders import election, referred


def test_the_job_lets_clocks_run_out_by_the_domains_clock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    election()
    case = referred()
    for days, climbed in ((0, ""), (5, "REGENT_DESK"), (10, "GOVERNOR_DESK")):
        at = AT + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        jobs.expire_clocks(timestamp=0)
        case.refresh_from_db()
        assert case.climbed_to == climbed
