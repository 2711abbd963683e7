"""Personal data as everybody but the consumer sees it: enough to recognise, not enough to use.

Stars are as many as they are, never as many as the letters that they hide, but for telephone
numbers, whose length is no secret.
"""

import re
from collections.abc import Iterable

from oncedesk.domain.shared.gate.rules import Hit, HitKind

STARS = "***"
_HAN = re.compile("[\u3400-\u9fff]")
_HOST = re.compile(r"^(?:(?P<scheme>https?://))?(?P<host>[^/?#:\s]+)", re.IGNORECASE)
_PHONE_SHOWN_MIN = 7


def mask_name(name: str) -> str:
    """张三 as 张*, Jane Doe as J*** D***: in China the family name is seen, elsewhere initials."""
    name = name.strip()
    if _HAN.match(name):
        return name[0] + "*" * min(max(len(name) - 1, 1), 2)
    return " ".join(part[0] + STARS for part in name.split()[:3])


def mask_phone(phone: str) -> str:
    """138 1234 5678 as 138****5678: three digits before and four after, fewer of a short one."""
    digits = "".join(one for one in phone if one.isdigit() or one == "+")
    if len(digits) < _PHONE_SHOWN_MIN:
        return STARS
    before = 3 if len(digits) >= 11 else 0
    hidden = len(digits) - before - 4 if before else 4
    last = digits[-4:] if before else digits[-2:]
    return digits[:before] + "*" * min(hidden, 6) + last


def mask_email(address: str) -> str:
    """jane@example.com as j***@e***.com."""
    local, _, domain = address.strip().rpartition("@")
    if not local or not domain:
        return STARS
    name, dot, ending = domain.rpartition(".")
    return f"{local[0]}{STARS}@{(name or ending)[0]}{STARS}{dot}{ending if name else ''}"


def mask_text(text: str, masks: Iterable[Hit]) -> str:
    """A message as others read it: the marked places masked, each by what was found there."""
    shown: list[str] = []
    place = 0
    for hit in _apart(masks):
        shown += text[place : hit.start], _mask_found(hit.kind, text[hit.start : hit.end])
        place = hit.end
    return "".join([*shown, text[place:]])


def _apart(masks: Iterable[Hit]) -> Iterable[Hit]:
    """In their order, and of those that overlap one, with the kind of the first."""
    joined: list[Hit] = []
    for hit in sorted(masks, key=lambda one: (one.start, -one.end)):
        if hit.start == hit.end:
            continue
        if joined and hit.start < joined[-1].end:
            last = joined[-1]
            kind = last.kind if hit.end <= last.end else HitKind.MESSENGER
            joined[-1] = Hit(kind, last.start, max(last.end, hit.end))
        else:
            joined.append(hit)
    return joined


def _mask_found(kind: HitKind, words: str) -> str:
    match kind:
        case HitKind.PHONE:
            return mask_phone(words) if words.isascii() else STARS
        case HitKind.EMAIL:
            return mask_email(words) if words.isascii() else STARS
        case HitKind.LINK:
            found = _HOST.match(words)
            return f"{found['scheme'] or ''}{found['host']}/{STARS}" if found else STARS
        case _:
            return STARS
