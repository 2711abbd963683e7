"""How the words in commands are bounded: as a whole, in length, and in one line."""

from msgspec import Meta


def bounded(pattern: str, *, max_length: int) -> Meta:
    """The whole word matches, and has at most so many characters.

    `$` alone also matches before a line break at the end; the look-ahead says the same in Python's
    regular expressions and in those of whoever reads our schemas (`\\Z` does not).
    """
    return Meta(pattern=rf"^(?:{pattern})$(?!\n)", max_length=max_length)


def one_line(max_length: int) -> Meta:
    """Free words, at least one character, without line breaks or other control characters."""
    return bounded(rf"[^\x00-\x1f\x7f]{{1,{max_length}}}", max_length=max_length)
