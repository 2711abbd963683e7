"""What an agent gives is counted at the agent, then at the consumer, then the remedy hears."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents.messages import (
    AuthorityExceeded,
    AuthoritySpent,
    ReturnAuthority,
    SpendAuthority,
)
from oncedesk.domain.parties.messages import CountGift, GiftCounted, GiftExceeded, TakeBackGift
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    AuthorityAsked,
    AuthorityUnused,
)
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


def ask_authority(event: AuthorityAsked, _source: Ref, _state: object) -> Sequence[Command]:
    """How much an agent has given is counted where the agent's own state lies."""
    return (
        SpendAuthority(
            agent=event.agent,
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            market=event.market,
            desk=event.desk,
            currency=event.currency,
            amount_minor=event.amount_minor,
            case_minor=event.case_minor,
            second=event.second,
        ),
    )


def count_gift(event: AuthoritySpent, _source: Ref, _state: object) -> Sequence[Command]:
    """What all agents together give one consumer is counted at the consumer."""
    return (
        CountGift(
            party=event.consumer,
            market=event.market,
            agent=event.agent,
            order=event.order,
            remedy=event.remedy,
            currency=event.currency,
            amount_minor=event.amount_minor,
            most_minor=event.consumer_minor,
            rule=event.rule,
            spent_at=event.at,
        ),
    )


def authority_exceeded(event: AuthorityExceeded, _source: Ref, _state: object) -> Sequence[Command]:
    return (_applied(event, event.consumer, limit=event.limit.value),)


def gift_exceeded(event: GiftExceeded, _source: Ref, _state: object) -> Sequence[Command]:
    return (_applied(event, event.party, limit="consumer"),)


def give_back(event: GiftExceeded, _source: Ref, _state: object) -> Sequence[Command]:
    """What the consumer may not be given any more, the agent has to give others."""
    if event.spent_at is None:
        return ()
    return (
        ReturnAuthority(
            agent=event.agent,
            consumer=event.party,
            order=event.order,
            remedy=event.remedy,
            currency=event.currency,
            amount_minor=event.amount_minor,
            spent_at=event.spent_at,
        ),
    )


def gift_counted(event: GiftCounted, _source: Ref, _state: object) -> Sequence[Command]:
    told = _applied(event, event.party)
    return (replace(told, spent_at=event.spent_at, counted_at=event.at),)


def give_back_unused(event: AuthorityUnused, _source: Ref, _state: object) -> Sequence[Command]:
    """Something else was decided first: it counts neither at the agent nor at the consumer."""
    return (
        ReturnAuthority(
            agent=event.agent,
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            currency=event.currency,
            amount_minor=event.amount_minor,
            spent_at=event.spent_at,
        ),
        TakeBackGift(
            party=event.consumer,
            order=event.order,
            remedy=event.remedy,
            currency=event.currency,
            amount_minor=event.amount_minor,
            counted_at=event.counted_at,
        ),
    )


def _applied(
    event: AuthorityExceeded | GiftExceeded | GiftCounted, consumer: UUID, *, limit: str = ""
) -> ApplyAuthority:
    return ApplyAuthority(
        consumer=consumer,
        order=event.order,
        remedy=event.remedy,
        agent=event.agent,
        rule=event.rule,
        limit=limit,
        amount_minor=event.amount_minor,
    )
