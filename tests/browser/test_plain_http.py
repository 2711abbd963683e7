"""Over plain HTTP, other than from its own machine, a browser keeps some of what it can do to
itself: the pages do without."""

import re

from playwright.sync_api import FilePayload, expect

from oncedesk.http.auth.principals import Kind
from tests.browser.conftest import PLAIN_HOST, Opens
from tests.browser.workplace import Workplace
from tests.http.files import photo
from tests.support.site import Site


def plainly(site: Site, path: str) -> str:
    """Where this is served under a name that is not this machine's own."""
    return site.url.replace("127.0.0.1", PLAIN_HOST) + path


def test_both_sides_write_to_each_other(opened: Opens, at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    bought = shop.case()
    token = shown.token(bought.consumer, market="cn")
    talk = plainly(shown, f"/help/order/{bought.order}/1/talk#token={token}")
    consumer = opened(talk, width=360)
    assert consumer.evaluate("window.isSecureContext") is False
    picture = FilePayload(name="crack.png", mimeType="image/png", buffer=photo(9))
    consumer.get_by_label("Add pictures").set_input_files([picture])
    expect(consumer.get_by_role("progressbar")).to_have_count(0)
    consumer.get_by_role("textbox", name="Your message").fill("It is cracked.")
    consumer.get_by_role("button", name="Send").click()
    agent = at_desk(person, plainly(shown, bought.path()))
    expect(agent.get_by_role("region", name="Conversation")).to_contain_text("It is cracked.")
    agent.get_by_role("region", name="Answer").get_by_role("textbox").fill("Another one comes.")
    agent.get_by_role("button", name="Send to consumer").click()
    expect(consumer.get_by_role("log")).to_contain_text("Another one comes.")


def test_what_cannot_be_copied_by_a_button_is_marked_by_a_click(
    at_desk: Opens, shown: Site
) -> None:
    page = at_desk(shown.agent(role=Kind.ADMIN), plainly(shown, "/admin/keys"))
    page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("plain")
    dialog.get_by_label("cases:read").check()
    dialog.get_by_role("button", name="Make a key").click()
    secret = page.get_by_text(re.compile("^odk_"))
    secret.click()
    assert page.evaluate("getSelection().toString()") == secret.inner_text()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
