"""What is not owed: seen with its limits before, then given, or stood by by a second person."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Bought, Workplace
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Site


def test_goodwill_is_given_within_ones_authority_and_stood_by_above_it(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case("It took three weeks.", price_minor=50_000)
    agent = at_desk(shop.agent(platform=True), bought.path())
    can = agent.get_by_role("region", name="What can be done")
    expect(can).to_be_visible()
    agent.keyboard.press("g")
    form = can.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("900")
    expect(form.get_by_role("status")).to_contain_text("Not possible now")
    form.get_by_role("textbox", name="How much").fill("15")
    expect(form.get_by_role("status")).to_contain_text("Within your authority")
    expect(form.get_by_role("status")).to_contain_text("left in this month's budget")
    expect(form.get_by_role("status")).to_contain_text("Platform pays")
    assert serious(agent) == []
    form.get_by_role("button", name="Give ¥15.00").click()
    expect(form).to_have_count(0)
    under_way = agent.get_by_role("region", name="Remedies under way")
    first = under_way.get_by_role("listitem").first
    expect(first).to_contain_text("Compensation ¥15.00")
    expect(first).not_to_contain_text("Requested")
    expect(can).to_contain_text("¥1,985.00 left today")

    can.get_by_role("button", name="Give goodwill").click()
    form.get_by_role("textbox", name="How much").fill("190")
    expect(form.get_by_role("status")).to_contain_text("Beyond your limit for a case")
    form.get_by_role("button", name="Ask a second person for ¥190.00").click()
    waits = under_way.get_by_role("region", name="Waits for a second person")
    expect(waits).to_contain_text("¥190.00")
    expect(waits).to_contain_text("You want to give it: somebody else")
    expect(under_way.get_by_role("button", name="Approve")).to_have_count(0)

    boss = at_desk(shop.agent(platform=True, supervisor=True), bought.path(2))
    theirs = boss.get_by_role("region", name="Remedies under way")
    expect(theirs.get_by_role("region", name="Waits for a second person")).to_contain_text(
        "Anybody may whose authority it is within"
    )
    looks(boss, "desk-second-person", ready=".disputed")
    theirs.get_by_role("button", name="Do not approve").click()
    expect(theirs.get_by_role("form")).to_contain_text("as undecided as before")
    boss.keyboard.press("Escape")
    theirs.get_by_role("button", name="Approve as second person").click()
    theirs.get_by_role("button", name="Approve as second person: Compensation ¥190.00").click()
    expect(theirs.get_by_role("region", name="Waits for a second person")).to_have_count(0)
    given = theirs.get_by_role("listitem").filter(has_text="Compensation ¥190.00")
    expect(given).not_to_contain_text("Requested")


def test_closing_a_list_of_reasons_closes_nothing_else(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("It took three weeks.", price_minor=50_000)
    page = at_desk(shop.agent(platform=True), bought.path())
    can = page.get_by_role("region", name="What can be done")
    expect(can).to_be_visible()
    page.keyboard.press("g")
    form = can.get_by_role("form")
    amount = form.get_by_role("textbox", name="How much")
    amount.fill("15")
    form.get_by_role("combobox", name="Why").click()
    option = page.get_by_role("option", name="They waited too long")
    expect(option).to_be_visible()
    page.keyboard.press("Escape")
    expect(option).to_have_count(0)
    expect(amount).to_have_value("15")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_an_enter_in_a_field_gives_nothing(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("It took three weeks.", price_minor=50_000)
    page = at_desk(shop.agent(platform=True), bought.path())
    can = page.get_by_role("region", name="What can be done")
    expect(can).to_be_visible()
    given: list[str] = []
    page.on("request", lambda one: given.append(one.url) if "/goodwill" in one.url else None)
    page.keyboard.press("g")
    form = can.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("15")
    expect(form.get_by_role("button", name="Give ¥15.00")).to_be_enabled()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    assert given == []


@pytest.mark.parametrize(
    ("typed", "means", "minor"),
    [("10.05", "¥10.05", 1_005), ("0.50", "¥0.50", 50), ("1.50", "¥1.50", 150)],
)
def test_an_amount_is_what_was_typed(
    at_desk: Opens, shown: Site, typed: str, means: str, minor: int
) -> None:
    shop = Workplace(shown)
    case = shop.case("It took three weeks.", price_minor=50_000)
    agent = at_desk(shop.agent(platform=True), case.path())
    can = agent.get_by_role("region", name="What can be done")
    can.get_by_role("button", name="Give goodwill").click()
    form = can.get_by_role("form")
    field = form.get_by_role("textbox", name="How much")
    field.press_sequentially(typed, delay=20)
    expect(field).to_have_value(typed)
    form.get_by_role("button", name=f"Give {means}").click()
    expect(form).to_have_count(0)
    assert given(shown, case) == [minor]


@pytest.mark.parametrize(
    ("currency", "price", "means"),
    [
        ("HUF", "HUF 50,000.00", "15.00"),
        ("KWD", "KWD 5,000.000", "15.000"),
        ("JPY", "JPY 5,000,000", "15"),
    ],
)
def test_an_amount_has_as_many_digits_as_its_currency(
    at_desk: Opens, shown: Site, currency: str, price: str, means: str
) -> None:
    """Browsers count none of HUF, where ISO 4217 counts two, and write JPY with the sign of CNY."""
    shop = Workplace(shown)
    case = shop.case("It took three weeks.", price_minor=5_000_000, currency=currency)
    agent = at_desk(shop.agent(platform=True), case.path())
    expect(agent.get_by_role("region", name="Order", exact=True)).to_contain_text(price)
    can = agent.get_by_role("region", name="What can be done")
    can.get_by_role("button", name="Give goodwill").click()
    form = can.get_by_role("form")
    with agent.expect_request("**/remedies/preview") as asked:
        form.get_by_role("textbox", name="How much").fill("15")
    assert json.loads(asked.value.post_data or "")["amount_minor"] == int(means.replace(".", ""))
    expect(form.get_by_role("button", name=means)).to_be_visible()


def given(shown: Site, case: Bought) -> list[int]:
    path = f"/v1/marketplace/consumers/{case.consumer}/orders/{case.order}/remedies"
    return [one["amount_minor"] for one in shown.marketplace.get(path).json()["remedies"]]


def test_goodwill_whose_answer_was_lost_is_given_once(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    case = shop.case("It took three weeks.", price_minor=50_000)
    agent = at_desk(shop.agent(platform=True), case.path())
    can = agent.get_by_role("region", name="What can be done")
    agent.route("**/goodwill", lost_answer, times=1)
    can.get_by_role("button", name="Give goodwill").click()
    form = can.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("15")
    form.get_by_role("button", name="Give ¥15.00").click()
    expect(form).to_contain_text("cannot be reached")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    # The panel is another; what is given is the same.
    can.get_by_role("button", name="Give goodwill").click()
    form.get_by_role("textbox", name="How much").fill("15")
    form.get_by_role("button", name="Give ¥15.00").click()
    expect(form).to_have_count(0)
    assert given(shown, case) == [1_500]


def test_goodwill_that_was_given_up_without_a_line_is_not_given_later(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    case = shop.case("It took three weeks.", price_minor=50_000)
    agent = at_desk(shop.agent(platform=True), case.path())
    can = agent.get_by_role("region", name="What can be done")
    can.get_by_role("button", name="Give goodwill").click()
    form = can.get_by_role("form")
    form.get_by_role("textbox", name="How much").fill("15")
    expect(form.get_by_role("button", name="Give ¥15.00")).to_be_enabled()
    agent.context.set_offline(True)
    form.get_by_role("button", name="Give ¥15.00").click()
    expect(form.get_by_role("alert")).to_contain_text("cannot be reached")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    with agent.expect_response("**/v1/desk/**"):
        agent.context.set_offline(False)
    agent.reload()
    expect(can.get_by_role("button", name="Give goodwill")).to_be_visible()
    assert given(shown, case) == []
