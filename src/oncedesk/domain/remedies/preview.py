"""What a wish would come to, before anybody promises it: the same for consumer, agent and API.

Nothing changes by a preview, and what is approved later is what was previewed: `requesting` records
exactly this.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncedesk.domain.remedies.amounts import (
    given_back_minor,
    legs_for,
    lines_for,
    paid_minor,
    whole_lines,
)
from oncedesk.domain.remedies.beside import States
from oncedesk.domain.remedies.change_preview import (
    Change,
    difference,
    part_of_change,
    preview_change,
)
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.purchase import PartBought, Purchase, stage_of
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.terms import barred, route_for
from oncedesk.domain.remedies.words import Leg, Line, Payer, RemedyKind, Route, Share
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
    difference_minor: int = 0
    replacements: tuple[Replacement, ...] = ()
    route: Route | None = None


def preview(
    *,
    purchase: Purchase,
    book: Remedies | None,
    wish: Wish,
    pack: Pack,
    now: datetime,
    states: States,
) -> Preview | Refusal:
    """What this wish would come to now, or why it cannot be.

    `states` are what is seen beside the order: the consumer's wallet, the listings.
    """
    wrong = _wrong(purchase, wish)
    if wrong is not None:
        return wrong
    if wish.kind.changes:
        return _change(purchase, book, wish, pack, now, states)
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
    refused = barred(book=book, wish=wish, rules=pack.remedies)
    if refused is not None:
        return refused
    route = route_for(purchase=purchase, book=book, wish=wish, rules=pack.remedies, states=states)
    if isinstance(route, Refusal):
        return route
    if wish.kind is RemedyKind.EXCHANGE and wish.replacements:
        exchange = difference(
            purchase=purchase,
            book=book,
            wish=wish,
            lines=lines,
            rules=pack.remedies,
            states=states,
            route=route,
        )
        return _with_change(purchase, exchange, rule, part, pack, now)
    amount_minor = _amount(purchase, book, wish, lines)
    if isinstance(amount_minor, Refusal):
        return amount_minor
    return Preview(
        lines=lines,
        amount_minor=amount_minor,
        shipping_minor=0,
        currency=purchase.currency,
        shares=shares_of(purchase=purchase, part=part, payer=rule.payer, amount_minor=amount_minor),
        legs=legs_for(purchase=purchase, book=book, amount_minor=amount_minor, route=route),
        rule=rule,
        part=part.number,
        due_at=_due(rule, pack, now),
        route=route,
    )


def _change(
    purchase: Purchase,
    book: Remedies | None,
    wish: Wish,
    pack: Pack,
    now: datetime,
    states: States,
) -> Preview | Refusal:
    part = part_of_change(purchase, wish)
    rule = _rule(purchase, part, wish, pack, now)
    if isinstance(rule, Refusal):
        return rule
    refused = barred(book=book, wish=wish, rules=pack.remedies)
    if refused is not None:
        return refused
    found = preview_change(
        purchase=purchase,
        book=book,
        wish=wish,
        rules=pack.remedies,
        states=states,
        part=part,
    )
    return _with_change(purchase, found, rule, part, pack, now)


def _with_change(
    purchase: Purchase,
    found: Change | Refusal,
    rule: RemedyRule,
    part: PartBought,
    pack: Pack,
    now: datetime,
) -> Preview | Refusal:
    if isinstance(found, Refusal):
        return found
    return Preview(
        lines=found.lines,
        amount_minor=found.amount_minor,
        shipping_minor=0,
        currency=purchase.currency,
        shares=found.shares,
        legs=found.legs,
        rule=rule,
        part=part.number,
        due_at=_due(rule, pack, now),
        difference_minor=found.difference_minor,
        replacements=found.replacements,
        route=found.route,
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


def _amount(
    purchase: Purchase, book: Remedies | None, wish: Wish, lines: Sequence[Line]
) -> int | Refusal:
    most_minor = sum(line.amount_minor for line in lines)
    most_minor = min(most_minor, paid_minor(purchase) - given_back_minor(book))
    if most_minor <= 0:
        return Refusal("nothing_left", "all of it has been given back")
    if wish.amount_minor is None:
        return most_minor
    if wish.amount_minor > most_minor:
        return Refusal("refund_exceeds_paid", f"at most {most_minor}", "amount_minor")
    return wish.amount_minor


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
