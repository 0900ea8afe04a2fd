"""What is typed is not lost: language, session, connection; and what nobody may find is not kept."""

import io
import json
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .people import Meet, Person
from .test_reporting import answer, send

ACTIVITY = "Rute, truk, dan perahu"
REPORT = "/16.02/report"
ASK = "/16.02/coordination/ask"
PICTURE = io.BytesIO()
Image.new("RGB", (8, 8), "green").save(PICTURE, "JPEG")
PHOTO: Any = {"name": "gudang.jpg", "mimeType": "image/jpeg", "buffer": PICTURE.getvalue()}


FILES_LEFT = """() => new Promise((done) => {
  const opening = indexedDB.open("serentak.drafts");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("files").objectStore("files").count();
    asked.onsuccess = () => done(asked.result);
  };
})"""


def kept(page: Page) -> dict[str, Any]:
    """Return the drafts on the device by the address of their form."""
    found: dict[str, str] = page.evaluate("() => ({...localStorage})")
    return {key.split(".", 3)[3].strip(): json.loads(value) for key, value in found.items()}


def quantity(page: Page) -> Any:
    return page.locator("tr[data-row]").filter(has_text=ACTIVITY).locator("input[name$=_quantity]")


def begin(officer: Person, path: str = REPORT) -> Page:
    """Fill in a row with its note and photo, and send nothing."""
    page = officer.go(path)
    answer(page, ACTIVITY, "11", note="Truk kesebelas menunggu di Kayuagung")
    row = page.locator("tr[data-row]").filter(has_text=ACTIVITY)
    row.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.locator("[data-draft=kept]")).to_be_visible()
    return page


def has_photo(page: Page) -> None:
    """The photo lies in its field again, and nobody is asked to choose it."""
    row = page.locator("tr[data-row]").filter(has_text=ACTIVITY)
    expect(row.locator("[data-word]")).to_have_text("1 foto")
    assert row.locator("input[type=file]").evaluate("f => f.files[0].name") == "gudang.jpg"
    expect(page.locator("[data-files], [data-files-lost]").locator("visible=true")).to_have_count(0)


def is_back(page: Page) -> None:
    """Everything typed stands in the form again, and the page says so."""
    expect(page.locator("[data-draft=back]")).to_be_visible()
    expect(quantity(page)).to_have_value("11")
    has_photo(page)
    row = page.locator("tr[data-row]").filter(has_text=ACTIVITY)
    expect(row.locator("input[name$=_note]")).to_have_value("Truk kesebelas menunggu di Kayuagung")


def test_the_language_changes_in_the_middle_of_a_report(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer)
    officer.press("button", "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    row = page.locator("tr[data-row]").filter(has=page.locator("input[type=radio]:checked"))
    expect(row.locator("input[name$=_quantity]")).to_have_value("11")
    expect(page.get_by_text("Your entries are here again")).to_be_visible()
    expect(page.locator('[data-count="quantity"]')).to_have_text("1")
    officer.press("button", "Bahasa Indonesia")
    is_back(page)


def test_a_session_that_is_over_at_submit_leads_back_to_what_was_typed(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer, REPORT + "?all")
    page.context.clear_cookies(name="sessionid")
    page = send(officer)
    expect(page.get_by_role("heading", name="Masuk", exact=True)).to_be_visible()
    page.locator('button[name="username"][value="dishub.oki"]').click()
    officer.look()
    expect(page).to_have_url(officer.url + REPORT + "?all")
    is_back(page)


def test_what_was_left_is_offered_later_and_can_be_thrown_away(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    begin(officer)
    page = officer.go("/16.02/readiness")
    page = officer.go(REPORT)
    expect(quantity(page)).to_have_value("")
    page.get_by_role("button", name="Pakai isian itu").click()
    is_back(page)
    page.get_by_role("button", name="Buang").click()
    expect(page.locator("[data-draft]")).to_have_count(0)
    expect(quantity(page)).to_have_value("")
    assert kept(page) == {}


def test_without_a_connection_the_form_stays_with_its_photo_and_goes_out_later(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer)
    page.context.set_offline(True)
    page.locator("form[data-report] .send button:visible").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    expect(page.locator("[data-draft=offline]")).to_be_focused()
    photo = "[...document.querySelectorAll('[type=file]')].map(f => f.files.length)"
    assert sum(page.evaluate(photo)) == 1
    page.context.set_offline(False)
    expect(page.locator("[data-draft=offline]")).to_have_count(0)
    expect(page.locator("[data-draft=online]")).to_contain_text("Sambungan pulih")
    page = send(officer)
    expect(page.get_by_text("1 laporan diterima")).to_be_visible()
    assert kept(page) == {}, "gone once the report was taken in"
    page = officer.go(REPORT + "?all")
    expect(page.locator("[data-draft]")).to_have_count(0)


def test_a_connection_that_fails_unnoticed_loses_neither_text_nor_photo(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer, REPORT + "?all")
    sent = re.compile(r"/16\.02/report\?all$")
    page.route(sent, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("form[data-report] .send button:visible").first.click()
    page.unroute(sent)
    page = officer.go(REPORT + "?all")
    is_back(page)
    expect(page.locator("[data-draft=back] time")).to_contain_text("28 Okt 2024")
    expect(page.locator("[data-draft=back] time")).to_contain_text("WIB")
    page = send(officer)
    expect(page.get_by_text("1 laporan diterima")).to_be_visible()


def test_a_refused_report_keeps_its_photo(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer, REPORT + "?all")
    quantity(page).fill("sebelas")
    page = send(officer)
    expect(page.get_by_role("alert")).to_contain_text("Belum ada yang terkirim")
    has_photo(page)


def test_signing_out_ends_all_drafts_of_the_account(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = begin(officer, REPORT + "?all")
    assert list(kept(page)) == [f"{REPORT}?all report"]
    officer.press("button", "Keluar")
    expect(page.get_by_role("heading", name="Masuk", exact=True)).to_be_visible()
    assert kept(page) == {}
    assert page.evaluate(FILES_LEFT) == 0


def test_a_refused_form_keeps_its_draft_until_it_is_mended(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go(ASK)
    page.locator("textarea[name=text]").fill("Kirim surat suara ke gudang")
    page.locator(".in.form .btn").first.click()
    desk.look()
    expect(page.get_by_role("alert")).to_be_focused()
    assert list(kept(page)) == [ASK]
    page = desk.go(ASK)
    expect(page.locator("[data-draft=offer], [data-draft=back]")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "path", "field"),
    [
        ("bawaslu.sumsel", "/16.02/neutrality/refer", "input[name=full_name]"),
        ("desk.oki", "/account", "input[name=oldpassword]"),
    ],
)
def test_no_names_of_cases_and_no_passwords_are_kept(
    meet: Meet, who: str, path: str, field: str
) -> None:
    person = meet(who)
    page = person.go(path)
    page.locator(field).fill("Budi Santoso")
    assert page.evaluate("() => localStorage.length") == 0
    expect(page.locator("[data-draft]")).to_have_count(0)
