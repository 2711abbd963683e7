"""What an agent has at hand in a case, articles that fit it and those that are looked for; and the
pages on which those write it who answer for it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from playwright.sync_api import Page, expect

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from oncedesk.wiring import Parts
from tests.browser.conftest import Opens
from tests.browser.workplace import Workplace
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Site, with_parts

BOTH = ("desk", "phone")


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
    # The midnight after the 1st of May, where the browser is.
    article(shop, expires_at="2031-05-01T16:00:00Z")
    article(shop, en={"title": "Elsewhere", "body": "Nothing."}, issues=["refund"])
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    expect(page.get_by_text("Lockers need consent")).to_be_visible()
    expect(page.get_by_text("Elsewhere")).to_have_count(0)
    page.get_by_text("Lockers need consent").click()
    # Markup is text like all else.
    expect(page.get_by_text("<b>there</b>")).to_be_visible()
    expect(page.get_by_text("until 1 May 2031")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("textbox", name="Find an article").fill("zzzz")
    expect(page.get_by_text("Lockers need consent")).to_have_count(0)
    page.get_by_role("textbox", name="Find an article").fill("快递柜 同意")
    expect(page.get_by_text("Lockers need consent")).to_be_visible()
    expect(page.get_by_role("link", name="Change this article")).to_have_count(0)


def boss_of(shop: Workplace) -> Any:
    return shop.site.agent(shop.desk, on_desk=DeskRole.SUPERVISOR)


def test_an_article_is_written_changed_retired_and_brought_back(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    soon = (utc_now() + timedelta(days=3)).isoformat()
    article(shop, en={"title": "Ends soon", "body": "x"}, expires_at=soon)
    article(shop, en={"title": "Over long ago", "body": "x"}, expires_at="2020-01-01T00:00:00Z")
    page = at_desk(boss_of(shop), "/knowledge")
    rows = page.get_by_role("list", name="Articles").get_by_role("listitem")
    # What was over comes first, then what ends soon; articles for all come after, they last longer.
    expect(rows.nth(0)).to_contain_text("Over long ago")
    expect(rows.nth(0)).to_contain_text("expired")
    expect(rows.nth(1)).to_contain_text("Ends soon")

    page.get_by_role("link", name="Write an article").click()
    publish = page.get_by_role("button", name=re.compile("^Publish version"))
    expect(publish).to_be_disabled()
    expect(page.get_by_text(re.compile("Still missing: Title .Chinese."))).to_be_visible()
    title = f"Gifts {uuid4().hex[:6]}"
    page.get_by_label("Title (Chinese)").fill("赠品")
    page.get_by_label("Text (Chinese)").fill("赠品随商品退回。")
    page.get_by_label("Title (English)").fill(title)
    page.get_by_label("Text (English)").fill("Gifts go back as well.\n\n<b>Always</b>")
    # What was typed is there after a reload; nobody else has seen it.
    page.reload()
    expect(page.get_by_label("Title (English)")).to_have_value(title)
    page.get_by_label("Who answers for it").fill("Li of returns")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()

    page.get_by_label("Valid through").fill("2031-05-01")
    page.get_by_label("Text (English)").fill("Gifts go back, too.")
    expect(page.get_by_text("There are changes that are not published")).to_be_visible()
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("expires 1 May 2031")).to_be_visible()
    versions = page.get_by_role("list", name="Versions").get_by_role("listitem")
    expect(versions).to_have_count(2)
    versions.nth(1).locator("summary").click()
    # Markup is text like all else.
    expect(versions.nth(1).get_by_text("<b>Always</b>")).to_be_visible()
    versions.nth(1).get_by_role("button", name="Go on from this version").click()
    expect(page.get_by_label("Text (English)")).to_have_value(re.compile("Gifts go back as well"))
    page.get_by_role("button", name="Discard my changes").click()
    expect(page.get_by_label("Text (English)")).to_have_value("Gifts go back, too.")
    looks(page, "knowledge-article", widths=BOTH)

    page.get_by_role("button", name="Retire").click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("It was retired: agents find it no more")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It was retired: agents find it no more")).to_have_count(0)
    page.get_by_role("link", name="All articles").click()
    page.get_by_label("Find (in either language)").fill(title)
    expect(rows).to_have_count(1)
    page.get_by_label("Find (in either language)").fill("zzzz")
    expect(page.get_by_text("None was found.")).to_be_visible()
    page.get_by_label("Find (in either language)").fill("")
    looks(page, "knowledge-articles", widths=BOTH, ready=".knowledge-list li")


def test_two_who_change_an_article_do_not_undo_each_other(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    article(shop)
    bought = shop.case()
    page, other = at_desk(boss_of(shop), bought.path()), at_desk(boss_of(shop), bought.path())
    for one in (page, other):
        one.get_by_text("Lockers need consent").click()
        one.get_by_role("link", name="Change this article").click()
        expect(one.get_by_label("Title (English)")).to_have_value("Lockers need consent")
    page.get_by_label("Who answers for it").fill("Wang")
    other.get_by_label("Who answers for it").fill("Zhao")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("list", name="Versions").get_by_role("listitem")).to_have_count(2)
    other.get_by_role("button", name="Publish version 2").click()
    expect(other.get_by_text("While you were writing, version 2 was published.")).to_be_visible()
    expect(other.get_by_label("Who answers for it")).to_have_value("Zhao")
    other.get_by_role("button", name="Keep mine, over version 2").click()
    other.get_by_role("button", name="Publish version 3").click()
    expect(other.get_by_text("Version 3, published")).to_be_visible()


def test_what_was_published_without_an_answer_goes_on_as_the_next_version(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    page = at_desk(boss_of(shop), "/knowledge/articles/new")
    for language in ("Chinese", "English"):
        page.get_by_label(f"Title ({language})").fill("Lockers")
        page.get_by_label(f"Text ({language})").fill("Ask first.")
    page.get_by_label("Who answers for it").fill("Wang")
    page.route("**/v1/desk/articles/*", lost_answer, times=1)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Who answers for it").fill("Zhao")
    page.get_by_role("button", name="Publish version 1").click()
    page.get_by_role("button", name="Keep mine, over version 1").click()
    expect(page.get_by_label("Who answers for it")).to_have_value("Zhao")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2, published")).to_be_visible()

    page.goto(f"/knowledge/macros/{quote(str(shop.desk), safe='')}/new")
    expect(page.get_by_role("status")).to_have_count(0)
    page.get_by_role("textbox", name="Name").fill("Greeting")
    for language in ("Chinese", "English"):
        page.get_by_label(f"Text ({language})").fill("Hello")
    page.route("**/v1/desk/macros/*", lost_answer, times=1)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("A greeting")
    page.get_by_role("button", name="Publish version 1").click()
    page.get_by_role("button", name="Keep mine, over version 1").click()
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("heading", name="A greeting", level=1)).to_be_visible()


def test_others_articles_are_only_read(at_desk: Opens, shown: Site) -> None:
    shop, rival = Workplace(shown), Workplace(shown)
    article(shop, desks=["merchant"], en={"title": "For all shops", "body": "Read this."})
    article(rival, en={"title": "A secret of the rival", "body": "x"})
    page = at_desk(boss_of(shop), "/knowledge/articles")
    page.get_by_label("Find (in either language)").fill("secret of the rival")
    expect(page.get_by_text("None was found.")).to_be_visible()
    page.get_by_label("Find (in either language)").fill("For all shops")
    page.get_by_role("link", name="For all shops").first.click()
    expect(page.get_by_text("you may only read it")).to_be_visible()
    expect(page.get_by_text("Read this.").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Publish|Retire"))).to_have_count(0)


def test_a_macro_is_tried_in_a_case_before_it_is_published(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    shop.case("Where is my parcel?")
    page = at_desk(boss_of(shop), "/knowledge/macros")
    expect(page.get_by_text("This desk has no macro yet.")).to_be_visible()
    page.get_by_role("link", name="Write a macro").click()
    page.get_by_role("textbox", name="Name").fill("We answer by")
    english, chinese = page.get_by_label("Text (English)"), page.get_by_label("Text (Chinese)")
    chinese.fill("您好 {consumer.nam}")
    expect(page.get_by_text("There is no such variable: {consumer.nam}")).to_be_visible()
    expect(page.get_by_role("button", name="Publish version 1")).to_be_disabled()
    chinese.fill("{consumer.name}，您好")
    english.fill("We answer by ")
    page.get_by_role("button", name="Insert a variable (English)").click()
    page.get_by_role("menuitem", name="answer by", exact=True).click()
    expect(english).to_have_value("We answer by {case.answer_by}")
    said = page.get_by_role("region", name="Preview: English")
    expect(said).to_contain_text("We answer by ‹answer by›")
    # In a case of the desk it says that case's facts; and of another text what is missing.
    page.get_by_role("combobox", name="With which case").click()
    page.get_by_role("option").first.click()
    expect(said.get_by_text(re.compile("^We answer by .*[0-9]+:[0-9]+"))).to_be_visible()
    lacks = page.get_by_role("region", name="Preview: Chinese")
    expect(lacks).to_contain_text("Missing: the consumer's name (not revealed to you)")
    looks(page, "knowledge-macro", widths=BOTH)

    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("heading", name="We answer by", level=1)).to_be_visible()
    page.get_by_role("button", name="Retire").click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("This desk has no macro yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="We answer by")).to_be_visible()
    looks(page, "knowledge-macros", widths=BOTH, ready=".knowledge-list li")


def test_an_admin_writes_for_any_desk_and_an_agent_for_none(
    at_desk: Callable[..., Page], shown: Site
) -> None:
    shop = Workplace(shown)
    shop.macro("Ours alone", zh="你好", en="Good day")
    page = at_desk(shown.agent(role=Kind.ADMIN), f"/knowledge/macros?desk={shop.desk}")
    page.get_by_role("link", name="Ours alone").click()
    expect(page.get_by_role("heading", name="Ours alone", level=1)).to_be_visible()
    expect(page.get_by_text("This desk has no open case right now")).to_be_visible()
    agent = at_desk(shown.agent(PLATFORM), "/knowledge/articles")
    expect(agent.get_by_text("There is no page here")).to_be_visible()
    expect(agent.get_by_role("link", name="Knowledge")).to_have_count(0)


def test_what_is_written_in_one_tab_goes_on_in_another(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    article(shop)
    page = at_desk(boss_of(shop), shop.case().path())
    page.get_by_text("Lockers need consent").click()
    page.get_by_role("link", name="Change this article").click()
    expect(page.get_by_label("Title (English)")).to_have_value("Lockers need consent")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Title (English)")).to_have_value("Lockers need consent")
    page.get_by_label("Who answers for it").fill("Wang")
    expect(other.get_by_label("Who answers for it")).to_have_value("Wang")
    other.get_by_label("Where it comes from").fill("A letter")
    expect(page.get_by_label("Where it comes from")).to_have_value("A letter")
    expect(page.get_by_label("Who answers for it")).to_have_value("Wang")
    # What was published is not written any more in either.
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2, published")).to_be_visible()
    expect(other.get_by_role("button", name="Discard my changes")).to_have_count(0)


def test_articles_that_cannot_be_read_are_not_said_to_be_none(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(platform=True), "/desk")
    page.route(re.compile("/articles"), lambda route: route.fulfill(status=503, json={}))
    page.goto(bought.path())
    knowledge = page.get_by_role("region", name="Knowledge")
    expect(knowledge.get_by_role("alert")).to_contain_text("The service is busy.")
