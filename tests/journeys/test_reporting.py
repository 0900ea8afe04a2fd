"""A regency's officer reports from a phone, and the governor's desk sees it at once."""

import re

from playwright.sync_api import Locator, Page, expect

from .people import Meet, Person

LATE = re.compile(r"(\d+) dari [\d.]+ \w+ (?:terlambat|late)")


def tile(page: Page, code: str) -> Locator:
    return page.locator(f'main a.tile[href="/{code}/"]')


def late_in(page: Page) -> int:
    """How many activities of the place are late, as its card of readiness says."""
    found = LATE.search(page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()[:600]
    return int(found[1])


def answer(page: Page, activity: str, quantity: str, note: str = "") -> None:
    """Fill in the row of an activity on the page of reports."""
    row = page.locator("tr[data-row]").filter(has_text=activity)
    row.locator("label[for$=-new]").click()
    row.locator("input[name$=_quantity]").fill(quantity)
    if note:
        row.locator("input[name$=_note]").fill(note)


def send(person: Person) -> Page:
    person.page.locator("form[data-report] .send button:visible").first.click()
    return person.look()


def test_an_officer_finishes_the_routes_on_a_phone_and_the_province_sees_its_status_change(
    meet: Meet,
) -> None:
    desk = meet("desk.sumsel")
    seen = desk.go("/16/?area=readiness")
    expect(tile(seen, "16.02")).to_contain_text("Terlambat")
    before = late_in(seen)

    officer = meet("dishub.oki", phone=True)
    page = officer.go("/16.02/report")
    answer(page, "Rute, truk, dan perahu", "18")
    expect(page.locator('[data-count="quantity"]')).to_have_text("1")
    send(officer)
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("section:has(#sent)")).to_contain_text("Yusuf Marzuki")

    seen = desk.go("/16/?area=readiness")
    expect(tile(seen, "16.02")).not_to_contain_text("Terlambat")
    assert late_in(seen) == before - 1
    seen = desk.go("/16.02/readiness/route-plan")
    expect(seen.locator("main")).to_contain_text("18 / 18")
    expect(seen.locator("main")).to_contain_text("Yusuf Marzuki")


def test_a_district_committee_reports_without_scripts(meet: Meet) -> None:
    committee = meet("ppk.airsugihan", phone=True, scripts=False)
    page = committee.go("/16.02.14/report?all")
    row = page.locator("tr[data-row]").filter(has_text="Anggota KPPS ditetapkan")
    done = int(row.locator("td.n").first.inner_text().replace(".", ""))
    answer(page, "Anggota KPPS ditetapkan", str(done + 1), note="Satu lokasi lagi disepakati")
    page = send(committee)
    row = page.locator("tr[data-row]").filter(has_text="Anggota KPPS ditetapkan")
    page = committee.go("/16.02.14/report?all")
    assert row.locator("td.n").first.inner_text() == f"{done + 1:,}".replace(",", ".")

    observer = meet("pemantau")
    seen = observer.go("/16.02.14/readiness")
    expect(seen.locator("main")).to_contain_text("Anggota KPPS ditetapkan")


def test_more_than_the_target_asks_for_a_note_and_keeps_what_was_typed(meet: Meet) -> None:
    commission = meet("kpu.oki", phone=True)
    page = commission.go("/16.02/report?all")
    row = page.locator("tr[data-row]").filter(
        has_text="Formulir, sampul, dan daftar pasangan calon"
    )
    target = int(row.locator("td.n").nth(1).inner_text().split()[0].replace(".", ""))
    answer(page, "Formulir, sampul, dan daftar pasangan calon", str(target + 10))
    page = send(commission)
    note = row.locator("input[name$=_note]")
    said = note.evaluate("field => field.validationMessage")
    assert said.startswith("Lebih dari target"), "said before anything is sent"
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(row.locator("input[name$=_quantity]")).to_have_value(str(target + 10))
    answer(
        page,
        "Formulir, sampul, dan daftar pasangan calon",
        str(target + 10),
        note="Kiriman lebih sepuluh set",
    )
    page = send(commission)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_rest_is_counted_as_it_is_answered(meet: Meet) -> None:
    page = meet("kpu.oki").go("/16.02/report")
    all_of = int(page.locator("[data-follow]").inner_text())
    page.locator("tr[data-row]:not([data-alone]) label[for$=-nil]").first.click()
    page.locator("#rest").check()
    followers = page.locator("[data-follow]")
    expect(followers).to_have_text(page.locator('[data-count="same"]').inner_text())
    assert int(followers.inner_text()) <= all_of


def test_an_observer_cannot_report(meet: Meet) -> None:
    meet("pemantau", phone=True).go("/16.02/report", status=404)
