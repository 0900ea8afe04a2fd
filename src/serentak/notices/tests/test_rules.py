"""When mail goes out, and what the catalogue of hours refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from serentak.kernel.entries import Settings, read
from serentak.notices import rules
from serentak.notices.queries import mail_hours

TODAY = date(2024, 10, 28)


@pytest.mark.parametrize(
    ("made", "now", "urgent", "expected"),
    [
        ("06:50", "07:00", False, True),
        ("07:00", "07:00", False, True),
        ("07:10", "08:00", False, False),
        ("07:10", "12:05", False, True),
        ("16:10", "22:00", False, False),
        ("16:10", "23:30", True, True),
        ("01:00", "05:59", False, False),
    ],
)
def test_mail_waits_for_digests_and_quiet_hours_unless_urgent(
    made: str, now: str, urgent: bool, expected: bool
) -> None:
    def moment(text: str) -> datetime:
        return datetime.combine(TODAY, time.fromisoformat(text), tzinfo=UTC)

    assert (
        rules.may_be_mailed(
            created_at=moment(made),
            is_urgent=urgent,
            now=moment(now),
            hours=mail_hours(),
        )
        is expected
    )


@pytest.mark.parametrize(
    ("made_on", "made", "digests", "expected"),
    [
        (27, 15, (time(7), time(16)), True),
        (27, 17, (time(7), time(16)), False),
        (26, 17, (time(7),), True),
        (27, 15, (), False),
    ],
)
def test_in_the_morning_mail_goes_that_yesterdays_last_digest_left(
    made_on: int, made: int, digests: tuple[time, ...], expected: bool
) -> None:
    found = rules.may_be_mailed(
        created_at=datetime(2024, 10, made_on, made, tzinfo=UTC),
        is_urgent=False,
        now=datetime(2024, 10, 28, 6, 30, tzinfo=UTC),
        hours=replace(mail_hours(), digest_at=digests),
    )
    assert found is expected


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "now", "expected"),
    [
        ("21:00", "06:00", "20:59", False),
        ("21:00", "06:00", "21:00", True),
        ("21:00", "06:00", "05:59", True),
        ("21:00", "06:00", "06:00", False),
        ("12:00", "13:00", "11:59", False),
        ("12:00", "13:00", "12:00", True),
        ("12:00", "13:00", "12:30", True),
        ("12:00", "13:00", "13:00", False),
        ("12:00", "13:00", "23:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours_may_run_over_midnight(
    quiet_from: str, quiet_to: str, now: str, expected: bool
) -> None:
    start, end = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)
    hours = rules.MailHours(rules.QuietHours(start, end), digest_at=())
    assert rules.is_quiet(time.fromisoformat(now), hours) is expected


def test_hours_without_a_source_are_refused() -> None:
    with pytest.raises(ValueError, match="digest_at: class: is missing"):
        read(Settings[rules.MailHours], {"digest_at": {"value": ["07:00"]}})
