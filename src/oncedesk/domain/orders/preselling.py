"""A presale: a deposit now, the rest in a window, and what becomes of the deposit if it ends.

The rest is never above what was shown. Who does not pay it in time loses the deposit, where the
pack says so; a merchant who does not deliver returns what was paid and, where the pack says so, the
deposit once more (Civil Code of the PRC, arts. 586 and 587).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    Answer,
    EndPresale,
    FinalPaid,
    FinalPaymentReminded,
    FinalPriceTold,
    OrderedPart,
    OrderEvent,
    PayFinal,
    PaymentStage,
    Presale,
    PresaleEnd,
    PresaleEnded,
    PresaleTerms,
    PromiseKind,
    TellFinalPrice,
)
from oncedesk.domain.orders.promises import effective_due
from oncedesk.domain.orders.state import PAYMENTS_MAX, HeldPresale, OrderState, Verdict
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.remedy_rules import PresaleRule
from oncedesk.domain.shared.rulepack import Pack


def presale_of(
    *, ordered: OrderedPart, terms: PresaleTerms, placed_at: datetime, pack: Pack
) -> Presale | Refusal:
    """What these terms come to under the pack; or why they cannot be."""
    rules = [pack.remedies.presale(category=item.category) for item in ordered.items]
    known = [rule for rule in rules if rule is not None]
    if not known or len(known) < len(rules):
        return Refusal("presale_not_offered", "a category with presales in the pack", "presale")
    if terms.pay_from >= terms.pay_until or terms.pay_until <= placed_at:
        return Refusal("presale_window", "a window that ends after it begins", "pay_until")
    rule = min(known, key=lambda one: one.days_max)
    if terms.pay_until > placed_at + timedelta(days=rule.days_max):
        return Refusal("presale_too_far", f"at most {rule.days_max} days", "pay_until")
    price_minor = ordered.shipping_minor + sum(
        item.unit_price_minor * item.quantity - item.discount_minor - item.subsidy_minor
        for item in ordered.items
    )
    if terms.deposit_minor + terms.final_minor != price_minor:
        return Refusal("presale_price_differs", f"{price_minor} in all", "deposit_minor")
    if any(tier.final_minor > terms.final_minor for tier in terms.tiers):
        return Refusal("price_above_shown", f"at most {terms.final_minor}", "tiers")
    lapse_minor, penalty_minor = _if_it_ends(terms.deposit_minor, price_minor, rule)
    reminds_at = terms.pay_until - timedelta(seconds=rule.reminder_seconds)
    return Presale(
        terms=terms,
        remind_at=max(terms.pay_from, reminds_at),
        lapse_minor=lapse_minor,
        penalty_minor=penalty_minor,
        rule=rule.id,
        default_seconds=rule.default_seconds,
    )


def _if_it_ends(paid_minor: int, price_minor: int, rule: PresaleRule) -> tuple[int, int]:
    """What of the deposit goes back to a consumer who does not go on, and what a merchant who does
    not gives on top. What is above the law's share of the price is no deposit, but a part payment.
    """
    deposit_minor = min(paid_minor, price_minor * rule.deposit_percent_max // 100)
    return (
        paid_minor - (deposit_minor if rule.deposit_kept else 0),
        deposit_minor if rule.deposit_doubled else 0,
    )


def preselling(
    *, state: OrderState, command: TellFinalPrice | PayFinal | EndPresale, facts: Facts
) -> Answer:
    """What the marketplace tells of a presale; told again, it changes nothing."""
    presale = state.presale(command.part)
    if presale is None:
        return Refusal("presale_unknown", "a part that is a presale", "part")
    if isinstance(command, EndPresale) and presale.ended is command.by:
        return []
    late_news = isinstance(command, PayFinal) and presale.lapsed_in_vain
    part = state.part(command.part)
    assert part is not None
    if state.cancelled_from(part) is not None or (presale.ended is not None and not late_news):
        return Refusal("presale_over", "a presale that is not over", "part")
    match command:
        case TellFinalPrice():
            return _tell_price(state, presale, command, facts)
        case PayFinal():
            return _pay(state, presale, command, facts.now)
        case EndPresale():
            return _end(state, presale, command, facts)
        case _:
            assert_never(command)


def presale_deadlines(state: OrderState) -> Iterator[datetime]:
    """When the consumer is reminded, when the window closes, and when a merchant has defaulted."""
    for presale in _running(state):
        if presale.paid_at is None:
            yield presale.pay_until if presale.remind_at is None else presale.remind_at
        elif (defaulted_at := _defaulted_at(state, presale)) is not None:
            yield defaulted_at


def presale_clocks(
    *, state: OrderState, heard_at: datetime, clock_at: datetime
) -> list[OrderEvent]:
    """What time has brought: a reminder, or the end of a presale that was not paid, or shipped."""
    events: list[OrderEvent] = []
    for presale in _running(state):
        defaulted_at = _defaulted_at(state, presale)
        if defaulted_at is not None and defaulted_at <= clock_at:
            events.append(_ended(state, presale, PresaleEnd.MERCHANT, heard_at))
        if presale.paid_at is not None:
            continue
        if presale.pay_until <= clock_at:
            events.append(_ended(state, presale, PresaleEnd.UNPAID, heard_at))
        elif presale.remind_at is not None and presale.remind_at <= clock_at:
            events.append(
                FinalPaymentReminded(
                    **state.about(presale.part, heard_at),
                    final_minor=presale.final_minor,
                    pay_until=presale.pay_until,
                )
            )
    return events


def _running(state: OrderState) -> Iterator[HeldPresale]:
    for presale in state.presales:
        part = state.part(presale.part)
        if part is not None and not state.is_over(part):
            yield presale


def _defaulted_at(state: OrderState, presale: HeldPresale) -> datetime | None:
    """When the merchant will not go on with what was paid, by its silence; None: it still may."""
    part = state.part(presale.part)
    if presale.paid_at is None or not presale.default_seconds:
        return None
    if part is None or part.shipped_at is not None:
        return None
    # Where no ship-by was promised, only the day of delivery says when nothing came.
    kind = PromiseKind.DELIVERY if part.shipping is None else PromiseKind.SHIPPING
    promise = part.promise(kind)
    if promise is None or promise.verdict is not Verdict.BROKEN:
        return None
    due_at = effective_due(state=state, part=part, kind=kind)
    return max(due_at, presale.paid_at) + timedelta(seconds=presale.default_seconds)


def _tell_price(
    state: OrderState, presale: HeldPresale, command: TellFinalPrice, facts: Facts
) -> Answer:
    if presale.paid_at is not None:
        return Refusal("presale_paid", "before the rest is paid", "part")
    if command.final_minor == presale.final_minor:
        return []
    reached = [one.final_minor for one in presale.tiers if one.count <= command.reached]
    most_minor = min([presale.final_minor, *reached])
    if command.final_minor > most_minor:
        return Refusal("price_above_shown", f"at most {most_minor}", "final_minor")
    rules = facts.packs.by_hash(state.pack).remedies.presales.values()
    rule = next(one for one in rules if one.id == presale.rule)
    price_minor = presale.deposit_minor + command.final_minor
    lapse_minor, penalty_minor = _if_it_ends(presale.deposit_minor, price_minor, rule)
    return [
        FinalPriceTold(
            **state.about(presale.part, facts.now),
            final_minor=command.final_minor,
            reached=command.reached,
            lapse_minor=lapse_minor,
            penalty_minor=penalty_minor,
        )
    ]


def _pay(state: OrderState, presale: HeldPresale, command: PayFinal, now: datetime) -> Answer:
    if presale.paid_at is not None:
        return [] if presale.paid_at == command.at else Refusal("presale_paid", "paid before")
    if not presale.pay_from <= command.at < presale.pay_until:
        return Refusal("presale_window", "within the window of the final payment", "at")
    if command.payment.amount_minor != presale.final_minor:
        return Refusal("amount_differs", f"{presale.final_minor} is left to pay", "amount_minor")
    if len(state.payments) >= PAYMENTS_MAX:
        return Refusal("payments_too_many", f"at most {PAYMENTS_MAX}", "payment")
    return [
        FinalPaid(
            **state.about(presale.part, now),
            payment=replace(command.payment, stage=PaymentStage.FINAL),
            paid_at=command.at,
        )
    ]


def _end(state: OrderState, presale: HeldPresale, command: EndPresale, facts: Facts) -> Answer:
    if command.by is PresaleEnd.UNPAID:
        return Refusal("presale_unpaid", "its clock finds it", "by")
    if command.by is PresaleEnd.CONSUMER and presale.paid_at is not None:
        return Refusal("presale_paid", "before the rest is paid; from then on ask for a refund")
    part = state.part(presale.part)
    if part is not None and part.shipped_at is not None:
        return Refusal("part_shipped", "before it is shipped", "part")
    return [_ended(state, presale, command.by, facts.now)]


def _ended(
    state: OrderState, presale: HeldPresale, by: PresaleEnd, heard_at: datetime
) -> PresaleEnded:
    theirs = by is PresaleEnd.MERCHANT
    paid_minor = presale.deposit_minor + (0 if presale.paid_at is None else presale.final_minor)
    return PresaleEnded(
        **state.about(presale.part, heard_at),
        by=by,
        deposit_minor=presale.deposit_minor,
        returned_minor=paid_minor if theirs else presale.lapse_minor,
        penalty_minor=presale.penalty_minor if theirs else 0,
        rule=presale.rule,
    )
