"""A wall that nobody touches: it shows what is reported on a phone, and says when it is blind."""

import re
import time

from playwright.sync_api import Locator, Page, expect

from .people import Meet, Person

ROOM = "/16/security/room"
WALL = f"{ROOM}?wall=1"
DISTRICT = "/16.02.14/security"


def report(crew: Person, kind: str, **answers: str) -> None:
    """Report an incident by the page of the phone, with no more than its kind and some answers."""
    page = crew.go(f"{DISTRICT}/report?kind={kind}")
    for name, value in answers.items():
        page.locator(f'[name="{name}"][value="{value}"]').check()
    page.locator("main form .rowb button").click()
    crew.look()
    expect(page.locator("main .notice, main [role=status]").first).to_be_visible()


def rows(page: Page) -> Locator:
    return page.locator(".g-open .alert")


def loads(page: Page) -> list[str]:
    """Note each time that the page as a whole is loaded from now on."""
    found: list[str] = []
    page.on("framenavigated", lambda frame: found.append(frame.url))
    return found


def state(page: Page) -> Locator:
    return page.locator("[data-live-notice]")


def test_what_a_phone_reports_shows_on_the_wall_by_itself(meet: Meet) -> None:
    wall, crew = meet("desk.sumsel"), meet("ppk.airsugihan", phone=True)
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    page = wall.go(WALL)
    expect(state(page)).to_contain_text("Langsung")
    expect(page.locator(".bar")).to_be_hidden()
    before = rows(page).count()
    page.locator("[data-live-wake=flash]").check()
    page.wait_for_timeout(100)
    expect(page.locator("#room.flashes")).to_have_count(1)  # so that one sees what it will be like
    expect(page.locator("#room.flashes")).to_have_count(0, timeout=8_000)
    loaded = loads(page)

    report(crew, "SIEGE", crowd="MANY")
    sent = time.monotonic()
    expect(rows(page)).to_have_count(before + 1, timeout=5_000)
    assert time.monotonic() - sent < 3
    expect(rows(page).first).to_contain_text("Air Sugihan")
    expect(page.locator("#room.flashes")).to_have_count(1)  # it is grave, and this wall asked
    assert loaded == []
    height = "document.documentElement.scrollHeight - innerHeight"
    assert page.evaluate(height) <= 0, "a wall is not scrolled"

    # The wish stays on the device; nothing sounds and flashes where nobody asked for it.
    page = wall.go(WALL)
    expect(page.locator("[data-live-wake=flash]")).to_be_checked()
    expect(page.locator("[data-live-wake=sound]")).not_to_be_checked()


def test_a_wall_that_is_cut_off_says_since_when_it_is_blind(meet: Meet) -> None:
    wall, crew = meet("desk.sumsel"), meet("ppk.airsugihan", phone=True)
    page = wall.go(WALL)
    expect(state(page)).to_contain_text("Langsung")
    before = rows(page).count()
    loaded = loads(page)

    page.context.set_offline(True)
    expect(state(page)).to_contain_text(re.compile(r"Buta sejak \d\d[.:]\d\d WIB"))
    report(crew, "FLOOD")
    assert rows(page).count() == before

    page.context.set_offline(False)
    expect(rows(page)).to_have_count(before + 1, timeout=20_000)
    expect(state(page)).to_contain_text("Terhubung kembali")
    assert loaded == []

    # The stream is there again, too.
    report(crew, "POWER_CUT")
    expect(rows(page)).to_have_count(before + 2, timeout=5_000)


def test_where_no_stream_gets_through_one_asks(meet: Meet) -> None:
    wall, crew = meet("desk.sumsel"), meet("ppk.airsugihan", phone=True)
    wall.page.route("**/live?*", lambda route: route.abort())
    page = wall.go(ROOM)
    expect(state(page)).to_contain_text("setiap 15 detik")
    before = rows(page).count()
    report(crew, "STORM")
    expect(rows(page)).to_have_count(before + 1, timeout=25_000)


def test_a_session_that_ends_is_said(meet: Meet) -> None:
    wall = meet("desk.sumsel")
    page = wall.go(ROOM)
    expect(state(page)).to_contain_text("Langsung")
    elsewhere = Person(page.context.new_page(), wall.url)
    elsewhere.go("/")
    elsewhere.press("button", "Keluar")
    expect(state(page)).to_contain_text("Sesi Anda berakhir", timeout=45_000)


def test_the_room_is_whole_without_scripts(meet: Meet) -> None:
    page = meet("desk.sumsel", scripts=False).go(ROOM)
    expect(page.get_by_role("heading", name="Pos dan cadangan")).to_be_visible()
    expect(page.get_by_role("link", name="Muat ulang")).to_be_visible()
    expect(page.locator("[data-live-wake=sound]")).to_be_hidden()
