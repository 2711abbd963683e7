"""What a broken promise gives without being asked: once for each breach, and not above a cap.

It waits a little before it is sent, because late news may show that there was no breach. After that
nothing is taken from the consumer again: the platform bears what should not have been given.
"""

from datetime import timedelta
from typing import Any, assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import worth_of
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyApproved, RemedyRequested
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    Breached,
    CompensateBreach,
    CompensationCapped,
    CompensationVoided,
    Owed,
    TakeBackCompensation,
)
from oncedesk.domain.remedies.opening import open_books
from oncedesk.domain.remedies.postings import borne, unsent
from oncedesk.domain.remedies.preview import shares_of
from oncedesk.domain.remedies.purchase import PartBought, Purchase, carrier_of, shipped_late
from oncedesk.domain.remedies.putting_off import (
    dropped,
    no_place_for_owed,
    put_off,
    waiting_enough,
)
from oncedesk.domain.remedies.refunding import closed_early, settle
from oncedesk.domain.remedies.state import (
    COMPENSATED_MAX,
    Compensated,
    Remedies,
    Remedy,
)
from oncedesk.domain.remedies.taking import taken_of
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    LegStatus,
    Payer,
    RemedyKind,
    Share,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.remedy_rules import CompensationRule, RemedyRules

_ONE_OF_A_KIND = ("late_shipping", "late_delivery", "wrong_handover", "fake_tracking")
"""A part breaks these promises once, under whatever name it is told; silences can be several."""


def promising(
    *,
    state: Remedies | None,
    command: CompensateBreach | TakeBackCompensation,
    purchase: Purchase | None,
    facts: Facts,
) -> Answer:
    """What a breach, or the news that it was none, leads to. Told again, it changes nothing."""
    if purchase is None:
        return []  # The marketplace told of a breach of an order that it keeps to itself.
    match command:
        case CompensateBreach():
            return _compensate(state, command, purchase, facts)
        case TakeBackCompensation():
            return _take_back(state, command, facts)
        case _:
            assert_never(command)


def pay_out(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """It was held long enough: the marketplace is asked for the coupon or the money."""
    return settle(state=state, remedy=remedy.number, facts=facts, purchase=purchase)


def _compensate(
    state: Remedies | None, command: CompensateBreach, purchase: Purchase, facts: Facts
) -> Answer:
    if not 1 <= command.part <= len(purchase.parts):
        return Refusal("part_unknown", "a part of this order, from 1", "part")
    part = purchase.parts[command.part - 1]
    rules = facts.packs.by_hash(purchase.pack).remedies
    rule = rules.compensation(breach=command.breach, currency=purchase.currency)
    if rule is None:
        return []
    shares = _bearers(purchase, part, rule)
    known = None if state is None else _known(state, command)
    if state is not None and known is not None:
        again = known.corrected and not _is_withdrawn(state, known)
        return _charged_again(state, known, shares, facts) if again else []
    owed_minor = _owed_minor(purchase, part, state, rule, rules)
    if owed_minor == 0 or not sum(one.amount_minor for one in purchase.payments):
        return []
    events: list[RemedyEvent] = []
    if state is None:
        events.append(open_books(purchase=purchase, now=facts.now))
        state = evolve(None, events[0])
    breached = Breached(command.promise, command.breach, part.number)
    amount_minor = min(owed_minor, _room(state, purchase, part, rules))
    owed = Owed(part.number, command.breach, command.promise, command.case)
    waits = any(one.owed.key == owed.key for one in state.put_off)
    full = len(state.compensated) >= COMPENSATED_MAX or (waiting_enough(state) and not waits)
    if amount_minor <= 0 or full:
        capped = CompensationCapped(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            breached=breached,
            owed_minor=owed_minor,
            rule=rule.id,
        )
        return [*events, capped]
    early = closed_early(state=state, facts=facts)
    state = evolved(state, early) if early else state
    if no_place_for_owed(state=state, purchase=purchase):
        return [*events, *early, *put_off(state=state, owed=owed, facts=facts)]
    minors = _scaled(shares, amount_minor)
    given = _given(state, command, rule, owed_minor, minors, purchase, facts)
    return [*events, *early, *given]


def _given(
    state: Remedies,
    command: CompensateBreach,
    rule: CompensationRule,
    owed_minor: int,
    shares: tuple[Share, ...],
    purchase: Purchase,
    facts: Facts,
) -> list[RemedyEvent]:
    number, amount_minor = state.numbered + 1, sum(share.minor for share in shares)
    hold = Clock(ClockKind.HOLD, facts.now + timedelta(seconds=rule.hold_seconds), rule.id)
    about: dict[str, Any] = {
        "consumer": state.consumer,
        "order": state.order,
        "at": facts.now,
        "remedy": number,
    }
    return [
        RemedyRequested(
            **about,
            kind=RemedyKind.COMPENSATION,
            reason=command.breach,
            lines=(),
            amount_minor=amount_minor,
            shares=shares,
            rule=rule.id,
            pack=purchase.pack,
            asked_by=facts.actor.role.value,
            case=command.case,
            method=rule.method,
        ),
        RemedyApproved(
            **about,
            by=DecidedBy.RULE,
            rule=rule.id,
            amount_minor=amount_minor,
            shares=shares,
            clock=hold,
        ),
        BreachCompensated(
            **about,
            breached=Breached(command.promise, command.breach, command.part),
            owed_minor=owed_minor,
            amount_minor=amount_minor,
            shares=shares,
            currency=state.currency,
            method=rule.method,
            rule=rule.id,
            case=command.case,
            send_at=hold.due_at,
        ),
    ]


def _owed_minor(
    purchase: Purchase,
    part: PartBought,
    book: Remedies | None,
    rule: CompensationRule,
    rules: RemedyRules,
) -> int:
    """What the breach gives, but for any cap; nothing where nothing was paid, or all is gone."""
    if rules.edition < 1:
        return rule.of(_goods_minor(purchase, part, book, rules))
    goods_minor = _goods_minor(purchase, part, book, rules) - _gone_minor(purchase, part, book)
    return rule.of(goods_minor) if goods_minor > 0 else 0


def _goods_minor(
    purchase: Purchase, part: PartBought, book: Remedies | None, rules: RemedyRules
) -> int:
    """What was really paid for a part's goods, whatever has become of them; where none are known of
    an order's only part, for all."""
    if not part.items and len(purchase.parts) == 1:
        return sum(payment.amount_minor for payment in purchase.payments)
    if rules.edition < 1:
        return sum(item.paid_minor for item in part.items)
    return sum(worth_of(purchase=purchase, book=book).items[part.number - 1])


def _gone_minor(purchase: Purchase, part: PartBought, book: Remedies | None) -> int:
    """What of that was paid for units that were given back, or are as good as that."""
    if book is None:
        return 0
    granted = tuple(one for one in book.live if one.is_granted and one.kind.takes_units)
    taken = taken_of(replace(book, live=granted))
    worth = worth_of(purchase=purchase, book=book).items[part.number - 1]
    return sum(
        minor * taken[part.number, number].quantity // item.quantity
        for number, (item, minor) in enumerate(zip(part.items, worth, strict=True), start=1)
    )


def _room(state: Remedies, purchase: Purchase, part: PartBought, rules: RemedyRules) -> int:
    """How much breaches may still give for this part, and for this order."""
    given = [one for one in state.compensated if not _is_withdrawn(state, one)]
    of_part = sum(one.amount_minor for one in given if one.part == part.number)
    of_order = sum(one.amount_minor for one in given)
    paid_minor = sum(_goods_minor(purchase, one, state, rules) for one in purchase.parts)
    currency, room = purchase.currency, 10**15
    if (cap := rules.cap(per="part", currency=currency)) is not None:
        room = min(room, cap.of(_goods_minor(purchase, part, state, rules)) - of_part)
    if (cap := rules.cap(per="order", currency=currency)) is not None:
        room = min(room, cap.of(paid_minor) - of_order)
    return room


def _bearers(purchase: Purchase, part: PartBought, rule: CompensationRule) -> tuple[Share, ...]:
    """Who is liable, in shares of a whole of 100; whoever is not known, the platform stands for."""
    late = bool(rule.payer_shipped_late) and shipped_late(part)
    payer = rule.payer_shipped_late if late else rule.payer
    carrier = carrier_of(purchase, part)
    found = []
    for share in shares_of(purchase=purchase, part=part, payer=payer, amount_minor=100):
        party = carrier if share.payer is Payer.CARRIER else share.party
        known = party is not None or share.payer is Payer.PLATFORM
        found.append(Share(share.payer if known else Payer.PLATFORM, party, share.minor))
    return tuple(found)


def _scaled(shares: tuple[Share, ...], amount_minor: int) -> tuple[Share, ...]:
    minors = split_minor(amount_minor, [share.minor for share in shares])
    return tuple(
        Share(share.payer, share.party, minor)
        for share, minor in zip(shares, minors, strict=True)
        if minor
    )


def _known(state: Remedies, command: CompensateBreach | TakeBackCompensation) -> Compensated | None:
    """What was given for this very breach, under this name of its promise or another."""
    for one in state.compensated:
        if one.breach != command.breach:
            continue
        if one.promise == command.promise:
            return one
        if (
            isinstance(command, CompensateBreach)
            and one.part == command.part
            and command.breach in _ONE_OF_A_KIND
        ):
            return one
    return None


def _take_back(
    state: Remedies | None, command: TakeBackCompensation, facts: Facts
) -> list[RemedyEvent]:
    if state is None:
        return []
    known = _known(state, command)
    if known is None:
        breach = command.promise, command.breach
        waiting = [one.owed for one in state.put_off if one.owed.breach == breach]
        return [dropped(state=state, owed=one, facts=facts) for one in waiting]
    if known.corrected or _is_withdrawn(state, known):
        return []
    remedy = state.remedy(known.remedy)
    if remedy is None or any(leg.status in _ON_ITS_WAY for leg in remedy.legs):
        platform = (Share(Payer.PLATFORM, None, known.amount_minor),)
        return [_reborne(state, known, platform, facts, corrected=True)]
    return [
        CompensationVoided(
            **state.about(known.remedy, facts.now),
            breached=Breached(known.promise, known.breach, known.part),
            case=remedy.case,
            released=unsent(remedy),
        )
    ]


def _is_withdrawn(state: Remedies, known: Compensated) -> bool:
    """Whether the consumer did not want it: it is given to nobody, and nobody bears it."""
    if known.withdrawn:
        return True
    # What was withdrawn before that was noted is known as long as its remedy is.
    over = state.over(known.remedy)
    return over is not None and over.status is Status.WITHDRAWN


_ON_ITS_WAY = (LegStatus.REQUESTED, LegStatus.SENT, LegStatus.CREDITED)


def _charged_again(
    state: Remedies, known: Compensated, shares: tuple[Share, ...], facts: Facts
) -> list[RemedyEvent]:
    """It was a breach after all. It is given once, and borne by whoever is liable again."""
    scaled = _scaled(shares, known.amount_minor)
    return [_reborne(state, known, scaled, facts, corrected=False)]


def _reborne(
    state: Remedies,
    known: Compensated,
    shares: tuple[Share, ...],
    facts: Facts,
    *,
    corrected: bool,
) -> BearersChanged:
    reborne = borne(state=state, known=known, shares=shares)
    return BearersChanged(
        **state.about(known.remedy, facts.now),
        breached=Breached(known.promise, known.breach, known.part),
        shares=shares,
        corrected=corrected,
        taken=reborne.taken,
        released=reborne.released,
        forgiven=reborne.forgiven,
        transfers=reborne.transfers,
    )
