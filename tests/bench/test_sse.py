"""The listeners' reader of event streams: whatever pieces it comes in, and what is none."""

import pytest

from oncedesk.bench.http1 import AnswerUnreadable
from oncedesk.bench.sse import Event, Events

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


STREAM = (
    HEAD
    + chunk(b"retry: 1000\n\nevent: message\ndata: {1}\nid: 1\n\nevent: mess")
    + chunk(b"age\ndata: {2}\nid: 2\n\n")
    + chunk(b": nothing new\n\n")
    + chunk(b"event: conversation\ndata: {3}\n\n")
)
SAID = [Event(b"message", b"{1}"), Event(b"message", b"{2}"), Event(b"conversation", b"{3}")]


@pytest.mark.parametrize("size", [1, 2, 7, 50, 10_000])
def test_reads_events_from_pieces_of_any_size(size: int) -> None:
    events = Events()
    heard = []
    for at in range(0, len(STREAM), size):
        heard += events.fed(STREAM[at : at + size])
    assert heard == SAID


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"nothing of a number\r\n",
        HEAD + chunk(b"event: message\ndata: {1}\n\n") + b"0\r\n\r\n",
        b"x" * 70_000,
    ],
)
def test_refuses_what_is_no_stream(said: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        Events().fed(said)
