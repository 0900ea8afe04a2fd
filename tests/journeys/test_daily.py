"""The day is closed: a desk drafts, rewords and signs, the desk above accepts, nobody edits after."""

from playwright.sync_api import expect

from .people import Meet

EDIT = 'main a[href^="?edit="]'
OWN_WORDS = "Perahu untuk empat kecamatan perairan belum dikontrak (REKAAN)."


def test_a_report_goes_from_the_regency_to_the_province(meet: Meet) -> None:
    oki = meet("desk.oki", phone=True)
    page = oki.go("/16.02/daily")
    page.get_by_role("button", name="Susun laporan").click()
    oki.look()
    expect(page.locator("main")).to_contain_text("Kesiapan & logistik:")
    page.locator(EDIT).nth(4).click()
    oki.look()
    page.locator('[name="text"]').first.fill(OWN_WORDS)
    page.get_by_role("button", name="Simpan kalimat").click()
    oki.look()
    expect(page.locator("main")).to_contain_text(OWN_WORDS)
    expect(page.locator("#chat")).to_contain_text(
        "*KONSEP, belum disahkan: Desk Pilkada Kabupaten Ogan Komering Ilir, H-30*"
    )
    page.get_by_role("button", name="Sahkan dan kirim").click()
    oki.look()
    expect(page.locator(EDIT)).to_have_count(0)

    above = meet("desk.sumsel")
    page = above.go("/16.02/daily/2024-10-28")
    page.get_by_role("button", name="Terima dan kunci").click()
    above.look()
    expect(page.locator("main")).to_contain_text("diterima, terkunci")
    page = above.go("/16/daily")
    expect(page.locator(".count")).to_contain_text("1/17")
    # The morning is not compared with what was stored last evening.
    expect(page.locator("main")).not_to_contain_text("Berubah sejak kemarin")

    officer = meet("petugas.sumsel", phone=True)
    page = officer.go("/16/daily")
    expect(page.locator(".now")).to_contain_text("Langkah Anda")
    page.get_by_role("button", name="Susun laporan").click()
    officer.look()
    page.get_by_label("Kirim tanpa").check()
    page.get_by_role("button", name="Sahkan dan kirim").click()
    officer.look()
    expect(page.locator("#now")).to_contain_text(
        "orang lain di Desk Pilkada Provinsi Sumatera Selatan"
    )
    expect(page.get_by_role("button", name="Catat penerimaan")).to_have_count(0)

    page = above.go("/16/daily")
    expect(page.locator("#now")).to_contain_text("Setelah Kementerian menjawab")
    page.get_by_label("Surat atau radiogram Kementerian").fill("Radiogram 12 (REKAAN)")
    page.get_by_role("button", name="Catat penerimaan").click()
    above.look()
    expect(page.locator("main")).to_contain_text("Radiogram 12 (REKAAN)")


def test_yesterday_is_accepted_and_read_in_english(meet: Meet) -> None:
    desk = meet("pemantau")
    page = desk.go("/16/daily/2024-10-27")
    expect(page.locator("main")).to_contain_text("14/17")
    expect(page.get_by_role("button", name="Terima dan kunci")).to_have_count(0)
    page.get_by_role("button", name="EN").click()
    page = desk.go("/16/daily/2024-10-27")
    expect(page.locator("main")).to_contain_text("14 of 17 desks have sent the daily report.")


def test_a_neighbour_does_not_read_it(meet: Meet) -> None:
    meet("desk.oki").go("/16.07/daily", status=404)
