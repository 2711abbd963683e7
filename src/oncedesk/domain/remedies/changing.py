"""An order becomes another before it ships, step by step; each step is heard of by a command.

What the change costs is charged first. Then the order takes the change, or says that it is too
late. Then what is over goes back, or all that was charged. An order that was asked answers, so no
change is done by half.
"""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import whole_lines
from oncedesk.domain.remedies.charging import ask_charge, charge_due, differs, waiting_clock
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.legs import request_leg, settled
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeMade,
    ChangeRefused,
    ChangeRequested,
    ChangingCommand,
    ChargeFailed,
    ChargeTaken,
    ConfirmCharge,
    FailCharge,
    ItemChanged,
    NoteChange,
)
from oncedesk.domain.remedies.paying import onward
from oncedesk.domain.remedies.postings import charged, shares_of_charge
from oncedesk.domain.remedies.purchase import PartBought, Purchase, stage_of
from oncedesk.domain.remedies.refunding import settle
from oncedesk.domain.remedies.returning import instead
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.transit import set_off
from oncedesk.domain.remedies.words import (
    ChargeStatus,
    Clock,
    ClockKind,
    Leg,
    Payer,
    RemedyKind,
    Share,
    Stage,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.money import split_minor

CHARGE_ASKED_AGAIN_MAX = 5
"""At first soon, then more seldom, up to a day apart."""
NOT_ANSWERED = "not_answered"


def carry_out(
    *, state: Remedies, remedy: int, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """What follows at once when it was granted: a charge, a change, or money back."""
    known = state.the_remedy(remedy)
    if known.kind.changes:
        if charge_due(known):
            return [ask_charge(state=state, remedy=known, facts=facts)]
        return [_ask_order(state, known, facts)]
    travels = known.kind.comes_back or known.kind.goes_out or known.journey is not None
    if travels or _has_left(known, purchase):
        return set_off(state=state, remedy=remedy, facts=facts, purchase=purchase)
    events = settle(state=state, remedy=remedy, facts=facts, purchase=purchase)
    after = evolved(state, events)
    if known.kind is RemedyKind.CANCEL:
        events += [
            CancellationRequested(**state.about(remedy, facts.now), part=part)
            for part in _cancelled(after, known, purchase)
        ]
    return events


def changing(
    *, state: Remedies, remedy: Remedy, command: ChangingCommand, purchase: Purchase, facts: Facts
) -> Answer:
    """What payments, the wallet or the order answered; saying it again changes nothing."""
    match command:
        case ConfirmCharge():
            return _confirm(state, remedy, command, facts)
        case FailCharge():
            return _fail(state, remedy, command, purchase, facts)
        case NoteChange():
            if remedy.clock(ClockKind.CHANGE) is None:
                return []
            # Goods that are exchanged leave the order as it was: it has only noted the payment.
            if command.changed or not remedy.kind.changes:
                return _made(state, remedy, purchase, facts)
            return _refused(state, remedy, command, facts)
        case _:
            assert_never(command)


def ask_again(
    *, state: Remedies, remedy: Remedy, clock: Clock, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """Nobody has answered in time: an order is waited for, payments are asked again so often."""
    if clock.kind is ClockKind.CHANGE:
        again = _ask_order(state, remedy, facts)
        return [replace(again, again=True)]
    assert remedy.charge is not None
    if remedy.charge.asked_again >= CHARGE_ASKED_AGAIN_MAX:
        # Whoever has not paid by now does not want it, and the order is free for other wishes.
        return _charge_failed(state, remedy, NOT_ANSWERED, purchase, facts)
    return [ask_charge(state=state, remedy=remedy, facts=facts, before=remedy.charge)]


def shares_over_parts(*, purchase: Purchase, amount_minor: int) -> tuple[Share, ...]:
    """What of an amount is each merchant's, by what was paid for its parts."""
    weights = [
        sum(item.paid_minor for item in part.items) + part.shipping_minor for part in purchase.parts
    ]
    found: dict[UUID | None, int] = {}
    for part, minor in zip(purchase.parts, split_minor(amount_minor, weights), strict=True):
        found[part.merchant] = found.get(part.merchant, 0) + minor
    return tuple(Share(Payer.MERCHANT, merchant, minor) for merchant, minor in found.items())


def _has_left(remedy: Remedy, purchase: Purchase) -> bool:
    """Whether it was to be cancelled and was sent before anybody said yes: it is a return now."""
    if remedy.kind is not RemedyKind.CANCEL:
        return False
    stage = stage_of(purchase, purchase.parts[remedy.lines[0].part - 1])
    return stage in (Stage.SHIPPED, Stage.DELIVERED)


def _cancelled(state: Remedies, remedy: Remedy, purchase: Purchase) -> Sequence[int]:
    """The parts of which this has left nothing; 0: the whole order."""
    left = [one for one in purchase.parts if stage_of(purchase, one) is not Stage.CANCELLED]
    if left and _is_cancelled(state, left, purchase):
        return (0,)
    parts = [part for part in left if any(one.part == part.number for one in remedy.lines)]
    return [part.number for part in parts if _is_cancelled(state, (part,), purchase)]


def _is_cancelled(state: Remedies, parts: Sequence[PartBought], purchase: Purchase) -> bool:
    """Nothing of these parts is left, and nothing was shipped. What nobody has granted may stay."""
    granted = replace(state, live=tuple(one for one in state.live if one.is_granted))
    return all(stage_of(purchase, part) is Stage.UNSHIPPED for part in parts) and not (
        whole_lines(book=granted, parts=parts)
    )


def _ask_order(state: Remedies, remedy: Remedy, facts: Facts) -> ChangeRequested:
    items: Sequence[ItemChanged] = ()
    if remedy.kind is RemedyKind.CHANGE_ITEMS:
        items = [
            ItemChanged(
                line.part,
                line.item,
                line.quantity,
                new.listing,
                new.variant,
                new.unit_price_minor,
            )
            for line, new in zip(remedy.lines, remedy.replacements, strict=True)
        ]
    return ChangeRequested(
        **state.about(remedy.number, facts.now),
        clock=waiting_clock(kind=ClockKind.CHANGE, remedy=remedy, asked_again=0, facts=facts),
        items=tuple(items),
        charge=remedy.charge,
        address=remedy.address,
        unshipped=remedy.kind.changes,
    )


def _confirm(state: Remedies, remedy: Remedy, command: ConfirmCharge, facts: Facts) -> Answer:
    charge = remedy.charge
    if charge is None:
        return Refusal("charge_unknown", "a remedy that charges", "remedy")
    wrong = differs(state=state, charge=charge, command=command, now=facts.now)
    if wrong is not None or charge.status is ChargeStatus.TAKEN:
        return wrong or []
    taken = ChargeTaken(
        **state.about(remedy.number, facts.now),
        amount_minor=charge.amount_minor,
        charged_at=command.charged_at,
        reference=command.reference,
        transfers=charged(
            state=state,
            shares=shares_of_charge(state=state, remedy=remedy, amount_minor=charge.amount_minor),
            amount_minor=charge.amount_minor,
        ),
    )
    after = evolve(state, taken)
    return [taken, _ask_order(after, after.the_remedy(remedy.number), facts)]


def _fail(
    state: Remedies, remedy: Remedy, command: FailCharge, purchase: Purchase, facts: Facts
) -> Answer:
    if remedy.charge is None:
        return Refusal("charge_unknown", "a remedy that charges", "remedy")
    if remedy.charge.status is ChargeStatus.TAKEN:
        return Refusal("charge_settled", "it was taken before")
    return _charge_failed(state, remedy, command.reason.value, purchase, facts)


def _charge_failed(
    state: Remedies, remedy: Remedy, reason: str, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    failed = ChargeFailed(
        **state.about(remedy.number, facts.now), reason=reason, lapsed=remedy.charge
    )
    if remedy.kind.changes:
        return [replace(failed, case=remedy.case, part=_part_of(remedy))]
    # The goods came back, and the others do not leave: the money goes back for them.
    after = evolve(state, failed)
    rest = instead(
        state=after,
        remedy=after.the_remedy(remedy.number),
        reason="charge_failed",
        facts=facts,
        purchase=purchase,
    )
    return [failed, *rest]


def _made(state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> Answer:
    made = ChangeMade(
        **state.about(remedy.number, facts.now),
        back_minor=remedy.amount_minor if remedy.kind.changes else 0,
    )
    after = evolve(state, made)
    if not remedy.kind.changes:
        more = onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
        return [made, *more]
    more = settle(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
    return [made, *more]


def _refused(state: Remedies, remedy: Remedy, command: NoteChange, facts: Facts) -> Answer:
    charge = remedy.charge
    back_minor = 0 if charge is None else charge.amount_minor
    refused = ChangeRefused(
        **state.about(remedy.number, facts.now),
        reason=command.reason,
        amount_minor=back_minor,
        shares=shares_of_charge(state=state, remedy=remedy, amount_minor=back_minor),
        case=remedy.case,
        part=_part_of(remedy),
        back_minor=back_minor,
    )
    after = evolve(state, refused)
    known = after.the_remedy(remedy.number)
    if charge is None:
        return [refused, settled(state=after, remedy=known, facts=facts)]
    leg = Leg(
        1,
        command.place,
        charge.route.method,
        back_minor,
        reference=charge.route.reference,
        stored=charge.route.stored,
    )
    return [refused, request_leg(state=after, remedy=known, leg=leg, facts=facts)]


def _part_of(remedy: Remedy) -> int:
    """Where it is talked about; what is about the whole order, with its first part."""
    return remedy.lines[0].part if remedy.lines else 1
