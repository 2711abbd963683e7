"""What a merchant's desk answers to a wish: no, with what shows it, or something else instead."""

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Bought, Workplace
from tests.http.files import photo
from tests.support.browsers import serious
from tests.support.site import Site


def waiting(site: Site) -> tuple[Workplace, Bought]:
    """A wish that waits for the shop's answer."""
    shop = Workplace(site)
    bought = shop.case("Made by hand?", category="custom_made")
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies"
    wish = {"part": 1, "kind": "cancel", "reason": "changed_mind"}
    site.command("POST", path, {"wish": wish})
    return shop, bought


def test_a_refusal_shows_its_evidence(at_desk: Opens, shown: Site) -> None:
    shop, bought = waiting(shown)
    page = at_desk(shop.agent(), bought.path())
    waits = page.get_by_role("region", name="Remedies under way")
    waits.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("form", name="Refuse")).to_contain_text("send the file to the desks")
    page.keyboard.press("Escape")
    composer = page.get_by_role("region", name="Answer")
    page.get_by_role("heading", name="Late delivery #1").click()
    page.keyboard.press("d")
    file = FilePayload(name="seal.png", mimeType="image/png", buffer=photo(7))
    composer.locator("input[type=file]").set_input_files(file)
    expect(composer.get_by_role("button", name="Remove seal.png")).to_be_visible()
    composer.get_by_role("button", name="Post to platform desk").click()
    waits.get_by_role("button", name="Refuse").click()
    form = page.get_by_role("form", name="Refuse")
    form.get_by_role("checkbox", name="File 1").check()
    assert serious(page) == []
    form.get_by_role("button", name="Refuse").click()
    expect(form).to_have_count(0)
    expect(waits.get_by_role("button", name="Refuse")).to_have_count(0)


def test_what_is_offered_instead_is_seen_before(at_desk: Opens, shown: Site) -> None:
    shop, bought = waiting(shown)
    page = at_desk(shop.agent(), bought.path())
    waits = page.get_by_role("region", name="Remedies under way")
    waits.get_by_role("button", name="Offer something else").click()
    form = waits.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("500")
    expect(form.get_by_role("status")).to_contain_text("Not possible now")
    expect(form.get_by_role("button", name="Offer: Refund")).to_be_disabled()
    form.get_by_role("textbox", name="How much").fill("30")
    expect(form.get_by_role("status")).to_contain_text("¥30.00 · Merchant pays · stands until")
    assert serious(page) == []
    form.get_by_role("button", name="Offer: Refund ¥30.00").click()
    expect(form).to_have_count(0)
    expect(waits.get_by_role("button", name="Offer something else")).to_have_count(0)
