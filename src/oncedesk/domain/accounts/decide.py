"""What the account of a party answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from oncedesk.domain.accounts.access import is_allowed
from oncedesk.domain.accounts.messages import (
    AccountCharged,
    AccountCommand,
    AccountEvent,
    AccountOpened,
    Answer,
    ChargeAccount,
    ChargeReleased,
    ChargeSettled,
    ConfirmRecovery,
    FailRecovery,
    ForgiveAdvance,
    FundsTold,
    Given,
    Holder,
    OweAdvance,
    Pocket,
    ReleaseCharge,
    SettleCharge,
    TellFunds,
)
from oncedesk.domain.accounts.recovering import (
    ask_again,
    confirm,
    fail,
    forgive,
    owe,
    recover,
    standing_in,
)
from oncedesk.domain.accounts.state import PartyAccount, evolve
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import Ref

FUTURE_MAX = timedelta(days=1)
_CHARGED = (Pocket.BALANCE, Pocket.DEPOSIT)
"""What a remedy may take from. Another order's escrow is only taken to recover what is owed."""


def decide(state: PartyAccount | None, command: AccountCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    if not is_allowed(command=command, actor=facts.actor):
        return NOT_ALLOWED
    match command:
        case Wake():
            return [] if state is None else ask_again(state=state, facts=facts)
        case TellFunds() | ChargeAccount() | OweAdvance():
            return _opening(state, command, facts)
        case _:
            pass
    if state is None:
        return Refusal("account_unknown", "nothing was told of this party's money", "party")
    match command:
        case SettleCharge(pocket=pocket, amount_minor=minor):
            return [
                ChargeSettled(
                    **state.about(facts.now),
                    pocket=one.pocket,
                    amount_minor=one.minor,
                    remembered=True,
                )
                for one in _set_aside(state, pocket, minor)
            ]
        case ReleaseCharge(pocket=pocket, amount_minor=minor):
            released: list[AccountEvent] = []
            for one in _set_aside(state, pocket, minor):
                event = ChargeReleased(
                    **state.about(facts.now), pocket=one.pocket, amount_minor=one.minor
                )
                state = evolve(state, event)
                released.append(event)
            return [*released, *recover(state=state, facts=facts)]
        case ForgiveAdvance():
            return forgive(state=state, command=command, facts=facts)
        case ConfirmRecovery():
            return confirm(state=state, command=command, facts=facts)
        case FailRecovery():
            return fail(state=state, command=command, facts=facts)
        case _:
            assert_never(command)


def _opening(
    state: PartyAccount | None, command: TellFunds | ChargeAccount | OweAdvance, facts: Facts
) -> Answer:
    """What may be the first that is heard of a party's money."""
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    events: list[AccountEvent] = []
    if state is None:
        opened = AccountOpened(
            party=command.party,
            currency=command.currency,
            at=facts.now,
            market=command.market,
            holder=command.holder,
        )
        events, state = [opened], evolve(None, opened)
    match command:
        case TellFunds():
            found = _tell(state, command, facts)
        case ChargeAccount():
            found = [_charge(state, command, facts)]
        case OweAdvance():
            found = owe(state=state, command=command, facts=facts)
        case _:
            assert_never(command)
    return found if isinstance(found, Refusal) else [*events, *found]


def _tell(state: PartyAccount, command: TellFunds, facts: Facts) -> list[AccountEvent] | Refusal:
    if command.told_at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "told_at")
    if command.holder is not state.holder:
        return Refusal("holder_differs", f"this party is a {state.holder}", "holder")
    if state.told_at is not None and command.told_at <= state.told_at:
        return []
    told = FundsTold(
        **state.about(facts.now),
        balance_minor=command.balance_minor,
        deposit_minor=command.deposit_minor,
        escrow_minor=command.escrow_minor,
        told_at=command.told_at,
    )
    return [told, *recover(state=evolve(state, told), facts=facts)]


def _charge(state: PartyAccount, command: ChargeAccount, facts: Facts) -> AccountCharged:
    """Whatever is there, the balance first; nothing as long as older debts wait for it."""
    given: list[Given] = []
    left_minor = command.amount_minor
    for pocket in _CHARGED if not state.unasked_minor else ():
        minor = min(left_minor, state.free_minor(pocket))
        if minor:
            given.append(Given(pocket, standing_in(state.holder, pocket), minor))
            left_minor -= minor
    return AccountCharged(
        **state.about(facts.now),
        holder=Holder(command.holder),
        consumer=command.consumer,
        order=command.order,
        remedy=command.remedy,
        asked_minor=command.amount_minor,
        given=tuple(given),
    )


def _set_aside(state: PartyAccount, pocket: Pocket, minor: int) -> Sequence[Given]:
    """At most what is set aside. Who asks knows the ledger's account and not the pocket: where
    both stand in one, what the first has not set aside the other has."""
    account = standing_in(state.holder, pocket)
    found = [Given(pocket, account, min(minor, state.of(pocket).charged_minor))]
    for other in _CHARGED:
        left_minor = min(minor - found[0].minor, state.of(other).charged_minor)
        if left_minor and other is not pocket and standing_in(state.holder, other) is account:
            found.append(Given(other, account, left_minor))
    return found


def needs(
    state: PartyAccount | None, command: AccountCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing of others."""
    del state, command, found
    return ()


def deadline(state: PartyAccount) -> datetime | None:
    """When the marketplace is asked again, or the oldest debt is looked at."""
    moments = [one.due_at for one in state.recoveries]
    return min((*moments, *(one.due_at for one in state.debts)), default=None)


def is_open(state: PartyAccount) -> bool:
    """Whether something is owed."""
    return bool(state.debts)
