"""Reads answers of HTTP/1.1: as much of it as servers send to the benches' client."""

from oncedesk.domain.shared.records import Record

HEAD_BYTES_MAX = 65_536


class AnswerUnreadable(Exception):
    """The server said something that is not an answer this client can read."""


class Answer(Record, frozen=True):
    """`closes`: the server closes the connection after it."""

    status: int
    body: bytes
    closes: bool


class Answers:
    """One connection's answers, each of which has been asked for before the next."""

    def __init__(self) -> None:
        self._data = b""
        self._body_at = 0
        self._end = 0

    def fed(self, data: bytes) -> Answer | None:
        """The answer that is complete with this, if one is. Raises AnswerUnreadable."""
        data = self._data = self._data + data if self._data else data
        if not self._end:
            self._read_head(data)
        if not self._end or len(data) < self._end:
            return None
        if len(data) > self._end:
            raise AnswerUnreadable("more than was asked for")
        head, body = data[: self._body_at], data[self._body_at :]
        self._data, self._end = b"", 0
        return Answer(int(head[9:12]), body, b"connection: close" in head.lower())

    def _read_head(self, data: bytes) -> None:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            if len(data) > HEAD_BYTES_MAX:
                raise AnswerUnreadable("a head without an end")
            return
        head = data[:end].lower()
        if not head.startswith(b"http/1.1 ") or not head[9:12].isdigit():
            raise AnswerUnreadable(repr(data[:80]))
        at = head.find(b"\r\ncontent-length:")
        length = head[at + 17 :].split(b"\r\n", 1)[0].strip() if at >= 0 else b""
        if not length.isdigit():
            raise AnswerUnreadable(f"no length: {head[:200]!r}")
        self._body_at = end + 4
        self._end = self._body_at + int(length)
