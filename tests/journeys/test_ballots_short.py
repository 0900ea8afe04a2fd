"""Ballots short at sorting: what it means, who can help, a load with a difference, settled."""

import re

from playwright.sync_api import FilePayload, Page, expect

from .people import Meet, Person

STORE = "/16.02/logistics"
SHORT = 1_697
DAMAGED = SHORT // 2
DELIVERED = "Nama barang;Nomor lot;Jumlah\nSurat suara gubernur;SS-G;{came}\n"
SORTED = (
    "BERITA ACARA PENYORTIRAN\n\nUraian;Nomor lot;Dibuka;Baik;Rusak\n"
    "Surat suara gubernur;SS-G;{came};{good};{damaged}\n"
)
BALLOTS = re.compile("Surat suara Pemilihan Gubernur")


def number_on(page: Page) -> int:
    """Needed of the governor's ballots, as the page says it."""
    row = page.locator("#table-items tr").filter(has_text=BALLOTS).first
    return int(re.sub(r"\D", "", row.locator("td").first.inner_text()))


def take_sheet(person: Person, deed: str, content: str) -> None:
    page = person.go(f"{STORE}/{deed}/import")
    file = FilePayload(name="lembar.csv", mimeType="text/csv", buffer=content.encode())
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Periksa lembar").click()
    person.look().get_by_role("button", name=re.compile("^Simpan")).click()
    expect(person.look().get_by_text("1 baris lembar dicatat.")).to_be_visible()


def test_what_is_short_is_seen_moved_handed_over_and_settled(meet: Meet) -> None:
    store, desk = meet("kpu.oki"), meet("desk.sumsel")
    came = number_on(store.go(STORE)) - (SHORT - DAMAGED)
    take_sheet(store, "receive", DELIVERED.format(came=came))
    take_sheet(store, "sort", SORTED.format(came=came, good=came - DAMAGED, damaged=DAMAGED))

    # What it means: on the store's page and on the desk, with the owner and the place.
    page = store.go(STORE)
    expect(page.get_by_text("Surat suara Pemilihan Gubernur: kurang 1.697; 0")).to_be_visible()
    page = desk.go("/16.02/?all=1")
    expect(page.get_by_text("Sekitar 1.697 surat suara diperkirakan kurang").first).to_be_visible()

    # Who can help: the store its districts; what nobody has stays short.
    store.go(STORE).get_by_role("link", name="Pemindahan yang membantu").click()
    page = store.look()
    row = page.locator("#table-short tr").filter(has_text=BALLOTS).first
    expect(row.locator("td").last).to_have_text("1.697")
    for box in page.locator("[name=pairs]").all():
        if not box.get_attribute("value", timeout=1_000).endswith("16.02.14"):  # type: ignore[union-attr]
            box.uncheck()
    page.get_by_label("Diperlukan paling lambat").fill("2024-11-20")
    page.get_by_label("Alasan").fill("Kecamatan perairan berangkat lebih dulu")
    page.get_by_role("button", name="Jadikan pesanan").click()
    expect(store.look().get_by_text("Pesanan dibuat.")).to_be_visible()

    # Shipped.
    page.get_by_role("link", name="16.02/P0001").click()
    store.look().get_by_role("link", name="Kemas kiriman untuk pesanan ini").click()
    page = store.look()
    page.locator("[name=seals]").fill("0417723 0417724")
    page.get_by_role("button", name="Kemas kiriman").click()
    page = store.look()
    expect(page.get_by_text("Kiriman dikemas.").first).to_be_visible()
    page.locator("[name=vehicle]").fill("Tongkang BG 8 RK")
    page.locator("[name=escort]").fill("Polairud, 4 anggota")
    page.get_by_role("button", name="Sudah berangkat").click()
    page = store.look()
    load = page.url.removeprefix(store.url)
    receipt = page.get_by_role("link", name="Hitung dan terima").get_attribute("href")
    assert receipt

    received_without_signal(meet("ppk.airsugihan", phone=True), receipt)

    # The sender sees what differs at once, and settles it.
    page = store.go(load)
    expect(page.get_by_text("Diserahterimakan dengan selisih").first).to_be_visible()
    page.locator("[name=settlement]").fill("Satu bilik menyusul dengan speedboat")
    page.locator("[name=rows-0-returned]").fill("0")
    page.locator("[name=rows-0-delivered]").fill("1")
    page.get_by_role("button", name="Selesaikan selisih").click()
    expect(store.look().get_by_text("Selisih diselesaikan").first).to_be_visible()

    # The rest is ordered of the printer: nothing is said to lack any more.
    page = store.go(f"{STORE}/order")
    page.locator("[name=origin]").select_option("supplier")
    page.get_by_label("Diperlukan paling lambat").fill("2024-11-16")
    page.get_by_label("Alasan").fill("BA penyortiran 12/2024")
    first = page.locator("[name=rows-0-what]")
    first.select_option("ballot-governor:GOVERNOR")
    page.locator("[name=rows-0-quantity]").fill(str(SHORT))
    for other in page.locator("[name$=-quantity]").all()[1:]:
        other.fill("")
    page.get_by_role("button", name="Pesan barang").click()
    expect(store.look().get_by_text("Pesanan dibuat.")).to_be_visible()
    page = desk.go("/16.02/?all=1")
    expect(page.get_by_text("Sekitar 1.697 surat suara")).to_have_count(0)


def received_without_signal(committee: Person, receipt: str) -> None:
    """The receiver's phone loses the network in the middle: what was typed stays and goes once."""
    path = "/" + receipt.split("/", 3)[-1] if "://" in receipt else receipt
    page = committee.go(path)
    line = page.get_by_role("group").filter(has_text="Bilik suara").first
    shipped = line.get_by_label("Diterima baik").input_value()
    page.context.set_offline(True)
    line.get_by_label("Diterima baik").fill(str(int(shipped) - 1))
    line.get_by_label("Tidak ada").fill("1")
    line.get_by_label("Alasan selisih").select_option("WRONG_NUMBER")
    page.locator("[name=seals]").fill("0417724, 0417723")
    page.get_by_role("button", name="Catat serah terima").click()
    expect(page.get_by_role("alert").first).to_contain_text("Tidak ada sambungan")
    assert line.get_by_label("Tidak ada").input_value() == "1"
    page.context.set_offline(False)
    expect(page.locator("[data-draft=online]")).to_be_visible()
    page.get_by_role("button", name="Catat serah terima").click()
    expect(committee.look().get_by_text("Serah terima dicatat.").first).to_be_visible()


def test_readiness_shows_the_ledgers_number_without_anybody_typing_it(meet: Meet) -> None:
    page = meet("kpu.oki", phone=True).go("/16.02/report?all")
    ledger = page.get_by_role("region", name="Dari buku besar")
    expect(ledger.get_by_text("Surat suara disortir")).to_be_visible()
    expect(page.locator("tr[data-row]").filter(has_text="Surat suara disortir")).to_have_count(0)
