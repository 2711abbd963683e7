"""A message in the reader's language beside the original, where an installation has that."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.workplace import Workplace
from tests.support.browsers import serious
from tests.support.paying import SECRET
from tests.support.site import Site, site
from tests.support.translator import translator


@pytest.fixture(scope="module")
def translating(site_server: str, day: str) -> Iterator[Site]:
    """A marketplace whose messages somebody translates."""
    with (
        translator() as url,
        site(
            site_server,
            day,
            webhook_allow="127.0.0.1/32",
            translation_url=url,
            translation_secret=SECRET,
        ) as found,
    ):
        yield found


def test_the_translation_stands_beside_what_was_written(at_desk: Opens, translating: Site) -> None:
    shop = Workplace(translating)
    bought = shop.case("快递在哪里？")
    page = at_desk(shop.agent(), translating.url + bought.path())
    message = (
        page.get_by_role("region", name="Conversation")
        .get_by_role("listitem")
        .filter(has_text="快递在哪里？")
    )
    message.get_by_role("button", name="Translate").click()
    expect(message).to_contain_text("Translated by a machine")
    expect(message.get_by_text("[en] 快递在哪里？")).to_be_visible()
    # The original stays.
    expect(message.get_by_text("快递在哪里？", exact=True)).to_be_visible()
    assert serious(page) == []


def test_nobody_is_offered_what_there_is_not(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    page = at_desk(shop.agent(), shop.case("快递在哪里？").path())
    thread = page.get_by_role("region", name="Conversation")
    expect(thread.get_by_text("快递在哪里？", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Order", exact=True)).to_be_visible()
    expect(thread.get_by_role("button", name="Translate")).to_have_count(0)
