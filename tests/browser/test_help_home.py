"""What a consumer sees first: what is in hand, what they bought, and a way for everything else."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens
from tests.browser.shopping import Shopper
from tests.support.browsers import looks, serious
from tests.support.site import Site


def test_whoever_has_bought_nothing_is_told_what_to_do(opened: Opens, shown: Site) -> None:
    page = Shopper(shown).opens(opened)
    expect(page.get_by_text("You have no orders yet")).to_be_visible()
    assert "#" not in page.url, "the token is no part of the address any more"
    page.get_by_role("link", name="Something else").click()
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()


def test_each_order_says_where_it_stands(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    promised = {"type": "deliver_by", "on": (utc_now() + timedelta(days=1)).date().isoformat()}
    slips = shopper.orders(title="Umbrella", promises=[promised])
    shopper.hears(slips, "collected")
    shopper.is_expected(slips, utc_now() + timedelta(days=30))
    arrived = shopper.orders(title="Kettle")
    shopper.hears(arrived, "collected", "delivered")
    page = shopper.opens(opened)
    card = page.get_by_role("link", name="Umbrella")
    expect(card).to_contain_text("¥89.00")
    expect(card).to_contain_text(re.compile("Promised .+; now expected .+"))
    kettle = page.get_by_role("link", name="Kettle")
    expect(kettle).to_contain_text(re.compile(r"Delivered (today|yesterday)\."))
    looks(page, "help-home", widths=("phone", "desk"), ready=".card")


def test_an_order_whose_parcel_went_back_is_not_said_to_be_on_its_way(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    shopper.hears(shopper.orders(title="Umbrella"), "collected", "returned")
    orders = shopper.opens(opened).get_by_role("region", name="My orders")
    card = orders.get_by_role("link", name="Umbrella")
    expect(card).to_contain_text("The parcel went back or is lost; it does not come.")


def test_they_take_a_copy_of_what_is_kept_about_them(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders()
    page = shopper.opens(opened)
    page.get_by_text("My data").click()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download a copy (JSON)").click()
    assert begun.value.suggested_filename == "my-data.json"
    assert str(order) in begun.value.path().read_text(encoding="utf-8")
    assert serious(page) == []


LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
LINES = """all => all.map((one) => {
    const text = document.createRange();
    text.selectNodeContents(one);
    return text.getClientRects().length;
})"""


def test_a_name_without_a_blank_is_no_wider_than_a_telephone(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.at_a_shop_called(LONG)
    order = shopper.orders(title=LONG, quantity=2)
    for path in ("/help/", f"/help/order/{order}", f"/help/order/{order}/1/changed_mind"):
        page = shopper.opens(opened, path)
        expect(page.get_by_text(LONG).last).to_be_visible()
        if "changed_mind" in path:
            expect(page.get_by_role("button", name=f"One less: {LONG}")).to_be_visible()
            amounts = page.locator(".sum > dd")
            expect(amounts).to_have_count(2)
            # An amount is not broken, however long what it is for is called.
            assert amounts.evaluate_all(LINES) == [1, 1]
        assert page.evaluate(WIDER) <= 0, path


def test_what_is_written_from_the_right_leaves_the_amount_where_it_belongs(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="שלום עולם")
    card = shopper.opens(opened).get_by_role("link", name="שלום עולם")
    expect(card).to_contain_text("\u2068שלום עולם\u2069 · ¥89.00 · Ordered")


def test_what_is_in_hand_says_of_which_order(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    wish = {"part": 1, "kind": "cancel", "reason": "changed_mind"}
    for title in ("Umbrella", "Kettle"):
        shopper.tells(shopper.orders(title=title), "/remedies", {"wish": wish})
    shopper.orders(title="Lamp")
    shopper.writes("Where is it?")
    in_hand = shopper.opens(opened).get_by_role("region", name="In hand")
    for title in ("Umbrella", "Kettle"):
        line = in_hand.get_by_role("link", name=title)
        expect(line).to_contain_text("Cancellation ¥89.00 approved")
    expect(in_hand.get_by_role("link", name="Lamp")).to_contain_text("answers by")
