"""A site is checked on a phone, fails gravely, climbs to the province, is mended and confirmed."""

import re

from playwright.sync_api import Locator, Page, expect

from .people import Meet, Person

STATION = "/16.02.14.2001.001/facilities"
DISTRICT = "/16.02.14/facilities"
QUESTION = "Apakah bukan rumah calon, tim, posko, atau gedung partai?"
DEFECT = "Lokasi netral"
ALERT = re.compile("kekurangan berat pada bangunan atau TI penghitungan melewati tenggat")


def question(page: Page) -> Locator:
    return page.get_by_role("group", name=QUESTION)


def opened(person: Person) -> Page:
    """Open the defect from the page of its station."""
    page = person.go(STATION)
    page.get_by_role("link", name=DEFECT, exact=True).click()
    return person.look()


def test_a_venue_fails_climbs_is_moved_and_confirmed(meet: Meet) -> None:
    officer, desk, commission = meet("ppk.airsugihan", phone=True), meet("desk.sumsel"), meet(
        "kpu.oki"
    )  # fmt: skip

    page = officer.go(f"{DISTRICT}/it-station")
    expect(page.get_by_role("heading", name="Belum diperiksa")).to_be_visible()
    page = officer.go(f"{STATION}/venue")
    page.get_by_role("link", name="Catat pemeriksaan").click()
    page = officer.look()
    label = question(page).get_by_text("Tidak", exact=True)
    box = label.bounding_box()
    assert box
    assert box["height"] >= 36, "large enough for a thumb"
    label.click()
    expect(page.locator("[data-draft=kept]")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Catat pemeriksaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    page.context.set_offline(False)
    expect(page.locator("[data-draft=offline]")).to_have_count(0)
    page.get_by_role("button", name="Catat pemeriksaan").click()
    expect(officer.look().get_by_text("Pemeriksaan sudah dicatat.")).to_be_visible()
    expect(page.get_by_text("Belum siap").first).to_be_visible()

    for place in ("/16.02", "/16"):
        row = desk.go(f"{place}/facilities").locator("#table-defects tr").filter(has_text=DEFECT)
        expect(row.filter(has_text="TPS 001, Tirta Mulya")).to_be_visible()
    expect(desk.go("/16.02.14/").get_by_text(ALERT).first).to_be_visible()
    assert desk.go(f"{STATION}/venue/check", status=404)

    page = opened(officer)
    expect(page.get_by_text("harus memperbaikinya paling lambat")).to_be_visible()
    page.get_by_label("Lokasi lain yang ada").fill("Balai desa Tirta Mulya")
    page.get_by_role("button", name="Minta pindah lokasi").click()
    expect(officer.look().get_by_text("Permintaan pindah lokasi")).to_be_visible()

    page = opened(commission)
    expect(page.get_by_text("Diminta pindah lokasi").first).to_be_visible()
    page.get_by_label("Apa yang dilakukan").first.fill("Dipindahkan ke balai desa")
    page.get_by_role("button", name="Sudah diperbaiki").click()
    expect(commission.look().get_by_text("Pemeriksaan harus memastikannya")).to_be_visible()

    page = opened(officer)
    page.get_by_role("link", name="Periksa lagi").click()
    page = officer.look()
    expect(question(page).get_by_text("Terakhir: Tidak.")).to_be_visible()
    question(page).get_by_text("Ya", exact=True).click()
    page.get_by_role("button", name="Catat pemeriksaan").click()
    expect(officer.look().get_by_text("Pemeriksaan sudah dicatat.")).to_be_visible()
    expect(desk.go(STATION).get_by_role("link", name=DEFECT, exact=True)).to_have_count(0)


def test_pages_hold_in_english_on_a_phone(meet: Meet) -> None:
    officer = meet("ppk.airsugihan", phone=True)
    officer.go(DISTRICT)
    officer.press("button", "English")
    for path in (DISTRICT, f"{DISTRICT}/venue", f"{DISTRICT}/venue/import", STATION,
                 f"{STATION}/it-station", f"{STATION}/it-station/check"):  # fmt: skip
        expect(officer.go(path).locator("html")).to_have_attribute("lang", "en")


def test_all_entries_of_the_bar_stand_in_one_line(meet: Meet) -> None:
    for language in ("id", "en"):
        desk = meet("desk.sumsel")
        page = desk.go("/16/facilities")
        if language == "en":
            page = desk.press("button", "English")
        hidden = "e => e.scrollWidth - e.clientWidth"
        assert page.locator(".bar .nav").evaluate(hidden) <= 1, language
