"""A dispute, from the refusal to the last word: three pages, and none of them asks for more."""

from uuid import uuid4

from playwright.sync_api import FilePayload, Page, expect

from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens
from tests.browser.serving import Colleague, Insider
from tests.browser.shopping import PRICE, Shopper
from tests.browser.workplace import Bought, Workplace
from tests.http.files import photo
from tests.support.browsers import looks, serious
from tests.support.site import Site


def refused(site: Site, shop: Workplace) -> Bought:
    """A wish to which the shop has said no."""
    bought = shop.case("Made by hand?", category="custom_made", issue="refund")
    path = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies"
    wish = {"part": 1, "kind": "cancel", "reason": "changed_mind"}
    site.command("POST", path, {"wish": wish})
    refusal = {"reason": "used", "facts": ["used"]}
    of = f"/v1/desk/orders/{bought.consumer}/{bought.order}/remedies/1"
    Insider(site, site.agent(shop.desk)).posts(f"{of}/refusal", refusal)
    return bought


def shows(page: Page, file: FilePayload, *, by: str) -> None:
    """The shop sends a file to the desks, and says by this button what it shows."""
    page.locator(".case-head h1").click()
    page.keyboard.press("d")
    composer = page.get_by_role("region", name="Answer")
    composer.locator("input[type=file]").set_input_files(file)
    expect(composer.get_by_role("button", name="Remove")).to_be_visible()
    composer.get_by_role("button", name="Post to platform desk").click()
    waits = page.get_by_role("region", name="Remedies under way")
    waits.get_by_role("button", name=by).click()
    form = page.get_by_role("form", name=by)
    form.get_by_role("checkbox", name="File 1").check()
    form.get_by_role("button", name=by).click()
    expect(form).to_have_count(0)


def test_both_sides_show_what_they_have_and_another_person_has_the_last_word(
    at_desk: Opens, opened: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = refused(shown, shop)

    token = shown.token(bought.consumer, market="cn")
    theirs = opened(f"/help/order/{bought.order}#token={token}", width=360)
    card = theirs.get_by_role("region", name="Cancellation ¥99.00")
    card.get_by_role("button", name="Object; let the platform decide").click()
    expect(card).to_contain_text("You and the shop can each show what you have until")
    expect(card).to_contain_text("it is done as you asked")
    picture = FilePayload(name="box.png", mimeType="image/png", buffer=photo(11))
    card.get_by_label("Add pictures").set_input_files(picture)
    card.get_by_role("button", name="Show this as evidence").click()
    expect(card).to_contain_text("You have shown 1 file.")
    looks(theirs, "help-dispute", widths=("phone",), ready=".send-back")

    merchant = at_desk(shop.agent(), bought.path())
    waits = merchant.get_by_role("region", name="Remedies under way")
    dispute = waits.get_by_role("region", name="Dispute")
    expect(dispute).to_contain_text("Evidence: 1 by the consumer, 0 by the merchant")
    expect(dispute).to_contain_text("then it is the consumer's by rule")
    expect(waits.get_by_role("button", name="Refuse")).to_have_count(0)
    seal = FilePayload(name="seal.png", mimeType="image/png", buffer=photo(12))
    shows(merchant, seal, by="Show evidence")
    expect(dispute).to_contain_text("1 by the merchant")
    expect(dispute).to_contain_text("then the platform decides")

    looks(merchant, "desk-dispute", ready=".disputed")

    platform = at_desk(shop.agent(platform=True), bought.path())
    at_platform = platform.get_by_role("region", name="Remedies under way")
    at_platform.get_by_role("button", name="Decide").click()
    form = at_platform.get_by_role("form")
    expect(form).to_contain_text("Evidence may still come until")
    expect(form.get_by_role("button", name="Decide: for the consumer ¥99.00")).to_be_disabled()
    form.get_by_text("in part", exact=True).click()
    form.get_by_label("How much for the consumer").fill("60")
    form.get_by_label("On what basis").fill("The seal was whole on the picture")
    form.get_by_role("checkbox", name="Others bear it").check()
    form.get_by_role("textbox", name="Merchant").fill("70")
    expect(form).to_contain_text("70% together")
    form.get_by_role("textbox", name="Platform").fill("30")
    assert serious(platform) == []
    form.get_by_role("button", name="Decide: in part ¥60.00").click()
    expect(at_platform).to_contain_text("Decided: in part")
    expect(at_platform).to_contain_text("Merchant pays · Platform pays")

    waits.get_by_role("button", name="Object").click()
    objecting = merchant.get_by_role("form", name="Object")
    expect(objecting).to_contain_text("the platform bears it")
    objecting.get_by_role("button", name="Object").click()
    objection = waits.get_by_role("region", name="Dispute")
    expect(objection).to_contain_text("Objection by the merchant")
    expect(objection).to_contain_text("else it stays granted in part")
    expect(waits.get_by_role("button", name="Object")).to_have_count(0)

    platform.reload()
    expect(at_platform).to_contain_text("You decided it first: a colleague")
    expect(at_platform.get_by_role("button", name="Decide")).to_have_count(0)
    colleague = at_desk(shop.agent(platform=True), bought.path())
    last = colleague.get_by_role("region", name="Remedies under way")
    expect(last).to_contain_text("who did not decide first; that is final")
    last.get_by_role("button", name="Decide").click()
    last.get_by_text("for the consumer", exact=True).click()
    last.get_by_label("On what basis").fill("Both pictures were looked at again")
    last.get_by_role("button", name="Decide: for the consumer ¥99.00").click()
    expect(last.get_by_role("button", name="Decide")).to_have_count(0)
    expect(last).to_contain_text("Decided: for the consumer")
    assert serious(colleague) == []

    theirs.reload()
    card.get_by_text("What happened").click()
    expect(card.get_by_role("list")).to_contain_text("The platform decided · in part · ¥60.00")
    expect(card.get_by_role("list")).to_contain_text("The seal was whole on the picture")
    expect(card.get_by_role("button", name="Object")).to_have_count(0)

    shown.command("POST", f"/v1/marketplace/parties/{bought.consumer}/erasure", None)
    theirs.reload()
    card.get_by_text("What happened").click()
    expect(card.get_by_text("(deleted)")).to_have_count(2)


def test_the_basis_of_a_decision_survives_until_it_is_decided(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = refused(shown, shop)
    of = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies/1"
    shown.command("POST", f"{of}/dispute", {"reason": "not_true"})
    page = at_desk(shop.agent(platform=True), bought.path())
    waits = page.get_by_role("region", name="Remedies under way")
    decide = waits.get_by_role("button", name="Decide")
    decide.click()
    basis = waits.get_by_label("On what basis")
    basis.fill("The seal was whole on the picture")
    page.keyboard.press("Escape")
    expect(basis).to_have_count(0)
    page.reload()
    decide.click()
    expect(basis).to_have_value("The seal was whole on the picture")
    waits.get_by_role("button", name="Decide: for the consumer").click()
    expect(waits).to_contain_text("Decided: for the consumer")
    kept = "() => Object.entries(localStorage).flat().join().includes('The seal was whole')"
    assert page.evaluate(kept) is False


def test_nobody_is_told_to_object_to_what_is_final(opened: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = refused(shown, shop)
    mine = f"/v1/marketplace/consumers/{bought.consumer}/orders/{bought.order}/remedies/1"
    theirs = f"/v1/desk/orders/{bought.consumer}/{bought.order}/remedies/1/decision"
    decision = {"outcome": "refused", "reason": "not_shown", "basis": "It was made for them"}
    for asked in ("dispute", "objection"):
        shown.command("POST", f"{mine}/{asked}", {"reason": "not_agreed"})
        Insider(shown, shop.agent(platform=True)).posts(theirs, decision)
    token = shown.token(bought.consumer, market="cn")
    page = opened(f"/help/c/{bought.conversation}#token={token}", width=360)
    thread = page.get_by_role("log")
    expect(thread.get_by_text("Refused; this is final.")).to_have_count(1)
    expect(thread.get_by_text("Refused; you can object until")).to_have_count(2)


def test_money_that_left_early_is_contested_and_the_fund_makes_it_good(
    at_desk: Opens, shown: Site
) -> None:
    shopper = Shopper(shown)
    Colleague(shown, shopper.merchant)
    shopper.takes_returns()
    order = shopper.orders(title="Coat")
    shopper.hears(order, "collected", "delivered")
    shopper.writes("It does not fit.", issue="return")
    wish = {"part": 1, "kind": "return_and_refund", "reason": "changed_mind"}
    shopper.tells(order, "/remedies", {"wish": wish})
    shipment = str(uuid4())
    shopper.tells(order, "/remedies/1/return-label", {"shipment": shipment})
    scan = {"shipment": shipment, "code": "collected", "at": utc_now().isoformat()}
    shopper.tells(order, "/remedies/1/tracking", scan)

    path = f"/desk/c/{shopper.consumer}/{shopper.conversation(order)}#1"
    person = shown.agent(Desk(DeskKind.MERCHANT, shopper.merchant))
    merchant = at_desk(person, path)
    waits = merchant.get_by_role("region", name="Remedies under way")
    expect(waits).to_contain_text("Return and refund ¥89.00")
    (remedy,) = shopper.remedies(order)
    sent = {"amount_minor": PRICE, "currency": "CNY", "sent_at": utc_now().isoformat()}
    (leg,) = remedy["legs"]
    shopper.tells(order, f"/remedies/1/refunds/{leg['number']}/confirmation", sent)
    merchant.reload()
    empty = FilePayload(name="empty.png", mimeType="image/png", buffer=photo(13))
    shows(merchant, empty, by="Contest the refund")
    contested = waits.get_by_role("region", name="Dispute")
    expect(contested).to_contain_text("Contested by the merchant")
    expect(contested).to_contain_text("else a rule does")

    platform = at_desk(shown.agent(PLATFORM), path)
    there = platform.get_by_role("region", name="Remedies under way")
    there.get_by_role("button", name="Decide the contest").click()
    form = there.get_by_role("form", name="Decide the contest")
    expect(form).to_contain_text("nobody takes it")
    form.get_by_text("The refund stands").click()
    expect(form).to_contain_text("Everything stays as it is")
    form.get_by_text("The merchant is right").click()
    assert serious(platform) == []
    form.get_by_role("button", name="Decide the contest").click()
    expect(form).to_have_count(0)
    expect(there.get_by_role("button", name="Decide the contest")).to_have_count(0)
    # It is so once it has been counted against the authority of whoever decided.
    shopper.awaits(order, lambda remedy: remedy["journey"]["contest"] == "upheld")
