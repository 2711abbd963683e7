"""What a text must be like before it is said; the text itself stands elsewhere."""

from oncedesk.domain.conversations.messages import (
    MESSAGE_LENGTH_MAX,
    Audience,
    MessagePosted,
)
from oncedesk.domain.shared.decider import Facts, Refusal, Role


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


def posted(
    *, case: int, audience: Audience, digest: bytes, facts: Facts, automatic: bool = False
) -> MessagePosted:
    """The actor's message; what no human says is automatic, whatever the command called it."""
    return MessagePosted(
        case=case,
        at=facts.now,
        audience=audience,
        author=facts.actor,
        digest=digest,
        automatic=not is_human(automatic=automatic, facts=facts),
    )
