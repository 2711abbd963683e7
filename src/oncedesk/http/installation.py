"""What anybody may know of an installation before they log in; and of a sandbox, the way in."""

from importlib.metadata import version
from typing import Annotated

import msgspec
from litestar import Response, get
from msgspec import Meta

from oncedesk.http.call import Call
from oncedesk.http.openapi import OpenQuestion
from oncedesk.http.problems import Refused, problem
from oncedesk.http.sandbox import Sandbox

LANGUAGES = ("zh", "en")


class MarketShape(msgspec.Struct, frozen=True, kw_only=True):
    """A market in which rules hold, and in which language they speak to consumers."""

    market: str
    language: str


class SandboxLogin(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as whom to look around."""

    name: str
    password: str
    zh: str
    en: str


class SandboxShape(msgspec.Struct, frozen=True, kw_only=True):
    """Everything here is generated, and gone when it ends. `consumer` is a token by which the help
    page can be tried."""

    log_ins: tuple[SandboxLogin, ...]
    consumer: str


class Installation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which version it is, for which markets, in which languages its pages speak. `translates`:
    messages can be read in other languages; `provider`: agents may also log in by an identity
    provider, at `/v1/desk/provider`."""

    version: Annotated[str, Meta(max_length=100)]
    markets: tuple[MarketShape, ...]
    languages: tuple[str, ...]
    translates: bool = False
    provider: bool = False
    sandbox: SandboxShape | None = None


@get(
    "/v1/installation",
    operation_id="readInstallation",
    operation_class=OpenQuestion,
    tags=["Health"],
    summary="What this installation is",
)
async def read(request: Call) -> Response[Installation]:
    """Nothing of anybody's. The log-ins of a sandbox are told to whoever reaches it."""
    packs = request.packs
    content = Installation(
        version=version("oncedesk"),
        markets=tuple(
            MarketShape(market=market, language=packs.current(market).language)
            for market in sorted(packs.holding)
        ),
        languages=LANGUAGES,
        translates=request.service.parts.translating is not None,
        provider=request.service.settings.oidc_issuer is not None,
        sandbox=_shape(request.service.sandbox),
    )
    return Response(content, headers={"Cache-Control": "no-store"})


@get("/sandbox/help", include_in_schema=False)
async def help_page(request: Call) -> Response[None]:
    """The way to the help page of a sandbox's consumer, as their shop would have made it."""
    sandbox = request.service.sandbox
    if sandbox is None:
        raise Refused(problem("not_found"))
    headers = {"Location": sandbox.help_link(), "Cache-Control": "no-store"}
    return Response(None, status_code=303, headers=headers)


def _shape(sandbox: Sandbox | None) -> SandboxShape | None:
    if sandbox is None:
        return None
    log_ins = tuple(
        SandboxLogin(name=one.name, password=one.password, zh=one.zh, en=one.en)
        for one in sandbox.log_ins
    )
    return SandboxShape(log_ins=log_ins, consumer=sandbox.consumer)


ROUTES = (read, help_page)
