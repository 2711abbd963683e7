"""Any commands, clocks and reactions in any order: nothing without an owner, nothing twice.

A failure prints the steps that lead to it and `@reproduce_failure`. To look for longer:
`pytest tests/properties/test_engine_machine.py --hypothesis-seed=N`.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from oncedesk.domain.agents import messages as agent_
from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind
from oncedesk.domain.desks.messages import (
    CallOffSurge,
    CloseDesk,
    DeclareSurge,
    OpenDesk,
    PublishRelief,
    ReportLoad,
    WithdrawRelief,
)
from oncedesk.domain.orders import messages as order_
from oncedesk.domain.parties.messages import (
    ErasePersonalData,
    LiftHold,
    PartyKind,
    PlaceHold,
    RegisterParty,
)
from oncedesk.domain.remedies.messages.asking import (
    AskHuman,
    GrantRemedy,
    RefuseRemedy,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    ObjectToDecision,
    OpenDispute,
    Outcome,
)
from oncedesk.domain.remedies.messages.disputing import Side as DisputeSide
from oncedesk.domain.remedies.words import CaseLink, RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Command, Role
from oncedesk.domain.shared.gate.rules import Hit, HitKind, Verdict
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, Kind, Ref, remedies_ref
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus
from oncedesk.wiring import DECIDERS
from tests.support.engines import builtin_packs
from tests.support.memory_engine import Answered, MemoryEngine

START = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
ADMIN = Actor(Role.ADMIN)
TEXT = digest(b"a text")


def named(kind: str, number: int) -> UUID:
    return derived_id("machine", kind, str(number))


CONSUMERS = tuple(named("consumer", n) for n in range(2))
MERCHANTS = tuple(named("merchant", n) for n in range(2))
CREATOR = named("creator", 0)
SHOPS = tuple(Desk(DeskKind.MERCHANT, one) for one in MERCHANTS)
ROOM = Desk(DeskKind.CREATOR, CREATOR)
DESKS = (PLATFORM, *SHOPS, ROOM)
AGENTS = tuple(named("agent", n) for n in range(3))
AT_DESKS = ((PLATFORM,), SHOPS, (SHOPS[0], ROOM, PLATFORM))
SKILLS = (
    ("orders", "complaints", "accounts", "safety"),
    ("orders", "refunds", "returns", "advice"),
    ("refunds", "live", "quality", "conduct", "orders", "complaints", "safety", "delivery"),
)
ISSUES = ("refund", "quality", "offer", "advice", "other", "", "safety", "second_complaint", "odd")
SPEAKING = ("post", "post", "note", "ask", "ask", "answer", "answer")
MOVING = ("transfer", "refer", "refer", "take", "return", "correct", "answer")
SHAPING = ("merge", "merge", "split", "split", "reclassify", "rest", "rest", "reopen")
SUSPECT = Verdict("0", (Hit(HitKind.CODE, 0, 0),))
WISHES = (RemedyKind.CANCEL, RemedyKind.REFUND, RemedyKind.RETURN_AND_REFUND, RemedyKind.REPAIR)
HOURS = st.sampled_from((0, 1, 1, 2, 5, 13, 30, 50, 200))

consumers = st.sampled_from(CONSUMERS)
places = st.sampled_from((0, 0, 0, 1, 2, 3, 4))
picks = st.integers(0, 15)
"""Which of the live cases is meant; the last few mean one that may not be there."""
agents_ = st.sampled_from(AGENTS)
desks_ = st.sampled_from(DESKS)
flags = st.booleans()
issues = st.sampled_from(ISSUES)


def order_of(consumer: UUID) -> UUID:
    return derived_id("machine", "order", consumer)


def subject(consumer: UUID, place: int) -> Subject:
    return (
        Subject(SubjectKind.ORDER, order_of(consumer), 1),
        Subject(SubjectKind.LISTING, named("listing", 0)),
        Subject(SubjectKind.LIVE, named("live", 0)),
        NOTHING,
        Subject(SubjectKind.ORDER, order_of(consumer), 0),
    )[place]


class EngineMachine(RuleBasedStateMachine):
    """Two consumers, two shops, a creator, three agents and the platform."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = MemoryEngine(
            deciders=DECIDERS,
            packs=builtin_packs().at,
            now=START,
            on_event=self._reserves_in_bounds,
        )
        self.sent: list[tuple[Command, Actor, str, Answered]] = []

    def give(self, command: Command, actor: Actor) -> Answered:
        key = str(len(self.sent))
        before = self._bodies()
        answer = self.engine.submit(command, actor=actor, key=key)
        if not answer.accepted:
            assert self._bodies() == before, "refused, and yet something changed"
        else:
            self.sent.append((command, actor, key, answer))
        self._dispatch()
        return answer

    @initialize()
    def set_up(self) -> None:
        long_ago = START - timedelta(days=1)
        for desk in DESKS:
            self.give(OpenDesk(desk=desk, market="cn"), ADMIN)
            self._load(desk, 0, staffed=True)
        for agent, at, skills in zip(AGENTS, AT_DESKS, SKILLS, strict=True):
            self.give(agent_.RegisterAgent(agent=agent, capacity=2), ADMIN)
            self.give(agent_.SetSkills(agent=agent, skills=skills), ADMIN)
            for desk in at:
                joins = agent_.JoinDesk(
                    agent=agent, desk=desk, role=agent_.DeskRole.AGENT, starts_at=long_ago
                )
                self.give(joins, ADMIN)
            self.give(
                agent_.SetPresence(agent=agent, presence=agent_.Presence.AVAILABLE),
                Actor(Role.AGENT, agent),
            )
        for consumer in CONSUMERS:
            self.give(RegisterParty(party=consumer, kind=PartyKind.CONSUMER, market="cn"), ADMIN)
            self.place(consumer, 0, flag=True)
            self.contact(consumer, 0, "refund", talk.Channel.APP_CHAT, fresh=False, case=None)
        self.contact(CONSUMERS[0], 0, "quality", talk.Channel.WEB, fresh=True, case=None)

    # ── Consumers ────────────────────────────────────────────────────────────────────────────

    @rule(
        consumer=consumers,
        place=places,
        issue=issues,
        channel=st.sampled_from(talk.Channel),
        fresh=flags,
        case=st.none() | st.integers(1, 4),
        automatic=st.sampled_from((False, False, False, True)),
    )
    def contact(
        self,
        consumer: UUID,
        place: int,
        issue: str,
        channel: talk.Channel,
        fresh: bool,
        case: int | None,
        automatic: bool = False,
    ) -> None:
        command = talk.ReceiveContact(
            consumer=consumer,
            subject=subject(consumer, place),
            market="cn",
            channel=channel,
            surface=talk.Surface.ORDER,
            digest=TEXT,
            length=5,
            language="zh",
            issue=issue,
            fresh=fresh,
            merchant=MERCHANTS[place % 2],
            creator=CREATOR,
            case=case,
            automatic=automatic,
            verdict=SUSPECT if channel is talk.Channel.WEB else None,
        )
        self.give(command, Actor(Role.CONSUMER, consumer))

    @rule(
        pick=picks,
        kind=st.sampled_from(
            (talk.WithdrawClaim, talk.ConfirmSolved, talk.ReopenCase, talk.RequestCallBack)
        ),
    )
    def consumer_says(self, pick: int, kind: Any) -> None:
        about = self._about(pick)
        self.give(kind(**about), Actor(Role.CONSUMER, about["consumer"]))

    @rule(pick=picks, score=st.integers(1, 5))
    def consumer_rates(self, pick: int, score: int) -> None:
        about = self._about(pick)
        self.give(talk.RateService(**about, score=score), Actor(Role.CONSUMER, about["consumer"]))

    @rule(
        consumer=consumers,
        kind=st.sampled_from(WISHES),
        reason=st.sampled_from(("changed_mind", "quality", "not_received", "ordered_by_mistake")),
        human=flags,
        pick=picks,
    )
    def consumer_wishes(
        self, consumer: UUID, kind: RemedyKind, reason: str, human: bool, pick: int
    ) -> None:
        about = self._about(pick)
        command = RequestRemedy(
            consumer=consumer,
            order=order_of(consumer),
            wish=Wish(kind=kind, reason=reason, part=1),
            case=CaseLink(about["conversation"], about["case"]) if pick % 2 else None,
            human=human,
        )
        self.give(command, Actor(Role.CONSUMER, consumer))

    @rule(consumer=consumers, newest=st.integers(0, 2), what=st.integers(0, 7), agent=agents_)
    def remedy_goes_on(self, consumer: UUID, newest: int, what: int, agent: UUID) -> None:
        """Mostly the last one, or another of the few."""
        order = order_of(consumer)
        held = self.engine.states.get(remedies_ref(consumer=consumer, order=order).id)
        last = 1 if held is None else held.state.numbered
        number = max(1, last - newest)
        about: Any = {"consumer": consumer, "order": order, "remedy": number}
        theirs = about | {"agent": agent}
        outcome = (Outcome.GRANTED, Outcome.REFUSED)[newest % 2]
        commands: tuple[Command, ...] = (
            GrantRemedy(**theirs),
            RefuseRemedy(**theirs, reason="not_as_said", facts=("looks_fine",)),
            DecideDispute(**theirs, outcome=outcome, reason="shown", digest=TEXT, length=5),
            ObjectToDecision(**theirs, side=DisputeSide.MERCHANT, reason="not_so"),
            ObjectToDecision(**about, side=DisputeSide.CONSUMER, reason="not_so"),
            OpenDispute(**about, reason="not_so"),
            AskHuman(**about),
            WithdrawRemedy(**about),
        )
        who = Actor(Role.AGENT, agent) if what < 4 else Actor(Role.CONSUMER, consumer)
        self.give(commands[what], who)

    # ── Agents at cases ──────────────────────────────────────────────────────────────────────

    @rule(pick=picks, other=agents_, what=st.sampled_from(SPEAKING), flag=flags)
    def agent_speaks(self, pick: int, other: UUID, what: str, flag: bool) -> None:
        self.act(pick, other, what, flag=flag)

    @rule(pick=picks, other=agents_, what=st.sampled_from(MOVING), desk=desks_, flag=flags)
    def agent_moves(self, pick: int, other: UUID, what: str, desk: Desk, flag: bool) -> None:
        self.act(pick, other, what, desk=desk, flag=flag)

    @rule(pick=picks, what=st.sampled_from(SHAPING), issue=issues, hours=HOURS)
    def agent_shapes(self, pick: int, what: str, issue: str, hours: int) -> None:
        self.act(pick, None, what, issue=issue, hours=hours)

    @rule(pick=picks, other=agents_, reason=st.sampled_from(talk.ClosingReason))
    def agent_resolves(self, pick: int, other: UUID, reason: talk.ClosingReason) -> None:
        self.act(pick, other, "resolve", reason=reason)

    def act(
        self,
        pick: int,
        other: UUID | None,
        what: str,
        *,
        desk: Desk = PLATFORM,
        flag: bool = True,
        hours: int = 1,
        reason: talk.ClosingReason = talk.ClosingReason.SOLVED,
        issue: str = "refund",
    ) -> None:
        """Mostly who has the case, or an admin where nobody has; sometimes somebody else."""
        about = self._about(pick)
        state = self.engine.states[about["conversation"]].state if self._live() else None
        case = None if state is None else state.case(about["case"])
        agent = None if case is None else case.agent
        if pick % 5 == 4:
            agent = other
        about["agent"] = agent
        text: Any = {"digest": TEXT, "length": 5}
        mode = talk.ReferralMode.STAY if flag else talk.ReferralMode.HAND_OVER
        party = talk.Party(talk.PartyKind.PLATFORM)
        match what:
            case "post":
                command: Any = talk.PostMessage(
                    **about, **text, audience=talk.Audience.CONSUMER, automatic=not flag
                )
            case "note":
                command = talk.PostMessage(**about, **text, audience=talk.Audience.DESKS)
            case "return":
                command = talk.ReturnToQueue(**about, digest=TEXT if flag else None, length=5)
            case "transfer":
                command = talk.TransferCase(**about, desk=desk, reason="wrong")
            case "refer":
                command = talk.ReferCase(**about, **text, desk=desk, mode=mode)
            case "answer":
                command = talk.AnswerReferral(**about, **text)
            case "take":
                command = talk.TakeOverCase(**about, reason="asked")
            case "rest":
                at = self.engine.now + timedelta(hours=hours)
                command = talk.FollowUp(**about, at=at)
            case "ask":
                command = talk.AskConsumer(**about, **text)
            case "resolve":
                command = talk.ResolveCase(**about, reason=reason)
            case "merge":
                command = talk.MergeCases(**about, into=self._another(state, case))
            case "split":
                command = talk.SplitCase(**about, issue=issue)
            case "reclassify":
                command = talk.Reclassify(**about, issue=issue)
            case "correct":
                liable = (talk.Share(party, 100),)
                command = talk.CorrectAttribution(
                    **about, owner=desk, cause=party, liable=liable, reasons=("found",)
                )
            case _:
                command = talk.ReopenCase(**about)
        self.give(command, ADMIN if agent is None else Actor(Role.AGENT, agent))

    @rule(pick=picks, other=agents_, seconds=st.sampled_from((0, 90)), inbound=flags)
    def agent_calls(self, pick: int, other: UUID, seconds: int, inbound: bool) -> None:
        direction = talk.CallDirection.INBOUND if inbound else talk.CallDirection.OUTBOUND
        call = talk.PhoneCall(direction, seconds=seconds)
        command = talk.NoteCall(
            **self._about(pick),
            agent=other,
            call=call,
            audience=talk.Audience.DESKS,
            digest=TEXT,
            length=5,
        )
        self.give(command, Actor(Role.AGENT, other))

    @rule(pick=picks, agent=agents_, desk=desks_, what=st.sampled_from(("give", "give", "pick")))
    def case_is_chosen(self, pick: int, agent: UUID, desk: Desk, what: str) -> None:
        about = self._about(pick)
        if about["conversation"] not in self.engine.states:
            return
        if what == "give":
            self.give(agent_.GiveCase(**about, agent=agent, desk=desk), ADMIN)
        else:
            self.give(agent_.SetPicking(agent=agent, picks=True), ADMIN)
            picked = agent_.PickCase(**about, agent=agent, desk=desk)
            self.give(picked, Actor(Role.AGENT, agent))

    @rule(pick=picks, outcome=st.sampled_from(talk.ReviewOutcome), seen=st.integers(1, 2))
    def flags_are_reviewed(self, pick: int, outcome: talk.ReviewOutcome, seen: int) -> None:
        about = self._about(pick)
        del about["case"]
        self.give(talk.ReviewFlags(**about, outcome=outcome, seen=seen), ADMIN)

    # ── Agents themselves ────────────────────────────────────────────────────────────────────

    @rule(
        agent=agents_,
        what=st.sampled_from(
            ("presence", "presence", "seen", "capacity", "skills", "leave", "join", "shift",
             "cancel", "limits", "line", "release")
        ),
        presence=st.sampled_from(agent_.Presence),
        number=st.integers(0, 3),
        desk=desks_,
        hours=HOURS,
    )  # fmt: skip
    def agent_changes(
        self,
        agent: UUID,
        what: str,
        presence: agent_.Presence,
        number: int,
        desk: Desk,
        hours: int,
    ) -> None:
        now = self.engine.now
        held = self._agent(agent).held
        match what:
            case "presence":
                command: Any = agent_.SetPresence(agent=agent, presence=presence)
            case "seen":
                command = agent_.NoteSeen(agent=agent)
            case "capacity":
                command = agent_.SetCapacity(agent=agent, capacity=number)
            case "skills":
                command = agent_.SetSkills(agent=agent, skills=SKILLS[number % 3][number:])
            case "leave":
                later = now + timedelta(hours=hours)
                command = agent_.LeaveDesk(agent=agent, desk=desk, ends_at=later)
            case "join":
                command = agent_.JoinDesk(
                    agent=agent, desk=desk, role=agent_.DeskRole.AGENT, starts_at=now
                )
            case "shift":
                starts = now + timedelta(hours=hours - 1)
                pause = agent_.Break(starts + timedelta(hours=3), starts + timedelta(hours=4))
                ends = starts + timedelta(hours=8)
                command = agent_.PlanShift(
                    agent=agent, starts_at=starts, ends_at=ends, breaks=(pause,)
                )
            case "cancel":
                shifts = self._agent(agent).shifts
                starts = shifts[0].starts_at if shifts else now
                command = agent_.CancelShift(agent=agent, starts_at=starts)
            case "limits":
                command = agent_.SetLimits(agent=agent, grace_seconds=number * 600)
            case "line":
                command = agent_.HandOver(
                    agent=agent,
                    conversation=held[0].conversation if held else named("nothing", 0),
                    case=held[0].case if held else 1,
                    note=named("note", number),
                )
            case _:
                # What is not held is released without effect; what is held only cases let go of.
                command = agent_.ReleaseCapacity(
                    agent=agent, conversation=named("nothing", number), case=1
                )
        self.give(command, Actor(Role.AGENT, agent))

    # ── Desks and parties ────────────────────────────────────────────────────────────────────

    @rule(desk=desks_, wait=st.sampled_from((0, 300, 2_400, 9_000)), staffed=flags)
    def load(self, desk: Desk, wait: int, staffed: bool) -> None:
        self._load(desk, wait, staffed=staffed)

    @rule(desk=desks_, what=st.integers(0, 3), hours=HOURS, number=st.integers(0, 2))
    def foreseen(self, desk: Desk, what: int, hours: int, number: int) -> None:
        later = self.engine.now + timedelta(hours=hours)
        commands: tuple[Command, ...] = (
            DeclareSurge(desk=desk, until=later),
            CallOffSurge(desk=desk),
            PublishRelief(
                relief=named("relief", number),
                market="cn",
                starts_at=later,
                ends_at=later + timedelta(days=2),
                extends_seconds=3_600 * (number + 1),
            ),
            WithdrawRelief(relief=named("relief", number)),
        )
        self.give(commands[what], ADMIN)

    @rule(consumer=consumers, desk=desks_, what=st.integers(0, 7))
    def around(self, consumer: UUID, desk: Desk, what: int) -> None:
        commands: tuple[Command, ...] = (
            OpenDesk(desk=desk, market="cn"),
            CloseDesk(desk=desk),
            OpenDesk(desk=SHOPS[0], market="cn"),
            CloseDesk(desk=SHOPS[1]),
            PlaceHold(party=consumer, reason="file-1"),
            LiftHold(party=consumer, reason="file-1"),
            ErasePersonalData(party=consumer),
            RegisterParty(party=consumer, kind=PartyKind.CONSUMER, market="cn"),
        )
        self.give(commands[what], ADMIN)

    # ── Orders ───────────────────────────────────────────────────────────────────────────────

    @rule(consumer=consumers, number=st.integers(0, 2), flag=flags)
    def place(self, consumer: UUID, number: int, flag: bool) -> None:
        """The first is placed at the start; others may find tracking events there already."""
        day = START.date() + timedelta(days=3)
        delivery: order_.Terms = order_.DeliverBy(on=day) if flag else order_.NextDay()
        part = order_.OrderedPart(
            merchant=MERCHANTS[0],
            items=(order_.Item(named("listing", 0), 900, category="custom_made"),),
            promises=(order_.StandardShipping(), delivery),
        )
        paid = order_.Payment("card", 900, reference=f"{consumer}-{number}")
        command = order_.PlaceOrder(
            consumer=consumer,
            order=order_of(consumer) if not number else derived_id("o", consumer, str(number)),
            market="cn",
            placed_at=self.engine.now,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(part,),
            payments=(paid,),
            creator=CREATOR,
        )
        self.give(command, MARKETPLACE)

    @rule(
        consumer=consumers,
        number=st.integers(0, 2),
        shipment=st.integers(0, 1),
        status=st.sampled_from(TrackingStatus),
        handover=st.sampled_from(Handover),
        hours=st.integers(-80, 20),
    )
    def track(
        self,
        consumer: UUID,
        number: int,
        shipment: int,
        status: TrackingStatus,
        handover: Handover,
        hours: int,
    ) -> None:
        command = order_.RecordTracking(
            consumer=consumer,
            order=order_of(consumer) if not number else derived_id("o", consumer, str(number)),
            shipment=derived_id("shipment", consumer, str(shipment)),
            code=status.value,
            substate=handover.value,
            at=self.engine.now + timedelta(hours=hours),
        )
        self.give(command, MARKETPLACE)

    @rule(consumer=consumers, what=st.integers(0, 6), hours=HOURS, shipment=st.integers(0, 1))
    def order_changes(self, consumer: UUID, what: int, hours: int, shipment: int) -> None:
        order, now = order_of(consumer), self.engine.now
        about: Any = {"consumer": consumer, "order": order}
        kind = order_.PromiseKind.DELIVERY
        later = now + timedelta(hours=hours)
        shipped = derived_id("shipment", consumer, str(shipment))
        commands: tuple[Command, ...] = (
            order_.AnnounceShipment(**about, part=1, shipment=shipped),
            order_.AmendPromise(
                **about, part=1, promise=kind, consent=named("consent", 0), on=date(2026, 3, 20)
            ),
            order_.MoveEstimate(**about, part=1, estimate_at=later),
            order_.GrantRelief(
                **about,
                part=1,
                promise=kind,
                relief=named("relief", hours),
                published_at=now,
                extends_seconds=3_600 * (hours + 1),
            ),
            order_.CancelOrder(**about, at=now),
            order_.AmendPromise(
                **about,
                part=1,
                promise=order_.PromiseKind.HANDOVER,
                consent=named("consent", 1),
                handover=Handover.LOCKER,
                given_at=now - timedelta(hours=hours),
            ),
            order_.AmendPromise(
                **about,
                part=1,
                promise=kind,
                consent=named("consent", 2 + hours),
                due_at=later,
                given_at=now - timedelta(hours=hours),
            ),
        )
        self.give(commands[what], MARKETPLACE)

    # ── Time and repetition ──────────────────────────────────────────────────────────────────

    @rule(hours=HOURS)
    def time_jumps(self, hours: int) -> None:
        """Hours pass at once; what was due in between comes late."""
        self.engine.now += timedelta(hours=hours)
        self.engine.wake_due()
        self._dispatch()

    @rule(hours=HOURS, consumer=consumers, place=places, issue=issues)
    def somebody_is_before_the_clocks(
        self, hours: int, consumer: UUID, place: int, issue: str
    ) -> None:
        """Hours pass, and a contact is decided before what was due in between."""
        self.engine.now += timedelta(hours=hours)
        self.contact(consumer, place, issue, talk.Channel.APP_CHAT, fresh=False, case=None)

    @rule(times=st.integers(1, 4))
    def time_comes_to_a_clock(self, times: int) -> None:
        for _ in range(times):
            wake = self.engine.next_wake()
            if wake is not None:
                self.engine.now = max(wake, self.engine.now)
                self.engine.wake_due()
                self._dispatch()

    @rule(agent=agents_, pick=picks, desk=desks_)
    def dispatch_is_late(self, agent: UUID, pick: int, desk: Desk) -> None:
        """A place is reserved for a case that has meanwhile gone elsewhere, or ended."""
        about = self._about(pick)
        if about["conversation"] in self.engine.states:
            self.give(agent_.ReserveCapacity(**about, agent=agent, desk=desk), SYSTEM)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def sent_again(self, data: st.DataObject) -> None:
        """The same command with the same key: the first answer, and nothing changes."""
        index = data.draw(st.integers(0, len(self.sent) - 1))
        command, actor, key, answer = self.sent[index]
        before, rows = self._bodies(), len(self.engine.journal)
        again = self.engine.submit(command, actor=actor, key=key)
        assert again.duplicate, "an accepted command was not recognised"
        assert (again.version, again.events) == (answer.version, answer.events)
        assert self._bodies() == before
        assert len(self.engine.journal) == rows

    # ── What must hold after every step ──────────────────────────────────────────────────────

    @invariant()
    def every_open_case_has_one_owner_and_a_running_clock(self) -> None:
        for held in self.engine.of_kind(Kind.CONVERSATION):
            for case in held.state.cases:
                if case.is_open:
                    assert isinstance(case.owner, Desk)
                    assert [clock for clock in case.clocks if clock.due_at is not None]

    @invariant()
    def nothing_is_overdue(self) -> None:
        self.engine.wake_due()
        wake = self.engine.next_wake()
        assert wake is None or wake > self.engine.now
        # What these wakes have led to must hold as well.
        self.every_open_case_has_one_owner_and_a_running_clock()
        self.agents_hold_what_is_assigned_to_them()
        self.no_reaction_was_refused()

    @invariant()
    def agents_hold_what_is_assigned_to_them(self) -> None:
        assigned: dict[UUID, set[tuple[UUID, int]]] = {agent: set() for agent in AGENTS}
        for held in self.engine.of_kind(Kind.CONVERSATION):
            for case in held.state.cases:
                if case.agent is not None:
                    assigned[case.agent].add((held.ref.id, case.number))
        for held in self.engine.of_kind(Kind.AGENT):
            has = {(one.conversation, one.case) for one in held.state.held}
            assert has == assigned[held.ref.id]

    @invariant()
    def no_reaction_was_refused(self) -> None:
        assert self.engine.refused_reactions == []

    def teardown(self) -> None:
        replayed = self.engine.replayed()
        assert replayed == {id_: held.body for id_, held in self.engine.states.items()}
        ids = [row.command_id for row in self.engine.journal]
        assert len(set(ids)) == len(ids), "a command is recorded twice"

    # ── What the rules use ───────────────────────────────────────────────────────────────────

    def _dispatch(self) -> None:
        """Offer every waiting case to every agent; the agents' own state says who may have it."""
        packs = builtin_packs().at(self.engine.now)
        for held in self.engine.of_kind(Kind.CONVERSATION):
            for case in held.state.cases:
                if case.is_open and case.status is talk.CaseStatus.QUEUED:
                    skill = packs.current("cn").issue(case.issue).skill
                    self._offer(held.state.consumer, held.ref.id, case, skill)

    def _offer(self, consumer: UUID, conversation: UUID, case: Any, skill: str) -> None:
        for agent in AGENTS:
            command = agent_.ReserveCapacity(
                agent=agent,
                consumer=consumer,
                conversation=conversation,
                case=case.number,
                desk=case.owner,
                skill=skill,
                language=case.language,
            )
            key = f"dispatch/{len(self.engine.journal)}"
            if self.engine.submit(command, actor=SYSTEM, key=key).accepted:
                return

    def _reserves_in_bounds(self, ref: Ref, before: Any, event: Any) -> None:
        """Capacity, skill, membership and presence, at the very moment a place is taken."""
        if isinstance(event, agent_.CapacityReserved):
            assert before.load < before.capacity, "over capacity"
            assert not event.skill or event.skill in before.skills, "without the skill"
            assert any(
                one.desk == event.desk
                and one.starts_at <= event.at
                and (one.ends_at is None or event.at < one.ends_at)
                for one in before.memberships
            ), "without a membership"
            chosen = event.given or not event.skill
            assert chosen or before.presence is agent_.Presence.AVAILABLE, "not there"

    def _load(self, desk: Desk, wait: int, *, staffed: bool) -> None:
        report = ReportLoad(
            desk=desk,
            waiting=1 if wait else 0,
            oldest_wait_seconds=wait,
            staffed=staffed,
            staffed_from=None if staffed else self.engine.now + timedelta(hours=9),
            at=self.engine.now,
        )
        self.give(report, SYSTEM)

    def _live(self) -> list[tuple[UUID, UUID, int]]:
        """All cases that are not closed: consumer, conversation, number."""
        return [
            (held.state.consumer, held.ref.id, case.number)
            for held in self.engine.of_kind(Kind.CONVERSATION)
            for case in held.state.cases
        ]

    def _about(self, pick: int) -> Any:
        live = self._live()
        consumer, conversation, case = (
            live[pick % len(live)] if live else (CONSUMERS[0], named("nothing", 0), 1)
        )
        return {
            "consumer": consumer,
            "conversation": conversation,
            "case": case + (pick > 13),
        }

    @staticmethod
    def _another(state: Any, case: Any) -> int:
        others = [] if state is None else [one for one in state.cases if one is not case]
        return others[0].number if others else 9

    def _agent(self, agent: UUID) -> Any:
        return self.engine.states[agent].state

    def _bodies(self) -> dict[UUID, bytes]:
        return {id_: held.body for id_, held in self.engine.states.items()}


TestEngine = EngineMachine.TestCase
TestEngine.settings = settings(
    max_examples=70,
    stateful_step_count=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
