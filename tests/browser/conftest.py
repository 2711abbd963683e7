"""A browser, and a marketplace to look at: one of each for all tests of a worker."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import shop_page
from tests.support.served import PASSWORD
from tests.support.servers import own_server
from tests.support.shop_page import Shop
from tests.support.site import Person, Site, played, site

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
SCALE = 0.05
SECONDS_MAX = 15
PLAIN_HOST = "desk.example"
"""This machine by a name that browsers do not know for it: over HTTP they trust it less."""
expect.set_options(timeout=SECONDS_MAX * 1000)
# A test's browser talks to this machine only.
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They take their time, and need a Chromium."""
    for item in items:
        if "tests/browser/" not in str(item.path):
            continue
        item.add_marker(pytest.mark.slow)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no chromium: the browser tests are left out"))


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """A site that may show help within its own pages."""
    with shop_page.shop() as found:
        yield found


@pytest.fixture(scope="session")
def site_server() -> Iterator[str]:
    """A server for whatever is served to browsers: other tests look at all of theirs."""
    with own_server("sites") as url:
        yield url


@pytest.fixture(scope="session")
def day(site_server: str) -> str:
    """The database of a played day, for copies of it."""
    return played(site_server, scale=SCALE)


@pytest.fixture(scope="session")
def shown(site_server: str, day: str, shop: Shop) -> Iterator[Site]:
    """A served marketplace with a played day behind it. Tests bring consumers and orders of their
    own, so they do not meet."""
    with site(
        site_server,
        day,
        webhook_allow="127.0.0.1/32",
        help_origins=shop.origin,
        image_hosts=PICTURES,
    ) as found:
        yield found


@pytest.fixture(scope="module")
def browser(shown: Site) -> Iterator[Browser]:
    """Gone with its file: meanwhile its driver's loop is this thread's, and no other can run."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield started
        started.close()


LATE = int(os.environ.get("LATE", "0"))
LATENESS = """(seed) => {
    let state = seed;
    const held = (seed * 10) % 300;
    const dice = () => {
        state = (state * 1664525 + 1013904223) % 4294967296;
        return state / 4294967296;
    };
    const { setTimeout: later, fetch: asked, requestAnimationFrame: frame } = window;
    window.setTimeout = (run, ms, ...about) => later(run, (ms ?? 0) + held, ...about);
    window.requestAnimationFrame = (run) => frame(() => frame(() => frame(run)));
    window.fetch = async (...about) => {
        await new Promise((on) => later(on, dice() * 200));
        const answer = await asked(...about);
        await new Promise((on) => later(on, dice() * 200));
        return answer;
    };
}"""
"""Timers come late, frames rarely, and answers of the service late and in any order, as on a slow
machine: with `LATE=7`, where 7 is any seed, all pages are so, with `opened(path, late=7)` one."""
PICTURES = "pictures.example"
"""The one host from which pictures of goods may load."""
Opens = Callable[..., Page]


@pytest.fixture
def opened(shown: Site, browser: Browser) -> Iterator[Opens]:
    """Opens a page in a browser of its own (nobody logged in, nothing kept), and at the end says
    what went wrong in any of them: errors of scripts, and whatever the page's policy stopped."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(
        path: str = "/desk",
        *,
        language: str = "en",
        width: int = 1440,
        late: int = LATE,
        zone: str = "Asia/Shanghai",
    ) -> Page:
        context = browser.new_context(
            base_url=shown.url,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id=zone,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        if late:
            context.add_init_script(f"({LATENESS})({late})")
        context.set_default_timeout(SECONDS_MAX * 1000)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        # What a test does with a request may still be under way, and would fail the next test; it
        # may as well never end.
        for routed in (*context.pages, context):
            routed.unroute_all(behavior="ignoreErrors")
        context.close()
    assert wrong == []


@pytest.fixture
def at_desk(opened: Opens) -> Callable[..., Page]:
    """Opens a page as an agent who has logged in."""

    def log_in(person: Person, path: str = "/desk", **about: Any) -> Page:
        page = opened(path, **about)
        enters(page, person)
        return page

    return log_in


def enters(page: Page, person: Person) -> None:
    """Somebody logs in where the page asks who is there."""
    page.get_by_role("textbox").first.fill(person.name)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator("#content").wait_for()


def is_handed_to(page: Page, person: Person, path: str) -> None:
    """Whoever is there logs out; somebody else logs in at the same browser, and opens this page."""
    page.get_by_role("button", name=re.compile("^Me:")).click()
    page.get_by_role("menuitem", name="Log out").click()
    page.locator("input[type=password]").wait_for()
    enters(page, person)
    page.goto(path)
