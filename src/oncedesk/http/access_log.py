"""One line for each request: what was asked and how it ended. Never bodies, tokens or names.

At thousands of requests a second a line has to cost microseconds. So these do not go through the
logging library, though they look like its lines; they are written together, a few times a second.
"""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from oncedesk.logs import for_people, write_line
from oncedesk.settings import LogLevel, Settings

WRITTEN_EACH_SECONDS = 0.2
LINES_MAX = 1_000
"""So many at most are kept back."""
_SHOWN = ("debug", "info")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`route` is the path as its route has it, `who` in what capacity somebody came."""

    timestamp: str
    level: LogLevel = "info"
    event: str = "request"
    request_id: str
    method: str
    route: str
    status: int
    ms: float
    who: str = ""
    command_id: UUID | UnsetType = UNSET


class AccessLog:
    """Writes to standard error, in the form that the settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self._for_people = for_people(settings.log_format)
        self._shown = settings.log_level in _SHOWN
        self._encode = msgspec.json.Encoder().encode
        self._lines: list[str] = []

    def write(
        self,
        *,
        request_id: str,
        method: str,
        route: str,
        status: int,
        seconds: float,
        who: str,
        command_id: UUID | None,
    ) -> None:
        """Note one request."""
        if not self._shown:
            return
        ms = round(seconds * 1000, 1)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        if not self._for_people:
            line = self._encode(
                Line(
                    timestamp=now,
                    request_id=request_id,
                    method=method,
                    route=route,
                    status=status,
                    ms=ms,
                    who=who,
                    command_id=UNSET if command_id is None else command_id,
                )
            ).decode()
        else:
            asked = "" if command_id is None else f" command_id={command_id}"
            line = (
                f"{now} [info     ] request method={method} route={route} status={status} "
                f"ms={ms} who={who} request_id={request_id}{asked}"
            )
        if not self._lines:
            asyncio.get_running_loop().call_later(WRITTEN_EACH_SECONDS, self.flush)
        self._lines.append(line)
        if len(self._lines) >= LINES_MAX:
            self.flush()

    def flush(self) -> None:
        """Write what was kept back."""
        if self._lines:
            text = "\n".join(self._lines)
            self._lines.clear()
            write_line(text)
