"""A signed figure was wrong: its desk corrects it, who accepted it takes note, and both stand."""

import re

from playwright.sync_api import Locator, Page, expect

from .people import Meet

DAY = "/16.02/daily/2024-10-28"
REASON = "Salah salin dari lembar kecamatan (SINTETIS)."


def figure(page: Page) -> Locator:
    """The sentence that counts finished activities, whichever language it is in."""
    words = re.compile("dari [0-9.]+ kegiatan selesai|activities finished")
    return page.locator(".says > li").filter(has_text=words).first


def correct(page: Page, value: str, reason: str) -> None:
    figure(page).get_by_role("link", name=re.compile("^(Ralat|Correct)")).click()
    form = page.locator("form.edit")
    form.locator("[name=value]").fill(value)
    form.locator("[name=reason]").fill(reason)


def test_a_correction_before_and_after_acceptance(meet: Meet) -> None:
    desk = meet("desk.oki", phone=True)
    page = desk.go("/16.02/daily")
    desk.press("button", "Susun laporan")
    desk.press("button", "Sahkan dan kirim")
    signed = figure(page).locator("p").first.inner_text().strip()

    correct(page, "7", REASON)
    desk.press("button", "Terbitkan ralat")
    expect(page.get_by_role("status").first).to_contain_text("Ralat ke-1 diterbitkan")
    expect(figure(page).locator("del")).to_contain_text(signed)
    expect(figure(page).locator("ins")).to_contain_text("7 dari")
    expect(page.locator("#chat")).to_contain_text(
        "*RALAT: Desk Pilkada Kabupaten Ogan Komering Ilir, H-30*"
    )

    above = meet("desk.sumsel")
    seen = above.go("/coordination/notifications")
    expect(seen.locator("main")).to_contain_text("Ralat ke-1 atas laporan harian")
    seen = above.go(DAY)
    expect(seen.locator("section:has(#corrections)")).to_contain_text(REASON)
    above.press("button", "Terima dan kunci")
    expect(seen.locator("section:has(#corrections)")).to_contain_text("diketahui")

    page = desk.go(DAY)
    correct(page, "8000", "Salah lagi (SINTETIS).")
    desk.press("button", "Terbitkan ralat")
    expect(page.locator("form.edit")).to_contain_text("Bagian lebih besar daripada keseluruhan")
    page.locator("form.edit [name=value]").fill("8")
    desk.press("button", "Terbitkan ralat")
    expect(figure(page).locator("ins")).to_contain_text("8 dari")
    expect(page.locator("#now")).to_contain_text("penerimaannya tetap berlaku")

    card = above.go("/16/?all=1").locator("main").get_by_text("diralat sesudah diterima").first
    expect(card).to_be_attached()
    above.press("button", "English")
    seen = above.go(DAY)
    expect(seen.locator(".now")).to_contain_text("Now you")
    expect(seen.locator("section:has(#corrections)")).to_contain_text("Should have been:")
    above.press("button", "Take note")
    expect(seen.locator("#now")).to_contain_text("It is locked.")
    expect(figure(seen).locator("del")).to_be_visible()
    seen = above.go("/16.02/daily/past")
    expect(seen.locator("main")).to_contain_text("2 corrections")


def test_a_progress_figure_of_yesterday_is_corrected_on_a_phone(meet: Meet) -> None:
    officer = meet("dishub.oki", phone=True)
    page = officer.go("/16.02/report?all")
    row = page.locator("tr[data-row]").filter(has_text="Rute, truk, dan perahu")
    done = int(row.locator("td.n").first.inner_text().replace(".", ""))
    row.locator("label[for$=-new]").click()
    quantity = row.locator("input[name$=_quantity]")
    quantity.fill(str(done - 1))
    officer.page.locator("form[data-report] .send button:visible").first.click()
    refused = quantity.evaluate("field => field.validationMessage")
    assert f"Kurang dari {done} yang dilaporkan sebelumnya" in refused
    assert "Koreksi" in refused

    row.locator("label[for$=-correction]").click()
    row.locator("input[name$=_note]").fill("Kemarin salah ketik (SINTETIS)")
    expect(page.locator('[data-count="correction"]')).to_have_text("1")
    officer.page.locator("form[data-report] .send button:visible").first.click()
    officer.look()
    expect(page.locator("section:has(#sent)")).to_contain_text(f"koreksi, semula {done}")

    desk = meet("desk.sumsel")
    seen = desk.go("/16.02/readiness/route-plan")
    expect(seen.locator("section:has(#reports)")).to_contain_text("Koreksi")
    expect(seen.locator("main")).to_contain_text(f"{done - 1} / 18")
