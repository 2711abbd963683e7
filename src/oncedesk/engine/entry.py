"""The border of the engine: what comes from outside is checked and named here."""

from uuid import UUID

from msgspec import Struct

from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.submission import Origin, Submission

KEY_LENGTH_MAX = 255
COMMAND_BYTES_MAX = 64_000


class BadInput(ValueError):
    """What came in cannot be a command; `code` is stable, the message says what was expected."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Sealed(Struct, frozen=True):
    """What a command carries in place of a text: its hash and its length in characters."""

    digest: bytes
    length: int


class Entry:
    """Makes submissions. `secret` keys the hashes of texts, so that short ones cannot be guessed."""

    def __init__(self, codec: Codec, secret: bytes) -> None:
        self._codec = codec
        self._secret = secret

    def seal(self, text: str) -> Sealed:
        """The hash and length that stand for a text in commands and events."""
        return Sealed(digest(encoded(text), secret=self._secret), len(text))

    def submission(
        self,
        command: Command,
        *,
        principal: str,
        key: str,
        actor: Actor,
        text: str | None = None,
        expected_version: int | None = None,
    ) -> Submission:
        """A client's command. `key` is its idempotency key, within this principal and state.

        `text` is the private text whose seal the command carries. Raises `BadInput`.
        """
        if not 0 < len(key) <= KEY_LENGTH_MAX:
            raise BadInput("key_invalid", f"an idempotency key of 1 to {KEY_LENGTH_MAX} characters")
        target = command.target()
        id_ = _command_id(principal, key, target)
        if text is not None:
            encoded(text)
        try:
            body = self._codec.encode(command)
        except UnicodeEncodeError as error:
            raise BadInput("text_invalid", "valid Unicode") from error
        if len(body) > COMMAND_BYTES_MAX:
            raise BadInput("command_too_large", f"at most {COMMAND_BYTES_MAX} bytes")
        if b"\x00" in body and _has_nul(command):
            raise BadInput("text_invalid", "no NUL characters")
        return Submission(
            id=id_,
            target=target,
            command=command,
            actor=actor,
            origin=Origin.CLIENT,
            body=body,
            body_hash=digest(body),
            private=None if text is None else {id_: text},
            expected_version=expected_version,
        )

    def system(self, command: Command, *, actor: Actor, number: str) -> Submission:
        """A command of the system's own; `number` names it within its state."""
        target = command.target()
        body = self._codec.encode(command)
        return Submission(
            id=_command_id("system", number, target),
            target=target,
            command=command,
            actor=actor,
            origin=Origin.SYSTEM,
            body=body,
            body_hash=digest(body),
        )


def _command_id(principal: str, key: str, target: Ref) -> UUID:
    return derived_id("command", principal, key, target.id)


def encoded(text: str) -> bytes:
    """The text as UTF-8. Raises `BadInput` for NUL and for halves of surrogate pairs."""
    if "\x00" in text:
        raise BadInput("text_invalid", "no NUL characters")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadInput("text_invalid", "valid Unicode") from error


def _has_nul(value: object) -> bool:
    """Whether any string inside holds a NUL; bytes may."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Struct):
        return any(_has_nul(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(_has_nul(item) for item in value)
    return False
