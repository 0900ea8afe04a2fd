"""Nothing lies over anything else: on a tablet, on paper, in the cards of a phone's tables."""

import re

import pytest

from .people import DESK, PHONE, Meet
from .test_reporting import answer, send

OVERLAPS = """(selector) => {
    const boxes = [...document.querySelectorAll(selector)]
        .map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height);
    const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return boxes.flatMap(([e, a], i) => boxes.slice(i + 1)
        .filter(([f, b]) => !e.contains(f) && over(a, b))
        .map(([f]) => `${e.innerText} | ${f.innerText}`));
}"""

TIGHT = """(selector) => [...document.querySelectorAll(selector)]
    .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.innerText)"""


@pytest.mark.parametrize(("width", "media"), [(360, "screen"), (820, "screen"), (703, "print")])
def test_the_figures_of_the_cards_stand_apart(meet: Meet, width: int, media: str) -> None:
    desk = meet("desk.sumsel")
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.page.emulate_media(media="print" if media == "print" else "screen")
    for path in ("/16/", "/16.02/"):
        page = desk.go(path)
        for area in page.locator(".areas summary").all():
            area.press("Enter")
        assert page.locator(".areas .told").first.is_visible()
        assert page.evaluate(OVERLAPS, ".areas summary > *, .areas .told > p") == []


def test_a_phone_shows_whole_words_in_its_tables(meet: Meet) -> None:
    officer = meet("kpu.oki", phone=True)
    for path in ("/16.02/readiness/route-plan", "/16.02.14.2001/election", "/16.02/figures"):
        assert officer.go(path).evaluate(TIGHT, ".tc td, .tc th") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_readiness_is_short_on_a_phone_and_opens_by_a_click(meet: Meet, scripts: bool) -> None:
    officer = meet("kpu.oki", phone=True, scripts=scripts)
    page = officer.go("/16.02/readiness")
    assert page.evaluate("document.documentElement.scrollHeight") < 3_500
    rows = page.locator("#table-plan tbody th[scope=row]")
    urgent, later = rows.first, rows.last
    assert urgent.is_visible()
    assert not later.is_visible()
    page.locator("#table-plan .grp summary").last.click()
    assert later.is_visible()
    search = page.locator("#table-plan-q")
    assert not search.is_visible()
    page.locator("#table-plan > .flap summary").click()
    assert search.is_visible()
    page = officer.go("/16.02/readiness?group=LATER")
    assert rows.first.is_visible()
    assert rows.last.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page = officer.go("/16.02/readiness")
    assert rows.last.is_visible()
    assert search.is_visible()
    assert not any(flap.is_visible() for flap in page.locator(".flap").all())


def test_paper_names_who_printed_it_and_when(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/")
    page.emulate_media(media="print")
    assert page.locator(".print-only").inner_text().startswith("Dicetak 28 Okt 2024")
    assert page.locator(".tiles").is_visible()
    assert not page.locator(".bar .nav").is_visible()


@pytest.mark.parametrize("path", ["/16/", "/16.02/", "/16.02.14/"])
def test_the_page_of_a_place_is_one_sheet_of_paper(meet: Meet, path: str) -> None:
    page = meet("desk.sumsel").go(path)
    pdf = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    assert page.locator(".alert").count() == 3
    for shown in (
        ".place",
        ".areas",
        ".areas .told >> nth=0",
        "section:has(> header > #needs-you)",
    ):
        assert page.locator(shown).is_visible(), shown
    for left_out in (".btn", ".areas .unset", "section:has(> header > #feed)", "#my-work"):
        assert not any(item.is_visible() for item in page.locator(left_out).all()), left_out


def test_a_phone_leads_to_the_account(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    officer.go("/16.02/report")
    officer.page.locator(".menu").click()
    officer.page.locator(".tools .who").click()
    officer.look()
    assert officer.page.locator('input[type="password"]').count() >= 1


def test_the_bar_is_one_line_on_a_phone(meet: Meet) -> None:
    page = meet("desk.sumsel", phone=True).go("/16/")
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 60
    assert page.locator(".nav [aria-current]").is_visible()


def test_a_word_of_84_letters_makes_no_page_wider_than_a_phone(meet: Meet) -> None:
    """`look` finds what is too wide."""
    word = ("Kayuagung" * 10)[:84]
    officer = meet("dishub.oki", phone=True)
    page = officer.go("/16.02/report?all")
    answer(page, "Rute, truk, dan perahu", "11", note=word)
    send(officer)
    desk = meet("desk.oki", phone=True)
    page = desk.go("/16.02/coordination/ask")
    page.locator("textarea[name=text]").fill(word)
    page.locator("select[name=owner]").select_option(index=1)
    page.locator("input[name=due_date]").fill("2024-11-04")
    page.locator("form.in.form button").first.click()
    desk.look()
    for size in (PHONE, DESK):
        desk.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size by its two names
        for path in (
            "/16.02/",
            "/16.02/readiness/route-plan",
            "/16.02/coordination",
            "/16.02/daily",
        ):
            desk.go(path)
