"""What leaves about cases and agents: what happened, and none of the texts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from oncedesk.domain.conversations.messages import Audience, MessagePosted
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine.leaving import Happened

_encode = msgspec.json.Encoder().encode


class CaseMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns: which case of whom, and what happened in it. No texts.

    `desks` are those beside the platform's that the case lies with, or lay until now.
    """

    conversation: str
    case: int
    version: int
    event: Any
    consumer: str = ""
    desks: tuple[str, ...] = ()


class AgentMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns about an agent: what happened, and at which version of theirs."""

    agent: str
    version: int
    event: Any


def is_for_all(event: MessagePosted) -> bool:
    """What desks say among themselves is nobody else's."""
    return event.audience is Audience.CONSUMER


def about_case(event: Any, happened: Happened) -> bytes:
    return _encode(
        CaseMessage(
            conversation=str(happened.source.id),
            case=event.case,
            version=happened.version,
            event=_plain(event),
            consumer=str(happened.after.consumer),
            desks=_desks(event, happened),
        )
    )


def about_agent(event: Any, happened: Happened) -> bytes:
    return _encode(
        AgentMessage(agent=str(event.agent), version=happened.version, event=_plain(event))
    )


_LEFT_OUT = frozenset({"agent", "case", "digest", "masks"})


def _plain(event: Any) -> Mapping[str, Any]:
    """An event for others: desks by their names, of actors the role, and nothing of a text."""
    plain: dict[str, Any] = {"type": type(event).__name__}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name in _LEFT_OUT or value is None:
            continue
        if isinstance(value, Desk):
            value = str(value)
        elif isinstance(value, Actor):
            value = value.role.value
        plain[name] = value
    return plain


def _desks(event: Any, happened: Happened) -> tuple[str, ...]:
    """Those that the case lies with, or lay until this command; the platform sees everything."""
    found: set[Desk] = set()
    for state in (happened.before, happened.after):
        case: Case | None = None if state is None else state.case(event.case)
        if case is not None:
            found.add(case.owner)
            if case.referral is not None:
                found.update((case.referral.desk, case.referral.back_to))
    return tuple(sorted(str(desk) for desk in found if desk.party is not None))
