"""A target is agreed at a meeting, then moved with a reason, and both dates stay to be seen."""

from playwright.sync_api import expect

from .people import Meet

ACTIVITY = "/16/readiness/service-on"


def test_a_target_is_agreed_then_moved_and_an_observer_sees_both(meet: Meet) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/targets")
    page.locator('[name="meeting_id"]').select_option(index=1)
    for box in page.locator('[name="activity_ids"]').all():
        box.uncheck()
    page.get_by_role("checkbox").and_(
        page.get_by_label("Jadwal pelayanan publik pekan pemungutan suara ditetapkan")
    ).check()
    page.locator("main form .btn").first.click()
    desk.look()
    page = desk.go(ACTIVITY)
    page.get_by_role("link", name="Rapat Koordinasi Pemantapan Pilkada Serentak").first.click()
    desk.look()
    expect(page.locator("h1")).to_contain_text("Rapat Koordinasi Pemantapan Pilkada Serentak")
    expect(page.locator("main")).to_contain_text("Target disepakati: 1")

    page = desk.go(f"{ACTIVITY}/move")
    page.locator('[name="target_date"]').fill("2024-11-22")
    page.locator("main form .btn").first.click()
    desk.look()
    expect(page.locator('[name="reason"][aria-invalid="true"]')).to_have_count(1)
    page.locator('[name="reason"]').fill("Menunggu edaran Menteri tentang hari libur")
    page.locator("main form .btn").first.click()
    desk.look()

    seen = meet("pemantau", phone=True).go(ACTIVITY)
    target = seen.get_by_role("row").filter(has_text="Target").first
    expect(target).to_contain_text("H-5")
    expect(target).to_contain_text("H-7")
    expect(seen.locator("main")).to_contain_text("Menunggu edaran Menteri tentang hari libur")
    expect(seen.get_by_role("link", name="Pindahkan")).to_have_count(0)


def test_only_who_owns_an_activity_drops_it(meet: Meet) -> None:
    meet("desk.sumsel").go("/16.02/readiness/signal-add/drop", status=404)
    meet("pemantau").go("/16/readiness/service-on/move", status=404)
