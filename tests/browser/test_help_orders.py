"""From "something is wrong with this order" to an answer: at most three taps, then it is done."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, Request, Route, expect

from oncedesk.domain.remedies.messages.returning import InspectReturn, RefusedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.running import utc_now
from oncedesk.wiring import Parts
from tests.browser.conftest import PICTURES, Opens
from tests.browser.serving import Colleague
from tests.browser.shopping import ADDRESS, PRICE, Shopper
from tests.browser.test_help_talk import said
from tests.http.files import photo
from tests.support.browsers import looks, lost_answer
from tests.support.site import Site, with_parts


def asked_for(page: Page, what: str) -> None:
    """The button that does it, once its preview is there."""
    page.get_by_role("button", name=what).click()


def test_an_order_that_has_not_left_is_cancelled_in_two_taps(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened)
    page.get_by_role("link", name="Lamp").click()
    page.get_by_role("link", name="Cancel, get ¥267.00 back now").click()
    expect(page.get_by_text("¥267.00 back the way you paid")).to_be_visible()
    page.get_by_role("button", name="One less: Lamp").click()
    button = page.get_by_role("button", name="Cancel, get ¥178.00 back now")
    expect(button).to_be_enabled()
    looks(page, "help-wish", widths=("phone", "desk"), ready=".answer")
    page.get_by_role("button", name="One less: Lamp").click()
    asked_for(page, "Cancel, get ¥178.00 back now")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    expect(page.get_by_text("Cancellation ¥178.00 approved; the money leaves by")).to_be_visible()
    expect(page.get_by_role("link", name="Cancel, get ¥89.00 back now")).to_be_visible()
    looks(page, "help-order", widths=("phone", "desk"), ready=".remedy")


def test_a_promised_day_is_that_of_where_it_was_bought(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    day = utc_now().astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=4)
    order = shopper.orders(promises=[{"type": "deliver_by", "on": day.isoformat()}])
    # Where the next day has begun six hours before that one is over there.
    page = shopper.opens(opened, f"/help/order/{order}", zone="Pacific/Kiritimati")
    expect(page.locator(".standing")).to_contain_text(f"{day:%A}")


def test_a_day_that_still_counts_is_the_latest_in_both_languages(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp", promises=[{"type": "standard"}])
    page = shopper.opens(opened, f"/help/order/{order}", language="zh")
    expect(page.get_by_text(re.compile("^承诺最晚.+发货。$"))).to_be_visible()
    wish = {"part": 1, "kind": "cancel", "reason": "changed_mind"}
    shopper.tells(order, "/remedies", {"wish": wish})
    page.reload()
    expect(page.get_by_text(re.compile("取消订单 ¥89.00已同意，最晚.+汇出。"))).to_be_visible()


def test_whoever_goes_to_a_page_is_at_its_beginning(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    for number in range(8):
        shopper.orders(title=f"Lamp {number}", quantity=2)
    page = shopper.opens(opened)
    page.set_viewport_size({"width": 360, "height": 300})
    page.get_by_role("link", name="Lamp 0").scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 0
    page.get_by_role("link", name="Lamp 0").click()
    expect(page.get_by_role("heading", name="Lamp 0", level=1)).to_be_focused()
    assert page.evaluate("window.scrollY") == 0


def test_what_was_late_and_is_cancelled_is_late_no_more(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    promised = [{"type": "standard"}]
    placed_at = utc_now() - timedelta(days=6)
    order = shopper.orders(title="Kettle", placed_at=placed_at, promises=promised)
    shopper.is_served(order)
    page = shopper.opens(opened)
    card = page.get_by_role("region", name="My orders").get_by_role("link", name="Kettle")
    # Whoever leaves while the token is being exchanged leaves without a session.
    expect(card).to_be_visible()
    page.clock.install()
    page.reload()
    expect(card.locator(".late")).to_have_count(1)
    # A page that is left open goes along.
    shopper.cancels(order)
    page.clock.fast_forward("00:20")
    expect(card).to_contain_text(re.compile("cancelled", re.IGNORECASE))
    expect(card.locator(".late")).to_have_count(0)


def test_what_can_be_done_about_an_order_that_is_left_open_goes_along(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders()
    page = shopper.opens(opened, f"/help/order/{order}")
    cancel = page.get_by_role("link", name="Cancel, get ¥89.00 back now")
    expect(cancel).to_be_visible()
    page.clock.install()
    page.reload()
    expect(cancel).to_be_visible()
    shopper.hears(order, "collected")
    page.clock.fast_forward("00:20")
    expect(cancel).to_have_count(0)
    expect(page.get_by_role("link", name="I ordered it by mistake")).to_be_visible()


def test_what_was_bought_is_shown_as_it_was(
    opened: Opens, at_desk: Callable[..., Page], shown: Site
) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    asked: list[Request] = []

    def serves(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(body=photo(9), content_type="image/jpeg")

    bought_as = {"title": "Blue teapot, as shown", "picture": f"https://{PICTURES}/blue"}
    pictured = shopper.orders(title="Renamed since", bought_as=bought_as)
    elsewhere = {"title": "Cup from elsewhere", "picture": "https://elsewhere.example/cup"}
    shopper.orders(bought_as=elsewhere)
    page = shopper.opens(opened, "/help/nothing")
    page.context.route(re.compile("^https:"), serves)
    # Whoever leaves while the token is being exchanged leaves without a session.
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.goto("/help/")
    card = page.get_by_role("link", name="Blue teapot, as shown")
    expect(card.get_by_role("img", name="Blue teapot, as shown")).to_be_visible()
    expect(page.get_by_role("link", name="Cup from elsewhere")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(1)
    card.click()
    items = page.get_by_role("listitem").filter(has_text="Blue teapot, as shown")
    expect(items.get_by_role("img", name="Blue teapot, as shown")).to_be_visible()
    expect(page.get_by_text("Renamed since")).to_have_count(0)
    looks(page, "help-bought", widths=("phone",), ready="img")
    page.goto(f"/help/order/{pictured}/1/talk")
    page.get_by_role("textbox", name="Your message").fill("Is the lid glazed?")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile("/help/c/"))
    conversation = page.url.rpartition("/")[2]
    desk = at_desk(shown.agent(shop.desk), "/desk")
    desk.context.route(re.compile("^https:"), serves)
    desk.goto(f"/desk/c/{shopper.consumer}/{conversation}#1")
    expect(desk.get_by_role("img", name="Blue teapot, as shown")).to_be_visible()
    assert {one.url for one in asked} == {bought_as["picture"]}
    assert not any("referer" in one.headers for one in asked)


def test_a_late_order_has_its_case_its_preview_and_its_answer(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    merchant = Colleague(shown, shopper.merchant)
    day = (utc_now() - timedelta(days=2)).date().isoformat()
    order = shopper.orders(
        title="Scarf",
        placed_at=utc_now() - timedelta(days=6),
        promises=[{"type": "deliver_by", "on": day}],
    )
    shopper.hears(order, "collected")
    shopper.is_served(order)
    page = shopper.opens(opened)
    # Nobody had to write: the broken promise opened a case.
    expect(page.get_by_text(re.compile("Late delivery: .* answers by"))).to_be_visible()
    orders = page.get_by_role("region", name="My orders")
    orders.get_by_role("link", name="Scarf").click()
    expect(page.get_by_text(re.compile("Promised .*; it is late"))).to_be_visible()
    page.get_by_role("link", name="Get the money back: ask for ¥89.00 back").click()
    expect(page.get_by_text("You have an answer by")).to_be_visible()
    page.get_by_role("button", name="Get the money back: ask for ¥89.00 back").click()
    page.wait_for_url(re.compile("/help/c/"))
    matter = page.get_by_role("region", name="Late delivery")
    expect(matter).to_contain_text("We noticed it")
    expect(matter).not_to_contain_text("Raised")
    card = page.get_by_role("region", name="Refund ¥89.00")
    expect(card).to_contain_text("you have an answer by")
    # Beside what the broken promise gives by itself.
    remedy = next(one for one in shopper.remedies(order) if one["kind"] == "refund")
    who = Colleague(shown) if remedy["desk"] == "platform" else merchant
    path = f"/v1/desk/orders/{shopper.consumer}/{order}/remedies/{remedy['number']}/grant"
    who.posts(path, {})
    expect(card).to_contain_text("approved; the money leaves by")
    looks(page, "help-late", widths=("phone",), ready=".remedy")


def test_whoever_gets_nothing_any_more_is_asked_what_they_want_instead(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Vase")
    shopper.hears(order, "collected", "refused", "returned")
    shopper.is_served(order)
    page = shopper.opens(opened, f"/help/order/{order}")
    expect(page.get_by_text("The parcel went back or is lost; it does not come.")).to_be_visible()
    (talk,) = page.request.get("/v1/help/conversations").json()["items"]
    page.goto(f"/help/c/{talk['id']}")
    expect(page.get_by_role("region", name="Went back or lost")).to_contain_text("We noticed it")
    expect(page.get_by_text("would you like your money back")).to_be_visible()
    expect(page.get_by_text("a promise about your order was broken")).to_have_count(0)


def test_what_was_lost_is_claimed_before_its_day(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    day = (utc_now() + timedelta(days=5)).date().isoformat()
    order = shopper.orders(title="Globe", promises=[{"type": "deliver_by", "on": day}])
    shopper.hears(order, "collected")
    page = shopper.opens(opened, f"/help/order/{order}")
    expect(page.get_by_role("link", name="I ordered it by mistake")).to_be_visible()
    get_back = page.get_by_role("link", name="Get the money back: ask for ¥89.00 back")
    expect(get_back).to_have_count(0)
    shopper.hears(order, "lost")
    page.reload()
    get_back.click()
    asked_for(page, "Get the money back: ask for ¥89.00 back")
    page.wait_for_url(re.compile(r"/help/(c|order)/[0-9a-f-]+$"))
    assert [one["reason"] for one in shopper.remedies(order)] == ["not_received"]


def test_what_cannot_be_had_says_why_and_how_to_object(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Peaches", category="perishable")
    shopper.hears(order, "collected", "delivered")
    page = shopper.opens(opened, f"/help/order/{order}")
    expect(page.get_by_text("What is wrong?")).to_be_visible()
    # What cannot be had is not offered; whoever comes by an old address is told why.
    assert page.get_by_role("link", name=re.compile("Send it back")).count() == 0
    page.goto(f"/help/order/{order}/1/changed_mind")
    expect(page.get_by_text("It does not keep.")).to_be_visible()
    expect(page.get_by_text("Why: 消费者权益保护法")).to_be_visible()
    looks(page, "help-refused", widths=("phone",), ready=".answer")
    page.get_by_role("button", name="Object").click()
    box = page.get_by_role("textbox", name="Your message")
    expect(box).to_have_value("I object: I no longer want it")


def test_what_can_be_had_instead_is_of_as_many_as_were_chosen(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name=re.compile("Cancel")).click()
    fewer = page.get_by_role("button", name="One less: Lamp")
    fewer.click()
    expect(page.get_by_label("How many: Lamp")).to_have_text("2")
    # What it comes to was not asked on the parcel's way, when nothing at all can be had.
    expect(page.get_by_role("button", name=re.compile("¥178.00"))).to_be_visible()
    shopper.hears(order, "collected", "delivered")
    fewer.click()
    page.get_by_role("button", name="Send it back · ¥89.00").click()
    expect(page.get_by_label("How many: Lamp")).to_have_text("1")
    expect(page.get_by_role("button", name="Send it back, get ¥89.00 back")).to_be_visible()
    page.get_by_role("button", name="One more: Lamp").click()
    expect(page.get_by_role("button", name="Send it back, get ¥178.00 back")).to_be_visible()


def test_an_offer_is_taken(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    merchant = Colleague(shown, shopper.merchant)
    order = shopper.orders(title="Vase")
    shopper.hears(order, "collected", "delivered")
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name="Something is wrong with it").click()
    page.get_by_role("button", name="Keep it and get money back").click()
    expect(page.get_by_text("Please add a picture")).to_be_visible()
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(3))
    page.get_by_label("Add pictures").set_input_files([picture])
    asked_for(page, "Keep it and get money back: ask for ¥89.00 back")
    page.wait_for_url(re.compile("/help/c/"))
    remedies = f"/v1/desk/orders/{shopper.consumer}/{order}/remedies"
    less = {"kind": "refund", "reason": "quality", "amount_minor": 3_000}
    merchant.posts(f"{remedies}/1/counter-offer", {"wish": less, "expected_minor": 3_000})
    card = page.get_by_role("region", name="Refund ¥89.00")
    expect(card).to_contain_text("You are offered: Refund ¥30.00")
    card.get_by_text("What happened").click()
    expect(card.get_by_role("list")).to_contain_text("Say by")
    page.goto("/help/")
    page.get_by_role("link", name="You are offered: Refund ¥30.00").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Refund ¥30.00 approved; the money leaves by")).to_be_visible()


def test_a_refusal_is_objected_to_and_the_platform_decides(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    merchant = Colleague(shown, shopper.merchant)
    order = shopper.orders(title="Sign", category="custom_made")
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name=re.compile("Cancel")).click()
    page.get_by_role("button", name=re.compile("Cancel")).click()
    page.wait_for_url(re.compile(r"/help/(c|order)/[0-9a-f-]+$"))
    (remedy,) = shopper.remedies(order)
    refusal = {"reason": "made_to_order", "facts": ["made_to_measure"]}
    path = f"/v1/desk/orders/{shopper.consumer}/{order}/remedies/{remedy['number']}/refusal"
    merchant.posts(path, refusal)
    card = page.get_by_role("region", name="Cancellation ¥89.00")
    page.reload()
    expect(card.get_by_role("list")).to_contain_text("Refused · It was made for you alone.")
    card.get_by_role("button", name="Object; let the platform decide").click()
    expect(card.get_by_role("button", name="Object; let the platform decide")).to_have_count(0)
    (remedy,) = shopper.remedies(order)
    assert "outcome" not in remedy["dispute"]


def test_a_return_from_the_wish_to_the_money(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.takes_returns()
    order = shopper.orders(title="Coat")
    shopper.hears(order, "collected", "delivered")
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name="Send it back, get ¥89.00 back").click()
    expect(page.get_by_text(re.compile(r"Send it back by .*\d\d:\d\d"))).to_be_visible()
    asked_for(page, "Send it back, get ¥89.00 back")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    card = page.get_by_role("region", name="Return ¥89.00")
    expect(card).to_contain_text(re.compile(r"send it back by .*\d\d:\d\d"))
    expect(card).to_contain_text(ADDRESS["address"])
    looks(page, "help-return", widths=("phone",), ready="address")
    receipt = FilePayload(name="receipt.png", mimeType="image/png", buffer=photo(5))
    page.get_by_label("Add pictures").set_input_files([receipt])
    page.get_by_role("button", name="I have handed it over").click()
    expect(card).to_contain_text("your parcel is on its way back")
    # The receipt was shown, and is no claim that silence would grant a second time.
    (talk,) = page.request.get("/v1/help/conversations").json()["items"]
    assert [one["issue"] for one in talk["cases"]] == ["order_question"]
    (remedy,) = shopper.remedies(order)
    (parcel,) = remedy["journey"]["parcels"]
    scan = {"shipment": parcel["shipment"], "code": "delivered", "at": utc_now().isoformat()}
    shopper.tells(order, "/remedies/1/tracking", scan)
    shopper.awaits(order, lambda remedy: remedy["status"] == "settling")
    # The page of an order asks every 15 seconds.
    expect(card).to_contain_text("approved; the money leaves by", timeout=30_000)
    card.get_by_text("What happened").click()
    for station in ("Granted", "You sent it", "It arrived", "Refund begun · ¥89.00"):
        expect(card.get_by_role("list")).to_contain_text(station)


def test_what_went_to_their_balance_is_not_said_to_have_gone_back(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp")
    shopper.tells(order, "/remedies", {"wish": {"part": 1, "kind": "cancel", "reason": "late"}})
    shopper.tells(order, "/remedies/1/refunds/1/failure", {"reason": "route_dead"})
    page = shopper.opens(opened, f"/help/order/{order}")
    card = page.get_by_role("region", name="Cancellation ¥89.00")
    card.get_by_role("button", name="To my balance at the shop").click()
    # Payments are asked about the first once more, before another is sent instead.
    shopper.awaits(order, lambda remedy: remedy["refund"] == "requested")
    shopper.tells(order, "/remedies/1/refunds/1/failure", {"reason": "route_dead"})
    sent = {"amount_minor": PRICE, "currency": "CNY", "sent_at": utc_now().isoformat()}
    shopper.tells(order, "/remedies/1/refunds/2/confirmation", sent)
    page.reload()
    expect(card).to_contain_text("Cancellation ¥89.00 put on your balance today.")

    order = shopper.orders(title="Kettle")
    shopper.tells(order, "/remedies", {"wish": {"part": 1, "kind": "cancel", "reason": "late"}})
    sent["sent_at"] = utc_now().isoformat()
    shopper.tells(order, "/remedies/1/refunds/1/confirmation", sent)
    page.goto(f"/help/order/{order}")
    expect(card).to_contain_text("Cancellation ¥89.00 sent today, back the way it was paid.")


def test_what_goes_under_the_shops_label_is_told_of_that_and_still_takes_its_receipt(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    asked_for(page, "Send it back, get ¥89.00 back")
    card = page.get_by_role("region", name="Return ¥89.00")
    expect(card).to_contain_text(re.compile(r"send it back by .*\d\d:\d\d"))
    order, shipment = shopper.order, str(uuid4())
    assert order
    shopper.tells(order, "/remedies/1/return-label", {"shipment": shipment})
    # The page of an order asks every 15 seconds; whoever opens it again asks at once.
    page.reload()
    page.get_by_role("button", name="I have handed it over").click()
    expect(card).to_contain_text(re.compile(r"you told us on .* the carrier has to scan it by .*"))
    expect(page.get_by_role("button", name="Show the receipt")).to_be_disabled()
    receipt = FilePayload(name="receipt.png", mimeType="image/png", buffer=photo(5))
    page.get_by_label("Add pictures").set_input_files([receipt])
    page.get_by_role("button", name="Show the receipt").click()
    expect(card).to_contain_text("your parcel is on its way back")
    (remedy,) = shopper.remedies(order)
    assert [one["shipment"] for one in remedy["journey"]["parcels"]] == [shipment]


def begins_return(opened: Opens, shopper: Shopper) -> Page:
    """Their coat has come, and they look at what a return of it comes to."""
    shopper.takes_returns()
    order = shopper.orders(title="Coat")
    shopper.hears(order, "collected", "delivered")
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name="Send it back, get ¥89.00 back").click()
    return page


def withdraws(page: Page) -> None:
    page.get_by_role("button", name="Withdraw this request").click()
    expect(page.get_by_text("you keep the goods and get nothing back")).to_be_visible()
    page.get_by_role("button", name="Withdraw this request").click()
    done = page.get_by_role("region", name="Done before")
    expect(done).to_contain_text("Return withdrawn.")


def test_a_request_is_withdrawn_only_when_asked_once_more(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    asked_for(page, "Send it back, get ¥89.00 back")
    page.get_by_role("button", name="Withdraw this request").click()
    expect(page.locator(".answers[role=alert]")).to_be_focused()
    page.get_by_role("button", name="Keep the request").click()
    expect(page.get_by_role("button", name="I have handed it over")).to_be_visible()
    assert shopper.order
    assert [one["status"] for one in shopper.remedies(shopper.order)] == ["waiting_for_return"]
    withdraws(page)


def test_the_same_wish_is_a_new_one_after_what_it_came_to_was_withdrawn(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    page.route(re.compile("/remedies$"), lost_answer)
    asked_for(page, "Send it back, get ¥89.00 back")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute_all()
    page.goto(f"/help/order/{shopper.order}")
    withdraws(page)
    page.get_by_role("link", name="Send it back, get ¥89.00 back").click()
    asked_for(page, "Send it back, get ¥89.00 back")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    expect(page.get_by_role("button", name="I have handed it over")).to_be_visible()


def test_what_is_on_its_way_to_them_is_not_to_be_withdrawn(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Bowl")
    shopper.hears(order, "collected", "delivered")
    wish = {"kind": "resend", "reason": "missing_part", "part": 1}
    shopper.tells(order, "/remedies", {"wish": wish, "human": True})
    platform = Colleague(shown)
    path = f"/v1/desk/orders/{shopper.consumer}/{order}/remedies/1"
    page = shopper.opens(opened, f"/help/order/{order}")
    card = page.get_by_role("region", name="Sent again")
    expect(card.get_by_role("button", name="Withdraw this request")).to_be_visible()
    platform.posts(f"{path}/grant", {})
    shopper.tells(order, "/remedies/1/goods", {"shipment": str(uuid4())})
    page.reload()
    expect(card).to_contain_text("it is on its way to you")
    expect(card.get_by_role("button", name="Withdraw this request")).to_have_count(0)


def test_whoever_takes_back_what_was_not_accepted_is_told_when_it_leaves(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    asked_for(page, "Send it back, get ¥89.00 back")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    is_not_accepted(shopper)
    page.reload()
    card = page.get_by_role("region", name="Return ¥89.00")
    card.get_by_role("button", name="Send back to me what was not accepted").click()
    sentence = "Return ¥89.00 refused; what you sent leaves for you by"
    expect(card).to_contain_text(sentence)
    for name in ("Object; let the platform decide", "Send back to me what was not accepted"):
        expect(card.get_by_role("button", name=name)).to_have_count(0)
    page.goto("/help/")
    expect(page.get_by_role("link", name=sentence)).to_be_visible()


def is_not_accepted(shopper: Shopper) -> None:
    """It has come back worn."""
    order = shopper.order
    assert order is not None
    shipment = str(uuid4())
    shopper.tells(order, "/remedies/1/return-label", {"shipment": shipment})
    scan = {"shipment": shipment, "code": "delivered", "at": utc_now().isoformat()}
    # What weighs too little is looked at before the money leaves.
    weights = {"grams": 100, "shipped_grams": 1_000}
    shopper.tells(order, "/remedies/1/tracking", scan | weights)
    worn = (RefusedLine(part=1, item=1, quantity=1, reason="worn"),)
    found = InspectReturn(
        consumer=shopper.consumer, order=order, remedy=1, refused=worn, evidence=(b"seen" * 4,)
    )

    async def told(parts: Parts) -> None:
        key = f"{order}/inspection"
        answer = await parts.engine.submit(found, principal="tests", key=key, actor=MARKETPLACE)
        assert answer.accepted, answer

    with_parts(shopper.site.database, told)


def test_a_return_is_reopened_where_it_was_missed_and_that_once(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    asked_for(page, "Send it back, get ¥89.00 back")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    still = page.get_by_role("button", name="I still want to send it")

    def shows(status: str, **journey: object) -> None:
        """As it is once the time to send it is over."""

        def later(route: Route) -> None:
            said = route.fetch().json()
            (remedy,) = said["remedies"]
            remedy |= {"status": status, "clocks": [], "steps": []}
            remedy["journey"] |= {"back": "missed", **journey}
            route.fulfill(json=said)

        page.unroute_all()
        page.route(re.compile("/remedies$"), later)
        page.reload()
        expect(page.get_by_text("the time to send it back is over")).to_be_visible()

    shows("withdrawn")
    expect(still).to_be_visible()
    shows("withdrawn", reopened=True)
    expect(still).to_have_count(0)
    # The money had left before: nothing is left to be sent for.
    shows("settling")
    expect(still).to_have_count(0)


def test_what_a_carrier_is_to_turn_round_is_not_to_be_handed_over(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Coat")
    shopper.hears(order, "collected")
    wish = {"kind": "return_and_refund", "reason": "changed_mind", "part": 1}
    shopper.tells(order, "/remedies", {"wish": wish})
    page = shopper.opens(opened, f"/help/order/{order}")
    expect(page.get_by_text("we are calling the parcel back")).to_be_visible()
    expect(page.get_by_role("button", name="I have handed it over")).to_have_count(0)


def test_what_cannot_be_had_any_more_is_not_offered_again(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp", quantity=2)
    page = shopper.opens(opened, f"/help/order/{order}")
    page.get_by_role("link", name=re.compile("Cancel")).click()
    page.get_by_role("button", name="One less: Lamp").click()
    button = page.get_by_role("button", name="Cancel, get ¥89.00 back now")
    expect(button).to_be_enabled()
    shopper.hears(order, "collected", "delivered")
    button.click()
    expect(page.get_by_role("heading", name="This cannot be done")).to_be_visible()
    expect(button).to_have_count(0)
    page.get_by_role("button", name="Send it back · ¥89.00").click()
    expect(page.get_by_role("button", name="Send it back, get ¥89.00 back")).to_be_visible()


def test_what_happened_goes_along_on_a_page_that_is_left_open(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    merchant = Colleague(shown, shopper.merchant)
    order = shopper.orders(title="Sign", category="custom_made")
    wish = {"kind": "cancel", "reason": "changed_mind", "part": 1}
    shopper.tells(order, "/remedies", {"wish": wish})
    page = shopper.opens(opened, f"/help/order/{order}")
    card = page.get_by_role("region", name="Cancellation ¥89.00")
    card.get_by_text("What happened").click()
    expect(card.get_by_role("list")).to_contain_text("Asked for")
    refusal = {"reason": "made_to_order", "facts": ["made_to_measure"]}
    path = f"/v1/desk/orders/{shopper.consumer}/{order}/remedies/1/refusal"
    merchant.posts(path, refusal)
    # The page of an order asks every 15 seconds.
    expect(card.get_by_role("list")).to_contain_text("Refused", timeout=30_000)


def test_whoever_asks_for_a_person_is_told_that_one_decides(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    Colleague(shown, shopper.merchant)
    order = shopper.orders(title="Sign", category="custom_made")
    wish = {"kind": "cancel", "reason": "changed_mind", "part": 1}
    shopper.tells(order, "/remedies", {"wish": wish})
    page = shopper.opens(opened, f"/help/order/{order}")
    card = page.get_by_role("region", name="Cancellation ¥89.00")
    asks = card.get_by_role("button", name="Let a person decide")
    asks.click()
    expect(card).to_contain_text("A person of the platform decides it.")
    expect(asks).to_have_count(0)


def test_each_shops_part_has_its_own_remedies(opened: Opens, shown: Site) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    other.at_a_shop_called("Cup House")
    order = shopper.orders(title="Teapot", others={other.merchant: "Cup"})
    page = shopper.opens(opened, f"/help/order/{order}")
    first, second = (page.get_by_role("region", name=f"Part {part}") for part in (1, 2))
    expect(second).to_contain_text("Cup House")
    second.get_by_role("link", name="Cancel, get ¥89.00 back now").click()
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    card = page.get_by_role("region", name="Cancellation ¥89.00")
    # Of one there is nothing to count.
    expect(second.locator(".remedy .quiet").first).to_have_text("Cup")
    expect(first.locator(".remedy")).to_have_count(0)
    for part, cards in ((2, 1), (1, 0)):
        with page.expect_event("requestfinished", lambda one: one.url.endswith("/remedies")):
            page.goto(f"/help/order/{order}/{part}/talk")
        expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
        expect(card).to_have_count(cards)


def test_what_is_wrong_with_a_part_belongs_to_the_case_of_the_whole_order(
    opened: Opens, shown: Site
) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    order = shopper.orders(title="Teapot", others={other.merchant: "Cup"})
    shopper.hears(order, "collected", "delivered")
    shopper.writes("Something is broken", issue="quality", part=0)
    page = shopper.opens(opened, f"/help/order/{order}/1/quality")
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(5))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("button", name=re.compile("ask for ¥89.00 back")).click()
    page.wait_for_url(re.compile("/help/c/"))
    expect(page.get_by_text("Something is broken")).to_be_visible()
    (remedy,) = shopper.remedies(order)
    assert remedy["reason"] == "quality"


def older(route: Route) -> None:
    """What it came to a moment ago."""
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "amount_minor": 8_000})


def test_a_day_that_ends_a_deadline_is_the_same_before_and_after(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders()
    shanghai = utc_now().astimezone(ZoneInfo("Asia/Shanghai"))
    midnight = shanghai.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=4)

    def at_midnight(route: Route) -> None:
        text = route.fetch().text()
        due = re.sub(r'"due_at":"[^"]+"', f'"due_at":"{midnight.isoformat()}"', text)
        route.fulfill(body=due, content_type="application/json")

    page = shopper.opens(opened, f"/help/order/{order}")
    page.route(re.compile("/remedies(/preview)?$"), at_midnight)
    last = f"{midnight - timedelta(days=1):%A}"
    page.get_by_role("link", name="Cancel, get ¥89.00 back now").click()
    expect(page.locator(".answer")).to_contain_text(last)
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    expect(page.get_by_text(f"approved; the money leaves by {last}")).to_be_visible()


def test_an_amount_that_has_changed_is_shown_and_can_be_confirmed(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Lamp")
    page = shopper.opens(opened)

    page.route("**/remedies/preview", older, times=1)
    page.get_by_role("link", name="Lamp").click()
    page.get_by_role("link", name="Cancel, get ¥89.00 back now").click()
    asked_for(page, "Cancel, get ¥80.00 back now")
    expect(page.get_by_role("alert")).to_be_visible()
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))


def is_wish(one: Request) -> bool:
    return one.method == "POST" and one.url.endswith("/remedies")


def test_whoever_has_gone_on_is_not_fetched_back_by_what_they_asked_for(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp")
    page = shopper.opens(opened)
    page.get_by_role("link", name="Lamp").click()
    page.get_by_role("link", name="Cancel, get ¥89.00 back now").click()
    asked: list[Route] = []
    page.route(
        re.compile("/remedies$"),
        lambda route: asked.append(route) if is_wish(route.request) else route.continue_(),
    )
    with page.expect_request(is_wish):
        asked_for(page, "Cancel, get ¥89.00 back now")
    for _ in range(2):
        page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_role("link", name="Lamp")).to_be_visible()
    answered: list[Request] = []
    page.on("response", lambda one: answered.append(one.request) if is_wish(one.request) else None)
    # All is asked for again once it was answered.
    with page.expect_request(lambda one: bool(answered) and "/conversations?" in one.url):
        asked[0].continue_()
    shopper.awaits(order, lambda remedy: remedy["kind"] == "cancel")
    assert page.url.endswith("/help/")


def wishes_one_of_three(page: Page) -> None:
    """Only one of the lamps is to be cancelled."""
    page.get_by_role("link", name="Lamp").click()
    page.get_by_role("link", name="Cancel, get ¥267.00 back now").click()
    page.get_by_role("button", name="One less: Lamp").click()
    page.get_by_role("button", name="One less: Lamp").click()
    expect(page.get_by_role("button", name="Cancel, get ¥89.00 back now")).to_be_enabled()


def test_a_wish_whose_answer_was_lost_is_asked_for_once_after_a_reload_too(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened)
    wishes_one_of_three(page)
    page.get_by_role("textbox").last.fill("One is too many")

    page.route(re.compile("/remedies$"), lost_answer)
    asked_for(page, "Cancel, get ¥89.00 back now")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute_all()
    page.reload()
    expect(page.get_by_role("textbox").last).to_have_value("One is too many")
    # Two are left of the three.
    page.get_by_role("button", name="One less: Lamp").click()
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile("/help/c/"))
    conversation = page.url.rpartition("/")[2]
    assert said(shown, shopper.consumer, conversation) == ["One is too many"]
    assert len(shopper.remedies(order)) == 1


def test_words_that_have_arrived_are_not_said_again_when_the_amount_has_changed(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Lamp")
    page = shopper.opens(opened)
    page.route("**/remedies/preview", older, times=1)
    page.get_by_role("link", name="Lamp").click()
    page.get_by_role("link", name="Cancel, get ¥89.00 back now").click()
    page.get_by_role("textbox").last.fill("Too bright for us")
    picture = FilePayload(name="glare.png", mimeType="image/png", buffer=photo(21))
    page.get_by_label("Add pictures").set_input_files([picture])
    asked_for(page, "Cancel, get ¥80.00 back now")
    expect(page.get_by_role("alert")).to_be_visible()
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile("/help/c/"))
    conversation = page.url.rpartition("/")[2]
    assert said(shown, shopper.consumer, conversation) == ["Too bright for us"]


def test_a_session_that_ends_between_two_tries_of_a_wish_doubles_nothing(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened)
    wishes_one_of_three(page)
    page.get_by_role("textbox").last.fill("One is too many")
    over = {"code": "session_ended", "status": 401}
    wishes = re.compile("/remedies$")
    for answers in (lost_answer, lambda route: route.fulfill(status=401, json=over)):
        page.route(wishes, answers)
        with page.expect_request(wishes):
            asked_for(page, "Cancel, get ¥89.00 back now")
        expect(page.get_by_role("alert")).to_be_visible()
        page.unroute_all()
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile("/help/c/"))
    conversation = page.url.rpartition("/")[2]
    assert said(shown, shopper.consumer, conversation) == ["One is too many"]
    assert len(shopper.remedies(order)) == 1


def test_nobody_chooses_more_than_is_left(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened)
    wishes_one_of_three(page)
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile(r"/help/order/[0-9a-f-]+$"))
    previews = re.compile("/remedies/preview$")
    page.route(previews, lambda _: None)
    with page.expect_request(previews):
        page.get_by_role("link", name="Cancel, get ¥178.00 back now").click()
    more = page.get_by_role("button", name="One more: Lamp")
    # Until it is known what is left now, what was left before is not to be chosen from.
    expect(more).to_have_count(0)
    page.unroute_all()
    expect(more).to_be_disabled()
    page.get_by_role("button", name="One less: Lamp").click()
    expect(page.get_by_role("button", name="Cancel, get ¥89.00 back now")).to_be_enabled()
    more.click()
    expect(page.get_by_role("button", name="Cancel, get ¥178.00 back now")).to_be_enabled()
    expect(more).to_be_disabled()


def test_pictures_of_what_was_asked_for_are_not_there_again(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.orders(title="Lamp", quantity=3)
    page = shopper.opens(opened)
    wishes_one_of_three(page)
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    files = page.get_by_role("list", name="Files").get_by_role("listitem")
    expect(files).to_have_count(1)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    wish = page.url
    asked_for(page, "Cancel, get ¥89.00 back now")
    page.wait_for_url(re.compile("/help/c/"))
    page.goto(wish)
    expect(page.get_by_role("button", name="Cancel, get ¥178.00 back now")).to_be_enabled()
    expect(files).to_have_count(0)


REMEDIES = re.compile(r"/v1/help/orders/[0-9a-f-]+/remedies$")


def asked(shopper: Shopper) -> UUID:
    """An order of three, one of which they have asked to cancel."""
    order = shopper.orders(title="Lamp", quantity=3)
    line = {"part": 1, "item": 1, "quantity": 1}
    wish = {"part": 1, "kind": "cancel", "reason": "changed_mind", "lines": [line]}
    shopper.tells(order, "/remedies", {"wish": wish})
    return order


def test_what_was_asked_for_and_cannot_be_read_is_not_said_to_be_nothing(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    order = asked(shopper)
    page = shopper.opens(opened, "/help/nothing")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.route(REMEDIES, lambda route: route.fulfill(status=503, json={}))
    for path in (f"/help/order/{order}", f"/help/order/{order}/1/talk"):
        page.goto(path)
        expect(page.get_by_text("What you have asked for cannot be shown")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("The service is busy.")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(REMEDIES, hold)
    page.get_by_role("button", name="Try again").click()
    # It stays meanwhile: nothing moves under a hand whenever it is asked for again.
    expect(page.get_by_role("button", name="Try again")).to_be_disabled()
    expect(page.get_by_text("What you have asked for cannot be shown")).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_text("What you have asked for cannot be shown")).to_have_count(0)
    page.unroute_all()
    page.goto(f"/help/order/{order}")
    expect(page.get_by_role("region", name="Cancellation ¥89.00")).to_be_visible()


def test_what_can_be_done_comes_when_nothing_moves_it_away(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = asked(shopper)
    page = shopper.opens(opened, "/help/nothing")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(REMEDIES, hold)
    with page.expect_response(re.compile("/remedies/choices")):
        page.goto(f"/help/order/{order}")
    expect(page.get_by_role("link", name="Talk to a person")).to_be_visible()
    best = page.get_by_role("link", name="Cancel, get ¥178.00 back now")
    expect(best).to_have_count(0)
    held.pop().continue_()
    expect(best).to_be_visible()
    expect(page.get_by_role("region", name="Cancellation ¥89.00")).to_be_visible()


def test_a_return_s_address_that_cannot_be_read_is_asked_for_again(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = begins_return(opened, shopper)
    place = re.compile("/return-place")
    page.route(place, lambda route: route.fulfill(status=503, json={}))
    asked_for(page, "Send it back, get ¥89.00 back")
    card = page.get_by_role("region", name="Return ¥89.00")
    expect(card).to_contain_text("The address to send it to cannot be shown right now.")
    page.unroute(place)
    card.get_by_role("button", name="Try again").click()
    expect(card).to_contain_text(ADDRESS["address"])
