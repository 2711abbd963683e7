"""One field of a row: read exactly, or refused with a reason."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from oncedesk.connectors.rejects import BadRow

ZONE_NAME = "America/Sao_Paulo"
ZONE = ZoneInfo(ZONE_NAME)
"""The marketplace's own zone: that of all its times, which name none."""
YEARS = range(1970, 2100)
"""Of other times nothing is known; by 9999-12-31 some mean never, and nothing can come after it."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}")
_AMOUNT = re.compile(r"-?\d{1,9}(\.\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


def id_of(row: Mapping[str, str], name: str) -> UUID:
    """The marketplace's ids are 32 hexadecimal digits, and stay what they are."""
    if _ID.fullmatch(row[name]) is None:
        raise BadRow(f"{name}: {_shown(row[name])} is not 32 hexadecimal digits")
    return UUID(row[name])


def wall_time(row: Mapping[str, str], name: str) -> datetime:
    """What the wall clock showed, without a zone."""
    value = row[name]
    try:
        shown = datetime.fromisoformat(value) if _TIME.fullmatch(value) is not None else None
    except ValueError:
        shown = None
    if shown is None:
        raise BadRow(f"{name}: {_shown(value)} is not a date and time")
    if shown.year not in YEARS:
        raise BadRow(f"{name}: {_shown(value)} is not from {YEARS[0]} to {YEARS[-1]}")
    return shown


def moment(shown: datetime) -> datetime:
    """In UTC. A time that the clock skipped lies as far behind the jump; of one that it showed
    twice, the first is meant."""
    return shown.replace(tzinfo=ZONE).astimezone(UTC)


def moment_of(row: Mapping[str, str], name: str) -> datetime:
    return moment(wall_time(row, name))


def moment_or_none(row: Mapping[str, str], name: str) -> datetime | None:
    return moment_of(row, name) if row[name] else None


def cents_of(row: Mapping[str, str], name: str) -> int:
    """An amount in minor units, exactly."""
    if _AMOUNT.fullmatch(row[name]) is None:
        raise BadRow(f"{name}: {_shown(row[name])} is not an amount")
    cents = int(Decimal(row[name]).scaleb(2))
    if cents < 0:
        raise BadRow(f"{name}: {_shown(row[name])} is negative")
    return cents


def number_of(row: Mapping[str, str], name: str, *, least: int, most: int) -> int:
    if _NUMBER.fullmatch(row[name]) is None or not least <= int(row[name]) <= most:
        raise BadRow(f"{name}: {_shown(row[name])} is not a number from {least} to {most}")
    return int(row[name])


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else f"{value[:40]}…")
