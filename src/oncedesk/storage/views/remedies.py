"""The remedies of an order, for whoever bought it, sold it or has to decide about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.choices import Choice, choices
from oncedesk.domain.remedies.counter_offers import offer_foretold
from oncedesk.domain.remedies.decide import decide, needs
from oncedesk.domain.remedies.disputing import as_disputed
from oncedesk.domain.remedies.messages.asking import (
    CounterOfferMade,
    MakeCounterOffer,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.returning import Back
from oncedesk.domain.remedies.nearest import NotPossible, answer_to
from oncedesk.domain.remedies.preview import Asked, Preview
from oncedesk.domain.remedies.purchase import purchase_seen, rights_of
from oncedesk.domain.remedies.state import Remedies, Remedy, parts_of
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import Facts, Packs, Refusal, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, order_ref, remedies_ref
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.persons import PERSON
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views import remedy_work
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.remedy_work import WaitingRemedy, WorkPosition

_BASES = """
SELECT id, body FROM order_text
WHERE bucket = $1 AND id = ANY($2::uuid[]) AND consumer = $3 AND kind = 'basis'
"""
NEEDS_ROUNDS = 2
"""As the engine asks: once without, and once with what was found."""


class SeenRemedies(Record, frozen=True):
    """An order's remedies as this reader may see them: those in `live` and no others.

    `in_person`: the consumer reads, who is told nothing of what desks have among themselves.
    `whole`: the reader sees all of it, also what is over.
    """

    version: int
    state: Remedies
    live: tuple[Remedy, ...]
    in_person: bool
    whole: bool

    def knows(self, number: int) -> bool:
        """Whether the reader may see the remedy of this number."""
        live = any(one.number == number for one in self.live)
        return live or (self.whole and self.state.over(number) is not None)


class RemedyViews:
    """Answers what is asked about remedies."""

    def __init__(self, pool: Pool, store: PostgresStore) -> None:
        self._pool = pool
        self._store = store

    async def of_order(self, *, reader: Reader, consumer: UUID, order: UUID) -> SeenRemedies:
        """All remedies of an order that were asked for. Raises `NotSeen`."""
        ref = remedies_ref(consumer=consumer, order=order)
        stored = (await self._store.load((ref,))).get(ref.id)
        seen = None if stored is None else _seen(reader, stored.version, stored.state)
        if seen is None or seen.state.consumer != consumer:
            raise NotSeen
        return seen

    async def return_place(
        self, *, reader: Reader, consumer: UUID, order: UUID, remedy: int
    ) -> str | None:
        """The address to which this remedy's goods go back; None: nobody has said. For the
        consumer alone, as long as the goods are to come. Raises `NotSeen`.
        """
        seen = await self.of_order(reader=reader, consumer=consumer, order=order)
        known = seen.state.remedy(remedy)
        if not seen.in_person or known is None or known.journey is None:
            raise NotSeen
        place = known.journey.place
        if place is None or known.journey.back not in (Back.AWAITED, Back.UNDER_WAY):
            return None
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(PERSON, bucket_of(place), place)
        return None if row is None else row["body"]

    async def bases(
        self, *, seen: SeenRemedies, texts: Iterable[PrivateText]
    ) -> Mapping[UUID, str | None]:
        """What these decisions on what was `seen` rest on, by the ids; None: it was erased."""
        ids = [one.id for one in texts]
        if not ids:
            return {}
        consumer = seen.state.consumer
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_BASES, bucket_of(consumer), ids, consumer)
        return dict.fromkeys(ids) | {row["id"]: row["body"] for row in rows}

    async def as_disputed(
        self, *, seen: SeenRemedies, reader: Reader, packs: Packs, now: datetime
    ) -> SeenRemedies:
        """The same; what somebody objected to is in dispute as it would be decided now."""
        if not any(one.disputed and one.dispute and one.dispute.objected for one in seen.live):
            return seen
        state = seen.state
        ref = order_ref(consumer=state.consumer, order=state.order)
        found = {id_: one.state for id_, one in (await self._store.load((ref,))).items()}
        purchase = purchase_seen(found, state.order, consumer=state.consumer)
        assert purchase is not None, "there are no remedies without an order"
        facts = Facts(
            now=now, command_id=UUID(int=0), actor=reader.actor, packs=packs, states=found
        )
        live = tuple(
            as_disputed(state=state, remedy=one, purchase=purchase, facts=facts)
            if one.disputed
            else one
            for one in seen.live
        )
        return replace(seen, live=live)

    async def of_orders(
        self, *, reader: Reader, consumer: UUID, orders: Sequence[UUID]
    ) -> Mapping[UUID, SeenRemedies]:
        """The same of several orders, by their ids: of those that have any for this reader."""
        refs = [remedies_ref(consumer=consumer, order=order) for order in orders]
        stored = await self._store.load(refs)
        found = (_seen(reader, one.version, one.state) for one in stored.values())
        return {seen.state.order: seen for seen in found if seen is not None}

    async def choices(
        self, *, seen: SeenOrder, part: int, packs: Packs, now: datetime
    ) -> tuple[Choice, ...]:
        """All that can be asked for of this part now. Raises `NotSeen`."""
        if part not in seen.parts:
            raise NotSeen
        order = seen.state
        # What comes back is what looks at most.
        wish = Wish(kind=RemedyKind.RETURN_AND_REFUND, reason="", part=part)
        command = RequestRemedy(consumer=order.consumer, order=order.order, wish=wish)
        asked = await self._asked(command, packs, now)
        return choices(asked)

    async def preview(
        self,
        *,
        seen: SeenOrder,
        wish: Wish,
        packs: Packs,
        now: datetime,
        human: bool = False,
        goodwill: bool = False,
    ) -> Preview | NotPossible:
        """What a wish would come to now, exactly as it would be recorded; else why not.

        `goodwill`: it is not owed, but given. Raises `NotSeen` where it is about more than is
        `seen` of the order, or about what the consumer can pay with.
        """
        order = seen.state
        if not seen.whole and not _within(seen.parts, wish):
            raise NotSeen
        command = RequestRemedy(
            consumer=order.consumer, order=order.order, wish=wish, human=human, goodwill=goodwill
        )
        return answer_to(await self._asked(command, packs, now))

    async def preview_offer(
        self, *, reader: Reader, offer: MakeCounterOffer, packs: Packs, now: datetime
    ) -> CounterOfferMade | Refusal:
        """What this counter-offer would be, exactly as it would be recorded; else why not.

        Raises `NotSeen`.
        """
        await self.of_order(reader=reader, consumer=offer.consumer, order=offer.order)
        book, found = await self._looked_at(offer)
        facts = Facts(
            now=now, command_id=UUID(int=0), actor=reader.actor, packs=packs, states=found
        )
        answer = decide(book, offer, facts)
        if isinstance(answer, Refusal):
            return answer
        assert book is not None
        return offer_foretold(state=book, command=offer, events=answer, facts=facts)

    async def _asked(self, command: RequestRemedy, packs: Packs, now: datetime) -> Asked:
        """The wish of this command and all that is known around it. Raises `NotSeen`."""
        book, found = await self._looked_at(command)
        purchase = purchase_seen(found, command.order, consumer=command.consumer)
        if purchase is None:
            raise NotSeen
        return Asked(
            purchase=purchase,
            book=book,
            wish=command.wish,
            pack=rights_of(purchase, packs),
            states=found,
            now=now,
            human=command.human or command.goodwill,
            goodwill=command.goodwill,
        )

    async def _looked_at(
        self, command: RequestRemedy | MakeCounterOffer
    ) -> tuple[Remedies | None, dict[UUID, object]]:
        """The order's remedies, and what deciding this command looks at."""
        found: dict[UUID, object] = {}
        book: Remedies | None = None
        for _ in range(NEEDS_ROUNDS):
            refs = (command.target(), *needs(book, command, found))
            stored = await self._store.load(refs)
            found = {id_: one.state for id_, one in stored.items()}
            seen = found.get(command.target().id)
            book = seen if isinstance(seen, Remedies) else None
        return book, found

    async def waiting(
        self, *, reader: Reader, desk: Desk, after: WorkPosition | None, limit: int
    ) -> Sequence[WaitingRemedy]:
        """What a desk has to answer, the first due first. Raises `NotSeen` for strangers."""
        return await remedy_work.page(
            self._pool, reader=reader, desk=desk, after=after, limit=limit
        )


def _within(parts: frozenset[int], wish: Wish) -> bool:
    """Whether what the wish comes to says nothing beyond these parts of the order: neither what
    was paid for the others, nor what is in the consumer's wallet.
    """
    if wish.method or wish.kind is RemedyKind.CHANGE_PAYMENT:
        return False
    # A part that is named beside the lines is another that is answered about.
    named = {line.part for line in wish.lines}
    return named | {wish.part} - {0} <= parts if named else wish.part in parts


def _seen(reader: Reader, version: int, state: object) -> SeenRemedies | None:
    """What of it this reader may see; None: nothing."""
    if not isinstance(state, Remedies):
        return None
    in_person = reader.actor.role is Role.CONSUMER and reader.actor.id == state.consumer
    if in_person or reader.sees_all:
        return SeenRemedies(version, state, state.live, in_person, whole=True)
    parts = _parts(reader, state)
    if reader.actor.role is not Role.AGENT or not parts:
        return None
    # Whoever has to answer one sees it, whatever it is about.
    live = tuple(
        remedy
        for remedy in state.live
        if remedy.desk in reader.desks or parts_of(state=state, remedy=remedy) <= parts
    )
    return SeenRemedies(version, state, live, in_person, whole=False)


def _parts(reader: Reader, state: Remedies) -> frozenset[int]:
    """The parts that a desk of this agent's sold, or all of what a creator of theirs presented."""
    parties = {(desk.kind, desk.party) for desk in reader.desks}
    presents = state.creator is not None and (DeskKind.CREATOR, state.creator) in parties
    return frozenset(
        paid.part
        for paid in state.paid
        if presents or (paid.merchant and (DeskKind.MERCHANT, paid.merchant) in parties)
    )
