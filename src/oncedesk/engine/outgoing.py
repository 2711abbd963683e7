"""What leaves Oncedesk when something happens: topic and content, by event."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from oncedesk.domain.agents.messages import BlocksRepeated, RevealAlarmRaised
from oncedesk.domain.conversations.messages import CallBackRequested, ConsumerTold
from oncedesk.domain.shared.refs import Ref

_encode = msgspec.json.Encoder().encode


class CaseMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns: which case of whom, and the event as it was recorded. No texts."""

    consumer: str
    conversation: str
    case: int
    event: Any


def _about_case(event: Any, source: Ref, state: Any) -> bytes:
    return _encode(
        CaseMessage(
            consumer=str(state.consumer),
            conversation=str(source.id),
            case=event.case,
            event=event,
        )
    )


class AgentMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns about an agent: the event as it was recorded."""

    agent: str
    event: Any


def _about_agent(event: Any, source: Ref, state: Any) -> bytes:
    del source, state
    return _encode(AgentMessage(agent=str(event.agent), event=event))


_TOPICS: dict[type, tuple[str, Callable[[Any, Ref, Any], bytes]]] = {
    ConsumerTold: ("consumer.told", _about_case),
    CallBackRequested: ("call_back.requested", _about_case),
    BlocksRepeated: ("agent.blocks_repeated", _about_agent),
    RevealAlarmRaised: ("agent.reveal_alarm", _about_agent),
}


def nothing(event: Any, source: Ref, state: Any) -> Sequence[tuple[str, bytes]]:
    """Nothing leaves an installation that has told nobody where to."""
    del event, source, state
    return ()


def messages(event: Any, source: Ref, state: Any) -> Sequence[tuple[str, bytes]]:
    """What this event sends out; `state` is the source after the command."""
    topic = _TOPICS.get(type(event))
    return () if topic is None else ((topic[0], topic[1](event, source, state)),)
