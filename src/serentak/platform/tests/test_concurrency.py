"""Two at once: what changed since it was seen is a conflict, whatever marks the change."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from serentak.kernel.refused import Conflict
from serentak.platform.concurrency import check_unchanged
from serentak.platform.words import refusal_text

NOW = timezone.now()


@pytest.mark.parametrize(("seen", "now"), [(None, 3), (3, 3), (0, 0), (NOW, NOW), (None, None)])
def test_what_did_not_change_or_nobody_looked_at_is_acted_on(seen: object, now: object) -> None:
    check_unchanged(seen, now)


@pytest.mark.parametrize(
    ("seen", "now"), [(2, 3), (0, 1), (4, 3), (NOW, NOW + timedelta(seconds=1)), (NOW, None)]
)
def test_what_changed_meanwhile_is_a_conflict(seen: object, now: object) -> None:
    with pytest.raises(Conflict) as conflict:
        check_unchanged(seen, now)
    with translation.override("en"):
        assert "since you opened it" in refusal_text(conflict.value)
