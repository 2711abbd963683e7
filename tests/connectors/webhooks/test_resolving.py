"""Names that hang hold up no others, and nobody asks for what nobody waits for."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from oncedesk.connectors.webhooks import resolving
from oncedesk.connectors.webhooks.resolving import SystemResolver

GOOD = ("192.0.2.1",)


class Names:
    """What the system says: of `hang-...` nothing until `released`."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host.startswith("hang-"):
            self.released.wait(30)
        return GOOD


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    found = Names()
    monkeypatch.setattr(resolving, "_addresses", found)
    yield found
    found.released.set()


@pytest.fixture
async def resolve(names: Names) -> AsyncIterator[SystemResolver]:
    resolver = SystemResolver()
    yield resolver
    names.released.set()
    resolver.close()


async def test_names_that_hang_hold_up_none_that_was_found(resolve: SystemResolver) -> None:
    assert await resolve("good") == GOOD
    hanging = [asyncio.ensure_future(resolve(f"hang-{n}")) for n in range(40)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(resolve("good"), 10) == GOOD
    assert not any(one.done() for one in hanging)
    for one in hanging:
        one.cancel()


async def test_what_nobody_waits_for_any_more_is_not_asked(
    resolve: SystemResolver, names: Names
) -> None:
    waiting = [asyncio.ensure_future(resolve(f"hang-{n}")) for n in range(100)]
    await asyncio.sleep(0)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    names.released.set()
    assert await resolve("good") == GOOD
    assert await resolve("hang-99") == GOOD, "and it may be asked for again"
    assert len(names.asked) < 40


async def test_a_name_is_asked_for_once_at_a_time(resolve: SystemResolver, names: Names) -> None:
    both = asyncio.gather(resolve("hang-1"), resolve("hang-1"))
    await asyncio.sleep(0)
    names.released.set()
    assert list(await both) == [GOOD, GOOD]
    assert names.asked == ["hang-1"]
