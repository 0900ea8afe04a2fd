"""The pages of figures: what each role sees and may do, and what bad input gets."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from serentak.figures import actions
from serentak.figures.models import Discrepancy, Figure
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.places.actions import NewPlace, add_places
from serentak.places.public import Kind
from serentak.platform.models import DomainClock, User
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast, Member
from tests.markup import compact

from .builders import recorded, two_sources

PAGE = "/16/figures"
DECIDE = "/16/figures/area_km2/sources/decide"
ASSIGN = "/16/figures/area_km2/sources/assign"


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["serentak_language"] = language
    client.force_login(User.objects.get(id=member.user_id))
    return client


@pytest.fixture
def head(cast: Cast) -> Client:
    return signed_in(cast.governor_desk)


@pytest.fixture
def officer(cast: Cast) -> Client:
    return signed_in(cast.regent_desk)


def test_figures_stand_side_by_side_with_what_disagrees(head: Client) -> None:
    actions.load_baseline(until=date.max, actor=SYSTEM, at=AT)
    answer = head.get(PAGE)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "13,206" in text
    assert "13,185" in text
    assert "KPU Provinsi Sumatera Selatan, Sep 2024" in text
    assert "another source says 3,249: −9 villages (0.28% of the figure in use)" in text
    assert "Sum of 4 of 4 places below" in text
    assert "Count of the list of places" in text
    assert 'id="stations"' in text
    assert "nobody answers for it yet" in text
    assert 'href="/16/figures/villages/sources/decide"' in text
    assert 'href="/16.02/figures"' in text


def test_invented_stations_are_counted_as_such(head: Client, settings: Settings) -> None:
    add_places(
        places=[NewPlace(PlaceCode("16.02.14.2001.001"), Kind.STATION, "001")],
        actor=SYSTEM,
        at=AT,
    )
    assert "computed, synthetic data" not in head.get(PAGE).content.decode()
    settings.SERENTAK_DEMO = True
    DomainClock.objects.create(id=1, domain_at=AT, real_at=timezone.now(), scene="h-30")
    assert head.get(PAGE).content.decode().count("computed, synthetic data") == 1


def test_the_page_speaks_indonesian_by_itself(cast: Cast) -> None:
    actions.load_baseline(until=date.max, actor=SYSTEM, at=AT)
    text = signed_in(cast.governor_desk, "id").get(PAGE).content.decode()
    assert "Dipakai 13.206; sumber lain 13.185; selisih −21 TPS" in text
    assert "Angka Provinsi Sumatera Selatan" in text


def test_an_empty_place_says_so(head: Client) -> None:
    text = head.get("/16.02.14.2001/figures").content.decode()
    assert "Nobody has recorded a figure of this place yet." in text
    assert "All figures of this place agree." in text


def test_the_page_is_exported_with_numbers(head: Client) -> None:
    two_sources()
    answer = head.get(PAGE, {"export": "csv"})
    assert b"Mapping agency" in b"".join(answer)


def test_its_queries_do_not_grow_with_the_figures(
    head: Client, django_assert_max_num_queries
) -> None:
    actions.load_baseline(until=date.max, actor=SYSTEM, at=AT)
    with django_assert_max_num_queries(14):
        head.get(PAGE)


def test_who_may_only_look_is_offered_nothing(cast: Cast) -> None:
    two_sources()
    text = signed_in(cast.observer).get(PAGE).content.decode()
    assert "Mapping agency" in text
    for path in ("/decide", "/assign", "/record", "/use", "/withdraw"):
        assert f'{path}"' not in text


@pytest.mark.parametrize(
    "path",
    ["/16/figures/record", DECIDE, ASSIGN, "/16.07/figures", "/16.07/figures/record"],
)
def test_out_of_scope_is_not_found(officer: Client, path: str) -> None:
    two_sources()
    assert officer.get(path).status_code == 404
    assert officer.post(path, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/16.55/figures",
        "/16/figures/area_km2/ghosts/decide",
        "/16/figures/ghosts/sources/decide",
        "/16/figures/villages/sources/decide",
        "/16/figures/999999999/use",
    ],
)
def test_what_does_not_exist_is_not_found(head: Client, path: str) -> None:
    two_sources()
    assert head.get(path).status_code == 404


def test_without_an_account_one_is_led_to_sign_in(db: None) -> None:
    answer = Client().get(PAGE)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in")


# --- recording

RIGHT = {
    "measure": "villages", "value": "3.258", "source": "Province", "source_date": "2024-08-15",
    "precision": "MONTH", "scope": "", "rounded_to": "", "figure_class": "SOURCED",
}  # fmt: skip


def test_an_officer_records_a_figure_as_people_write_it(cast: Cast) -> None:
    client = signed_in(cast.regent_desk, "id")
    assert client.get("/16.02/figures/record").status_code == 200
    answer = client.post("/16.02/figures/record", RIGHT)
    assert (answer.status_code, answer["Location"]) == (302, "/16.02/figures")
    figure = Figure.objects.get()
    assert (figure.value, figure.source_precision, figure.in_use) == (3258, "MONTH", True)
    assert figure.source_date.isoformat() == "2024-08-01"
    assert "Angka telah dicatat." in client.get("/16.02/figures").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("value", "-1", "A figure is not negative."),
        ("value", "many", "Write a number, such as 1249 or 12,5."),
        ("value", "9999999", "cannot be right here"),
        ("value", "1.5", "at most 0 decimals"),
        ("source", "", "required"),
        ("source_date", "2099-01-01", "a day to come"),
        ("source_date", "yesterday", "valid date"),
        ("measure", "ghosts", "valid choice"),
        ("figure_class", "SYNTHETIC", "valid choice"),
        ("rounded_to", "-5", "Say to what the figure was rounded"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_written(
    officer: Client, field: str, value: str, says: str
) -> None:
    answer = officer.post("/16.02/figures/record", {**RIGHT, "value": "3258", field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert says in answer.content.decode()
    assert Figure.objects.count() == 0


def test_recording_the_same_twice_is_refused_in_words(officer: Client) -> None:
    for _ in range(2):
        answer = officer.post("/16.02/figures/record", {**RIGHT, "value": "3258"})
    assert answer.status_code == 422
    # The template escapes the apostrophe.
    assert "figure of that day is recorded already" in answer.content.decode()
    assert Figure.objects.count() == 1


# --- using and withdrawing


def test_a_figure_is_used_and_another_withdrawn(head: Client) -> None:
    one, other = two_sources()
    use = reverse("figures:use", args=[PROVINCE, other.id])
    assert "91,592" in head.get(use).content.decode()
    assert head.post(use, {"reason": "", "version": one.id}).status_code == 422
    unseen = head.post(use, {"reason": "Newer", "version": other.id})
    assert (unseen.status_code, len(unseen.context["form"].non_field_errors())) == (422, 1)
    assert head.get(use).context["form"].initial == {"version": one.id}
    assert head.post(use, {"reason": "Newer", "version": one.id}).status_code == 302
    assert list(Figure.objects.filter(in_use=True)) == [other]
    withdraw = reverse("figures:withdraw", args=[PROVINCE, one.id])
    assert head.post(withdraw, {"reason": "Old"}).status_code == 302
    assert head.get(withdraw).status_code == 404
    text = compact(head.get(PAGE).content.decode())
    assert "Figure withdrawn: Area, 86,771 – Old" in text
    assert "Ratna Puspita" in text


def test_a_figure_of_another_place_cannot_be_reached_through_ones_own(officer: Client) -> None:
    foreign = recorded(5, place=BANYUASIN)
    path = reverse("figures:withdraw", args=[OKI, foreign.id])
    assert officer.post(path, {"reason": "x"}).status_code == 404


# --- assigning and deciding


@pytest.mark.parametrize("path", [ASSIGN, DECIDE])
def test_who_decides_a_difference_that_ended_meanwhile_is_told(head: Client, path: str) -> None:
    recorded(86771, measure="area_km2")
    assert head.get(path).status_code == 404
    answer = head.post(path, {"reason": "Survey", "version": 1}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "These figures agree now" in answer.content.decode()


def test_a_discrepancy_is_assigned_then_decided(cast: Cast, head: Client) -> None:
    _, other = two_sources()
    owner = cast.governor_desk.institution_id
    assert head.get(ASSIGN).status_code == 200
    new = {"due_date": "2099-01-01", "version": 0}
    late = head.post(ASSIGN, {"owner": owner, "due_date": "2001-01-01", "version": 0})
    assert (late.status_code, "due_date" in late.context["form"].errors) == (422, True)
    stranger = head.post(ASSIGN, {**new, "owner": "999999"})
    assert (stranger.status_code, "owner" in stranger.context["form"].errors) == (422, True)
    done = head.post(ASSIGN, {**new, "owner": owner})
    assert (done.status_code, done["Location"]) == (302, PAGE)
    assert Discrepancy.objects.get().owner_id == owner

    form = head.get(DECIDE)
    assert "Mapping agency" in form.content.decode()
    wrong = head.post(DECIDE, {"figure": other.id, "reason": "  ", "version": 1})
    assert (wrong.status_code, "reason" in wrong.context["form"].errors) == (422, True)
    assert head.post(DECIDE, {"figure": "1", "reason": "x", "version": 1}).status_code == 422
    assert (
        head.post(DECIDE, {"figure": other.id, "reason": "Survey", "version": 1}).status_code == 302
    )
    text = head.get(PAGE).content.decode()
    assert "decided" in text
    assert "Survey" in text
    assert 'data-s="late"' not in text[text.index('id="work"') : text.index('id="side-by-side"')]
    assert head.get(ASSIGN).status_code == 200
    refused = head.post(ASSIGN, {**new, "owner": owner, "version": 2})
    assert (refused.status_code, "decided already" in refused.content.decode()) == (422, True)


def test_of_two_deciders_the_second_learns_that_it_was_decided(cast: Cast, head: Client) -> None:
    one, other = two_sources()
    pages = [head.get(DECIDE), head.get(DECIDE)]
    sent = [
        {**page.context["form"].initial, "figure": figure.id, "reason": reason}
        for page, figure, reason in zip(pages, (other, one), ("Newer", "Older"), strict=True)
    ]
    assert head.post(DECIDE, sent[0]).status_code == 302
    answer = head.post(DECIDE, sent[1])
    assert answer.status_code == 422
    assert "Somebody else changed this since you opened it." in answer.content.decode()
    assert "Older</textarea>" in answer.content.decode()
    assert list(Figure.objects.filter(in_use=True)) == [other]
    assert Discrepancy.objects.get().reason == "Newer"
