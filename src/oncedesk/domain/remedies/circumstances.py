"""What of other states matters to a wish: how the consumer is known, how the merchant is set up.

Met by shape, not by import. Whoever previews a wish loads what `refs_for` names.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast
from uuid import UUID

from oncedesk.domain.remedies.beside import refs_beside
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import PartBought, Purchase
from oncedesk.domain.shared.facts_seen import desk_ref_of, desk_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, Ref, evidence_ref, party_ref


class TrustSeen(Protocol):
    """How the marketplace knows a consumer. `remedies` is how many there were lately."""

    @property
    def level(self) -> str: ...

    @property
    def linked(self) -> Sequence[UUID]: ...

    @property
    def remedies(self) -> int: ...


class _Party(Protocol):
    @property
    def trust(self) -> TrustSeen | None: ...

    @property
    def refunds_without_return(self) -> bool: ...


class _Evidence(Protocol):
    def shown_elsewhere(self, order: UUID) -> bool: ...


def parts_wanted(*, purchase: Purchase, wish: Wish) -> Sequence[PartBought]:
    """The parts that a wish is about, as far as they exist."""
    if wish.lines:
        numbers = sorted({line.part for line in wish.lines})
    elif wish.part:
        numbers = [wish.part]
    else:
        return purchase.parts
    return [purchase.parts[number - 1] for number in numbers if number <= len(purchase.parts)]


def refs_for(*, purchase: Purchase, wish: Wish, evidence: Sequence[bytes] = ()) -> list[Ref]:
    """The other states that previewing this wish, with this evidence, looks at."""
    refs = [party_ref(purchase.consumer), *map(evidence_ref, evidence)]
    merchants = {part.merchant for part in parts_wanted(purchase=purchase, wish=wish)}
    for merchant in sorted(one for one in merchants if one is not None):
        refs.append(party_ref(merchant))
        refs.append(desk_ref_of(Desk(DeskKind.MERCHANT, merchant)))
    return refs + refs_beside(purchase=purchase, wish=wish)


def trust_in(states: Mapping[UUID, object], consumer: UUID) -> TrustSeen | None:
    """What the marketplace told about this consumer; None: nothing."""
    state = states.get(consumer)
    return cast("_Party", state).trust if hasattr(state, "trust") else None


def opted_in(states: Mapping[UUID, object], merchant: UUID | None) -> bool:
    """Whether this merchant pays for refunds without return although it did not grant them."""
    state = None if merchant is None else states.get(merchant)
    if not hasattr(state, "refunds_without_return"):
        return False
    return cast("_Party", state).refunds_without_return


def desk_for(states: Mapping[UUID, object], merchant: UUID | None) -> Desk:
    """Who answers for this merchant: its own desk if that takes work, else the platform's."""
    if merchant is None:
        return PLATFORM
    desk = Desk(DeskKind.MERCHANT, merchant)
    seen = desk_seen(states, desk)
    return desk if seen is not None and seen.open else PLATFORM


def shown_before(states: Mapping[UUID, object], evidence: Sequence[bytes], *, order: UUID) -> bool:
    """Whether any of this evidence was shown for another order, by whomever."""
    found = (states.get(evidence_ref(one).id) for one in evidence)
    return any(
        hasattr(one, "shown_elsewhere") and cast("_Evidence", one).shown_elsewhere(order)
        for one in found
    )
