"""What supervisors see and move on their page, against the served marketplace."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from oncedesk.domain.agents.messages import DeskRole, Presence
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from tests.browser.conftest import is_handed_to
from tests.browser.serving import Insider
from tests.browser.workplace import Workplace
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Site

AtDesk = Callable[..., Page]


def waits(shown: Site) -> None:
    """A consumer has written to the platform's desk."""
    said = {
        "consumer": str(uuid4()),
        "subject": {"kind": "none"},
        "text": "Where is my refund?",
        "market": "cn",
        "channel": "web",
        "surface": "order",
        "issue": "refund",
    }
    shown.command("POST", "/v1/marketplace/contacts", said)


def test_a_supervisor_sees_the_desk_live_and_takes_a_case(at_desk: AtDesk, shown: Site) -> None:
    boss = shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR)
    Workplace(shown).agent(platform=True)
    waits(shown)
    page = at_desk(boss, "/supervisor")
    expect(page.get_by_role("heading", name="Supervisor", exact=True)).to_be_visible()
    expect(page.get_by_role("status").get_by_text("Live", exact=True)).to_be_visible()
    due = page.get_by_role("region", name="Due first")
    expect(due.get_by_role("row")).not_to_have_count(1)
    due.get_by_role("button", name="Give to…").first.click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    due.get_by_role("button", name="Take").first.click()
    expect(page.get_by_text("it is in your hands in a moment")).to_be_visible()
    agents = page.get_by_role("region", name="Agents")
    mine = agents.get_by_role("row").filter(has_text=str(boss.agent)[:8])
    expect(mine).to_contain_text("1 / 5")
    expect(page).to_have_title("Supervisor · Oncedesk")


def test_a_queue_is_named_whose_skill_nobody_has(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.case()
    page = at_desk(shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR), "/supervisor")
    missing = page.get_by_role("region", name="Queues").get_by_text("Nobody at this desk has")
    expect(missing).to_be_visible()
    shop.agent()
    expect(missing).to_have_count(0)


def test_a_desk_that_nobody_opened_yet_is_told_with_who_can(at_desk: AtDesk, shown: Site) -> None:
    desk = Desk(DeskKind.MERCHANT, uuid4())
    page = at_desk(shown.agent(role=Kind.ADMIN), f"/supervisor?desk={desk}")
    expect(page.get_by_text("This desk was not opened yet.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("#content").get_by_role("link", name="Desks").click()
    expect(page.get_by_role("heading", name="Desks", exact=True)).to_be_visible()
    page = at_desk(shown.agent(desk, on_desk=DeskRole.SUPERVISOR), "/supervisor", language="zh")
    expect(page.get_by_text("这个服务台还没有开设。")).to_be_visible()
    expect(page.get_by_text("请管理员开设")).to_be_visible()
    expect(page.locator("#content").get_by_role("link", name="服务台")).to_have_count(0)
    Workplace(shown).opens(desk)
    page.reload()
    expect(page.get_by_role("status").get_by_text("实时", exact=True)).to_be_visible()


def test_a_surge_is_declared_and_called_off_by_hand(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/supervisor")
    page.get_by_role("button", name="Declare a surge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Consumers see the wait")
    dialog.get_by_role("button", name="Declare a surge").click()
    expect(page.locator("#content").get_by_text("Declared by hand, until")).to_be_visible()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Call it off").click()
    page.get_by_role("dialog").get_by_role("button", name="Call it off").click()
    expect(page.get_by_role("button", name="Declare a surge")).to_be_visible()


def test_a_surge_ends_by_the_service_s_clock(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    page = at_desk(shop.agent(supervisor=True), "/supervisor")
    # Whoever looks has a clock that is three hours slow.
    page.clock.set_system_time(utc_now() - timedelta(hours=3))
    page.reload()
    page.get_by_role("button", name="Declare a surge").click()
    dialog = page.get_by_role("dialog")
    with page.expect_request("**/v1/desk/surge") as asked:
        dialog.get_by_role("button", name="Declare a surge").click()
    said: Any = asked.value.post_data_json
    until = datetime.fromisoformat(said["until"])
    assert abs(until - utc_now() - timedelta(hours=2)) < timedelta(minutes=5)
    expect(page.locator("#content").get_by_text("Declared by hand, until")).to_be_visible()


def test_a_whisper_whose_answer_was_lost_may_be_changed(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    case = shop.case()
    shop.agent()
    shop.in_hand(case)
    page = at_desk(shop.agent(supervisor=True, presence=Presence.AWAY), "/supervisor")
    page.get_by_role("button", name="Whisper").first.click()
    dialog = page.get_by_role("dialog")
    said = re.compile("/1/messages$")
    say = dialog.get_by_role("button").last
    page.route(said, lost_answer, times=2)
    # The same once more has the same key, and counts once; something else has its own.
    keys = []
    for text in ("Offer a refund", "Offer a refund", "Offer a replacement"):
        dialog.get_by_role("textbox").fill(text)
        with page.expect_request(said) as asked:
            say.click()
        keys.append(asked.value.headers["idempotency-key"])
        if len(keys) < 3:
            expect(dialog).to_contain_text("cannot be reached")
            expect(say).to_be_enabled()
    expect(dialog).to_have_count(0)
    assert keys[0] == keys[1] != keys[2]


def test_an_unsent_whisper_is_found_by_whoever_wrote_it_and_nobody_else(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    case = shop.case()
    shop.agent()
    shop.in_hand(case)
    author, other = (shop.agent(supervisor=True, presence=Presence.AWAY) for _ in range(2))
    page = at_desk(author, "/supervisor")
    whisper = page.get_by_role("button", name="Whisper").first
    note = page.get_by_role("dialog").get_by_role("textbox")
    whisper.click()
    note.fill("Mind his tone")
    page.keyboard.press("Escape")
    for person, text in ((other, ""), (author, "Mind his tone")):
        is_handed_to(page, person, "/supervisor")
        whisper.click()
        expect(note).to_have_value(text)
        page.keyboard.press("Escape")


def test_a_whisper_stays_open_when_its_case_leaves_the_table(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    agent = shop.agent()
    case = shop.case("Where is my lamp?")
    shop.in_hand(case)
    page = at_desk(shop.agent(supervisor=True, presence=Presence.AWAY), "/supervisor")
    page.clock.install()
    silent = page.get_by_role("region", name="Who lets the consumer wait")
    row = silent.get_by_role("row").filter(has_text="Late delivery #1")
    expect(row).to_contain_text("Where is my lamp?")
    row.get_by_role("button", name="Whisper").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Late delivery #1")
    note = dialog.get_by_role("textbox")
    note.press_sequentially("Offer a ")
    path = f"/v1/desk/cases/{case.consumer}/{case.conversation}/1"
    Insider(shown, agent).posts(f"{path}/resolution", {"reason": "solved"})
    for table in ("pressing", "silent"):
        with page.expect_response(f"**/wall/{table}?*"):
            page.clock.fast_forward("00:15")
    expect(row).to_have_count(0)
    note.press_sequentially("voucher")
    expect(note).to_have_value("Offer a voucher")


def test_the_wall_leads_to_the_shifts_of_an_agent(at_desk: AtDesk, shown: Site) -> None:
    agent = shown.agent(PLATFORM)
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/supervisor")
    row = (
        page.get_by_role("region", name="Agents")
        .get_by_role("row")
        .filter(has_text=str(agent.agent)[:8])
    )
    row.get_by_role("link", name="Shifts").click()
    expect(page.get_by_role("heading", name="Shifts", level=1)).to_be_visible()
    expect(page.get_by_role("region", name=str(agent.agent)[:8])).to_be_visible()
    expect(page.locator(".week-row")).to_have_count(1)


def test_whoever_is_back_early_from_a_break_is_shown_at_work(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    agent = shop.agent()
    shop.back_from_break(agent)
    page = at_desk(shop.agent(supervisor=True), "/supervisor")
    agents = page.get_by_role("region", name="Agents")
    theirs = agents.get_by_role("row").filter(has_text=str(agent.agent)[:8])
    expect(theirs.get_by_text("Available")).to_be_visible()
    expect(theirs.get_by_text("On a break")).to_have_count(0)


def test_who_supervises_nothing_has_no_such_page(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM), "/supervisor")
    expect(page.get_by_text("There is no page here")).to_be_visible()
    expect(page.get_by_role("link", name="Supervisor")).to_have_count(0)
    expect(page.get_by_role("link", name="Insight")).to_have_count(0)


def test_the_page_in_both_languages_and_sizes(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/supervisor")
    looks(page, "supervisor", widths=("desk", "phone"), ready="dl")


def test_the_desk_is_the_same_when_one_comes_back(at_desk: AtDesk, shown: Site) -> None:
    first, second = Workplace(shown), Workplace(shown)
    boss = shown.agent(first.desk, second.desk, on_desk=DeskRole.SUPERVISOR)
    page = at_desk(boss, "/supervisor")
    desk = page.get_by_role("combobox", name="Desk")
    begun = desk.input_value()
    desk.click()
    page.get_by_role("option").and_(page.locator("[aria-selected=false]")).click()
    expect(desk).not_to_have_value(begun)
    other = desk.input_value()
    page.get_by_role("link", name="Shifts").first.click()
    expect(page.get_by_role("heading", name="Shifts", level=1)).to_be_visible()
    expect(desk).to_have_value(other)
    page.go_back()
    expect(page.get_by_role("heading", name="Supervisor", exact=True)).to_be_visible()
    expect(desk).to_have_value(other)
    page.get_by_role("link", name="Shifts").first.click()
    page.get_by_role("link", name="The wall").click()
    expect(desk).to_have_value(other)


def test_a_wall_that_is_theirs_no_more_says_so(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    boss = shop.agent(supervisor=True)
    page = at_desk(boss, "/supervisor")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    shop.dismisses(boss)
    expect(page.get_by_text("There is none, or none that you may see.")).to_be_visible()
    expect(page.get_by_text("trying again")).to_have_count(0)
