"""What a process remembers of whoever comes: for so long, so many, and no failures."""

import asyncio

import pytest

from oncedesk.http.auth.remembering import Remembered
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.limits.rates import Rates
from oncedesk.http.problems import Refused


class Hands:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Away(Exception):
    """The database does not answer."""


async def test_looks_up_once_for_all_who_ask_at_the_same_time() -> None:
    asked: list[str] = []
    answered = asyncio.Event()

    async def load(key: str) -> str:
        asked.append(key)
        await answered.wait()
        return key.upper()

    known = Remembered(load, seconds=5)
    waiting = [asyncio.create_task(known.get("a")) for _ in range(3)]
    await asyncio.sleep(0)
    # One who does not wait any more takes nothing from the others.
    waiting[0].cancel()
    answered.set()
    assert await asyncio.gather(*waiting[1:]) == ["A", "A"]
    assert await known.get("a") == "A"
    assert asked == ["a"]


async def test_looks_up_again_when_the_time_is_over() -> None:
    clock, values = Hands(), iter(range(10))

    async def load(_: str) -> int:
        return next(values)

    known = Remembered(load, seconds=5, clock=clock)
    assert await known.get("a") == 0
    clock.now = 4.9
    assert await known.get("a") == 0
    clock.now = 5.0
    assert await known.get("a") == 1
    known.forget("a")
    assert await known.get("a") == 2


async def test_remembers_no_failure() -> None:
    failures = iter([Away(), Away()])

    async def load(key: str) -> str:
        for failure in failures:
            raise failure
        return key

    known = Remembered(load, seconds=5)
    for _ in range(2):
        with pytest.raises(Away):
            await known.get("a")
    assert await known.get("a") == "a"


async def test_remembers_so_many_and_forgets_the_oldest() -> None:
    asked: list[int] = []

    async def load(key: int) -> int:
        asked.append(key)
        return key

    known = Remembered(load, seconds=5, size=2)
    for key in (1, 2, 3, 1, 3):
        await known.get(key)
    assert asked == [1, 2, 3, 1]


def test_a_client_gets_back_what_time_gives() -> None:
    clock = Hands()
    rates = Rates(per_second=2, burst_seconds=1, clock=clock)
    rates.take("a")
    rates.take("a")
    rates.take("b")
    with pytest.raises(Refused) as refused:
        rates.take("a")
    assert refused.value.problem.status == 429
    assert refused.value.problem.retry_after == 1
    clock.now = 0.5
    rates.take("a")
    with pytest.raises(Refused):
        rates.take("a")
    rates.give_back("a")
    rates.take("a")
    clock.now = 100.0
    rates.take("a")
    rates.take("a")
    with pytest.raises(Refused):
        rates.take("a")


def test_a_mark_is_good_for_its_purpose_and_its_installation() -> None:
    seals, other = Seals(b"one"), Seals(b"other")
    mark = seals.mark("cursor", b"x")
    assert seals.holds("cursor", b"x", mark)
    assert not seals.holds("csrf", b"x", mark)
    assert not seals.holds("cursor", b"y", mark)
    assert not other.holds("cursor", b"x", mark)
