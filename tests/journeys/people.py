"""Somebody at a browser, whose every page is looked over while the story goes on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
)

LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}

PASSWORD = "sungai-musi-2024"


@dataclass
class Person:
    """One person with a browser of their own.

    `troubles` collects what must not happen on any page: a script's error, a breach of the content
    policy, a request to another host, a broken file, a page that scrolls sideways.
    """

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser's own line about a refused request; what was refused is judged below.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.troubles.append(f"{self.page.url} asks {request.url}")

    def _answered(self, response: Response) -> None:
        own_page = response.request.is_navigation_request() or response.request.resource_type in {
            "fetch",
            "xhr",
        }
        if response.status >= 500 or (response.status >= 400 and not own_page):
            self.troubles.append(f"{response.url}: {response.status}")

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open a page of the site, look it over, and return it."""
        response = self.page.goto(self.url + path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        self.look()
        return self.page

    def look(self) -> Page:
        """Look the present page over: it has a title, one heading, and fits the screen's width."""
        self.page.wait_for_load_state()
        measure = (
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        try:
            wide = self.page.evaluate(measure)
        except Error:  # a script led on in this moment, such as the one that ends all drafts
            self.page.wait_for_load_state()
            wide = self.page.evaluate(measure)
        if wide > 0:
            self.troubles.append(f"{self.page.url} is {wide} px too wide: {self._widest()}")
        expect(self.page.locator("h1")).to_have_count(1)
        return self.page

    def _widest(self) -> str:
        found: str = self.page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                    && ![...e.children].some(
                        c => c.getBoundingClientRect().right > innerWidth + 1))
                .slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ")"""
        )
        return found

    def press(self, role: Literal["button", "link"], name: str) -> Page:
        """Press what bears a name, and look over what comes; on a phone tools lie behind a button."""
        if not self.page.get_by_role(role, name=name).count():
            self.page.locator(".menu").click()
        self.page.get_by_role(role, name=name).first.click()
        return self.look()

    def sign_in(self, username: str) -> Page:
        """Sign in to a demonstration account with one click."""
        self.go("/sign-in")
        self.page.locator(f'button[name="username"][value="{username}"]').click()
        return self.look()


Meet = Callable[..., Person]
"""`meet(username="", width=…, …)`: somebody new at a browser, signed in where a name is given."""


def context_for(
    browser: Browser, *, phone: bool = False, scripts: bool = True, locale: str = "en-GB"
) -> BrowserContext:
    """Return a browser's fresh profile; by default one whose owner reads English."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK,
        has_touch=phone,
        java_script_enabled=scripts,
        locale=locale,
        reduced_motion="reduce",
    )
    context.set_default_timeout(8_000)
    return context
