"""What a consumer has to load before they can read a word."""

import re

import pytest

from oncedesk.http.pages import built

BYTES_MAX = 150_000


def test_the_consumers_page_is_small() -> None:
    pieces = built()
    if not pieces:
        pytest.skip("the pages are not built")
    page = pieces["help.html"].bodies[""].decode()
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', page)
    assert scripts, "a page without scripts does nothing"
    assert sum(len(pieces[name].bodies["gzip"]) for name in scripts) < BYTES_MAX
