"""Rule packs: what holds in a market from when, what stands in it, and how another is published."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from oncedesk.domain.rulebook.messages import PackHash, Reason, WithdrawPack
from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import rulebook_ref
from oncedesk.domain.shared.rulepack import Pack, PackUnknown
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import AdminCommand, Plain, Question
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.http.routes import get, post
from oncedesk.publishing import Announcement, NotPublished, publish
from oncedesk.rules.loading import RuleFolder, load_folder
from oncedesk.rules.problems import PackInvalid
from oncedesk.rules.storing import pack_to_bytes

MarketPath = Annotated[str, PathParameter(pattern=r"^[a-z][a-z0-9_]{0,15}$(?!\n)", max_length=16)]
HashPath = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{32}$(?!\n)", max_length=32)]
FILE_NAME = r"^[a-z0-9_-]{1,40}\.toml$(?!\n)"
ERRORS_SHOWN = 20


class Folder(Body, frozen=True, kw_only=True):
    """A market's folder of rules: its TOML files by name. See the reference of rule packs."""

    files: Annotated[
        dict[Annotated[str, Meta(pattern=FILE_NAME)], Annotated[str, Meta(max_length=500_000)]],
        Meta(min_length=1, max_length=20),
    ]


class Files(Folder, frozen=True, kw_only=True):
    """A folder of rules that is to hold.

    `first_day` is the first on which it holds, in the market's zone; if not given, the first for
    which the rules in force leave notice enough.
    """

    reason: Reason
    first_day: date | None = None
    major: bool = False


class Withdrawal(Body, frozen=True, kw_only=True):
    """Which planned pack will not hold, and why."""

    pack_hash: PackHash
    valid_from: Moment
    reason: Reason


class PublicationShape(msgspec.Struct, frozen=True, kw_only=True):
    """A pack, and from when it holds; `now`: until the next one does."""

    pack_hash: str
    version: str
    valid_from: Moment
    now: bool


class Rulebook(msgspec.Struct, frozen=True, kw_only=True):
    """What was published for a market, in the order in which it holds."""

    market: str
    items: tuple[PublicationShape, ...]


class Markets(msgspec.Struct, frozen=True):
    """The markets in which a pack holds now; `own`: the one that this installation is set to."""

    items: tuple[str, ...]
    own: str


@get("/markets", Question, "listMarkets", "All markets")
async def markets(request: Call) -> Markets:
    """Those in which a rule pack holds now."""
    holding = request.packs.holding
    return Markets(tuple(sorted(holding)), request.service.settings.market)


@get("/markets/{market:str}/packs", Question, "listPacks", "What holds in a market from when")
async def list_packs(request: Call, market: MarketPath) -> Rulebook:
    """What was, what holds, and what is planned."""
    return await _rulebook(request, market)


@get("/packs/{pack:str}", Question, "readPack", "A rule pack")
async def read(request: Call, pack: HashPath) -> Response[dict[str, Any]]:
    """All its values, with the source of each."""
    found = await stored_pack(request, pack)
    return Response(msgspec.json.decode(pack_to_bytes(found)) | {"hash": found.hash})


@post("/markets/{market:str}/packs", Plain, "publishPack", "Publish a folder of rules")
async def publish_folder(request: Call, market: MarketPath, data: JSONBody[Files]) -> Rulebook:
    """All of it or nothing. What holds or is planned already is not published again."""
    asked = Announcement(data.first_day, data.reason, data.major, request.principal.actor)
    try:
        folder = await asyncio.to_thread(loaded, data.files)
    except PackInvalid as error:
        raise Refused(invalid(error)) from None
    if folder.market != market:
        raise Refused(problem("body_invalid", f"rules of the market {market}", field="files"))
    return await announce(request, folder, asked)


@post(
    "/markets/{market:str}/packs/withdrawal",
    AdminCommand,
    "withdrawPack",
    "A planned pack will not hold",
)
async def withdraw(
    request: Call, market: MarketPath, data: JSONBody[Withdrawal]
) -> Response[Accepted]:
    """The one before it goes on."""
    command = WithdrawPack(
        market=market,
        pack_hash=data.pack_hash,
        valid_from=data.valid_from,
        reason=data.reason,
    )
    done = accepted(await request.submit(command))
    await request.service.parts.engine.refresh_packs()
    return done


async def announce(request: Call, folder: RuleFolder, asked: Announcement) -> Rulebook:
    """Publish it, and what holds then. Raises `Refused`."""
    try:
        await publish(request.service.parts, folder, asked)
    except PackInvalid as error:
        raise Refused(invalid(error)) from None
    except NotPublished as error:
        code, _, detail = str(error).partition(": ")
        raise Refused(problem(code, detail)) from None
    return await _rulebook(request, folder.market)


def invalid(error: PackInvalid) -> Problem:
    said = "; ".join(str(one) for one in error.errors[:ERRORS_SHOWN])
    return problem("body_invalid", said[:2000], field="files")


ROUTES = (markets, list_packs, read, publish_folder, withdraw)


async def stored_pack(request: Call, pack: str) -> Pack:
    """The pack of this hash, whichever process published it. Raises `Refused`."""
    parts = request.service.parts
    if pack not in request.packs.packs:
        await parts.engine.refresh_packs()
    try:
        return request.packs.by_hash(pack)
    except PackUnknown:
        raise Refused(problem("not_found")) from None


def loaded(files: Mapping[str, str], *, days_max: int | None = None) -> RuleFolder:
    """Read as the command line reads it. Raises PackInvalid and ChangesTooOften."""
    with TemporaryDirectory(prefix="oncedesk-rules-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        return load_folder(Path(folder), days_max=days_max)


async def _rulebook(request: Call, market: str) -> Rulebook:
    ref = rulebook_ref(market)
    stored = (await request.service.parts.store.load((ref,))).get(ref.id)
    if stored is None or not isinstance(stored.state, RulebookState):
        raise Refused(problem("not_found"))
    holding = stored.state.holding(request.now)

    def shape(one: Publication) -> PublicationShape:
        return PublicationShape(
            pack_hash=one.pack_hash,
            version=one.version,
            valid_from=one.valid_from,
            now=one == holding,
        )

    return Rulebook(market=market, items=tuple(shape(one) for one in stored.state.publications))
