"""Reads a stream of server-sent events from an answer of HTTP/1.1 that comes in chunks."""

from oncedesk.bench.http1 import HEAD_BYTES_MAX, AnswerUnreadable
from oncedesk.domain.shared.records import Record

EVENT_BYTES_MAX = 4_194_304


class Event(Record, frozen=True):
    """One event, as it came."""

    name: bytes
    data: bytes


class Events:
    """One stream, from its head on."""

    def __init__(self) -> None:
        self._raw = b""
        self._text = b""
        self._begun = False

    def fed(self, data: bytes) -> list[Event]:
        """The events that are complete with this. Raises AnswerUnreadable, and at the end too."""
        self._raw += data
        if not self._begun and not self._read_head():
            return []
        self._read_chunks()
        *blocks, self._text = self._text.split(b"\n\n")
        if len(self._text) > EVENT_BYTES_MAX:
            raise AnswerUnreadable("an event without an end")
        return [event for block in blocks if (event := _event(block)) is not None]

    def _read_head(self) -> bool:
        end = self._raw.find(b"\r\n\r\n")
        if end < 0:
            if len(self._raw) > HEAD_BYTES_MAX:
                raise AnswerUnreadable("a head without an end")
            return False
        head = self._raw[:end].lower()
        if not head.startswith(b"http/1.1 200 ") or b"\r\ntransfer-encoding: chunked" not in head:
            raise AnswerUnreadable(repr(self._raw[:500]))
        self._raw, self._begun = self._raw[end + 4 :], True
        return True

    def _read_chunks(self) -> None:
        at, raw, parts = 0, self._raw, [self._text]
        while (end := raw.find(b"\r\n", at)) >= 0:
            try:
                size = int(raw[at:end].split(b";", 1)[0], 16)
            except ValueError:
                raise AnswerUnreadable(f"no chunk: {raw[at:end][:80]!r}") from None
            if size == 0:
                raise AnswerUnreadable("the stream has ended")
            if len(raw) < end + 2 + size + 2:
                break
            parts.append(raw[end + 2 : end + 2 + size])
            at = end + 2 + size + 2
        self._raw, self._text = raw[at:], b"".join(parts)


def _event(block: bytes) -> Event | None:
    """What these lines say; None where they are only comments or say how to come back."""
    name, data = b"message", []
    for line in block.split(b"\n"):
        if line.startswith(b"event: "):
            name = line[7:]
        elif line.startswith(b"data: "):
            data.append(line[6:])
    return Event(name, b"\n".join(data)) if data else None
