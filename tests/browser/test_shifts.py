"""The week of a desk: who works when, planned for several people and days at once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.http.auth.principals import Kind
from tests.browser.workplace import Workplace
from tests.support.browsers import looks
from tests.support.site import Person, Site

AtDesk = Callable[..., Page]


def called(person: Person) -> str:
    """An agent without a name."""
    return str(person.agent)[:8]


def test_shifts_are_planned_for_several_days_at_once_and_cancelled(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    one, two = shown.agent(shop.desk), shown.agent(shop.desk)
    boss = shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR)
    page = at_desk(boss, "/supervisor/shifts")
    rows = page.locator(".week-row")
    expect(rows).to_have_count(3)
    # A week ahead, so that no day of it is over.
    page.get_by_role("button", name="The next week").click()
    mine = page.get_by_role("region", name=called(one))
    mine.get_by_role("button", name=re.compile("Plan a shift for .* on Tue")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("^Thu")).check()
    dialog.get_by_label("Ends").fill("02:00")
    expect(dialog.get_by_text("on the next day")).to_be_visible()
    dialog.get_by_label("Ends").fill("17:30")
    dialog.get_by_role("button", name="Add a break").click()
    dialog.get_by_role("button", name="Plan 2 shifts").click()
    expect(dialog).to_have_count(0)
    expect(mine.get_by_role("button", name="09:00–17:30")).to_have_count(2)
    expect(mine.get_by_text("2 breaks")).to_have_count(2)

    # Where it cannot be is said for each, and the rest is done.
    mine.get_by_role("button", name=re.compile("Plan a shift for .* on Tue")).click()
    dialog.get_by_role("combobox", name="Who").click()
    page.get_by_role("option", name=called(two)).click()
    dialog.get_by_label("Begins").fill("10:00")
    dialog.get_by_role("button", name="Plan 2 shifts").click()
    told = dialog.get_by_role("alert")
    expect(told).to_contain_text("1 shift is planned. 1 could not be planned:")
    expect(told).to_contain_text("It overlaps with another shift, or touches one.")
    dialog.get_by_role("button", name="Close").click()
    theirs = page.get_by_role("region", name=called(two))
    expect(theirs.get_by_role("button", name="10:00–18:00")).to_have_count(1)

    theirs.get_by_role("button", name="10:00–18:00").click()
    expect(dialog.get_by_text("Break 12:00–13:00")).to_be_visible()
    dialog.get_by_role("button", name="Cancel the shift").click()
    expect(dialog).to_have_count(0)
    expect(theirs.get_by_role("button", name="10:00–18:00")).to_have_count(0)
    page.get_by_label("Find somebody").fill(called(two))
    expect(rows).to_have_count(1)
    looks(page, "shifts", widths=("desk", "phone"), ready=".week-row")


def test_a_break_may_begin_with_its_shift(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    one = shown.agent(shop.desk)
    page = at_desk(shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR), "/supervisor/shifts")
    page.get_by_role("button", name="The next week").click()
    mine = page.get_by_role("region", name=called(one))
    mine.get_by_role("button", name=re.compile("Plan a shift for .* on Tue")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("From").fill("09:00")
    dialog.get_by_label(re.compile("^To")).fill("09:15")
    dialog.get_by_role("button", name="Plan 1 shift").click()
    expect(dialog).to_have_count(0)
    mine.get_by_role("button", name="09:00–18:00").click()
    expect(dialog.get_by_text("Break 09:00–09:15")).to_be_visible()


def test_who_is_planned_is_counted_again_after_a_cancellation(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    one = shown.agent(shop.desk)
    page = at_desk(shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR), "/supervisor/shifts")
    page.get_by_role("button", name="The next week").click()
    mine = page.get_by_role("region", name=called(one))
    mine.get_by_role("button", name=re.compile("Plan a shift for .* on Tue")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Plan 1 shift").click()
    expect(dialog).to_have_count(0)
    with page.expect_response("**/v1/desk/staffing?*"):
        page.get_by_role("link", name="The wall").click()
    expect(page.get_by_role("heading", name=re.compile("How many people"))).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="The next week").click()
    mine.get_by_role("button", name="09:00–18:00").click()
    dialog.get_by_role("button", name="Cancel the shift").click()
    expect(dialog).to_have_count(0)
    with page.expect_response("**/v1/desk/staffing?*"):
        page.get_by_role("link", name="The wall").click()


def test_an_admin_plans_for_any_desk_and_a_supervisor_for_none_but_theirs(
    at_desk: AtDesk, shown: Site
) -> None:
    shop, rival = Workplace(shown), Workplace(shown)
    agent = shown.agent(shop.desk)
    page = at_desk(shown.agent(role=Kind.ADMIN), f"/admin/shifts?desk={shop.desk}")
    expect(page.get_by_role("region", name=called(agent))).to_be_visible()
    page.get_by_role("button", name="The next week").click()
    page.get_by_role("button", name=re.compile("Plan a shift for .* on Wed")).click()
    page.get_by_role("dialog").get_by_role("button", name="Plan 1 shift").click()
    expect(page.get_by_role("button", name="09:00–18:00")).to_be_visible()
    stranger = shown.agent(rival.desk, on_desk=DeskRole.SUPERVISOR)
    other = at_desk(stranger, f"/supervisor/shifts?desk={shop.desk}")
    expect(other.get_by_role("alert")).to_contain_text("none that you may see")
    expect(other.get_by_role("region", name=called(agent))).to_have_count(0)
