"""The pieces of words by which a text is found, in languages with spaces and in those without.

Of Chinese each character and each two that follow each other, of other words each three letters.
A text can hold all pieces of a word and yet not the word: whoever searches looks once more.
"""

import re
import unicodedata
from collections.abc import Iterator

WORDS_MAX = 12
_RUNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LETTERS = 3


def plain(text: str) -> str:
    """The text as it is compared: full width as half width, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(text: str) -> list[str]:
    """The words that are searched for, the first twelve."""
    return _RUNS.findall(plain(text))[:WORDS_MAX]


def grams_of_text(text: str) -> set[str]:
    """All pieces of a text that may be found."""
    return {gram for run in _RUNS.findall(plain(text)) for gram in _all(run)}


def grams_of_words(words: list[str]) -> set[str]:
    """The pieces that a text must have if all these words stand in it."""
    return {gram for word in words for gram in _needed(word)}


def _all(run: str) -> Iterator[str]:
    size = 2 if _HAN.match(run) else _LETTERS
    for length in range(1, size + 1):
        yield from (run[place : place + length] for place in range(len(run) - length + 1))


def _needed(word: str) -> Iterator[str]:
    size = min(2 if _HAN.match(word) else _LETTERS, len(word))
    yield from (word[place : place + size] for place in range(len(word) - size + 1))
