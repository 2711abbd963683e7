"""Where the money comes from, before any of it leaves.

What escrow holds is there at once. For the rest those who are liable are asked, by their accounts,
and what they do not have the platform advances out of a budget. Each question has an answer within
moments; if one is missing when its clock runs out, the fund pays first. A budget that is exhausted
is asked again and again, and the platform's people are told: a remedy is never silently nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.funding import (
    ASSURANCE,
    GOODWILL,
    ApplyCharge,
    ApplyFunding,
    ChargeApplied,
    ChargeWanted,
    FundingApplied,
    FundingCommand,
    FundingDelayed,
    FundingWanted,
    MoneyReturned,
    PayoutRecorded,
    RecordPayout,
)
from oncedesk.domain.remedies.postings import (
    escrow_minor,
    from_escrow,
    from_fund,
    lasting,
    paid_out,
    secured,
    uncovered,
)
from oncedesk.domain.remedies.state import PAYOUTS_MAX, PaidOut, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, Payer, Share, Source
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import BudgetRule


def waits_for_money(
    *, state: Remedies, remedy: Remedy, send_minor: int, facts: Facts
) -> list[RemedyEvent]:
    """What has to be answered before money can leave; nothing where it can leave at once.

    `send_minor` is what then leaves of the remedy's amount. All of that is asked for at once.
    """
    if remedy.funded:
        return []
    # What a budget has not granted yet is asked for anew, together with what is new.
    sources = secured(replace(remedy, sources=lasting(remedy)))
    rest = uncovered(remedy.shares, sources)
    sources = (*sources, *from_escrow(state=state, remedy=remedy, shares=rest))
    rest = uncovered(remedy.shares, sources)
    charges = tuple(
        share for share in rest if share.payer is not Payer.PLATFORM and share.party is not None
    )
    if charges:
        rule = facts.packs.by_hash(remedy.pack).remedies.settling
        clock = _clock(facts, rule.answer_seconds, rule.id)
        return [
            ChargeWanted(
                **state.about(remedy.number, facts.now),
                charges=charges,
                sources=sources,
                send_minor=send_minor,
                clock=clock,
            )
        ]
    known = replace(remedy, sources=sources, send_minor=send_minor)
    if rest and _budget(state, remedy, facts) is not None:
        return _from_budget(state, known, facts)
    # What was asked for before has sources: what is new comes out of those, too.
    return [_applied(state, known, rest, facts)] if remedy.sources else []


def funding(
    *, state: Remedies, command: FundingCommand, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """A payout, or an answer that a remedy waits for; `funded` remedies can be settled then."""
    match command:
        case RecordPayout():
            return _payout(state, command, facts)
        case ApplyCharge():
            return _apply_charge(state, command, facts)
        case ApplyFunding():
            return _apply_funding(state, command, facts)
        case _:
            assert_never(command)


def ask_for_money_again(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """The funding clock ran out: whoever has not answered for their account is advanced to."""
    return _from_budget(state, replace(remedy, sources=lasting(remedy)), facts)


def _payout(state: Remedies, command: RecordPayout, facts: Facts) -> Answer:
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.part > len(state.paid):
        return Refusal("part_unknown", "a part of this order, from 1", "part")
    told = next((one for one in state.payouts if one.id == command.id), None)
    if told is not None:
        same = told == _told(command)
        return [] if same else Refusal("payout_differs", "it was told otherwise before")
    if command.creator_minor and state.creator is None:
        return Refusal("creator_unknown", "nobody presented this order", "creator_minor")
    if command.agency_minor and command.agency is None:
        return Refusal("agency_unknown", "whose share it is", "agency")
    merchant = state.paid[command.part - 1].merchant
    whole_minor = (
        command.merchant_minor + command.creator_minor + command.agency_minor + command.fee_minor
    )
    if not whole_minor:
        return Refusal("payout_empty", "an amount above 0", "merchant_minor")
    if len(state.payouts) >= PAYOUTS_MAX:
        return Refusal("payouts_too_many", f"at most {PAYOUTS_MAX} for an order")
    free_minor = escrow_minor(state, merchant)
    if whole_minor > free_minor:
        return Refusal("payout_exceeds_escrow", f"{free_minor} are free", "merchant_minor")
    return [
        PayoutRecorded(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            id=command.id,
            part=command.part,
            merchant=merchant,
            merchant_minor=command.merchant_minor,
            creator_minor=command.creator_minor,
            agency_minor=command.agency_minor,
            fee_minor=command.fee_minor,
            transfers=paid_out(state=state, payout=command, merchant=merchant),
        )
    ]


def _told(command: RecordPayout) -> PaidOut:
    return PaidOut(
        command.part,
        command.id,
        command.merchant_minor,
        command.creator_minor,
        command.agency_minor,
        command.agency if command.agency_minor else None,
        command.fee_minor,
    )


def _apply_charge(state: Remedies, command: ApplyCharge, facts: Facts) -> list[RemedyEvent]:
    remedy = state.remedy(command.remedy)
    payer = command.payer, command.party
    if remedy is None or not any((one.payer, one.party) == payer for one in remedy.asked_of):
        return _returned(state, command.remedy, command.sources, facts)
    applied = ChargeApplied(
        **state.about(remedy.number, facts.now),
        payer=command.payer,
        party=command.party,
        sources=command.sources,
    )
    after = evolve(state, applied)
    remedy = after.the_remedy(command.remedy)
    if remedy.asked_of or remedy.funded:
        return [applied]
    return [applied, *_from_budget(after, remedy, facts)]


def _apply_funding(state: Remedies, command: ApplyFunding, facts: Facts) -> list[RemedyEvent]:
    remedy = state.remedy(command.remedy)
    account = Account.PLATFORM_SUBSIDY if command.budget == GOODWILL else Account.ASSURANCE_FUND
    waits = remedy is not None and remedy.fund_minor == command.amount_minor > 0
    if remedy is None or not waits or command.budget != _name(remedy):
        given = (Source(account, None, command.amount_minor),) if command.granted else ()
        return _returned(state, command.remedy, given, facts)
    if command.granted:
        return [
            FundingApplied(
                **state.about(remedy.number, facts.now),
                budget=command.budget,
                amount_minor=command.amount_minor,
                sources=remedy.sources,
                send_minor=remedy.send_minor,
            )
        ]
    rule = _budget(state, remedy, facts)
    return [
        FundingDelayed(
            **state.about(remedy.number, facts.now),
            budget=command.budget,
            amount_minor=command.amount_minor,
            desk=PLATFORM,
            clock=_clock(facts, 3_600 if rule is None else rule.retry_seconds, _rule_id(rule)),
        )
    ]


def _from_budget(state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """What no other source gives is the platform's; `remedy` has the sources so far."""
    rest = uncovered(remedy.shares, remedy.sources)
    sources = (*remedy.sources, *from_fund(remedy=remedy, shares=rest))
    amount_minor = sum(share.minor for share in rest)
    rule = _budget(state, remedy, facts)
    if rule is None:
        return [_applied(state, remedy, rest, facts)]
    return [
        FundingWanted(
            **state.about(remedy.number, facts.now),
            budget=rule.name,
            amount_minor=amount_minor,
            sources=sources,
            send_minor=remedy.send_minor,
            clock=_clock(facts, rule.retry_seconds, rule.id),
        )
    ]


def _applied(
    state: Remedies, remedy: Remedy, rest: Sequence[Share], facts: Facts
) -> FundingApplied:
    """All of it is there; the `rest` is the platform's, whom no budget limits."""
    return FundingApplied(
        **state.about(remedy.number, facts.now),
        budget=_name(remedy),
        amount_minor=sum(share.minor for share in rest),
        sources=(*remedy.sources, *from_fund(remedy=remedy, shares=rest)),
        send_minor=remedy.send_minor,
    )


def _returned(
    state: Remedies, remedy: int, sources: tuple[Source, ...], facts: Facts
) -> list[RemedyEvent]:
    if not sources:
        return []
    return [MoneyReturned(**state.about(remedy, facts.now), released=sources)]


def _name(remedy: Remedy) -> str:
    return GOODWILL if remedy.goodwill else ASSURANCE


def _budget(state: Remedies, remedy: Remedy, facts: Facts) -> BudgetRule | None:
    """The budget that limits it, by the pack in force now: an order's old pack limits nothing."""
    pack = facts.packs.current(state.market)
    return pack.remedies.budget(name=_name(remedy), currency=state.currency)


def _rule_id(rule: BudgetRule | None) -> str:
    return "default/budget" if rule is None else rule.id


def _clock(facts: Facts, seconds: int, rule: str) -> Clock:
    return Clock(ClockKind.FUNDING, facts.now + timedelta(seconds=seconds), rule)
