"""Macros: a desk's texts with variables, and what one says in a case, before anybody sends it."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.domain.agents.state import MEMBERSHIPS_MAX
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.saying import is_chinese
from oncedesk.domain.shared.templates import (
    Lacking,
    Variable,
    refuse_template,
    render,
    variables_of,
)
from oncedesk.http.answers import versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import CASE
from oncedesk.http.desk.leave import needs_supervisor
from oncedesk.http.openapi import Asking, Plain, Question, QuestionAtHand
from oncedesk.http.parameters import CasePath, Id
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.cases import Number
from oncedesk.http.shapes.words import DESK_PATTERN, DeskName, desk_of
from oncedesk.storage.desk_tools.macros import MACROS_MAX, Macro, MacroText, StoredMacro
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.macro_values import Asked

_MACRO = "/macros/{macro:uuid}"


class MacroSaid(Body, frozen=True, kw_only=True):
    """What the macro says from now on, whose it is, and the version that was read (0: none yet)."""

    seen: Annotated[int, Meta(ge=0, le=1_000_000)]
    desk: DeskName
    macro: Macro


class MacroTried(Body, frozen=True, kw_only=True):
    """A text with variables that nobody has kept yet."""

    text: MacroText
    language: Literal["zh", "en"]


class MacroShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A macro at a version."""

    id: UUID
    version: Number
    desk: DeskName
    macro: Macro
    changed_at: Moment
    changed_by: str
    retired: bool = False


class MacroList(msgspec.Struct, frozen=True):
    """Macros by desk and name."""

    items: Annotated[tuple[MacroShape, ...], Meta(max_length=MEMBERSHIPS_MAX * MACROS_MAX)]


class MissingShape(msgspec.Struct, frozen=True):
    """A variable without a value, and why."""

    variable: Variable
    why: Lacking


class RenderedShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the macro says in this case; without `text` something is missing."""

    language: Literal["zh", "en"]
    text: str | None = None
    missing: tuple[MissingShape, ...] = ()


@get("/macros", Question, "listMacros", "Macros")
async def list_macros(
    request: Call,
    desk: Annotated[
        str | None, QueryParameter(pattern=DESK_PATTERN, max_length=45, description="All my desks")
    ] = None,
) -> MacroList:
    """Those of my desks, or of one of them."""
    reader = request.reader
    desks = reader.desks if desk is None else (desk_of(desk),)
    found = await request.service.parts.macros.of_desks(reader=reader, desks=desks)
    return MacroList(tuple(_shape(one) for one in found))


@put(_MACRO, Plain, "writeMacro", "Write a macro")
async def write(request: Call, macro: Id, data: JSONBody[MacroSaid]) -> Response[MacroShape]:
    """By an admin or a supervisor of its desk. A variable that is none is refused. The same once
    more changes nothing."""
    desk = desk_of(data.desk)
    needs_supervisor(request, desk)
    for name, text in (("zh", data.macro.zh), ("en", data.macro.en)):
        _needs_template(text, field=f"macro.{name}")
    macros = request.service.parts.macros
    before = await macros.standing(reader=request.reader, id_=macro)
    if before is not None and before.version == data.seen + 1 and _same(before, desk, data.macro):
        return versioned(_shape(before), before.version)
    stored = await macros.put(
        macro, data.macro, desk=desk, seen=data.seen, by=request.principal.name, now=request.now
    )
    if stored is None:
        raise Refused(problem("stale_version", "the version that was read", field="seen"))
    return versioned(_shape(stored), stored.version)


@post(_MACRO + "/retirement", Plain, "retireMacro", "Offer a macro no more", status=204)
async def retire(request: Call, macro: Id) -> None:
    """Written again over the version that it has then, it is back."""
    before = await request.service.parts.macros.one(reader=request.reader, id_=macro)
    needs_supervisor(request, desk_of(before.desk))
    await request.service.parts.macros.retire(macro, now=request.now)


@get(CASE + "/macros/{macro:uuid}", QuestionAtHand, "renderMacro", "What a macro says in a case")
async def rendered(
    request: Call,
    consumer: Id,
    conversation: Id,
    case: CasePath,
    macro: Id,
    language: Annotated[
        str, QueryParameter(pattern="^(zh|en)?$", max_length=2, description="The case's")
    ] = "",
) -> RenderedShape:
    """Read it before it is sent. A variable without a value leaves no hole: then there is no text,
    and it is said what is missing. The consumer's name is there while it is revealed to you."""
    found = await request.service.parts.macros.one(reader=request.reader, id_=macro)
    told = await _case(request, consumer, conversation, case)
    spoken = language or told.case.language or told.pack.language
    text = found.macro.zh if is_chinese(spoken) else found.macro.en
    return await _said(request, told, text, spoken)


@post(CASE + "/macros/preview", Asking, "previewMacro", "What a text would say in a case")
async def preview(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[MacroTried]
) -> RenderedShape:
    """As it would be kept; nothing is. A variable that is none is refused."""
    told = await _case(request, consumer, conversation, case)
    _needs_template(data.text, field="text")
    return await _said(request, told, data.text, data.language)


class _Told(Record, frozen=True):
    """The case in which something is to be said, and the rules of its market."""

    seen: SeenConversation
    case: Case
    pack: Pack


async def _case(request: Call, consumer: UUID, conversation: UUID, case: int) -> _Told:
    """Raises `NotSeen`, and `Refused` for one that is over: of it nothing is at hand any more."""
    seen = await request.views.cases.case(
        reader=request.reader, consumer=consumer, conversation=conversation, case=case
    )
    known = seen.state.case(case)
    if known is None:
        raise Refused(problem("case_closed", "a case whose recontact window is not over"))
    return _Told(seen, known, request.packs.current(seen.state.market))


async def _said(request: Call, told: _Told, text: str, spoken: str) -> RenderedShape:
    language: Literal["zh", "en"] = "zh" if is_chinese(spoken) else "en"
    asked = Asked(
        reader=request.reader,
        seen=told.seen,
        case=told.case,
        language=language,
        timezone=told.pack.promises.timezone,
        packs=request.packs,
        now=request.now,
    )
    done = render(text, await request.views.macro_values.of(asked, variables_of([text])))
    return RenderedShape(
        language=language,
        text=done.text,
        missing=tuple(MissingShape(one.variable, one.why) for one in done.missing),
    )


def _needs_template(text: str, *, field: str) -> None:
    """Raises `Refused` for a variable that is none, or a brace that belongs to none."""
    refused = refuse_template(text)
    if refused is not None:
        raise Refused(problem(refused.code, refused.detail, field=field))


def _same(before: StoredMacro, desk: Desk, macro: Macro) -> bool:
    return before.desk == str(desk) and before.macro == macro and not before.retired


def _shape(stored: StoredMacro) -> MacroShape:
    return MacroShape(
        id=stored.id,
        version=stored.version,
        desk=stored.desk,
        macro=stored.macro,
        changed_at=stored.changed_at,
        changed_by=stored.changed_by,
        retired=stored.retired,
    )


ROUTES = (list_macros, write, retire, rendered, preview)
