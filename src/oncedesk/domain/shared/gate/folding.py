"""Texts without their disguises: what looks alike becomes alike, what cannot be seen goes.

Full-width and circled characters, look-alikes from other alphabets, digits and dashes of all kinds,
accents stacked on letters and invisible characters are the ways in which people hide a number from
a filter, and in which ordinary keyboards write ordinary texts.
"""

import re
import unicodedata
from collections.abc import Sequence

from oncedesk.domain.shared.records import Record

_PAIRS = (
    "аa вb еe ѕs іi кk мm нh оo рp сc тt уy хx ѵv ԁd ԛq ԝw һh јj ӏl "
    "αa βb εe ιi κk νv οo ρp τt υu χx ωw ❤心 ♥心 ‘' ’' "
    "\u2010- \u2012- \u2013- \u2014- \u2015- \u2212-"
)
_LOOK_ALIKES = {pair[0]: pair[-1] for pair in _PAIRS.split()}
_BLANK = "\u115f\u1160\u2800"
"""Letters and signs that show nothing."""
NUMERALS = "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖壱弐参幺两"
_DIGITS = str.maketrans(NUMERALS, "000" + "123456789" * 2 + "123" + "12")

# What makes folding necessary. Full-width punctuation is not among it: every Chinese text has some.
_DISGUISED = re.compile(
    "[\u00a0-\u00bf\u0300-\u036f\u0370-\u052f\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u115f\u1160"
    "\u2000-\u2015\u2018\u2019\u2024\u2028-\u202f\u205f-\u206f\u2070-\u209c\u20d0-\u20ff\u2100-\u218b\u2212"
    "\u2460-\u24ff\u2764\u2665\u2776-\u2793\u2800\u3000\u3164\u3200-\u33ff"
    "\ufe00-\ufe0f\ufeff\uffa0\uff0b\uff0d-\uff1a\uff20-\uff3a\uff3f\uff41-\uff5a\uff61\xad\u180e"
    "\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff\U000e0000-\U000e01ef]"
)
_KEPT_MAX = 8_192


class Folded(Record, frozen=True):
    """A text in lower case and without disguise; `places` are where its characters stood.

    `places` is None where each stands where it stood.
    """

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the folded text, in the text as it was written."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The text as it reads. Takes a time that grows with its length, whatever stands in it."""
    if text.isascii() or _DISGUISED.search(text) is None:
        low = text.lower()
        if len(low) == len(text):
            return Folded(low, None)
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _FOLDS[character]
        if plain:
            folded.append(plain)
            places.append(place)
            if len(plain) > 1:
                places.extend([place] * (len(plain) - 1))
    return Folded("".join(folded), places)


def readings(phrase: str) -> set[str]:
    """How a phrase reads in a folded text: in one without disguise, and in any other."""
    return {fold(phrase).text, "".join(_FOLDS[character] for character in phrase)}


def with_digits(folded: str) -> str:
    """Chinese numerals as digits, one for one; nothing moves."""
    return folded.translate(_DIGITS)


class _Folds(dict[str, str]):
    """How each character reads; worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        plain = "".join(map(_plain, unicodedata.normalize("NFKC", character).lower()))
        if len(self) < _KEPT_MAX:
            self[character] = plain
        return plain


def _plain(character: str) -> str:
    alike = _LOOK_ALIKES.get(character)
    if alike is not None:
        return alike
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in _BLANK:
        return ""
    if category in ("No", "Nd") and not character.isascii():
        digit = unicodedata.digit(character, None)
        return character if digit is None else str(digit)
    if character == "\n":
        # What is not in one line does not always belong together.
        return character
    return " " if category in ("Zs", "Zl", "Zp", "Cc") else character


_FOLDS = _Folds()
