"""Telephone numbers among the digits of a text: in groups, spelled out, or in one.

Orders, parcels, amounts and days are numbers, too; they differ by their length, their beginning, or
by how their digits are grouped.
"""

import re
from collections.abc import Iterator

from oncedesk.domain.shared.gate.folding import NUMERALS, with_digits

_FILLER = r"[\s._*·~|/-]{0,2}"
_MOBILE_CN = re.compile(
    rf"(?<![0-9a-z])(?:(?:\+|00)?86{_FILLER})?1{_FILLER}[3-9](?:{_FILLER}[0-9o]){{9}}(?![0-9a-z])"
)
_OTHERS = re.compile(
    # With the country's code.
    rf"(?<![0-9a-z])\+[1-9](?:{_FILLER}[0-9]){{8,14}}(?![0-9])"
    rf"|(?<![0-9a-z])(?:\+|00)[1-9][0-9]{{0,2}}[ ./-]?\(0\)(?:{_FILLER}[0-9]){{7,12}}(?![0-9])"
    # With 00 for the plus; in one only where it is longer than what is printed under bar codes.
    r"|(?<![0-9a-z.,:-])(?<![0-9] )00[1-9][0-9]{0,2}[ ./-]{1,2}"
    rf"(?:{_FILLER}[0-9]){{7,12}}(?![0-9])"
    r"|(?<![0-9a-z.,:-])00[1-9][0-9]{11,13}(?![0-9])"
    # A town's number, as it is written in China and in most of Europe.
    r"|(?<![0-9a-z.,:-])\(?0[1-9][0-9]{1,3}\)?[ /-]{1,2}[0-9]{3,4}[ -]?[0-9]{3,5}(?![0-9])"
    r"|(?<![0-9a-z.,:-])0[1-9](?:[ .][0-9]{2}){4}(?![0-9])"
    # The same in one: a town's in China, whose eight digits mostly begin with 8, a mobile's in
    # Germany. What is printed under bar codes has twelve.
    r"|(?<![0-9a-z.,-])(?<![0-9]:)0(?:10|2[0-9])[2-8][0-9]{7}(?![0-9])"
    r"|(?<![0-9a-z.,-])(?<![0-9]:)0[3-9][0-9]{2}(?:[2-8][0-9]{6}|8[0-9]{7})(?![0-9])"
    r"|(?<![0-9a-z.,-])(?<![0-9]:)01[567][0-9]{8,9}(?![0-9])"
    # A firm's in China in one.
    r"|(?<![0-9a-z.,-])(?<![0-9]:)(?:400[016-9]|800[2-9])[0-9]{6}(?![0-9])"
    # A firm's, as in China, and a number as in North America.
    r"|(?<![0-9a-z.,:-])[48]00[ -][0-9]{3,4}[ -]?[0-9]{3,4}(?![0-9])"
    r"|(?<![0-9a-z.,:-])\(?[2-9][0-9]{2}\)?[ -][2-9][0-9]{2}[ .-][0-9]{4}(?![0-9])"
)
_GROUP = re.compile("[0-9o]+")
_GAP = re.compile("[^0-9o+]+")
# Where a mobile number may be cut, as people do. Whoever spells it out cuts everywhere alike.
_MOBILE_GROUPS = {
    (11,), (3, 8), (7, 4), (3, 4, 4), (4, 3, 4), (3, 3, 5), (3, 2, 2, 4), (3, 2, 2, 2, 2),
}  # fmt: skip
_SPELLED_GROUPS_MIN = 6

_RUN = re.compile(rf"[0-9{NUMERALS}](?:[\s._*·~|/()-]{{0,2}}[0-9o{NUMERALS}]){{7,}}")
_BEFORE = 8
"""So many characters before its first digit say what a number is: a sign, a bracket, letters."""


def has_many_digits(folded: str) -> bool:
    """Whether there are so many side by side that a telephone number may be among them."""
    return _RUN.search(folded) is not None


def phones(folded: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand in a folded text; one may be found twice."""
    for run in _RUN.finditer(folded):
        start, end = max(0, run.start() - _BEFORE), min(len(folded), run.end() + 1)
        near = folded[start:end]
        spoken = near if near.isascii() else with_digits(near)
        for text in (near,) if spoken == near else (near, spoken):
            for first, last in _phones(text):
                yield start + first, start + last


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _MOBILE_CN.finditer(text):
        if _is_cut_like_a_number(found[0]):
            yield found.span()
    for found in _OTHERS.finditer(text):
        yield found.span()


def _is_cut_like_a_number(mobile: str) -> bool:
    """Not digits of several amounts that happen to stand side by side."""
    groups = _GROUP.findall(mobile)
    if groups[0] in ("86", "0086"):
        groups = groups[1:]
    lengths = tuple(map(len, groups))
    if lengths in _MOBILE_GROUPS or lengths[0] in (13, 15):
        return True
    gaps = set(_GAP.findall(mobile))
    return len(groups) >= _SPELLED_GROUPS_MIN and max(lengths) <= 2 and len(gaps) == 1
