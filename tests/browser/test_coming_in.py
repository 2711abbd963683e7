"""How people come in, and what they see when they may not."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from oncedesk.domain.agents.messages import RegisterAgent
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from oncedesk.storage.access.logins import Login
from oncedesk.wiring import Parts
from tests.browser.conftest import Opens
from tests.support.browsers import looks, serious
from tests.support.identity_provider import SECRET, Provider, identity_provider_beside
from tests.support.served import PASSWORD
from tests.support.site import Site, site, with_parts


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider_beside() as found:
        yield found


@pytest.fixture(scope="module")
def signed_on(site_server: str, day: str, provider: Provider) -> Iterator[Site]:
    """Served with an identity provider, whose one person is an admin here."""
    settings = {"oidc_issuer": provider.issuer, "oidc_client_secret": SECRET}
    with site(site_server, day, **settings) as found:

        async def add(parts: Parts) -> None:
            agent, subject = uuid4(), f"{provider.issuer} {provider.subject}"
            await parts.engine.submit(
                RegisterAgent(agent=agent), principal="tests", key=str(agent), actor=SYSTEM
            )
            await parts.access.logins.add(
                Login(
                    name="li@example.com",
                    agent=agent,
                    role=Kind.ADMIN.value,
                    subject=subject,
                    created_at=utc_now(),
                    created_by="tests",
                )
            )

        with_parts(found.database, add)
        yield found


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
    field = dialog.get_by_label("Current password", exact=False).first
    field.fill("typed before")
    dialog.get_by_label("The new password", exact=False).first.fill("typed as well as this")
    change = dialog.get_by_role("button", name="Change it")
    page.context.clear_cookies()
    # The page may ask something else first, and then its log-in lies above the button.
    change.dispatch_event("click")
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
    dialog.get_by_label("Current password", exact=False).first.fill("not this one")
    dialog.get_by_label("The new password", exact=False).first.fill("a password of one's own")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.get_by_text("This is not your current password.")).to_be_visible()
    dialog.get_by_label("Current password", exact=False).first.fill(PASSWORD)
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


def test_whoever_has_a_log_in_elsewhere_comes_in_by_it(opened: Opens, signed_on: Site) -> None:
    page = opened(signed_on.url + "/desk")
    way = page.get_by_role("link", name="Single sign-on")
    expect(way).to_be_visible()
    assert serious(page) == []
    way.click()
    expect(page.get_by_role("button", name=re.compile("^Me"))).to_be_visible()
    # While they work it is in another tab, as what they have typed stays.
    field = typed_when_it_is_over(page)
    over = page.get_by_role("dialog", name="Your session is over")
    with page.expect_popup() as beside:
        over.get_by_role("link", name="Single sign-on").click()
    expect(beside.value.get_by_role("button", name=re.compile("^Me"))).to_be_visible()
    beside.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(over).to_have_count(0)
    expect(field).to_have_value("typed before")


def test_whom_the_provider_refuses_is_told_on_the_page(
    opened: Opens, signed_on: Site, provider: Provider
) -> None:
    page = opened(signed_on.url + "/desk")
    provider.refuses = "access_denied"
    page.get_by_role("link", name="Single sign-on").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Single sign-on did not let you in.")
    assert serious(page) == []
    page.reload()
    expect(page.get_by_role("link", name="Single sign-on")).to_be_visible()
    expect(told).to_have_count(0)
    provider.refuses = ""
    page.get_by_role("link", name="Single sign-on").click()
    expect(page.get_by_role("button", name=re.compile("^Me"))).to_be_visible()


def test_without_a_provider_there_is_no_way_to_one(opened: Opens) -> None:
    page = opened("/desk")
    expect(page.get_by_label("Name or e-mail")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Single sign-on")).to_have_count(0)


def test_what_is_typed_stays_when_something_is_undone_after_the_session(
    at_desk: Callable[..., Page], shown: Site
) -> None:
    person = shown.agent(role=Kind.ADMIN)
    page = at_desk(person, f"/admin/agents/{shown.agent(PLATFORM).agent}")
    page.get_by_role("button", name="Take off").click()
    page.get_by_role("dialog").get_by_role("button", name="Take off").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    languages = page.get_by_label("Languages")
    languages.fill("zh, en, fr")
    page.context.clear_cookies()
    # Without a look at what lies above: another question may be first to find that it is over.
    undo.dispatch_event("click")
    over = page.get_by_role("dialog", name="Your session is over")
    over.get_by_role("textbox").first.fill(person.name)
    over.locator("input[type=password]").fill(PASSWORD)
    over.locator("button[type=submit]").click()
    expect(over).to_have_count(0)
    expect(languages).to_have_value("zh, en, fr")


def test_what_can_be_undone_is_offered_again_after_the_session(
    at_desk: Callable[..., Page], shown: Site
) -> None:
    person, other = shown.agent(role=Kind.ADMIN), shown.agent(PLATFORM).agent
    page = at_desk(person, "/admin/agents")
    page.clock.install()
    page.goto(f"/admin/agents/{other}")
    page.get_by_role("button", name="Take off").click()
    page.get_by_role("dialog").get_by_role("button", name="Take off").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    belongs = page.get_by_role("region", name="Where they belong")
    page.context.clear_cookies()
    over = page.get_by_role("dialog", name="Your session is over")
    # It is pressed, and says that the session is over; then the log-in takes its time.
    undo.dispatch_event("click")
    expect(over).to_be_visible()
    page.clock.run_for(60_000)
    over.get_by_role("textbox").first.fill(person.name)
    over.locator("input[type=password]").fill(PASSWORD)
    over.locator("button[type=submit]").click()
    expect(over).to_have_count(0)
    undo.click()
    expect(page.get_by_text("Undone", exact=False)).to_be_visible()
    expect(belongs.get_by_role("cell", name="Platform")).to_be_visible()
    expect(belongs.get_by_role("button", name="Take off")).to_be_visible()
    page.clock.run_for(11_000)
    expect(undo).to_have_count(0)
