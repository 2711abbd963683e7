"""For those who keep it running: what failed, what waits to leave, and how it came to this."""

from typing import Annotated, Literal

import msgspec
from litestar.params import QueryParameter

from oncedesk.domain.shared.refs import (
    BUDGET_SLICES,
    Ref,
    account_ref,
    agent_ref,
    budget_ref,
    conversation_ref,
    desk_ref,
    listing_ref,
    order_ref,
    party_ref,
    remedies_ref,
    rulebook_ref,
    wallet_ref,
)
from oncedesk.engine.submission import Status
from oncedesk.http.admin.desks import DeskPath
from oncedesk.http.admin.fund import NamePath
from oncedesk.http.admin.packs import MarketPath
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.marketplace.books import CurrencyPath
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, After, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import ConversationShape, StoryShape
from oncedesk.http.shapes.words import desk_of
from oncedesk.http.stories import story_shape
from oncedesk.http.threads import conversations_of
from oncedesk.storage.parking import Dropped, Parked, ParkedPosition
from oncedesk.storage.views.administration import ByNext, Leaving

Which = Annotated[
    Literal["all", "failed"], QueryParameter(description="`failed`: only what was tried in vain")
]

Slice = Annotated[
    int,
    QueryParameter(
        name="slice", ge=0, le=BUDGET_SLICES, description="0: what deals out to the others"
    ),
]


class Tried(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of it; accepted, it is parked no longer."""

    status: Status
    code: str = ""
    detail: str = ""


class DifferenceShape(msgspec.Struct, frozen=True):
    """At which version the journal and the state disagree, and how."""

    version: int
    what: str


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of playing the journal of one thing again."""

    commands: int
    events: int
    same: bool
    differences: tuple[DifferenceShape, ...]


@get("/parked", Question, "listParked", "What failed")
async def list_parked(request: Call, cursor: Cursor = None, limit: Limit = LIMIT) -> Page[Parked]:
    """Commands and reactions that wait for an operator, the newest first. One that fails again is
    among the newest again."""
    rows = await request.service.parts.parking.newest(
        after=request.position(ParkedPosition, cursor), limit=limit
    )
    last = ParkedPosition(rows[-1].at, rows[-1].id) if rows else None
    return request.page(rows, limit, last)


@post("/parked/{parked:uuid}/retry", Plain, "retryParked", "Try it again")
async def retry(request: Call, parked: Id) -> Tried:
    """With the same id, so never twice. What this program cannot read stays parked."""
    parts = request.service.parts
    try:
        answer = await parts.parking.retry(parked, parts.engine.send)
    except msgspec.DecodeError as error:
        return Tried(status=Status.PARKED, code="parked", detail=f"it cannot be read: {error}")
    if answer is None:
        raise Refused(problem("not_found"))
    return Tried(status=answer.status, code=answer.code, detail=answer.detail)


@post("/parked/{parked:uuid}/dropping", Plain, "dropParked", "Give it up", status=204)
async def drop(request: Call, parked: Id) -> None:
    """It is not tried again; that it was parked and dropped stands in the log. A text of
    somebody under a legal hold stays (`legal_hold`)."""
    request.needs_admin()
    match await request.service.parts.parking.drop(parked):
        case Dropped.NOTHING:
            raise Refused(problem("not_found"))
        case Dropped.HELD:
            raise Refused(problem("legal_hold", "what is of nobody under a legal hold"))
        case Dropped.DONE:
            request.log("parked_dropped", id=str(parked))


@get("/outbox", Question, "listOutbox", "What waits to leave")
async def outbox(
    request: Call, only: Which = "all", cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[Leaving]:
    """The next to be tried first."""
    rows = await request.views.administration.leaving(
        reader=request.reader,
        all_=only == "all",
        after=request.position(ByNext, cursor),
        limit=limit,
    )
    last = ByNext(rows[-1].next_at, rows[-1].id) if rows else None
    return request.page(rows, limit, last)


@get(
    "/consumers/{consumer:uuid}/orders/{order:uuid}/story",
    Question,
    "readOrderStory",
    "How it came to this with an order",
)
async def order_story(
    request: Call, consumer: Id, order: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Who told what, when, by which rule, and what it came to."""
    return await _story(request, order_ref(consumer=consumer, order=order), after, limit)


@get(
    "/consumers/{consumer:uuid}/orders/{order:uuid}/remedies/story",
    Question,
    "readRemediesStory",
    "How it came to this with what was made good",
)
async def remedies_story(
    request: Call, consumer: Id, order: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """What was asked for, granted, refused and paid, and on which basis."""
    return await _story(request, remedies_ref(consumer=consumer, order=order), after, limit)


@get(
    "/consumers/{consumer:uuid}/conversations",
    Question,
    "listConversationsOf",
    "A consumer's conversations",
)
async def conversations(
    request: Call, consumer: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[ConversationShape]:
    """The last changed first, to find the one whose story is wanted."""
    return await conversations_of(request, consumer=consumer, cursor=cursor, limit=limit)


@get("/agents/{agent:uuid}/story", Question, "readAgentStory", "How it came to this with an agent")
async def agent_story(
    request: Call, agent: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Memberships, shifts, presence, and the cases that came and went."""
    return await _story(request, agent_ref(agent), after, limit)


@get("/parties/{party:uuid}/story", Question, "readPartyStory", "How it came to this with a party")
async def party_story(
    request: Call, party: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Without personal data."""
    request.needs_admin()
    return await _story(request, party_ref(party), after, limit)


@get(
    "/parties/{party:uuid}/accounts/{currency:str}/story",
    Question,
    "readAccountStory",
    "How it came to this with a party's account",
)
async def account_story(
    request: Call, party: Id, currency: CurrencyPath, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Which funds were told of, what was owed, recovered and written off."""
    return await _story(request, account_ref(party=party, currency=currency), after, limit)


@get(
    "/consumers/{consumer:uuid}/wallet/story",
    Question,
    "readWalletStory",
    "How it came to this with a consumer's wallet",
)
async def wallet_story(
    request: Call, consumer: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """What was given, taken and adjusted, and by whom."""
    return await _story(request, wallet_ref(consumer), after, limit)


@get(
    "/markets/{market:str}/budgets/{budget:str}/{currency:str}/story",
    Question,
    "readBudgetStory",
    "How it came to this with a budget",
)
async def budget_story(
    request: Call,
    market: MarketPath,
    budget: NamePath,
    currency: CurrencyPath,
    slice_: Slice = 0,
    after: After = 0,
    limit: Limit = LIMIT,
) -> StoryShape:
    """Who set how much there is, and what was dealt out; of a slice, what it had and gave."""
    ref = budget_ref(name=budget, market=market, currency=currency, slice_=slice_)
    return await _story(request, ref, after, limit)


@get(
    "/merchants/{merchant:uuid}/listings/{listing:uuid}/story",
    Question,
    "readListingStory",
    "How it came to this with a listing",
)
async def listing_story(
    request: Call, merchant: Id, listing: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """How it was described, and when."""
    return await _story(request, listing_ref(merchant=merchant, listing=listing), after, limit)


@get("/desks/{desk:str}/story", Question, "readDeskStory", "How it came to this with a desk")
async def desk_story(
    request: Call, desk: DeskPath, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """When it opened, who was there, when it was flooded."""
    return await _story(request, desk_ref(desk_of(desk)), after, limit)


@get(
    "/markets/{market:str}/story",
    Question,
    "readMarketStory",
    "How it came to this with a market's rules",
)
async def market_story(
    request: Call, market: MarketPath, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Which packs were published and withdrawn, by whom, and why."""
    return await _story(request, rulebook_ref(market), after, limit)


@get(
    "/consumers/{consumer:uuid}/conversations/{conversation:uuid}/replay",
    Question,
    "replayConversation",
    "Would it be decided the same again?",
)
async def replay_conversation(request: Call, consumer: Id, conversation: Id) -> Replayed:
    """The state is rebuilt from its events, and each command decided again from what it saw."""
    ref = conversation_ref(consumer=consumer, conversation=conversation)
    return await _replayed(request, ref)


@get(
    "/consumers/{consumer:uuid}/orders/{order:uuid}/replay",
    Question,
    "replayOrder",
    "Would it be decided the same again?",
)
async def replay_order(request: Call, consumer: Id, order: Id) -> Replayed:
    """The state is rebuilt from its events, and each command decided again from what it saw."""
    return await _replayed(request, order_ref(consumer=consumer, order=order))


ROUTES = (
    list_parked,
    retry,
    drop,
    outbox,
    order_story,
    remedies_story,
    conversations,
    agent_story,
    party_story,
    account_story,
    wallet_story,
    budget_story,
    listing_story,
    desk_story,
    market_story,
    replay_conversation,
    replay_order,
)


async def _story(request: Call, ref: Ref, after: int, limit: int) -> StoryShape:
    chapter = await request.views.story.of(ref, reader=request.reader, after=after, limit=limit)
    if not after and not chapter.told:
        raise Refused(problem("not_found"))
    return await story_shape(request, chapter)


async def _replayed(request: Call, ref: Ref) -> Replayed:
    report = await (await request.service.parts.replay()).look_at(ref)
    if not report.commands:
        raise Refused(problem("not_found"))
    return Replayed(
        commands=report.commands,
        events=report.events,
        same=not report.different,
        differences=tuple(DifferenceShape(one.version, one.what) for one in report.differences),
    )
