"""What agents say: to the consumer, to other desks, and to whoever is next."""

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    MENTIONS_MAX,
    AnswerReferral,
    AskConsumer,
    Audience,
    Card,
    CardKind,
    PostMessage,
    ReferCase,
    ReferralMode,
    ReturnToQueue,
)
from oncedesk.domain.shared.refs import conversation_ref
from oncedesk.http.answers import Accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import OneCase, This, about_cases, given
from oncedesk.http.openapi import Command
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import post
from oncedesk.http.shapes.words import Attachments, Caption, DeskName, Text, desk_of


class CardSaid(Body, frozen=True, kw_only=True):
    """The order, or with its number a remedy of it."""

    order: UUID
    remedy: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class Words(Body, frozen=True, kw_only=True):
    """What is said: to the consumer (and everybody), among the desks, or as a note to one's own;
    a note may be a whisper `to` the agent who has the case. `card`: the order that it is about, or
    one of its remedies, is shown with it. `mentions`: these agents are told of it."""

    audience: Audience
    text: Caption = ""
    attachments: Attachments = ()
    to: UUID | None = None
    card: CardSaid | None = None
    mentions: Annotated[tuple[UUID, ...], Meta(max_length=MENTIONS_MAX)] = ()


class Question(Body, frozen=True, kw_only=True):
    """What the consumer is asked, in full."""

    text: Text
    attachments: Attachments = ()


class Answer(Body, frozen=True, kw_only=True):
    """What the desk that was asked says to the one that asked."""

    text: Text
    attachments: Attachments = ()


class HandBack(Body, frozen=True, kw_only=True):
    """A line for whoever has it next, if there is something to say."""

    text: Text | None = None
    attachments: Attachments = ()


class Referral(Body, frozen=True, kw_only=True):
    """Which desk is asked what, and whether the case stays meanwhile or goes there."""

    desk: DeskName
    mode: ReferralMode
    text: Text
    attachments: Attachments = ()


@post("/messages", Command, "postMessage", "Say something")
async def post_message(request: Call, this: This, data: JSONBody[Words]) -> Response[Accepted]:
    """To the consumer it is the answer that was owed; to desks or as a note it is none."""
    seal = request.seal(data.text)
    said = partial(
        PostMessage,
        audience=data.audience,
        digest=seal.digest,
        length=seal.length,
        to=data.to,
        card=await _card(request, this, data.card),
        mentions=data.mentions,
    )
    return await given(request, this, said, text=data.text, attachments=data.attachments)


@post("/question", Command, "askConsumer", "Ask the consumer")
async def ask(request: Call, this: This, data: JSONBody[Question]) -> Response[Accepted]:
    """The desk's clock stands until they answer; they are reminded twice. At most twice a case."""
    seal = request.seal(data.text)
    said = partial(AskConsumer, digest=seal.digest, length=seal.length)
    return await given(request, this, said, text=data.text, attachments=data.attachments)


@post("/referral", Command, "referCase", "Ask another desk")
async def refer(request: Call, this: This, data: JSONBody[Referral]) -> Response[Accepted]:
    """The consumer notices nothing."""
    seal = request.seal(data.text)
    said = partial(
        ReferCase,
        desk=desk_of(data.desk),
        mode=data.mode,
        digest=seal.digest,
        length=seal.length,
    )
    return await given(request, this, said, text=data.text, attachments=data.attachments)


@post("/referral/answer", Command, "answerReferral", "Answer the desk that asked")
async def answer_referral(request: Call, this: This, data: JSONBody[Answer]) -> Response[Accepted]:
    """A case that was handed over goes back."""
    seal = request.seal(data.text)
    said = partial(AnswerReferral, digest=seal.digest, length=seal.length)
    return await given(request, this, said, text=data.text, attachments=data.attachments)


@post("/return", Command, "returnToQueue", "Give it back to the queue")
async def return_to_queue(
    request: Call, this: This, data: JSONBody[HandBack]
) -> Response[Accepted]:
    """With a line for whoever has it next, if there is one."""
    # A file may say it all.
    text = "" if data.text is None and data.attachments else data.text
    seal = None if text is None else request.seal(text)
    said = partial(
        ReturnToQueue,
        digest=None if seal is None else seal.digest,
        length=0 if seal is None else seal.length,
    )
    return await given(request, this, said, text=text, attachments=data.attachments)


async def _card(request: Call, this: OneCase, said: CardSaid | None) -> Card | None:
    """Of what the agent sees. Raises `NotSeen`, or `Refused` for a remedy that there is none of;
    not for one that is over where it was shown so before."""
    if said is None:
        return None
    reader = request.reader
    if said.remedy is None:
        await request.views.orders.order(reader=reader, consumer=this.consumer, order=said.order)
        return Card(CardKind.ORDER, said.order)
    seen = await request.views.remedies.of_order(
        reader=reader, consumer=this.consumer, order=said.order
    )
    if said.remedy not in {one.number for one in seen.live}:
        target = conversation_ref(consumer=this.consumer, conversation=this.conversation)
        if not await request.given_before(target, key=request.key):
            raise Refused(problem("remedy_unknown", "one that is not over", field="card.remedy"))
    return Card(CardKind.REMEDY, said.order, said.remedy)


ROUTES = (about_cases(post_message, ask, refer, answer_referral, return_to_queue),)
