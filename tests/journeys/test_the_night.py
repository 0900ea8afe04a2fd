"""The night: nobody answers, it climbs, a plan runs, the reserve moves, and it ends in the report.

A wall hangs beside it all and is touched by nobody. Of what is restricted only its handlers know.
"""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Locator, Page, expect

from serentak.platform.database import Cluster
from tests import stage

from .people import Meet, Person

REGENCY, DISTRICT = "/16.02", "/16.02.14"
LESSON = "Dua kubu dipisah; lain kali pagar dipasang sejak sore (REKAAN)."
SECRET = "Amplop dan daftar nama di dermaga (REKAAN)"

TO_SAY = (
    ("riot", "Kericuhan atau kerusuhan", "Riot"),
    ("what", "Apa yang terjadi?", "What happened?"),
    ("received", "Terkirim. Hubungi juga", "Sent. Call who answers for it too"),
    ("reported", "Dilaporkan", "Reported"),
    ("came up", "lewat batas waktu dan naik kepada Anda", "past its clock and has come up to you"),
    ("climbed", "Naik ke", "Climbed to"),
    ("past", "lewat", "over"),
    ("take up", "Terima", "Take it up"),
    ("taken up", "Diterima petugas", "Taken up"),
    ("plan", "Ricuh di kantor kecamatan", "Riot at a district office"),
    (
        "start the plan",
        "Mulai rencana: Ricuh di kantor kecamatan",
        "Start the plan: Riot at a district office",
    ),
    ("start", "Jalankan rencana ini", "Start this plan"),
    ("steps left", "8 langkah lagi", "8 steps to go"),
    ("request", "Permintaan", "Request"),
    ("instruction", "Perintah", "Instruction"),
    ("directive", "Arahan", "Directive"),
    ("police", "Kepolisian Resor", "Police of"),
    ("own duty", "Tugas sendiri, dipantau desk", "Own duty, followed by the desk"),
    ("send reserve", "Kirim cadangan", "Send the reserve"),
    ("send", "Kirim", "Send"),
    ("sent", "Cadangan dikirim.", "The reserve was sent."),
    ("leave", "Petugas berangkat", "Somebody is on the way"),
    ("left", "Menuju lokasi", "On the way"),
    ("arrive", "Petugas tiba", "Help is on the scene"),
    ("arrived", "Di lokasi", "On the scene"),
    ("contain", "Terkendali", "It is under control"),
    ("contained", "Terkendali", "Under control"),
    ("end", "Usai", "It is over"),
    ("ended", "Usai, belum ditutup", "Over, not yet closed"),
    ("close", "Tutup", "Close it"),
    ("closed", "Ditutup", "Closed"),
    ("not saved", "Belum tersimpan", "Not saved"),
    ("open steps", "8 langkah rencananya masih terbuka", "8 steps of its plan are open"),
    ("see", "Lihat permintaan", "What was asked"),
    ("report done", "Laporkan selesai", "Report as done"),
    ("done", "Selesai", "Done"),
    ("drop", "Tiadakan", "Drop"),
    ("drop it", "Tiadakan langkah ini", "Drop this step"),
    ("end plan", "Akhiri rencana ini", "End this plan"),
    ("draft", "Susun laporan", "Draft the report"),
    ("draft anew", "Susun ulang", "Draft anew"),
    ("emergency", "S4 darurat", "S4 emergency"),
    ("money", "Dugaan politik uang", "Suspected money politics"),
)

MINUTES_PASS = """
import django
django.setup()
import sys
from datetime import timedelta
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.security import actions
now = clock.now() + timedelta(minutes=int(sys.argv[1]))
clock.set_clock(domain_at=now, scene=clock.state().scene)
print(actions.climb(actor=SYSTEM, at=now))
"""

BOTH = pytest.mark.parametrize(("language", "phone"), [("id", True), ("en", False)])


@pytest.fixture(scope="module")
def loaded() -> tuple[Cluster, str]:
    """The night of the vote instead of a month before: duty is kept, and a reserve waits."""
    return Cluster(), stage.template_of(Cluster(), "h-night")


def let_minutes_pass(server: stage.Server, minutes: int) -> None:
    """Move the demonstration's clock on, and let the job of each minute run."""
    subprocess.run(
        [sys.executable, "-c", MINUTES_PASS, str(minutes)],
        env=stage.environment(server.database) | {"SERENTAK_POOL": "0"},
        check=True,
        capture_output=True,
    )


def words(language: str) -> dict[str, str]:
    return {key: of[language == "en"] for key, *of in TO_SAY}


def bring(meet: Meet, username: str, language: str, **options: bool) -> Person:
    person = meet(username, **options)
    if language == "en":
        person.press("button", "English")
    return person


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=True)


def follow(person: Person, name: str) -> Page:
    """Follow a link of the page itself."""
    person.page.locator("main").get_by_role("link", name=name, exact=True).click()
    return person.look()


def tap(person: Person, path: str, name: str, note: str = "") -> Page:
    """Take a step on the page of an incident: in one tap, or on its own page with a few words."""
    page = person.page
    if not page.url.endswith(path):
        person.go(path)
    if note:
        follow(person, name).locator("[name=note]").fill(note)
    button(page, name).click()
    return person.look()


def report(person: Person, kind: str, **answers: str) -> str:
    """Report an incident on the page of its kind, and return the path of what becomes of it."""
    page = person.go(f"{DISTRICT}/security/report?kind={kind}")
    for name, value in answers.items():
        choice = page.locator(f'[name="{name}"][value="{value}"]')
        if choice.count():
            choice.check()
        else:
            page.locator(f'[name="{name}"]').fill(value)
    page.locator("main form .rowb button").click()
    return person.look().url.removeprefix(person.url)


@BOTH
def test_a_night_from_the_first_word_to_the_daily_report(
    meet: Meet, server: stage.Server, language: str, phone: bool
) -> None:
    says = words(language)
    wall = bring(meet, "polres.oki", language)
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    board = wall.go(f"{REGENCY}/security/room?wall=1")
    expect(board.locator("[data-live-notice]")).to_contain_text(re.compile("Langsung|Live"))
    loads: list[str] = []
    board.on("framenavigated", lambda frame: loads.append(frame.url))
    line = board.locator(".g-open .alert").filter(has_text=says["riot"])
    expect(line).to_have_count(0)

    # It is reported from a phone of 360 px, whatever the others sit at.
    crew = bring(meet, "ppk.airsugihan", language, phone=True)
    page = crew.go(f"{DISTRICT}/security/report")
    expect(page.locator("main")).to_contain_text(says["what"])
    follow(crew, says["riot"])
    told = report(crew, "RIOT", hurt="1", boxes_safe="SAFE", needs="POLICE")
    expect(page.locator("main")).to_contain_text(says["received"])
    expect(line).to_contain_text(says["reported"])
    expect(line).to_contain_text(says["emergency"])
    number = told.rpartition("/")[2][:8].upper()

    # Nobody at the Polsek acknowledges it: it climbs by itself to the Polres, which takes it up.
    let_minutes_pass(server, 16)
    expect(line.locator(".due")).to_contain_text(says["past"])
    police = bring(meet, "polres.oki", language, phone=phone)
    page = police.go("/coordination/notifications")
    came = page.locator("main li").filter(has_text=says["came up"]).first
    expect(came).to_contain_text("Air Sugihan")
    came.get_by_role("link").click()
    expect(police.look().locator(".feed.days")).to_contain_text(says["climbed"])
    tap(police, told, says["take up"])
    expect(line).to_contain_text(says["taken up"])

    # The governor's desk starts the plan: each is asked as a governor may ask, the police politely.
    desk = bring(meet, "desk.sumsel", language, phone=phone)
    page = desk.go(told)
    expect(button(page, says["take up"])).to_have_count(0)
    follow(desk, says["start the plan"])
    button(page, says["start"]).click()
    steps = desk.look().locator("ol.clocked > li")
    run = page.url.removeprefix(desk.url)
    for step, where, verb in (
        (0, "Ogan Komering Ilir", "request"),
        (1, "Air Sugihan", "own duty"),
        (2, "Sumatera Selatan", "instruction"),
        (5, "Ogan Komering Ilir", "directive"),
        (7, "Ogan Komering Ilir", "request"),
    ):
        asked = re.compile(f"{where}.* · {says[verb]}")
        expect(steps.nth(step)).to_contain_text(asked)
    expect(line).to_contain_text(says["steps left"])
    height = "document.documentElement.scrollHeight - innerHeight"
    assert board.evaluate(height) <= 0, "a wall is not scrolled"

    # The Polres moves its reserve from the page of the incident, goes there and holds it.
    police.go(told)
    page = follow(police, says["send reserve"])
    expect(page.locator("[name=incident_ref]")).to_have_value(number)
    expect(page.locator("[name=to]")).to_have_value(DISTRICT[1:])
    page.locator("[name=officers]").fill("2")
    before = board.locator(".g-posts").inner_text()
    button(page, says["send"]).click()
    expect(police.look().locator("main")).to_contain_text(says["sent"])
    expect(page.locator("#moves-section, main")).to_contain_text(number)
    expect(board.locator(".g-posts")).not_to_have_text(before, use_inner_text=True)
    for step_, state in (("leave", "left"), ("arrive", "arrived")):
        tap(police, told, says[step_])
        expect(line).to_contain_text(says[state])
    tap(police, told, says["contain"], note="Dua kubu dipisah (REKAAN)")
    expect(line).to_contain_text(says["contained"])
    tap(police, told, says["end"])
    expect(line).to_contain_text(says["ended"])

    # It is not closed while steps are open; the page says so before one writes, and leads there.
    page = tap(police, told, says["close"], note=LESSON)
    expect(page.locator("main")).to_contain_text(says["not saved"])
    expect(page.locator("main")).to_contain_text(says["open steps"])
    page = follow(police, says["plan"])
    assert page.url.endswith(run)
    answer_all(police, desk, run, says)
    expect(line).not_to_contain_text(says["steps left"])
    tap(police, told, says["close"], note=LESSON)
    expect(page.locator("main")).to_contain_text(says["closed"])
    expect(page.locator(".feed.days")).to_contain_text(LESSON)
    expect(line).to_have_count(0)
    assert loads == [], "the wall showed each step by itself"

    # The day's report of the province tells it.
    page = desk.go("/16/daily")
    begin = button(page, says["draft"])
    (begin if begin.count() else button(page, says["draft anew"])).click()
    told_so = desk.look().locator(".says > li").filter(has_text=f"Air Sugihan: {says['riot']}")
    expect(told_so.first).to_contain_text("S4")
    expect(told_so.first).to_contain_text(says["closed"].lower())


def answer_all(police: Person, desk: Person, run: str, says: dict[str, str]) -> None:
    """Say of each step that it is done: whoever was asked where they were, the desk of the rest."""
    asked = police.page.locator("ol.clocked > li").filter(has_text=says["police"])
    links = asked.get_by_role("link", name=says["see"]).evaluate_all("all => all.map(a => a.href)")
    assert len(links) == 2
    for link in links:
        page = police.go(link.removeprefix(police.url))
        page.locator("summary").filter(has_text=says["report done"]).click()
        page.locator("#note").fill("Dua regu di gerbang (REKAAN)")
        button(page, says["report done"]).click()
        police.look()
    page = desk.go(run)
    while (mine := button(page, says["done"])).count():
        mine.first.click()
        desk.look()
    while (left := page.locator("summary").filter(has_text=says["drop"])).count():
        left.first.click()
        page.locator("details[open] [name=reason]").fill("Tidak diperlukan lagi (REKAAN)")
        page.locator("details[open]").get_by_role("button", name=says["drop it"]).click()
        desk.look()
    button(page, says["end plan"]).click()
    desk.look()


CLOCK = re.compile(r"\d+ \w+( \d+ \w+)? (tersisa|left|lewat|over|lalu|ago)|\d\d[.:]\d\d|\s+")
"""What moves on by itself: how long, and what time it is."""


def seen(person: Person, place: str, says: dict[str, str]) -> dict[str, str]:
    """Return what somebody sees of incidents: list, search, count, room, feed, table and notices."""
    found = {}
    for path, part in (
        (f"{place}/security", "main"),
        (f"{place}/security/incidents", "main"),
        (f"{place}/security/incidents?q=Air+Sugihan", "main"),
        (f"{place}/security/room", ".room-top, .g-open, .g-map, .g-new"),
        (f"{place}/", "main"),
        ("/coordination/notifications", "main"),
    ):
        page = person.go(path)
        assert says["money"] not in page.locator("main").inner_text(), path
        found[path] = CLOCK.sub(" ", " ".join(page.locator(part).all_inner_texts()))
    page = person.go(f"{place}/security/incidents")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="CSV").click()
    found["csv"] = sheet.value.path().read_text("utf-8-sig")
    return found


@BOTH
def test_what_is_restricted_is_nowhere_for_a_neighbour_and_an_observer(
    meet: Meet, language: str, phone: bool
) -> None:
    says = words(language)
    supervisor = bring(meet, "bawaslu.sumsel", language, phone=phone)
    others = {"/16.07": bring(meet, "polres.banyuasin", language, phone=phone)}
    observer = bring(meet, "pemantau", language, phone=phone)
    before = {place: seen(person, place, says) for place, person in others.items()}
    told = report(supervisor, "MONEY", what=SECRET)
    expect(supervisor.page.locator("main")).to_contain_text(SECRET)
    page = supervisor.go(f"{REGENCY}/security/incidents")
    expect(page.locator("main")).to_contain_text(says["money"])
    number = told.rpartition("/")[2][:8].upper()
    for place, person in others.items():
        person.go(told, status=404)
        assert says["money"] not in person.page.content()
        after = seen(person, place, says)
        assert after == before[place]
        assert number not in "".join(after.values())
    others["/16.07"].go(f"{REGENCY}/security/incidents", status=404)
    for path in (told, f"{REGENCY}/security/incidents?q={number}", "/16/security"):
        observer.go(path, status=404)
    assert number not in observer.go("/16/").content()
