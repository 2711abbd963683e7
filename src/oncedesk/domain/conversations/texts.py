"""What a text must be like before it is said; the text itself stands elsewhere."""

from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.conversations.gating import NOTHING_FOUND, Passed, pass_gate
from oncedesk.domain.conversations.messages import (
    MESSAGE_LENGTH_MAX,
    AttachmentSeen,
    Audience,
    ConversationEvent,
    MessageFlagged,
    MessagePosted,
    PostMessage,
    ReceiveContact,
    Speaking,
)
from oncedesk.domain.conversations.subjects import SubjectKind, conversation_id
from oncedesk.domain.shared.bounds import PARTS_MAX
from oncedesk.domain.shared.decider import Actor, Facts, Refusal, Role
from oncedesk.domain.shared.gate.rules import Speaker
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import Pack


def refuse_said(command: Speaking) -> Refusal | None:
    """A message says or shows something, and is no book."""
    shows = command.attachments or (isinstance(command, PostMessage) and command.card is not None)
    if command.length == 0 and not shows:
        return Refusal("message_empty", "at least one character, or something shown", "text")
    if command.length > MESSAGE_LENGTH_MAX:
        return Refusal("message_too_long", f"at most {MESSAGE_LENGTH_MAX} characters", "text")
    return None


def refuse_attachments(*, command: Speaking, author: Actor, pack: Pack) -> Refusal | None:
    """Only files that are there, were uploaded by whoever speaks, and for this conversation; with a
    contact that another part of the order was named for, also those uploaded for that one."""
    files = command.attachments
    most = pack.attachment.per_message
    if len(files) > most:
        return Refusal("attachments_too_many", f"at most {most}", "attachments")
    here = command.target().id
    if len({one.id for one in files}) != len(files) or not all(
        one.ready
        and one.uploader == author
        and (one.conversation == here or _is_sent_on(command, one))
        for one in files
    ):
        return Refusal("attachment_unknown", "files of one's own, uploaded here", "attachments")
    return None


def _is_sent_on(command: Speaking, file: AttachmentSeen) -> bool:
    """It was brought for the order as a whole or another of its parts: a contact that belongs
    elsewhere is said there as it was written, with its files."""
    if not isinstance(command, ReceiveContact) or command.subject.kind is not SubjectKind.ORDER:
        return False
    return any(
        file.conversation
        == conversation_id(consumer=command.consumer, subject=replace(command.subject, part=part))
        for part in range(PARTS_MAX + 1)
    )


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
    desk: Desk | None = None,
) -> list[ConversationEvent] | Refusal:
    """The actor's message, through the gate: refused for its words, or said, perhaps flagged.

    What no human says is automatic, whatever the command called it. `desk` is whose note it is.
    """
    passed = NOTHING_FOUND
    if command.attachments:
        pack = facts.packs.current(market)
        refused = refuse_attachments(command=command, author=facts.actor, pack=pack)
        if refused is not None:
            return refused
    if command.verdict is not None:
        pack = facts.packs.current(market)
        ruled = pass_gate(verdict=command.verdict, speaker=speaker, pack=pack)
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
        desk=desk,
    )


def say_as_consumer(
    *, case: int, command: ReceiveContact, market: str, facts: Facts
) -> list[ConversationEvent]:
    """The consumer's words, whoever carried them in; they are always heard.

    What is attached to them was checked before (`refuse_consumers_attachments`).
    """
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
        author=as_consumer(command),
        automatic=command.automatic,
        now=facts.now,
    )


def refuse_consumers_attachments(*, command: ReceiveContact, pack: Pack) -> Refusal | None:
    """The same for what a consumer sends, by whomever it came in."""
    return refuse_attachments(command=command, author=as_consumer(command), pack=pack)


def as_consumer(command: ReceiveContact) -> Actor:
    return Actor(role=Role.CONSUMER, id=command.consumer)


def _message(
    *,
    case: int,
    command: Speaking,
    audience: Audience,
    passed: Passed,
    author: Actor,
    automatic: bool,
    now: datetime,
    desk: Desk | None = None,
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
        attachments=tuple(one.id for one in command.attachments),
        desk=desk,
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
