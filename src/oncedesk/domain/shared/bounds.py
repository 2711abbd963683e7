"""How what commands carry is bounded: words as a whole and in one line, moments by their zone."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time; without a zone it would be none."""

PARTS_MAX = 16
"""How many parts an order has at most."""
RELIEF_SECONDS_MAX = 90 * 86_400
"""How much longer a relief may let a promise take."""


def bounded(pattern: str, *, max_length: int) -> Meta:
    """The whole word matches, and has at most so many characters.

    `$` alone also matches before a line break at the end; the look-ahead says the same in Python's
    regular expressions and in those of whoever reads our schemas (`\\Z` does not).
    """
    return Meta(pattern=rf"^(?:{pattern})$(?!\n)", max_length=max_length)


def one_line(max_length: int) -> Meta:
    """Free words, at least one character, without line breaks or other control characters."""
    return bounded(rf"[^\x00-\x1f\x7f]{{1,{max_length}}}", max_length=max_length)


Title = Annotated[str, one_line(200)]
"""What goods are called in public."""
Picture = Annotated[str, bounded(r"https://[\x21-\x7e]{1,492}", max_length=500)]
"""Where the marketplace serves a picture of them; we keep none."""
