"""The ballots' card on the desk: the form filled in, the letter seen, changed, and sent."""

import re

import pytest
from playwright.sync_api import expect

from .people import Meet

FORM, LETTER = "main form", ".letter"


@pytest.mark.parametrize(
    ("language", "phone", "act", "write", "send"),
    [
        ("English", True, "ballot", "Write the letter", ""),
        ("Bahasa Indonesia", False, "surat suara", "Susun surat", "Kirim permintaan"),
    ],
)
def test_the_ballots_card_becomes_a_letter_that_one_would_sign(
    meet: Meet, language: str, phone: bool, act: str, write: str, send: str
) -> None:
    desk = meet("desk.sumsel", phone=phone, locale="id-ID")
    if desk.page.get_by_role("button", name=language, include_hidden=True).count():
        desk.press("button", language)
    page = desk.go("/16/?all=1")
    card = page.locator("li.alert").filter(has_text=re.compile("surat suara|ballot", re.I))
    card = card.filter(has=page.locator('a[href*="/coordination/ask"]')).first
    card.locator('a[href*="/coordination/ask"]').click()
    desk.look()
    text = page.locator("#id_text").input_value()
    assert act in text.lower()
    assert re.search(r"Kabupaten|Kota|Provinsi|Regency|City|Province", text), "the place is named"
    assert page.locator("#id_owner").input_value()
    assert page.locator("#id_due_date").input_value()

    page.get_by_role("button", name=write).click()
    desk.look()
    letter = page.locator(LETTER)
    for said in ("GUBERNUR SUMATERA SELATAN", "Sifat", "Segera", "Lampiran", "Yth. Ketua KPU"):
        expect(letter).to_contain_text(said)
    expect(letter).to_contain_text("Kami mohon bantuan Saudara untuk me")
    expect(letter).to_contain_text("Permohonan ini tidak mengurangi kewenangan Saudara.")
    expect(letter).to_contain_text("Tembusan")
    points = page.locator("#id_points").input_value()
    page.locator("#id_points").fill(points + "\nNarahubung: Sekretariat Desk Pilkada.")
    page.locator('button[value="look"]').click()
    desk.look()
    expect(letter).to_contain_text("Narahubung")

    if not send:
        page.locator('button[value="edit"]').click()
        desk.look()
        expect(page.locator("#id_text")).to_have_value(text)
        return
    page.get_by_role("button", name=re.compile(send)).click()
    desk.look()
    assert "/coordination/letters/" in page.url
    expect(page.locator(LETTER)).to_contain_text("Narahubung")
    paper = page.context.request.get(page.url + ".pdf").body()
    assert paper.startswith(b"%PDF")
