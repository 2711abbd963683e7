"""What the money of a remedy asks of accounts and budgets, and what they answer."""

from collections.abc import Sequence
from uuid import UUID

from oncedesk.domain.accounts.messages import (
    AccountCharged,
    ChargeAccount,
    ForgiveAdvance,
    Holder,
    OfMarket,
    OweAdvance,
    Pocket,
    RecoveryPosted,
    ReleaseCharge,
    SettleCharge,
)
from oncedesk.domain.budgets.messages import (
    BudgetDrawn,
    BudgetExhausted,
    DrawBudget,
    GrantAsked,
    GrantSlice,
    ReturnBudget,
    SliceGranted,
    TakeGrant,
)
from oncedesk.domain.remedies.messages.asking import RemedyWithdrawn
from oncedesk.domain.remedies.messages.disputing import DecisionReversed
from oncedesk.domain.remedies.messages.funding import (
    ASSURANCE,
    GOODWILL,
    ApplyCharge,
    ApplyFunding,
    ChargeWanted,
    FundingWanted,
    MoneyReturned,
)
from oncedesk.domain.remedies.messages.promising import BearersChanged, CompensationVoided
from oncedesk.domain.remedies.messages.refunding import RefundSent, RemedySettled
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Payer, Source
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import Ref

_BUDGETS = {Account.ASSURANCE_FUND: ASSURANCE, Account.PLATFORM_SUBSIDY: GOODWILL}


def ask_accounts(event: ChargeWanted, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Each account of somebody liable is asked for what they bear."""
    return [
        ChargeAccount(
            party=share.party,
            currency=state.currency,
            market=state.market,
            holder=Holder(share.payer.value),
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            amount_minor=share.minor,
        )
        for share in event.charges
        if share.party is not None
    ]


def tell_charge(event: AccountCharged, _source: Ref, _state: object) -> Sequence[Command]:
    """The remedy hears what the account gives."""
    payer = Payer(event.holder.value)
    return (
        ApplyCharge(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            payer=payer,
            party=event.party,
            sources=tuple(
                Source(given.account, event.party, given.minor, payer, event.party)
                for given in event.given
            ),
        ),
    )


def ask_budget(event: FundingWanted, _source: Ref, state: Remedies) -> Sequence[Command]:
    """The platform's own money comes out of a budget."""
    return (
        DrawBudget(
            name=event.budget,
            market=state.market,
            currency=state.currency,
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            amount_minor=event.amount_minor,
        ),
    )


def ask_for_more(event: GrantAsked, _source: Ref, _state: object) -> Sequence[Command]:
    """A slice asks whoever deals out."""
    return (
        GrantSlice(
            name=event.name,
            market=event.market,
            currency=event.currency,
            slice_=event.slice_,
            needed_minor=event.needed_minor,
            wanted_minor=event.wanted_minor,
        ),
    )


def deal_out(event: SliceGranted, _source: Ref, _state: object) -> Sequence[Command]:
    """The slice hears what it gets, also where that is nothing."""
    return (
        TakeGrant(
            name=event.name,
            market=event.market,
            currency=event.currency,
            slice_=event.to,
            amount_minor=event.amount_minor,
            period=event.period,
        ),
    )


def tell_budget(
    event: BudgetDrawn | BudgetExhausted, _source: Ref, _state: object
) -> Sequence[Command]:
    """The remedy hears whether it has the money."""
    return (
        ApplyFunding(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            budget=event.name,
            amount_minor=event.amount_minor,
            granted=isinstance(event, BudgetDrawn),
        ),
    )


def take_or_owe(event: RefundSent, _source: Ref, state: Remedies) -> Sequence[Command]:
    """What was sent is gone from the accounts that gave it; what the fund advanced is owed."""
    commands: list[Command] = []
    for source in event.taken:
        pocket = _pocket(source)
        if pocket is not None and source.party is not None:
            commands.append(
                SettleCharge(
                    party=source.party,
                    currency=state.currency,
                    pocket=pocket,
                    amount_minor=source.minor,
                )
            )
        else:
            commands += _owe(event, state, source)
    return commands


def owe_turned(event: DecisionReversed, _source: Ref, state: Remedies) -> Sequence[Command]:
    """What had been sent whoever is liable now owes, in the place of who bore it."""
    return [command for source in event.owed for command in _owe(event, state, source)]


def _owe(
    event: RefundSent | DecisionReversed, state: Remedies, source: Source
) -> Sequence[Command]:
    if source.account is not Account.ASSURANCE_FUND or source.liable is None:
        return ()
    return (
        OweAdvance(
            party=source.liable,
            currency=state.currency,
            market=state.market,
            holder=Holder(source.payer.value),
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            amount_minor=source.minor,
        ),
    )


Releasing = (
    RemedyWithdrawn
    | RemedySettled
    | CompensationVoided
    | BearersChanged
    | DecisionReversed
    | MoneyReturned
)


def give_back(
    event: Releasing,
    _source: Ref,
    state: Remedies,
) -> Sequence[Command]:
    """What was set aside and is not needed is free again."""
    commands: list[Command] = []
    for source in event.released:
        pocket, budget = _pocket(source), _BUDGETS.get(source.account)
        if pocket is not None and source.party is not None:
            commands.append(
                ReleaseCharge(
                    party=source.party,
                    currency=state.currency,
                    pocket=pocket,
                    amount_minor=source.minor,
                )
            )
        elif budget is not None:
            commands.append(_returned(budget, state.market, state.currency, event.consumer, source))
    return commands


def forgive(
    event: DecisionReversed | BearersChanged, _source: Ref, state: Remedies
) -> Sequence[Command]:
    """Who was not liable after all owes nothing for it."""
    return [
        ForgiveAdvance(
            party=source.liable,
            currency=state.currency,
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            amount_minor=source.minor,
            market=state.market,
        )
        for source in event.forgiven
        if source.liable is not None and source.account is Account.ASSURANCE_FUND
    ]


def refill(event: RecoveryPosted, _source: Ref, _state: object) -> Sequence[Command]:
    """What the fund has back it can give again, in the market that gave it."""
    own_minor = event.amount_minor - sum(one.minor for one in event.elsewhere)
    return [
        ReturnBudget(
            name=ASSURANCE,
            market=one.market,
            currency=event.currency,
            whose=event.party,
            amount_minor=one.minor,
        )
        for one in (OfMarket(event.market, own_minor), *event.elsewhere)
        if one.minor
    ]


def _returned(
    budget: str, market: str, currency: str, consumer: UUID, source: Source
) -> ReturnBudget:
    return ReturnBudget(
        name=budget,
        market=market,
        currency=currency,
        whose=consumer,
        amount_minor=source.minor,
    )


_NOT_CHARGED = frozenset({Account.ESCROW, *_BUDGETS})


def _pocket(source: Source) -> Pocket | None:
    """Out of which pocket of a party's account it comes; None where it does not."""
    if source.account in _NOT_CHARGED:
        return None
    return Pocket.DEPOSIT if source.account is Account.MERCHANT_DEPOSIT else Pocket.BALANCE
