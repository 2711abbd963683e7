"""What consumers can pay with, as the marketplace tells it. Money moves by remedies alone."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.shared.money import Currency
from oncedesk.domain.wallets.messages import (
    AddMethod,
    AdjustBalance,
    MethodKind,
    MethodName,
    RemoveMethod,
)
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.orders import Minor

_WALLET = "/consumers/{consumer:uuid}/wallet"
_MOST = 10**15


class NewMethod(Body, frozen=True, kw_only=True):
    """A way to pay, by your name for it. `stored`: its balance is kept here, and starts with this.

    Where a rule lets money go to a kind of method, names begin with the kind and a colon.
    """

    method: MethodName
    kind: MethodKind
    stored: bool = False
    currency: Currency | None = None
    balance_minor: Minor = 0


class MethodRemoval(Body, frozen=True, kw_only=True):
    """Which method the consumer has no more; a balance must be empty first."""

    method: MethodName


class BalanceAdjustment(Body, frozen=True, kw_only=True):
    """So much more in a balance, or less: what was bought, given or spent without us."""

    method: MethodName
    amount_minor: Annotated[int, Meta(ge=-_MOST, le=_MOST)]
    currency: Currency


class MethodShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way to pay; of a stored balance, what is left."""

    method: str
    kind: str
    stored: bool = False
    currency: str | None = None
    balance_minor: Minor | None = None


class WalletShape(msgspec.Struct, frozen=True, kw_only=True):
    """All that a consumer can pay with."""

    consumer: UUID
    version: Annotated[int, Meta(ge=1)]
    methods: tuple[MethodShape, ...]


@post(_WALLET + "/methods", MachineCommand, "addMethod", "A consumer can pay by this")
async def add(request: Call, consumer: Id, data: JSONBody[NewMethod]) -> Response[Accepted]:
    """The same once more changes nothing, also where its balance has moved since."""
    request.needs(Scope.PARTIES_WRITE)
    command = AddMethod(
        consumer=consumer,
        method=data.method,
        kind=data.kind,
        stored=data.stored,
        currency=data.currency or "XXX",
        balance_minor=data.balance_minor,
    )
    return accepted(await request.submit(command))


@post(
    _WALLET + "/removals", MachineCommand, "removeMethod", "A consumer cannot pay by this any more"
)
async def remove(request: Call, consumer: Id, data: JSONBody[MethodRemoval]) -> Response[Accepted]:
    """Nothing new is charged to it; what was paid by it can still go back."""
    request.needs(Scope.PARTIES_WRITE)
    command = RemoveMethod(consumer=consumer, method=data.method)
    return accepted(await request.submit(command))


@post(_WALLET + "/adjustments", MachineCommand, "adjustBalance", "A balance changed without us")
async def adjust(
    request: Call, consumer: Id, data: JSONBody[BalanceAdjustment]
) -> Response[Accepted]:
    """It never falls below nothing."""
    request.needs(Scope.PARTIES_WRITE)
    command = AdjustBalance(
        consumer=consumer,
        method=data.method,
        amount_minor=data.amount_minor,
        currency=data.currency,
    )
    return accepted(await request.submit(command))


@get(_WALLET, Question, "readWallet", "A consumer's wallet")
async def read(request: Call, consumer: Id) -> Response[WalletShape]:
    """What there is to pay with, and what is left of balances."""
    request.needs(Scope.PARTIES_WRITE)
    seen = await request.views.wallets.of_consumer(reader=request.reader, consumer=consumer)
    shape = WalletShape(
        consumer=consumer,
        version=seen.version,
        methods=tuple(
            MethodShape(
                method=one.name,
                kind=one.kind,
                stored=one.stored,
                currency=one.currency if one.stored else None,
                balance_minor=one.balance_minor if one.stored else None,
            )
            for one in seen.state.methods
        ),
    )
    return versioned(shape, seen.version)


ROUTES = (add, remove, adjust, read)
