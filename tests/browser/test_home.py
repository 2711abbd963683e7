"""A merchant's home and statement: what waits, many answers after a look, and what it came to."""

import csv
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from oncedesk.domain.agents.messages import Presence, SetCapacity, SetSkills
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.wiring import Parts
from tests.browser.conftest import is_handed_to
from tests.browser.serving import Colleague
from tests.browser.shopping import PRICE, Shopper
from tests.browser.test_help_talk import said
from tests.http.files import photo
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Person, Site, with_parts

AtDesk = Callable[..., Page]
PRICE_MINOR = 9_900
NAME, TITLE = "李家茶具", "紫砂壶"


@dataclass
class Shop:
    """A merchant with somebody at its desk, and consumers who have bought from it."""

    site: Site
    merchant: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        desk = Desk(DeskKind.MERCHANT, self.merchant)
        self.person: Person = self.site.agent(desk, presence=Presence.AVAILABLE)
        agent = self.person.agent
        commands: tuple[Any, ...] = (
            OpenDesk(desk=desk, market="cn", languages=("zh",)),
            SetSkills(agent=agent, skills=("orders",), languages=("zh",)),
            SetCapacity(agent=agent, capacity=9),
            ReportLoad(desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=utc_now()),
        )

        async def begin(parts: Parts) -> None:
            for number, command in enumerate(commands):
                answer = await parts.engine.submit(
                    command, principal="tests", key=f"{self.merchant}/{number}", actor=SYSTEM
                )
                assert answer.accepted, answer

        with_parts(self.site.database, begin)
        party = {"kind": "merchant", "market": "cn", "person": {"name": NAME}}
        self.site.command("PUT", f"/v1/marketplace/parties/{self.merchant}", party)

    def sells(self) -> tuple[httpx.Client, UUID]:
        """Somebody bought something that is made to order; the consumer's client, and the order."""
        consumer, order, listing = uuid4(), uuid4(), uuid4()
        variant = {"variant": str(uuid4()), "price_minor": PRICE_MINOR}
        self.site.command(
            "PUT",
            f"/v1/marketplace/merchants/{self.merchant}/listings/{listing}",
            {"currency": "CNY", "variants": [variant], "title": TITLE},
        )
        self.site.command(
            "PUT",
            f"/v1/marketplace/consumers/{consumer}/orders/{order}",
            {
                "market": "cn",
                "placed_at": (utc_now() - timedelta(hours=1)).isoformat(),
                "timezone": "Asia/Shanghai",
                "currency": "CNY",
                "parts": [
                    {
                        "merchant": str(self.merchant),
                        "items": [
                            {
                                "listing": str(listing),
                                "unit_price_minor": PRICE_MINOR,
                                "category": "custom_made",
                            }
                        ],
                        "promises": [{"type": "standard"}],
                    }
                ],
                "payments": [{"method": "wallet", "amount_minor": PRICE_MINOR}],
            },
        )
        client = httpx.Client(base_url=self.site.url, timeout=30)
        begun = client.post("/v1/help/session", json={"token": self.site.token(consumer)})
        client.headers["authorization"] = f"Bearer {begun.json()['token']}"
        return client, order

    def is_asked(self) -> None:
        """Somebody asks where it is, and to cancel it, which the merchant has to agree to."""
        consumer, order = self.sells()
        with closing(consumer):
            subject = {"kind": "order", "id": str(order), "part": 1}
            contact = {"subject": subject, "text": "Where is it?", "issue": "late_delivery"}
            said = consumer.post("/v1/help/contacts", json=contact)
            assert said.status_code == 200, said.text
            wish = {"kind": "cancel", "reason": "changed_mind", "part": 1}
            asked = consumer.post(f"/v1/help/orders/{order}/remedies", json={"wish": wish})
            assert asked.status_code == 200, asked.text

    def is_booked(self) -> None:
        """Waits until what was paid is in the books."""
        span = (utc_now() - timedelta(days=1), utc_now() + timedelta(days=1))
        since, until = (one.isoformat() for one in span)
        path = f"/v1/marketplace/parties/{self.merchant}/statement"
        asked = {"currency": "CNY", "since": since, "until": until}
        self.site.until(path, lambda said: bool(said["lines"]["items"]), **asked)


def refunded_early(site: Site, merchant: UUID) -> Shopper:
    """Somebody had their money back before the goods were here, which can be contested."""
    shopper = Shopper(site)
    shopper.merchant = merchant
    shopper.takes_returns()
    order = shopper.orders(title=TITLE)
    shopper.hears(order, "collected", "delivered")
    shopper.writes("It does not fit.", issue="return")
    wish = {"part": 1, "kind": "return_and_refund", "reason": "changed_mind"}
    case = {"conversation": str(shopper.conversation(order)), "case": 1}
    shopper.tells(order, "/remedies", {"wish": wish, "case": case})
    shipment = str(uuid4())
    shopper.tells(order, "/remedies/1/return-label", {"shipment": shipment})
    scan = {"shipment": shipment, "code": "collected", "at": utc_now().isoformat()}
    shopper.tells(order, "/remedies/1/tracking", scan)
    shopper.awaits(order, lambda remedy: bool(remedy["legs"]))
    (remedy,) = shopper.remedies(order)
    (leg,) = remedy["legs"]
    sent = {"amount_minor": PRICE, "currency": "CNY", "sent_at": utc_now().isoformat()}
    shopper.tells(order, f"/remedies/1/refunds/{leg['number']}/confirmation", sent)
    return shopper


@pytest.fixture
def merchant(shown: Site) -> Shop:
    return Shop(shown)


def test_a_first_day_says_what_will_come(at_desk: AtDesk, merchant: Shop) -> None:
    page = at_desk(merchant.person, "/home")
    expect(page.get_by_text("Nothing is decided against you by itself today.")).to_be_visible()
    expect(page.get_by_text("What consumers ask for appears here at once")).to_be_visible()
    expect(page.get_by_text("Nothing was booked yet.")).to_be_visible()
    looks(page, "home-first-day", widths=("phone", "desk"))
    page.get_by_role("link", name="See the statement").click()
    expect(page.get_by_role("heading", name="Statement")).to_be_visible()
    expect(page.get_by_text("The first remedy or payout appears here.")).to_be_visible()


def test_a_page_that_is_left_open_goes_on_to_the_next_day(at_desk: AtDesk, merchant: Shop) -> None:
    page = at_desk(merchant.person, "/home")
    page.clock.install()
    with page.expect_request("**/home/remedies?*") as first:
        page.reload()
    tonight = until(first.value)
    # What asks again as time passes begins with what is shown, not with the first request.
    expect(page.get_by_text("Nothing is decided against you")).to_be_visible()
    with page.expect_request(
        lambda one: "/home/remedies?" in one.url and until(one) == tonight + timedelta(days=1)
    ):
        page.clock.fast_forward("24:00:00")


def test_what_could_not_be_read_is_not_said_to_be_nothing(at_desk: AtDesk, merchant: Shop) -> None:
    page = at_desk(merchant.person, "/home")
    today = page.get_by_role("region", name="If nobody acts today")
    expect(today).to_contain_text("Nothing is decided against you")
    page.route(re.compile("/v1/desk/home/remedies"), lambda route: route.abort())
    page.reload()
    expect(today).to_contain_text("cannot be said now", timeout=20_000)
    expect(today).not_to_contain_text("Nothing is decided against you")


def until(asked: Request) -> datetime:
    (at,) = parse_qs(urlsplit(asked.url).query)["until"]
    return datetime.fromisoformat(at)


def test_what_waits_is_granted_in_bulk_after_a_look(at_desk: AtDesk, merchant: Shop) -> None:
    for _ in range(3):
        merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    remedies = page.get_by_role("region", name="Remedies that wait for you")
    expect(remedies.get_by_text("Cancel · Changed their mind · ¥99.00")).to_have_count(3)
    expect(remedies.get_by_text(re.compile(f"{TITLE} · ordered"))).to_have_count(3)
    expect(page.locator("#content").get_by_text(NAME)).to_be_visible()
    expect(remedies.get_by_text(re.compile("^in .* · taken over by the platform"))).to_have_count(3)
    expect(
        remedies.get_by_text("To prevent it: grant, refuse, offer something else")
    ).to_have_count(3)
    looks(page, "home", widths=("phone", "desk"))
    page.get_by_role("region", name="Remedies").get_by_label("Select all").click()
    page.get_by_role("button", name="Grant…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="See what it comes to").click()
    expect(dialog.get_by_text("granted: 3, ¥297.00 at your charge")).to_be_visible()
    expect(remedies.get_by_text("Cancel ·")).to_have_count(3)
    dialog.get_by_role("button", name="Confirm: Grant 3").click()
    expect(dialog.get_by_text("3 done.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(remedies.get_by_text("None waits.")).to_be_visible()


def test_what_is_given_to_many_is_what_was_looked_at(at_desk: AtDesk, merchant: Shop) -> None:
    for _ in range(2):
        merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    page.get_by_role("region", name="Remedies").get_by_label("Select all").click()
    page.get_by_role("button", name="Offer").click()
    dialog = page.get_by_role("dialog")
    percent = dialog.get_by_role("textbox")
    percent.fill("30")
    asked: list[Route] = []

    def waits(route: Route) -> None:
        asked.append(route)

    page.route("**/bulk/preview", waits)
    with page.expect_request("**/bulk/preview"):
        dialog.get_by_role("button", name="See what it comes to").click()
    expect(percent).to_be_disabled()
    asked[0].continue_()
    expect(dialog.get_by_role("button", name="Confirm:")).to_be_visible()
    dialog.get_by_role("button", name="Change").click()
    expect(percent).to_have_value(re.compile("^30"))
    expect(percent).to_be_enabled()


def test_words_to_many_can_be_taken_back_for_a_moment(at_desk: AtDesk, merchant: Shop) -> None:
    for _ in range(2):
        merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    cases = page.get_by_role("region", name="Cases that wait for you")
    expect(cases.get_by_text("To prevent it: answer the consumer")).to_have_count(2)
    cases.get_by_label("Select all").click()
    page.get_by_role("button", name="Answer…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("To the consumer").fill("Pay me on WeChat: shopkeeper_88")
    dialog.get_by_role("button", name="See what it comes to").click()
    expect(dialog.get_by_text("None of these can be done.")).to_be_visible()
    dialog.get_by_role("button", name="Change").click()
    words = "It leaves tomorrow."
    dialog.get_by_label("To the consumer").fill(words)
    dialog.get_by_role("button", name="See what it comes to").click()
    confirm = dialog.get_by_role("button", name="Confirm: Answer 2")
    expect(confirm).to_be_visible()
    # It is held back for some seconds of the page's, so that it can be taken back.
    page.clock.install()
    page.clock.pause_at(utc_now() + timedelta(minutes=1))
    confirm.click()
    dialog.get_by_role("button", name="Undo").click()
    expect(confirm).to_be_visible()
    confirm.click()
    page.clock.resume()
    expect(dialog.get_by_text("2 done.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(cases.get_by_text("To prevent it: resolve it")).to_have_count(2)


def test_an_unsent_answer_to_many_is_found_by_whoever_wrote_it_and_nobody_else(
    at_desk: AtDesk, shown: Site, merchant: Shop
) -> None:
    for _ in range(2):
        merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    other = shown.agent(Desk(DeskKind.MERCHANT, merchant.merchant))
    cases = page.get_by_role("region", name="Cases that wait for you")
    text = page.get_by_role("dialog").get_by_label("To the consumer")

    def answers() -> None:
        cases.get_by_label("Select all").click()
        page.get_by_role("button", name="Answer…").click()

    answers()
    text.fill("It leaves tomorrow.")
    page.keyboard.press("Escape")
    for person, written in ((other, ""), (merchant.person, "It leaves tomorrow.")):
        is_handed_to(page, person, "/home")
        answers()
        expect(text).to_have_value(written)
        page.keyboard.press("Escape")


def test_evidence_about_many_is_shown_once_in_each_case_though_some_fail(
    at_desk: AtDesk, shown: Site
) -> None:
    merchant = uuid4()
    Colleague(shown, merchant)
    shoppers = [refunded_early(shown, merchant) for _ in range(2)]
    page = at_desk(shown.agent(Desk(DeskKind.MERCHANT, merchant)), "/home")
    page.get_by_role("region", name="Decisions that you can still turn").get_by_label(
        "Select all"
    ).click()
    page.get_by_role("button", name="Contest…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option(index=1)
    empty = FilePayload(name="empty.png", mimeType="image/png", buffer=photo(41))
    dialog.locator("input[type=file]").set_input_files(empty)
    brought: list[Route] = []

    def second_away(route: Route) -> None:
        """What stands before the service cannot reach it at the second file."""
        brought.append(route)
        if len(brought) == 2:
            page_of_a_proxy = "<html><h1>502 Bad Gateway</h1></html>"
            route.fulfill(status=502, content_type="text/html", body=page_of_a_proxy)
        else:
            route.continue_()

    look = dialog.get_by_role("button", name="See what it comes to")
    page.route("**/attachments?*", second_away)
    look.click()
    expect(dialog.get_by_text("The service is busy")).to_be_visible()
    page.unroute_all()
    page.route("**/messages", lost_answer)
    look.click()
    expect(dialog.get_by_text("The service cannot be reached")).to_be_visible()
    page.unroute_all()
    look.click()
    dialog.get_by_role("button", name="Confirm: Contest 2").click()
    expect(dialog.get_by_text("2 done.")).to_be_visible()
    for shopper in shoppers:
        assert shopper.order is not None
        told = said(shown, shopper.consumer, str(shopper.conversation(shopper.order)))
        assert told.count("empty.png") == 1


def test_the_statement_leads_to_its_cases_and_leaves_as_a_file(
    at_desk: AtDesk, merchant: Shop, tmp_path: Path
) -> None:
    merchant.is_asked()
    merchant.is_booked()
    page = at_desk(merchant.person, "/statement")
    lines = page.get_by_role("table", name="What moved")
    expect(lines.get_by_role("row")).to_have_count(2)
    expect(lines).to_contain_text("Paid for")
    expect(lines).to_contain_text("+¥99.00")
    looks(page, "statement", widths=("phone", "desk"), ready="table")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Export as CSV").click()
    saving.value.save_as(tmp_path / "statement.csv")
    with (tmp_path / "statement.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["account"], row["minor"], row["currency"]) == ("escrow", "9900", "CNY")
    lines.get_by_role("button", name="Find the case").click()
    page.wait_for_url(re.compile(r"/desk/c/[0-9a-f-]+/[0-9a-f-]+#1$"))
    page.goto("/statement?month=2020-02")
    expect(page.get_by_text("Nothing moved in this month.")).to_be_visible()


def test_a_home_is_for_merchants_and_creators(at_desk: AtDesk, shown: Site, merchant: Shop) -> None:
    page = at_desk(shown.agent(PLATFORM), "/home")
    expect(page.get_by_role("heading", name="There is no page here")).to_be_visible()
    expect(page.get_by_role("link", name="Statement")).to_have_count(0)
    other = at_desk(merchant.person, f"/home?desk=merchant:{uuid4()}", language="zh")
    expect(other.get_by_text("今天不会有对您不利的自动判定。")).to_be_visible()


def test_the_month_that_is_shown_is_the_one_that_is_named(at_desk: AtDesk, merchant: Shop) -> None:
    page = at_desk(merchant.person, "/statement?month=2020-02")
    month = page.get_by_label("Month")
    expect(month).to_have_value("2020-02")
    expect(month.locator("option:checked")).to_have_text("February 2020")


def test_an_answer_that_nobody_got_is_not_lost(at_desk: AtDesk, merchant: Shop) -> None:
    for _ in range(2):
        merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    cases = page.get_by_role("region", name="Cases that wait for you")
    cases.get_by_label("Select all").click()
    page.get_by_role("button", name="Answer…").click()
    dialog = page.get_by_role("dialog")
    text = dialog.get_by_label("To the consumer")
    text.fill("It leaves tomorrow.")
    assert serious(page) == []
    dialog.get_by_role("button", name="See what it comes to").click()

    def busy(route: Route) -> None:
        sent: Any = route.request.post_data_json
        why = {"code": "busy", "status": 503, "title": "busy"}
        items = [{"key": one["key"], "done": False, "why": why} for one in sent["answers"]]
        route.fulfill(json={"items": items})

    page.route("**/v1/desk/bulk", busy)
    dialog.get_by_role("button", name="Confirm: Answer 2").click()
    expect(dialog.get_by_text("2 not done:")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)
    # They are still chosen, and what was written is there.
    page.get_by_role("button", name="Answer…").click()
    expect(text).to_have_value("It leaves tomorrow.")


def test_what_is_chosen_beyond_a_hundred_comes_next(at_desk: AtDesk, merchant: Shop) -> None:
    merchant.is_asked()
    page = at_desk(merchant.person, "/home")

    def many(route: Route) -> None:
        found = route.fetch().json()
        found["items"] = [{**found["items"][0], "case": number} for number in range(1, 103)]
        route.fulfill(json=found)

    def yes(route: Route) -> None:
        sent: Any = route.request.post_data_json
        comes = {"comes_to": "answered", "amount_minor": 0, "own_minor": 0, "currency": ""}
        items = [{"key": one["key"], "done": True, **comes} for one in sent["answers"]]
        route.fulfill(json={"items": items, "sums": []})

    page.route(re.compile("/v1/desk/home/cases"), many)
    page.route(re.compile("/v1/desk/bulk"), yes)
    page.reload()
    page.get_by_role("region", name="Cases that wait for you").get_by_label("Select all").click()
    expect(page.get_by_text("102 selected")).to_be_visible()
    page.get_by_role("button", name="Answer…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("100 at a time: the other 2 stay selected.")).to_be_visible()
    dialog.get_by_label("To the consumer").fill("It leaves tomorrow.")
    dialog.get_by_role("button", name="See what it comes to").click()
    dialog.get_by_role("button", name="Confirm: Answer 100").click()
    expect(dialog.get_by_text("100 done.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()


def test_words_to_many_whose_answer_was_lost_are_said_once(at_desk: AtDesk, merchant: Shop) -> None:
    merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    page.get_by_role("region", name="Cases that wait for you").get_by_role("checkbox").check()
    dialog = page.get_by_role("dialog")
    keys: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/v1/desk/bulk"):
            sent: Any = request.post_data_json
            keys.extend(one["key"] for one in sent["answers"])

    page.on("request", heard)
    page.route("**/v1/desk/bulk", lambda route: route.abort(), times=1)
    for told in (dialog.get_by_role("alert"), dialog.get_by_text("1 done.")):
        page.get_by_role("button", name="Answer…").click()
        dialog.get_by_label("To the consumer").fill("It leaves tomorrow.")
        dialog.get_by_role("button", name="See what it comes to").click()
        dialog.get_by_role("button", name="Confirm: Answer 1").click()
        expect(told).to_be_visible()
        dialog.get_by_role("button", name="Close").last.click()
        expect(dialog).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_words_to_many_whose_answer_was_lost_are_said_once_after_a_reload(
    at_desk: AtDesk, merchant: Shop
) -> None:
    merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    dialog = page.get_by_role("dialog")
    keys: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/v1/desk/bulk"):
            sent: Any = request.post_data_json
            keys.extend(one["key"] for one in sent["answers"])

    page.on("request", heard)
    page.route("**/v1/desk/bulk", lambda route: route.abort(), times=1)
    waits = page.get_by_role("region", name="Cases that wait for you")
    for told in (dialog.get_by_role("alert"), dialog.get_by_text("1 done.")):
        waits.get_by_role("checkbox").check()
        page.get_by_role("button", name="Answer…").click()
        dialog.get_by_label("To the consumer").fill("It leaves tomorrow.")
        dialog.get_by_role("button", name="See what it comes to").click()
        dialog.get_by_role("button", name="Confirm: Answer 1").click()
        expect(told).to_be_visible()
        page.reload()
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_other_words_to_many_after_a_lost_answer_are_something_new(
    at_desk: AtDesk, merchant: Shop
) -> None:
    merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    page.get_by_role("region", name="Cases that wait for you").get_by_role("checkbox").check()
    dialog = page.get_by_role("dialog")
    keys: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/v1/desk/bulk"):
            sent: Any = request.post_data_json
            keys.extend(one["key"] for one in sent["answers"])

    page.on("request", heard)
    page.route("**/v1/desk/bulk", lambda route: route.abort(), times=1)
    tries = (
        ("It leaves tomorrow.", dialog.get_by_role("alert")),
        ("It left today.", dialog.get_by_text("1 done.")),
    )
    for text, told in tries:
        page.get_by_role("button", name="Answer…").click()
        dialog.get_by_label("To the consumer").fill(text)
        dialog.get_by_role("button", name="See what it comes to").click()
        dialog.get_by_role("button", name="Confirm: Answer 1").click()
        expect(told).to_be_visible()
        dialog.get_by_role("button", name="Close").last.click()
        expect(dialog).to_have_count(0)
    assert len(set(keys)) == 2


def test_what_was_said_is_not_said_again_with_what_could_not_be(
    at_desk: AtDesk, merchant: Shop
) -> None:
    merchant.is_asked()
    merchant.is_asked()
    page = at_desk(merchant.person, "/home")
    page.get_by_role("region", name="Cases that wait for you").get_by_label("Select all").click()
    dialog = page.get_by_role("dialog")
    sent: list[list[str]] = []

    def half(route: Route) -> None:
        said: Any = route.request.post_data_json
        sent.append([one["key"] for one in said["answers"]])
        response = route.fetch()
        done = response.json()
        if len(sent) == 1:
            done["items"][0] |= {"done": False, "why": {"code": "too_busy", "status": 503}}
        route.fulfill(response=response, json=done)

    page.route("**/v1/desk/bulk", half)
    page.get_by_role("button", name="Answer…").click()
    dialog.get_by_label("To the consumer").fill("It leaves tomorrow.")
    dialog.get_by_role("button", name="See what it comes to").click()
    dialog.get_by_role("button", name="Confirm: Answer 2").click()
    expect(dialog.get_by_text("1 done.")).to_be_visible()
    dialog.get_by_role("button", name="Try those again").click()
    expect(dialog.get_by_text("2 done.")).to_be_visible()
    first, again = sent
    assert first == again
