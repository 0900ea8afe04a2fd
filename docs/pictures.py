"""Takes every screen of the demonstration: `make pictures` (ARGS="--only desk --kept").

Each screen is taken at 360 and 1,280 px, light and dark, in both languages, into var/pictures, with
a contact sheet (index.html) that shows them side by side and says what went wrong on them. The few
that README and guides show are taken into docs/pictures by `--kept`. Whoever changes a screen looks
at them.
"""

import argparse
import asyncio
import html
import itertools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Page, StorageState, async_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from serentak.platform.database import Cluster  # noqa: E402 -- the tests' folder is no package
from tests.journeys.people import LAUNCH  # noqa: E402
from tests.stage import Server, chromium, serving, template_of  # noqa: E402

OUT = ROOT / "var" / "pictures"
KEPT = ROOT / "docs" / "pictures"

AT_ONCE = 3
HEIGHTS = {360: 740, 1280: 860}
SECONDS = 30_000


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its name, who looks (empty: nobody signed in), where."""

    name: str
    who: str
    path: str
    status: int = 200


SCREENS = (
    Screen("sign-in", "", "/sign-in"),
    Screen("desk", "desk.sumsel", "/16/"),
    Screen("desk-regency", "desk.oki", "/16.02/"),
    Screen("desk-district", "ppk.airsugihan", "/16.02.14/"),
    Screen("readiness-province", "desk.sumsel", "/16/readiness"),
    Screen("readiness-regency", "desk.oki", "/16.02/readiness"),
    Screen("readiness-district", "ppk.airsugihan", "/16.02.14/readiness"),
    Screen("activity", "dishub.oki", "/16.02/readiness/route-plan"),
    Screen("activity-moved", "desk.sumsel", "/16.03/readiness/rehearse"),
    Screen("activity-dropped", "desk.sumsel", "/16.74/readiness/signal-add"),
    Screen("report", "kpu.oki", "/16.02/report"),
    Screen("report-all", "dishub.oki", "/16.02/report?all"),
    Screen("report-import", "kpu.oki", "/16.02/report/import"),
    Screen("targets", "desk.sumsel", "/16/targets"),
    Screen("target-move", "dishub.oki", "/16.02/readiness/route-plan/move"),
    Screen("figures-province", "desk.sumsel", "/16/figures"),
    Screen("figures-regency", "desk.oki", "/16.02/figures"),
    Screen("figures-record", "desk.sumsel", "/16/figures/record"),
    Screen("figures-decide", "desk.sumsel", "/16/figures/stations/sources/decide"),
    Screen("election-province", "kpu.sumsel", "/16/election"),
    Screen("election-district", "ppk.airsugihan", "/16.02.14/election"),
    Screen("ballot", "kpu.sumsel", "/16.10/election/pairs"),
    Screen("stations-import", "kpu.sumsel", "/16.02/stations/import"),
    Screen("coordination", "desk.sumsel", "/16/coordination"),
    Screen("coordination-regency", "desk.oki", "/16.02/coordination"),
    Screen("action-new", "desk.sumsel", "/16.02/coordination/ask"),
    Screen("notifications", "desk.oki", "/coordination/notifications"),
    Screen("neutrality", "desk.sumsel", "/16/neutrality"),
    Screen("neutrality-cases", "desk.sumsel", "/16/neutrality/cases"),
    Screen("neutrality-follow-up", "desk.sumsel", "/16/neutrality/follow-up"),
    Screen("services", "desk.oki", "/16.02/neutrality/services"),
    Screen("daily", "desk.sumsel", "/16/daily"),
    Screen("daily-yesterday", "desk.sumsel", "/16/daily/2024-10-27"),
    Screen("public", "", "/public/"),
    Screen("directory", "desk.sumsel", "/16/directory"),
    Screen("account", "desk.oki", "/account"),
    Screen("not-found", "desk.oki", "/16.07/figures", status=404),
)

README: tuple[tuple[str, int, str, str], ...] = (
    ("desk", 1280, "light", "id"),
    ("desk", 1280, "light", "en"),
    ("desk", 360, "dark", "id"),
    ("readiness-regency", 1280, "light", "en"),
    ("report", 360, "light", "id"),
)
"""Screen, width, theme and language of the pictures that are kept in the repository."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to take."""

    screen: Screen
    width: int
    theme: str
    language: str

    @property
    def file(self) -> str:
        """The picture's file name."""
        return f"{self.screen.name}-{self.width}-{self.theme}-{self.language}.png"


@dataclass(slots=True)
class Taken:
    """A picture that was taken: height of the page, bytes of the file, what went wrong on it."""

    shot: Shot
    height: int = 0
    size: int = 0
    troubles: list[str] = field(default_factory=list)


def shots(only: str) -> Iterator[Shot]:
    """Yield every screen in every guise whose name holds `only`."""
    guises = itertools.product(HEIGHTS, ("light", "dark"), ("id", "en"))
    for screen, guise in itertools.product(SCREENS, list(guises)):
        if only in screen.name:
            yield Shot(screen, *guise)


def kept() -> Iterator[Shot]:
    """Yield the few that are kept in the repository."""
    by_name = {screen.name: screen for screen in SCREENS}
    for name, *guise in README:
        yield Shot(by_name[name], *guise)


async def sign_in(browser: Browser, server: Server, who: str) -> StorageState | None:
    """Return the cookies of somebody signed in, None for nobody."""
    if not who:
        return None
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server.url}/sign-in")
    await page.locator(f'button[name="username"][value="{who}"]').click()
    await page.wait_for_load_state()
    state = await context.storage_state()
    await context.close()
    return state


async def take(
    browser: Browser,
    server: Server,
    shot: Shot,
    state: StorageState | None,
    out: Path,
    *,
    whole: bool,
) -> Taken:
    """Take one picture, of the whole page or of what the window shows."""
    taken = Taken(shot)
    context = await browser.new_context(
        storage_state=state,
        viewport={"width": shot.width, "height": HEIGHTS[shot.width]},
        device_scale_factor=2 if shot.width == 360 and whole is False else 1,
        reduced_motion="reduce",
        color_scheme="dark" if shot.theme == "dark" else "light",
    )
    cookies = {"serentak_language": shot.language, "serentak_theme": shot.theme}
    await context.add_cookies(
        [{"name": k, "value": v, "url": server.url} for k, v in cookies.items()]
    )
    page = await context.new_page()
    page.set_default_timeout(SECONDS)
    page.on("console", lambda m: _heard(taken, m.type, m.text))
    page.on("pageerror", lambda error: taken.troubles.append(str(error)))
    response = await page.goto(server.url + shot.screen.path)
    if response is None or response.status != shot.screen.status:
        taken.troubles.append(f"status {response.status if response else 'none'}")
    taken.height, wide = await _measure(page)
    if wide > 0:
        taken.troubles.append(f"{wide} px too wide")
    await page.screenshot(path=out / shot.file, full_page=whole, animations="disabled")
    taken.size = (out / shot.file).stat().st_size
    await context.close()
    return taken


def _heard(taken: Taken, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and "Failed to load resource" not in text:
        taken.troubles.append(text)


async def _measure(page: Page) -> tuple[int, int]:
    root = "document.documentElement"
    height = await page.evaluate(f"() => {root}.scrollHeight")
    wide = await page.evaluate(f"() => {root}.scrollWidth - {root}.clientWidth")
    return int(height), int(wide)


async def take_all(server: Server, wanted: list[Shot], out: Path, *, whole: bool) -> list[Taken]:
    """Take all pictures with one browser, a few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=LAUNCH)
        people = sorted({shot.screen.who for shot in wanted})
        states = {who: await sign_in(browser, server, who) for who in people}

        async def one(shot: Shot) -> Taken:
            async with turn:
                return await take(browser, server, shot, states[shot.screen.who], out, whole=whole)

        taken = await asyncio.gather(*map(one, wanted))
        await browser.close()
    return taken


def contact_sheet(taken: list[Taken]) -> str:
    """Return a page that shows all pictures, a row for each screen, and the troubles on them."""
    rows = []
    for screen, group in itertools.groupby(taken, key=lambda t: t.shot.screen):
        cells = "".join(
            f'<td><a href="{t.shot.file}"><img src="{t.shot.file}" loading="lazy" alt=""></a>'
            f"<small>{t.shot.width} {t.shot.theme} {t.shot.language}, {t.height} px</small>"
            + "".join(f"<b>{html.escape(trouble)}</b>" for trouble in t.troubles)
            + "</td>"
            for t in group
        )
        who = screen.who or "nobody signed in"
        rows.append(f"<tr><th>{screen.name}<small>{screen.path}<br>{who}</small></th>{cells}</tr>")
    return (
        "<!doctype html><meta charset=utf-8><title>Pictures</title><style>"
        "body{font:14px system-ui}td,th{vertical-align:top;text-align:left;padding:8px}"
        "img{display:block;max-width:200px;max-height:320px;object-fit:cover;object-position:top;"
        "border:1px solid #999}small{display:block;color:#555}b{display:block;color:#b00}"
        f"</style><table>{''.join(rows)}</table>"
    )


def main() -> int:
    """Take the pictures and say what went wrong on them; 1 if anything did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="screens whose name holds this word")
    parser.add_argument("--kept", action="store_true", help="those that the README shows")
    parser.add_argument("--scene", default="h-30", help="the scene to show (%(default)s)")
    options = parser.parse_args()
    if chromium() is None:
        print("Chromium is missing. On Debian, as root: apt-get install chromium", file=sys.stderr)
        return 1
    out = KEPT if options.kept else OUT
    out.mkdir(parents=True, exist_ok=True)
    wanted = list(kept() if options.kept else shots(options.only))
    began = time.monotonic()
    cluster = Cluster()
    with serving(
        cluster, template_of(cluster, options.scene), OUT.parent / "pictures.log"
    ) as server:
        taken = asyncio.run(take_all(server, wanted, out, whole=not options.kept))
    if not options.kept:
        (out / "index.html").write_text(contact_sheet(taken), "utf-8")
    troubled = [t for t in taken if t.troubles]
    for t in troubled:
        print(f"{t.shot.file}: {'; '.join(t.troubles)}")
    print(
        f"{len(taken)} pictures of {len({t.shot.screen for t in taken})} screens in {out}, "
        f"{sum(t.size for t in taken) / 1e6:.1f} MB, {time.monotonic() - began:.0f} s, "
        f"{len(troubled)} with troubles"
    )
    return 1 if troubled else 0


if __name__ == "__main__":
    sys.exit(main())
