"""How people come in, and what they see when they may not."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Locator, Page, expect

from oncedesk.domain.shared.refs import PLATFORM
from tests.browser.conftest import Opens
from tests.support.browsers import looks, serious
from tests.support.served import PASSWORD
from tests.support.site import Site


def test_a_wrong_password_is_told_plainly_and_nothing_is_lost(opened: Opens, shown: Site) -> None:
    person = shown.agent(PLATFORM)
    page = opened("/desk")
    page.get_by_label("Name or e-mail").fill(person.name)
    page.locator("input[type=password]").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name or e-mail")).to_have_value(person.name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Me")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Me").click()
    expect(page.get_by_role("menuitem", name="Log out")).to_be_visible()
    assert serious(page) == []


def test_the_way_in_in_both_languages(opened: Opens) -> None:
    page = opened("/desk", language="zh")
    expect(page.get_by_role("heading", name="登录服务台")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Log in to the desk")).to_be_visible()
    looks(page, "log-in", widths=("desk", "phone"))


def test_a_consumer_without_a_token_is_told_where_to_begin(opened: Opens) -> None:
    page = opened("/help/", width=360)
    expect(page.get_by_text("you need not log in again")).to_be_visible()
    assert serious(page) == []


def test_pages_let_nothing_in_from_outside(shown: Site) -> None:
    staff, help_ = (httpx.get(shown.url + path) for path in ("/desk/x/y", "/help/c/1"))
    for answer in (staff, help_):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self';" in policy
        assert "<script>" not in answer.text
    assert "'unsafe-inline'" not in help_.headers["content-security-policy"]
    assert staff.headers["x-frame-options"] == "DENY"
    assert "x-frame-options" not in help_.headers
    assert "frame-ancestors 'self'" in help_.headers["content-security-policy"]
    for path in ("/assets/nothing.js", "/assets/..%2fhelp.html", "/assets/%2e%2e/embed.js"):
        assert httpx.get(shown.url + path).status_code == 404, path


def test_a_session_that_is_over_is_begun_anew_above_a_dialog(
    at_desk: Callable[..., Page], shown: Site
) -> None:
    person = shown.agent(PLATFORM)
    page = at_desk(person)
    field = typed_when_it_is_over(page)
    over = page.get_by_role("dialog", name="Your session is over")
    over.get_by_role("textbox").first.fill(person.name)
    over.locator("input[type=password]").fill(PASSWORD)
    over.locator("button[type=submit]").click()
    expect(over).to_have_count(0)
    expect(field).to_have_value("typed before")


def typed_when_it_is_over(page: Page) -> Locator:
    """They are typing when nobody is logged in any more; the field with what they have typed."""
    page.get_by_role("button", name=re.compile("^Me")).click()
    page.get_by_role("menuitem", name="Change my password").click()
    dialog = page.get_by_role("dialog", name="Change my password")
    field = dialog.get_by_label("The password in force", exact=False).first
    field.fill("typed before")
    dialog.get_by_label("The new password", exact=False).first.fill("typed as well as this")
    page.context.clear_cookies()
    dialog.get_by_role("button", name="Change it").click()
    return field


def test_a_password_is_changed_by_whoever_knows_the_old_one(
    at_desk: Callable[..., Page], opened: Opens, shown: Site
) -> None:
    person = shown.agent(PLATFORM)
    # Whoever is in the second field before the dialog gives the first the focus stays there.
    page = at_desk(person, "/desk", late=9)
    page.get_by_role("button", name=re.compile("^Me")).click()
    page.get_by_role("menuitem", name="Change my password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The password in force", exact=False).first.fill("not this one")
    dialog.get_by_label("The new password", exact=False).first.fill("a password of one's own")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.get_by_text("This is not the password in force.")).to_be_visible()
    dialog.get_by_label("The password in force", exact=False).first.fill(PASSWORD)
    assert serious(page) == []
    dialog.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    # Whoever changed it stays; the next time it is the new one.
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^Me"))).to_be_visible()
    again = opened("/desk")
    again.get_by_role("textbox").first.fill(person.name)
    again.locator("input[type=password]").fill("a password of one's own")
    again.locator("button[type=submit]").click()
    expect(again.get_by_role("button", name=re.compile("^Me"))).to_be_visible()
