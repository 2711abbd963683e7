"""What a wish would come to, before anybody promises it: the same for consumer, agent and API.

Nothing changes by a preview, and what is approved later is what was previewed: `requesting` records
exactly this. Where it cannot be, the nearest thing that can is named.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import (
    legs_for,
    lines_for,
    price,
    whole_lines,
)
from oncedesk.domain.remedies.beside import States
from oncedesk.domain.remedies.change_preview import (
    Change,
    difference,
    part_of_change,
    preview_change,
)
from oncedesk.domain.remedies.circumstances import desk_for, opted_in
from oncedesk.domain.remedies.eligibility import (
    RuleRefusal,
    refused_by,
    rows_for,
    strictest,
    wrong_choice,
)
from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.opening import open_books
from oncedesk.domain.remedies.purchase import PartBought, Purchase
from oncedesk.domain.remedies.risk import Assessment, assess
from oncedesk.domain.remedies.room import FULL, is_done, needed, room_for_new
from oncedesk.domain.remedies.routes import route_for
from oncedesk.domain.remedies.state import LIVE_LINES_MAX, LIVE_MAX, Remedies, Remedy
from oncedesk.domain.remedies.steps import Step, steps_of
from oncedesk.domain.remedies.words import (
    CaseLink,
    Clock,
    ClockKind,
    Leg,
    Line,
    Payer,
    RemedyKind,
    Route,
    Share,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.remedy_rules import ANY, GrantedBy, RemedyRule, ShippingBack
from oncedesk.domain.shared.rulepack import Pack

BY_PERSON = RemedyRule(
    id="person", kind=ANY, reason=ANY, stage=ANY, granted_by=GrantedBy.PLATFORM, payer="platform"
)
"""What holds where a person was asked to decide what no rule gives."""


FEW_LEGS = 4


class Asked(Record, frozen=True, kw_only=True):
    """A wish, and all that is known around it. `shown_before`: its evidence was shown elsewhere."""

    purchase: Purchase
    book: Remedies | None
    wish: Wish
    pack: Pack
    states: States
    now: datetime
    human: bool = False
    goodwill: bool = False
    shown_before: bool = False


class Priced(Record, frozen=True):
    """So much for these lines of one part."""

    part: PartBought
    lines: tuple[Line, ...]
    amount_minor: int
    shipping_minor: int = 0


class Preview(Record, frozen=True, kw_only=True):
    """What would be given, by whom, to which payments, and whose yes it needs until when.

    `otherwise` bears it, where that differs from `shares`, unless the merchant itself grants it.
    `desk` is asked (None: a rule decides at once). `steps` is what has to happen, in that order.
    `difference_minor` is what `replacements` cost more than what they replace (less: below 0), by
    `route`, the method that was named.
    """

    lines: tuple[Line, ...]
    amount_minor: int
    shipping_minor: int
    currency: str
    shares: tuple[Share, ...]
    otherwise: tuple[Share, ...]
    legs: tuple[Leg, ...]
    rule: RemedyRule
    part: int
    desk: Desk | None
    due_at: datetime
    risk: Assessment
    steps: tuple[Step, ...]
    difference_minor: int = 0
    replacements: tuple[Replacement, ...] = ()
    route: Route | None = None


def preview(asked: Asked) -> Preview | Refusal:
    """What this wish would come to now, or why it cannot be."""
    found = _found(asked)
    if isinstance(found, Refusal):
        return found
    if asked.book is None:
        # The first has room enough, unless it goes back to very many payments.
        few = len(found.legs) <= FEW_LEGS
        return found if few else _no_room(asked, _first_book(asked), found) or found
    refused = no_place(state=asked.book, lines=len(found.lines))
    return refused or _no_room(asked, asked.book, found) or found


def no_place(*, state: Remedies, lines: int) -> Refusal | None:
    """Why another remedy of so many lines has no place beside those that run; None: it has."""
    if state.asked_for - sum(is_done(one) for one in state.live) >= LIVE_MAX:
        return Refusal("remedies_too_many", f"at most {LIVE_MAX} at a time")
    if lines + sum(len(remedy.lines) for remedy in state.live) > LIVE_LINES_MAX:
        return Refusal("lines_too_many", f"at most {LIVE_LINES_MAX} in remedies that run")
    return None


def _first_book(asked: Asked) -> Remedies:
    """The books as they will be opened."""
    return evolve(None, open_books(purchase=asked.purchase, now=asked.now))


def _no_room(asked: Asked, book: Remedies, found: Preview) -> Refusal | None:
    """The same as `FULL`, if what this would come to may outgrow what can be kept."""
    wish = asked.wish
    remedy = Remedy(
        number=book.numbered + 1,
        kind=wish.kind,
        reason=wish.reason,
        status=Status.REQUESTED,
        requested_at=asked.now,
        rule=found.rule.id,
        pack=asked.pack.hash,
        lines=found.lines,
        amount_minor=found.amount_minor,
        shipping_minor=found.shipping_minor,
        shares=found.shares,
        otherwise=found.otherwise,
        clocks=(Clock(ClockKind.ANSWER, found.due_at, found.rule.id, found.due_at),),
        desk=found.desk or PLATFORM,
        case=CaseLink(asked.purchase.order, 1),
        agent=asked.purchase.order,
        speed_reason=found.risk.reason,
        replacements=found.replacements or wish.replacements,
        route=found.route,
        method=wish.method,
        address=PrivateText(asked.purchase.order, bytes(16), 1),
    )
    left = room_for_new(state=book, purchase=asked.purchase)
    return FULL if needed(remedy=remedy, legs=len(found.legs)) > left else None


def _found(asked: Asked) -> Preview | Refusal:
    if asked.book is not None and asked.book.changing:
        return Refusal("change_under_way", "once the order has changed, or has not")
    if asked.wish.kind.changes:
        return _change(asked)
    lines = _wanted(asked)
    if isinstance(lines, Refusal):
        return lines
    part = asked.purchase.parts[lines[0].part - 1]
    rule = _rule(asked, part, lines)
    if isinstance(rule, Refusal):
        fewer = _possible_of(asked, part, lines)
        return _found(replace(asked, wish=replace(asked.wish, lines=fewer))) if fewer else rule
    priced = priced_at(asked, part=part, lines=lines, percent=rule.percent, shipping=rule.shipping)
    if isinstance(priced, Refusal):
        return priced
    route = _route(asked)
    if isinstance(route, Refusal):
        return route
    found = _preview(asked, rule, priced, route)
    if asked.wish.kind is RemedyKind.EXCHANGE and asked.wish.replacements:
        return _with_change(found, _difference(asked, lines, route))
    return found


def _route(asked: Asked) -> Route | Refusal | None:
    return route_for(purchase=asked.purchase, book=asked.book, wish=asked.wish, states=asked.states)


def _difference(asked: Asked, lines: Sequence[Line], route: Route | None) -> Change | Refusal:
    return difference(
        purchase=asked.purchase,
        book=asked.book,
        wish=asked.wish,
        lines=lines,
        states=asked.states,
        route=route,
    )


def _change(asked: Asked) -> Preview | Refusal:
    """The order becomes another: nothing of it is given, whatever is charged or goes back."""
    purchase, book, wish = asked.purchase, asked.book, asked.wish
    part = part_of_change(purchase, wish)
    wanted = wish.lines or whole_lines(book=book, parts=(part,))
    if not wanted:
        return Refusal("nothing_left", "all of it has been given back")
    lines = _wanted(replace(asked, wish=replace(wish, lines=wanted)))
    if isinstance(lines, Refusal):
        return lines
    rule = _rule(asked, part, lines)
    if isinstance(rule, Refusal):
        return rule
    route = _route(asked)
    if isinstance(route, Refusal):
        return route
    found = preview_change(
        purchase=purchase, book=book, wish=wish, states=asked.states, lines=lines, route=route
    )
    if isinstance(found, Refusal):
        return found
    amount_minor = found.amount_minor
    return _with_change(
        _preview(asked, rule, Priced(part, found.lines, amount_minor), route), found
    )


def _with_change(found: Preview, change: Change | Refusal) -> Preview | Refusal:
    if isinstance(change, Refusal):
        return change
    return replace(
        found,
        lines=change.lines,
        amount_minor=change.amount_minor,
        shares=change.shares,
        otherwise=(),
        legs=change.legs,
        difference_minor=change.difference_minor,
        replacements=change.replacements,
        route=change.route,
    )


def priced(asked: Asked) -> Priced | Refusal:
    """What these lines come to without asking whether any rule gives it: whoever offers may."""
    lines = _wanted(asked)
    if isinstance(lines, Refusal):
        return lines
    part = asked.purchase.parts[lines[0].part - 1]
    return priced_at(asked, part=part, lines=lines, percent=100)


def _wanted(asked: Asked) -> tuple[Line, ...] | Refusal:
    """The lines of the one part that is asked about, each at what was paid for it."""
    purchase, wish = asked.purchase, asked.wish
    if wish.currency is not None and wish.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "currency")
    if wish.part > len(purchase.parts):
        return Refusal("part_unknown", "a part of this order, from 1", "part")
    wanted = wish.lines
    if not wanted:
        parts = purchase.parts if wish.part == 0 else (purchase.parts[wish.part - 1],)
        wanted = whole_lines(book=asked.book, parts=parts)
        if not wanted:
            return Refusal("nothing_left", "all of it has been given back")
    bundles = asked.pack.remedies.bundles(wish.reason)
    lines = lines_for(purchase=purchase, book=asked.book, wanted=wanted, bundles=bundles)
    if not isinstance(lines, Refusal):
        first = lines[0].part
        if any(line.part != first for line in lines):
            return Refusal("parts_mixed", "items of one merchant's part at a time", "lines")
        if wish.part not in (0, first):
            return Refusal("parts_mixed", "lines of the part that is named", "lines")
    return lines


def _possible_of(asked: Asked, part: PartBought, lines: Sequence[Line]) -> tuple[WantedLine, ...]:
    """Whoever names no lines is given those that the rules give, where they do not give all."""
    wish = asked.wish
    if wish.lines or wish.replacements or len(lines) == 1:
        return ()
    return tuple(
        WantedLine(line.part, line.item, line.quantity)
        for line in lines
        if not isinstance(_rule(asked, part, (line,)), Refusal)
    )


def _rule(asked: Asked, part: PartBought, lines: Sequence[Line]) -> RemedyRule | Refusal:
    purchase, wish, pack = asked.purchase, asked.wish, asked.pack
    rows = rows_for(purchase=purchase, part=part, lines=lines, wish=wish, pack=pack)
    refused: RuleRefusal | None
    if isinstance(rows, RuleRefusal):
        refused, rows = rows, ()
    else:
        refused = refused_by(
            rows=rows, purchase=purchase, part=part, book=asked.book, pack=pack, now=asked.now
        )
    if asked.goodwill:
        # Not owed by any rule: a person of the platform gives it, and the platform bears it.
        refused, rows = None, (replace(BY_PERSON, id="goodwill"),)
    if refused is not None:
        if not asked.human:
            return refused
        rows = (replace(BY_PERSON, id=refused.rule or BY_PERSON.id),)
    wrong = wrong_choice(
        rows=rows, purchase=purchase, part=part, lines=lines, wish=wish, states=asked.states
    )
    if wrong is not None:
        return wrong
    rule = strictest(rows)
    return replace(rule, granted_by=GrantedBy.PLATFORM) if asked.human else rule


def priced_at(
    asked: Asked,
    *,
    part: PartBought,
    lines: tuple[Line, ...],
    percent: int,
    shipping: ShippingBack = ShippingBack.WITH_ALL,
) -> Priced | Refusal:
    """What these lines come to, at most so many percent of what was paid for them.

    Goods in an item's place, and work on it, give no money back.
    """
    wish = asked.wish
    if wish.kind not in _MONEY_BACK:
        free = tuple(Line(line.part, line.item, line.quantity, 0) for line in lines)
        return Priced(part, free, 0)
    found = price(
        purchase=asked.purchase,
        book=asked.book,
        lines=lines,
        wish=wish,
        shipping=shipping,
        percent=percent,
    )
    if isinstance(found, Refusal):
        return found
    if wish.amount_minor is None and wish.kind in _NAMED:
        return Refusal("amount_needed", f"at most {found.amount_minor}", "amount_minor")
    return Priced(part, found.lines, found.amount_minor, found.shipping_minor)


_MONEY_BACK = (
    RemedyKind.CANCEL,
    RemedyKind.REFUND,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.PRICE_PROTECTION,
    RemedyKind.COMPENSATION,
)


_NAMED = (RemedyKind.PRICE_PROTECTION, RemedyKind.COMPENSATION)
"""What is not a purchase taken back: how much it is has to be said."""


def _preview(asked: Asked, rule: RemedyRule, priced: Priced, route: Route | None = None) -> Preview:
    purchase, part, amount_minor = asked.purchase, priced.part, priced.amount_minor
    risk = assess(
        kind=asked.wish.kind,
        rule=rule,
        amount_minor=amount_minor,
        currency=purchase.currency,
        consumer=purchase.consumer,
        book=asked.book,
        pack=asked.pack,
        states=asked.states,
        shown_before=asked.shown_before,
        now=asked.now,
    )
    desk = _asked_desk(asked, rule, part, risk)
    due_at = _due(asked, rule, desk)
    shares = shares_of(purchase=purchase, part=part, payer=rule.payer, amount_minor=amount_minor)
    otherwise: tuple[Share, ...] = ()
    if rule.opt_in and not opted_in(asked.states, part.merchant):
        otherwise = (Share(Payer.PLATFORM, None, amount_minor),) if amount_minor else ()
        if rule.granted_by is not GrantedBy.MERCHANT:
            shares, otherwise = otherwise, ()
    return Preview(
        lines=priced.lines,
        amount_minor=amount_minor,
        shipping_minor=priced.shipping_minor,
        currency=purchase.currency,
        shares=shares,
        otherwise=otherwise,
        legs=legs_for(purchase=purchase, book=asked.book, amount_minor=amount_minor, route=route),
        route=route,
        rule=rule,
        part=part.number,
        desk=desk,
        due_at=due_at,
        risk=risk,
        steps=steps_of(
            kind=asked.wish.kind,
            amount_minor=amount_minor,
            speed=risk.speed,
            desk=desk,
            due_at=due_at,
            pack=asked.pack,
            now=asked.now,
        ),
    )


def shares_of(
    *, purchase: Purchase, part: PartBought, payer: str, amount_minor: int
) -> tuple[Share, ...]:
    """Who bears how much: `payer` is one name, or several with their hundredths (`a:70 b:30`).

    A creator's share where nobody created anything is the merchant's.
    """
    if amount_minor == 0:
        return ()
    hundredths: dict[Payer, int] = {}
    for one in payer.split():
        name, _, weight = one.partition(":")
        bears = Payer(name)
        if bears is Payer.CREATOR and purchase.creator is None:
            bears = Payer.MERCHANT
        hundredths[bears] = hundredths.get(bears, 0) + int(weight or 100)
    parties = {Payer.MERCHANT: part.merchant, Payer.CREATOR: purchase.creator}
    minors = split_minor(amount_minor, tuple(hundredths.values()))
    return tuple(
        Share(bears, parties.get(bears), minor)
        for bears, minor in zip(hundredths, minors, strict=True)
    )


def _asked_desk(asked: Asked, rule: RemedyRule, part: PartBought, risk: Assessment) -> Desk | None:
    """Whose yes it needs. The platform answers for a merchant that has no open desk, and looks at
    what a rule would give and nothing comes back of, if something speaks for caution.
    """
    match rule.granted_by:
        case GrantedBy.MERCHANT:
            return desk_for(asked.states, part.merchant)
        case GrantedBy.PLATFORM:
            return PLATFORM
        case GrantedBy.RULE | GrantedBy.NOBODY:
            kept = asked.wish.kind in (RemedyKind.REFUND, RemedyKind.RESEND)
            return PLATFORM if risk.is_risky and kept else None


def _due(asked: Asked, rule: RemedyRule, desk: Desk | None) -> datetime:
    """By when it is answered; by rule it is at once."""
    now, rules = asked.now, asked.pack.remedies
    if desk is None:
        return now
    if asked.human:
        return now + timedelta(seconds=rules.settling.platform_seconds)
    if rule.granted_by is GrantedBy.RULE:
        return now + timedelta(seconds=rules.risk.review_seconds)
    return asked.pack.calendars[rule.calendar].add(now, rule.answer_seconds)
