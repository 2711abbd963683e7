"""Many answers at once: what each would come to, and what became of each."""

from collections.abc import Callable, Iterator
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import Audience, CaseNumber, PostMessage
from oncedesk.domain.remedies.messages.asking import (
    EVIDENCE_MAX,
    FACTS_MAX,
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
)
from oncedesk.domain.remedies.messages.contesting import ContestRefund
from oncedesk.domain.remedies.messages.disputing import ObjectToDecision, Side
from oncedesk.domain.remedies.words import Reason
from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.records import Record
from oncedesk.engine.entry import Sealed
from oncedesk.http.bodies import Body
from oncedesk.http.problems import Problem
from oncedesk.http.shapes.orders import Minor
from oncedesk.http.shapes.remedies import BearerShape, RemedyNumber
from oncedesk.http.shapes.wishes import WishShape, wish_of
from oncedesk.http.shapes.words import Text
from oncedesk.storage.views.foretold import ComesTo

ITEMS_MAX = 100
ItemKey = Annotated[str, bounded("[!-~]{1,100}", max_length=100)]
"""The idempotency key of one item: another for each, the same when it is sent again."""

RemedyAnswer = GrantRemedy | RefuseRemedy | MakeCounterOffer | ContestRefund | ObjectToDecision


class AboutRemedy(Body, frozen=True, kw_only=True):
    """One item: its key, and which remedy it is about."""

    key: ItemKey
    consumer: UUID
    order: UUID
    remedy: RemedyNumber


class Granting(AboutRemedy, frozen=True, kw_only=True):
    """Yes, and the amount that the preview showed."""

    expected_minor: Minor | None = None

    def command(self, agent: UUID) -> GrantRemedy:
        return GrantRemedy(
            consumer=self.consumer,
            order=self.order,
            remedy=self.remedy,
            agent=agent,
            expected_minor=self.expected_minor,
        )


class Refusing(AboutRemedy, frozen=True, kw_only=True):
    """No: a reason, at least one fact, and the files that show it."""

    reason: Reason
    facts: Annotated[tuple[Reason, ...], Meta(max_length=FACTS_MAX)] = ()
    evidence: Annotated[tuple[UUID, ...], Meta(max_length=EVIDENCE_MAX)] = ()

    def command(self, agent: UUID) -> RefuseRemedy:
        return RefuseRemedy(
            consumer=self.consumer,
            order=self.order,
            remedy=self.remedy,
            agent=agent,
            reason=self.reason,
            facts=self.facts,
        )


class Offering(AboutRemedy, frozen=True, kw_only=True):
    """Something else instead, and the amount that its preview showed."""

    wish: WishShape
    expected_minor: Minor | None = None

    def command(self, agent: UUID) -> MakeCounterOffer:
        return MakeCounterOffer(
            consumer=self.consumer,
            order=self.order,
            remedy=self.remedy,
            agent=agent,
            wish=wish_of(self.wish),
            expected_minor=self.expected_minor,
        )


class Contesting(AboutRemedy, frozen=True, kw_only=True):
    """It should not have been given; the files that show it."""

    reason: Reason
    evidence: Annotated[tuple[UUID, ...], Meta(max_length=EVIDENCE_MAX)] = ()

    def command(self, agent: UUID) -> ContestRefund:
        return ContestRefund(
            consumer=self.consumer,
            order=self.order,
            remedy=self.remedy,
            agent=agent,
            reason=self.reason,
            evidence=(),
        )


class Objecting(AboutRemedy, frozen=True, kw_only=True):
    """A dispute was decided wrongly."""

    reason: Reason

    def command(self, agent: UUID) -> ObjectToDecision:
        return ObjectToDecision(
            consumer=self.consumer,
            order=self.order,
            remedy=self.remedy,
            agent=agent,
            side=Side.MERCHANT,
            reason=self.reason,
        )


class Answering(Body, frozen=True, kw_only=True):
    """Words to the consumer in a case."""

    key: ItemKey
    consumer: UUID
    conversation: UUID
    case: Annotated[CaseNumber, Meta(le=30_000)]
    text: Text

    def command(self, agent: UUID | None, seal: Sealed) -> PostMessage:
        return PostMessage(
            consumer=self.consumer,
            conversation=self.conversation,
            case=self.case,
            agent=agent,
            audience=Audience.CONSUMER,
            digest=seal.digest,
            length=seal.length,
        )


class Bulk(Body, frozen=True, kw_only=True):
    """At most 100 items in all, done in this order; each is a command of its own."""

    grants: Annotated[tuple[Granting, ...], Meta(max_length=ITEMS_MAX)] = ()
    refusals: Annotated[tuple[Refusing, ...], Meta(max_length=ITEMS_MAX)] = ()
    offers: Annotated[tuple[Offering, ...], Meta(max_length=ITEMS_MAX)] = ()
    contests: Annotated[tuple[Contesting, ...], Meta(max_length=ITEMS_MAX)] = ()
    objections: Annotated[tuple[Objecting, ...], Meta(max_length=ITEMS_MAX)] = ()
    answers: Annotated[tuple[Answering, ...], Meta(max_length=ITEMS_MAX)] = ()


class BulkItem(Record, frozen=True):
    """One item as a command; `evidence` are the files that it shows, `text` is what it says."""

    key: str
    command: RemedyAnswer | PostMessage
    evidence: tuple[UUID, ...] = ()
    text: str | None = None


class ForetoldShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one item would come to now. `why`: it would be refused.

    `amount_minor` is what the consumer gets, or what is contested; `own_minor` how much of it the
    agent's own desks bear. `until` is when what it starts runs out: the consumer's time to object
    or to take an offer, the platform's to decide.
    """

    key: str
    comes_to: ComesTo | None = None
    why: Problem | None = None
    currency: str = ""
    amount_minor: Minor = 0
    own_minor: Minor = 0
    bearers: tuple[BearerShape, ...] = ()
    until: Moment | None = None


class BulkSum(msgspec.Struct, frozen=True, kw_only=True):
    """What the items that are possible come to together: in one currency, of one kind."""

    comes_to: ComesTo
    currency: str
    items: Annotated[int, Meta(ge=1)]
    amount_minor: Minor
    own_minor: Minor


class BulkPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Item by item, in their order; nothing has changed by asking."""

    items: tuple[ForetoldShape, ...]
    sums: tuple[BulkSum, ...]


class DoneShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one item: what it came to, or why it was not done (`why`).

    `repeated`: it had been done before, under the same key.
    """

    key: str
    done: bool
    command_id: UUID | None = None
    events: tuple[str, ...] = ()
    repeated: bool = False
    why: Problem | None = None


class BulkDone(msgspec.Struct, frozen=True, kw_only=True):
    """Item by item, in their order; each counts by itself."""

    items: tuple[DoneShape, ...]


def items_of(
    bulk: Bulk, *, person: UUID, agent: UUID | None, seal: Callable[[str], Sealed]
) -> Iterator[BulkItem]:
    """Its items as commands, in their order: to remedies this person's, in cases this agent's."""
    remedies: list[Granting | Refusing | Offering | Contesting | Objecting] = [
        *bulk.grants,
        *bulk.refusals,
        *bulk.offers,
        *bulk.contests,
        *bulk.objections,
    ]
    for one in remedies:
        shows = one.evidence if isinstance(one, Refusing | Contesting) else ()
        yield BulkItem(one.key, one.command(person), shows)
    for words in bulk.answers:
        yield BulkItem(words.key, words.command(agent, seal(words.text)), text=words.text)
