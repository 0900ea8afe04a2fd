"""What is restricted does not exist: every page says the same with and without it.

For everybody who may not see it: a restricted incident with what follows from it, and a confided
finding of the survey with the class that it proposes. Times and tokens differ between any two pages.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock, reading
from serentak.platform.models import User
from serentak.security import actions as security
from serentak.security.tests.builders import given
from serentak.vulnerability.public import given_classes
from serentak.vulnerability.tests.builders import answers, survey
from tests.cast import AT, OKI, PROVINCE

from .filled import SEATS, Room
from .test_access import FILE, doors, read

DESKS = ("COMMISSION_OFFICER", "GOVERNOR_DESK_HEAD", "REGENT_DESK_OFFICER", "OBSERVER")
OTHERS = (*DESKS, "DISTRICT_COMMITTEE_OFFICER", "MINISTRY_OFFICER", "POLICE_OPERATIONS")
"""Who may not see either; the other roles hold a part of what one of these holds."""

TOKENS = re.compile(
    r'(?:csrf[^>]*value|X-CSRFToken\\?"?:|nonce|client_key"[^>]*value|key"[^>]*value|name="seen"[^>]*value'
    r'|data-now|data-key|data-draft|data-live-stamp)=?\s*\\?["\'][^"\']*["\']'
    r"|(?::|%3A)[\w-]{6}(?::|%3A)[\w-]{43}"  # when something was signed
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r'|class="mono">[0-9a-f]{16}<'  # the number of a request
)


def pages(room: Room, who: str) -> Iterator[tuple[str, str]]:
    """Yield each page that somebody may open, without what differs by moment."""
    table = read(FILE.read_text("utf-8"))
    client = Client()
    client.force_login(User.objects.get(pk=room.members[who].user_id))
    values = room.values(SEATS[who][1] or PROVINCE)
    with reading.afresh():  # nothing is written between two pages
        for door in doors():
            if "r" in table[door.label][who]:
                path = door.path(values)
                is_table = door.route.endswith("place")
                for asked in (path, f"{path}?export=csv") if is_table else (path,):
                    answer = client.get(asked)
                    content = b"".join(answer)
                    if answer["Content-Type"].startswith("text/"):  # a workbook says when it was
                        yield asked, TOKENS.sub("", content.decode())


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the pages that differ, each with the first place where it does."""
    found = {}
    for path, text in before.items():
        other = after[path]
        if text != other:
            at = next(
                (n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b),
                min(len(text), len(other)),
            )
            found[path] = f"{text[at - 60 : at + 60]!r} | {other[at - 60 : at + 60]!r}"
    return found


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine's clock stand too: a page says when it was printed."""
    monkeypatch.setattr(clock, "running", lambda: AT)


@pytest.mark.parametrize("who", OTHERS)
def test_a_restricted_incident_is_nowhere(filled_room: Room, who: str) -> None:
    security.climb(actor=SYSTEM, at=AT + timedelta(days=2))  # what is open to all climbs before
    before = dict(pages(filled_room, who))
    incident = security.report_incident(
        **given(kind="MONEY", answers={"what": "Amplop di pasar"}, place=OKI)
    )
    security.triage(key=incident.key, version=None, note="Dicek", actor=SYSTEM, at=AT)
    security.climb(actor=SYSTEM, at=AT + timedelta(days=2))
    after = dict(pages(filled_room, who))
    assert differing(before, after) == {}


@pytest.mark.parametrize("who", DESKS)
def test_a_confided_finding_is_nowhere(filled_room: Room, who: str) -> None:
    station = next(iter(given_classes(OKI)))
    here = transaction.savepoint()
    survey(station)
    before = dict(pages(filled_room, who))
    transaction.savepoint_rollback(here)
    yes = [key for key in ("intimidation-history", "money-history") if key in answers(station)]
    assert yes
    survey(station, *yes)
    after = dict(pages(filled_room, who))
    assert differing(before, after) == {}


def test_a_word_more_would_be_seen() -> None:
    assert differing({"/": "a b"}, {"/": "a b c"})
    assert not differing({"/": 'nonce="1" a'}, {"/": 'nonce="1" a'})
    assert TOKENS.sub("", 'data-now="2024" x') == " x"
