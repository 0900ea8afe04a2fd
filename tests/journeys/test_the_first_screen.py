"""The first screen of a place: what stands on it without scrolling, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from .people import Meet

DESKS = [
    ("desk.sumsel", "/16/", True),
    ("desk.oki", "/16.02/", True),
    ("ppk.airsugihan", "/16.02.14/", False),
]


def bottom(page: Page, selector: str) -> float:
    """Return where the last element ends, in pixels from the top of the page."""
    boxes = [item.bounding_box() for item in page.locator(selector).all()]
    return max(box["y"] + box["height"] for box in boxes if box)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("who", "path", "has_tiles"), DESKS)
def test_it_fits_a_desk_and_its_head_a_phone(
    meet: Meet, who: str, path: str, has_tiles: bool, language: str
) -> None:
    person = meet(who)
    page = person.go(path)
    if language == "en":
        person.press("button", "English")
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = [".say", ".areas", ".alert >> nth=0", ".alert >> nth=2"]
    shown += [".tiles", ".seg [aria-current]"] * has_tiles
    assert {part: b for part in shown if (b := bottom(page, part)) > 800} == {}
    page.set_viewport_size({"width": 360, "height": 740})
    assert {part: b for part in (".say", ".areas") if (b := bottom(page, part)) > 740} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    order = [page.locator(s).first.bounding_box()["y"] for s in (".say", ".areas", ".alert")]
    order.append(page.locator("#children").bounding_box()["y"])
    order.append(page.locator("#feed").bounding_box()["y"])
    assert order == sorted(order)


def test_the_keyboard_opens_what_an_area_knows(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/")
    area = page.locator(".areas summary").first
    told = page.locator(".areas .told").first
    expect(told).not_to_be_visible()
    area.focus()
    page.keyboard.press("Enter")
    expect(told).to_be_visible()
    desk.look()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/16/readiness"))


def test_tiles_and_their_table_say_the_same_over_all_areas_and_in_one(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/")
    expect(page.locator('nav.seg a[aria-current="true"]')).to_have_text("Semua")
    tile = page.locator('a.tile[href="/16.11/"]')
    expect(tile).to_contain_text("Belum melapor")
    page.get_by_role("button", name="Tabel").click()
    row = page.get_by_role("row").filter(has_text="Empat Lawang")
    expect(row.locator('[data-l="Semua"]')).to_contain_text("Belum melapor")
    page.get_by_role("button", name="Petak").click()
    page.locator("nav.seg").get_by_role("link", name="Netralitas").click()
    desk.look()
    expect(page.locator('nav.seg a[aria-current="true"]')).to_have_text("Netralitas")


def test_one_tap_leads_from_the_first_need_to_a_letter(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/")
    page.locator(".alert .act a", has_text="Susun surat kepada").first.click()
    desk.look()
    expect(page).to_have_url(re.compile("/coordination/"))


def test_the_rest_is_behind_one_line(meet: Meet) -> None:
    desk = meet("desk.sumsel", phone=True)
    page = desk.go("/16/")
    assert page.locator(".alert").count() == 3
    page.locator(".more a", has_text="hal lain").click()
    desk.look()
    assert page.locator(".alert").count() > 3
    why = page.locator(".alert .rest summary").first
    why.click()
    expect(page.locator(".alert .rest .so").first).to_be_visible()
