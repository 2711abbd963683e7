"""How packs write what to look for, and the patterns that follow from it.

A phrase is written as it reads without disguise, in lower case. Between its characters up to two
spaces, line breaks, dots or the like may stand. `..` is up to six characters of one sentence in one
line, `{id}` the name of an account, after a colon also in the line below. Every pattern is bounded,
so looking takes a time that grows with the text's length and no faster.
"""

import re
from collections.abc import Iterable

PHRASE_LENGTH_MAX = 40
SKIPS_MAX = 2
KEY_LENGTH_MIN = 2

FILLER = r"[\s._*·~|/-]{0,2}"
_FILLER_IN_WORD = r"[._*·~|-]?"
_SKIP = r"[^。！？!?\n]{0,6}?"
_BETWEEN = rf"(?:{FILLER}|{_SKIP})"
_LINE_BELOW = r"(?::\s{1,2})?"
_ACCOUNT = r"(?:[a-z][-_a-z0-9]{4,19}|[0-9]{5,11})(?![a-z0-9])"
_SHORT_WORD = 3
_LATIN_WORD = re.compile("[a-z]+")
NEVER = "(?!)"
BEGINNING = 5
# The most usual characters first, as any list of them has it. Only speed depends on it.
_COMMON = (
    "好您请问谢吗呢吧啊收到买卖店家客服钱元块快递件品质量色码号换补寄物流仓库查麻烦什怎哪谁给没让想知帮看图片尺寸颜色退换"
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成"
    "方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工"
    "使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表"
    "化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反"
    "受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决退款货单订付"
)
_NEVER_SEEN = 1 << 20


class PhraseInvalid(ValueError):
    """This cannot be looked for; the message says what was expected."""


def check_phrase(phrase: str) -> None:
    """Raise PhraseInvalid for what is no phrase."""
    if len(phrase) > PHRASE_LENGTH_MAX:
        raise PhraseInvalid(f"expected at most {PHRASE_LENGTH_MAX} characters, got {phrase!r}")
    if phrase != phrase.strip().lower() or not phrase:
        raise PhraseInvalid(f"expected lower case and no space around it, got {phrase!r}")
    if phrase.count("..") > SKIPS_MAX:
        raise PhraseInvalid(f"expected `..` at most {SKIPS_MAX} times, got {phrase!r}")
    if phrase.startswith("..") or phrase.endswith(".."):
        raise PhraseInvalid(f"expected words before and after `..`, got {phrase!r}")
    if phrase.partition("{id}")[2] or phrase.startswith("{id}") or "..." in phrase:
        raise PhraseInvalid(f"expected {{id}} at the end only, and no `...`, got {phrase!r}")
    if not is_enough(phrase):
        raise PhraseInvalid(f"expected {KEY_LENGTH_MIN} characters that stand together: {phrase!r}")


def is_enough(phrase: str) -> bool:
    """Whether so much of it stands together that it is not found everywhere."""
    return len(key(phrase)) >= KEY_LENGTH_MIN


def patterns(phrases: Iterable[str]) -> tuple[str, ...]:
    """What any of these phrases looks like in a folded text; to be compiled as ASCII.

    Those that begin in Latin apart from the others, so that both are searched quickly; and those
    that end in an account apart from those that only speak of one, so that no account is missed.
    """
    groups: dict[tuple[bool, bool], list[str]] = {}
    for phrase in sorted(set(phrases), key=lambda one: (-len(one), one)):
        kind = _is_latin(phrase[0]), phrase.endswith("{id}")
        groups.setdefault(kind, []).append(_pattern(phrase))
    return tuple(
        rf"\b(?:{'|'.join(group)})" if latin else "|".join(group)
        for (latin, _), group in sorted(groups.items())
    )


def rare_signs(phrases: Iterable[str]) -> str:
    """Of each phrase without Latin letters its rarest character; if that is common, two of it."""
    found = {_rare_sign(phrase) for phrase in phrases if not _latin_words(phrase)}
    # Alternatives that begin with one character each are skipped at the speed of a class.
    return "|".join(sorted(found)) if found else NEVER


def latin_beginnings(phrases: Iterable[str]) -> str:
    """How a word of each other phrase begins; to be compiled as ASCII."""
    words = {max(found, key=len) for phrase in phrases if (found := _latin_words(phrase))}
    starts = {_spelled(word[:BEGINNING]) if len(word) > 1 else rf"{word}\b" for word in words}
    return rf"\b(?:{'|'.join(sorted(starts))})" if starts else NEVER


def key(phrase: str) -> str:
    """The longest part of the phrase that stands together: where it is missing, so is the rest."""
    return max(_parts(phrase), key=len).strip()


def _rare_sign(phrase: str) -> str:
    together = key(phrase)
    own = [one for one in together if not one.isascii()] or [together[0]]
    rarest = max(own, key=lambda one: _COMMON.find(one) % _NEVER_SEEN)
    if rarest not in _COMMON:
        return re.escape(rarest)
    place = min(together.index(rarest), len(together) - 2)
    return _spelled(together[place : place + 2])


def _latin_words(phrase: str) -> list[str]:
    return _LATIN_WORD.findall(" ".join(_parts(phrase)))


def _parts(phrase: str) -> list[str]:
    return phrase.removesuffix("{id}").split("..")


def _pattern(phrase: str) -> str:
    spelled = _BETWEEN.join(_spelled(part) for part in _parts(phrase) if part)
    account = phrase.endswith("{id}")
    if account and phrase.removesuffix("{id}").endswith(".."):
        spelled += _SKIP + _LINE_BELOW
    after = _ACCOUNT if account else "(?![a-z0-9])" if _is_latin(phrase[-1]) else ""
    return f"{spelled}{after}"


def _spelled(part: str) -> str:
    """The characters of a part, with what may stand between them."""
    words = part.split()
    return r"\s{1,3}".join(
        (_FILLER_IN_WORD if word.isascii() and len(word) > _SHORT_WORD else FILLER).join(
            re.escape(character) for character in word
        )
        for word in words
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
