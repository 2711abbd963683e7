"""An order or a remedy shown in the chat, at both ends of it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Workplace
from tests.support.browsers import serious
from tests.support.site import Site


def test_cards_go_with_and_without_words_and_lead_to_the_order(
    at_desk: Opens, opened: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case("Made by hand?", category="custom_made")
    wish = {"wish": {"part": 1, "kind": "cancel", "reason": "changed_mind"}}
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies"
    shown.command("POST", path, wish)
    page = at_desk(shop.agent(), bought.path())
    composer = page.get_by_role("region", name="Answer")
    composer.get_by_role("button", name="Show a card").click()
    page.get_by_role("menuitem", name="Order card").click()
    expect(composer).to_contain_text("¥99.00")
    # What was chosen is part of the draft, and as little lost as the text.
    page.reload()
    expect(composer.get_by_role("button", name="Remove the card")).to_be_visible()
    assert serious(page) == []
    composer.get_by_role("button", name="Send to consumer").click()
    said = page.get_by_role("region", name="Conversation").get_by_role("listitem")
    sent = said.filter(has_text="Order card").filter(has=page.locator("time"))
    expect(sent).to_contain_text("¥99.00")

    composer.get_by_role("button", name="Show a card").click()
    page.get_by_role("menuitem", name="Cancel ¥99.00 · Requested").click()
    composer.get_by_role("textbox").fill("Here is where it stands.")
    composer.get_by_role("button", name="Send to consumer").click()
    worded = said.filter(has_text="Here is where it stands.").filter(has=page.locator("time"))
    expect(worded).to_contain_text("Cancel · ¥99.00 · Requested")

    token = shown.token(bought.consumer, market="cn")
    theirs = opened(f"/help/c/{bought.conversation}#token={token}", width=360)
    bubbles = theirs.get_by_role("log").locator(".bubble")
    cards = bubbles.get_by_role("link")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("¥99.00")
    expect(cards.last).to_contain_text("Your order")
    expect(bubbles.last).to_contain_text("Here is where it stands.")
    assert serious(theirs) == []
    cards.last.click()
    theirs.wait_for_url(re.compile(f"/help/order/{bought.order}$"))
