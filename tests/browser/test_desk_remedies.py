"""What can be done, beside the case: the order, the remedies with their previews, who says yes."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Bought, Workplace
from tests.support.browsers import looks, serious
from tests.support.site import Site


def wished(site: Site, bought: Bought, **wish: Any) -> None:
    """The consumer asks for something of it."""
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies"
    site.command("POST", path, {"wish": {"part": 1, **wish}})


def test_one_key_opens_the_preview_and_another_gives_it(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Please cancel it.", issue="refund")
    page = at_desk(shop.agent(platform=True), bought.path())
    can = page.get_by_role("region", name="What can be done")
    expect(can).to_contain_text("Your authority: ¥200.00 a case, ¥2,000.00 left today")
    first = can.get_by_role("listitem").first
    expect(first).to_contain_text("Cancel")
    expect(first).to_contain_text("¥99.00")
    expect(first).to_contain_text("pays")
    page.keyboard.press("a")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("button", name="Cancel ¥99.00 now")).to_be_visible()
    expect(preview).to_contain_text("¥99.00 back to wallet")
    assert serious(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Remedies under way")).to_contain_text("Cancel ¥99.00")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("granted")
    expect(preview).to_have_count(0)


def test_the_merchant_says_yes_to_what_waits_for_them(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Made by hand?", category="custom_made")
    wished(shown, bought, kind="cancel", reason="changed_mind")
    page = at_desk(shop.agent(), bought.path())
    waits = page.get_by_role("region", name="Remedies under way")
    expect(waits).to_contain_text("Cancel ¥99.00 · Requested")
    expect(page.get_by_role("region", name="What can be done")).to_contain_text(
        "Wishes come from the consumer or the platform"
    )
    waits.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("form", name="Refuse")).to_contain_text("Why not")
    assert serious(page) == []
    page.keyboard.press("Escape")
    waits.get_by_role("button", name="Grant").click()
    waits.get_by_role("button", name="Grant: Cancel ¥99.00").click()
    expect(waits.get_by_role("button", name="Grant")).to_have_count(0)
    expect(waits).not_to_contain_text("Requested")


def test_the_order_shows_what_was_promised_against_what_came(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(platform=True), bought.path())
    order = page.get_by_role("region", name="Order", exact=True)
    expect(order.get_by_role("row", name="Ship")).to_contain_text("not yet")
    expect(order).to_contain_text("Nothing was heard of a parcel yet.")
    expect(order).to_contain_text("wallet ¥99.00")
    looks(page, "desk-remedies", ready=".choices li")
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_role("button", name="Order and remedies").click()
    expect(order).to_be_visible()
    assert serious(page) == []
