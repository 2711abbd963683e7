"""What a wish would come to, before anybody promises it: the same for consumer, agent and API.

Nothing changes by a preview, and what is approved later is what was previewed: `requesting` records
exactly this.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncedesk.domain.remedies.amounts import (
    legs_for,
    lines_for,
    price,
    whole_lines,
)
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import PartBought, Purchase, stage_of
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Leg, Line, Payer, Share
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from oncedesk.domain.shared.rulepack import Pack


class Preview(Record, frozen=True, kw_only=True):
    """What would be given, by whom, to which payments, and whose yes it needs until when."""

    lines: tuple[Line, ...]
    amount_minor: int
    shipping_minor: int
    currency: str
    shares: tuple[Share, ...]
    legs: tuple[Leg, ...]
    rule: RemedyRule
    part: int
    due_at: datetime


def preview(
    *, purchase: Purchase, book: Remedies | None, wish: Wish, pack: Pack, now: datetime
) -> Preview | Refusal:
    """What this wish would come to now, or why it cannot be."""
    wrong = _wrong(purchase, wish)
    if wrong is not None:
        return wrong
    parts = _parts(purchase, wish)
    wanted = wish.lines or whole_lines(book=book, parts=parts)
    if not wanted:
        return Refusal("nothing_left", "all of it has been given back")
    lines = lines_for(purchase=purchase, book=book, wanted=wanted)
    if isinstance(lines, Refusal):
        return lines
    part = purchase.parts[lines[0].part - 1]
    if any(line.part != part.number for line in lines):
        return Refusal("parts_mixed", "items of one merchant's part at a time", "lines")
    rule = _rule(purchase, part, wish, pack, now)
    if isinstance(rule, Refusal):
        return rule
    priced = price(purchase=purchase, book=book, lines=lines, wish=wish, shipping=rule.shipping)
    if isinstance(priced, Refusal):
        return priced
    amount_minor = priced.amount_minor
    return Preview(
        lines=priced.lines,
        amount_minor=amount_minor,
        shipping_minor=priced.shipping_minor,
        currency=purchase.currency,
        shares=shares_of(purchase=purchase, part=part, payer=rule.payer, amount_minor=amount_minor),
        legs=legs_for(purchase=purchase, book=book, amount_minor=amount_minor),
        rule=rule,
        part=part.number,
        due_at=_due(rule, pack, now),
    )


def _wrong(purchase: Purchase, wish: Wish) -> Refusal | None:
    if wish.currency is not None and wish.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "currency")
    if wish.part > len(purchase.parts):
        return Refusal("part_unknown", "a part of this order, from 1", "part")
    return None


def _parts(purchase: Purchase, wish: Wish) -> Sequence[PartBought]:
    return purchase.parts if wish.part == 0 else (purchase.parts[wish.part - 1],)


def _rule(
    purchase: Purchase, part: PartBought, wish: Wish, pack: Pack, now: datetime
) -> RemedyRule | Refusal:
    stage = stage_of(purchase, part)
    rule = pack.remedies.rule(kind=wish.kind, reason=wish.reason, stage=stage)
    if rule is None:
        return Refusal("remedy_not_offered", f"nothing rules {wish.kind} for {wish.reason}")
    if rule.granted_by is GrantedBy.NOBODY:
        return Refusal(rule.refusal or "remedy_not_offered", rule.id)
    if rule.within_days:
        moments = {
            "placed": purchase.placed_at,
            "shipped": part.shipped_at,
            "delivered": part.delivered_at,
        }
        since = moments[rule.anchor]
        if since is not None and now >= since + timedelta(days=rule.within_days + 1):
            return Refusal("too_late", f"{rule.within_days} days ({rule.id})")
    return rule


def shares_of(
    *, purchase: Purchase, part: PartBought, payer: str, amount_minor: int
) -> tuple[Share, ...]:
    """Who bears how much: `payer` is one name, or several with their hundredths (`a:70 b:30`)."""
    names, weights = [], []
    for one in payer.split():
        name, _, weight = one.partition(":")
        names.append(Payer(name))
        weights.append(int(weight or 100))
    parties = {Payer.MERCHANT: part.merchant, Payer.CREATOR: purchase.creator}
    minors = split_minor(amount_minor, weights)
    return tuple(
        Share(name, parties.get(name), minor) for name, minor in zip(names, minors, strict=True)
    )


def _due(rule: RemedyRule, pack: Pack, now: datetime) -> datetime:
    """By when it is decided, or the money is sent."""
    if rule.granted_by is GrantedBy.RULE:
        return now + timedelta(seconds=pack.remedies.settling.answer_seconds)
    return pack.calendars[rule.calendar].add(now, rule.answer_seconds)
