"""What the gate flagged, on the page of those who look at it."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.workplace import Bought, Workplace
from tests.support.browsers import looks
from tests.support.pictures import qr_picture
from tests.support.site import Site

AtDesk = Callable[..., Page]


def shows_a_code(at_desk: AtDesk, shop: Workplace, bought: Bought, text: str) -> Page:
    """A merchant's agent shows other desks a code that leads elsewhere."""
    page = at_desk(shop.agent(), bought.path())
    posts_a_code(page, text)
    return page


def posts_a_code(page: Page, text: str) -> None:
    composer = page.get_by_role("region", name="Answer")
    composer.get_by_text("Desks", exact=True).click()
    code = qr_picture("https://u.wechat.com/abc")
    file = FilePayload(name="code.jpg", mimeType="image/jpeg", buffer=code)
    composer.locator("input[type=file]").set_input_files(file)
    expect(composer.get_by_role("button", name="Remove code.jpg")).to_be_visible()
    composer.get_by_role("textbox").fill(text)
    composer.get_by_role("button", name="Post to platform desk").click()
    expect(page.locator(".message[data-id]").filter(has_text=text)).to_have_count(1)


def test_what_is_flagged_is_read_and_reviewed(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case()
    author = shows_a_code(at_desk, shop, bought, "Look at this")
    page = at_desk(shop.agent(platform=True), "/flags")
    mine = page.get_by_role("listitem").filter(has_text="Look at this")
    expect(mine).to_contain_text("QR code")
    looks(page, "flags", widths=("desk", "phone"), ready=".flags li")
    # What was flagged meanwhile is shown before anything is decided.
    posts_a_code(author, "And at this")
    mine.get_by_role("button", name="Nothing wrong with it").click()
    expect(mine.get_by_role("alert")).to_contain_text("More was flagged meanwhile")
    expect(mine).to_contain_text("And at this")
    mine.get_by_role("button", name="Nothing wrong with it").click()
    expect(mine).to_have_count(0)
    # Whoever goes through them by keys is not sent back to the beginning of the page.
    expect(page.locator("#content:focus, .flags li:focus")).to_have_count(1)
    # Neither its author nor their desk learns of any of it.
    expect(author.get_by_role("link", name="Flagged")).to_have_count(0)
    author.goto("/flags")
    expect(author.get_by_text("There is no page here")).to_be_visible()


def test_a_review_that_is_tried_again_is_the_same(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    shows_a_code(at_desk, shop, shop.case(), "Look at this twice")
    page = at_desk(shop.agent(platform=True), "/flags")
    mine = page.get_by_role("listitem").filter(has_text="Look at this twice")
    page.route("**/flags/review", lambda route: route.abort())
    keys: list[str] = []
    for button in ("Nothing wrong with it", "Nothing wrong with it", "It breaks the rules"):
        with page.expect_request("**/flags/review") as asked:
            mine.get_by_role("button", name=button).click()
        keys.append(asked.value.headers["idempotency-key"])
        expect(mine.get_by_role("alert").last).to_contain_text("cannot be reached")
        expect(mine.locator("[data-loading]")).to_have_count(0)
    first, again, other = keys
    assert first == again != other


def test_what_stands_on_several_pages_is_shown_before_it_is_reviewed(
    at_desk: AtDesk, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case()
    author = shows_a_code(at_desk, shop, bought, "On the first page")
    posts_a_code(author, "On the second page")
    page = at_desk(shop.agent(platform=True), "/desk")
    page.route(
        re.compile("/v1/desk/flags"),
        lambda route: route.continue_(url=with_query(route.request.url, limit="1")),
    )
    page.goto("/flags")
    way = page.locator(f'a[href*="{bought.conversation}"]')
    mine = page.get_by_role("listitem").filter(has=way)
    more = page.get_by_role("button", name="More")
    # What other tests have had flagged comes before.
    expect(more).to_be_enabled()
    while not mine.count():
        with page.expect_response(re.compile("/v1/desk/flags")):
            more.click()
        expect(more).to_be_enabled()
    expect(mine).to_contain_text("On the first page")
    expect(mine).not_to_contain_text("On the second page")
    mine.get_by_role("button", name="Nothing wrong with it").click()
    expect(mine).to_contain_text("On the second page")
    mine.get_by_role("button", name="Nothing wrong with it").click()
    expect(mine).to_have_count(0)


def test_a_flagged_message_that_cannot_be_read_says_why(at_desk: AtDesk, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    shows_a_code(at_desk, shop, shop.case(), "Nobody reads this")
    page = at_desk(shop.agent(platform=True), "/desk")
    gone = {"code": "not_found", "status": 404, "title": "not found"}
    page.route(re.compile("/messages"), lambda route: route.fulfill(status=404, json=gone))
    page.goto("/flags")
    flagged = page.get_by_role("list", name="Flagged messages").get_by_role("listitem").last
    expect(flagged).to_contain_text("There is none, or none that you may see.")
    page.unroute_all()
    page.reload()
    mine = page.get_by_role("listitem").filter(has_text="Nobody reads this")
    mine.get_by_role("button", name="Nothing wrong with it").click()
    expect(mine).to_have_count(0)


def with_query(url: str, **more: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **more})))


def test_a_list_that_could_not_be_read_is_asked_for_again(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(Workplace(shown).agent(platform=True), "/desk")
    flags = re.compile("/v1/desk/flags")
    page.route(flags, lambda route: route.fulfill(status=503, json={}))
    page.goto("/flags")
    expect(page.get_by_role("alert")).to_contain_text("The service is busy.")
    page.unroute(flags)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
