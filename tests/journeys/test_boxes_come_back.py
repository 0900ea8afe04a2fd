"""Boxes go to the stations of a village and come back on the night, signed on the giver's phone."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from .people import Meet, Person

VILLAGE, DISTRICT, STORE = "/16.02.14.2002/logistics", "/16.02.14/logistics", "/16.02/logistics"
PICTURE = io.BytesIO()
Image.new("RGB", (8, 8), "green").save(PICTURE, "JPEG")
PHOTO: Any = {"name": "ba.jpg", "mimeType": "image/jpeg", "buffer": PICTURE.getvalue()}
BOXES = "ballot-box:GOVERNOR"


def send(giver: Person, origin: str, destination: str, boxes: int) -> str:
    """Pack boxes, let them leave, and return where they are received."""
    page = giver.go(f"{origin}/pack")
    page.locator("[name=destination]").select_option(destination)
    page.locator("[name=due_day]").fill("2024-11-25")
    filled = False
    for row in page.locator("fieldset.row").all():
        what, quantity = row.locator("select").first, row.locator("[name$=quantity]")
        is_boxes = what.input_value() == BOXES and not filled
        quantity.fill(str(boxes) if is_boxes else "")
        filled = filled or is_boxes
    assert filled, "boxes lie there"
    page.get_by_role("button", name="Kemas kiriman").click()
    return leave(giver)


def leave(giver: Person) -> str:
    page = giver.look()
    page.locator("[name=vehicle]").fill("Klotok")
    page.locator("[name=escort]").fill("Polsek, 2 anggota")
    page.get_by_role("button", name="Sudah berangkat").click()
    receipt = giver.look().get_by_role("link", name="Hitung dan terima").get_attribute("href")
    assert receipt
    return "/" + receipt.split("/", 3)[-1] if "://" in receipt else receipt


def take(receiver: Person, receipt: str) -> None:
    page = receiver.go(receipt)
    page.get_by_role("button", name="Catat serah terima").click()
    expect(receiver.look().get_by_text("Serah terima dicatat.").first).to_be_visible()


def do(person: Person, name: str, **fields: str) -> Page:
    """Fill in the panel of a step and press its button."""
    panel = person.look().get_by_role("region", name=name)
    for field, value in fields.items():
        panel.locator(f"[name={field}]").fill(value)
    panel.get_by_role("button", name=name).click()
    return person.look()


def test_boxes_go_out_and_come_back_on_the_night(meet: Meet) -> None:
    store, committee = meet("kpu.oki"), meet("ppk.airsugihan", phone=True)
    village = meet("pps.sukamulya", phone=True)
    page = village.go(f"{VILLAGE}/stations")
    stations = page.locator("#table-stations tbody tr").count()
    assert stations >= 2
    take(committee, send(store, STORE, "16.02.14", stations))
    take(village, send(committee, DISTRICT, "16.02.14.2002", stations))

    # On the eve: packed for all, one boat, one signature on the giver's phone.
    village.go(f"{VILLAGE}/stations")
    seals = "\n".join(f"{n:03}: S{n:04}" for n in range(1, stations + 1))
    do(village, "Kemas untuk TPS", due_day="2024-11-26", seals=seals)
    do(village, "Berangkatkan kiriman", vehicle="Gethek", escort="Polsek, 1 anggota")
    panel = village.page.get_by_role("region", name="Serahkan sekaligus")
    panel.locator("[type=file]").set_input_files(PHOTO)
    page = do(village, "Serahkan sekaligus", receiver_name="Ketua KPPS", seals="S0001")
    expect(page.get_by_text("tidak semuanya terbaca").first).to_be_visible()
    panel = page.get_by_role("region", name="Serahkan sekaligus")
    panel.locator("[type=file]").set_input_files(PHOTO)
    read = " ".join(f"S{n:04}" for n in range(1, stations + 1))
    page = do(village, "Serahkan sekaligus", receiver_name="Ketua KPPS", seals=read)
    expect(page.locator("#table-stations").get_by_text("Diserahterimakan").first).to_be_visible()

    # On the night: back to the district, received together.
    seals = "\n".join(f"{n:03}: R{n:04}" for n in range(1, stations + 1))
    do(village, "Kemas yang kembali", due_day="2024-11-28", seals=seals)
    do(village, "Berangkatkan kiriman", vehicle="Gethek", escort="Polsek, 1 anggota")
    committee.go(f"{DISTRICT}/stations")
    read = " ".join(f"R{n:04}" for n in range(1, stations + 1))
    do(committee, "Serahkan sekaligus", seals=read)
    page = committee.go(DISTRICT)
    row = page.locator("#table-items tr").filter(has_text="Kotak suara, gubernur").first
    good = row.locator("td").nth(1).inner_text()
    assert int(re.sub(r"\D", "", good)) == stations
