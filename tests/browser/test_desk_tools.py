"""What an agent has at hand in a case: knowledge, macros, and who else is there."""

from typing import Any
from uuid import uuid4

import msgspec
from playwright.sync_api import expect

from oncedesk.domain.shared.articles import Article
from oncedesk.engine.running import utc_now
from oncedesk.storage.desk_tools.macros import Macro
from oncedesk.wiring import Parts
from tests.browser.conftest import Opens
from tests.browser.workplace import Workplace
from tests.support.browsers import serious
from tests.support.site import Site, with_parts


def article(shop: Workplace, **more: Any) -> None:
    said = {
        "zh": {"title": "快递柜须经同意", "body": "未经同意不得投放。\n\n- 先问消费者\n- 再投放"},
        "en": {
            "title": "Lockers need consent",
            "body": "Ask first.\n\n- Then leave it\n- <b>there</b>",
        },
        "owner": "returns team",
        "issues": ["late_delivery"],
        "desks": [str(shop.desk)],
        **more,
    }

    async def write(parts: Parts) -> None:
        converted = msgspec.convert(said, type=Article)
        await parts.articles.put(uuid4(), converted, seen=0, by="tests", now=utc_now())

    with_parts(shop.site.database, write)


def macro(shop: Workplace, name: str, text: str) -> None:
    async def write(parts: Parts) -> None:
        said = Macro(name=name, zh=text, en=text)
        await parts.macros.put(uuid4(), said, desk=shop.desk, seen=0, by="tests", now=utc_now())

    with_parts(shop.site.database, write)


def test_what_helps_stands_beside_the_case(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    article(shop)
    article(shop, en={"title": "Elsewhere", "body": "Nothing."}, issues=["refund"])
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    knowledge = page.get_by_role("region", name="Knowledge")
    expect(knowledge.get_by_text("Lockers need consent")).to_be_visible()
    expect(knowledge.get_by_text("Elsewhere")).to_have_count(0)
    knowledge.get_by_text("Lockers need consent").click()
    expect(knowledge.get_by_text("Then leave it")).to_be_visible()
    # Markup is text like all else.
    expect(knowledge.get_by_text("<b>there</b>")).to_be_visible()
    expect(knowledge.get_by_text("kept by returns team · version 1")).to_be_visible()
    assert serious(page) == []
    knowledge.get_by_role("searchbox").fill("快递柜 同意")
    expect(
        knowledge.get_by_role("list", name="Found").get_by_role("listitem").first
    ).to_be_visible()
    knowledge.get_by_role("searchbox").fill("zzzz")
    expect(knowledge.get_by_text("Nothing found.")).to_be_visible()


def test_a_macro_is_read_before_it_is_sent_and_never_has_a_hole(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    macro(shop, "Ships", "It ships by {order.ship_by}.")
    macro(shop, "Greets", "Dear {consumer.name}")
    bought = shop.case(language="en")
    page = at_desk(shop.agent(), bought.path())
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    page.get_by_role("heading", name="Late delivery #1").click()
    page.keyboard.press("/")
    page.get_by_role("option", name="Ships").click()
    expect(box).not_to_have_value("")
    assert box.input_value().startswith("It ships by ")
    assert "{" not in box.input_value()
    page.get_by_role("button", name="Macros").click()
    page.get_by_label("Find by name").fill("greet")
    page.get_by_role("option", name="Greets").click()
    expect(page.get_by_role("alert")).to_contain_text("the consumer's name: not revealed to you")
    assert "Dear" not in box.input_value()
    assert serious(page) == []


def test_two_agents_on_one_case_know_of_each_other(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    first = at_desk(shop.agent(), bought.path())
    expect(first.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    second = at_desk(shop.agent(), bought.path())
    expect(first.get_by_text("A colleague is looking at it, too")).to_be_visible()
    second.get_by_role("region", name="Answer").get_by_role("textbox").press_sequentially("Hi")
    expect(first.get_by_text("A colleague is writing…")).to_be_visible()
    second.close()
