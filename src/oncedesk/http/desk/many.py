"""One thing done to many cases: each a command of its own, with its own key and its own answer."""

import asyncio
from functools import partial
from typing import Annotated, Literal, assert_never
from uuid import UUID

import msgspec
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    Audience,
    CaseNumber,
    ClosingReason,
    Code,
    FollowUp,
    Issue,
    PostMessage,
    Reclassify,
    ResolveCase,
    TransferCase,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import Said, refuse_strange_case
from oncedesk.http.failures import problem_of
from oncedesk.http.openapi import ManyCommands
from oncedesk.http.routes import post
from oncedesk.http.shapes.cases import Count
from oncedesk.http.shapes.words import DeskName, Text, desk_of

CASES_MAX = 100


class CaseNamed(Body, frozen=True, kw_only=True):
    """Which case."""

    consumer: UUID
    conversation: UUID
    case: Annotated[CaseNumber, Meta(le=30_000)]


class TransferEach(Body, frozen=True, kw_only=True, tag_field="do", tag="transfer"):
    """Another desk owns each of them from now on."""

    desk: DeskName
    reason: Code


class NoteEach(Body, frozen=True, kw_only=True, tag_field="do", tag="note"):
    """The same note on each, to one's own desk or among the desks; never to consumers."""

    text: Text
    audience: Literal["internal", "desks"] = "internal"


class ResolveEach(Body, frozen=True, kw_only=True, tag_field="do", tag="resolve"):
    """Each is done, for this reason."""

    reason: ClosingReason


class ReclassifyEach(Body, frozen=True, kw_only=True, tag_field="do", tag="reclassify"):
    """Each is about this."""

    issue: Issue


class RestEach(Body, frozen=True, kw_only=True, tag_field="do", tag="follow_up"):
    """Each is looked at again then."""

    at: Moment


Deed = TransferEach | NoteEach | ResolveEach | ReclassifyEach | RestEach


class Many(Body, frozen=True, kw_only=True):
    """What is done to which cases."""

    deed: Deed
    cases: Annotated[tuple[CaseNamed, ...], Meta(min_length=1, max_length=CASES_MAX)]


class ManyAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one case: done at this `version`, or why not."""

    consumer: UUID
    conversation: UUID
    case: CaseNumber
    done: bool
    version: Count = 0
    code: str = ""
    detail: str = ""


class ManyAnswers(msgspec.Struct, frozen=True):
    """One for each case, in the order in which they were named."""

    items: Annotated[tuple[ManyAnswer, ...], Meta(max_length=CASES_MAX)]


@post("/many", ManyCommands, "doToMany", "Do the same to many cases")
async def do(request: Call, data: JSONBody[Many]) -> ManyAnswers:
    """Some may be done and others not. Sent again with the same key, what was done counts once, and
    what was not is tried again."""
    key = request.key
    done = await asyncio.gather(*(_do(request, data.deed, one, key) for one in data.cases))
    return ManyAnswers(tuple(done))


async def _do(request: Call, deed: Deed, one: CaseNamed, key: str) -> ManyAnswer:
    said, text = _said(request, deed)
    command = said(
        consumer=one.consumer,
        conversation=one.conversation,
        case=one.case,
        agent=request.acting_agent,
    )
    try:
        await refuse_strange_case(request, command)
        own_key = f"{key}/{one.conversation}/{one.case}"
        done = await request.give(request.submission(command, key=own_key, text=text))
    except Exception as error:  # noqa: BLE001 - each case is answered for itself
        why = problem_of(error)
        return ManyAnswer(
            consumer=one.consumer,
            conversation=one.conversation,
            case=one.case,
            done=False,
            code=why.code,
            detail=why.detail,
        )
    return ManyAnswer(
        consumer=one.consumer,
        conversation=one.conversation,
        case=one.case,
        done=True,
        version=done.version,
    )


def _said(request: Call, deed: Deed) -> tuple[Said, str | None]:
    """The command that lacks only which case it is to, and its text."""
    match deed:
        case TransferEach():
            return partial(TransferCase, desk=desk_of(deed.desk), reason=deed.reason), None
        case NoteEach():
            seal = request.seal(deed.text)
            note = partial(
                PostMessage,
                audience=Audience(deed.audience),
                digest=seal.digest,
                length=seal.length,
            )
            return note, deed.text
        case ResolveEach():
            return partial(ResolveCase, reason=deed.reason), None
        case ReclassifyEach():
            return partial(Reclassify, issue=deed.issue), None
        case RestEach():
            return partial(FollowUp, at=deed.at), None
        case _:
            assert_never(deed)


ROUTES = (do,)
