"""One request, as handlers see it: who asks, the parts that answer, and how commands are given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import msgspec
import structlog
from litestar import Request
from litestar.datastructures import State

from oncedesk.domain.conversations.messages import AttachmentSeen, Speaking
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.entry import Sealed
from oncedesk.engine.submission import Answer, Status, Submission
from oncedesk.http.auth.principals import Kind, Principal, Scope
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.cursors import Page
from oncedesk.http.headers import Headers
from oncedesk.http.limits.incoming import Incoming
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.http.scope import BODY, COMMAND_ID, HEADERS, INCOMING, SERVICE
from oncedesk.http.service import Service
from oncedesk.rules.library import PackSet
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import Views

log = structlog.get_logger("oncedesk.http")

T = TypeVar("T")
P = TypeVar("P", bound=msgspec.Struct)
KEY_LENGTH_MAX = 200


class Done(Answer, frozen=True, kw_only=True):
    """An accepted command's answer, and the command's id."""

    command_id: UUID


class Call(Request[Principal, Any, State]):
    """A request that has passed the border."""

    @property
    def service(self) -> Service:
        return cast("Service", self.scope[SERVICE])  # type: ignore[literal-required]

    @property
    def principal(self) -> Principal:
        return cast("Principal", self.scope["user"])

    async def body(self) -> bytes:
        """The body, which the border has read."""
        return cast("bytes", self.scope[BODY])  # type: ignore[literal-required]

    @property
    def incoming(self) -> Incoming:
        """The body as it comes, where the border leaves it to the handler (`streamed`)."""
        return cast("Incoming", self.scope[INCOMING])  # type: ignore[literal-required]

    @property
    def sent(self) -> Headers:
        """The headers, which the border has read."""
        return cast("Headers", self.scope[HEADERS])  # type: ignore[literal-required]

    def needs(self, scope: Scope) -> None:
        """Raises `Refused` for a key that is not good for this. People have no scopes."""
        principal = self.principal
        if principal.kind is Kind.MARKETPLACE and scope not in principal.scopes:
            raise Refused(problem("scope_missing", scope.value))

    def needs_admin(self) -> None:
        """Raises `Refused` for a machine: this takes somebody who can be asked about it."""
        if self.principal.kind is not Kind.ADMIN:
            raise Refused(problem("not_allowed", "an admin in person"))

    @property
    def now(self) -> datetime:
        return self.service.parts.engine.clock()

    @property
    def packs(self) -> PackSet:
        """The rule packs that hold now."""
        return self.service.parts.library.at(self.now)

    def log(self, event: str, **fields: str) -> None:
        """Record what leaves no other trace, with who did it."""
        log.info(event, by=self.principal.name, **fields)

    @property
    def key(self) -> str:
        """The idempotency key. Machines have to give one; a person's tap may do without."""
        key = self.sent.given(b"idempotency-key")
        if not key and self.principal.kind is Kind.MARKETPLACE:
            raise Refused(
                problem(
                    "idempotency_key_missing",
                    "a key of your own for each command, the same when you repeat it",
                    field="Idempotency-Key",
                )
            )
        if key is None:
            return str(uuid4())
        if not 0 < len(key) <= KEY_LENGTH_MAX or not key.isascii() or not key.isprintable():
            raise Refused(
                problem(
                    "key_invalid",
                    f"1 to {KEY_LENGTH_MAX} printable ASCII characters",
                    field="Idempotency-Key",
                )
            )
        return key

    @property
    def expected_version(self) -> int | None:
        """What `If-Match` says; None where it says nothing."""
        said = self.sent.given(b"if-match")
        if said is None:
            return None
        number = said.removeprefix("W/").strip('"')
        if not number.isdecimal() or len(number) > 9:
            raise Refused(
                problem("if_match_invalid", 'a version as ETag gave it, like "7"', field="If-Match")
            )
        return int(number)

    @property
    def acting_agent(self) -> UUID | None:
        """In whose name a case is worked on; None for an admin, who belongs everywhere."""
        principal = self.principal
        return principal.actor.id if principal.kind is Kind.AGENT else None

    @property
    def person(self) -> UUID:
        """Who asks in person; only where machines are not let in."""
        person = self.principal.actor.id
        assert person is not None, "somebody in person"
        return person

    @property
    def reader(self) -> Reader:
        """Who asks, for the views."""
        return reader_of(self.principal)

    @property
    def views(self) -> Views:
        return self.service.parts.views

    def position(self, type_: type[P], cursor: str | None) -> P | None:
        """Where this list goes on; None at its beginning. Raises `Refused`."""
        if cursor is None:
            return None
        return self.service.cursors.read(cursor, type_, whose=self._whose_list)

    def page(self, items: Sequence[T], limit: int, last: msgspec.Struct | None) -> Page[T]:
        """A page, and where the next begins: behind `last`, if this one is full."""
        if last is None or len(items) < limit:
            return Page(items=tuple(items))
        return Page(items=tuple(items), next=self.cursor_behind(last))

    def cursor_behind(self, last: msgspec.Struct) -> str:
        """Where this list goes on."""
        return self.service.cursors.made(last, whose=self._whose_list)

    def page_upto(self, items: Sequence[T], upto: msgspec.Struct | None) -> Page[T]:
        """A page of a list that is looked through: it goes on behind `upto`, full or not."""
        if upto is None:
            return Page(items=tuple(items))
        return Page(items=tuple(items), next=self.cursor_behind(upto))

    @property
    def _whose_list(self) -> str:
        narrowed = sorted(
            f"{name}={value}"
            for name, value in self.query_params.multi_items()
            if name not in ("cursor", "limit")
        )
        return "\n".join([self.principal.name, self.scope["path"], *narrowed])

    def held_token(self, kind: SessionKind) -> str:
        """What this request's session is held by."""
        headers = self.sent
        bearer = headers.get(b"authorization").removeprefix("Bearer ")
        return bearer or self.service.doors.cookies.token(kind, headers) or ""

    def seal(self, text: str | None) -> Sealed:
        """What a command carries in place of this text; of none, nothing."""
        return Sealed(b"", 0) if text is None else self.service.parts.engine.entry.seal(text)

    async def submit(
        self,
        command: Command,
        *,
        text: str | None = None,
        attachments: Sequence[UUID] = (),
    ) -> Done:
        """Give a command and wait until it is durable. Raises `Refused` where it was not accepted.

        `text` is the private text whose seal the command carries, `attachments` the files that a
        message names.
        """
        key = self.key
        submission = self.submission(
            command,
            key=key,
            text=text,
            attachments=await self._seen(command, key, attachments) if attachments else (),
            expected_version=self.expected_version,
        )
        self.scope[COMMAND_ID] = submission.id  # type: ignore[literal-required]
        return await self.give(submission)

    def submission(
        self,
        command: Command,
        *,
        key: str,
        text: str | None = None,
        attachments: Sequence[AttachmentSeen] = (),
        expected_version: int | None = None,
    ) -> Submission:
        """A command of whoever asks. Raises `BadInput` for what cannot be one."""
        return self.service.parts.engine.entry.submission(
            command,
            principal=self.principal.name,
            key=key,
            actor=self.principal.actor,
            text=text,
            attachments=attachments,
            expected_version=expected_version,
        )

    async def given_before(self, target: Ref, *, key: str) -> bool:
        """Whether a command of theirs to this was accepted under this key. Sent again it gets its
        first answer, whatever has become of what it is about."""
        parts = self.service.parts
        id_ = parts.engine.entry.command_id(principal=self.principal.name, key=key, target=target)
        return await parts.store.given(target, id_) is not None

    async def give(self, submission: Submission) -> Done:
        """Wait until it is durable. Raises `Refused` where it was not accepted."""
        # Once more: of those who came in at the same moment each had found room.
        self.service.overload.refuse()
        answer = await self.service.parts.engine.send(submission)
        if answer.status is not Status.ACCEPTED:
            raise Refused(why_not(answer, submission.id))
        return Done(
            status=answer.status,
            version=answer.version,
            events=answer.events,
            at=answer.at,
            duplicate=answer.duplicate,
            command_id=submission.id,
        )

    async def _seen(
        self, command: Command, key: str, attachments: Sequence[UUID]
    ) -> Sequence[AttachmentSeen]:
        """What we know of these files; what a client says of them is not asked."""
        parts = self.service.parts
        speaking = cast("Speaking", command)
        message = parts.engine.entry.command_id(
            principal=self.principal.name, key=key, target=command.target()
        )
        return await parts.uploads.seen(
            attachments, consumer=speaking.consumer, message=message, now=self.now
        )


def reader_of(principal: Principal) -> Reader:
    """Somebody who was let in, as the views know them."""
    return Reader(principal.actor, principal.desks, principal.supervised)


def why_not(answer: Answer, command_id: UUID) -> Problem:
    """The problem with which a command was not accepted."""
    if answer.status is Status.PARKED:
        return problem(
            "parked", "kept for an operator; it need not be sent again", command_id=command_id
        )
    return problem(answer.code, answer.detail, field=answer.field, hits=answer.hits)
