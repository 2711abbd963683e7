"""The border of the engine: what comes from outside is checked and named here."""

from collections.abc import Callable, Sequence
from typing import Any, cast, get_args
from uuid import UUID

import msgspec
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import MESSAGE_LENGTH_MAX, AttachmentSeen, Speaking
from oncedesk.domain.remedies.messages.disputing import DecideDispute
from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.gate.rules import HITS_MAX, Hit, HitKind, Verdict
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.submission import Origin, Submission

KEY_LENGTH_MAX = 255
COMMAND_BYTES_MAX = 64_000
_SPEAKING = frozenset(get_args(Speaking))


class BadInput(ValueError):
    """What came in cannot be a command; `code` is stable, the message says what was expected."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Sealed(Record, frozen=True):
    """What a command carries in place of a text: its hash and its length in characters."""

    digest: bytes
    length: int


class Entry:
    """Makes submissions. `secret` keys the hashes of texts, so that none can be guessed.

    Every text that is to be said goes through here, and so through the `gate`; what a decision of a
    dispute says it rests on, too.
    """

    def __init__(self, codec: Codec, secret: bytes, gate: Callable[[], Gate]) -> None:
        self._codec = codec
        self._secret = secret
        self._gate = gate
        self._as_json = msgspec.json.Encoder().encode

    def seal(self, text: str) -> Sealed:
        """The hash and length that stand for a text in commands and events."""
        return Sealed(digest(encoded(text), secret=self._secret), len(text))

    def mark(self, content: bytes) -> bytes:
        """The hash that stands for what is known by this one, and cannot be tried without us."""
        return digest(content, secret=self._secret)

    def command_id(self, *, principal: str, key: str, target: Ref) -> UUID:
        """The id that a command to this has, or will have: of a message, the message's."""
        return _command_id(principal, key, target)

    def submission(
        self,
        command: Command,
        *,
        principal: str,
        key: str,
        actor: Actor,
        text: str | None = None,
        attachments: Sequence[AttachmentSeen] = (),
        expected_version: int | None = None,
    ) -> Submission:
        """A client's command. `key` is its idempotency key, within this principal and state.

        `text` is the private text whose seal the command carries, `attachments` what the storage
        knows of the files that go with it. Raises `BadInput`.
        """
        if not 0 < len(key) <= KEY_LENGTH_MAX or not key.isprintable():
            raise BadInput("key_invalid", f"a key of 1 to {KEY_LENGTH_MAX} printable characters")
        target = command.target()
        id_ = _command_id(principal, key, target)
        if text is not None and (digest(encoded(text), secret=self._secret), len(text)) != (
            getattr(command, "digest", None),
            getattr(command, "length", None),
        ):
            raise BadInput("seal_differs", "a text with the digest and length of its command")
        if type(command) in _SPEAKING:
            command = self._as_we_see_it(command, text, tuple(attachments))
        elif isinstance(command, DecideDispute):
            said = command.basis if text is None else text
            command = replace(command, verdict=self._gate().look(said))
        body = self._checked(target.kind, command)
        return Submission(
            id=id_,
            target=target,
            command=command,
            actor=actor,
            origin=Origin.CLIENT,
            body=body,
            body_hash=hash_of(self._codec, command, body),
            private=None if text is None else {id_: text},
            expected_version=expected_version,
        )

    def _as_we_see_it(
        self, command: Any, text: str | None, attachments: tuple[AttachmentSeen, ...]
    ) -> Any:
        """With what our gate finds in these words and files; what others say of them goes."""
        verdict = None
        # A longer text is refused for its length.
        if text is not None and len(text) <= MESSAGE_LENGTH_MAX:
            verdict = self._gate().look(text)
        if any(one.code for one in attachments):
            hits = () if verdict is None else verdict.hits[: HITS_MAX - 1]
            verdict = Verdict(self._gate().name, (*hits, Hit(HitKind.CODE, 0, 0)))
        if command.verdict == verdict and command.attachments == attachments:
            return command
        return replace(command, verdict=verdict, attachments=attachments)

    def _checked(self, kind: Kind, command: Command) -> bytes:
        """The command's bytes, read back once: so every bound its type states has been checked."""
        try:
            body = self._codec.encode(command)
            if len(body) > COMMAND_BYTES_MAX:
                raise BadInput("command_too_large", f"at most {COMMAND_BYTES_MAX} bytes")
            # A NUL in a text is one in the bytes; JSON, where bytes are base64, shows only those.
            if (
                b"\x00" in body
                and b"\\u0000" in self._as_json(command)
                and _has_nul(msgspec.to_builtins(command))
            ):
                raise BadInput("text_invalid", "no NUL characters")
            self._codec.command(kind, body)
        except UnicodeEncodeError as error:
            raise BadInput("text_invalid", "valid Unicode") from error
        except (msgspec.ValidationError, OverflowError) as error:
            raise BadInput("command_invalid", str(error)) from error
        return body

    def system_id(self, target: Ref, number: str) -> UUID:
        """The id that the command of this `number` has, or will have."""
        return _command_id("system", number, target)

    def system(self, command: Command, *, actor: Actor, number: str) -> Submission:
        """A command of the system's own; `number` names it within its state."""
        target = command.target()
        body = self._codec.encode(command)
        return Submission(
            id=self.system_id(target, number),
            target=target,
            command=command,
            actor=actor,
            origin=Origin.SYSTEM,
            body=body,
            body_hash=digest(body),
        )


def _command_id(principal: str, key: str, target: Ref) -> UUID:
    return derived_id("command", principal, key, target.id)


def hash_of(codec: Codec, command: Command, body: bytes) -> bytes:
    """By which the same command is known again: of what its sender said, whatever our gate found.

    Rules change; a client that asks again must not be told that it has said something else.
    """
    if type(command) in _SPEAKING:
        said = cast("Any", command)
        if said.verdict is not None or said.attachments:
            body = codec.encode(replace(said, verdict=None, attachments=()))
            body += b"".join(one.id.bytes for one in said.attachments)
    elif isinstance(command, DecideDispute) and command.verdict is not None:
        body = codec.encode(replace(command, verdict=None))
    return digest(body)


def encoded(text: str) -> bytes:
    """The text as UTF-8. Raises `BadInput` for NUL and for halves of surrogate pairs."""
    if "\x00" in text:
        raise BadInput("text_invalid", "no NUL characters")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadInput("text_invalid", "valid Unicode") from error


def _has_nul(value: object) -> bool:
    """Whether any text inside plain data holds a NUL."""
    match value:
        case str():
            return "\x00" in value
        case dict():
            return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
        case list() | tuple():
            return any(_has_nul(item) for item in value)
        case _:
            return False
