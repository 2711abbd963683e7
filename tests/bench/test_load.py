"""The benches' client, against servers that say what servers may say, and what they should not."""

import asyncio

import pytest

from oncedesk.bench.helper import HelperEnded
from oncedesk.bench.http1 import Answers, AnswerUnreadable
from oncedesk.bench.load import Client
from oncedesk.bench.turns import Turn
from oncedesk.domain.shared.records import Record
from tests.support.listeners import Talk, listening

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Numbers(Record, frozen=True):
    """Requests that carry their number."""

    def request(self, number: int) -> bytes:
        return f"POST /{number} HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n".encode()


async def turn(talk: Talk, *, connections: int = 3, times: int = 1) -> list[Turn]:
    client = Client()
    try:
        async with listening(talk) as port:
            return [
                await client.turn(Numbers(), port=port, seconds=1.0, connections=connections)
                for _ in range(times)
            ]
    finally:
        await asyncio.to_thread(client.stop)


async def test_counts_what_was_answered_and_asks_no_number_twice() -> None:
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            asked.append(head)
            writer.write(OK)

    first, second = await turn(talk, times=2)
    assert first.acknowledged > first.answered > 3
    assert first.acknowledged + second.acknowledged == len(asked) == len(set(asked))
    assert first.acknowledged == first.asked
    assert len(first.latencies_ms) == first.answered
    assert first.failed == 0
    assert first.cpu_seconds > 0


async def test_connects_anew_where_the_server_closes_after_each_answer() -> None:
    connections = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        if await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        writer.close()

    [done] = await turn(talk)
    assert done.acknowledged > 3
    assert done.acknowledged == done.asked <= connections <= done.asked + 3


async def test_counts_a_refusal_apart_and_keeps_what_it_said() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater")

    [done] = await turn(talk)
    assert done.acknowledged == done.answered == 0
    assert done.failed == done.asked > 3
    assert done.refused == "503 later"


async def test_says_so_where_a_connection_ends_without_an_answer() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    with pytest.raises(HelperEnded, match="ConnectionResetError"):
        await turn(talk)


async def test_says_so_where_nobody_listens() -> None:
    async with listening(lambda *_: asyncio.sleep(0)) as port:
        pass
    client = Client()
    try:
        with pytest.raises(HelperEnded, match="ConnectionRefusedError"):
            await client.turn(Numbers(), port=port, seconds=0.1, connections=1)
    finally:
        await asyncio.to_thread(client.stop)


def test_reads_an_answer_that_comes_in_pieces() -> None:
    answers = Answers()
    whole = b"HTTP/1.1 201 Created\r\ncontent-LENGTH: 3\r\nConnection: Close\r\n\r\nabc"
    for at in range(len(whole) - 1):
        assert answers.fed(whole[at : at + 1]) is None
    answer = answers.fed(whole[-1:])
    assert answer is not None
    assert (answer.status, answer.body, answer.closes) == (201, b"abc", True)
    answer = answers.fed(OK)
    assert answer is not None
    assert (answer.status, answer.body, answer.closes) == (200, b"{}", False)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        OK + b"more",
        b"x" * 70_000,
    ],
)
def test_refuses_what_is_no_answer(said: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        Answers().fed(said)


async def test_asks_no_more_often_than_it_is_told() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)

    client = Client()
    try:
        async with listening(talk) as port:
            done = await client.turn(
                Numbers(), port=port, seconds=0.5, connections=4, per_second=40
            )
    finally:
        await asyncio.to_thread(client.stop)
    # 20 slots in half a second, however fast or slow the machine is.
    assert 0 < done.asked <= 20
    assert done.acknowledged == done.asked
