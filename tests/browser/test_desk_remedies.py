"""What can be done, beside the case: the order, the remedies with their previews, who says yes."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, Route, expect

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens
from tests.browser.serving import Colleague
from tests.browser.shopping import Shopper
from tests.browser.workplace import Bought, Workplace
from tests.http.files import photo
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


def test_of_a_whole_order_something_is_given_of_the_part_that_is_meant(
    at_desk: Opens, shown: Site
) -> None:
    first, second = Workplace(shown), Workplace(shown)
    bought = Bought(uuid4(), uuid4(), uuid4())
    placed = {
        "market": "cn",
        "placed_at": (utc_now() - timedelta(hours=1)).isoformat(),
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "parts": [
            {
                "merchant": str(shop.merchant),
                "items": [{"listing": str(uuid4()), "unit_price_minor": minor, "quantity": 1}],
                "promises": [{"type": "standard"}],
            }
            for shop, minor in ((first, 9_900), (second, 5_000))
        ],
        "payments": [{"method": "wallet", "amount_minor": 14_900}],
    }
    order = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}"
    shown.command("PUT", order, placed)
    whole = {"kind": "order", "id": str(bought.order), "part": 0}
    first.says(bought, "Please cancel the second.", issue="refund", subject=whole)
    subject = Subject(SubjectKind.ORDER, bought.order, 0)
    conversation = conversation_id(consumer=bought.consumer, subject=subject)
    bought = Bought(bought.consumer, bought.order, conversation)
    page = at_desk(first.agent(platform=True), bought.path())
    can = page.get_by_role("region", name="What can be done")
    expect(can.get_by_role("listitem").first).to_contain_text("¥99.00")
    page.get_by_role("combobox", name="Of which part of the order").click()
    assert serious(page) == []
    page.get_by_role("option", name="Part 2: Item 1").click()
    expect(can.get_by_role("listitem").first).to_contain_text("¥50.00")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("a")
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_role("button", name="Cancel ¥50.00").click()
    expect(page.get_by_role("region", name="Remedies under way")).to_contain_text("Cancel ¥50.00")
    (remedy,) = shown.marketplace.get(f"{order}/remedies").json()["remedies"]
    assert [line["part"] for line in remedy["lines"]] == [2]
    # Whose part is not the first sees it, too.
    to_them = {"desk": str(second.desk), "reason": "theirs"}
    Colleague(shown).does(bought.consumer, str(conversation), "/transfer", to_them)
    page = at_desk(second.agent(), bought.path())
    theirs = page.get_by_role("region", name="Order", exact=True)
    expect(theirs).to_contain_text("¥50.00")
    expect(theirs).not_to_contain_text("¥99.00")


def test_what_a_rule_gives_is_beyond_nobodys_authority(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Please cancel it.", issue="refund", price_minor=30_000)
    page = at_desk(shop.agent(platform=True), bought.path())
    first = page.get_by_role("region", name="What can be done").get_by_role("listitem").first
    expect(first).to_contain_text("pays · at once")
    expect(first).not_to_contain_text("beyond your authority")


def test_what_is_closed_while_it_waits_for_words_to_leave_is_not_given(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case("Please cancel it.", issue="refund")
    page = at_desk(shop.agent(platform=True), bought.path())
    asked: list[str] = []
    page.on("request", lambda one: asked.append(f"{one.method} {one.url}"))
    expect(page.get_by_role("region", name="What can be done")).to_contain_text("¥99.00")
    page.keyboard.press("a")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("button", name="Cancel ¥99.00 now")).to_be_enabled()
    page.get_by_role("region", name="Answer").get_by_role("textbox").fill("I cancel it.")
    # The two seconds are the page's, however long this machine takes for a key.
    page.clock.install()
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    page.keyboard.press("Control+Enter")
    preview.focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    with page.expect_response("**/1/messages"):
        page.clock.resume()
    expect(page.locator(".message[data-id]").filter(has_text="I cancel it.")).to_have_count(1)
    assert not [one for one in asked if one.startswith("POST") and one.endswith("/remedies")]


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


def test_an_order_beside_a_case_that_is_left_open_goes_along(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(platform=True), bought.path())
    # Not as the case changes: what a carrier says changes nothing in it.
    page.route(re.compile("/updates"), lambda _route: None)
    page.clock.install()
    page.reload()
    order = page.get_by_role("region", name="Order", exact=True)
    unheard = order.get_by_text("Nothing was heard of a parcel yet.")
    expect(unheard).to_be_visible()
    base = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}"
    shipment = str(uuid4())
    shown.command("POST", f"{base}/shipments", {"part": 1, "shipment": shipment})
    scan = {"shipment": shipment, "code": "collected", "at": utc_now().isoformat()}
    shown.command("POST", f"{base}/tracking", scan)
    page.clock.fast_forward("01:05")
    expect(unheard).to_have_count(0)


def cracked(site: Site) -> Shopper:
    """Somebody to whom something came with a crack, and who has written so."""
    shopper = Shopper(site)
    Colleague(site, shopper.merchant)
    order = shopper.orders(title="Vase")
    shopper.hears(order, "collected", "delivered")
    shopper.writes("It has a crack.", issue="quality")
    return shopper


def path_of(shopper: Shopper) -> str:
    """Where the case about what they bought last is on the desk."""
    assert shopper.order is not None
    return f"/desk/c/{shopper.consumer}/{shopper.conversation(shopper.order)}#1"


def sends_picture(page: Page, shade: int) -> None:
    """The consumer, from where they talk."""
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(shade))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("crack.png")).to_have_count(0)


def test_what_needs_evidence_is_given_with_what_the_consumer_has_sent(
    at_desk: Opens, opened: Opens, shown: Site
) -> None:
    shopper = cracked(shown)
    assert shopper.order is not None
    page = at_desk(shown.agent(PLATFORM), path_of(shopper))
    can = page.get_by_role("region", name="What can be done")
    can.get_by_role("button", name=re.compile("^Refund ¥89.00 Quality .*needs 1 file")).click()
    preview = page.get_by_role("region", name="Preview")
    give = preview.get_by_role("button", name="Refund ¥89.00")
    expect(preview).to_contain_text("It needs 1 file from the consumer; the conversation has none")
    expect(give).to_be_disabled()
    page.keyboard.press("Control+Enter")
    expect(preview.get_by_role("alert")).to_have_count(0)
    assert serious(page) == []

    theirs = shopper.opens(opened, f"/help/c/{shopper.conversation(shopper.order)}")
    for shade in (31, 32):
        sends_picture(theirs, shade)
    first, second = (preview.get_by_role("checkbox", name=f"File {one}") for one in (1, 2))
    for file in (first, second):
        expect(file).to_be_checked()
        file.uncheck()
    expect(preview).not_to_contain_text("the conversation has")
    expect(give).to_be_disabled()
    second.check()
    assert serious(page) == []
    give.click()
    expect(page.get_by_role("region", name="Remedies under way")).to_contain_text("Refund ¥89.00")
    (remedy,) = shopper.remedies(shopper.order)
    assert (remedy["kind"], remedy["reason"]) == ("refund", "quality")


def test_why_something_needs_evidence_is_said_in_the_language_of_the_page(
    at_desk: Opens, shown: Site
) -> None:
    page = at_desk(shown.agent(PLATFORM), language="zh")

    def before_the_rule_asked(route: Route) -> None:
        """The preview of a moment ago, when no evidence was needed."""
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "evidence": 0})

    page.route("**/remedies/preview", before_the_rule_asked)
    page.goto(path_of(cracked(shown)))
    can = page.get_by_role("region", name="可以做什么")
    can.get_by_role("button", name=re.compile("需要 1 份证据")).first.click()
    preview = page.get_by_role("region", name="预览")
    preview.get_by_role("button", name="¥89.00").click()
    expect(preview.get_by_role("alert")).to_have_text("还缺证据，请先选择或附上文件。")


def test_an_amount_that_has_changed_is_shown_and_can_be_given(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Please cancel it.", issue="refund")
    page = at_desk(shop.agent(platform=True))

    def older(route: Route) -> None:
        """What it came to a moment ago."""
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "amount_minor": 8_000})

    page.route("**/remedies/preview", older)
    page.goto(bought.path())
    can = page.get_by_role("region", name="What can be done")
    can.get_by_role("button", name=re.compile("^Cancel")).first.click()
    preview = page.get_by_role("region", name="Preview")
    older_amount = preview.get_by_role("button", name="Cancel ¥80.00 now")
    expect(older_amount).to_be_visible()
    page.unroute_all(behavior="wait")
    older_amount.click()
    expect(preview.get_by_role("alert")).to_contain_text("The amount has changed")
    preview.get_by_role("button", name="Cancel ¥99.00 now").click()
    expect(page.get_by_role("region", name="Remedies under way")).to_contain_text("Cancel ¥99.00")


def test_a_promise_until_midnight_is_of_the_day_that_ends(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    day = utc_now().astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=4)
    bought = shop.order(promise={"type": "deliver_by", "on": day.isoformat()})
    shop.says(bought, "Where is it?")
    page = at_desk(shop.agent(platform=True), bought.path())
    row = page.get_by_role("region", name="Order", exact=True).get_by_role("row", name="Deliver")
    expect(row).to_contain_text(f"{day.day} {day:%b} 24:00")
