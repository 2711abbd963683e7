"""What a consumer can pay with, as it is now. Never above 8 kB."""

from typing import Self, assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.shared.records import Record
from oncedesk.domain.wallets.messages import (
    METHODS_MAX,
    BalanceAdjusted,
    BalanceCredited,
    BalanceLacking,
    BalanceTaken,
    MethodAdded,
    MethodRemoved,
    WalletEvent,
)


class Method(Record, frozen=True, array_like=True):
    """One way to pay. Of a stored balance we know what is left. Fields: append only."""

    name: str
    kind: str
    stored: bool = False
    currency: str = "XXX"
    balance_minor: int = 0


class Wallet(Record, frozen=True, kw_only=True, omit_defaults=True):
    """All methods of one consumer, in the order of their names."""

    consumer: UUID
    methods: tuple[Method, ...] = ()

    def method(self, name: str) -> Method | None:
        return next((one for one in self.methods if one.name == name), None)

    def with_method(self, method: Method) -> Self:
        """With this method as it is now."""
        others = [one for one in self.methods if one.name != method.name]
        return replace(self, methods=tuple(sorted([*others, method], key=lambda one: one.name)))


def evolve(state: Wallet | None, event: WalletEvent) -> Wallet:
    """What is known after this event."""
    state = state or Wallet(consumer=event.consumer)
    match event:
        case MethodAdded():
            return state.with_method(
                Method(event.method, event.kind, event.stored, event.currency, event.balance_minor)
            )
        case MethodRemoved():
            left = tuple(one for one in state.methods if one.name != event.method)
            return replace(state, methods=left)
        case BalanceAdjusted() | BalanceTaken() | BalanceCredited():
            known = state.method(event.method)
            assert known is not None
            return state.with_method(replace(known, balance_minor=event.balance_minor))
        case BalanceLacking():
            return state
        case _:
            assert_never(event)


def check(state: Wallet) -> None:
    """What must hold for every wallet, always."""
    names = [one.name for one in state.methods]
    assert len(names) <= METHODS_MAX
    assert names == sorted(set(names))
    for one in state.methods:
        assert one.balance_minor >= 0, f"{one.name} is below nothing"
        assert one.stored or one.balance_minor == 0
