"""What a text must be like before it is said; the text itself stands elsewhere."""

from datetime import datetime

from oncedesk.domain.conversations.gating import NOTHING_FOUND, Passed, pass_gate
from oncedesk.domain.conversations.messages import (
    MESSAGE_LENGTH_MAX,
    Audience,
    ConversationEvent,
    MessageFlagged,
    MessagePosted,
    ReceiveContact,
    Speaking,
)
from oncedesk.domain.shared.decider import Actor, Facts, Refusal, Role
from oncedesk.domain.shared.gate.rules import Speaker


def refuse_text(length: int) -> Refusal | None:
    """A message says something, and is no book."""
    if length == 0:
        return Refusal("message_empty", "at least one character", "text")
    if length > MESSAGE_LENGTH_MAX:
        return Refusal("message_too_long", f"at most {MESSAGE_LENGTH_MAX} characters", "text")
    return None


def is_human(*, automatic: bool, facts: Facts) -> bool:
    """Somebody at a desk speaks, and not a program."""
    return not automatic and facts.actor.role in (Role.AGENT, Role.ADMIN)


def say(
    *,
    case: int,
    command: Speaking,
    audience: Audience,
    speaker: Speaker,
    market: str,
    facts: Facts,
    automatic: bool = False,
) -> list[ConversationEvent] | Refusal:
    """The actor's message, through the gate: refused for its words, or said, perhaps flagged.

    What no human says is automatic, whatever the command called it.
    """
    passed = NOTHING_FOUND
    if command.verdict is not None:
        ruled = pass_gate(
            verdict=command.verdict, speaker=speaker, pack=facts.packs.current(market)
        )
        if isinstance(ruled, Refusal):
            return ruled
        passed = ruled
    by_program = not is_human(automatic=automatic, facts=facts)
    return _message(
        case=case,
        command=command,
        audience=audience,
        passed=passed,
        author=facts.actor,
        automatic=by_program,
        now=facts.now,
    )


def say_as_consumer(
    *, case: int, command: ReceiveContact, market: str, facts: Facts
) -> list[ConversationEvent]:
    """The consumer's words, whoever carried them in; they are always heard."""
    passed = NOTHING_FOUND
    if command.verdict is not None:
        pack = facts.packs.current(market)
        ruled = pass_gate(verdict=command.verdict, speaker=Speaker.CONSUMER, pack=pack)
        assert not isinstance(ruled, Refusal)
        passed = ruled
    return _message(
        case=case,
        command=command,
        audience=Audience.CONSUMER,
        passed=passed,
        author=Actor(role=Role.CONSUMER, id=command.consumer),
        automatic=command.automatic,
        now=facts.now,
    )


def _message(
    *,
    case: int,
    command: Speaking,
    audience: Audience,
    passed: Passed,
    author: Actor,
    automatic: bool,
    now: datetime,
) -> list[ConversationEvent]:
    assert command.digest is not None
    posted = MessagePosted(
        case=case,
        at=now,
        audience=audience,
        author=author,
        digest=command.digest,
        automatic=automatic,
        masks=passed.masks,
    )
    if not passed.flagged:
        return [posted]
    assert command.verdict is not None
    return [
        posted,
        MessageFlagged(
            case=case,
            at=now,
            author=author,
            hits=passed.flagged,
            rules=passed.rules,
            gate=command.verdict.gate,
        ),
    ]
