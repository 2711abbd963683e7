"""What is known of one conversation: its cases, who has each, and which clocks run."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.conversations.messages import (
    CaseStatus,
    Channel,
    ClosingReason,
    ContactKind,
    Left,
    Origin,
    RatingReason,
    ReferralMode,
    Side,
    Surface,
)
from oncedesk.domain.conversations.subjects import Subject
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import ClockKind

CASES_LIVE_MAX = 12
"""Open and resolved cases of one conversation; beyond that a contact joins the newest.

So many, each with an agent, a referral and six clocks, are what fits into 8 kB.
"""
CLOSED_KEPT_MAX = 4
BREACHES_KEPT_MAX = 6
LEFT_KEPT_MAX = 8
NAMED_KEPT_MAX = 8
REMEDIES_KEPT_MAX = 8
"""Of one case; for others its recontact window does not wait."""

FAILS_CONTACT_ONCE = frozenset((ContactKind.CHASER, ContactKind.RECONTACT, ContactKind.OUTSIDE))
ENDS_BY_ITSELF = frozenset((Origin.BREACH, Origin.DISPUTE, Origin.REMEDY))
"""Later news may end what opened by itself, as long as nobody has spoken in it."""
RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)


class Clock(Record, frozen=True, array_like=True):
    """A deadline. `due_at` None: it stands still with `left_seconds` to go. Fields: append only.

    `pack` is the place in `Conversation.packs` of the pack under which it was started.
    """

    kind: ClockKind
    side: Side
    due_at: datetime | None
    warn_at: datetime | None
    pack: int
    reminders: int = 0
    left_seconds: int = 0


class Asked(Record, frozen=True, array_like=True):
    """The question that the consumer has not answered yet."""

    question: UUID
    at: datetime
    agent: UUID | None = None


class Referral(Record, frozen=True, array_like=True):
    """The desk that was asked, which one asked, and who there."""

    desk: Desk
    back_to: Desk
    mode: ReferralMode
    question: UUID
    agent: UUID | None = None


class Case(Record, frozen=True, array_like=True):
    """One problem. Exactly one desk owns it. Fields: append only.

    `preferred` is who had it last, should it be queued at the same desk. `answered`: a human has
    spoken to the consumer since it was opened or reopened. `last_at` is when the consumer or a
    human last spoke, or the consumer reopened it. `failed`: one contact was not enough.
    `last_outside`: the last contact came past our help. `reopens` counts "not solved". `remedies`
    are those of it that still run. `surface` is where the consumer was when it was opened;
    `outside` the way past our help by which they came last, or that of a regulator, which it stays.
    `barred` is never given it. `score` is how the service in it was rated; 0: it was not. `needed`:
    a remedy in it needs a person of the platform. `placed`: somebody had it, or has decided whose
    it is. `wished`: a remedy was asked for by its name, or answered: of that its own clock says
    what silence means.
    """

    number: int
    issue: str
    origin: Origin
    language: str
    opened_at: datetime
    owner: Desk
    priority: int = 9
    clocks: tuple[Clock, ...] = ()
    agent: UUID | None = None
    preferred: UUID | None = None
    asked: Asked | None = None
    pauses: int = 0
    referral: Referral | None = None
    contacts: int = 0
    failed: bool = False
    answered: bool = False
    call_back: bool = False
    last_at: datetime | None = None
    reopens: int = 0
    closing: ClosingReason | None = None
    last_outside: bool = False
    remedies: tuple[int, ...] = ()
    surface: Surface | None = None
    outside: Channel | None = None
    barred: UUID | None = None
    score: int = 0
    needed: bool = False
    placed: bool = False
    wished: bool = False

    @property
    def is_open(self) -> bool:
        return self.closing is None

    @property
    def status(self) -> CaseStatus:
        """Where it stands; it follows from the rest, so the two cannot differ."""
        if self.closing is not None:
            return CaseStatus.RESOLVED
        if self.asked is not None:
            return CaseStatus.WAITING_CONSUMER
        for clock in self.clocks:
            if clock.kind is ClockKind.FOLLOW_UP:
                return CaseStatus.FOLLOW_UP
        return CaseStatus.QUEUED if self.agent is None else CaseStatus.ASSIGNED

    @property
    def due_at(self) -> datetime | None:
        """When the first of its running clocks runs out."""
        return min((c.due_at for c in self.clocks if c.due_at is not None), default=None)

    @property
    def responses(self) -> tuple[Clock, ...]:
        """The clocks of the answer that the consumer is owed, if one is."""
        return tuple(
            clock
            for clock in self.clocks
            if clock.kind in RESPONSES and clock.side is not Side.REFERRAL
        )

    def clock(self, kind: ClockKind, side: Side) -> Clock | None:
        for clock in self.clocks:
            if clock.kind is kind and clock.side is side:
                return clock
        return None


class ClosedCase(Record, frozen=True, array_like=True):
    """What is left of a case whose recontact window is over. Fields: append only.

    `noticed`: it was opened for a promise that was broken, before anybody said anything.
    """

    number: int
    issue: str
    reason: ClosingReason
    opened_at: datetime
    closed_at: datetime
    score: int = 0
    noticed: bool = False


class LastRated(Record, frozen=True, array_like=True):
    """The case that was rated last, when that was first done, and why. Fields: append only."""

    case: int
    at: datetime
    reasons: tuple[RatingReason, ...] = ()


class Named(Record, frozen=True, array_like=True):
    """Whose a case about no order was said to be. Fields: append only."""

    case: int
    merchant: UUID | None = None
    creator: UUID | None = None


class Breach(Record, frozen=True, array_like=True):
    """A broken promise that a case was opened for, or has joined."""

    promise: UUID
    breach: str
    case: int


class Conversation(Record, frozen=True, omit_defaults=True):
    """One consumer and one subject. `cases` are the open and the resolved ones, by number.

    Of closed cases the last few are kept in short, the others counted. `packs` are the hashes of
    the packs that running clocks were started under. `flags` counts the messages to be reviewed.
    A desk that gets a case back goes on with what of its time it had `left`; the last few are kept.
    `merchant` and `creator` are who was said last; where it is about no order, `named` says whose
    each of the newest `cases` is.
    """

    consumer: UUID
    subject: Subject
    market: str
    opened_at: datetime
    merchant: UUID | None = None
    creator: UUID | None = None
    last_case: int = 0
    cases: tuple[Case, ...] = ()
    closed: tuple[ClosedCase, ...] = ()
    closed_earlier: int = 0
    packs: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    flags: int = 0
    rated: LastRated | None = None
    left: tuple[Left, ...] = ()
    named: tuple[Named, ...] = ()

    def named_in(self, case: int) -> Named | None:
        """Whose this case was said to be; None: nobody's, or it is about an order."""
        return next((one for one in self.named if one.case == case), None)

    def left_of(self, case: int, desk: Desk) -> int | None:
        """The seconds that this desk had left when it gave the case away; None: it never did."""
        had = (case, desk)
        return next((one.seconds for one in self.left if (one.case, one.desk) == had), None)

    def case(self, number: int) -> Case | None:
        """An open or resolved case; None for one that is closed or never was."""
        for case in self.cases:
            if case.number == number:
                return case
        return None

    def closed_case(self, number: int) -> ClosedCase | None:
        """A closed case of which something is still known."""
        return next((case for case in self.closed if case.number == number), None)

    def language(self, number: int | None = None) -> str:
        """In which the consumer spoke in this case, else last in any; empty where nobody knows."""
        cases = [case for case in reversed(self.cases) if case.language]
        named = (case.language for case in cases if case.number == number)
        return next(named, cases[0].language if cases else "")

    def status(self, number: int) -> CaseStatus | None:
        """Where this case stands; None where there never was one."""
        case = self.case(number)
        if case is not None:
            return case.status
        return CaseStatus.CLOSED if 0 < number <= self.last_case else None

    def pack_of(self, clock: Clock) -> str:
        return self.packs[clock.pack]


def deadline(state: Conversation) -> datetime | None:
    """The first moment at which something is due: a warning or the end of a clock."""
    earliest: datetime | None = None
    for case in state.cases:
        for clock in case.clocks:
            moment = clock.warn_at or clock.due_at
            if moment is not None and (earliest is None or moment < earliest):
                earliest = moment
    return earliest


def is_open(state: Conversation) -> bool:
    """Whether any case is open."""
    return any(case.closing is None for case in state.cases)


def check(state: Conversation) -> None:
    """What must hold in every state: DESIGN.md section 1, and the shape of the rest."""
    cases = state.cases
    before = 0
    for case in cases:
        assert case.number > before, "cases are numbered and sorted"
        assert len(case.remedies) <= REMEDIES_KEPT_MAX
        before = case.number
        kinds = _check_clocks(state, case)
        if case.closing is None:
            _check_open(case, kinds)
        else:
            _check_resolved(case, kinds)
    assert before <= state.last_case
    assert len(cases) <= CASES_LIVE_MAX, "too many live cases"
    assert len(state.closed) <= CLOSED_KEPT_MAX
    assert len(state.closed) + state.closed_earlier + len(cases) == state.last_case
    assert len(state.breaches) <= BREACHES_KEPT_MAX
    assert {one.case for one in state.named} <= {case.number for case in cases}
    assert len(state.named) <= NAMED_KEPT_MAX


def _check_clocks(state: Conversation, case: Case) -> set[tuple[ClockKind, Side]]:
    clocks = case.clocks
    kinds = {(clock.kind, clock.side) for clock in clocks}
    assert len(kinds) == len(clocks), "a clock runs twice"
    packs = len(state.packs)
    for clock in clocks:
        assert 0 <= clock.pack < packs, "a clock without its pack"
        if clock.due_at is None:
            assert case.asked is not None, "a clock stands still though nobody was asked"
            assert clock.side is Side.DESK, "only the desk's clock may stand still"
        elif clock.warn_at is not None:
            assert clock.warn_at < clock.due_at, "a warning after the end"
    return kinds


def _check_open(case: Case, kinds: set[tuple[ClockKind, Side]]) -> None:
    assert case.owner is not None, "an open case without an owner"
    assert any(clock.due_at is not None for clock in case.clocks), "no clock runs in an open case"
    assert case.agent is None or case.preferred is None, "had last by whom it has now"
    assert _WINDOW not in kinds, "an open case's window runs"
    assert (_REPLY in kinds) == (case.asked is not None), "a question and its reply clock"
    if case.referral is None:
        assert all(side is not Side.REFERRAL for _, side in kinds), "nobody was asked"
    elif case.referral.mode is ReferralMode.HAND_OVER:
        assert case.owner == case.referral.desk, "handed over to another desk"


def _check_resolved(case: Case, kinds: set[tuple[ClockKind, Side]]) -> None:
    assert case.agent is None, "a resolved case keeps its agent"
    assert case.asked is None, "a resolved case waits for the consumer"
    assert case.referral is None, "a resolved case is referred"
    assert kinds == {_WINDOW}, "a resolved case has its window, and no other clock"


_WINDOW = (ClockKind.RECONTACT, Side.CONSUMER)
_REPLY = (ClockKind.REPLY, Side.CONSUMER)
