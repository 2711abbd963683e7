"""Commands to an agent's state and the events it records. Names are stable for ever.

Names and addresses of agents stand in `person` rows; a command carries only their hash and length.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.decider import Actor, Refusal, Wake
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Ref, agent_ref

Code = Annotated[str, bounded("[a-z0-9_.:-]{1,48}", max_length=48)]
CodeIfAny = Annotated[str, bounded("[a-z0-9_.:-]{0,48}", max_length=48)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{2,16}", max_length=16)]
LanguageIfAny = Annotated[str, bounded("[A-Za-z0-9-]{0,35}", max_length=35)]
CapacityLimit = Annotated[int, Meta(ge=0, le=20)]
Market = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
Digest = Annotated[bytes, Meta(max_length=16)]
Length = Annotated[int, Meta(ge=0)]
CaseNumber = Annotated[int, Meta(ge=1)]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]

CAPACITY = 5
"""Cases an agent may hold at once, unless set otherwise."""
WRAP_UP_SECONDS = 60
"""How long an agent may finish up between cases; then new work comes by itself."""
GRACE_SECONDS = 600
"""How long an absent agent keeps the cases; then they go back to the queue."""
DRAIN_SECONDS = 900
"""How long before a shift's end no new work comes, so that the rest can be finished."""


class DeskRole(StrEnum):
    """What a member may do at a desk; both may take work."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class Presence(StrEnum):
    """Whether new work may come. Only `available` takes any; `away` alone lets go of cases."""

    AVAILABLE = "available"
    WRAP_UP = "wrap_up"
    DRAINING = "draining"
    AWAY = "away"


class Because(StrEnum):
    """Why the presence is what it is."""

    ASKED = "asked"
    WRAPPED_UP = "wrapped_up"
    SHIFT_DRAINING = "shift_draining"
    SHIFT_END = "shift_end"
    BREAK = "break"
    BREAK_OVER = "break_over"
    UNSEEN = "unseen"
    SUPERVISOR = "supervisor"


class LeavingReason(StrEnum):
    """Why a case goes back to the queue without its agent having done anything."""

    SHIFT_END = "shift_end"
    ABSENT = "absent"
    LEFT_DESK = "left_desk"


class RevealField(StrEnum):
    """What can be revealed: one thing known of a person, or a conversation's messages."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    ID_NUMBER = "id_number"
    MESSAGES = "messages"


class AuthorityLimit(StrEnum):
    """What keeps an agent from giving something alone. Own accounts: from giving it at all."""

    OWN_ACCOUNT = "own_account"
    NOT_MEMBER = "not_member"
    NO_AUTHORITY = "no_authority"
    CASE = "case"
    DAY = "day"


class RevealReason(StrEnum):
    """Why somebody has to see it."""

    CALL_BACK = "call_back"
    SHIPPING = "shipping"
    IDENTITY_CHECK = "identity_check"
    FRAUD_CHECK = "fraud_check"
    SAFETY = "safety"
    LEGAL = "legal"


class Break(Record, frozen=True, array_like=True):
    """A span [starts_at, ends_at) of a shift without new work."""

    starts_at: Moment
    ends_at: Moment


class HeldCase(Record, frozen=True, array_like=True):
    """Which case: the number of a problem in a consumer's conversation."""

    consumer: UUID
    conversation: UUID
    case: int


class ToAgent(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command to an agent has."""

    agent: UUID

    def target(self) -> Ref:
        return agent_ref(self.agent)


class RegisterAgent(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """An agent exists. `digest` and `length` are of the private data in the `person` row."""

    digest: Digest = b""
    length: Length = 0
    capacity: CapacityLimit = CAPACITY


class UpdateAgent(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The private data in the `person` row is now this."""

    digest: Digest
    length: Length


class JoinDesk(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A dated membership [starts_at, ends_at); without an end it is open."""

    desk: Desk
    role: DeskRole
    starts_at: Moment
    ends_at: Moment | None = None


class LeaveDesk(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The membership ends then, or now."""

    desk: Desk
    ends_at: Moment | None = None


class SetSkills(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All that the agent can do and speak from now on. No language listed: any is accepted."""

    skills: Annotated[tuple[Code, ...], Meta(max_length=24)] = ()
    languages: Annotated[tuple[Language, ...], Meta(max_length=8)] = ()


class SetCapacity(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """How many cases at once. Below what is held, it takes effect as cases end."""

    capacity: CapacityLimit


class SetLimits(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This agent's times; shifts that are planned already keep their drain start."""

    wrap_up_seconds: Seconds = WRAP_UP_SECONDS
    grace_seconds: Seconds = GRACE_SECONDS
    drain_seconds: Seconds = DRAIN_SECONDS


class PlanShift(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A shift [starts_at, ends_at) with breaks in it. Its start names it.

    `by` is a supervisor of a desk to which the agent belongs, where nobody else says so.
    """

    starts_at: Moment
    ends_at: Moment
    breaks: Annotated[tuple[Break, ...], Meta(max_length=4)] = ()
    by: UUID | None = None


class CancelShift(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A shift that does not take place; one that runs ends now."""

    starts_at: Moment
    by: UUID | None = None


class SetPresence(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the agent (or a supervisor, `by`) says. Before a shift's end `available` means
    draining."""

    presence: Presence
    by: UUID | None = None


class NoteSeen(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent's screen is alive. Once sent, its absence counts; who never sends it is trusted."""


class ReserveCapacity(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The dispatcher wants this agent to take a case. An empty skill or language asks for none."""

    consumer: UUID
    conversation: UUID
    case: CaseNumber
    desk: Desk
    skill: CodeIfAny = ""
    language: LanguageIfAny = ""


class GiveCase(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A supervisor (`by`, or an admin) gives this agent a case of the desk, whoever has it now.

    Skills and languages are the supervisor's to judge. Supervisors may give themselves a case.
    """

    consumer: UUID
    conversation: UUID
    case: CaseNumber
    desk: Desk
    by: UUID | None = None


class PickCase(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent takes this very case from its desk's queue. It takes leave to pick."""

    consumer: UUID
    conversation: UUID
    case: CaseNumber
    desk: Desk


class SetPicking(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Whether the agent may pick cases; a supervisor may at the desks that they supervise."""

    picks: bool


class ReleaseCapacity(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The case is no longer the agent's, whatever the reason."""

    conversation: UUID
    case: CaseNumber
    reason: CodeIfAny = ""


class HandOver(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent wrote a line for whoever has the case next.

    `note` is the internal message of the conversation in which it stands, posted before; the text
    belongs to the conversation and is erased with it.
    """

    conversation: UUID
    case: CaseNumber
    note: UUID


class EraseAgentData(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Overwrite the private data in the `person` row. What the agent did stays on record.

    They leave every desk, and none of their shifts takes place.
    """


class NoteBlocked(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The gate kept back something that the agent wanted to say to a consumer."""

    message: UUID


class RequestReveal(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """See one thing about one consumer in clear, for a reason and for a short time.

    `desk` is for whom the agent asks. `conversation` and `case` say what it is for; `order`, of
    which goods of the agent's merchant still have to travel. The messages of a conversation are
    revealed together.
    """

    consumer: UUID
    market: Market
    field: RevealField
    reason: RevealReason
    desk: Desk
    conversation: UUID | None = None
    case: CaseNumber | None = None
    order: UUID | None = None


class LinkAccounts(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All consumer accounts that are the agent's own or of those close to them.

    The agent gives nothing to any of these.
    """

    consumers: Annotated[tuple[UUID, ...], Meta(max_length=16)] = ()


class SpendAuthority(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A remedy asks whether this agent may give so much; `case_minor` is what its case got before.

    `second`: this agent stands by what another one wants to give.
    """

    consumer: UUID
    order: UUID
    remedy: Annotated[int, Meta(ge=1)]
    market: Market
    desk: Desk
    currency: Currency
    amount_minor: Annotated[int, Meta(ge=0, le=10**15)]
    case_minor: Annotated[int, Meta(ge=0, le=10**15)] = 0
    second: bool = False


class ReturnAuthority(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was counted at `spent_at` was not given: it is the agent's to give again."""

    consumer: UUID
    order: UUID
    remedy: Annotated[int, Meta(ge=1)]
    currency: Currency
    amount_minor: Annotated[int, Meta(ge=0, le=10**15)]
    spent_at: Moment


class LiftRevealAlarm(ToAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody has looked into it: the agent may ask again. `by` is a supervisor, if no admin."""

    by: UUID | None = None


AgentCommand = (
    ReserveCapacity
    | GiveCase
    | PickCase
    | SetPicking
    | ReleaseCapacity
    | SetPresence
    | NoteSeen
    | HandOver
    | RegisterAgent
    | UpdateAgent
    | JoinDesk
    | LeaveDesk
    | SetSkills
    | SetCapacity
    | SetLimits
    | PlanShift
    | CancelShift
    | EraseAgentData
    | NoteBlocked
    | RequestReveal
    | LiftRevealAlarm
    | LinkAccounts
    | SpendAuthority
    | ReturnAuthority
    | Wake
)


class OfAgent(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of an agent has. `at` is when it holds from, which may be before now."""

    agent: UUID
    at: datetime


class AgentRegistered(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    digest: bytes
    length: int
    capacity: int


class AgentUpdated(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    digest: bytes
    length: int


class AgentDataErased(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All private data that was kept until now."""


class DeskJoined(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    desk: Desk
    role: DeskRole
    starts_at: datetime
    ends_at: datetime | None = None


class DeskLeft(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The membership now ends at `ends_at`; later ones at this desk are gone."""

    desk: Desk
    ends_at: datetime


class SkillsSet(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    skills: tuple[str, ...]
    languages: tuple[str, ...]


class CapacitySet(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    capacity: int


class PickingSet(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    picks: bool


class LimitsSet(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    wrap_up_seconds: int
    grace_seconds: int
    drain_seconds: int


class ShiftPlanned(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    starts_at: datetime
    ends_at: datetime
    drains_at: datetime
    breaks: tuple[Break, ...] = ()


class ShiftCancelled(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    starts_at: datetime


class ShiftBegan(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    starts_at: datetime


class DrainingBegan(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    ends_at: datetime


class HandOverAsked(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The shift ends at `ends_at`; each of these cases needs a line for whoever comes next."""

    ends_at: datetime
    cases: tuple[HeldCase, ...]


class ShiftEnded(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    starts_at: datetime


class BreakBegan(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    ends_at: datetime


class BreakEnded(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class PresenceChanged(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`until` ends the wrap-up, or the grace of somebody away; None where nothing runs."""

    presence: Presence
    because: Because
    until: datetime | None = None


class PresenceConfirmed(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Alive, or to be heard again; without another sign by `until` the agent counts as away."""

    until: datetime


class CapacityReserved(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """One place is taken. By reaction the conversation assigns the case; one that was `given`
    leaves whoever has it."""

    consumer: UUID
    conversation: UUID
    case: int
    desk: Desk
    skill: str = ""
    language: str = ""
    given: bool = False


class CapacityReleased(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    consumer: UUID
    conversation: UUID
    case: int
    reason: str = ""


class HandOverWritten(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The line is the conversation's message `note`."""

    consumer: UUID
    conversation: UUID
    case: int
    note: UUID


class WorkLeft(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The case goes back to the queue. It keeps its place here until the conversation lets go.

    `note` is the message with the last hand-over line, none where nobody wrote one.
    """

    consumer: UUID
    conversation: UUID
    case: int
    handed_over: bool
    reason: LeavingReason
    note: UUID | None = None


class BlockNoted(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The `count`th message that the gate kept back since `since`."""

    since: datetime
    count: int


class BlocksRepeated(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """So many within a day: somebody should speak with the agent."""

    since: datetime
    count: int


class RevealGranted(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent may see it in clear until `until`."""

    consumer: UUID
    field: RevealField
    reason: RevealReason
    desk: Desk
    until: datetime
    rule: str
    conversation: UUID | None = None
    case: int | None = None
    order: UUID | None = None


class RevealAlarmRaised(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """More reveals within `seconds` than the pack has for an agent; nothing more is revealed."""

    count: int
    seconds: int
    rule: str


class RevealAlarmLifted(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    by: Actor


class AccountsLinked(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All of them, as of now."""

    consumers: tuple[UUID, ...]


class OfAuthority(OfAgent, frozen=True, kw_only=True, omit_defaults=True):
    """What the agent's authority says of one remedy."""

    consumer: UUID
    order: UUID
    remedy: int
    currency: str
    amount_minor: int
    rule: str


class AuthoritySpent(OfAuthority, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent may give it, and it counts from now on.

    `consumer_minor` is the most that a consumer may be given within 30 days.
    """

    consumer_minor: int
    market: str


class AuthorityExceeded(OfAuthority, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent may not, or not alone: which limit, and how much it is."""

    limit: AuthorityLimit
    limit_minor: int = 0


class AuthorityReturned(OfAgent, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """So much of what was counted at `spent_at` counts no more."""

    consumer: UUID
    order: UUID
    remedy: int
    currency: str
    amount_minor: int
    spent_at: datetime


AgentEvent = (
    CapacityReserved
    | CapacityReleased
    | WorkLeft
    | PresenceChanged
    | PresenceConfirmed
    | HandOverAsked
    | HandOverWritten
    | ShiftBegan
    | DrainingBegan
    | ShiftEnded
    | BreakBegan
    | BreakEnded
    | ShiftPlanned
    | ShiftCancelled
    | AgentRegistered
    | AgentUpdated
    | DeskJoined
    | DeskLeft
    | SkillsSet
    | PickingSet
    | CapacitySet
    | LimitsSet
    | AgentDataErased
    | BlockNoted
    | BlocksRepeated
    | RevealGranted
    | RevealAlarmRaised
    | RevealAlarmLifted
    | AccountsLinked
    | AuthoritySpent
    | AuthorityExceeded
    | AuthorityReturned
)

Answer = Sequence[AgentEvent] | Refusal
"""What a command comes to."""
