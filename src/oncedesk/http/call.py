"""One request, as handlers see it: who asks, the parts that answer, and how commands are given."""

from typing import Any, cast
from uuid import UUID, uuid4

from litestar import Request
from litestar.datastructures import State

from oncedesk.domain.shared.decider import Command
from oncedesk.engine.submission import Answer, Status
from oncedesk.http.auth.principals import Kind, Principal, Scope
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.border import COMMAND_ID
from oncedesk.http.headers import read_headers
from oncedesk.http.problems import Refused, problem
from oncedesk.http.service import Service

KEY_LENGTH_MAX = 200


class Done(Answer, frozen=True, kw_only=True):
    """An accepted command's answer, and the command's id."""

    command_id: UUID


class Call(Request[Principal, Any, State]):
    """A request that has passed the border."""

    @property
    def service(self) -> Service:
        return cast("Service", self.app.state.service)

    @property
    def principal(self) -> Principal:
        return cast("Principal", self.scope["user"])

    def needs(self, scope: Scope) -> None:
        """Raises `Refused` for a key that is not good for this. People have no scopes."""
        principal = self.principal
        if principal.kind is Kind.MARKETPLACE and scope not in principal.scopes:
            raise Refused(problem("scope_missing", scope.value))

    @property
    def key(self) -> str:
        """The idempotency key. Machines have to give one; a person's tap may do without."""
        key = self.headers.get("idempotency-key", "")
        if not key:
            if self.principal.kind is Kind.MARKETPLACE:
                raise Refused(
                    problem(
                        "idempotency_key_missing",
                        "a key of your own for each command, the same when you repeat it",
                        field="Idempotency-Key",
                    )
                )
            return str(uuid4())
        if len(key) > KEY_LENGTH_MAX or not key.isascii() or not key.isprintable():
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
        said = self.headers.get("if-match", "")
        if not said:
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

    def held_token(self, kind: SessionKind) -> str:
        """What this request's session is held by."""
        headers = read_headers(self.scope["headers"])
        bearer = headers.get(b"authorization").removeprefix("Bearer ")
        return bearer or self.service.doors.cookies.token(kind, headers) or ""

    async def submit(self, command: Command, *, text: str | None = None) -> Done:
        """Give a command and wait until it is durable. Raises `Refused` where it was not accepted.

        `text` is the private text whose seal the command carries.
        """
        principal, engine = self.principal, self.service.parts.engine
        submission = engine.entry.submission(
            command,
            principal=principal.name,
            key=self.key,
            actor=principal.actor,
            text=text,
            expected_version=self.expected_version,
        )
        self.scope[COMMAND_ID] = submission.id  # type: ignore[literal-required]
        answer = await engine.send(submission)
        if answer.status is not Status.ACCEPTED:
            raise Refused(_why_not(answer, submission.id))
        return Done(
            status=answer.status,
            version=answer.version,
            events=answer.events,
            at=answer.at,
            duplicate=answer.duplicate,
            command_id=submission.id,
        )


def _why_not(answer: Answer, command_id: UUID) -> Any:
    if answer.status is Status.PARKED:
        return problem(
            "parked", "kept for an operator; it need not be sent again", command_id=command_id
        )
    return problem(answer.code, answer.detail, field=answer.field)
