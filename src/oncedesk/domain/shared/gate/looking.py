"""Looks at a text and says what was found where. It changes nothing and decides nothing.

Most texts have nothing to find. A few quick searches tell them from the others, which alone are
looked at closely. All of it takes a time in proportion to the text's length.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

from oncedesk.domain.shared.gate.folding import Folded, fold, readings
from oncedesk.domain.shared.gate.numbers import has_many_digits, phones
from oncedesk.domain.shared.gate.phrases import (
    is_enough,
    latin_beginnings,
    patterns,
    rare_signs,
)
from oncedesk.domain.shared.gate.rules import HITS_MAX, GateRules, Hit, HitKind, Verdict

GATE = "5"
"""Goes up whenever this code finds something else in the same text."""

_ENDINGS = (
    "com|cn|net|org|top|vip|shop|xyz|info|de|fr|es|eu|nl|pl|ru|uk|us|io|cc|site|online|store|club"
    "|link|app|live|me|ly|tv|biz|mobi|asia|icu|wang|ltd|tech|cloud|co|hk|tw|jp|kr|ch|gg|dk|cz|lu|pt"
)
# A dot as a Chinese keyboard writes it also ends a sentence: only before an ending is it one.
_FULL_STOP = r"。(?=(?:[a-z0-9-]{1,63}。)?(?:com|cn|net)(?![a-z0-9]))"
# Names and hosts may have letters of Latin with accents, of Greek and of Cyrillic.
_LETTERS = "a-z0-9\u00df-\u00f6\u00f8-\u024f\u0370-\u052f"
_EMAIL = re.compile(
    rf"(?<![{_LETTERS}._%+-])[{_LETTERS}._%+-]{{1,64}}\s{{0,2}}"
    r"(?:@|[(\[]at[)\]]|艾特|\sat\s)\s{0,2}"
    rf"[{_LETTERS}-]{{1,63}}"
    rf"(?:\s{{0,2}}(?:\.|[(\[]dot[)\]]|点|\sdot\s|{_FULL_STOP})\s{{0,2}}[{_LETTERS}-]{{1,63}}){{1,3}}"
)
_LINK = re.compile(
    r"(?:https?://|(?<![a-z0-9@])www\.)[^\s<>\"'，。！？、；）】》]{1,300}"
    rf"|(?<![{_LETTERS}@._-])(?:[{_LETTERS}-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?![a-z0-9-])"
    r"(?:[/?#:][^\s<>\"'，。！？、；）】》]{0,300})?"
    rf"|(?<![a-z0-9@])[a-z0-9-]{{2,63}}[点。](?:com|cn|net)(?![a-z])"
)
_ADDRESS_SIGNS = re.compile(r"@|\(at|\[at|艾特|:/|\.[a-z]{2}|点[cn]|。[cn]| dot ").search
_BEGINS_WHOLE = re.compile(r"https?://|www\.").match
_HOST = re.compile(r"^(?:https?://)?(?:[^/?#@\\]*@)?([^/?#:\\]*)", re.IGNORECASE)


class _Spoken:
    """Phrases: how to tell quickly that none is there, and where they are.

    `rare` finds something wherever a phrase without Latin letters stands, `latin` where another.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        phrases = sorted(phrases)
        self.rare = re.compile(rare_signs(phrases)).search
        self.latin = re.compile(latin_beginnings(phrases), re.ASCII).search
        self._patterns = [re.compile(one, re.ASCII) for one in patterns(phrases)]

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        for one in self._patterns:
            for found in one.finditer(folded):
                yield found.span()


class Gate:
    """Looks for what these rules say; of several packs for what any of them does.

    `name` tells apart two gates that may find different things.
    """

    def __init__(self, rules: Iterable[GateRules]) -> None:
        rules = tuple(rules)
        phrases: dict[HitKind, set[str]] = {}
        for one in rules:
            for group in one.words:
                # In a folded text letters that look alike are others: in Cyrillic or Greek many.
                folded = (reading for phrase in group.words for reading in readings(phrase))
                phrases.setdefault(group.kind, set()).update(filter(is_enough, folded))
        self._hosts = frozenset(host for one in rules for host in one.hosts)
        self._any = _Spoken(phrase for group in phrases.values() for phrase in group)
        self._spoken = {kind: _Spoken(phrases[kind]) for kind in sorted(phrases)}
        self.name = _name(phrases, self._hosts)

    def look(self, text: str) -> Verdict | None:
        """What was found in it, in the order of its place; None where there is nothing."""
        folded = fold(text)
        low = folded.text
        digits, signs = has_many_digits(low), _ADDRESS_SIGNS(low) is not None
        rare, latin = self._any.rare(low) is not None, self._any.latin(low) is not None
        if not (digits or signs or rare or latin):
            return None
        hits: set[Hit] = set()
        if digits:
            hits.update(Hit(HitKind.PHONE, *folded.span(*span)) for span in phones(low))
        if signs:
            hits.update(self._addresses(text, folded))
        if rare or latin:
            hits.update(self._phrases(folded, latin=latin))
        if not hits:
            return None
        ordered = sorted(hits, key=lambda hit: (hit.start, hit.end, hit.kind))
        return Verdict(self.name, _drawn_together(ordered))

    def _addresses(self, text: str, folded: Folded) -> Iterator[Hit]:
        """Links and e-mail addresses; what is part of one of them is no other."""
        links = [found.span() for found in _LINK.finditer(folded.text)]
        whole = [span for span in links if _BEGINS_WHOLE(folded.text, span[0]) is not None]
        emails = [found.span() for found in _EMAIL.finditer(folded.text)]
        emails = [span for span in emails if not _is_inside(span, whole)]
        for span in emails:
            yield Hit(HitKind.EMAIL, *folded.span(*span))
        for span in links:
            start, end = folded.span(*span)
            if not _is_inside(span, emails) and not self._is_ours(text[start:end]):
                yield Hit(HitKind.LINK, start, end)

    def _phrases(self, folded: Folded, *, latin: bool) -> Iterator[Hit]:
        low = folded.text
        for kind, spoken in self._spoken.items():
            if spoken.rare(low) is not None or (latin and spoken.latin(low) is not None):
                for span in spoken.spans(low):
                    yield Hit(kind, *folded.span(*span))

    def _is_ours(self, link: str) -> bool:
        """Whether it leads to a host of ours; as it was written, for look-alikes lead elsewhere."""
        found = _HOST.match(link)
        host = "" if found is None else found[1].lower().rstrip(".")
        return host in self._hosts or any(host.endswith(f".{ours}") for ours in self._hosts)


def _is_inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether it has a character in common with one of these, which follow one another."""
    before = bisect_left(others, (span[1], 0))
    return before > 0 and others[before - 1][1] > span[0]


def _drawn_together(hits: list[Hit]) -> tuple[Hit, ...]:
    """As many as may be; of too many, one for each kind."""
    if len(hits) <= HITS_MAX:
        return tuple(hits)
    spans: dict[HitKind, Hit] = {}
    for hit in hits:
        first = spans.setdefault(hit.kind, hit)
        spans[hit.kind] = Hit(hit.kind, first.start, max(first.end, hit.end))
    return tuple(spans.values())


def _name(phrases: Mapping[HitKind, set[str]], hosts: frozenset[str]) -> str:
    by_kind = [(kind.value, sorted(phrases[kind])) for kind in sorted(phrases)]
    content = repr((by_kind, sorted(hosts)))
    return f"{GATE}-{blake2b(content.encode(), digest_size=8).hexdigest()}"
