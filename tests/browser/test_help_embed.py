"""Help inside the shop's own page, by one script tag: for the sites that are listed, no others."""

from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from oncedesk.engine.running import utc_now
from tests.browser.shopping import Shopper
from tests.support.shop_page import TOKENS, Shop
from tests.support.site import Site

BUTTON = "Help with this order"


def at_the_shop(
    context: BrowserContext, shop: Shop, shopper: Shopper, origin: str, *, about: UUID | None = None
) -> Page:
    """The page of an order at a shop that has help by a script tag, about itself if it says so."""
    its_own = "" if about is None else f'data-shop="{about}"'
    order = shopper.orders(title="Parasol")
    shop.token = lambda: shopper.site.token(shopper.consumer)
    shop.html = f"""<!doctype html><html lang="en"><title>Shop</title>
        <button data-oncedesk-help data-order="{order}">{BUTTON}</button>
        <script src="{shopper.site.url}/embed.js" data-token-url="{TOKENS}" {its_own}></script>
        </html>"""
    page = context.new_page()
    page.goto(f"{origin}/order")
    return page


def test_help_works_inside_the_page_of_a_listed_shop(
    browser: Browser, shown: Site, shop: Shop
) -> None:
    shopper = Shopper(shown)
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, shopper, shop.origin)
        page.get_by_role("button", name=BUTTON).click()
        frame = page.frame_locator("iframe[title=Help]")
        expect(frame.get_by_role("heading", name="Parasol")).to_be_visible()
        frame.get_by_role("link", name="Talk to a person").click()
        frame.get_by_role("textbox", name="Your message").fill("From within the shop")
        frame.get_by_role("button", name="Send").click()
        said = frame.get_by_role("listitem").filter(has_text="From within the shop")
        expect(said).to_contain_text("You")
        # The page around it holds nothing that would let it in anywhere.
        assert context.cookies(shown.url) == []
        frame.get_by_role("button", name="Close").click()
        expect(page.locator("iframe")).to_have_count(0)


def test_a_page_that_is_not_listed_cannot_show_it(
    browser: Browser, shown: Site, shop: Shop
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, Shopper(shown), shop.alias)
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.get_by_role("button", name=BUTTON).click()
        expect(page.locator("iframe")).to_have_count(1)
        expect(page.frame_locator("iframe").get_by_role("main")).to_have_count(0)


def test_a_button_of_an_order_opens_that_order_on_the_page_of_a_shop(
    browser: Browser, shown: Site, shop: Shop
) -> None:
    shopper = Shopper(shown)
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, shopper, shop.origin, about=shopper.merchant)
        page.get_by_role("button", name=BUTTON).click()
        frame = page.frame_locator("iframe[title=Help]")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Parasol")


def test_the_focus_goes_into_the_frame_and_back(browser: Browser, shown: Site, shop: Shop) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, Shopper(shown), shop.origin)
        button = page.get_by_role("button", name=BUTTON)
        frame = page.frame_locator("iframe[title=Help]")
        for _ in range(2):
            button.focus()
            page.keyboard.press("Enter")
            expect(page.locator("iframe")).to_be_focused()
            expect(frame.get_by_role("heading", name="Parasol")).to_be_visible()
            close = frame.get_by_role("button", name="Close")
            page.keyboard.press("Tab")
            expect(frame.locator(":focus")).to_have_count(1)
            close.focus()
            page.keyboard.press("Enter")
            expect(page.locator("iframe")).to_have_count(0)
            expect(button).to_be_focused()


def test_a_shop_that_gives_no_token_is_told_at_once_and_asked_again(
    browser: Browser, shown: Site, shop: Shop
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, Shopper(shown), shop.origin)
        page.route(f"**{TOKENS}", lambda route: route.fulfill(status=500), times=1)
        # Nothing is due while the clock stands: it is told, not waited for.
        page.clock.install()
        page.clock.pause_at(utc_now() + timedelta(minutes=1))
        page.get_by_role("button", name=BUTTON).click()
        frame = page.frame_locator("iframe[title=Help]")
        again = frame.get_by_role("button", name="Try again")
        expect(again).to_be_visible()
        page.clock.resume()
        again.click()
        expect(frame.get_by_role("heading", name="Parasol")).to_be_visible()


def test_going_on_twice_takes_one_token(browser: Browser, shown: Site, shop: Shop) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = at_the_shop(context, shop, Shopper(shown), shop.origin)
        page.get_by_role("button", name=BUTTON).click()
        frame = page.frame_locator("iframe[title=Help]")
        expect(frame.get_by_role("heading", name="Parasol")).to_be_visible()
        over = {"code": "session_ended", "status": 401}

        def end(route: Route) -> None:
            route.fulfill(status=401, json=over)

        page.route("**/v1/help/orders/**", end)
        go_on = frame.get_by_role("button", name="Go on")
        expect(go_on).to_be_visible(timeout=30_000)
        page.unroute("**/v1/help/orders/**")
        begun: list[int] = []
        page.on(
            "response",
            lambda one: begun.append(one.status) if one.url.endswith("/help/session") else None,
        )
        go_on.dblclick()
        expect(go_on).to_have_count(0)
        expect(frame.get_by_role("heading", name="Parasol")).to_be_visible()
        assert begun == [200]
