"""A database in which a small marketplace has lived."""

import asyncio

import pytest

from tests.backtest.history import live


@pytest.fixture
def lived(url: str) -> str:
    """A database in which the small marketplace has had its four days."""
    asyncio.run(live(url))
    return url
