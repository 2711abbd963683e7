"""What agents do with cases. One that is none of their desk's looks as if there were none."""

from typing import Annotated
from uuid import UUID

from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    Audience,
    CaseNumber,
    ClosingReason,
    Code,
    CorrectAttribution,
    FollowUp,
    Issue,
    MergeCases,
    Party,
    PartyKind,
    PostMessage,
    Reclassify,
    ReferCase,
    ReferralMode,
    ReopenCase,
    ResolveCase,
    ReturnToQueue,
    Share,
    SplitCase,
    TakeOverCase,
    TransferCase,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.engine.entry import Sealed
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command
from oncedesk.http.parameters import CasePath, Id
from oncedesk.http.shapes.words import DeskName, Text, desk_of

CASE = "/cases/{consumer:uuid}/{conversation:uuid}/{case:int}"


class Words(Body, frozen=True, kw_only=True):
    """What is said: to the consumer (and everybody), among the desks, or as a note to one's own."""

    audience: Audience
    text: Text


class Question(Body, frozen=True, kw_only=True):
    """What the consumer is asked, in full."""

    text: Text


class Answer(Body, frozen=True, kw_only=True):
    """What the desk that was asked says to the one that asked."""

    text: Text


class HandBack(Body, frozen=True, kw_only=True):
    """A line for whoever has it next, if there is something to say."""

    text: Text | None = None


class Resolution(Body, frozen=True, kw_only=True):
    """Why it is done."""

    reason: ClosingReason


class Referral(Body, frozen=True, kw_only=True):
    """Which desk is asked what, and whether the case stays meanwhile or goes there."""

    desk: DeskName
    mode: ReferralMode
    text: Text


class Transfer(Body, frozen=True, kw_only=True):
    """Which desk owns it from now on, and why."""

    desk: DeskName
    reason: Code


class TakeOver(Body, frozen=True, kw_only=True):
    """Why the platform steps in."""

    reason: Code


class Rest(Body, frozen=True, kw_only=True):
    """When to look at it again."""

    at: Moment


class Merge(Body, frozen=True, kw_only=True):
    """The case that goes on."""

    into: Annotated[CaseNumber, Meta(le=30_000)]


class NewIssue(Body, frozen=True, kw_only=True):
    """What it is about."""

    issue: Issue


class PartyNamed(Body, frozen=True, kw_only=True):
    """Who; the id where it is known and needed."""

    kind: PartyKind
    id: UUID | None = None


class Liability(Body, frozen=True, kw_only=True):
    """Who bears how much of it, in percent, and why."""

    who: PartyNamed
    percent: Annotated[int, Meta(ge=0, le=100)]
    reasons: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()


class Finding(Body, frozen=True, kw_only=True):
    """Who owns the work, who caused it, and who is liable; the shares add up to 100."""

    owner: DeskName
    cause: PartyNamed
    liable: Annotated[tuple[Liability, ...], Meta(min_length=1, max_length=4)]
    reasons: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()


@post(
    CASE + "/messages",
    status_code=200,
    operation_id="postMessage",
    operation_class=Command,
    summary="Say something",
)
async def post_message(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Words]
) -> Response[Accepted]:
    """To the consumer it is the answer that was owed; to desks or as a note it is none."""
    seal = _seal(request, data.text)
    command = PostMessage(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        audience=data.audience,
        digest=seal.digest,
        length=seal.length,
    )
    return await _done(request, command, data.text)


@post(
    CASE + "/question",
    status_code=200,
    operation_id="askConsumer",
    operation_class=Command,
    summary="Ask the consumer",
)
async def ask(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Question]
) -> Response[Accepted]:
    """The desk's clock stands until they answer; they are reminded twice. At most twice a case."""
    seal = _seal(request, data.text)
    command = AskConsumer(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        digest=seal.digest,
        length=seal.length,
    )
    return await _done(request, command, data.text)


@post(
    CASE + "/resolution",
    status_code=200,
    operation_id="resolveCase",
    operation_class=Command,
    summary="It is done",
)
async def resolve(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Resolution]
) -> Response[Accepted]:
    """The recontact window begins."""
    command = ResolveCase(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        reason=data.reason,
    )
    return await _done(request, command)


@post(
    CASE + "/reopening",
    status_code=200,
    operation_id="reopenCase",
    operation_class=Command,
    summary="It was resolved wrongly",
)
async def reopen(
    request: Call, consumer: Id, conversation: Id, case: CasePath
) -> Response[Accepted]:
    """The same case goes on."""
    command = ReopenCase(
        consumer=consumer, conversation=conversation, case=case, agent=request.acting_agent
    )
    return await _done(request, command)


@post(
    CASE + "/referral",
    status_code=200,
    operation_id="referCase",
    operation_class=Command,
    summary="Ask another desk",
)
async def refer(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Referral]
) -> Response[Accepted]:
    """The consumer notices nothing."""
    seal = _seal(request, data.text)
    command = ReferCase(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        desk=desk_of(data.desk),
        mode=data.mode,
        digest=seal.digest,
        length=seal.length,
    )
    return await _done(request, command, data.text)


@post(
    CASE + "/referral/answer",
    status_code=200,
    operation_id="answerReferral",
    operation_class=Command,
    summary="Answer the desk that asked",
)
async def answer_referral(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Answer]
) -> Response[Accepted]:
    """A case that was handed over goes back."""
    seal = _seal(request, data.text)
    command = AnswerReferral(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        digest=seal.digest,
        length=seal.length,
    )
    return await _done(request, command, data.text)


@post(
    CASE + "/transfer",
    status_code=200,
    operation_id="transferCase",
    operation_class=Command,
    summary="Give it to another desk",
)
async def transfer(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Transfer]
) -> Response[Accepted]:
    """That desk owns it from now on; the consumer's clock runs on."""
    command = TransferCase(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        desk=desk_of(data.desk),
        reason=data.reason,
    )
    return await _done(request, command)


@post(
    CASE + "/take-over",
    status_code=200,
    operation_id="takeOverCase",
    operation_class=Command,
    summary="The platform steps in",
)
async def take_over(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[TakeOver]
) -> Response[Accepted]:
    """By its own decision; the consumer is told who has it now."""
    command = TakeOverCase(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        reason=data.reason,
    )
    return await _done(request, command)


@post(
    CASE + "/follow-up",
    status_code=200,
    operation_id="followUp",
    operation_class=Command,
    summary="Look at it again then",
)
async def follow_up(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Rest]
) -> Response[Accepted]:
    """All other clocks run on."""
    command = FollowUp(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        at=data.at,
    )
    return await _done(request, command)


@post(
    CASE + "/return",
    status_code=200,
    operation_id="returnToQueue",
    operation_class=Command,
    summary="Give it back to the queue",
)
async def return_to_queue(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[HandBack]
) -> Response[Accepted]:
    """With a line for whoever has it next, if there is one."""
    seal = None if data.text is None else _seal(request, data.text)
    command = ReturnToQueue(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        digest=None if seal is None else seal.digest,
        length=0 if seal is None else seal.length,
    )
    return await _done(request, command, data.text)


@post(
    CASE + "/merge",
    status_code=200,
    operation_id="mergeCases",
    operation_class=Command,
    summary="It is the same problem as another",
)
async def merge(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Merge]
) -> Response[Accepted]:
    """It ends in the other case, which goes on."""
    command = MergeCases(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        into=data.into,
    )
    await request.views.cases.case(
        reader=request.reader, consumer=consumer, conversation=conversation, case=data.into
    )
    return await _done(request, command)


@post(
    CASE + "/split",
    status_code=200,
    operation_id="splitCase",
    operation_class=Command,
    summary="There is a second problem in it",
)
async def split(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[NewIssue]
) -> Response[Accepted]:
    """The second becomes a case of its own."""
    command = SplitCase(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        issue=data.issue,
    )
    return await _done(request, command)


@post(
    CASE + "/issue",
    status_code=200,
    operation_id="reclassifyCase",
    operation_class=Command,
    summary="It is about something else",
)
async def reclassify(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[NewIssue]
) -> Response[Accepted]:
    """Deadlines may come closer, never move away."""
    command = Reclassify(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        issue=data.issue,
    )
    return await _done(request, command)


@post(
    CASE + "/attribution",
    status_code=200,
    operation_id="correctAttribution",
    operation_class=Command,
    summary="Somebody else owns, caused or bears it",
)
async def attribute(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Finding]
) -> Response[Accepted]:
    """What was found, in place of what the rules presumed."""
    command = CorrectAttribution(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        owner=desk_of(data.owner),
        cause=Party(data.cause.kind, data.cause.id),
        liable=tuple(
            Share(Party(one.who.kind, one.who.id), one.percent, one.reasons) for one in data.liable
        ),
        reasons=data.reasons,
    )
    return await _done(request, command)


_CaseCommand = (
    PostMessage
    | AskConsumer
    | ResolveCase
    | ReopenCase
    | ReferCase
    | AnswerReferral
    | TransferCase
    | TakeOverCase
    | FollowUp
    | ReturnToQueue
    | MergeCases
    | SplitCase
    | Reclassify
    | CorrectAttribution
)


async def _done(
    request: Call, command: _CaseCommand, text: str | None = None
) -> Response[Accepted]:
    """Given, if the case is one that this agent may see. Raises `NotSeen`."""
    await request.views.cases.case(
        reader=request.reader,
        consumer=command.consumer,
        conversation=command.conversation,
        case=command.case,
    )
    return accepted(await request.submit(command, text=text))


def _seal(request: Call, text: str) -> Sealed:
    return request.service.parts.engine.entry.seal(text)


ROUTES = (
    post_message,
    ask,
    resolve,
    reopen,
    refer,
    answer_referral,
    transfer,
    take_over,
    follow_up,
    return_to_queue,
    merge,
    split,
    reclassify,
    attribute,
)
