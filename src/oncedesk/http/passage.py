"""One request on its way through the border: what is known of it, and how it is answered."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from oncedesk.http.access_log import AccessLog
from oncedesk.http.auth.principals import Principal
from oncedesk.http.doors import Area
from oncedesk.http.limits.overload import Overload
from oncedesk.http.problems import Problem, encode, headers_of
from oncedesk.http.scope import COMMAND_ID

_UNFRAMED = (b"x-frame-options", b"DENY")
SAFE_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    _UNFRAMED,
]
EMBEDDED_HEADERS = [one for one in SAFE_HEADERS if one is not _UNFRAMED]
"""Of the page that others show within theirs; its policy says who may."""
_NO_STORE = (b"cache-control", b"no-store")


class Passage:
    """One request on its way through.

    `seconds_max` is how long its answer may take to begin, and then each piece of it to be taken.
    """

    __slots__ = (
        *("_answered", "_began", "_endless", "_scope", "_seconds_max", "_send"),
        *(
            "admitted",
            "area",
            "beside",
            "id",
            "principal",
            "private",
            "reading",
            "reads_body",
            "status",
            "unread",
        ),
    )

    def __init__(self, scope: Any, send: Any, *, seconds_max: float) -> None:
        self._scope = scope
        self._send = send
        self._seconds_max = seconds_max
        self._endless = False
        self._answered: float | None = None
        self._began = time.perf_counter()
        # No number: it would tell strangers how much goes on here.
        self.id = secrets.token_hex(8)
        self.area = Area.PUBLIC
        # Once it was let in: until when it has to be answered.
        self.admitted: asyncio.Timeout | None = None
        self.beside = SAFE_HEADERS
        self.principal: Principal | None = None
        # It is answered with what no cache keeps, unless the answer says otherwise.
        self.private = False
        # Where it is counted, while its answer is looked up.
        self.reading: Overload | None = None
        # Its body is what is waited for: whoever sends it may be slow, and nobody else.
        self.reads_body = False
        self.status = 0
        # It was refused before anybody read its body.
        self.unread = False

    def admit(self, limit: asyncio.Timeout) -> None:
        """It is all here; from now on it is ours to be quick."""
        self.admitted, self.reads_body = limit, False
        self._give_time()

    @property
    def seconds(self) -> float:
        """Since it came."""
        return time.perf_counter() - self._began

    @property
    def seconds_to_answer(self) -> float:
        """Until it was answered: by a stream as soon as it begins, however long it goes on."""
        return self.seconds if self._answered is None else self._answered

    def about(self) -> Mapping[str, str]:
        """What stands in every line that is logged of it."""
        command_id = self._scope.get(COMMAND_ID)
        found = {"request_id": self.id}
        return found if command_id is None else {**found, "command_id": str(command_id)}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._end_read()
            if self.admitted is not None and _goes_on(message["headers"]):
                self._endless = True
                self._answered = self.seconds
                self.admitted.reschedule(None)
            said = message["headers"]
            headers = [*said, (b"x-request-id", self.id.encode()), *self.beside]
            if self.private and not any(name == b"cache-control" for name, _ in said):
                headers.append(_NO_STORE)
            message["headers"] = headers
        await self._send(message)
        if message.get("more_body") and not self._endless:
            self._give_time()

    async def refuse(self, why: Problem) -> None:
        """Answer with a problem, unless an answer has begun."""
        if self.status:
            return
        body = encode(why)
        headers = [*headers_of(why), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": why.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    def end(self) -> None:
        """It is over. The time that it had knows the task, whose context knows this: as long as
        that leads back, all of the request waits for the garbage collector."""
        self.admitted = None
        self._end_read()

    def _end_read(self) -> None:
        if self.reading is not None:
            self.reading.end_read()
            self.reading = None

    def _give_time(self) -> None:
        if self.admitted is not None:
            self.admitted.reschedule(asyncio.get_running_loop().time() + self._seconds_max)

    def log(self, log: AccessLog) -> None:
        scope = self._scope
        log.write(
            method=scope["method"],
            route=scope.get("path_template") or "",
            status=self.status,
            seconds=self.seconds,
            who="" if self.principal is None else self.principal.kind.value,
            command_id=scope.get(COMMAND_ID),
            request_id=self.id,
        )


def _goes_on(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the answer is a stream of events, which ends when its reader goes."""
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in headers
    )
