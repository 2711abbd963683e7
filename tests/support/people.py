"""An agent and her cases, as the agents' specs use them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    AgentRegistered,
    Because,
    CapacityReserved,
    DeskJoined,
    DeskRole,
    Presence,
    PresenceChanged,
    ReserveCapacity,
    SkillsSet,
    WorkLeft,
)
from oncedesk.domain.shared.refs import PLATFORM
from tests.support.given import DIGEST, START, Given, given

AGENT = UUID(int=1)
CONSUMER = UUID(int=2)


def conversation(number: int) -> UUID:
    return UUID(int=100 + number)


def registered(*, capacity: int = 2) -> AgentRegistered:
    return AgentRegistered(agent=AGENT, at=START, digest=DIGEST, length=9, capacity=capacity)


def joined() -> DeskJoined:
    return DeskJoined(agent=AGENT, at=START, desk=PLATFORM, role=DeskRole.AGENT, starts_at=START)


def skilled() -> SkillsSet:
    return SkillsSet(agent=AGENT, at=START, skills=("refund",), languages=("zh",))


def present(at: datetime = START) -> PresenceChanged:
    return presence(Presence.AVAILABLE, at=at)


def presence(
    to: Presence,
    *,
    at: datetime,
    because: Because = Because.ASKED,
    until: datetime | None = None,
) -> PresenceChanged:
    return PresenceChanged(agent=AGENT, at=at, presence=to, because=because, until=until)


def reserve(number: int = 1, **changes: Any) -> ReserveCapacity:
    values = {"desk": PLATFORM, "skill": "refund", "language": "zh", **changes}
    return ReserveCapacity(
        agent=AGENT, consumer=CONSUMER, conversation=conversation(number), case=1, **values
    )


def reserved(number: int = 1, *, at: datetime = START) -> CapacityReserved:
    return CapacityReserved(
        agent=AGENT,
        at=at,
        consumer=CONSUMER,
        conversation=conversation(number),
        case=1,
        desk=PLATFORM,
        skill="refund",
        language="zh",
    )


def left(number: int, *, at: datetime, **changes: Any) -> WorkLeft:
    return WorkLeft(
        agent=AGENT,
        at=at,
        consumer=CONSUMER,
        conversation=conversation(number),
        case=1,
        **{"handed_over": False, **changes},
    )


def working(*events: Any, capacity: int = 2) -> Given:
    """An agent of the platform desk who is there and can do refunds in Chinese."""
    return given(DECIDER, registered(capacity=capacity), joined(), skilled(), present(), *events)
