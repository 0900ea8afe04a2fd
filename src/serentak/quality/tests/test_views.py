"""Pages of quality: who sees whose scores, that nothing leaks before its time, and what they cost."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Counted, Share
from serentak.kernel.viewer import SYSTEM
from serentak.platform import areas, clock
from serentak.platform.models import User
from serentak.quality import actions
from serentak.quality.models import Publication
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.rules.catalogue import Whose
from tests.cast import AT, BANYUASIN, OGAN_ILIR, OKI, PALEMBANG, PROVINCE, Cast, Member, seat

from .builders import set_up_stations

AFTER = datetime(2025, 1, 6, 3, tzinfo=UTC)
SECRET = {
    Whose.ORGANISER: ("crews-trained", 777),
    Whose.GOVERNMENT: ("pledges-signed", 888),
    Whose.POLICE: ("high-risk-guarded", 666),
    Whose.SUPERVISOR: ("money-politics-answered", 555),
}
"""An indicator of each, with a number that stands nowhere else."""


@pytest.fixture(autouse=True)
def _world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_stations()
    monkeypatch.setattr(clock, "now", lambda: AT)
    told = {
        catalogue().indicators[key].data.counted_by: {
            place: Counted({str(n): Share(number, number + 13) for n in range(3)})
            for place in (OKI, BANYUASIN, OGAN_ILIR, PALEMBANG)
        }
        for key, number in SECRET.values()
    }
    told["neutrality.replaced-with-consent"] = {OKI: Counted({"a": Share(8, 9)})}
    told["readiness.legal-days-kept"] = {
        OKI: Counted({"a": Share(100, 100)}),
        BANYUASIN: Counted({"a": Share(10, 100)}),
    }
    monkeypatch.setattr(
        areas,
        "counts",
        lambda: {
            key: lambda *, parent, at, found=found: {
                place: one for place, one in found.items() if place.startswith(parent)
            }
            for key, found in told.items()
        },
    )
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AT)


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", content.decode())


def members(cast: Cast) -> dict[str, tuple[Member, set[Whose]]]:
    """Return people with the work whose scores they see before publication."""
    return {
        "desk": (cast.governor_desk, {Whose.GOVERNMENT}),
        "commission": (cast.province_commission, {Whose.ORGANISER}),
        "supervisor": (
            seat("bawaslu.prov", "Tati", "SUPERVISOR_HEAD", "BAWASLU", PROVINCE),
            {Whose.SUPERVISOR},
        ),
        "police": (
            seat("polda", "Rizal", "POLICE_OPERATIONS", "POLICE", PROVINCE),
            {Whose.POLICE},
        ),
    }


def seen(client: Client) -> dict[Whose, bool]:
    """Tell of whose work any page or file of the slice gives a figure."""
    paths = [f"/{PROVINCE}/quality/{key}" for key, _ in SECRET.values()]
    paths += [
        f"/{place}/quality{end}"
        for place in (PROVINCE, OKI)
        for end in ("", "/trend", "/csv", "/json", "/weights", "/public")
    ]
    pages = " ".join(text(client.get(path)) for path in paths)
    return {
        who: bool(re.search(rf"\b{3 * n}\b|\b{3 * n:,}\b", pages)) for who, (_, n) in SECRET.items()
    }


@pytest.mark.parametrize("who", ["desk", "commission", "supervisor", "police"])
def test_each_sees_its_own_first_and_nobody_elses(cast: Cast, who: str) -> None:
    member, own = members(cast)[who]
    assert {whose for whose, is_seen in seen(signed_in(member)).items() if is_seen} == own


def test_public_sees_nothing_before_publication(cast: Cast) -> None:
    client = Client()
    assert not any(seen(client).values())
    assert json.loads(client.get(f"/{PROVINCE}/quality/json").content)["scores"] == []
    assert client.get(f"/{PROVINCE}/quality/public").status_code == 404


def publish(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    later = AFTER + timedelta(days=20)
    head = cast.governor_desk.viewer
    ended = date(2025, 1, 3)
    actions.open_reply(place=PROVINCE, disputes_ended_date=ended, actor=head, at=AFTER)
    regent = seat("desk.head.oki", "Endang", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    actions.reply_to_score(
        client_key=uuid4(), place=OKI, indicator="pledges-signed", text="Dua dinas kebanjiran.",
        actor=regent.viewer, at=AFTER,
    )  # fmt: skip
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=later)
    actions.publish_scores(place=PROVINCE, actor=head, at=later)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_public_sees_all_but_guards_once_published_with_replies(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(cast, monkeypatch)
    assert Publication.objects.get().published_at
    client = Client()
    found = seen(client)
    assert found == {
        Whose.ORGANISER: True,
        Whose.GOVERNMENT: True,
        Whose.SUPERVISOR: True,
        Whose.POLICE: False,
    }
    page = text(client.get(f"/{OKI}/quality/public"))
    assert "Dua dinas kebanjiran." in page
    assert "no rank" in page or "peringkat" in page


def test_later_days_stay_inside_once_published(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(cast, monkeypatch)
    day = Publication.objects.get().day
    actions.store_scores(place=PROVINCE, actor=SYSTEM, at=AFTER + timedelta(days=40))
    rows = json.loads(Client().get(f"/{PROVINCE}/quality/json").content)["scores"]
    assert rows
    assert {row["day"] for row in rows} == {str(day)}


def test_scorecard_shows_profile_flags_and_what_is_missing(cast: Cast) -> None:
    page = text(signed_in(cast.governor_desk).get(f"/{OKI}/quality"))
    assert "Profile of the principles" in page
    assert "An official replaced without the Minister" in page
    assert "cannot be computed yet" in page.lower()
    assert "not shown here before" in page


def test_indicator_says_formula_law_and_how_it_is_bent(cast: Cast) -> None:
    page = text(signed_in(cast.governor_desk).get(f"/{PROVINCE}/quality/pledges-signed"))
    for words in ("staff_signed / staff", "UU 20/2023", "A mass pledge in absence", "2,664"):
        assert words in page
    missing = signed_in(cast.governor_desk).get(f"/{PROVINCE}/quality/crews-trained")
    assert missing.status_code == 404
    assert signed_in(cast.governor_desk).get(f"/{PROVINCE}/quality/none").status_code == 404


def test_weights_change_the_order_and_bad_ones_are_refused_by_name(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    page = text(client.get(f"/{PROVINCE}/quality/weights"))
    assert "All principles weigh alike" in page
    assert "of 100 weights" in page
    page = text(client.get(f"/{PROVINCE}/quality/weights?certain=3&orderly=0"))
    assert "Weights chosen by" in page
    page = text(client.get(f"/{PROVINCE}/quality/weights?certain=-1"))
    assert "Legally certain: a weight is a number of 0 or more." in page
    page = text(
        client.get(
            f"/{PROVINCE}/quality/weights?certain=0&"
            + "&".join(f"{key}=0" for key in catalogue().frame.principles)
        )
    )
    assert "At least one principle must weigh more than 0." in page


def test_document_is_the_same_bytes_again(cast: Cast) -> None:
    client = signed_in(cast.governor_desk, "id")
    first = client.get(f"/{PROVINCE}/quality/pdf")
    assert first.content.startswith(b"%PDF")
    assert first.content == client.get(f"/{PROVINCE}/quality/pdf").content


def test_csv_has_a_row_for_each_score_and_no_number_of_a_hidden_one(cast: Cast) -> None:
    rows = text(signed_in(cast.governor_desk).get(f"/{PROVINCE}/quality/csv"))
    assert "place,day,indicator,principle" in rows
    assert re.search(r"16\.02,2024-10-28,pledges-signed,professional,GOVERNMENT,2664,2703", rows)


@pytest.mark.parametrize("end", ["", "/trend", "/weights", "/pledges-signed", "/csv"])
def test_pages_read_what_is_stored_in_few_statements(cast: Cast, end: str) -> None:
    client = signed_in(cast.governor_desk)
    client.get(f"/{PROVINCE}/quality{end}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/{PROVINCE}/quality{end}").status_code == 200
    assert len(queries) <= 24


@pytest.mark.parametrize("place", [PlaceCode("16.02.14"), PlaceCode("16.02.14.2001")])
def test_only_provinces_and_regencies_have_a_scorecard(cast: Cast, place: PlaceCode) -> None:
    assert signed_in(cast.governor_desk).get(f"/{place}/quality").status_code == 404


def test_desk_stores_opens_and_is_told_when_it_may_not_publish(cast: Cast) -> None:
    client = signed_in(cast.governor_desk)
    answer = client.post(f"/{PROVINCE}/quality/store", follow=True)
    assert "scores were stored" in text(answer)
    assert "First open the scores for reply" in text(
        client.post(f"/{PROVINCE}/quality/publish", follow=True)
    )
    page = client.post(f"/{PROVINCE}/quality/open", {"disputes_ended_date": "2024-10-01"})
    assert "Name the day on which the last dispute ended" in text(page)
    assert signed_in(cast.regent_desk).post(f"/{PROVINCE}/quality/store").status_code == 404
