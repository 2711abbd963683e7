"""The reference page names every table and key there is."""

import re
from pathlib import Path

import pytest
from msgspec import Struct

from oncedesk.rules.fields import field_types
from oncedesk.rules.rows import PackHead
from oncedesk.rules.tables import ROWS, VALUE_ROWS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "rule-packs.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))


@pytest.mark.parametrize("struct", [PackHead, *ROWS, *(row.group for row in VALUE_ROWS)])
def test_every_key_is_documented(struct: type[Struct]) -> None:
    assert set(field_types(struct)) - NAMED == set()


def test_every_table_is_documented() -> None:
    assert {row.table for row in ROWS} - NAMED == set()
