"""A station is surveyed and classed, officers lack, are asked for and sent; who stands where."""

import io
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests import stage

from .people import DESK, PHONE, Meet, Person

OFFICE = "0711-555-0142"

LAID = """
import sys
from datetime import datetime
from uuid import uuid4
import django
django.setup()
from serentak.elections.public import stations_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
from serentak.posting import actions as posting
from serentak.posting.actions import Posted, PostKind
from serentak.posting.models import Force
from serentak.vulnerability import actions as vulnerability
from serentak.vulnerability.actions import Classed
from serentak.vulnerability.public import StationClass

moment, place, district, name, sector, phone, station, strength = sys.argv[1:]
clock.set_clock(domain_at=datetime.fromisoformat(moment), scene="h-30")
by = {"actor": SYSTEM, "at": clock.now()}
codes = [one.code for one in stations_of(PlaceCode(place)) if one.code != station]
grave = [code for code in codes if code.startswith(district)][:5]
vulnerability.import_classes(
    rows=[
        Classed(code, StationClass.HIGHLY if code in grave else StationClass.LESS)
        for code in codes
    ],
    reason="Rakor Polres (REKAAN)",
    **by,
)
police = {"kind": PostKind.POLRES, "phone": phone}
posts = [
    Posted(place=PlaceCode(place), name=name, officers=int(strength), **police),
    Posted(place=PlaceCode(district), kind=PostKind.POLSEK, name=sector, officers=6),
]
posting.import_posts(posts=posts, **by)
if told := Force.objects.filter(place=place).first():  # these posts are all there are
    posting.tell_force(place=PlaceCode(place), officers=None, version=told.version, **by)
plan = posting.make_plan(client_key=uuid4(), place=PlaceCode(place), reserve=0, **by)
posting.propose_plan(plan_id=plan, version=1, **by)
posting.adopt_plan(plan_id=plan, version=2, reason="Kekuatan tambahan diminta (REKAAN)", **by)
"""
"""What went before: the police classed the other stations, told two posts and adopted a plan."""

TURN = """
import sys
from datetime import datetime
import django
django.setup()
from serentak.platform import clock
clock.set_clock(domain_at=datetime.fromisoformat(sys.argv[1]), scene="h-30")
"""


@dataclass(frozen=True)
class Told:
    """One telling of the story: where, by whom, in which language, on which screen."""

    language: str
    is_phone: bool
    place: str
    name: str
    station: str
    where: str
    police: str
    post: str
    sector: str
    strength: int

    def __call__(self, indonesian: str, english: str) -> str:
        """Return what stands on the screen."""
        return indonesian if self.language == "id" else english

    def __str__(self) -> str:
        return f"{self.language}-{'phone' if self.is_phone else 'desk'}"

    def meets(self, meet: Meet, username: str) -> Person:
        """Bring somebody who reads the language of this telling."""
        person: Person = meet(username, phone=self.is_phone)
        if self.language == "en":
            person.press("button", "English")
        expect(person.page.locator("html")).to_have_attribute("lang", self.language)
        return person


OKI = Told(
    "id", True, "16.02", "Ogan Komering Ilir", "16.02.14.2001.001", "TPS 001, Tirta Mulya",
    "polres.oki", "Polres Ogan Komering Ilir", "Polsek Air Sugihan", 200,
)  # fmt: skip
MURATARA = Told(
    "en", False, "16.13", "Musi Rawas Utara", "16.13.04.2001.001", "Station 001, Pauh",
    "polres.muratara", "Polres Musi Rawas Utara", "Polsek Rawas Ilir", 60,
)  # fmt: skip
TOLD = [OKI, MURATARA]

both = pytest.mark.parametrize("t", TOLD, ids=str)


def run(server: stage.Server, script: str, *arguments: str) -> None:
    command = [sys.executable, "-c", script, *arguments]
    subprocess.run(command, env=stage.environment(server.database), check=True)


def row(page: Page, table: str, named: str) -> Locator:
    """Return the row that a heading begins."""
    heading = page.locator("th[scope=row]").filter(has_text=re.compile(rf"^\s*{named}\s*$"))
    return page.locator(f"#table-{table} tbody tr").filter(has=heading)


def cell(page: Page, table: str, named: str, column: str) -> int:
    """Return the number in a row under a column, as the eye finds it."""
    heads = [text.strip() for text in page.locator(f"#table-{table} thead th").all_text_contents()]
    at = next(n for n, text in enumerate(heads) if text == column)
    text = row(page, table, named).locator("th, td").nth(at).text_content() or ""
    return int(re.sub(r"\D", "", text) or 0)


@pytest.fixture(scope="module")
def paths() -> dict[str, str]:
    """Hold what one chapter finds for the later ones."""
    return {}


@both
def test_what_the_supervisor_finds_proposes_a_class(
    meet: Meet, server: stage.Server, t: Told
) -> None:
    run(
        server, LAID, "2024-11-13T09:00+07:00", t.place, t.station[:8], t.post, t.sector, OFFICE,
        t.station, str(t.strength),
    )  # fmt: skip
    supervisor = t.meets(meet, "bawaslu.sumsel")
    page = supervisor.go(f"/{t.station}/vulnerability")
    supervisor.press("link", t("Isi survei", "Answer the survey"))
    violence = page.get_by_role(
        "group",
        name=t("Pernahkah terjadi kekerasan di TPS ini", "Was there violence at this station"),
    )
    label = violence.get_by_text(t("Ya", "Yes"), exact=True)
    box = label.bounding_box()
    assert box
    assert box["height"] >= 36, "large enough for a thumb"
    label.click()
    page.get_by_label(
        t("Berapa menit dari kantor kecamatan", "How many minutes from the district office")
    ).fill("150")
    supervisor.press("button", t("Catat jawaban", "Record the answers"))
    said = page.get_by_text(t("Jawaban survei sudah dicatat.", "The answers were recorded."))
    expect(said).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        t(
            "Menurut temuan: Sangat rawan, 8 poin pengamanan.",
            "From the findings follows: Highly vulnerable, 8 guard points.",
        )
    )
    reasons = page.locator("section:has(#class) li")
    expect(reasons).to_have_text(
        [
            t("Riwayat kekerasan: 5 poin", "Past violence: 5 points"),
            t("Sulit dijangkau (geografis dan cuaca): 3 poin", "Hard to reach: 3 points"),
        ]
    )
    assert page.get_by_role("button", name=t("Tetapkan kelas", "Give a class")).count() == 0


@both
def test_the_police_decide_otherwise_and_both_stand_side_by_side(meet: Meet, t: Told) -> None:
    police = t.meets(meet, t.police)
    page = police.go(f"/{t.station}/vulnerability")
    expect(page.locator("main")).to_contain_text(
        t("Kepolisian belum menetapkan kelas.", "The police gave no class yet.")
    )
    page.get_by_text(t("Rawan", "Vulnerable"), exact=True).click()
    reason = t("Pos TNI–Polri berada di seberang jalan", "An army post stands across the road")
    page.get_by_label(t("Alasan kelas ini", "Why this class fits")).fill(reason)
    police.press("button", t("Tetapkan kelas", "Give a class"))
    expect(page.get_by_text(t("Kelas sudah ditetapkan.", "The class was given."))).to_be_visible()
    own = page.locator("section:has(#class)")
    expect(own).to_contain_text(reason)
    expect(own).to_contain_text(t("Menurut temuan: Sangat rawan", "follows: Highly vulnerable"))

    page = police.go(f"/{t.place}/vulnerability")
    police.press(
        "link", t("1 TPS memiliki kelas yang berbeda", "1 station has another class than the one")
    )
    other = page.locator("#table-differences tbody tr")
    expect(other).to_have_count(1)
    for told in (
        t.where,
        t("Rawan", "Vulnerable"),
        t("Sangat rawan", "Highly vulnerable"),
        t("Riwayat kekerasan, Sulit dijangkau", "Past violence, Hard to reach"),
    ):
        expect(other).to_contain_text(told)

    desk = t.meets(meet, "desk.sumsel")
    page = desk.go(f"/{t.station}/vulnerability")
    expect(page.locator("section:has(#class)")).to_contain_text(t("Rawan", "Vulnerable"))
    expect(page.locator("main")).not_to_contain_text(reason)
    desk.go(f"/{t.place}/vulnerability/differences", status=404)


@both
def test_the_desk_names_the_shortage_and_asks_the_police(
    meet: Meet, t: Told, paths: dict[str, str]
) -> None:
    desk = t.meets(meet, "desk.sumsel")
    page = desk.go("/16/posting")
    lacking = t("Kurang", "Lacking")
    short = cell(page, "places", t.name, lacking)
    assert short > 0
    expect(row(page, "places", t.name)).to_contain_text(t("Kurang rawan", "Less vulnerable"))
    ask = t(
        f"Mintakan tambahan personel kepada Polri: {t.name} kurang {short}",
        f"Ask the police for reinforcements: {t.name} lacks {short}",
    )
    expect(page.get_by_role("link", name=ask)).to_be_visible()
    row(page, "places", t.name).get_by_role("link").click()
    page = desk.look()
    less, highly = t("Kurang rawan", "Less vulnerable"), t("Sangat rawan", "Highly vulnerable")
    assert cell(page, "classes", less, lacking) == short
    assert cell(page, "classes", highly, lacking) == 0
    desk.press("link", ask)
    what = page.locator("[name=text]")
    expect(what).to_have_value(
        re.compile(
            t(
                rf"^Menambah kekuatan pengamanan TPS di .*{t.name} yang masih kurang {short} personel",
                rf"^Add the {short} officers still lacking at polling stations in .*{t.name}",
            )
        )
    )
    desk.press("button", t("Susun surat", "Write the letter"))
    recipient = "Yth. Kepala Kepolisian Daerah Sumatera Selatan"
    expect(page.locator(".letter")).to_contain_text(recipient)
    expect(page.locator(".letter")).to_contain_text(f"kurang {short} personel")
    desk.press("button", t("Kirim permintaan, simpan konsep surat", "Ask, and keep the letter"))
    expect(page.locator("main")).to_contain_text(
        t("Permintaan dikirim; konsep suratnya", "The action was given; its letter is kept")
    )
    paths[f"{t}-short"] = str(short)


@both
def test_the_police_answer_and_send_officers(meet: Meet, t: Told, paths: dict[str, str]) -> None:
    short = int(paths[f"{t}-short"])
    headquarters = t.meets(meet, "polda.sumsel")
    page = headquarters.go("/coordination/notifications")
    task = t(f"{t.name} yang masih kurang {short}", f"Add the {short} officers still lacking")
    page.get_by_role("link").filter(has_text=task).first.click()
    page = headquarters.look()
    action = page.url.removeprefix(headquarters.url)
    headquarters.press("button", t("Konfirmasi terima", "Acknowledge"))

    page = headquarters.go(f"/{t.place}/posting")
    headquarters.press("link", t("Usulkan BKO", "Propose reinforcements"))
    page.get_by_label(t("Personel", "Officers"), exact=True).fill(str(short + 4))
    headquarters.press("button", t("Usulkan", "Propose"))
    sent = page.locator("section:has(#sent) li").filter(
        has_text=t(
            f"{short + 4} personel dari Polda ke {t.name}",
            f"{short + 4} officers from Headquarters to {t.name}",
        )
    )
    expect(sent).to_contain_text(t("Diusulkan", "Proposed"))
    sent.get_by_role("button", name=t("Sanggupi", "Promise")).click()
    page = headquarters.look()
    expect(sent).to_contain_text(t("Disanggupi", "Promised"))

    page = headquarters.go(action)
    done = t("Laporkan selesai", "Report as done")
    page.locator("summary").filter(has_text=done).click()
    answer = t(f"{short + 4} personel disanggupi", f"{short + 4} officers are promised")
    page.locator("#note").fill(answer)
    headquarters.press("button", done)
    expect(page.locator("main")).to_contain_text(answer)

    desk = t.meets(meet, "desk.sumsel")
    page = desk.go(action)
    expect(page.locator("main")).to_contain_text(answer)
    page = desk.go(f"/{t.place}/posting")
    expect(page.locator("main")).to_contain_text(
        t(f"{short + 4} datang (BKO)", f"{short + 4} come")
    )
    assert page.locator("section:has(#need) .pairs dd").nth(2).text_content() == "0"


@both
def test_the_posting_is_solved_anew_and_adopted_and_each_post_has_its_sheet(
    meet: Meet, t: Told
) -> None:
    police = t.meets(meet, t.police)
    page = police.go(f"/{t.place}/posting")
    police.press("link", t("Rencana 1", "Plan 1"))
    without = page.locator("section:has(#uncovered)")
    expect(without).to_contain_text(t("Kurang rawan: ", "Less vulnerable: "))
    expect(page.locator("main")).to_contain_text(t("Hitung ulang.", "Compute it anew."))

    police.go(f"/{t.place}/posting")
    police.press("link", t("Hitung rencana", "Compute a plan"))
    page.get_by_label(t("Personel cadangan", "Officers kept as reserve")).fill("4")
    police.press("button", t("Hitung", "Compute"))
    expect(page.locator("h1")).to_have_text(t("Rencana 2", "Plan 2"))
    expect(without).to_contain_text(
        t("Semua TPS sudah ada petugasnya.", "Every station has its officers.")
    )
    police.press("button", t("Usulkan rencana", "Propose the plan"))
    police.press("button", t("Tetapkan rencana", "Adopt the plan"))
    expect(page.get_by_text(t("Rencana ditetapkan.", "The plan was adopted."))).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name=t("Lembar tugas (PDF)", "Duty sheets (PDF)")).click()
    sheets = sheets_of(download.value.path())
    post = t("Pos", "Post")
    sector = next(text for text in sheets if f"{post} {t.sector}" in text)
    district = t.sector.removeprefix("Polsek ")
    assert re.search(rf"1\. {district} [\w ]+: \d{{3}}\b", sector), sector
    for told in (
        t("Selasa, 26 November 2024", "Tuesday, 26 November 2024"),
        t(
            "Rabu, 27 November 2024, 07.00–13.00 WIB",
            "Wednesday, 27 November 2024, 07:00 to 13:00 WIB",
        ),
        f"{t.post}: {OFFICE}",
        t("Sangat rawan", "Highly vulnerable"),
    ):
        assert told in sector, told
    whole = next(text for text in sheets if f"{post} {t.post} " in text)
    assert OFFICE in whole
    assert any(t("BKO", "Reinforcements") in text for text in sheets)
    # Every page of the way holds at both widths.
    plan = page.url.removeprefix(police.url)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a size by its two names
        for path in (
            f"/{t.place}/vulnerability", f"/{t.place}/vulnerability/differences",
            f"/{t.station}/vulnerability", f"/{t.place}/posting", plan,
            f"/{t.place}/posting/posts", f"/{t.place}/posting/roll", f"/{t.place}/posting/reserve",
        ):  # fmt: skip
            police.go(path)


def sheets_of(path: Path) -> list[str]:
    """Return the text of each sheet, in one line."""
    reader = PdfReader(io.BytesIO(path.read_bytes()))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


@both
def test_on_the_day_the_roll_is_called(meet: Meet, server: stage.Server, t: Told) -> None:
    if t is TOLD[0]:
        run(server, TURN, "2024-11-27T06:10+07:00")
    police = t.meets(meet, t.police)
    page = police.go(f"/{t.place}/posting/posts")
    police.press("link", t("Apel", "Call the roll"))
    expect(page.locator("h2").first).to_have_text(
        t("Rabu, 27 November 2024", "Wednesday, 27 November 2024")
    )
    called = t("{} dari 2 pos sudah apel hari ini.", "{} of 2 posts have called the roll today.")
    expect(page.locator("main")).to_contain_text(called.format(0))
    posts = page.locator("section:has(#roll) li")
    posts.filter(has_text=t.sector).get_by_role(
        "button", name=t("Hadir semua (6)", "All 6 present")
    ).click()
    police.look()
    main = posts.filter(has_text=t.post)
    main.locator("summary").click()
    main.get_by_label(t("Hadir", "Present"), exact=True).fill(str(t.strength - 2))
    main.get_by_label(t("Tidak hadir", "Absent"), exact=True).fill("2")
    main.get_by_label(t("Catatan", "Remark")).fill(t("Dua sakit", "Two are ill"))
    main.get_by_role("button", name=t("Catat", "Note"), exact=True).click()
    police.look()
    expect(main).to_contain_text(
        t(f"{t.strength - 2} hadir, 2 tidak hadir", f"{t.strength - 2} present, 2 absent")
    )
    expect(main).to_contain_text(t("Dua sakit", "Two are ill"))
    expect(page.locator("main")).to_contain_text(called.format(2))
