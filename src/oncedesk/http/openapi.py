"""The description of the API, OpenAPI 3.1: what all operations of a kind have in common."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import (
    Components,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
    Tag,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from oncedesk.http.auth.cookies import NAMES
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.description import Description, wait_until_made
from oncedesk.http.problems import MEDIA_TYPE
from oncedesk.storage.attachments.kinds import TYPES

PROBLEM = Reference(ref="#/components/schemas/Problem")
_SAID: dict[str, str] = {
    "401": "Nobody we know, or not any more",
    "403": "Not allowed; it reveals nothing",
    "404": "There is none, or none that you may see",
    "405": "Not by this method",
    "408": "The body did not come in time",
    "409": "It conflicts with how things stand",
    "413": "The body is too large",
    "415": "The body is of another type than is taken",
    "416": "The file has not so many bytes",
    "422": "Malformed: `field` says what, `detail` what was expected",
    "429": "Too often; ask again after `Retry-After`",
    "431": "The headers are too large",
    "503": "Not now; ask again after `Retry-After`, a command with the same key",
}
_OF_ALL = ("401", "403", "404", "422", "429", "431", "503")
_OF_COMMANDS = (*_OF_ALL, "408", "409", "413", "415")

API_KEY, AGENT, HELP, HELP_COOKIE = "api_key", "agent_session", "help_token", "help_session"


def _header(name: str, description: str, *, required: bool, pattern: str, length: int) -> Parameter:
    return Parameter(
        name=name,
        param_in="header",
        description=description,
        required=required,
        schema=Schema(type=OpenAPIType.STRING, pattern=pattern, min_length=1, max_length=length),
    )


_KEY = (
    "Your own name for this command, within what it is about: one conversation, one order, the "
    "remedies and money of one order. Repeated with the same key and body it has no second effect "
    "and gets the first answer; with another body, or another command about the same, it is "
    "refused with 409 `idempotency_key_reused`. About another it is another command: a contact "
    "with another consumer or subject is another contact. A refusal is not remembered."
)
_KEY_REQUIRED = _header("Idempotency-Key", _KEY, required=True, pattern="^[ -~]+$", length=200)
_KEY_OPTIONAL = _header("Idempotency-Key", _KEY, required=False, pattern="^[ -~]+$", length=200)
_KEY_OF_MAKING = _header(
    "Idempotency-Key",
    "Your own name for what you make. Sent again it is not made again: what is secret was shown "
    "with the first answer only, so the second is 409 `key_made_before`.",
    required=False,
    pattern="^[ -~]+$",
    length=200,
)
_IF_MATCH = _header(
    "If-Match",
    "The version (`ETag`) that you have seen. If it is another now, 409 `stale_version`.",
    required=False,
    pattern='^(W/)?"?[0-9]{1,9}"?$',
    length=14,
)
_CSRF = _header(
    "X-CSRF-Token",
    "The session's token, where the session is held by a cookie.",
    required=False,
    pattern="^[0-9a-f]{64}$",
    length=64,
)
_LAST_EVENT_ID = _header(
    "Last-Event-ID",
    "The id of the last event that was received, where the stream goes on from one.",
    required=False,
    pattern="^[0-9]{1,9}$",
    length=9,
)
_RANGE = _header(
    "Range",
    "From which byte to which, `bytes=0-1023` or `bytes=1024-`; anything else means all.",
    required=False,
    pattern="^[ -~]+$",
    length=100,
)
_STRING = OpenAPIType.STRING
BYTES = "application/octet-stream"
"""A file of whatever type. Generators of clients read bytes under this name and under no other, so
it stands beside the types that a download has: without it they leave its body out."""


@dataclass
class _Described(Operation):
    """An operation with what is common to its kind."""

    common: ClassVar[tuple[Parameter, ...]] = ()
    problems: ClassVar[tuple[str, ...]] = _OF_ALL
    open: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *self.common]
        responses: dict[str, Any] = {
            status: response
            for status, response in (self.responses or {}).items()
            if status[0] in "23"
        }
        if "204" in responses:
            responses["204"].content = None
        for status in self.problems:
            responses[status] = _problem(status)
        self.responses = responses
        if self.open:
            self.security = [{}]


@dataclass
class Question(_Described):
    """It only reads."""


@dataclass
class QuestionAtHand(Question):
    """It only reads, of what is over nothing any more: 409."""

    problems: ClassVar[tuple[str, ...]] = (*_OF_ALL, "409")


@dataclass
class MachineAsking(Question):
    """A machine's question about what its body says."""

    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS


@dataclass
class Asking(MachineAsking):
    """A person's question about what its body says."""

    common: ClassVar[tuple[Parameter, ...]] = (_CSRF,)


@dataclass
class Table(Question):
    """It only reads, and gives all of it as CSV where that is asked for."""

    def __post_init__(self) -> None:
        super().__post_init__()
        answer: Any = (self.responses or {})["200"]
        answer.content["text/csv"] = OpenAPIMediaType(schema=Schema(type=_STRING))


@dataclass
class Events(_Described):
    """It goes on telling what changes, until one of the two hangs up."""

    common: ClassVar[tuple[Parameter, ...]] = (_LAST_EVENT_ID,)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.responses = {
            **(self.responses or {}),
            "200": OpenAPIResponse(
                description="Server-sent events; a comment now and then says that it still lives",
                content={"text/event-stream": OpenAPIMediaType(schema=Schema(type=_STRING))},
            ),
        }


@dataclass
class Command(_Described):
    """A person's command."""

    common: ClassVar[tuple[Parameter, ...]] = (_KEY_OPTIONAL, _IF_MATCH, _CSRF)
    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS

    def __post_init__(self) -> None:
        super().__post_init__()
        _with_headers(self.responses)


@dataclass
class MachineCommand(_Described):
    """A machine's command: it needs a key."""

    common: ClassVar[tuple[Parameter, ...]] = (_KEY_REQUIRED, _IF_MATCH)
    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS

    def __post_init__(self) -> None:
        super().__post_init__()
        _with_headers(self.responses)


@dataclass
class AdminCommand(Command):
    """A command of those who run the system, in person or by a machine; a machine needs a key."""


@dataclass
class ManyCommands(_Described):
    """A person's commands to many states, or to one that is yet to be found, under one key: there
    is no one version to rest on."""

    common: ClassVar[tuple[Parameter, ...]] = (_KEY_OPTIONAL, _CSRF)
    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS


@dataclass
class Plain(_Described):
    """It changes what no state is about, or is repeated without harm: it takes no key."""

    common: ClassVar[tuple[Parameter, ...]] = (_CSRF,)
    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS


@dataclass
class MadeOnce(Plain):
    """It makes what is shown this once: what is asked for again is refused."""

    common: ClassVar[tuple[Parameter, ...]] = (_KEY_OF_MAKING, _CSRF)


@dataclass
class Entrance(_Described):
    """Where somebody says for the first time who they are."""

    problems: ClassVar[tuple[str, ...]] = _OF_COMMANDS
    open: ClassVar[bool] = True


@dataclass
class Upload(Plain):
    """It takes a file as its body. Sent again it is another file; what no message names goes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        content = OpenAPIMediaType(schema=Schema(type=_STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(
            content={BYTES: content},
            description="The file; say its own type, if you know it. Its content decides.",
            required=True,
        )


@dataclass
class Download(_Described):
    """It hands out a file, or a part of it."""

    common: ClassVar[tuple[Parameter, ...]] = (_RANGE,)
    problems: ClassVar[tuple[str, ...]] = (*_OF_ALL, "416")

    def __post_init__(self) -> None:
        super().__post_init__()
        content = OpenAPIMediaType(schema=Schema(type=_STRING, format=OpenAPIFormat.BINARY))
        file: dict[str, OpenAPIMediaType] = dict.fromkeys((*TYPES, BYTES), content)
        self.responses = {
            **(self.responses or {}),
            "200": OpenAPIResponse(description="The file", content=file),
            "206": OpenAPIResponse(description="The part that was asked for", content=file),
        }


@dataclass
class OpenQuestion(_Described):
    """Anybody may ask."""

    problems: ClassVar[tuple[str, ...]] = ("401", "404", "422", "429", "431", "503")
    open: ClassVar[bool] = True


@dataclass
class Readiness(OpenQuestion):
    """Anybody may ask; a no is answered as a yes is, by 503."""

    def __post_init__(self) -> None:
        super().__post_init__()
        responses: Any = self.responses
        responses["503"].content.update(responses["200"].content)


def config(version: str) -> OpenAPIConfig:
    """What the description begins with."""
    return OpenAPIConfig(
        title="Oncedesk",
        version=version,
        description="Service of a content-commerce marketplace: contact once, made good once.",
        openapi_router=Router(
            "/openapi",
            route_handlers=[],
            include_in_schema=False,
            before_request=wait_until_made,
        ),
        render_plugins=(Description(),),
        use_handler_docstrings=True,
        components=Components(security_schemes=_security_schemes()),
        tags=[
            Tag(name="Marketplace", description="For the marketplace's back end, by API key."),
            Tag(name="Desk", description="For agents, after a log-in."),
            Tag(name="Help", description="For consumers, with a token of the marketplace's."),
            Tag(name="Administration", description="For those who run the system."),
            Tag(name="Webhooks", description="What endpoints are sent that follow a topic."),
            Tag(name="Health", description="For whatever watches the process."),
        ],
    )


def _problem(status: str) -> OpenAPIResponse:
    headers: dict[str, Any] | None = None
    if status in ("429", "503"):
        headers = {
            "Retry-After": OpenAPIHeader(
                schema=Schema(type=OpenAPIType.INTEGER, minimum=0), description="Seconds"
            )
        }
    return OpenAPIResponse(
        description=_SAID[status],
        headers=headers,
        content={MEDIA_TYPE: OpenAPIMediaType(schema=PROBLEM)},
    )


def _with_headers(responses: Any) -> None:
    for status, response in responses.items():
        if status.startswith("2"):
            response.headers = {
                **(response.headers or {}),
                "ETag": OpenAPIHeader(
                    schema=Schema(type=OpenAPIType.STRING), description="The version now"
                ),
                "Idempotent-Replayed": OpenAPIHeader(
                    schema=Schema(type=OpenAPIType.STRING, enum=["true"]),
                    description="Only where this key was answered before",
                ),
            }


def _security_schemes() -> dict[str, SecurityScheme | Reference]:
    def bearer(description: str) -> SecurityScheme:
        return SecurityScheme(type="http", scheme="bearer", description=description)

    def cookie(kind: SessionKind) -> SecurityScheme:
        return SecurityScheme(type="apiKey", name=NAMES[kind], security_scheme_in="cookie")

    return {
        API_KEY: bearer("An API key: `odk_...`"),
        AGENT: cookie(SessionKind.AGENT),
        HELP: bearer("A session's token: `odc_...`"),
        HELP_COOKIE: cookie(SessionKind.CONSUMER),
    }
