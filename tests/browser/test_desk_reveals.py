"""What is masked, seen in clear: for a reason, on record, and not for long."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens
from tests.browser.serving import Insider
from tests.browser.workplace import Workplace
from tests.support.browsers import serious
from tests.support.site import Site

PHONE = "13812345678"


def test_a_number_is_seen_for_a_reason_and_a_time(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    person = {"kind": "consumer", "market": "cn", "person": {"name": "张三", "phone": PHONE}}
    shown.command("PUT", f"/v1/marketplace/parties/{bought.consumer}", person)
    page = at_desk(shop.agent(platform=True), bought.path())
    clear = page.get_by_role("region", name="See in clear")
    ask = clear.get_by_role("button", name="Show it; it is on record")
    expect(ask).to_be_disabled()
    clear.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="Telephone").click()
    clear.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="To call them back").click()
    expect(page.get_by_text(PHONE)).to_have_count(0)
    ask.click()
    expect(clear.get_by_text(PHONE)).to_be_visible()
    expect(clear).to_contain_text("Telephone · shown until")
    assert serious(page) == []
    # It is kept in the page alone.
    page.reload()
    expect(clear).to_be_visible()
    expect(page.get_by_text(PHONE)).to_have_count(0)


def test_it_is_seen_for_its_time_whatever_the_time_of_who_looks(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    person = {"kind": "consumer", "market": "cn", "person": {"name": "张三", "phone": PHONE}}
    shown.command("PUT", f"/v1/marketplace/parties/{bought.consumer}", person)
    page = at_desk(shop.agent(platform=True), bought.path())
    page.clock.set_system_time(utc_now() + timedelta(hours=3))
    page.reload()
    clear = page.get_by_role("region", name="See in clear")
    clear.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="Telephone").click()
    clear.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="To call them back").click()
    clear.get_by_role("button", name="Show it; it is on record").click()
    expect(clear).to_contain_text("Telephone · shown until")
    assert serious(page) == []
    expect(clear.get_by_text(PHONE)).to_be_visible()


def test_a_shop_is_told_no_and_sees_nothing(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    clear = page.get_by_role("region", name="See in clear")
    clear.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="Identity number").click()
    clear.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="The law asks for it").click()
    clear.get_by_role("button", name="Show it; it is on record").click()
    expect(clear.get_by_role("alert")).to_be_visible()
    expect(clear).not_to_contain_text("shown until")


def test_whoever_works_for_several_shops_sees_it_for_the_one_that_sends(
    at_desk: Opens, shown: Site
) -> None:
    other, shop = Workplace(shown), Workplace(shown)
    bought = shop.case()
    person = {"kind": "consumer", "market": "cn", "person": {"name": "张三", "phone": PHONE}}
    shown.command("PUT", f"/v1/marketplace/parties/{bought.consumer}", person)
    page = at_desk(shown.agent(other.desk, shop.desk), bought.path())
    clear = page.get_by_role("region", name="See in clear")
    clear.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="Telephone").click()
    clear.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="To send something").click()
    clear.get_by_role("button", name="Show it; it is on record").click()
    expect(clear.get_by_text(PHONE)).to_be_visible()


def test_a_shop_sees_where_the_order_goes(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.order(address="2 Harbour Road")
    shop.says(bought, "Where is it?")
    person = {"kind": "consumer", "market": "cn", "person": {"address": "9 Hill Lane"}}
    shown.command("PUT", f"/v1/marketplace/parties/{bought.consumer}", person)
    page = at_desk(shop.agent(), bought.path())
    clear = page.get_by_role("region", name="See in clear")
    clear.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="Address").click()
    clear.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="To send something").click()
    clear.get_by_role("button", name="Show it; it is on record").click()
    expect(clear.get_by_text("2 Harbour Road")).to_be_visible()
    expect(clear).to_contain_text("Where this order goes · shown until")


def test_what_a_creator_s_people_are_never_shown_is_not_offered_to_them(
    at_desk: Opens, shown: Site
) -> None:
    shop, creator = Workplace(shown), uuid4()
    theirs = Desk(DeskKind.CREATOR, creator)
    shop.opens(theirs)
    bought = shop.order(creator=creator)
    shop.says(bought, "Where is it?")
    path = f"/v1/desk/cases/{bought.consumer}/{bought.conversation}/1"
    asked = {"desk": str(theirs), "mode": "stay", "text": "Was it promised?", "attachments": []}
    Insider(shown, shop.agent()).posts(f"{path}/referral", asked)
    page = at_desk(shown.agent(theirs), bought.path())
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Where is it?")
    expect(page.get_by_role("region", name="Knowledge")).to_be_visible()
    expect(page.get_by_role("region", name="See in clear")).to_have_count(0)
    # Whoever belongs to the shop as well asks in its name.
    page = at_desk(shown.agent(theirs, shop.desk), bought.path())
    expect(page.get_by_role("region", name="See in clear")).to_be_visible()
