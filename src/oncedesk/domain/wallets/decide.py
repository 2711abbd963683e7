"""What a wallet answers to a command."""

from collections.abc import Mapping, Sequence
from typing import assert_never
from uuid import UUID

from oncedesk.domain.shared.allowing import NOT_ALLOWED, is_system, manages
from oncedesk.domain.shared.decider import Actor, Facts, Refusal, Wake
from oncedesk.domain.shared.money import CURRENCIES
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.wallets.messages import (
    BALANCE_MINOR_MAX,
    METHODS_MAX,
    AddMethod,
    AdjustBalance,
    BalanceAdjusted,
    BalanceCredited,
    BalanceLacking,
    BalanceTaken,
    CreditBalance,
    MethodAdded,
    MethodRemoved,
    RemoveMethod,
    TakeBalance,
    ToMethod,
    WalletCommand,
    WalletEvent,
)
from oncedesk.domain.wallets.state import Method, Wallet

Answer = Sequence[WalletEvent] | Refusal


def decide(state: Wallet | None, command: WalletCommand, facts: Facts) -> Answer:
    """The events of this command, none where it says what is known, or why not."""
    if isinstance(command, Wake):
        return []
    if not _is_allowed(command, facts.actor):
        return NOT_ALLOWED
    known = None if state is None else state.method(command.method)
    match command:
        case AddMethod():
            if known is None and command.stored and command.currency not in CURRENCIES:
                return Refusal("currency_unknown", "one of ISO 4217, as CNY", "currency")
            return _add(state, known, command, facts)
        case RemoveMethod():
            return _remove(known, command, facts)
        case AdjustBalance():
            return _adjust(known, command, facts)
        case TakeBalance():
            return [_taken(known, command, facts)]
        case CreditBalance():
            return _credit(state, known, command, facts)
        case _:
            assert_never(command)


def needs(
    state: Wallet | None, command: WalletCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing beside itself."""
    del state, command, found
    return ()


def deadline(state: Wallet) -> None:
    """Nothing happens to a wallet by itself."""
    del state


def is_open(state: Wallet) -> bool:
    del state
    return False


def _is_allowed(command: ToMethod, actor: Actor) -> bool:
    """The marketplace tells what there is; money moves by remedies alone."""
    if isinstance(command, TakeBalance | CreditBalance):
        return is_system(actor)
    return manages(actor)


def _add(state: Wallet | None, known: Method | None, command: AddMethod, facts: Facts) -> Answer:
    if command.balance_minor and not command.stored:
        return Refusal("balance_not_stored", "a balance only where it is kept", "balance_minor")
    if known is not None:
        # Its balance may have moved since; what it is must be the same.
        same = (known.kind, known.stored, known.currency)
        if same != (command.kind, command.stored, command.currency):
            return Refusal("method_differs", "known as another kind of method", "method")
        return []
    if state is not None and len(state.methods) >= METHODS_MAX:
        return Refusal("methods_too_many", f"at most {METHODS_MAX}")
    return [
        MethodAdded(
            consumer=command.consumer,
            at=facts.now,
            method=command.method,
            kind=command.kind,
            stored=command.stored,
            currency=command.currency,
            balance_minor=command.balance_minor,
        )
    ]


def _remove(known: Method | None, command: RemoveMethod, facts: Facts) -> Answer:
    if known is None:
        return []
    if known.balance_minor:
        return Refusal("balance_left", f"{known.balance_minor} are left", "method")
    return [MethodRemoved(consumer=command.consumer, at=facts.now, method=known.name)]


def _adjust(known: Method | None, command: AdjustBalance, facts: Facts) -> Answer:
    wrong = _no_balance(known, command.currency)
    if wrong is not None or known is None:
        return wrong or _UNKNOWN
    balance_minor = known.balance_minor + command.amount_minor
    if balance_minor < 0:
        return Refusal("balance_insufficient", f"{known.balance_minor} are left", "amount_minor")
    if balance_minor > BALANCE_MINOR_MAX:
        return Refusal("amount_too_large", f"at most {BALANCE_MINOR_MAX}", "amount_minor")
    return [
        BalanceAdjusted(
            consumer=command.consumer,
            at=facts.now,
            method=known.name,
            amount_minor=command.amount_minor,
            balance_minor=balance_minor,
        )
    ]


def _taken(
    known: Method | None, command: TakeBalance, facts: Facts
) -> BalanceTaken | BalanceLacking:
    """Whoever asked waits for an answer: so a no is recorded too."""
    if (
        known is None
        or not known.stored
        or known.currency != command.currency
        or known.balance_minor < command.amount_minor
    ):
        return BalanceLacking(
            consumer=command.consumer,
            at=facts.now,
            method=command.method,
            order=command.order,
            remedy=command.remedy,
            amount_minor=command.amount_minor,
        )
    return BalanceTaken(
        consumer=command.consumer,
        at=facts.now,
        method=command.method,
        order=command.order,
        remedy=command.remedy,
        amount_minor=command.amount_minor,
        currency=command.currency,
        balance_minor=known.balance_minor - command.amount_minor,
    )


def _credit(
    state: Wallet | None, known: Method | None, command: CreditBalance, facts: Facts
) -> Answer:
    """The money was sent: a balance that was removed meanwhile takes it all the same."""
    events: list[WalletEvent] = []
    if known is None:
        stored = AddMethod(
            consumer=command.consumer,
            method=command.method,
            kind=command.kind,
            stored=True,
            currency=command.currency,
        )
        added = _add(state, None, stored, facts)
        if isinstance(added, Refusal):
            return added
        events += added
    else:
        wrong = _no_balance(known, command.currency)
        if wrong is not None:
            return wrong
    before_minor = 0 if known is None else known.balance_minor
    credited = BalanceCredited(
        consumer=command.consumer,
        at=facts.now,
        method=command.method,
        order=command.order,
        remedy=command.remedy,
        amount_minor=command.amount_minor,
        balance_minor=before_minor + command.amount_minor,
    )
    return [*events, credited]


_UNKNOWN = Refusal("method_unknown", "a method of this consumer", "method")


def _no_balance(known: Method | None, currency: str) -> Refusal | None:
    if known is None:
        return _UNKNOWN
    if not known.stored:
        return Refusal("balance_not_stored", "a method whose balance is kept here", "method")
    if known.currency != currency:
        return Refusal("currency_differs", f"the balance's is {known.currency}", "currency")
    return None
