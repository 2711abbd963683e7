"""What the pack makes of what the gate found, and what a person makes of what was flagged."""

from collections.abc import Iterable
from uuid import UUID

from oncedesk.domain.conversations.access import is_member, is_staff
from oncedesk.domain.conversations.messages import (
    ConversationEvent,
    FlagsReviewed,
    ReviewFlags,
)
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.gate.rules import (
    MESSAGE_BLOCKED,
    GateRule,
    Hit,
    Outcome,
    Speaker,
    Verdict,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import Pack


class Passed(Record, frozen=True):
    """What of a message is masked, and what is flagged by which rules."""

    masks: tuple[Hit, ...] = ()
    flagged: tuple[Hit, ...] = ()
    rules: tuple[str, ...] = ()


NOTHING_FOUND = Passed()


def pass_gate(*, verdict: Verdict, speaker: Speaker, pack: Pack) -> Passed | Refusal:
    """Block it, and say for which words; or else mask and flag what has to be.

    A consumer is always heard: what a pack would block is flagged.
    """
    by_outcome: dict[Outcome, list[tuple[Hit, GateRule]]] = {}
    for hit in verdict.hits:
        rule = pack.gate.rule(hit.kind)
        outcome = rule.outcome(speaker)
        if outcome is Outcome.BLOCK and speaker is Speaker.CONSUMER:
            outcome = Outcome.FLAG
        by_outcome.setdefault(outcome, []).append((hit, rule))
    blocked = by_outcome.get(Outcome.BLOCK)
    if blocked:
        reasons = {f"{hit.kind} ({rule.id})": None for hit, rule in blocked}
        return Refusal(MESSAGE_BLOCKED, ", ".join(reasons), "text", _hits(blocked))
    flagged = by_outcome.get(Outcome.FLAG, [])
    return Passed(
        masks=_hits(by_outcome.get(Outcome.MASK, [])),
        flagged=_hits(flagged),
        rules=tuple(dict.fromkeys(rule.id for _, rule in flagged)),
    )


def speaker_to_consumer(*, case: Case, facts: Facts) -> Speaker:
    """In whose name the owner's people speak; an admin and the system speak for the platform."""
    if facts.actor.role is not Role.AGENT:
        return Speaker.PLATFORM
    return Speaker(case.owner.kind.value)


def review_flags(
    *, state: Conversation, command: ReviewFlags, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Only the platform's own people; and only what they have seen, should more have come."""
    agent: UUID | None = command.agent
    if not is_staff(agent=agent, facts=facts) or not is_member(
        agent=agent, desk=PLATFORM, facts=facts
    ):
        return NOT_ALLOWED
    if state.flags != command.seen:
        return Refusal("flags_changed", f"{state.flags} flagged messages", "seen")
    return [FlagsReviewed(at=facts.now, by=facts.actor, count=state.flags, outcome=command.outcome)]


def _hits(ruled: Iterable[tuple[Hit, GateRule]]) -> tuple[Hit, ...]:
    return tuple(hit for hit, _ in ruled)
