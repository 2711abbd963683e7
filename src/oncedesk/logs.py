"""Structured logs: for people on a console, or one JSON object a line."""

import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, ExcInfo

from oncedesk.storage.database import is_drivers, said

ABOUT: ContextVar[Callable[[], Mapping[str, str]] | None] = ContextVar("about", default=None)
"""Tells what stands in each line of a context beside what the line says; asked only for a line."""


def for_people(format_: str) -> bool:
    """Whether lines are for people: console, or auto where standard error is a terminal."""
    return format_ == "console" or (format_ == "auto" and sys.stderr.isatty())


def write_line(line: str) -> None:
    """Write it to standard error at once; it may hold several lines.

    Where nobody reads any more (a broken pipe), where the disk is full or standard error closed, it
    is lost: what was to be told of must not fail for it, and there is nowhere to tell that.
    """
    with suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def set_up_logs(*, level: str, format_: str) -> None:
    """Send what is logged to standard error, so that standard output stays a command's own.

    `format_` is console, json or auto. Warnings of libraries take the same way.
    """
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if for_people(format_)
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    # It would tell of each try to reach a database that is away, in its own form and with a
    # traceback; whoever needed the connection says so in one line.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            _with_context,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.ExceptionRenderer(_without_rows),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_ToStandardError,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _ToStructlog) for handler in root.handlers):
        # Never below: at debug level libraries tell what they send, headers and texts included.
        root.addHandler(_ToStructlog(logging.WARNING))


def _with_context(_: object, __: str, line: EventDict) -> EventDict:
    about = ABOUT.get()
    return line if about is None else {**about(), **line}


def _without_rows(exc_info: ExcInfo) -> str:
    """The traceback as Python writes it, but the database's errors quote no row and no argument."""
    return "".join(_lines(exc_info[1])).rstrip("\n")


def _lines(error: BaseException, seen: tuple[BaseException, ...] = ()) -> Iterator[str]:
    if any(error is one for one in seen):
        return
    seen = (*seen, error)
    if (cause := error.__cause__) is not None:
        yield from _lines(cause, seen)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif (context := error.__context__) is not None and not error.__suppress_context__:
        yield from _lines(context, seen)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    if is_drivers(error):
        yield f"{said(error)}\n"
    elif isinstance(error, BaseExceptionGroup):
        yield f"{type(error).__name__}: {error}\n"
        for one in error.exceptions:
            yield from _lines(one, seen)
    else:
        yield from traceback.format_exception_only(error)


class _ToStandardError:
    """Looks standard error up each time: it may be another one, or closed, by the next line."""

    def __init__(self, *_: object) -> None:
        """Nothing is kept of what structlog tells."""

    def msg(self, message: str) -> None:
        write_line(message)

    debug = info = warning = error = critical = msg


class _ToStructlog(logging.Handler):
    """Libraries log by `logging`; their lines look like ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, record.getMessage(), library=record.name, exc_info=record.exc_info
        )
