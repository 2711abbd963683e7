"""A page that fails says so, and how to go on: nothing at all would look like the end of it."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opens
from tests.browser.shopping import Shopper
from tests.browser.workplace import Workplace
from tests.support.browsers import looks
from tests.support.site import Site


def unknown(route: Route) -> None:
    """An answer such as no page expects."""
    route.fulfill(json={})


def fails_and_is_loaded_again(page: Page, name: str) -> None:
    failed = page.get_by_role("heading", name="This page has failed")
    expect(failed).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("not sent are still there")
    looks(page, name, widths=("phone", "desk"), ready="[role=alert]")
    expect(failed).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Load the page again").click()
    expect(failed).to_have_count(0)


def test_a_desk_that_fails_is_loaded_again(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Where is it?")
    page = at_desk(shop.agent())
    page.route(re.compile(r"/messages\?"), unknown)
    page.goto(bought.path())
    fails_and_is_loaded_again(page, "desk-failed")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")


def test_help_that_fails_is_loaded_again(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Kettle")
    page = shopper.opens(opened, "/help/nothing")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.route("**/v1/help/conversations*", unknown)
    page.goto("/help/")
    fails_and_is_loaded_again(page, "help-failed")
    expect(page.get_by_role("link", name="Kettle")).to_be_visible()
