"""Asking for a remedy: it is recorded exactly as it was previewed, and decided if a rule can."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.changing import carry_out
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    PaidPart,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
)
from oncedesk.domain.remedies.postings import opening
from oncedesk.domain.remedies.preview import Preview, preview
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import LIVE_LINES_MAX, LIVE_MAX, Remedies
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, RemedyKind
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from oncedesk.domain.shared.rulepack import Pack


def request(
    *, state: Remedies | None, command: RequestRemedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """What this wish leads to at once; all of it, if a rule decides."""
    pack = facts.packs.by_hash(purchase.pack)
    now = facts.now
    found = preview(
        purchase=purchase,
        book=state,
        wish=command.wish,
        pack=pack,
        now=now,
        states=facts.states,
    )
    if isinstance(found, Refusal):
        return found
    address = _address(command, facts)
    if isinstance(address, Refusal):
        return address
    if command.expected_minor not in (None, found.amount_minor):
        return Refusal("amount_changed", f"it is {found.amount_minor} by now", "expected_minor")
    if state is not None and len(state.live) >= LIVE_MAX:
        return Refusal("remedies_too_many", f"at most {LIVE_MAX} at a time")
    if state is not None:
        lines = sum(len(remedy.lines) for remedy in state.live) + len(found.lines)
        if lines > LIVE_LINES_MAX:
            return Refusal("lines_too_many", f"at most {LIVE_LINES_MAX} in remedies that run")
    events: list[RemedyEvent] = []
    if state is None:
        opened = open_books(purchase=purchase, now=now)
        events.append(opened)
        state = evolve(None, opened)
    requested = _requested(state, command, found, purchase, pack, facts)
    if address is not None:
        requested = replace(requested, address=address)
    events.append(requested)
    if found.rule.granted_by is GrantedBy.RULE:
        state = evolve(state, requested)
        events += approve(
            state=state, remedy=requested.remedy, by=DecidedBy.RULE, facts=facts, purchase=purchase
        )
    return events


def _address(command: RequestRemedy, facts: Facts) -> PrivateText | Refusal | None:
    """Where the order should go, if that is what is asked for."""
    wanted = command.wish.kind is RemedyKind.CHANGE_ADDRESS
    if wanted and not command.length:
        return Refusal("address_missing", "the address to which it should go", "address")
    if not wanted and command.length:
        return Refusal("address_not_wanted", "only where the address changes", "address")
    return PrivateText(facts.command_id, command.digest, command.length) if wanted else None


def open_books(*, purchase: Purchase, now: datetime) -> BooksOpened:
    """What was paid for this order, in escrow."""
    assert purchase.placed_at is not None
    paid = tuple(
        PaidPart(
            part.number,
            part.merchant,
            sum(item.paid_minor for item in part.items) + part.shipping_minor,
            sum(item.terms.subsidy_minor for item in part.items),
            sum(item.terms.commission_minor for item in part.items),
        )
        for part in purchase.parts
    )
    return BooksOpened(
        consumer=purchase.consumer,
        order=purchase.order,
        at=now,
        market=purchase.market,
        currency=purchase.currency,
        placed_at=purchase.placed_at,
        pack=purchase.pack,
        paid=paid,
        creator=purchase.creator,
        transfers=opening(consumer=purchase.consumer, paid=paid, currency=purchase.currency),
    )


def _requested(
    state: Remedies,
    command: RequestRemedy,
    found: Preview,
    purchase: Purchase,
    pack: Pack,
    facts: Facts,
) -> RemedyRequested:
    merchant = purchase.parts[found.part - 1].merchant
    desk = _asked_desk(
        found.rule, merchant_desk=None if merchant is None else Desk(DeskKind.MERCHANT, merchant)
    )
    return RemedyRequested(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=state.numbered + 1,
        kind=command.wish.kind,
        reason=command.wish.reason,
        lines=found.lines,
        amount_minor=found.amount_minor,
        shipping_minor=found.shipping_minor,
        shares=found.shares,
        rule=found.rule.id,
        pack=pack.hash,
        asked_by=facts.actor.role.value,
        desk=desk,
        clock=_answer_clock(found, desk),
        case=command.case,
        agent=command.agent,
        evidence=command.evidence,
        replacements=found.replacements or command.wish.replacements,
        difference_minor=found.difference_minor,
        route=found.route,
        method=command.wish.method,
        goodwill=command.goodwill,
    )


def _asked_desk(rule: RemedyRule, *, merchant_desk: Desk | None) -> Desk | None:
    """Whose yes it needs; a merchant without a desk is answered for by the platform."""
    match rule.granted_by:
        case GrantedBy.MERCHANT:
            return merchant_desk or PLATFORM
        case GrantedBy.PLATFORM:
            return PLATFORM
        case GrantedBy.RULE | GrantedBy.NOBODY:
            return None


def _answer_clock(found: Preview, desk: Desk | None) -> Clock:
    """Until when whoever was asked has to answer; a rule has answered already."""
    if desk is None:
        return Clock(ClockKind.ANSWER, found.due_at, found.rule.id)
    warn_at = found.due_at - timedelta(seconds=found.rule.warn_seconds)
    return Clock(ClockKind.ANSWER, found.due_at, found.rule.id, warn_at)


def approve(
    *, state: Remedies, remedy: int, by: DecidedBy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """It is granted as it was asked for; what can be done at once is done at once."""
    known = state.remedy(remedy)
    assert known is not None
    approved = RemedyApproved(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=remedy,
        by=by,
        rule=known.rule,
        amount_minor=known.amount_minor,
        shares=known.shares,
    )
    after = evolved(state, [approved])
    return [approved, *carry_out(state=after, remedy=remedy, facts=facts, purchase=purchase)]
