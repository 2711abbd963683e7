"""What an agent has at hand in a case: articles that fit it, and those that are looked for."""

from typing import Any
from uuid import uuid4

import msgspec
from playwright.sync_api import expect

from oncedesk.domain.shared.articles import Article
from oncedesk.engine.running import utc_now
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


def test_what_helps_stands_beside_the_case(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    article(shop)
    article(shop, en={"title": "Elsewhere", "body": "Nothing."}, issues=["refund"])
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_text("Lockers need consent")).to_be_visible()
    expect(page.get_by_text("Elsewhere")).to_have_count(0)
    page.get_by_text("Lockers need consent").click()
    # Markup is text like all else.
    expect(page.get_by_text("<b>there</b>")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("textbox", name="Find an article").fill("快递柜 同意")
    expect(page.get_by_text("Lockers need consent")).to_be_visible()
    page.get_by_role("textbox", name="Find an article").fill("zzzz")
    expect(page.get_by_text("Lockers need consent")).to_have_count(0)
