"""A small world for the conversations' specs: one order, its desks, their agents, and two packs."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace as changed

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import (
    AgentCommand,
    AssignCase,
    Audience,
    Channel,
    ClosingReason,
    PostMessage,
    ReceiveContact,
    ResolveCase,
    Surface,
)
from oncedesk.domain.conversations.state import Case, Clock, Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.shared.calendars import Calendar, Span, always
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_ref
from oncedesk.domain.shared.rulepack import (
    AskingRule,
    ClockKind,
    ClockRule,
    Expiry,
    IssueRule,
    JoiningRule,
    Pack,
    PromiseRule,
    SurgeRule,
    clock_key,
)
from tests.support.specs import Spec

HOUR = 3_600
DAY = 24 * HOUR
TEXT = digest(b"a text")

CONSUMER = derived_id("test", "consumer")
STRANGER = derived_id("test", "stranger")
MERCHANT = derived_id("test", "merchant")
CREATOR = derived_id("test", "creator")
ORDER = derived_id("test", "order")
LISTING = derived_id("test", "listing")
PROMISE = derived_id("test", "promise")
SHOP_AGENT = derived_id("test", "agent", "shop")
SHOP_COLLEAGUE = derived_id("test", "agent", "shop colleague")
CREATOR_AGENT = derived_id("test", "agent", "creator")
PLATFORM_AGENT = derived_id("test", "agent", "platform")

SHOP = Desk(DeskKind.MERCHANT, MERCHANT)
ROOM = Desk(DeskKind.CREATOR, CREATOR)
ORDER_PART = Subject(SubjectKind.ORDER, ORDER, 1)
CONVERSATION = conversation_id(consumer=CONSUMER, subject=ORDER_PART)

BY_CONSUMER = Actor(Role.CONSUMER, CONSUMER)
BY_STRANGER = Actor(Role.CONSUMER, STRANGER)
BY_SHOP = Actor(Role.AGENT, SHOP_AGENT)
BY_PLATFORM = Actor(Role.AGENT, PLATFORM_AGENT)


@dataclass(frozen=True)
class PartView:
    number: int
    merchant: UUID | None
    shipped_at: datetime | None = None


@dataclass(frozen=True)
class OrderView:
    """What conversations see of an order."""

    placed: bool = True
    consumer: UUID = CONSUMER
    market: str = "cn"
    parts: tuple[PartView, ...] = (PartView(1, MERCHANT),)
    creator: UUID | None = CREATOR
    language: str = ""


@dataclass(frozen=True)
class DeskView:
    """What conversations see of a desk."""

    open: bool = True
    staffed: bool = True
    staffed_from: datetime | None = None
    surge: bool = False
    oldest_wait_seconds: int = 0


@dataclass(frozen=True)
class AgentView:
    """What conversations see of an agent."""

    desks: tuple[Desk, ...]
    supervised: tuple[Desk, ...] = ()

    def member_of(self, desk: Desk, at: datetime) -> bool:
        return desk in self.desks

    def supervises(self, desk: Desk, at: datetime) -> bool:
        return desk in self.supervised


@dataclass
class PacksOf:
    """The packs of a test: the last one is in force."""

    known: list[Pack] = field(default_factory=list)

    def current(self, market: str) -> Pack:
        return self.known[-1]

    def by_hash(self, pack_hash: str) -> Pack:
        return next(pack for pack in self.known if pack.hash == pack_hash)


def clock_rule(
    issue: str,
    desk: DeskKind | None,
    clock: ClockKind,
    seconds: int,
    on_expiry: Expiry,
    *,
    calendar: str = "always",
    warn_seconds: int = 0,
) -> ClockRule:
    key = clock_key(issue=issue, desk=desk, clock=clock)
    return ClockRule(key, issue, desk, clock, seconds, calendar, warn_seconds, on_expiry)


def issue_rule(issue: str, owner: DeskKind, skill: str, priority: int, **more: Any) -> IssueRule:
    return IssueRule(
        id=f"issue/{issue}",
        issue=issue,
        owner=owner,
        cause=more.pop("cause", owner.value),
        liable=more.pop("liable", owner.value),
        skill=skill,
        priority=priority,
        **more,
    )


_M, _C, _P = DeskKind.MERCHANT, DeskKind.CREATOR, DeskKind.PLATFORM
_FIRST, _NEXT, _RESOLUTION = (
    ClockKind.FIRST_RESPONSE,
    ClockKind.NEXT_RESPONSE,
    ClockKind.RESOLUTION,
)
_OVER, _DECIDE, _REMIND = Expiry.TAKE_OVER, Expiry.DECIDE, Expiry.REMIND

CLOCKS = (
    clock_rule("*", None, _FIRST, 8 * HOUR, _OVER, warn_seconds=HOUR),
    clock_rule("*", None, _NEXT, 12 * HOUR, _OVER),
    clock_rule("*", None, _RESOLUTION, 4 * DAY, _OVER),
    clock_rule("*", _M, _FIRST, 4 * HOUR, _OVER, warn_seconds=HOUR),
    clock_rule("*", _M, _NEXT, 6 * HOUR, _OVER),
    clock_rule("*", _M, _RESOLUTION, 2 * DAY, _OVER),
    clock_rule("*", _C, _FIRST, 5 * HOUR, _OVER),
    clock_rule("*", _C, _NEXT, 7 * HOUR, _OVER),
    clock_rule("*", _C, _RESOLUTION, 3 * DAY, _OVER),
    clock_rule("*", _P, _FIRST, 2 * HOUR, _OVER),
    clock_rule("*", _P, _NEXT, 3 * HOUR, _OVER),
    clock_rule("*", _P, _RESOLUTION, 3 * DAY, _OVER),
    clock_rule("refund", _M, _FIRST, 2 * HOUR, _DECIDE),
    clock_rule("refund", _M, _RESOLUTION, DAY, _DECIDE),
    clock_rule("advice", _M, _FIRST, HOUR, _REMIND),
    clock_rule("office", _M, _FIRST, 4 * HOUR, _OVER, calendar="office"),
    clock_rule("second_complaint", _M, _FIRST, HOUR, _OVER),
    clock_rule("second_complaint", None, _FIRST, 2 * HOUR, _OVER),
)

ISSUES = (
    issue_rule("refund", _M, "refunds", 3, decision="refund_granted", decides_in_surge=True),
    issue_rule("late_delivery", _M, "delivery", 3, cause="carrier"),
    issue_rule("late_shipping", _M, "delivery", 3),
    issue_rule("quality", _M, "quality", 3, liable="merchant:70 creator:30"),
    issue_rule("offer", _C, "live", 3),
    issue_rule("advice", _M, "advice", 5, cause="unknown", liable="unknown"),
    issue_rule("office", _M, "orders", 4),
    issue_rule("safety", _P, "safety", 0),
    issue_rule("other", _P, "orders", 5, cause="unknown", liable="unknown"),
)

OFFICE = Calendar(
    name="office",
    timezone="UTC",
    week=((Span(9 * 60, 18 * 60),),) * 7,
)

PACK = Pack(
    market="cn",
    version="test",
    hash="a" * 32,
    language="zh",
    issues={rule.issue: rule for rule in ISSUES},
    clocks={rule.id: rule for rule in CLOCKS},
    calendars={"always": always(), "office": OFFICE},
    joining=JoiningRule("joining", 30 * 60, 7 * DAY, 2),
    asking=AskingRule("asking", 2 * DAY, 2, 2, "always"),
    surge=SurgeRule("surge", 1_800, 600, call_back=True),
    promises=PromiseRule("promises", "UTC", 2 * DAY, "always", DAY, 960, 15, True),
)


def with_clock(desk: DeskKind | None, clock: ClockKind, **changes: object) -> Pack:
    """The pack with one clock rule for any issue changed."""
    key = clock_key(issue="*", desk=desk, clock=clock)
    rule = changed(PACK.clocks[key], **changes)
    return changed(PACK, hash=f"{key}{changes}", clocks={**PACK.clocks, key: rule})


STRICTER_PACK = changed(
    PACK,
    hash="b" * 32,
    clocks={rule.id: changed(rule, seconds=rule.seconds // 2, warn_seconds=0) for rule in CLOCKS},
)


class Talk(Spec):
    """One consumer's conversation about part 1 of the order, and those around it."""

    def __init__(self) -> None:
        self.known = PacksOf([PACK])
        super().__init__(DECIDER, self.known)
        self.world = {
            ORDER: OrderView(),
            SHOP_AGENT: AgentView((SHOP,)),
            SHOP_COLLEAGUE: AgentView((SHOP,)),
            CREATOR_AGENT: AgentView((ROOM,)),
            PLATFORM_AGENT: AgentView((PLATFORM,)),
        }
        for desk in (SHOP, ROOM, PLATFORM):
            self.desk(desk)

    def desk(self, desk: Desk, **facts: Any) -> Self:
        """What is known of this desk."""
        self.world[desk_ref(desk).id] = DeskView(**facts)
        return self

    def order(self, **facts: Any) -> Self:
        self.world[ORDER] = replace(OrderView(), **facts)
        return self

    def without(self, desk: Desk) -> Self:
        """Nobody ever set this desk up."""
        del self.world[desk_ref(desk).id]
        return self

    def publish(self, pack: Pack) -> Self:
        self.known.known.append(pack)
        return self

    def says(self, *, by: Actor = BY_CONSUMER, **details: Any) -> Self:
        """The consumer says something."""
        return self.when(contact(**details), by=by)

    def assigned(self, *, agent: UUID = SHOP_AGENT, case: int = 1) -> Self:
        return self.when(about(AssignCase, agent=agent, case=case))

    def answered(self, *, agent: UUID = SHOP_AGENT, case: int = 1) -> Self:
        """A human answers the consumer."""
        return self.does(PostMessage, agent=agent, case=case, audience=Audience.CONSUMER, **TEXTED)

    def does(self, kind: type[AgentCommand], *, agent: UUID = SHOP_AGENT, **details: Any) -> Self:
        """An agent does something."""
        command = about(kind, agent=agent, **details)
        return self.when(command, by=Actor(Role.AGENT, agent))

    def resolved(self, reason: ClosingReason = ClosingReason.SOLVED, **details: Any) -> Self:
        return self.does(ResolveCase, reason=reason, **details)

    def case(self, number: int = 1) -> Case:
        assert isinstance(self.state, Conversation)
        found = self.state.case(number)
        assert found is not None, f"case {number} is closed, or never was"
        return found

    def clock(self, kind: ClockKind, side: Any, case: int = 1) -> Clock:
        found = self.case(case).clock(kind, side)
        assert found is not None, f"no {kind} on the side of the {side}"
        return found


TEXTED: dict[str, Any] = {"digest": TEXT, "length": 6}


def talk() -> Talk:
    return Talk()


def opened(**details: Any) -> Talk:
    """A conversation whose first case was just opened."""
    return talk().says(**details)


def at_work(**details: Any) -> Talk:
    """The shop's agent has the case."""
    return opened(**details).assigned()


def contact(**details: Any) -> ReceiveContact:
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "market": "cn",
        "channel": Channel.APP_CHAT,
        "surface": Surface.ORDER,
        "language": "zh",
        "issue": "late_delivery",
        "digest": TEXT,
        "length": 6,
    }
    return ReceiveContact(**{**given, **details})


def about(kind: Any, **details: Any) -> Any:
    """A command about the first case, unless another is named."""
    given: dict[str, Any] = {"consumer": CONSUMER, "conversation": CONVERSATION, "case": 1}
    return kind(**{**given, **details})
