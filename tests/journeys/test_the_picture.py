"""From the governor's desk down to a district and back, three clicks each way."""

import re

import pytest
from playwright.sync_api import expect

from .people import Meet


@pytest.mark.parametrize("phone", [False, True])
def test_from_province_to_village_in_three_clicks_and_back(meet: Meet, phone: bool) -> None:
    desk = meet("desk.sumsel", phone=phone)
    page = desk.go("/")
    expect(page).to_have_url(re.compile(r"/16/$"))
    expect(page.locator("h1")).to_have_text(re.compile("Sumatera Selatan"))
    for href, name in (
        ("/16.02/", "Ogan Komering Ilir"),
        ("/16.02.14/", "Air Sugihan"),
        ("/16.02.14.2001/election", "Tirta Mulya"),
    ):
        page.locator(f'main a[href="{href}"]:visible').first.click()
        desk.look()
        expect(page.locator("h1")).to_contain_text(name)
    desk.go("/16.02.14/")
    for name, url in (("Ogan Komering Ilir", "/16.02/"), ("Sumatera Selatan", "/16/")):
        page.locator("nav.crumb").get_by_role("link", name=name).click()
        desk.look()
        expect(page).to_have_url(re.compile(f"{url}$"))


def test_each_place_shows_who_is_late_at_risk_and_silent(meet: Meet) -> None:
    page = meet("pemantau").go("/16/")
    for code, word in (("16.02", "Terlambat"), ("16.07", "Berisiko"), ("16.11", "Belum melapor")):
        expect(page.locator(f'main a.tile[href="/{code}/"]')).to_contain_text(word)
    page.get_by_role("button", name="Tabel").click()
    expect(page.get_by_role("row").filter(has_text="Empat Lawang")).to_contain_text("Belum melapor")


def test_the_page_is_whole_without_scripts(meet: Meet) -> None:
    page = meet("desk.oki", scripts=False, phone=True).go("/16.02/")
    expect(page.get_by_role("heading", name="Perlu tindakan Anda")).to_be_visible()
    expect(page.locator('main a[href="/16.02.14/"]').first).to_be_visible()


def test_a_neighbour_is_not_found(meet: Meet) -> None:
    officer = meet("desk.oki")
    for path in ("/16/", "/16.07/", "/16.07/readiness", "/16.07.02/", "/18/", "/99/"):
        officer.go(path, status=404)


@pytest.mark.parametrize(
    "path",
    ["/16/", "/16.02/", "/16.02.14/", "/16/readiness", "/16.02/readiness", "/16.02.14/readiness",
     "/16.02/readiness/route-plan", "/16.74/readiness/signal-add", "/16/figures", "/16/election",
     "/16.02.14/election", "/16/directory"],
)  # fmt: skip
def test_every_screen_fits_a_phone_in_both_languages(meet: Meet, path: str) -> None:
    person = meet("desk.sumsel", phone=True)
    person.go(path)
    person.press("button", "English")
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
