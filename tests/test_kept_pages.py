"""What pages keep is what they would read from nothing, after any history of deeds and hours."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from serentak.coordination.tests import builders as coordination
from serentak.desk.queries.page import place_page
from serentak.figures.actions import use_figure, withdraw_figure
from serentak.figures.models import Figure
from serentak.figures.tests.builders import two_sources
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.neutrality.tests import builders as neutrality
from serentak.platform import clock, reading
from serentak.platform.models import User
from serentak.readiness.actions import drop_activity
from serentak.readiness.models import Activity, ActivityShare
from serentak.readiness.queries.survey import outlook
from serentak.readiness.tests import builders as readiness
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast
from tests.room import room

PLACES = (PROVINCE, OKI, BANYUASIN, AIR_SUGIHAN)
DEEDS = 8


@dataclass
class History:
    """Deeds that a fixed seed draws; each may be refused, as deeds are."""

    cast: Cast
    draw: random.Random
    now: datetime = AT

    def deed(self) -> None:
        """Do one thing, at a time that has moved on a little, over the hour, or into another day."""
        self.now += timedelta(minutes=self.draw.choice((0, 1, 7, 50, 60 * 9)))
        kinds: tuple[Callable[[], object], ...] = (
            self.report,
            self.report,
            self.report_of_a_district,
            self.ask,
            self.do,
            self.refer,
            self.use,
            self.drop,
            lambda: None,
        )
        with suppress(Refused):
            self.draw.choice(kinds)()

    def report(self) -> None:
        row = self.draw.choice(list(Activity.objects.filter(done_quantity=None)[:40]))
        readiness.report(
            readiness.answer(
                row.key, self.draw.randint(0, row.target_quantity), place=row.place_id
            ),
            place=PlaceCode(row.place_id),
            at=self.now,
        )

    def report_of_a_district(self) -> None:
        line = self.draw.choice(list(ActivityShare.objects.filter(place=AIR_SUGIHAN)))
        key = line.activity.key
        answer = readiness.answer(
            key, self.draw.randint(0, line.target_quantity), district=AIR_SUGIHAN
        )
        readiness.report(answer, place=AIR_SUGIHAN, at=self.now)

    def ask(self) -> None:
        due = self.now.date() + timedelta(days=self.draw.randint(0, 3))
        coordination.give(self.cast, at=self.now, due_date=due)

    def do(self) -> None:
        coordination.done(self.cast, coordination.give(self.cast, at=self.now), at=self.now)

    def refer(self) -> None:
        neutrality.referred(reference=f"R/{self.draw.random()}")

    def use(self) -> None:
        figure = self.draw.choice(list(Figure.objects.all()))
        act = self.draw.choice((use_figure, withdraw_figure))
        act(figure_id=figure.pk, reason="x", actor=SYSTEM, at=self.now)

    def drop(self) -> None:
        row = self.draw.choice(list(Activity.objects.exclude(state="DROPPED")[:30]))
        drop_activity(activity_id=row.pk, reason="x", actor=SYSTEM, at=self.now)


def pages(cast: Cast) -> list[object]:
    """Read every place's page and plan, as those see them who may see much, less and little."""
    found: list[object] = []
    for viewer in (SYSTEM, cast.governor_desk.viewer, cast.observer.viewer):
        with reading.reading():
            at = clock.now()
            found += [shown(place, viewer, at) for place in PLACES]
    with override("en"), reading.reading():
        found.append(shown(OKI, SYSTEM, clock.now()))
    return found


def shown(place: PlaceCode, viewer: Viewer, at: datetime) -> object:
    """Return everything that the page of a place and its plan tell, apart from the moment."""
    page = place_page(place, viewer=viewer, at=at)
    plan = outlook(place, viewer=viewer, at=at, whole_province=True)
    rows = plan.plan.rows if plan.plan else ()
    return (
        page.answers.by_place,
        [(need.alert, need.made, need.has_act) for need in page.needs.all],
        page.work,
        page.feed,
        [(child.card, child.briefings, child.stations) for child in page.children.all],
        page.discrepancies,
        page.head.countdown,
        [(row.key, row.status, row.done_quantity, row.why) for row in rows],
        plan.curve,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(2))
def test_kept_pages_are_those_read_from_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = room()
    two_sources()
    two_sources(OKI, "voters")
    history = History(cast, random.Random(seed))  # a fixed history, no secret
    monkeypatch.setattr(timezone, "now", lambda: history.now)
    reading.forget()
    for number in range(DEEDS):
        history.deed()
        kept = pages(cast)
        with reading.afresh():
            anew = pages(cast)
        assert kept == anew, f"after deed {number} of seed {seed}"
    reading.forget()


PAGES = (
    "/16/",
    "/16/?area=coordination",
    "/16.02/",
    "/16.02.14/",
    "/16/readiness",
    "/16/readiness?sort=name",
    "/16.02/readiness",
    "/16.02.14/readiness",
    "/16/coordination",
    "/16/neutrality",
    "/16/figures",
)


_Reader = tuple[Client, tuple[str, ...]]

SIGNED = re.compile(r'csrfmiddlewaretoken" value="\w+|"X-CSRFToken": "\w+|\.eJ[\w.:-]+')
"""What is signed anew for each page: its token, and the alerts that it shows."""


@pytest.mark.django_db(transaction=True)
def test_what_is_drawn_again_is_what_was_drawn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = room()
    two_sources()
    history = History(cast, random.Random(7))  # a fixed history, no secret
    # Pages say the minute: without a clock that stands, one drawn a moment later may say the next.
    monkeypatch.setattr(timezone, "now", lambda: history.now)
    # Each may see much or little in a language; whose pages were drawn before must not show.
    readers = [
        _reader(cast.governor_desk.user_id, "id", PAGES),
        _reader(cast.observer.user_id, "id", PAGES[:5]),
        _reader(cast.governor_desk.user_id, "en", PAGES[:5]),
        _reader(cast.ministry.user_id, "id", ("/country", *PAGES[:2])),
    ]

    def drawn() -> list[str]:
        pages = [client.get(path).content.decode() for client, paths in readers for path in paths]
        return [SIGNED.sub("", page) for page in pages]

    reading.forget()
    for _ in range(3):
        first, again = drawn(), drawn()
        with reading.afresh():
            anew = drawn()
        for number, pages in enumerate(zip(first, again, anew, strict=True)):
            lines = [page.splitlines() for page in pages]
            assert lines[0] == lines[1], number
            assert lines[0] == lines[2], number
        history.deed()
    reading.forget()


def _reader(user_id: int | None, language: str, paths: tuple[str, ...]) -> _Reader:
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get(pk=user_id))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client, paths
