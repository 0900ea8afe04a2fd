"""Pages of contingency: a place, a plan to read and start, a run."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from serentak.contingency import public
from serentak.contingency.area import AREA
from serentak.contingency.models import PlanRun
from serentak.contingency.permissions import VIEW_CONFIDED
from serentak.platform import clock
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, AT, OKI, Cast, Member

from .builders import start, step


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(minutes=30))


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


def test_a_place_shows_plans_and_what_runs_under_it(cast: Cast) -> None:
    run = start(cast.governor_desk.viewer, place=AIR_SUGIHAN)
    page = text(signed_in(cast.governor_desk).get(f"/{OKI}/contingency"))
    assert f"/contingency/runs/{run}" in page
    assert "A rumour that heats" in page
    assert signed_in(cast.observer).get(f"/{OKI}/contingency").status_code == 404
    assert signed_in(cast.neighbour).get(f"/{OKI}/contingency").status_code == 404


def test_a_plan_is_read_and_started(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    page = text(client.get(f"/{OKI}/contingency/riot-district-office"))
    assert "People out first; boxes locked in one room." in page
    assert "Never order commission, supervisor, police or army." in page
    answer = client.post(
        f"/{OKI}/contingency/riot-district-office/start",
        {"client_key": uuid4(), "is_rehearsal": "on"},
    )
    run = PlanRun.objects.get()
    assert answer["Location"] == f"/contingency/runs/{run.pk}"
    assert run.is_rehearsal
    client.post(f"/contingency/runs/{run.pk}/steps/2/done")
    client.post(f"/contingency/runs/{run.pk}/stop", {"reason": "Usai"})
    page = text(client.get(f"/contingency/runs/{run.pk}"))
    assert "Exercise (LATIHAN)" in page
    assert "Riot at a district office (Exercise (LATIHAN)), step 2: done" in page
    assert "Riot at a district office (Exercise (LATIHAN)): called off" in page
    assert client.get(f"/{OKI}/contingency/rockets").status_code == 404
    readers = text(signed_in(cast.agency).get(f"/{OKI}/contingency/riot-district-office"))
    assert "Start this plan" not in readers


def test_a_plan_that_runs_already_is_said_above_the_form(cast: Cast) -> None:
    start(cast.regent_desk.viewer)
    answer = signed_in(cast.regent_desk).post(
        f"/{OKI}/contingency/riot-district-office/start", {"client_key": uuid4()}
    )
    assert answer.status_code == 422
    assert "This plan runs here already" in text(answer)


def test_a_subject_travels_signed(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    url = public.start_url("flood", OKI, subject="incident:3", needs_permission=VIEW_CONFIDED)
    page = text(client.get(url))
    assert "It is tied to the report from which you came." in page
    about = re.search(r'name="about" value="([^"]+)"', page)
    assert about
    client.post(f"/{OKI}/contingency/flood/start", {"client_key": uuid4(), "about": about[1]})
    run = PlanRun.objects.get()
    assert (run.subject, run.needs_permission) == ("incident:3", VIEW_CONFIDED)
    elsewhere = url.replace(f"/{OKI}/", f"/{AIR_SUGIHAN}/")
    assert client.get(elsewhere).status_code == 404
    forged = client.post(f"/{OKI}/contingency/flood/start", {"client_key": uuid4(), "about": "x"})
    assert forged.status_code == 404
    assert signed_in(cast.commission).get(f"/contingency/runs/{run.pk}").status_code == 404
    assert f"runs/{run.pk}" not in text(signed_in(cast.commission).get(f"/{OKI}/contingency"))


def test_a_run_shows_its_clocks_and_takes_one_tap(cast: Cast) -> None:
    run = start(cast.governor_desk.viewer)
    client = signed_in(cast.governor_desk)
    page = text(client.get(f"/contingency/runs/{run}"))
    assert "late by 10 minutes" in page
    assert "in 15 minutes" in page
    assert "Nobody there has an account, call them:" in page
    assert "Not set up here" in page
    assert client.post(f"/contingency/runs/{run}/steps/2/done").status_code == 302
    assert step(run, 2).state == "DONE"
    assert client.post(f"/contingency/runs/{run}/steps/2/undo").status_code == 302
    assert client.post(f"/contingency/runs/{run}/steps/2/drop", {"reason": ""}).status_code == 422
    client.post(f"/contingency/runs/{run}/steps/2/drop", {"reason": "Tidak perlu"})
    assert step(run, 2).reason == "Tidak perlu"
    assert "Some steps are still open" in text(
        client.post(f"/contingency/runs/{run}/end", follow=True)
    )
    assert client.post(f"/contingency/runs/{run}/stop", {"reason": ""}).status_code == 422
    client.post(f"/contingency/runs/{run}/stop", {"reason": "Kabar keliru"})
    assert "Kabar keliru" in text(client.get(f"/contingency/runs/{run}"))
    reader = text(signed_in(cast.regent_desk).get(f"/contingency/runs/{run}"))
    assert "Call this plan off" not in reader


def test_what_is_declared(cast: Cast) -> None:
    assert AREA.alerts is public.alerts
    assert AREA.subjects == {"run": "contingency:run"}


def test_no_precedent_tells_of_today_or_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/{OKI}/contingency/riot-district-office"
    client = signed_in(cast.regent_desk)
    assert "Karang Jaya" in text(client.get(page))
    assert "Rawas Ilir" not in text(client.get(page)), "it happened a month after this day"
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=40))
    assert "Rawas Ilir" in text(client.get(page))


def test_an_exercise_says_so_in_what_it_answers_and_where_it_is_named(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    sent = {"client_key": uuid4(), "is_rehearsal": "on", "about": ""}
    answer = client.post(f"/{OKI}/contingency/riot-district-office/start", sent, follow=True)
    assert "The exercise runs (LATIHAN)." in text(answer)
    assert "what is written goes out" not in text(answer)


def test_who_started_a_plan_notes_answers_and_says_that_they_are_others(cast: Cast) -> None:
    client = signed_in(cast.regent_desk)
    sent = {"client_key": uuid4(), "about": ""}
    client.post(f"/{OKI}/contingency/riot-district-office/start", sent)
    run = PlanRun.objects.get()
    page = f"/contingency/runs/{run.pk}"
    shown = text(client.get(page))
    assert "They say it is done: note their answer" in shown
    assert "the commission alone decides" in shown
    assert client.post(f"{page}/steps/2/done").status_code == 302
    assert "noted from an oral answer" in text(client.get(page))
    assert signed_in(cast.neighbour).post(f"{page}/steps/5/done").status_code == 404
