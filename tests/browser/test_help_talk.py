"""One thread: whatever happens behind it, to the connection or to the session, nothing is lost."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Request, Route, expect

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.engine.running import utc_now
from tests.browser import quick_market
from tests.browser.conftest import Opens
from tests.browser.serving import Colleague, Insider
from tests.browser.shopping import Shopper
from tests.http.files import photo
from tests.support.browsers import looks, serious
from tests.support.pictures import HEIC, PDF
from tests.support.site import Site

NO = {"code": "not_allowed", "title": "No", "status": 403}
DRAFT = "I was just going to say"
COUNTED = """() => {
    window.counted = 0;
    const counting = (act) => function (...about) {
        window.counted += 1;
        return act.apply(this, about);
    };
    for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) {
        Date.prototype[name] = counting(Date.prototype[name]);
    }
    const prototype = Intl.DateTimeFormat.prototype;
    const { get } = Object.getOwnPropertyDescriptor(prototype, "format");
    Object.defineProperty(prototype, "format", { get: counting(get) });
}"""
"""From now on the page counts the times of day that it writes: one of each message, at least."""
PRESSED_IF_THERE = """(one, name) => {
    [...one.querySelectorAll("button")].find((button) => button.textContent === name)?.click();
}"""


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your message")


def says(page: Page, text: str) -> None:
    box(page).fill(text)
    page.get_by_role("button", name="Send").click()


def begins(page: Page, text: str) -> str:
    """The first message; the id of the conversation that it began."""
    says(page, text)
    page.wait_for_url(re.compile("/help/c/"))
    expect(page.get_by_role("log").get_by_text(text, exact=True)).to_have_count(1)
    return page.url.rpartition("/")[2]


def stands(page: Page, text: str) -> None:
    """It is in the thread as their own, once, and nothing of it is still on its way."""
    one = page.get_by_role("listitem").filter(has=page.get_by_text(text, exact=True))
    expect(one).to_have_count(1)
    expect(one).to_contain_text("You")


def bought(shopper: Shopper) -> str:
    """Where one talks about what they just bought."""
    return f"/help/order/{shopper.orders()}/1/talk"


def test_both_sides_read_each_other_as_they_write(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    page = shopper.opens(opened, bought(shopper))
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/contacts") else None)
    conversation = begins(page, "Where is my teapot?")
    expect(
        page.get_by_text(re.compile(r"The shop answers by .*\d\d:\d\d\. If not, we"))
    ).to_be_visible()
    shop.answers(shopper.consumer, conversation, "It left today.")
    thread = page.get_by_role("log")
    expect(thread.get_by_text("It left today.")).to_be_visible()
    expect(thread.get_by_text("Where is my teapot?")).to_have_count(1)
    # What began it is not sent once more by the page of the thread.
    assert len(sent) == 1
    expect(page.get_by_text("answers by")).to_have_count(0)
    shop.asks(shopper.consumer, conversation, "Is the address right?")
    expect(page.get_by_text("please answer by")).to_be_visible()
    looks(page, "help-talk", widths=("phone", "desk"), ready=".bubble")


def test_who_has_it_is_called_by_their_name(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shopper.at_a_shop_called("Shop Li")
    shop, platform = Colleague(shown, shopper.merchant), Colleague(shown)
    path = bought(shopper)
    page = shopper.opens(opened)
    expect(page.get_by_role("link", name="Teapot")).to_contain_text("Shop Li")
    page.goto(path)
    conversation = begins(page, "It has no lid.")
    expect(page.get_by_text(re.compile(r"Shop Li answers by .*\d\d:\d\d\. If not"))).to_be_visible()
    card = page.get_by_role("region", name="Question about the order")
    expect(card).to_contain_text("With Shop Li")
    shop.answers(shopper.consumer, conversation, "We look.")
    platform.takes_over(shopper.consumer, conversation)
    line = page.get_by_text("Shop Li → platform: We have taken this over; you need not repeat")
    expect(line).to_be_visible()


def test_in_a_surge_they_are_called_instead_of_waiting(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    boss = Insider(shown, shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR))
    until = (utc_now() + timedelta(hours=1)).isoformat()
    boss.puts("/v1/desk/surge", {"desk": str(shop.desk), "until": until})
    page = shopper.opens(opened, bought(shopper))
    begins(page, "Is it dishwasher safe?")
    page.get_by_role("button", name="Call me instead of waiting").click()
    expect(page.get_by_text("You will be called by")).to_be_visible()
    expect(page.get_by_role("button", name="Call me instead of waiting")).to_have_count(0)


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (2_000, "about 34 min.", "大约要等 34 分钟。"),
        (18_100, "about 5 h 30 min.", "大约要等 5 小时 30 分钟。"),
    ],
)
def test_a_long_wait_is_told_in_hours(
    opened: Opens, shown: Site, seconds: int, en: str, zh: str
) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    boss = Insider(shown, shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR))
    until = (utc_now() + timedelta(hours=1)).isoformat()
    boss.puts("/v1/desk/surge", {"desk": str(shop.desk), "until": until})
    conversation = begins(shopper.opens(opened, bought(shopper)), "Is it dishwasher safe?")

    def so_many_wait(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        (waiting,) = [one for one in found["items"] if one.get("notice") == "waiting"]
        waiting["wait_seconds"] = seconds
        route.fulfill(response=answer, json=found)

    many = {"en": "Many are waiting", "zh": "现在排队的人多"}
    for language, told in (("en", en), ("zh", zh)):
        page = shopper.opens(opened, f"/help/c/{conversation}", language=language)
        expect(page.get_by_text(many[language])).to_be_visible()
        page.route("**/entries*", so_many_wait)
        page.reload()
        expect(page.get_by_text(told)).to_be_visible()


def test_what_is_decided_at_once_in_a_surge_blames_nobody(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    boss = Insider(shown, shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR))
    until = (utc_now() + timedelta(hours=1)).isoformat()
    boss.puts("/v1/desk/surge", {"desk": str(shop.desk), "until": until})
    order = shopper.orders()
    shopper.writes("Please give my money back", issue="refund")
    page = shopper.opens(opened, f"/help/c/{shopper.conversation(order)}")
    expect(page.get_by_text("It was decided for you by rule")).to_be_visible()
    expect(page.get_by_text("Nobody answered")).to_have_count(0)


def test_a_thread_that_was_come_back_to_goes_on_as_any(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    platform = Colleague(shown)
    page = shopper.opens(opened, "/help/other")
    conversation = begins(page, "How do I change my name?")
    page.goto("/help/other")
    stands(page, "How do I change my name?")
    platform.asks(shopper.consumer, conversation, "Which name is it to be?")
    expect(page.get_by_text("please answer by")).to_be_visible()
    says(page, "My mother's")
    expect(page.get_by_text("please answer by")).to_have_count(0)
    platform.resolves(shopper.consumer, conversation)
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_text("In hand", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("/help/other$"))


def test_whoever_went_on_before_it_was_sent_is_not_called_back(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, "/help/other")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/help/contacts", hold)
    with page.expect_request("**/v1/help/contacts"):
        says(page, "Do you gift-wrap?")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()
    with page.expect_response("**/v1/help/contacts"):
        held[0].continue_()
    page.get_by_role("link", name="Something else").click()
    stands(page, "Do you gift-wrap?")
    expect(page).to_have_url(re.compile("/help/other$"))


def test_what_belongs_to_another_part_is_said_there_once_however_often_it_is_sent(
    opened: Opens, shown: Site
) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    other.at_a_shop_called("Cup House")
    order = shopper.orders(title="Teapot", others={other.merchant: "Cup"})
    page = shopper.opens(opened, f"/help/order/{order}/2/talk")
    conversation = begins(page, "Where is my cup?")
    whole = f"/help/order/{order}/0/talk"
    page.goto(whole)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if len(held) < 2 else route.continue_()

    page.route("**/v1/help/contacts", hold)
    with page.expect_request("**/v1/help/contacts"):
        says(page, "It should be here.")
    page.get_by_role("link", name="Back").click()
    expect(box(page)).to_have_count(0)
    # Opened again, the page sends what was under way.
    with page.expect_request("**/v1/help/contacts"):
        page.go_back()
    for route in held:
        with page.expect_response(lambda one: one.url.endswith("/contacts") and one.ok):
            route.continue_()
    page.goto(f"/help/c/{conversation}")
    stands(page, "It should be here.")
    assert said(shown, shopper.consumer, conversation) == ["Where is my cup?", "It should be here."]


def test_what_is_said_of_a_part_goes_to_the_case_of_the_whole_order(
    opened: Opens, shown: Site
) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    order = shopper.orders(title="Teapot", others={other.merchant: "Cup"})
    shopper.writes("Where is my order?", issue="order_question", part=0)
    page = shopper.opens(opened, f"/help/order/{order}/2/talk")
    picture = FilePayload(name="cup.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    expect(page.get_by_role("progressbar")).to_have_count(0)
    says(page, "The cup is not here, either.")
    page.wait_for_url(re.compile("/help/c/"))
    stands(page, "The cup is not here, either.")
    expect(page.locator("img.shown-file")).to_have_count(1)
    expect(page.get_by_text("Where is my order?")).to_be_visible()


def test_solved_and_not_yet(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "The lid is loose.")
    shop.answers(shopper.consumer, conversation, "Turn it once more.")
    shop.resolves(shopper.consumer, conversation)
    expect(page.get_by_text("Solved?")).to_be_visible()
    page.get_by_role("button", name="Not yet").click()
    expect(box(page)).to_be_focused()
    expect(page.get_by_text("In hand", exact=True)).to_be_visible()
    shop.resolves(shopper.consumer, conversation)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Solved?")).to_have_count(0)


def test_the_service_is_rated_and_who_is_let_down_goes_on(
    opened: Opens, at_desk: Callable[..., Page], shown: Site
) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "The glaze has a crack.")
    shop.answers(shopper.consumer, conversation, "That is how it is.")
    rate = page.get_by_text("Rate the service")
    expect(page.get_by_text("That is how it is.")).to_be_visible()
    expect(rate).to_have_count(0)
    shop.resolves(shopper.consumer, conversation)
    expect(rate).to_be_visible()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Solved?")).to_have_count(0)
    # Once they say that it is solved, they are asked how it was.
    looks(page, "help-rating", widths=("phone", "desk"), ready=".stars")
    page.get_by_role("radio", name="4 of 5, good").check()
    page.get_by_role("button", name="Kind").click()
    assert not serious(page)
    page.get_by_role("button", name="Send the rating").click()
    expect(page.get_by_text("You rated it 4 of 5, good · Kind")).to_be_visible()
    page.get_by_role("button", name="Change the rating").click()
    page.get_by_role("radio", name="1 of 5, bad").check()
    expect(page.get_by_role("button", name="Kind", exact=True)).to_have_count(0)
    for reason in ("Slow", "Unclear", "Not solved"):
        page.get_by_role("button", name=reason).click()
    expect(page.get_by_role("button", name="Had to repeat myself")).to_be_disabled()
    page.get_by_role("button", name="Send the rating").click()
    rated = page.get_by_text("You rated it 1 of 5, bad · Slow · Unclear · Not solved")
    expect(rated).to_be_visible()
    agent = at_desk(shown.agent(shop.desk), f"/desk/c/{shopper.consumer}/{conversation}#1")
    brief = agent.get_by_label("Brief", exact=True)
    expect(brief.get_by_text("1 of 5 · Slow · Unclear · Not solved")).to_be_visible()
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_text("In hand", exact=True)).to_be_visible()
    expect(box(page)).to_be_focused()
    expect(rated).to_be_visible()
    expect(page.get_by_role("button", name="Change the rating")).to_have_count(0)


def test_what_is_typed_and_its_place_stay_when_it_changes_hands(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop, platform = Colleague(shown, shopper.merchant), Colleague(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "Still nothing here.")
    shop.answers(shopper.consumer, conversation, "We look into it.")
    expect(page.get_by_text("We look into it.")).to_be_visible()
    text = box(page)
    text.press_sequentially(DRAFT)
    text.evaluate("one => one.setSelectionRange(2, 5)")
    platform.takes_over(shopper.consumer, conversation)
    expect(page.get_by_text("We have taken this over; you need not repeat")).to_be_visible()
    platform.answers(shopper.consumer, conversation, "We have it now.")
    answered = page.get_by_role("listitem").filter(has_text="We have it now.")
    expect(answered).to_contain_text("Platform")
    before = page.get_by_role("listitem").filter(has_text="We look into it.")
    expect(before).to_contain_text("Shop")
    expect(text).to_be_focused()
    expect(text).to_have_value(DRAFT)
    assert text.evaluate("one => [one.selectionStart, one.selectionEnd]") == [2, 5]
    page.reload()
    expect(text).to_have_value(DRAFT)
    expect(page.get_by_text("Still nothing here.")).to_have_count(1)


def test_typing_draws_nothing_of_the_thread_anew(opened: Opens, shown: Site) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    begins(page, "Still nothing here.")
    expect(page.get_by_role("log").get_by_text("Raised")).to_be_visible()
    page.evaluate(COUNTED)
    typed = DRAFT * 5
    box(page).press_sequentially(typed)
    # Whatever else arrives meanwhile is drawn, but not with each letter.
    assert page.evaluate("window.counted") < len(typed)
    says(page, "Anything new?")
    stands(page, "Anything new?")
    assert page.evaluate("window.counted") > 0


def test_a_shop_that_falls_silent_is_relieved_and_the_thread_goes_on(
    opened: Opens, shown: Site
) -> None:
    quick_market.publish(shown)
    market = quick_market.MARKET
    shopper = Shopper(shown, market=market)
    shop, platform = Colleague(shown, shopper.merchant, market=market), Colleague(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "Is it on its way?")
    shop.answers(shopper.consumer, conversation, "Let me look.")
    expect(page.get_by_text("Let me look.")).to_be_visible()
    says(page, "And?")
    # Nobody at the shop says anything more; the clock does the rest.
    expect(page.get_by_text("We have taken this over; you need not repeat")).to_be_visible(
        timeout=30_000
    )
    platform.answers(shopper.consumer, conversation, "It comes on Friday.")
    answered = page.get_by_role("listitem").filter(has_text="It comes on Friday.")
    expect(answered).to_contain_text("Platform")
    assert page.url.endswith(conversation)
    expect(page.get_by_role("region", name="Question about the order")).to_have_count(1)
    assert said(shown, shopper.consumer, conversation) == [
        "Is it on its way?",
        "Let me look.",
        "And?",
        "It comes on Friday.",
    ]


def test_a_lost_connection_loses_and_doubles_nothing(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    page.context.set_offline(True)
    says(page, "Two")
    expect(page.get_by_text("Not sent")).to_be_visible()
    expect(page.get_by_text("You are offline")).to_be_visible()
    for text in ("Three", "Four"):
        shop.answers(shopper.consumer, conversation, text)
    page.get_by_role("textbox", name="Your message").fill(DRAFT)
    page.context.set_offline(False)
    thread = page.get_by_role("log")
    for text in ("One", "Two", "Three", "Four"):
        expect(thread.get_by_text(text, exact=True)).to_have_count(1)
    stands(page, "Two")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Your message")).to_have_value(DRAFT)
    assert said(shown, shopper.consumer, conversation) == ["One", "Three", "Four", "Two"]


def test_one_can_write_while_it_cannot_be_read_what_there_is(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders()
    shopper.writes("One", issue="quality")
    conversation = str(shopper.conversation(order))
    page = shopper.opens(opened, "/help/other")
    expect(box(page)).to_be_visible()
    lists = re.compile("/v1/help/conversations[?]")
    for place in ("/help/other", f"/help/order/{order}/1/talk"):
        page.route(lists, lambda route: route.fulfill(status=503, json={}))
        page.goto(place)
        expect(page.get_by_text("What was said before cannot be shown right now.")).to_be_visible()
        box(page).fill(DRAFT)
        assert serious(page) == []
        page.unroute(lists)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("cannot be shown right now.")).to_have_count(0)
        expect(box(page)).to_have_value(DRAFT)
    stands(page, "One")
    page.route(lists, lambda route: route.fulfill(status=503, json={}))
    page.reload()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    says(page, "Two")
    page.wait_for_url(f"**/help/c/{conversation}")
    stands(page, "Two")
    assert said(shown, shopper.consumer, conversation) == ["One", "Two"]
    # Whatever it was about, that is what it went on with.
    path = f"/v1/marketplace/consumers/{shopper.consumer}/conversations/{conversation}"
    assert len(shown.marketplace.get(path).json()["cases"]) == 1


def test_a_restart_while_it_is_sent_loses_and_doubles_nothing(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    with ExitStack() as down:

        def restart_under_it(route: Route) -> None:
            """It has arrived, its answer has not; and then nobody is there any more."""
            route.fetch()
            down.enter_context(shown.away())
            route.abort()

        page.route("**/v1/help/contacts", restart_under_it, times=1)
        with page.expect_event("requestfailed"):
            says(page, "Two")
        says(page, "Three")
        box(page).fill(DRAFT)
        unsent = page.get_by_role("listitem").filter(has_text="Three")
        expect(unsent).to_contain_text("Not sent")
    for text in ("One", "Two", "Three"):
        stands(page, text)
    expect(page.get_by_text("Not sent")).to_have_count(0)
    expect(box(page)).to_have_value(DRAFT)
    assert said(shown, shopper.consumer, conversation) == ["One", "Two", "Three"]


def test_a_thread_that_vanishes_while_it_is_open_keeps_what_was_typed(
    opened: Opens, shown: Site
) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    begins(page, "Mine")
    box(page).fill(DRAFT)
    # Somebody else goes on at the same device.
    again = page.context.new_page()
    again.goto(f"/help/#token={shown.token(other.consumer)}")
    expect(again.get_by_role("heading", name="Help")).to_be_visible()
    with shown.away():
        expect(page.get_by_text("The connection was lost")).to_be_visible()
    expect(page.get_by_text("can no longer be seen. What you typed is kept")).to_be_visible()
    expect(box(page)).to_have_value(DRAFT)


def test_an_answer_that_was_lost_doubles_nothing(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "First")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/v1/help/contacts", lose_the_answer)
    with page.expect_event("requestfailed"):
        says(page, "Second")
    # It has arrived, though nobody told the page so.
    stands(page, "Second")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    page.unroute("**/v1/help/contacts")
    page.reload()
    expect(page.get_by_role("log").get_by_text("Second")).to_have_count(1)
    assert said(shown, shopper.consumer, conversation) == ["First", "Second"]


def test_what_was_under_way_when_the_page_went_is_sent_once(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "First")
    page.route("**/v1/help/contacts", lambda route: route.abort())
    says(page, "Second")
    expect(page.get_by_text("Not sent")).to_be_visible()
    page.reload()
    page.unroute("**/v1/help/contacts")
    stands(page, "Second")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    assert said(shown, shopper.consumer, conversation) == ["First", "Second"]


def test_what_failed_once_is_sent_again_by_itself(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "First")
    # The line to the thread is there all the time.
    page.route("**/v1/help/contacts", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        says(page, "Second")
    stands(page, "Second")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    assert said(shown, shopper.consumer, conversation) == ["First", "Second"]


def test_what_is_sent_in_quick_succession_arrives_in_its_order(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    held: list[Route] = []
    slow = True

    def hold(route: Route) -> None:
        held.append(route) if slow else route.continue_()

    page.route("**/v1/help/contacts", hold)
    with page.expect_request("**/v1/help/contacts"):
        says(page, "Two")
    says(page, "Three")
    third = page.get_by_role("listitem").filter(has_text="Three")
    expect(third).to_contain_text("Sending")
    slow = False
    # Whatever is on its way by now arrives the other way round.
    for route in reversed(held):
        with page.expect_response("**/v1/help/contacts"):
            route.continue_()
    for text in ("One", "Two", "Three"):
        stands(page, text)
    assert said(shown, shopper.consumer, conversation) == ["One", "Two", "Three"]


def test_what_follows_waits_for_what_could_not_be_sent(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    page.add_init_script("window.setInterval = () => 0")
    page.reload()
    page.route("**/v1/help/contacts", lambda route: route.abort(), times=2)
    says(page, "Two")
    expect(page.get_by_text("Not sent")).to_have_count(1)
    says(page, "Three")
    expect(page.get_by_text("Not sent")).to_have_count(2)
    page.get_by_role("button", name="retry").last.click()
    for text in ("One", "Two", "Three"):
        stands(page, text)
    assert said(shown, shopper.consumer, conversation) == ["One", "Two", "Three"]


def test_nobody_has_to_wait_until_it_is_sent_by_itself(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "First")
    page.add_init_script("window.setInterval = () => 0")
    page.reload()
    page.route("**/v1/help/contacts", lambda route: route.abort(), times=1)
    says(page, "Second")
    page.get_by_role("button", name="retry").click()
    stands(page, "Second")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    assert said(shown, shopper.consumer, conversation) == ["First", "Second"]


def test_what_was_kept_for_an_operator_is_not_sent_again_and_holds_nothing_up(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    parked = {"code": "parked", "status": 503}
    page.route("**/contacts", lambda route: route.fulfill(status=503, json=parked), times=1)
    says(page, "Two")
    expect(page.get_by_text("Somebody will look at it; do not send it again.")).to_be_visible()
    expect(page.get_by_text("Not sent")).to_have_count(0)
    says(page, "Three")
    stands(page, "Three")
    assert said(shown, shopper.consumer, conversation) == ["One", "Three"]
    page.get_by_role("button", name="all right").click()
    expect(page.get_by_text("Two", exact=True)).to_have_count(0)


def test_a_message_that_is_worded_again_is_about_what_it_was_about(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "It comes late")
    shopper.writes("And it is broken", issue="quality", fresh=True)
    box(page).fill("Write to abc")
    chip = page.get_by_role("button", name="Question about the order")
    chip.click()
    blocked = {"code": "message_blocked", "status": 422}
    page.route("**/contacts", lambda route: route.fulfill(status=422, json=blocked), times=1)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="change it").click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    says(page, "Write to me")
    stands(page, "Write to me")
    path = f"/v1/marketplace/consumers/{shopper.consumer}/conversations/{conversation}/messages"
    items = shown.marketplace.get(path).json()["items"]
    assert [one["case"] for one in items] == [1, 2, 1]


def test_nobody_is_to_withdraw_what_is_awaited_and_not_decided(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Sign", category="custom_made")
    page = shopper.opens(opened, f"/help/order/{order}/1/talk")
    begins(page, "Can I still cancel it?")
    page.goto(f"/help/order/{order}")
    page.get_by_role("link", name=re.compile("Cancel")).click()
    page.get_by_role("button", name=re.compile("Cancel")).click()
    page.wait_for_url(re.compile("/help/c/"))
    case = page.get_by_role("region", name="Question about the order")
    case.get_by_text("More", exact=True).click()
    case.get_by_role("button", name="I want nothing more").click()
    expect(case.get_by_role("alert")).to_contain_text("withdraw that request first")


def test_a_token_that_is_not_taken_leads_to_nobody_elses_page(opened: Opens, shown: Site) -> None:
    """Somebody else's cookie is still good on the device that both of them use."""
    shopper, other = Shopper(shown), Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    expect(box(page)).to_be_visible()
    again = page.context.new_page()
    for whose, seen in ((other, "Open help from your order in the shop"), (shopper, "Teapot")):
        made, _, signature = shown.token(whose.consumer).rpartition(".")
        again.goto("about:blank")
        again.goto(f"/help/#token={made}.{signature[::-1]}")
        expect(again.get_by_text(seen).first).to_be_visible()
        expect(again.get_by_text("Teapot")).to_have_count(1 if whose is shopper else 0)


def test_a_token_that_was_not_taken_counts_at_the_next_try_too(opened: Opens, shown: Site) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    expect(box(page)).to_be_visible()
    again = page.context.new_page()

    def cut(route: Route) -> None:
        if route.request.method == "GET":
            route.abort()
        else:
            route.continue_()

    again.route("**/v1/help/session", cut, times=2)
    again.goto(f"/help/#token={shown.token(other.consumer)[:-9]}AAAAAAAAA")
    again.get_by_role("button", name="Try again").click()
    expect(again.get_by_text("Open help from your order in the shop")).to_be_visible()


def test_a_token_that_got_no_answer_is_good_for_another_try(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = opened("/help/none", width=360)
    expect(page.get_by_text("Open help from your order in the shop")).to_be_visible()
    page.route("**/v1/help/session", lambda route: route.abort(), times=1)
    page.goto("about:blank")
    page.goto(f"/help/#token={shown.token(shopper.consumer)}")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()


def test_a_session_that_is_over_is_told_and_goes_on(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "Before")
    # What it asks by itself would find the next session before anybody goes on.
    page.route(re.compile("/remedies$"), lambda route: route.abort())
    page.context.clear_cookies()
    says(page, "After")
    expect(page.get_by_text("Your session is over")).to_be_visible()
    expect(page.get_by_text("Not sent")).to_be_visible()
    again = page.context.new_page()
    again.goto(f"/help/#token={shown.token(shopper.consumer)}")
    expect(again.get_by_role("heading", name="Help")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Your session is over")).to_have_count(0)
    stands(page, "After")
    expect(page.get_by_text("Not sent")).to_have_count(0)
    assert said(shown, shopper.consumer, conversation) == ["Before", "After"]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)><script>document.title='taken'</script>",
        "**bold** [pay here](https://evil.example) &lt;b&gt;",
        "Refund of 00.1\u202e99 to me\u2066\u200f",
    ],
)
def test_a_text_is_shown_as_text(opened: Opens, shown: Site, text: str) -> None:
    shopper = Shopper(shown)
    path = bought(shopper)
    shopper.writes(text)
    page = shopper.opens(opened, path)
    bubble = page.get_by_role("log").locator(".said")
    plain = re.sub("[\u202e\u2066\u200f]", "", text)
    expect(bubble).to_have_text(plain)
    assert bubble.inner_html().count("<") == 0
    assert page.title() != "taken"


def test_a_conversation_that_is_not_ones_own_is_not_there(opened: Opens, shown: Site) -> None:
    shopper, other = Shopper(shown), Shopper(shown)
    conversation = begins(shopper.opens(opened, bought(shopper)), "Mine")
    page = other.opens(opened, f"/help/c/{conversation}")
    expect(page.get_by_text("nothing that you may see")).to_be_visible()
    page.get_by_role("link", name="Help home").click()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()


def test_pictures_go_with_a_message_and_what_is_none_is_refused(
    opened: Opens, shown: Site, tmp_path: Path
) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    picker = page.get_by_label("Add pictures")
    hostile = FilePayload(name="a.png", mimeType="image/png", buffer=b"<html><script>1</script>")
    picker.set_input_files([hostile])
    expect(page.get_by_role("alert")).to_contain_text("a.png was not uploaded")
    page.get_by_role("button", name="Remove a.png").click()
    large = tmp_path / "b.png"
    with large.open("wb") as file:
        file.truncate(16 << 20)
    picker.set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("b.png is too large and was not uploaded")
    page.get_by_role("button", name="Remove b.png").click()
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    picker.set_input_files([picture])
    expect(page.get_by_text("crack.png")).to_be_visible()
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    page.reload()
    expect(page.get_by_text("crack.png")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


def test_what_no_browser_shows_is_saved_under_a_name_that_says_what_it_is(
    opened: Opens, shown: Site
) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    files = [
        FilePayload(name="invoice.pdf", mimeType="application/pdf", buffer=PDF),
        FilePayload(name="IMG_1.heic", mimeType="image/heic", buffer=HEIC),
    ]
    page.get_by_label("Add pictures").set_input_files(files)
    page.get_by_role("textbox", name="Your message").fill("What it cost, and what came")
    page.get_by_role("button", name="Send").click()
    links = page.get_by_role("log").get_by_role("link", name="File")
    expect(links).to_have_count(2)
    for place, name in enumerate(("File.pdf", "File.heic")):
        with page.expect_download() as saved:
            links.nth(place).click()
        assert saved.value.suggested_filename == name


def test_a_picture_that_something_else_answers_for_can_be_sent_again(
    opened: Opens, shown: Site
) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))

    def proxy(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<html>Sign in</html>")

    page.route("**/v1/help/attachments?*", proxy, times=1)
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    expect(page.get_by_role("alert")).to_contain_text("crack.png was not uploaded")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.get_by_role("button", name="Retry").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


def test_a_picture_with_a_very_long_name_is_taken(opened: Opens, shown: Site) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    name = f"{'x' * 230}.png"
    picture = FilePayload(name=name, mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


def test_a_picture_is_taken_whatever_its_name_ends_in(opened: Opens, shown: Site) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    saved = FilePayload(name="crack.jpg", mimeType="image/jpeg", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([saved])
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


def test_a_picture_that_could_not_be_read_is_not_called_gone(opened: Opens, shown: Site) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    page.get_by_role("button", name="Send").click()
    log = page.get_by_role("log")
    expect(log.get_by_role("img", name="Picture")).to_be_visible()
    page.route("**/v1/help/attachments/*", lambda route: route.fulfill(status=403, json=NO))
    page.reload()
    expect(log.get_by_role("alert")).to_contain_text("You are not allowed")
    page.unroute("**/v1/help/attachments/*")
    # At once, for it may be read again by itself, too.
    log.evaluate(PRESSED_IF_THERE, "Retry")
    expect(log.get_by_role("img", name="Picture")).to_be_visible()
    # Only what the service does not have any more is gone.
    page.route("**/v1/help/attachments/*", lambda route: route.fulfill(status=404, json=NO))
    page.reload()
    expect(log.get_by_text("The file is gone.")).to_be_visible()


def test_how_it_went_stays_while_it_cannot_be_read_anew(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    shop = Colleague(shown, shopper.merchant)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "The lid is loose.")
    log = page.get_by_role("log")
    expect(log.get_by_text("Raised")).to_be_visible()
    entries = "**/v1/help/conversations/*/entries?*"
    page.route(entries, lambda route: route.fulfill(status=403, json=NO))
    with page.expect_response(entries):
        shop.answers(shopper.consumer, conversation, "Turn it once more.")
    expect(log.get_by_text("Turn it once more.")).to_be_visible()
    expect(log.get_by_text("Raised")).to_be_visible()


def test_a_picture_that_arrives_after_its_page_was_left_is_there(
    opened: Opens, shown: Site
) -> None:
    page = (shopper := Shopper(shown)).opens(opened, bought(shopper))
    brought: list[Route] = []

    def hold(route: Route) -> None:
        brought.append(route)

    page.route("**/v1/help/attachments?*", hold)
    with page.expect_request("**/v1/help/attachments?*"):
        picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
        page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Add pictures")).to_have_count(0)
    with page.expect_response("**/v1/help/attachments?*"):
        brought[0].continue_()
    page.go_back()
    expect(page.get_by_text("crack.png")).to_be_visible()
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


def test_a_message_that_is_worded_again_has_its_pictures_while_they_are_there(
    opened: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("textbox", name="Your message").fill("It is cracked")
    blocked = {"code": "message_blocked", "status": 422}
    page.route("**/contacts", lambda route: route.fulfill(status=422, json=blocked), times=1)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="change it").click()
    files = page.get_by_role("list", name="Files")
    expect(files).to_contain_text("crack.png")
    page.evaluate(A_DAY_LATER)
    page.reload()
    expect(files.get_by_role("alert")).to_have_text(
        "crack.png is no longer there: choose it again."
    )
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.get_by_role("button", name="Remove crack.png").click()
    page.get_by_label("Add pictures").set_input_files([picture])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_role("img", name="Picture")).to_be_visible()


A_DAY_LATER = """() => {
    for (const name of Object.keys(localStorage)) {
        if (!name.startsWith("oncedesk.kept.files/")) continue;
        const files = JSON.parse(localStorage.getItem(name));
        for (const one of files) one.at -= 23 * 3600 * 1000;
        localStorage.setItem(name, JSON.stringify(files));
    }
}"""


def said(site: Site, consumer: UUID, conversation: str) -> list[str]:
    """All that is in the thread, as the marketplace reads it."""
    path = f"/v1/marketplace/consumers/{consumer}/conversations/{conversation}/messages"
    answer = site.marketplace.get(path)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


def test_help_opened_once_more_leaves_the_first_page_alive(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "First")
    again = page.context.new_page()
    again.goto(f"/help/#token={shown.token(shopper.consumer)}")
    expect(again.get_by_role("heading", name="Help")).to_be_visible()
    says(page, "Second")
    stands(page, "Second")
    assert said(shown, shopper.consumer, conversation) == ["First", "Second"]


def test_what_two_tabs_could_not_send_is_kept_of_both(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    conversation = begins(page, "One")
    # What failed is sent again at the next visit, and not before.
    page.context.add_init_script("window.setInterval = () => 0")
    page.reload()
    other = page.context.new_page()
    other.goto(f"/help/c/{conversation}")
    for tab, text in ((page, "Two"), (other, "Three")):
        tab.bring_to_front()
        expect(tab.get_by_role("log").get_by_text("One", exact=True)).to_have_count(1)
        tab.route("**/v1/help/contacts", lambda route: route.abort())
        says(tab, text)
        expect(tab.get_by_text("Not sent")).to_be_visible()
    page.unroute_all()
    page.reload()
    for text in ("Two", "Three"):
        stands(page, text)
    # The other page does not offer again what was sent for it.
    expect(other.get_by_text("Not sent")).to_have_count(0)
    assert said(shown, shopper.consumer, conversation) == ["One", "Two", "Three"]


def test_pictures_beyond_the_most_are_told(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture] * 11)
    expect(page.get_by_role("list", name="Files").get_by_role("listitem")).to_have_count(9)
    expect(page.get_by_text("takes 9 files at most: 2 were not added")).to_be_visible()
    page.get_by_role("button", name="Remove crack.png").first.click()
    expect(page.get_by_text("9 files at most")).to_have_count(0)


def test_a_picture_goes_on_with_the_next_session(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    page = shopper.opens(opened, bought(shopper))
    begins(page, "Before")
    # What it asks by itself would find the next session before anybody goes on.
    page.route(re.compile("/remedies$"), lambda route: route.abort())
    page.context.clear_cookies()
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    page.get_by_label("Add pictures").set_input_files([picture])
    expect(page.get_by_text("crack.png was not uploaded")).to_be_visible()
    again = page.context.new_page()
    again.goto(f"/help/#token={shown.token(shopper.consumer)}")
    expect(again.get_by_role("heading", name="Help")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("crack.png", exact=True)).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_conversation_says_which_order_it_is_about(opened: Opens, shown: Site) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Samovar")
    page = shopper.opens(opened, f"/help/order/{order}/1/talk")
    about = page.get_by_role("link", name="Samovar · ¥89.00")
    expect(about).to_be_visible()
    begins(page, "Where is it?")
    expect(about).to_be_visible()
    # The problem that was opened comes before what is told of it.
    shown_in_order = page.get_by_role("log").get_by_role("listitem").all_inner_texts()
    assert "Where is it?" in shown_in_order[0]
    assert "Raised" in shown_in_order[1]
    about.click()
    expect(page.get_by_role("heading", name="Samovar", level=1)).to_be_visible()
