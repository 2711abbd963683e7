"""States in a copy of what is kept about somebody: every field by its name, a shape for each kind.

What is stored is shorter, places in lists whose meaning only our own types know.
"""

from datetime import datetime
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.listings.state import Listing
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.wallets.state import Wallet

# Of a person or a party; budgets and rulebooks are the installation's, and a piece of evidence may
# be that of several.
_STATES: dict[Kind, type[Struct]] = {
    Kind.CONVERSATION: Conversation,
    Kind.ORDER: OrderState,
    Kind.REMEDIES: Remedies,
    Kind.PARTY: PartyState,
    Kind.WALLET: Wallet,
    Kind.AGENT: AgentState,
    Kind.DESK: DeskState,
    Kind.LISTING: Listing,
    Kind.ACCOUNT: PartyAccount,
}
KINDS = tuple(kind.value for kind in _STATES)


@cache
def named(type_: type[Struct]) -> type[Struct]:
    """A type with the same fields, written by their names, and so on all the way down."""
    hints = get_type_hints(type_, include_extras=True)
    fields: list[Any] = [
        (one.name, _named(hints[one.name]))
        if one.required
        else (one.name, _named(hints[one.name]), one.default)
        for one in msgspec.structs.fields(type_)
    ]
    return msgspec.defstruct(
        f"{type_.__name__}Copy",
        fields,
        module=type_.__module__,
        namespace={"__doc__": type_.__doc__},
        frozen=True,
        kw_only=True,
        omit_defaults=True,
    )


def _named(hint: Any) -> Any:
    """The same type, made of `named` ones."""
    if hint in (datetime, Moment):
        return Moment
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Annotated[(_named(inner[0]), *inner[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, map(_named, inner))
    if origin is tuple:
        return origin[tuple(map(_named, inner))]
    if isinstance(hint, type) and issubclass(hint, Struct):
        return named(hint)
    return hint


def _kept(kind: Kind) -> type[Struct]:
    return msgspec.defstruct(
        f"Kept{kind.title()}",
        [("id", UUID), ("at", Moment), ("content", named(_STATES[kind]))],
        module=__name__,
        namespace={
            "kind": kind,
            "__doc__": f"What is known of one {kind}, and when that last changed.",
        },
        tag_field="kind",
        tag=kind.value,
        frozen=True,
        kw_only=True,
    )


_KEPT = {kind: _kept(kind) for kind in _STATES}

if TYPE_CHECKING:

    class KeptState(Record, frozen=True):
        """What is known of an order, a conversation or the party itself."""

        kind: Kind
        id: UUID
        at: datetime
        content: Any

else:
    KeptState = reduce(or_, _KEPT.values())


def kept_state(kind: Kind, *, id_: UUID, at: datetime, state: Struct) -> KeptState:
    """This state, as it stands in a copy."""
    content = msgspec.convert(state, named(type(state)), from_attributes=True)
    made: Any = _KEPT[kind]
    kept: KeptState = made(id=id_, at=at, content=content)
    return kept
