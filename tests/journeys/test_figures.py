"""Figures that disagree stand side by side until a person decides, and everybody sees why."""

import re

from playwright.sync_api import expect

from .people import Meet


def test_the_desk_decides_between_two_sources_and_the_observer_reads_the_reason(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/figures")
    stations = page.locator("#stations")
    expect(stations).to_contain_text("13.185")
    expect(stations).to_contain_text("13.206")
    stations.get_by_role("link", name="Putuskan").click()
    desk.look()
    page.get_by_role("button", name="Putuskan").click()
    desk.look()
    expect(page.get_by_label("Alasan")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Alasan").fill("Daftar tetap memuat lokasi khusus")
    page.get_by_role("button", name="Putuskan").click()
    desk.look()
    expect(page.locator("#stations")).to_contain_text("diputuskan")

    observer = meet("pemantau", phone=True)
    read = observer.go("/16/figures")
    expect(read.locator("#stations")).to_contain_text("Daftar tetap memuat lokasi khusus")
    expect(read.get_by_role("link", name="Putuskan")).to_have_count(0)


def test_a_regency_outside_ones_own_is_not_found(meet: Meet) -> None:
    meet("desk.oki").go("/16.07/figures", status=404)
    meet("ppk.airsugihan", phone=True).go("/16.02.11/figures", status=404)


def test_whoever_is_not_signed_in_is_asked_to(meet: Meet) -> None:
    person = meet(phone=True)
    page = person.go("/16/figures")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/16/figures"))
