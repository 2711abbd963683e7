"""Who is answerable for a case: presumed by a rule, then as somebody found it."""

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Workplace
from tests.support.browsers import looks, serious
from tests.support.site import Site


def test_who_is_answerable_is_seen_and_corrected_with_a_reason(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case("It came broken.", issue="quality")
    page = at_desk(shop.agent(), bought.path())
    brief = page.get_by_label("Brief", exact=True)
    expect(brief).to_contain_text("Merchant 100% · caused by merchant · presumed by rule")
    page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Correct who is answerable").click()
    form = page.get_by_role("form", name="Correct who is answerable")
    correct = form.get_by_role("button", name="Correct who is answerable")
    form.get_by_role("textbox", name="Carrier").fill("60")
    expect(form).to_contain_text("160% together; it has to be 100%")
    expect(correct).to_be_disabled()
    form.get_by_role("textbox", name="Merchant").fill("40")
    form.get_by_role("combobox", name="Who caused it").click()
    page.get_by_role("option", name="Carrier").click()
    form.get_by_role("combobox", name="What shows it").click()
    page.get_by_role("option", name="What the carrier says").click()
    assert serious(page) == []
    correct.click()
    expect(form).to_have_count(0)
    found = "Merchant 40% · Carrier 60% · caused by carrier · What the carrier says"
    expect(brief).to_contain_text(found)
    expect(page.get_by_role("region", name="History")).to_contain_text(
        "Agent: Answerable, as was found: Merchant 40% · Carrier 60%"
    )
    platform = at_desk(shop.agent(platform=True), bought.path())
    expect(platform.get_by_label("Brief", exact=True)).to_contain_text(found)
    looks(platform, "desk-answerable", ready=".brief")


def test_a_case_that_was_taken_for_something_else_is_put_right(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    bought = shop.case("Where is my money?", issue="order_question")
    page = at_desk(shop.agent(), bought.path())
    page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="It is about something else").click()
    form = page.get_by_role("form", name="It is about something else")
    put_right = form.get_by_role("button", name="It is about something else")
    expect(put_right).to_be_disabled()
    form.get_by_role("combobox", name="What it is about").click()
    page.get_by_role("option", name="Refund", exact=True).click()
    assert serious(page) == []
    put_right.click()
    expect(form).to_have_count(0)
    expect(page.get_by_label("Brief", exact=True)).to_contain_text("Refund")
