"""Fixed numbers of queries, and what higher floors are told."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from serentak.contingency import public, queries
from serentak.contingency.actions import drop_step
from serentak.kernel.codes import COUNTRY
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast

from .builders import start, the_run

LATE = AT + timedelta(minutes=50)


def test_plans_are_found_by_the_kind_of_incident() -> None:
    (found,) = public.plans_for("RUMOUR")
    assert found.key == "rumour"
    assert found.first_ten
    assert public.plans_for("ROCKET") == []


def test_steps_past_their_clock_press_by_regency(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    start(viewer)
    start(viewer, "flood", AIR_SUGIHAN)
    start(viewer, "flood", BANYUASIN)
    assert public.alerts(parent=PROVINCE, viewer=viewer, at=AT) == ()
    (oki,) = public.alerts(parent=PROVINCE, viewer=viewer, at=LATE)
    assert (oki.place, oki.params["steps"], oki.params["runs"]) == (OKI, "4", "1")
    assert len(public.alerts(parent=PROVINCE, viewer=viewer, at=AT + timedelta(hours=2))) == 2
    assert public.alerts(parent=PROVINCE, viewer=cast.observer.viewer, at=LATE) == ()
    found = public.running(PROVINCE, LATE)
    assert (found.runs, found.open_steps, found.late_steps) == (3, 22, 4)
    assert public.running(BANYUASIN, LATE).runs == 1


def test_queries_do_not_grow(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    counts = []
    for place in (OKI, BANYUASIN, PALEMBANG):
        run = start(viewer, "flood", place, subject="incident:1")
        with CaptureQueriesContext(connection) as seen:
            list(queries.runs_under(COUNTRY, viewer, LATE))
            public.runs_of(["incident:1"], viewer=viewer, at=LATE)
            public.running(PROVINCE, LATE)
            queries.step_cards(the_run(run), viewer, LATE)
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_who_has_no_account_is_told_by_name(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer)
    cards = {card.n: card for card in queries.step_cards(the_run(run), viewer, LATE)}
    assert cards[1].is_silent, "nobody of the police sits here"
    assert not cards[8].is_silent, "the commission has an account"
    assert cards[2].is_missing
    assert cards[1].is_late
    assert not cards[8].is_late
    drop_step(run_id=run, n=1, reason="Uji", actor=viewer, at=LATE)
    assert not queries.step_cards(the_run(run), viewer, LATE)[0].is_silent
