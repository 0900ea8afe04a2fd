"""The kit in a real browser: nothing breaks the policy, and what a script adds works."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as all_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = """() => [...document.querySelectorAll(
    "button, select, input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter((e) => e.offsetParent && !e.closest(".seg") && e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML)"""
"""What a thumb would miss; segments stand close together and are lower by design."""
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def plain_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """Serve without the redirect to HTTPS, which is decided when the server starts."""
    redirects = all_settings.SECURE_SSL_REDIRECT
    all_settings.SECURE_SSL_REDIRECT = False
    yield request.getfixturevalue("live_server")
    all_settings.SECURE_SSL_REDIRECT = redirects


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, "the browser tests need Chromium: apt-get install chromium"
    with pytest.MonkeyPatch.context() as patch:
        # The driver's event loop runs in this thread, in which Django empties the database after
        # each test; no test here touches the database while a page works.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            yield playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )


@pytest.fixture
def kit(browser: Browser, plain_server: LiveServer, settings: Settings) -> Iterator[Page]:
    """The kit's page on a desk's screen, in English; fails on any message of the policy."""
    settings.DEBUG = True
    context = browser.new_context(
        base_url=plain_server.url, viewport={"width": 1280, "height": 900}
    )
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": plain_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(5000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security" in m.text else None)
    page.goto("/kit")
    yield page
    context.close()
    assert errors == []


def test_a_table_is_sorted_and_filtered_in_place_and_the_way_back_leads_back(kit: Page) -> None:
    kit.evaluate("window.stayed = true")
    kit.get_by_role("link", name="TPS").click()
    expect(kit.locator("th[aria-sort=ascending]")).to_contain_text("TPS")
    assert kit.evaluate("document.activeElement.id") == "table-places-stations"
    kit.get_by_label("Status").select_option("LATE")
    expect(kit.locator("#table-places tbody tr")).to_have_count(3)
    assert kit.url.endswith("?q=&status=LATE&sort=stations")
    assert kit.evaluate("window.stayed") is True
    kit.go_back()
    expect(kit.locator("#table-places tbody tr")).to_have_count(8)
    assert kit.title() == "Kit – Serentak"


def test_a_picker_finds_while_one_types_and_a_form_says_what_to_mend(kit: Page) -> None:
    kit.get_by_role("searchbox", name="Tempat").fill("air")
    kit.get_by_text("Air Sugihan").click()
    kit.get_by_label("Jumlah hari ini").fill("900")
    kit.get_by_role("button", name="Kirim", exact=True).click()
    alert = kit.get_by_role("alert")
    expect(alert).to_contain_text(
        "Jumlah hari ini: Ensure this value is less than or equal to 600."
    )
    alert.get_by_role("link", name="Jumlah hari ini").click()
    assert kit.evaluate("document.activeElement.id") == "id_quantity"
    expect(kit.locator("#id_place_options input:checked")).to_have_value("16.02.16")


def test_theme_and_language_change_in_one_click_and_stay(kit: Page) -> None:
    kit.get_by_role("button", name="Light or dark").click()
    assert kit.evaluate("document.documentElement.dataset.theme") == "dark"
    kit.get_by_role("button", name="Bahasa Indonesia").click()
    expect(kit.locator("html")).to_have_attribute("lang", "id")
    expect(kit.locator("html")).to_have_attribute("data-theme", "dark")
    assert kit.url.endswith("/kit")


def test_a_sheet_is_sent_mended_and_committed(kit: Page, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("kode;dpt\n1;412\n2;x\n", "utf-8")
    good.write_text("kode;dpt\n1;412\n2;300\n", "utf-8")
    kit.goto("/kit/import")
    kit.get_by_label("Sheet, XLSX or CSV").set_input_files(bad)
    kit.get_by_role("button", name="Check the sheet").click()
    expect(kit.get_by_role("alert")).to_contain_text("1 mistake: nothing can be saved yet")
    with kit.expect_download() as returned:
        kit.get_by_role("button", name="Take away the sheet").click()
    assert returned.value.suggested_filename == "bad-checked.xlsx"
    kit.get_by_label("Sheet, XLSX or CSV").set_input_files(good)
    kit.get_by_role("button", name="Send another sheet").click()
    kit.get_by_role("button", name="Save 2 rows").click()
    expect(kit.locator(".notice")).to_contain_text("2 ·")


def test_a_phone_shows_everything_within_its_width_and_large_enough_for_a_thumb(kit: Page) -> None:
    kit.set_viewport_size({"width": 360, "height": 640})
    for path in ("/kit", "/kit/import", "/sign-in"):
        kit.goto(path)
        assert kit.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert kit.evaluate(SMALL) == [], path
