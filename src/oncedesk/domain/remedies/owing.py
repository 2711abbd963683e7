"""What is owed by rule though nobody asked: when a presale ends, and when a price has fallen."""

from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import (
    Price,
    given_back_minor,
    left_of,
    less,
    lines_for,
    paid_minor,
    shipping_for,
    whole_lines,
    worth_of,
)
from oncedesk.domain.remedies.changing import carry_out
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyApproved, RemedyRequested
from oncedesk.domain.remedies.messages.promising import (
    Owed,
    PriceFell,
    SettlePresale,
    TellPrice,
)
from oncedesk.domain.remedies.opening import open_books
from oncedesk.domain.remedies.preview import no_place, shares_of
from oncedesk.domain.remedies.purchase import PartBought, Purchase, presale_of
from oncedesk.domain.remedies.putting_off import no_place_for_owed, put_off
from oncedesk.domain.remedies.refunding import closed_early, settle
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.room import FULL
from oncedesk.domain.remedies.state import PROTECTED_MAX, Remedies
from oncedesk.domain.remedies.taking import taken_of
from oncedesk.domain.remedies.words import (
    BALANCE,
    Clock,
    ClockKind,
    DecidedBy,
    Line,
    Payer,
    RemedyKind,
    Share,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.remedy_rules import Bundles, ShippingBack


def owing(
    *, state: Remedies | None, command: SettlePresale | TellPrice, purchase: Purchase, facts: Facts
) -> Answer:
    """What this comes to; nothing where it was given before."""
    if not 1 <= command.part <= len(purchase.parts):
        return Refusal("part_unknown", "a part of this order, from 1", "part")
    part = purchase.parts[command.part - 1]
    opened: list[RemedyEvent] = []
    if state is None:
        opened.append(open_books(purchase=purchase, now=facts.now))
        state = evolved(None, opened)
    if isinstance(command, SettlePresale):
        found = _settle_presale(state, command, part, purchase, facts)
    else:
        found = _price_fell(state, command, part, purchase, facts)
    return found if isinstance(found, Refusal) or not found else [*opened, *found]


def _settle_presale(
    state: Remedies, command: SettlePresale, part: PartBought, purchase: Purchase, facts: Facts
) -> Answer:
    events = closed_early(state=state, facts=facts)
    state = evolved(state, events) if events else state
    answered, returned_minor = _answered(state, command, part, purchase, facts)
    if answered:
        events += answered
        state = evolved(state, answered)
        command = replace(command, returned_minor=returned_minor)
    bundles = facts.packs.by_hash(purchase.pack).remedies.bundles(command.reason)
    back = _back(state, command, part, purchase, bundles)
    if no_place(state=state, lines=len(back.lines)) or no_place_for_owed(
        state=state, purchase=purchase, count=2
    ):
        owed = Owed(
            command.part,
            command.reason,
            returned_minor=command.returned_minor,
            penalty_minor=command.penalty_minor,
            rule=command.rule,
        )
        return [*events, *put_off(state=state, owed=owed, facts=facts)]
    if back.amount_minor > 0:
        asked = RemedyRequested(
            **_about(state, facts),
            kind=RemedyKind.REFUND,
            reason=command.reason,
            lines=back.lines,
            amount_minor=back.amount_minor,
            shipping_minor=back.shipping_minor,
            shares=_merchant(part, back.amount_minor),
            rule=command.rule,
            pack=purchase.pack,
            asked_by=facts.actor.role.value,
        )
        given = _given(state, asked, None, facts, purchase)
        state = evolved(state, given)
        events += given
    if command.penalty_minor:
        events += _penalty(state, command, part, purchase, facts)
    return events


class _Answered(NamedTuple):
    """What was granted of what was asked for, and what is to go back beside that."""

    events: list[RemedyEvent]
    returned_minor: int


def _answered(
    state: Remedies, command: SettlePresale, part: PartBought, purchase: Purchase, facts: Facts
) -> _Answered:
    """What the consumer has asked for of this part, and nobody has answered, is owed by now: else
    a no, or nothing, would leave them without what goes back whoever says what."""
    events: list[RemedyEvent] = []
    left_minor = command.returned_minor
    for one in state.live:
        asked = one.status is Status.REQUESTED and one.counts and one.lines
        if not asked or any(line.part != part.number for line in one.lines):
            continue
        if not 0 < one.amount_minor <= left_minor:
            continue
        left_minor -= one.amount_minor
        found: list[RemedyEvent] = [
            RemedyApproved(
                **state.about(one.number, facts.now),
                by=DecidedBy.RULE,
                rule=command.rule,
                amount_minor=one.amount_minor,
                shares=_merchant(part, one.amount_minor),
            )
        ]
        state = evolved(state, found)
        found += carry_out(state=state, remedy=one.number, facts=facts, purchase=purchase)
        state = evolved(state, found[1:]) if found[1:] else state
        events += found
    return _Answered(events, left_minor)


def _back(
    state: Remedies,
    command: SettlePresale,
    part: PartBought,
    purchase: Purchase,
    bundles: Bundles,
) -> Price:
    """All that is left of the part, with so much of what was paid for it as goes back."""
    wanted = whole_lines(book=state, parts=(part,))
    lines = lines_for(purchase=purchase, book=state, wanted=wanted, bundles=bundles)
    if not wanted or isinstance(lines, Refusal):
        return Price((), 0, 0)
    goods_minor = sum(line.amount_minor for line in lines)
    shipping_minor = shipping_for(
        purchase=purchase, book=state, lines=lines, back=ShippingBack.WITH_ALL
    )
    amount_minor = min(
        command.returned_minor,
        goods_minor + shipping_minor,
        paid_minor(purchase) - given_back_minor(state),
    )
    goods_minor = min(goods_minor, max(0, amount_minor))
    reduced = less(lines=lines, amount_minor=goods_minor, stays=False)
    return Price(reduced, amount_minor - goods_minor, amount_minor)


def _given(
    state: Remedies,
    asked: RemedyRequested,
    clock: Clock | None,
    facts: Facts,
    purchase: Purchase,
) -> list[RemedyEvent]:
    """It is granted and paid at once. Nothing of it was shipped: there is nothing to contest."""
    approved = RemedyApproved(
        **state.about(asked.remedy, facts.now),
        by=DecidedBy.RULE,
        rule=asked.rule,
        amount_minor=asked.amount_minor,
        shares=asked.shares,
        clock=clock,
    )
    after = evolved(state, [asked, approved])
    paid = settle(state=after, remedy=asked.remedy, facts=facts, purchase=purchase)
    return [asked, approved, *paid]


def _penalty(
    state: Remedies, command: SettlePresale, part: PartBought, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """The second half of a deposit that is returned double, at once and from the merchant."""
    shares = _merchant(part, command.penalty_minor)
    asked = RemedyRequested(
        **_about(state, facts),
        kind=RemedyKind.COMPENSATION,
        reason="deposit_double",
        lines=(),
        amount_minor=command.penalty_minor,
        shares=shares,
        rule=command.rule,
        pack=purchase.pack,
        asked_by=facts.actor.role.value,
        method=BALANCE,
    )
    hold = Clock(ClockKind.HOLD, facts.now, command.rule)
    return _given(state, asked, hold, facts, purchase)


def _price_fell(
    state: Remedies, command: TellPrice, part: PartBought, purchase: Purchase, facts: Facts
) -> Answer:
    if command.currency != purchase.currency:
        return Refusal("currency_differs", f"the order's is {purchase.currency}", "currency")
    if not 1 <= command.item <= len(part.items):
        return Refusal("item_unknown", "an item of this part, from 1", "item")
    if command.told_at > facts.now + timedelta(days=1):
        return Refusal("time_in_future", "at most a day ahead of us", "told_at")
    item = part.items[command.item - 1]
    rules = facts.packs.by_hash(purchase.pack).remedies
    rule = rules.price_protection(category=purchase.categories[item.category])
    assert purchase.placed_at is not None
    if rule is None:
        return Refusal("price_not_protected", "a category whose price is protected", "item")
    if not timedelta(0) <= command.told_at - purchase.placed_at < timedelta(days=rule.days):
        return Refusal("too_late", f"{rule.days} days from the order ({rule.id})", "told_at")
    presale = presale_of(purchase, part.number)
    if presale is not None and presale.paid_at is None:
        # Nobody has paid that price yet, and a deposit may be kept.
        return Refusal("presale_unpaid", "once the rest is paid", "part")
    amount_minor = _difference(state, command, part, purchase)
    if amount_minor <= 0:
        return []
    early = closed_early(state=state, facts=facts)
    state = evolved(state, early) if early else state
    refused = no_place(state=state, lines=1)
    if refused is not None:
        return refused
    if no_place_for_owed(state=state, purchase=purchase):
        return FULL
    if len(state.protected) >= PROTECTED_MAX and state.lowest(command.part, command.item) is None:
        return Refusal("prices_too_many", f"at most {PROTECTED_MAX} items", "item")
    about = _about(state, facts)
    asked = RemedyRequested(
        **about,
        kind=RemedyKind.PRICE_PROTECTION,
        reason="price_fell",
        lines=(Line(command.part, command.item, 0, amount_minor, stays=True),),
        amount_minor=amount_minor,
        shares=shares_of(purchase=purchase, part=part, payer=rule.payer, amount_minor=amount_minor),
        rule=rule.id,
        pack=purchase.pack,
        asked_by=facts.actor.role.value,
    )
    fell = PriceFell(
        **about,
        part=command.part,
        item=command.item,
        unit_price_minor=command.unit_price_minor,
        told_at=command.told_at,
        proof=command.proof,
        quantity=_kept(state, part, command.item),
    )
    state = evolved(state, [asked, fell])
    granted = approve(
        state=state, remedy=asked.remedy, by=DecidedBy.RULE, facts=facts, purchase=purchase
    )
    return [*early, asked, fell, *granted]


def _difference(state: Remedies, command: TellPrice, part: PartBought, purchase: Purchase) -> int:
    """From what was paid, or what it had fallen to before, down to this, for all that was kept.

    Of units that were under way when it fell, and have stayed, nothing was given for that.
    """
    bought = part.items[command.item - 1].quantity
    left = _kept(state, part, command.item)
    whole_minor = _paid(state, part, command.item, purchase)
    before_minor = whole_minor * left // bought
    lowest = state.lowest(command.part, command.item)
    if lowest is not None:
        if command.unit_price_minor > lowest.unit_price_minor:
            return 0
        given = min(lowest.quantity or left, left)
        paid_for_them_minor = whole_minor * given // bought
        over_minor = paid_for_them_minor - lowest.unit_price_minor * given
        before_minor -= max(0, over_minor)
    fallen_minor = before_minor - command.unit_price_minor * left
    return min(
        fallen_minor,
        whole_minor - taken_of(state)[part.number, command.item].amount_minor,
        paid_minor(purchase) - given_back_minor(state),
    )


def _kept(state: Remedies, part: PartBought, number: int) -> int:
    """How many units of an item nobody has taken."""
    bought = part.items[number - 1].quantity
    return left_of(book=state, part=part.number, number=number, bought=bought)


def _paid(state: Remedies, part: PartBought, number: int, purchase: Purchase) -> int:
    """What all units of an item cost, as it was really paid; the only item of a presale, by what
    was left to pay of it."""
    presale = presale_of(purchase, part.number)
    cost_minor = part.items[number - 1].paid_minor
    if presale is not None and len(part.items) == 1:
        cost_minor = presale.deposit_minor + presale.final_minor - part.shipping_minor
    worth = worth_of(purchase=purchase, book=state)
    return min(cost_minor, worth.items[part.number - 1][number - 1])


def _merchant(part: PartBought, amount_minor: int) -> tuple[Share, ...]:
    payer = Payer.PLATFORM if part.merchant is None else Payer.MERCHANT
    return (Share(payer, part.merchant, amount_minor),)


def _about(state: Remedies, facts: Facts) -> dict[str, Any]:
    return {
        "consumer": state.consumer,
        "order": state.order,
        "at": facts.now,
        "remedy": state.numbered + 1,
    }
