"""What a merchant's desk answers to a wish: no, with what shows it, or something else instead."""

from uuid import UUID

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Opens
from tests.browser.workplace import PRICE, Bought, Workplace
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


def sold_in_two_forms(site: Site, shop: Workplace, bought: Bought) -> None:
    """What was bought can be had in another form, too, which is dearer."""
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}"
    (item,) = site.marketplace.get(path).json()["parts"][0]["items"]
    variants = [
        {"variant": str(UUID(int=number)), "price_minor": price}
        for number, price in ((0xA, PRICE), (0xB, PRICE + 100))
    ]
    described = {"currency": "CNY", "variants": variants, "title": "Ring"}
    listing = f"/v1/marketplace/merchants/{shop.merchant}/listings/{item['listing']}"
    site.command("PUT", listing, described)


def test_what_is_offered_instead_is_seen_before(at_desk: Opens, shown: Site) -> None:
    shop, bought = waiting(shown)
    sold_in_two_forms(shown, shop, bought)
    page = at_desk(shop.agent(), bought.path())
    waits = page.get_by_role("region", name="Remedies under way")
    waits.get_by_role("button", name="Offer something else").click()
    form = waits.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("500")
    expect(form.get_by_role("status")).to_contain_text("Not possible now")
    expect(form.get_by_role("button", name="Offer: Refund")).to_be_disabled()
    # Nothing is not all of it.
    form.get_by_role("textbox", name="How much").fill("0")
    expect(form.get_by_role("status")).to_have_text("")
    expect(form.get_by_role("button", name="Offer: Refund")).to_be_disabled()
    form.get_by_role("textbox", name="How much").fill("30")
    expect(form.get_by_role("status")).to_contain_text("¥30.00 · Merchant pays · stands until")
    form.get_by_role("combobox", name="What instead").click()
    page.get_by_role("option", name="Resend").click()
    expect(form.get_by_role("textbox", name="How much")).to_have_count(0)
    expect(form.get_by_role("button", name="Offer: Resend")).to_be_enabled()
    form.get_by_role("textbox", name="How many: Ring").fill("0")
    expect(form.get_by_role("button", name="Offer: Resend")).to_be_disabled()
    form.get_by_role("textbox", name="How many: Ring").fill("1")
    form.get_by_role("combobox", name="What instead").click()
    page.get_by_role("option", name="Exchange").click()
    form.get_by_role("combobox", name="Instead of Ring").click()
    page.get_by_role("option", name="Variant 00000b · ¥100.00").click()
    expect(form.get_by_role("status")).to_contain_text("Exchange · stands until")
    assert serious(page) == []
    form.get_by_role("button", name="Offer: Exchange").click()
    expect(form).to_have_count(0)
    expect(waits.get_by_role("button", name="Offer something else")).to_have_count(0)
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies"
    (remedy,) = shown.marketplace.get(path).json()["remedies"]
    assert remedy["counter_offer"]["kind"] == "exchange"
