"""Indonesian for everybody, English for who asks for it with one click."""

from playwright.sync_api import expect

from .people import Meet


def test_indonesian_is_what_an_english_browser_sees_until_its_owner_chooses(meet: Meet) -> None:
    person = meet(locale="en-GB")
    page = person.go("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.get_by_role("heading", name="Masuk", exact=True)).to_be_visible()

    person.press("button", "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()

    person.sign_in("desk.sumsel")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    person.press("button", "Bahasa Indonesia")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_language_changes_without_scripts_and_one_stays_on_the_page(meet: Meet) -> None:
    person = meet(scripts=False, phone=True)
    page = person.go("/sign-in?next=/16.02")
    person.press("button", "English")
    expect(page).to_have_url(f"{person.url}/sign-in?next=/16.02")
    expect(page.locator("html")).to_have_attribute("lang", "en")
