"""An agent's desk: what there is to do, the case in hand, what is said in it, and how it ends."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from oncedesk.domain.agents.messages import Presence
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from tests.browser.conftest import Opens
from tests.browser.serving import Colleague, Insider
from tests.browser.workplace import SKILLS, Workplace
from tests.http.files import photo
from tests.support.browsers import looks, lost_answer, serious
from tests.support.served import PASSWORD
from tests.support.site import Site

AtDesk = Opens
PRESSED = """async (key) => {
    const about = { ...key, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", about));
    await Promise.resolve();
    const { ariaLabel, labels } = document.activeElement;
    return ariaLabel ?? labels?.[0]?.textContent ?? null;
}"""
"""A key, and where one would go that came right after it, before anything else could run."""
TURNED = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
"""A headless browser shows all its pages at once, whichever was brought to the front."""
TAKEN_AWAY = """async () => {
    document.activeElement.closest(".composer").remove();
    await Promise.resolve();
}"""
BAR = {"key": "k", "code": "KeyK", "ctrlKey": True}


def write(page: Page, text: str) -> None:
    page.get_by_role("region", name="Answer").get_by_role("textbox").fill(text)


def thread(page: Page) -> str:
    return page.get_by_role("region", name="Conversation").inner_text()


def test_next_brings_work_and_opens_it(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.AWAY)
    bought = shop.case("The parcel is <b>late</b>.")
    page = at_desk(person)
    expect(page.get_by_text("Nothing is in your hands.")).to_be_visible()
    page.get_by_role("tab", name="Next").click()
    row = page.get_by_role("link", name=re.compile("Late delivery"))
    expect(row).to_contain_text("The parcel is <b>late</b>.")
    expect(row).to_contain_text("Merchant")
    expect(row.locator("time")).to_contain_text(re.compile(r"Merchant: .+ \d+:\d\d"))
    assert serious(page) == []
    page.get_by_role("combobox", name="Whether work may come").click()
    page.get_by_role("option", name="Available").click()
    page.get_by_role("tab", name="Mine").click()
    expect(page.get_by_role("link", name=re.compile("Late delivery"))).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    assert page.url.endswith(bought.path())
    expect(page.get_by_text("1 of 5 in hand")).to_be_visible()
    expect(page).to_have_title("Late delivery #1 · Oncedesk")


def test_what_is_new_waits_behind_a_pill(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.AWAY)
    shop.case("First")
    page = at_desk(person)
    page.get_by_role("tab", name="Next").click()
    rows = page.get_by_role("list", name="Next").get_by_role("listitem")
    expect(rows).to_have_count(1)
    shop.case("Second", issue="quality")
    page.get_by_role("button", name="1 new").click()
    expect(rows).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile("new"))).to_have_count(0)


def test_what_has_gone_from_a_queue_does_not_come_back_under_the_hand(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.AWAY)
    first, second, _ = [shop.case(text) for text in ("First", "Second", "Third")]
    colleague = Insider(shown, shop.agent(presence=Presence.AWAY))
    page = at_desk(person)
    page.get_by_role("tab", name="Next").click()
    rows = page.get_by_role("list", name="Next").get_by_role("listitem")
    expect(rows).to_have_count(3)
    solved = {"reason": "solved"}
    colleague.posts(f"/v1/desk/cases/{first.consumer}/{first.conversation}/1/resolution", solved)
    expect(rows).to_have_count(2)
    rows.first.hover()
    gone = page.locator(".case-row[data-gone]")
    expect(gone).to_have_count(0)
    # What goes while the hand is there is marked, and keeps its place until it is not.
    colleague.posts(f"/v1/desk/cases/{second.consumer}/{second.conversation}/1/resolution", solved)
    expect(gone).to_have_count(1)
    expect(rows).to_have_count(2)
    page.mouse.move(0, 0)
    expect(rows).to_have_count(1)


def test_a_queue_that_was_not_looked_at_for_long_begins_anew(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.AWAY)
    for number in range(30):
        shop.case(f"Number {number}")

    def old(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        for one in said["items"]:
            one.update(conversation=str(uuid4()), said={**one["said"], "text": "Long taken"})
        route.fulfill(response=answer, json=said)

    page = at_desk(person)
    page.route("**/v1/desk/list/next?*", old, times=1)
    page.get_by_role("tab", name="Next").click()
    rows = page.get_by_role("list", name="Next")
    expect(rows).to_contain_text("Number")
    expect(rows).not_to_contain_text("Long taken")


def test_a_queue_that_cannot_be_read_says_so(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(Workplace(shown).agent())
    problem = {"code": "not_allowed", "title": "No", "status": 403}
    page.route("**/v1/desk/list/next?*", lambda route: route.fulfill(status=403, json=problem))
    page.get_by_role("tab", name="Next").click()
    expect(page.locator(".list-pane").get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("status", name="Opening")).to_have_count(0)


def test_what_follows_and_cannot_be_read_is_asked_for_once_and_by_whoever_wants_it(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.AWAY)
    shop.case("Number 1")
    asked: list[str] = []

    def two_pages(route: Route) -> None:
        if "cursor=" in route.request.url:
            asked.append(route.request.url)
            route.fulfill(status=403, json={"code": "not_allowed", "title": "No", "status": 403})
            return
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "next": "more"})

    page = at_desk(person)
    page.route("**/v1/desk/list/next?*", two_pages)
    page.get_by_role("tab", name="Next").click()
    expect(page.locator(".list-pane").get_by_role("alert")).to_be_visible()
    assert len(asked) == 1
    with page.expect_request("**/v1/desk/list/next?*cursor=*"):
        page.get_by_role("button", name="Read the rest again").click()
    expect(page.locator(".list-pane").get_by_role("alert")).to_be_visible()
    assert len(asked) == 2


def test_next_whose_answer_was_lost_brings_the_same_case(at_desk: AtDesk, shown: Site) -> None:
    """Dispatch may be quicker than either: then neither brings anything."""
    shop = Workplace(shown)
    shop.stays_open()
    person = shop.agent(presence=Presence.WRAP_UP)
    shop.case("Number 1")
    shop.case("Number 2")
    page = at_desk(person)
    brought: list[Any] = []

    def lost(route: Route) -> None:
        brought.append(route.fetch().json())
        route.abort()

    page.route("**/v1/desk/next", lost, times=1)
    page.get_by_role("button", name="Take the next").click()
    expect(page.get_by_text("cannot be reached")).to_be_visible()
    with page.expect_response("**/v1/desk/next") as again:
        page.get_by_role("button", name="Take the next").click()
    first, second = brought[0].get("conversation"), again.value.json().get("conversation")
    assert first == second
    if second is not None:
        page.wait_for_url(f"**/desk/c/*/{second}#*")


def test_next_long_after_a_lost_answer_is_another(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(Workplace(shown).agent(presence=Presence.WRAP_UP))
    page.route("**/v1/desk/next", lambda route: route.abort())
    keys: list[str] = []
    for minutes in (0, 4, 10):
        page.clock.set_system_time(utc_now() + timedelta(minutes=minutes))
        with page.expect_request("**/v1/desk/next") as asked:
            page.get_by_role("button", name="Take the next").click()
        keys.append(asked.value.headers["idempotency-key"])
    first, soon, late = keys
    assert first == soon != late


def test_whom_one_speaks_to_is_never_in_doubt(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    composer = page.get_by_role("region", name="Answer")
    write(page, "It left yesterday.")
    page.keyboard.press("Escape")
    assert page.evaluate(PRESSED, {"key": "i"}) == "Only your own desk sees it…"
    expect(composer.get_by_role("textbox")).to_be_focused()
    expect(composer.get_by_role("button", name="Save internal note")).to_be_visible()
    expect(composer.get_by_role("textbox")).to_have_value("")
    write(page, "Carrier was asked.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Internal note")
    # After a note nobody speaks to the consumer by chance, not even after a reload.
    page.reload()
    expect(composer.get_by_role("button", name="Save internal note")).to_be_visible()
    composer.get_by_text("Consumer", exact=True).click()
    expect(composer.get_by_role("textbox")).to_have_value("It left yesterday.")
    expect(composer.get_by_role("button", name="Send to consumer")).to_be_visible()
    composer.get_by_text("Desks", exact=True).click()
    expect(composer.get_by_role("button", name="Post to platform desk")).to_be_visible()
    assert serious(page) == []


def test_the_platforms_people_see_to_whom_their_words_go(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(platform=True), bought.path())
    composer = page.get_by_role("region", name="Answer")
    post = composer.get_by_role("button", name="Post to merchant desk")
    consumer = composer.get_by_text("Consumer", exact=True)
    # It is the shop that speaks to the consumer.
    expect(post).to_be_visible()
    expect(consumer).to_have_count(0)
    write(page, "Who packed it?")
    Colleague(shown).takes_over(bought.consumer, str(bought.conversation))
    expect(consumer).to_be_visible()
    # What is under the hands goes where it did: the shop reads the case as before.
    expect(composer.get_by_role("textbox")).to_have_value("Who packed it?")
    expect(post).to_be_visible()
    consumer.click()
    expect(composer.get_by_role("button", name="Send to consumer")).to_be_visible()
    # What no other desk has seen is posted to none of them by name.
    shop.says(bought, "Their host was rude.", issue="conduct", fresh=True)
    page.goto(shown.url + bought.path(2))
    composer.get_by_text("Desks", exact=True).click()
    expect(composer.get_by_role("button", name="Post to the desks")).to_be_visible()
    assert serious(page) == []


def test_a_picture_is_taken_whatever_its_name_ends_in(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    page = at_desk(shop.agent(), shop.case().path())
    composer = page.get_by_role("region", name="Answer")
    file = FilePayload(name="label.jpg", mimeType="image/jpeg", buffer=photo(2))
    composer.locator("input[type=file]").set_input_files(file)
    expect(composer.get_by_role("button", name="Remove label.png")).to_be_visible()


def test_what_is_sent_can_be_undone_for_two_seconds(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    composer = page.get_by_role("region", name="Answer")
    file = FilePayload(name="label.png", mimeType="image/png", buffer=photo(2))
    composer.locator("input[type=file]").set_input_files(file)
    attached = composer.get_by_role("button", name="Remove label.png")
    expect(attached).to_be_visible()
    write(page, "Too early")
    # The two seconds are the page's, however long this machine takes for a click.
    page.clock.install()
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    page.get_by_role("button", name="Send to consumer").click()
    expect(attached).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    # The text comes back with what went with it.
    expect(composer.get_by_role("textbox")).to_have_value("Too early")
    expect(attached).to_be_visible()
    page.clock.resume()
    write(page, "Just right")
    page.keyboard.press("Control+Enter")
    message = page.locator(".message[data-id]").filter(has_text="Just right")
    expect(message).to_have_count(1)
    expect(message.get_by_role("img")).to_have_count(1)
    assert "Too early" not in thread(page)


def test_an_enter_of_an_input_method_sends_nothing(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    write(page, "ni hao")
    page.locator(".composer textarea").evaluate(
        """(box) => {
            const about = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
            box.dispatchEvent(new KeyboardEvent("keydown", { ...about, isComposing: true }));
        }"""
    )
    page.keyboard.press("Enter")
    expect(page.locator(".composer textarea")).to_have_value("ni hao\n")
    expect(page.locator(".leaving")).to_have_count(0)


def test_an_enter_of_an_input_method_takes_no_macro(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.macro("Placed", zh="您于{order.placed}下单", en="You ordered on {order.placed}.")
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog", name="Macros")
    expect(dialog.get_by_role("button", name="Placed")).to_be_visible()
    # Safari has ended the composition by then, and tells it by the code alone.
    dialog.get_by_role("textbox").evaluate(
        """(box) => {
            const about = { key: "Enter", keyCode: 229, bubbles: true, cancelable: true };
            box.dispatchEvent(new KeyboardEvent("keydown", about));
        }"""
    )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert not [one for one in asked if "/1/macros/" in one]


def test_the_signs_of_an_input_method_open_what_keys_open(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.agent()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    page.keyboard.press("i")
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    macros = page.get_by_role("dialog", name="Macros")
    for sign in ("/", "、"):
        # As it comes from one: without the key.
        page.keyboard.insert_text(sign)
        expect(macros).to_be_visible()
        page.keyboard.press("Escape")
        expect(macros).to_have_count(0)
    page.keyboard.insert_text("谁打包的？a@b / ")
    page.keyboard.insert_text("@")
    picker = page.get_by_role("dialog", name="Mention a colleague")
    expect(picker.get_by_role("button", name="Colleague")).to_have_count(1)
    expect(box).to_have_value("谁打包的？a@b / ")
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile(r"^谁打包的？a@b / @Colleague \w+ $"))


def test_what_arrives_meanwhile_stops_sending_once(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    write(page, "It is lost, I am afraid.")
    shop.says(bought, "It has just arrived!")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("just arrived")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_have_text("New message; send anyway?")
    expect(page.locator(".leaving")).to_have_count(0)
    page.get_by_role("button", name="Send anyway").click()
    message = page.locator(".message[data-id]").filter(has_text="I am afraid")
    expect(message).to_have_count(1)


def test_a_message_shows_as_what_it_is(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    hostile = "<img src=x onerror=alert(1)> pay \u202e00.1\u202c now"
    bought = shop.case(hostile)
    page = at_desk(shop.agent(), bought.path())
    text = page.locator(".message .text").first
    expect(text).to_have_text("<img src=x onerror=alert(1)> pay ⇄00.1⇄ now")
    assert page.locator(".message img").count() == 0


def test_a_lost_line_loses_and_doubles_nothing(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    page.context.set_offline(True)
    write(page, "On its way.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not sent")).to_be_visible()
    shop.says(bought, "Hello?")
    page.context.set_offline(False)
    answer = page.locator(".message[data-id]").filter(has_text="On its way.")
    expect(answer).to_have_count(1)
    expect(page.locator(".message[data-id]").filter(has_text="Hello?")).to_have_count(1)
    page.reload()
    expect(answer).to_have_count(1)
    expect(page.locator(".leaving")).to_have_count(0)


def test_an_answer_that_failed_once_is_sent_again_by_itself(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    # The lines to the list and to the case are there all the time.
    page.route("**/messages", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        write(page, "On its way.")
        page.keyboard.press("Control+Enter")
    expect(page.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)
    expect(page.locator(".leaving")).to_have_count(0)


def test_answers_sent_in_quick_succession_arrive_in_their_order(
    at_desk: AtDesk, shown: Site
) -> None:
    bought = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), bought.path())
    held: list[Route] = []
    slow = True

    def hold(route: Route) -> None:
        held.append(route) if slow else route.continue_()

    page.route("**/1/messages", hold)
    with page.expect_request("**/1/messages"):
        write(page, "It left today.")
        page.keyboard.press("Control+Enter")
    write(page, "It comes tomorrow.")
    page.keyboard.press("Control+Enter")
    second = page.locator(".leaving").filter(has_text="tomorrow")
    expect(second.get_by_role("button", name="Undo")).to_be_visible()
    expect(second.get_by_role("button", name="Undo")).to_have_count(0)
    slow = False
    # Whatever is on its way by now arrives the other way round.
    for route in reversed(held):
        with page.expect_response("**/1/messages"):
            route.continue_()
    answers = page.locator(".message[data-id][data-by=agent]")
    expect(answers).to_have_count(2)
    expect(answers.first).to_contain_text("It left today.")
    expect(page.locator(".leaving")).to_have_count(0)


def test_what_follows_waits_for_an_answer_that_could_not_be_sent(
    at_desk: AtDesk, shown: Site
) -> None:
    bought = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), bought.path())
    page.add_init_script("window.setInterval = () => 0")
    page.reload()
    page.route("**/1/messages", lambda route: route.abort(), times=2)
    for count, text in enumerate(("It left today.", "It comes tomorrow."), start=1):
        write(page, text)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Not sent")).to_have_count(count)
    page.get_by_role("button", name="Retry").last.click()
    answers = page.locator(".message[data-id][data-by=agent]")
    expect(answers).to_have_count(2)
    expect(answers.first).to_contain_text("It left today.")


def test_nobody_has_to_wait_until_an_answer_is_sent_by_itself(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    page.add_init_script("window.setInterval = () => 0")
    page.reload()
    page.route("**/messages", lambda route: route.abort(), times=1)
    write(page, "On its way.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)
    expect(page.locator(".leaving")).to_have_count(0)


def test_two_agents_on_one_case_see_each_other_at_work(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    one = at_desk(shop.agent(), bought.path())
    other = at_desk(shop.agent(), bought.path())
    expect(one.get_by_text("A colleague is looking")).to_be_visible()
    write(other, "I was about to say so.")
    expect(one.get_by_text("A colleague is writing to the consumer")).to_be_visible()
    write(one, "I have it.")
    one.keyboard.press("Control+Enter")
    expect(other.get_by_role("region", name="Conversation")).to_contain_text("I have it.")
    other.keyboard.press("Control+Enter")
    expect(other.get_by_role("alert")).to_have_text("New message; send anyway?")
    one.keyboard.press("Escape")
    one.keyboard.press("e")
    one.get_by_role("form", name="Resolve").get_by_role("button", name="Resolve").click()
    expect(other.get_by_role("heading", level=1).locator("..")).to_contain_text("Resolved")
    expect(other.get_by_role("region", name="Conversation")).to_contain_text("Resolved: Solved")
    # What was not sent is there when the case is open again.
    other.get_by_role("region", name="Finish").get_by_role("button", name="Reopen").click()
    other.get_by_role("form", name="Reopen").get_by_role("button", name="Reopen").click()
    expect(other.get_by_role("region", name="Answer").get_by_role("textbox")).to_have_value(
        "I was about to say so."
    )


def test_anothers_case_is_not_there(at_desk: AtDesk, shown: Site) -> None:
    shop, rival = Workplace(shown), Workplace(shown)
    bought = shop.case("A secret of this shop")
    page = at_desk(rival.agent(), bought.path())
    expect(page.get_by_role("heading", name="This case is not for you to see")).to_be_visible()
    assert "secret" not in page.content()
    assert serious(page) == []


def test_whoever_works_for_several_shops_sees_whose_case_it_is(
    at_desk: AtDesk, shown: Site
) -> None:
    shop, other = Workplace(shown), Workplace(shown)
    called = {"kind": "merchant", "market": "cn", "person": {"name": "Teapots & Co"}}
    shown.command("PUT", f"/v1/marketplace/parties/{shop.merchant}", called)
    shop.stays_open()
    bought = shop.case()
    page = at_desk(shown.agent(shop.desk, other.desk, skills=SKILLS))
    page.get_by_role("tab", name="Next").click()
    expect(page.get_by_role("link", name="Teapots & Co")).to_be_visible()
    page.goto(shown.url + bought.path())
    head = page.get_by_role("heading", level=1).locator("..")
    expect(head).to_contain_text("Teapots & Co")


def test_whoever_is_away_is_told_what_to_do_to_take_work(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(Workplace(shown).agent(presence=Presence.AWAY))
    page.get_by_role("button", name="Take the next").click()
    expect(page.get_by_role("alert")).to_contain_text("takes no new work now")


def test_what_was_said_in_a_case_before_it_was_handed_over_is_there(
    at_desk: AtDesk, shown: Site
) -> None:
    shop, platform = Workplace(shown), Colleague(shown)
    bought = shop.case()
    for number in range(100):
        shop.says(bought, f"Still nothing: {number}")
    shop.says(bought, "Their host was rude.", issue="conduct", fresh=True)
    shop.says(bought, "Where is it now?", case=1)
    page = at_desk(shop.agent(), bought.path())
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation).to_contain_text("Where is it now?")
    expect(conversation).not_to_contain_text("Their host was rude.")
    to_them = {"desk": str(shop.desk), "reason": "theirs"}
    platform.does(bought.consumer, str(bought.conversation), "/transfer", to_them, case=2)
    expect(conversation).to_contain_text("Their host was rude.")


def test_a_case_that_is_theirs_again_is_there_again(at_desk: AtDesk, shown: Site) -> None:
    shop, rival = Workplace(shown), Workplace(shown)
    bought = shop.case("Where is it?")
    person = rival.agent()
    page = at_desk(person, bought.path())
    vanished = page.get_by_role("heading", name="This case is not for you to see")
    expect(vanished).to_be_visible()
    shop.takes_on(person)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    expect(vanished).to_have_count(0)
    shop.says(bought, "And now?", case=1)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("And now?")


def test_a_case_that_vanishes_leaves_what_was_typed(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("A secret of this shop")
    person = shop.agent()
    page = at_desk(person, bought.path())
    write(page, "It is on its way")
    order = page.get_by_role("region", name="Order", exact=True)
    expect(order).to_be_visible()
    with shown.away():
        expect(page.get_by_text("Connection lost").first).to_be_visible()
        shop.dismisses(person)
    expect(page.get_by_role("heading", name="This case is not for you to see")).to_be_visible()
    expect(page.get_by_role("textbox", name="What you wrote")).to_have_value("It is on its way")
    # Nothing of it is left to be read, in the list or beside it, either.
    expect(page.get_by_text("secret")).to_have_count(0)
    expect(order).to_have_count(0)
    assert serious(page) == []


def test_whoever_may_not_write_in_a_case_any_more_is_not_asked_to(
    at_desk: AtDesk, shown: Site
) -> None:
    shop, platform = Workplace(shown), Colleague(shown)
    bought = shop.case()
    case = bought.consumer, str(bought.conversation)
    page = at_desk(shop.agent(), bought.path())
    composer = page.get_by_role("region", name="Answer")
    expect(composer).to_be_visible()
    platform.takes_over(*case)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("platform has it now")
    expect(composer).to_have_count(0)
    page.keyboard.press("d")
    expect(composer).to_have_count(0)
    # Asked, they have something to say.
    asked = {"desk": str(shop.desk), "mode": "stay", "text": "Who packed it?"}
    platform.does(*case, "/referral", asked)
    expect(composer).to_be_visible()
    platform.resolves(*case)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Resolved: Solved")
    expect(page.get_by_role("button", name="Reopen")).to_have_count(0)


def test_what_was_written_before_a_case_went_elsewhere_is_still_there(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    write(page, "It is on its way")
    page.keyboard.press("Escape")
    Colleague(shown).takes_over(bought.consumer, str(bought.conversation))
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("platform has it now")
    page.reload()
    composer = page.get_by_role("region", name="Answer")
    composer.get_by_text("Consumer", exact=True).click()
    expect(composer.get_by_role("textbox")).to_have_value("It is on its way")


def test_a_call_that_was_promised_stands_beside_when_an_answer_is_due(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    boss = Insider(shown, shop.agent(supervisor=True))
    until = (utc_now() + timedelta(hours=1)).isoformat()
    boss.puts("/v1/desk/surge", {"desk": str(shop.desk), "until": until})
    bought = shop.case()
    about = f"/v1/marketplace/consumers/{bought.consumer}/conversations/{bought.conversation}"
    shown.command("POST", f"{about}/cases/1/call-back", None)
    page = at_desk(shop.agent(), bought.path())
    brief = page.locator(".brief")
    expect(brief).to_contain_text("An answer to the consumer by")
    expect(brief).to_contain_text("A call was promised")


def test_each_way_on_says_which_clock_it_starts(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    assert page.evaluate(PRESSED, {"key": "w"}).startswith("The question")
    page.keyboard.press("Escape")
    for letter, said in (
        ("w", "Starts the reply clock"),
        ("f", "Starts the other desk's clock"),
        ("s", "Starts the follow-up clock"),
        ("e", "Starts the recontact window"),
    ):
        page.keyboard.press(letter)
        expect(page.get_by_role("region", name="Finish")).to_contain_text(said)
        assert serious(page) == []
        page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.get_by_role("textbox", name="The question").fill("Which colour?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Which colour?")
    expect(page.get_by_text("Waits for the consumer", exact=True).first).to_be_visible()
    page.get_by_role("tab", name="Waiting").click()
    expect(page.get_by_role("link", name=re.compile("Which colour")).first).to_be_visible()
    # Nothing is offered that is refused as long as the consumer is asked.
    finish = page.get_by_role("region", name="Finish")
    expect(finish.get_by_role("button", name="Refer")).to_be_visible()
    expect(finish.get_by_role("button", name="Ask consumer")).to_have_count(0)
    expect(finish.get_by_role("button", name="Follow up")).to_have_count(0)


def test_a_case_is_there_to_be_taken_for_those_who_may_pick(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case()
    person = shop.agent(presence=Presence.AWAY)
    page = at_desk(person, bought.path())
    finish = page.get_by_role("region", name="Finish")
    finish.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Merge")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Split")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Take this one")).to_have_count(0)
    admin = Insider(shown, shown.agent(role=Kind.ADMIN))
    admin.puts(f"/v1/admin/agents/{person.agent}/picking", {"picks": True})
    page.reload()
    finish.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Take this one")).to_be_visible()


def test_a_supervisor_takes_a_case_of_the_desk(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case()
    page = at_desk(shop.agent(presence=Presence.AWAY, supervisor=True), bought.path())
    finish = page.get_by_role("region", name="Finish")
    finish.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Take this one")).to_be_visible()


def test_a_case_is_merged_into_none_that_waits_for_the_consumer(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    for issue in ("quality", "refund"):
        shop.says(bought, "And this.", issue=issue, fresh=True)
    person = shop.agent()
    asked = f"/v1/desk/cases/{bought.consumer}/{bought.conversation}/1/question"
    Insider(shown, person).posts(asked, {"text": "Which colour?"})
    page = at_desk(person, bought.path(2))
    finish = page.get_by_role("region", name="Finish")
    finish.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Merge").click()
    finish.get_by_role("combobox", name="Into").click()
    expect(page.get_by_role("option")).to_have_text(["#3 Refund"])


def test_every_key_is_told_and_letters_can_be_switched_off(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Resolve")
    assert serious(page) == []
    dialog.get_by_role("switch").click(force=True)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("e")
    expect(page.get_by_role("form", name="Resolve")).to_have_count(0)
    # Whatever is typed after Ctrl+K is in the bar, however quickly it comes.
    assert page.evaluate(PRESSED, BAR) == "What do you want to do?"
    page.keyboard.type("Resolve")
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Resolve")).to_be_visible()
    # What it has opened keeps the focus, and so does the composer; else it goes back.
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    box.fill("Half a")
    assert page.evaluate(PRESSED, BAR) == "What do you want to do?"
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    page.get_by_role("heading", level=1).click()
    assert page.evaluate(PRESSED, BAR) == "What do you want to do?"
    page.keyboard.type("Reply to the consumer")
    page.keyboard.press("Enter")
    page.keyboard.type(" sentence.")
    expect(box).to_have_value("Half a sentence.")


def test_the_key_that_closes_a_dialog_does_nothing_else(at_desk: AtDesk, shown: Site) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("button", name="Back").focus()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.url.endswith(case.path())
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/desk$"))


def test_a_macro_brings_the_facts_of_the_case_or_says_what_is_missing(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.macro("Placed", zh="您于{order.placed}下单", en="You ordered on {order.placed}.")
    shop.macro("Refund", zh="退款{refund.amount}", en="You get {refund.amount} back.")
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("{")
    dialog = page.get_by_role("dialog", name="Macros")
    expect(dialog.get_by_role("textbox")).to_have_value("{")
    dialog.get_by_role("button", name=re.compile("Refund")).click()
    expect(dialog.get_by_role("alert")).to_contain_text("the refund's amount (not known)")
    assert serious(page) == []
    dialog.get_by_role("button", name=re.compile("Placed")).click()
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    expect(box).to_have_value(re.compile("您于.+下单|You ordered on"))


def test_a_macro_is_found_however_it_is_written(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.macro("Placed", zh="您于{order.placed}下单", en="You ordered on {order.placed}.")
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog", name="Macros")
    page.keyboard.type("PLACED")
    expect(dialog.get_by_role("button", name="Placed")).to_be_visible()
    page.keyboard.type(" never")
    # Somebody has written some, and none of them fits.
    expect(dialog.get_by_text("Nothing fits what you look for.")).to_be_visible()


def test_a_macro_that_comes_late_leaves_what_was_typed_meanwhile(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.macro("Placed", zh="您于{order.placed}下单", en="You ordered on {order.placed}.")
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route(re.compile("/1/macros/"), hold)
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog", name="Macros")
    with page.expect_request(re.compile("/1/macros/")):
        dialog.get_by_role("button", name=re.compile("Placed")).click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    write(page, "It is on its way.")
    with page.expect_response(re.compile("/1/macros/")) as came:
        asked[0].continue_()
    came.value.finished()
    page.keyboard.press("End")
    page.keyboard.type(" Tomorrow.")
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    expect(box).to_have_value("It is on its way. Tomorrow.")


def test_a_session_that_ends_keeps_the_page_and_what_was_typed(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    person = shop.agent()
    page = at_desk(person, bought.path())
    write(page, "Half a sentence")
    # It leaves in two seconds. The other way round the dialog may be there before the keys are.
    page.keyboard.press("Control+Enter")
    page.context.clear_cookies()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing is lost")
    dialog.get_by_role("textbox").first.fill(person.name)
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()
    message = page.locator(".message[data-id]").filter(has_text="Half a sentence")
    expect(message).to_have_count(1)


def test_the_desk_on_a_phone_and_in_both_languages(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("什么时候能到？")
    page = at_desk(shop.agent(), width=360)
    looks(page, "desk-list", widths=("phone", "desk"), ready=".case-row")
    page.goto(bought.path())
    looks(page, "desk-case", widths=("phone", "desk"), ready=".message")
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("tab", name="Mine")).to_be_visible()


def test_who_logs_in_anew_in_each_tab_goes_on_in_each(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    case = shop.case()
    person = shop.agent()
    first = at_desk(person, case.path())
    expect(first.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    second = first.context.new_page()
    second.goto("/desk")
    second.locator("#content").wait_for()
    first.context.clear_cookies()
    for page in (first, second):
        page.bring_to_front()
        page.keyboard.press("n")
        expect(page.get_by_role("dialog")).to_be_visible()
    for page in (first, second):
        page.bring_to_front()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").first.fill(person.name)
        dialog.locator("input[type=password]").fill(PASSWORD)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_have_count(0)
    first.bring_to_front()
    write(first, "On its way.")
    first.keyboard.press("Control+Enter")
    sent = first.locator(".message[data-id]").filter(has_text="On its way.")
    expect(sent).to_have_count(1, timeout=30_000)
    expect(first.get_by_role("dialog")).to_have_count(0)


def test_a_follow_up_whose_answer_was_lost_counts_once(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    case = shop.case()
    page = at_desk(shop.agent(), case.path())
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    shop.in_hand(case)

    page.route("**/follow-up", lost_answer, times=1)
    page.keyboard.press("s")
    form = page.get_by_role("form")
    form.get_by_role("button").last.click()
    expect(form).to_contain_text("cannot be reached")
    form.get_by_role("button").last.click()
    expect(form).to_have_count(0)


def test_a_follow_up_that_was_refused_is_as_far_away_when_it_is_tried_again(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    no = {"code": "not_allowed", "status": 403}
    page.route("**/follow-up", lambda route: route.fulfill(status=403, json=no), times=1)
    until: list[datetime] = []
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    page.keyboard.press("s")
    form = page.get_by_role("form")
    for alerts in (1, 0):
        with page.expect_request("**/follow-up") as asked:
            form.get_by_role("button").last.click()
        body: Any = asked.value.post_data_json
        until.append(datetime.fromisoformat(body["at"]))
        expect(form.get_by_role("alert")).to_have_count(alerts)
        # By more than what the page learns meanwhile of the service's clock.
        page.wait_for_function(
            "since => Date.now() > since + 1000", arg=page.evaluate("Date.now()")
        )
    assert until[0] < until[1]


def test_what_a_session_that_was_over_kept_back_is_the_same_when_it_is_tried_again(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    case = shop.case()
    page = at_desk(shop.agent(), case.path())
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    shop.in_hand(case)
    over = {"code": "session_ended", "status": 401}
    page.route("**/follow-up", lambda route: route.fulfill(status=401, json=over), times=1)
    keys: list[str] = []
    page.keyboard.press("s")
    form = page.get_by_role("form")
    for alerts in (1, 0):
        with page.expect_request("**/follow-up") as asked:
            form.get_by_role("button").last.click()
        keys.append(asked.value.headers["idempotency-key"])
        expect(form.get_by_role("alert")).to_have_count(alerts)
    expect(form).to_have_count(0)
    assert keys[0] == keys[1]


def test_what_runs_out_does_so_by_the_service_s_clock(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    case = shop.case()
    page = at_desk(shop.agent(), case.path())
    # Whoever looks has a clock that is three hours fast.
    page.clock.set_system_time(utc_now() + timedelta(hours=3))
    page.reload()
    at_desk(shop.agent(), case.path())
    expect(page.get_by_text("A colleague is looking")).to_be_visible()
    shop.in_hand(case)
    page.keyboard.press("s")
    with page.expect_request("**/follow-up") as asked:
        page.get_by_role("form").get_by_role("button").last.click()
    said: Any = asked.value.post_data_json
    at = datetime.fromisoformat(said["at"])
    assert abs(at - utc_now() - timedelta(hours=2)) < timedelta(minutes=5)


def test_whoever_cannot_be_logged_out_is_told(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(Workplace(shown).agent())
    page.route("**/v1/desk/session", lambda route: route.abort())
    page.get_by_role("button", name=re.compile("^Me:")).click()
    page.get_by_role("menuitem", name="Log out").click()
    expect(page.get_by_text("you are still logged in")).to_be_visible()


def test_what_was_being_sent_when_the_page_went_is_not_offered_again(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    page.route(re.compile("/1/messages$"), lost_answer, times=1)
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/1/messages")):
        write(page, "On its way.")
        page.keyboard.press("Control+Enter")
    page.reload()
    expect(page.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)
    expect(page.locator(".leaving")).to_have_count(0, timeout=10_000)


def test_a_second_tab_does_not_keep_as_a_draft_what_the_first_has_sent(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    first = at_desk(shop.agent(), case.path())
    expect(first.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    write(first, "On its way.")
    second = first.context.new_page()
    second.goto(case.path())
    draft = second.get_by_role("region", name="Answer").get_by_role("textbox")
    expect(draft).to_have_value("On its way.")
    first.bring_to_front()
    first.get_by_role("button", name="Send to consumer").click()
    second.bring_to_front()
    expect(draft).to_have_value("")


def test_a_second_tab_does_not_offer_again_what_the_first_is_sending(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    first = at_desk(shop.agent(), case.path())
    expect(first.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    write(first, "On its way.")
    first.keyboard.press("Control+Enter")
    second = first.context.new_page()
    second.goto(case.path())
    expect(second.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)
    expect(second.locator(".leaving")).to_have_count(0)


def test_pages_in_the_background_leave_the_lines_to_the_one_that_is_looked_at(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    pages = [at_desk(shop.agent(), case.path())]
    # A browser opens six lines to a host, and each of these pages would hold two.
    for _ in range(4):
        expect(pages[-1].get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
        pages[-1].evaluate(TURNED, "hidden")
        pages.append(pages[0].context.new_page())
        pages[-1].goto(case.path())
    write(pages[-1], "On its way.")
    pages[-1].keyboard.press("Control+Enter")
    for page in (pages[-1], pages[0]):
        page.evaluate(TURNED, "visible")
        expect(page.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)


def test_a_file_that_was_not_taken_can_be_chosen_again(
    at_desk: AtDesk, shown: Site, tmp_path: Path
) -> None:
    shop = Workplace(shown)
    page = at_desk(shop.agent(), shop.case().path())
    answer = page.get_by_role("region", name="Answer")
    file = tmp_path / "label.png"
    file.write_bytes(photo(9))
    page.route("**/attachments?*", lambda route: route.abort(), times=1)
    for found in (answer.get_by_role("alert"), answer.get_by_role("img", name="label.png")):
        with page.expect_file_chooser() as chooser:
            answer.get_by_role("button", name="Attach").click()
        chooser.value.set_files(file)
        expect(found).to_be_visible()


def test_what_may_have_arrived_cannot_be_written_anew(at_desk: AtDesk, shown: Site) -> None:
    case = (shop := Workplace(shown)).case()
    first = at_desk(shop.agent(), case.path())
    expect(first.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    # Its answer is lost, and it is not sent again by itself.
    first.context.add_init_script("window.setInterval = () => 0")
    first.reload()
    first.route(re.compile("/1/messages$"), lost_answer, times=1)
    write(first, "On its way.")
    first.keyboard.press("Control+Enter")
    second = first.context.new_page()
    second.route(re.compile("/1/messages$"), lambda route: route.abort())
    second.goto(case.path())
    for page in (first, second):
        left = page.locator(".leaving")
        expect(left).to_contain_text("Not sent")
        expect(left.get_by_role("button")).to_have_text(["Retry", "Stop trying"])
    first.bring_to_front()
    first.get_by_role("button", name="Retry").click()
    for page in (first, second):
        expect(page.locator(".leaving")).to_have_count(0)
        expect(page.locator(".message[data-id]").filter(has_text="On its way.")).to_have_count(1)


def test_what_cannot_be_sent_at_all_can_be_given_up(at_desk: AtDesk, shown: Site) -> None:
    case = (shop := Workplace(shown)).case()
    first = at_desk(shop.agent(), case.path())
    first.context.route(re.compile("/1/messages$"), lambda route: route.abort())
    write(first, "Never arrives.")
    first.keyboard.press("Control+Enter")
    left = first.locator(".leaving")
    left.get_by_role("button", name="Stop trying").click()
    asked = first.get_by_role("dialog")
    with first.expect_event("requestfailed", lambda one: one.url.endswith("/1/messages")):
        expect(asked).to_contain_text("It may have arrived already")
    # It was tried again meanwhile, and the question stays.
    expect(left).to_have_attribute("data-state", "failed")
    asked.get_by_role("button", name="Cancel").click()
    expect(left).to_have_count(1)
    second = first.context.new_page()
    second.goto(case.path())
    expect(second.locator(".leaving")).to_have_count(1)
    first.bring_to_front()
    left.get_by_role("button", name="Stop trying").click()
    first.get_by_role("dialog").get_by_role("button", name="Stop trying").click()
    for page in (first, second):
        expect(page.locator(".leaving")).to_have_count(0)
        page.reload()
        expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
        expect(page.locator(".leaving")).to_have_count(0)


def test_a_page_that_is_left_alone_says_so_of_what_it_asks_by_itself(
    at_desk: AtDesk, shown: Site
) -> None:
    page = at_desk(Workplace(shown).agent())
    page.clock.install()
    seen, header = "**/v1/desk/me/seen", "oncedesk-unattended"
    with page.expect_request(seen) as asked:
        page.reload()
    assert header not in asked.value.headers
    with page.expect_request(seen) as asked:
        page.clock.fast_forward("05:00")
    assert header in asked.value.headers
    page.clock.fast_forward("04:30")
    page.keyboard.press("Shift")
    with page.expect_request(seen) as asked:
        page.clock.fast_forward("00:30")
    assert header not in asked.value.headers


def test_a_page_says_that_somebody_is_there_wherever_in_it_they_are(
    at_desk: AtDesk, shown: Site
) -> None:
    seen = "**/v1/desk/me/seen"
    page = at_desk(Workplace(shown).agent(presence=Presence.AWAY))
    page.get_by_role("combobox", name="Whether work may come").click()
    with page.expect_request(seen):
        page.get_by_role("option", name="Available").click()
    page.clock.install()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(re.compile("/home$"))
    with page.expect_request(seen):
        page.reload()
    with page.expect_request(seen):
        page.clock.fast_forward("05:00")


def test_what_is_being_written_stays_under_the_hands_when_the_case_ends(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    case, other = shop.case(), shop.case("Somebody else", issue="quality")
    colleague = Insider(shown, shop.agent())
    page = at_desk(shop.agent(), case.path())
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    field = page.get_by_role("region", name="Answer").get_by_role("textbox")
    field.press_sequentially("It is")
    path = f"/v1/desk/cases/{case.consumer}/{case.conversation}/1"
    colleague.posts(f"{path}/resolution", {"reason": "solved"})
    expect(page.get_by_text("This case has ended")).to_be_visible()
    page.keyboard.type(" on its way")
    expect(field).to_have_value("It is on its way")
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    assert serious(page) == []
    assert not [one for one in asked if one.endswith(("/v1/desk/next", "/messages"))]
    assert page.url.endswith(case.path())
    # Where nothing is written and nobody is at it, there is nothing to write in.
    page.goto(other.path())
    page.goto(case.path())
    expect(field).to_have_value("It is on its way")
    field.fill("")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)


def test_letters_that_go_on_after_their_field_was_taken_away_do_nothing(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.get_by_role("region", name="Answer").get_by_role("textbox").press_sequentially("It is")
    # The second is the page's, however long this machine takes for a letter.
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    page.evaluate(TAKEN_AWAY)
    page.keyboard.type(" on its way now")
    expect(page.get_by_role("region", name="Finish").get_by_role("form")).to_have_count(0)
    assert not [one for one in asked if one.endswith("/v1/desk/next")]
    page.clock.fast_forward(1_100)
    with page.expect_request("**/v1/desk/next"):
        page.keyboard.press("n")


def test_a_message_refused_after_one_has_gone_on_leads_back(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    case, other = shop.case(), shop.case("Somebody else", issue="quality")
    shop.in_hand(case)
    shop.in_hand(other)
    page = at_desk(person, case.path())
    write(page, "私下加我微信 zhang_12345，便宜")
    page.keyboard.press("Control+Enter")
    page.evaluate("(to) => history.pushState(null, '', to)", other.path())
    expect(page.get_by_role("heading", name="Quality")).to_be_visible()
    alert = page.get_by_role("alert").filter(has_text="A message in case #1 was not sent")
    expect(alert).to_be_visible()
    row = page.get_by_role("list", name="Mine").get_by_role("listitem")
    expect(row.filter(has_text="Not sent")).to_have_count(1)
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(re.compile("/home$"))
    assert serious(page) == []
    alert.get_by_role("link", name="Look at it").click()
    expect(page.locator(".leaving")).to_contain_text("Not sent")
    expect(alert).to_have_count(0)


def test_what_is_done_to_a_case_comes_after_what_was_said_in_it(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    done: list[str] = []
    page.on("response", lambda one: done.append(one.url) if one.ok else None)
    write(page, "It has arrived.")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    with page.expect_response("**/1/resolution"):
        page.keyboard.press("Control+Enter")
    steps = [one.rsplit("/", 1)[1] for one in done if one.endswith(("/messages", "/resolution"))]
    assert steps == ["messages", "resolution"]


def test_nothing_is_done_after_words_that_were_taken_back(at_desk: AtDesk, shown: Site) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    write(page, "It has arrived.")
    # The two seconds are the page's, however long this machine takes for a click.
    page.clock.install()
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    page.clock.resume()
    panel = page.locator("form.act-panel")
    expect(panel.get_by_role("alert")).to_contain_text("what you wrote before it was taken back")
    page.reload()
    expect(page.get_by_role("region", name="Answer")).to_be_visible()


def test_what_is_cancelled_while_it_waits_for_words_to_leave_is_not_done(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    write(page, "It has arrived.")
    # The two seconds are the page's, however long this machine takes for a key.
    page.clock.install()
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    expect(page.locator("form.act-panel")).to_have_count(0)
    with page.expect_response("**/1/messages"):
        page.clock.resume()
    expect(page.locator(".message[data-id]").filter(has_text="It has arrived.")).to_have_count(1)
    assert not [one for one in asked if one.endswith("/resolution")]


@pytest.mark.parametrize(("letter", "step"), [("w", "question"), ("f", "referral")])
def test_what_is_under_way_cannot_be_written_on(
    at_desk: AtDesk, shown: Site, letter: str, step: str
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/1/{step}", hold)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    page.keyboard.press(letter)
    panel = page.locator("form.act-panel")
    field = panel.get_by_role("textbox", name="The question")
    field.fill("Which")
    with page.expect_request(f"**/1/{step}"):
        page.keyboard.press("Control+Enter")
    expect(field).not_to_be_editable()
    # What it says now is not what is sent.
    page.keyboard.type(" size?")
    expect(field).to_have_value("Which")
    expect(field).to_be_focused()
    held[0].continue_()
    expect(panel).to_have_count(0)


def test_a_step_whose_answer_comes_late_leaves_the_hands_where_they_are(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/1/follow-up", hold)
    bar = page.get_by_role("region", name="Finish")
    field = page.get_by_role("region", name="Answer").get_by_role("textbox")
    for at in (bar.get_by_role("textbox", name="The question"), field):
        bar.get_by_role("button", name="Follow up", exact=True).click()
        bar.get_by_role("form").get_by_role("button", name="Follow up").click()
        if at is not field:
            bar.get_by_role("button", name="Ask consumer").click()
        at.press_sequentially("Which")
        with page.expect_response("**/1/follow-up"):
            asked.pop().continue_()
        page.keyboard.type(" size?")
        expect(at).to_have_value("Which size?")
        expect(at).to_be_focused()
        page.keyboard.press("Escape")


def test_what_is_done_to_a_case_waits_for_words_that_failed_for_a_while(
    at_desk: AtDesk, shown: Site
) -> None:
    case = (shop := Workplace(shown)).case()
    page = at_desk(shop.agent(), case.path())
    page.add_init_script("window.setInterval = () => 0")
    page.reload()
    done: list[str] = []
    page.on("response", lambda one: done.append(one.url) if one.ok else None)
    page.route("**/messages", lambda route: route.fulfill(status=503), times=2)
    write(page, "It has arrived.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not sent")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    expect(page.locator("form.act-panel").get_by_role("alert")).to_be_visible()
    with page.expect_response("**/1/resolution"):
        page.keyboard.press("Control+Enter")
    steps = [one.rsplit("/", 1)[1] for one in done if one.endswith(("/messages", "/resolution"))]
    assert steps == ["messages", "resolution"]


def test_whoever_is_away_since_a_break_sees_it_and_says_that_they_are_back(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    shop.in_hand(shop.case())
    page = at_desk(person)
    presence = page.get_by_role("combobox", name="Whether work may come")
    expect(presence).to_have_value("Available")
    shop.break_now(person)
    expect(presence).to_have_value("Away")
    alert = page.get_by_role("alert").filter(has_text="Your break is over")
    expect(alert).to_contain_text("You keep your cases until")
    assert serious(page) == []
    alert.get_by_role("button", name="I am back").click()
    expect(presence).to_have_value("Available")
    expect(alert).to_have_count(0)


def test_before_a_shift_s_end_the_page_asks_for_a_line_and_then_says_that_it_is_over(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    person, bought = shop.agent(), shop.case()
    shop.in_hand(bought)
    page = at_desk(person)
    starts_at = shop.ends_soon(person)
    asked = page.get_by_role("region", name="Hand-over lines")
    expect(asked).to_contain_text("Your shift ends at")
    assert serious(page) == []
    asked.get_by_role("link").click()
    page.get_by_role("button", name="Leave a hand-over line").click()
    form = page.locator("form.act-panel")
    form.get_by_role("textbox").fill("The carrier rings back at six.")
    form.get_by_role("button", name="Leave a hand-over line").click()
    expect(form).to_have_count(0)
    expect(asked).to_have_count(0)
    shop.sends_home(person, starts_at)
    expect(page.get_by_role("alert").filter(has_text="Your shift is over")).to_be_visible()
    expect(page.locator("li.told").filter(has_text="the shift was over")).to_be_visible()
    page = at_desk(shop.agent(), bought.path())
    brief = page.get_by_label("Brief")
    expect(brief).to_contain_text("The carrier rings back at six.")


def test_what_was_resolved_by_mistake_is_found_and_reopened(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent(presence=Presence.AVAILABLE)
    bought = shop.case("Where is mine?")
    page = at_desk(person, bought.path())
    expect(page.get_by_role("link", name=re.compile("Late delivery"))).to_be_visible()
    heading = page.get_by_role("heading", name="Late delivery #1")
    expect(heading).to_be_visible()
    page.keyboard.press("e")
    page.get_by_role("form", name="Resolve").get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(heading).to_have_count(0)
    page.get_by_role("tab", name="Resolved").click()
    row = page.get_by_role("list", name="Resolved").get_by_role("link")
    expect(row).to_contain_text("Where is mine?")
    tabs = page.get_by_role("tablist", name="Lists")
    assert tabs.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert serious(page) == []
    row.click()
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("form", name="Reopen").get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("You have resolved nothing lately.")).to_be_visible()
    page.get_by_role("tab", name="Mine").click()
    expect(page.get_by_role("link", name=re.compile("Late delivery"))).to_be_visible()


def test_what_another_desk_resolved_is_not_offered_to_be_reopened(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    person = shop.agent()
    done = f"/v1/desk/cases/{bought.consumer}/{bought.conversation}/1/resolution"
    Insider(shown, person).posts(done, {"reason": "solved"})
    for who, times in ((person, 1), (shop.agent(platform=True), 0)):
        page = at_desk(who, bought.path())
        expect(page.get_by_text("Resolved", exact=True).first).to_be_visible()
        expect(page.get_by_role("region", name="Finish")).to_be_attached()
        expect(page.get_by_role("button", name="Reopen")).to_have_count(times)


def test_the_platforms_people_see_what_else_a_consumer_has(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    shop.says(bought, "I cannot log in.", issue="other", subject={"kind": "none"})
    page = at_desk(shop.agent(platform=True), bought.path())
    others = page.get_by_role("region", name="Also from this consumer")
    expect(others.get_by_role("link")).to_have_count(1)
    assert serious(page) == []
    others.get_by_role("link").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("I cannot log in.")
    expect(others.get_by_role("link")).to_contain_text("Late delivery")
    mine = at_desk(shop.agent(), bought.path())
    expect(mine.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    expect(mine.get_by_role("region", name="Also from this consumer")).to_have_count(0)


def test_a_case_is_found_by_ids_as_far_as_it_may_be_seen(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("Where is mine?")
    mine = f"{bought.consumer} {bought.order}"

    def looks_for(page: Page, text: str) -> None:
        expect(page.get_by_role("tab", name="Mine")).to_be_visible()
        page.keyboard.press("Control+k")
        expect(page.get_by_role("textbox", name="What do you want to do?")).to_be_focused()
        page.keyboard.insert_text(text)

    page = at_desk(shop.agent(presence=Presence.AWAY))
    looks_for(page, str(bought.consumer))
    expect(page.get_by_text("There is no case here that you may see.")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    looks_for(page, f"https://desk.example.com{bought.path()}")
    expect(page.get_by_text("Open case #1 · Late delivery")).to_be_visible()
    page.keyboard.press("Escape")
    looks_for(page, mine)
    page.get_by_text("Open case #1").click()
    expect(page.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    platform = at_desk(shop.agent(platform=True))
    looks_for(platform, str(bought.consumer))
    platform.get_by_text("Open case #1 · Late delivery").click()
    expect(platform.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    stranger = at_desk(Workplace(shown).agent())
    looks_for(stranger, mine)
    expect(stranger.get_by_text("There is no case here that you may see.")).to_be_visible()


def test_a_session_that_is_ended_elsewhere_is_begun_anew_where_nothing_is_asked(
    at_desk: AtDesk, shown: Site
) -> None:
    page = at_desk(Workplace(shown).agent())
    expect(page.get_by_text("Nothing is in your hands.")).to_be_visible()
    other = page.context.new_page()
    other.goto("/desk")
    other.get_by_role("button", name=re.compile("^Me:")).click()
    other.get_by_role("menuitem", name="Log out").click()
    expect(page.get_by_role("dialog", name="Your session is over")).to_be_visible()


def test_a_long_word_leaves_the_brief_within_a_telephone(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("x" * 300)
    page = at_desk(shop.agent(platform=True), bought.path(), width=360)
    brief = page.locator(".brief")
    expect(brief).to_contain_text("xxx")
    right = "all => Math.max(...all.map((one) => one.getBoundingClientRect().right))"
    assert brief.locator("dt, dd").evaluate_all(right) <= 360
    # When an answer is due is told whole, however narrow it is.
    promised = brief.locator("dd", has_text="An answer to the consumer by")
    assert promised.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_rows_are_as_high_as_their_letters(at_desk: AtDesk, shown: Site) -> None:
    """Somebody has chosen letters twice as large in their browser."""
    shop = Workplace(shown)
    agent = shop.agent()
    for bought in (shop.case(), shop.case()):
        shop.in_hand(bought)
    page = at_desk(agent, "/views")
    larger = "document.documentElement.style.fontSize = '200%'"
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {larger} }})")
    page.goto("/desk")
    rows = page.locator(".rows li")
    expect(rows).to_have_count(2)
    over = "all => all.filter(({ firstChild: one }) => one.scrollHeight > one.clientHeight).length"
    assert rows.evaluate_all(over) == 0
