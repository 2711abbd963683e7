"""What the simulation sees happen: every event that was committed, counted and kept in short.

It follows the events only, so that it needs no query a case; the checks do not rely on it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents import messages as agents
from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.desks import messages as desks
from oncedesk.domain.shared.decider import Command, Role, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, Kind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.submission import Answer, Submission
from oncedesk.simulation.plans import Plan

Heard = Callable[["Life", "SeenCase", Any], None]
_COUNTED: Mapping[type, str] = {
    talk.ContactReceived: "contacts.{0.kind}",
    talk.MessagePosted: "messages",
    talk.CaseOpened: "cases.opened",
    talk.CaseAssigned: "assigned",
    talk.CaseUnassigned: "unassigned.{0.reason}",
    talk.AssignmentDeclined: "declined.{0.reason}",
    talk.ConsumerAsked: "asked",
    talk.WaitEnded: "waits_ended.{0.outcome}",
    talk.CaseResolved: "resolved.{0.reason}",
    talk.CaseReopened: "reopened.{0.cause}",
    talk.CaseClosed: "cases.closed",
    talk.CasesMerged: "cases.merged",
    talk.CaseSplit: "cases.split",
    talk.TakenOver: "taken_over.{0.cause}",
    talk.Decided: "decided_by_rule",
    talk.ClockWarned: "warnings",
    talk.ClockExpired: "expired.{0.clock}",
    talk.PartyReminded: "reminded.{0.who}",
    talk.ObligationMissed: "obligations_missed",
    talk.Transferred: "transferred",
    talk.Referred: "referred.{0.mode}",
    talk.ReferralEnded: "referrals_ended.{0.outcome}",
    talk.FollowUpSet: "follow_ups",
    talk.Reclassified: "reclassified",
    talk.CallBackOffered: "call_backs.offered",
    talk.CallBackRequested: "call_backs.requested",
    talk.SolvedConfirmed: "solved_confirmed",
    talk.ServiceRated: "rated",
    talk.ConsumerTold: "told.{0.notice}",
    talk.BreachNoted: "breaches.noted",
    talk.BreachCorrected: "breaches.corrected",
    agents.PresenceChanged: "presence.{0.because}",
    agents.WorkLeft: "work_left.{0.reason}",
    agents.ShiftEnded: "shifts_ended",
    agents.BreakBegan: "breaks",
    agents.HandOverWritten: "hand_overs",
    desks.SurgeBegan: "surges.began",
    desks.SurgeEnded: "surges.ended",
}
"""Under which name each such event is counted; `{0}` is the event."""


class SeenCase:
    """One case as the simulation has seen it."""

    __slots__ = (
        "active_since", "agent", "answered", "asked", "busy", "closed", "issue", "moves", "number",
        "opened_at", "owner", "queued_at", "referral", "resolved", "turn",
    )  # fmt: skip

    def __init__(self, number: int, at: datetime) -> None:
        self.number = number
        self.issue = ""
        self.opened_at = at
        self.owner: Desk = PLATFORM
        self.agent: UUID | None = None
        self.active_since = at
        self.queued_at: datetime | None = None
        self.asked = False
        self.answered = False
        self.resolved = False
        self.closed = False
        self.referral: talk.Referred | None = None
        self.moves = 0
        self.turn = 0
        self.busy = False

    @property
    def is_open(self) -> bool:
        return not self.resolved and not self.closed


class Life:
    """One consumer's conversation. `afters` counts what the consumer did after being helped."""

    __slots__ = ("afters", "cases", "chased", "conversation", "plan")

    def __init__(self, plan: Plan, conversation: UUID) -> None:
        self.plan = plan
        self.conversation = conversation
        self.cases: dict[int, SeenCase] = {}
        self.afters = 0
        self.chased = 0

    def latest(self) -> SeenCase | None:
        return max(self.cases.values(), key=lambda case: case.number, default=None)


class SeenAgent:
    """An agent as the simulation has seen them."""

    __slots__ = ("active_seconds", "held", "paused_seconds", "presence")

    def __init__(self) -> None:
        self.presence = agents.Presence.AWAY
        self.held: set[tuple[UUID, int]] = set()
        self.active_seconds = 0.0
        self.paused_seconds = 0.0


class Seeing:
    """Hears what engines accept. Others may register for kinds of event of a story.

    `stranger` makes a story for a conversation that belongs to none, of whoever it is with; without
    it, and where only a clock went off, it is left alone.
    """

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self.lives: dict[UUID, Life] = {}
        self.agents: defaultdict[UUID, SeenAgent] = defaultdict(SeenAgent)
        self.waiting: defaultdict[Desk, dict[tuple[UUID, int], datetime]] = defaultdict(dict)
        self.unfinished = 0
        self.open_cases = 0
        self.stranger: Callable[[Command, datetime], Plan] | None = None
        self._heard: defaultdict[type, list[Heard]] = defaultdict(list)
        self._counted: dict[type, str] = {}
        self._elsewhere_heard: defaultdict[type, list[Callable[[Any], None]]] = defaultdict(list)
        self._agent_heard: defaultdict[type, list[Callable[[UUID, Any], None]]] = defaultdict(list)

    def when(self, event: type, heard: Heard) -> None:
        """Call this after each such event of a story."""
        self._heard[event].append(heard)

    def count_elsewhere(self, event: type, name: str) -> None:
        """Count these events, which belong to no conversation, under this name."""
        self._counted[event] = name

    def when_elsewhere(self, event: type, heard: Callable[[Any], None]) -> None:
        """Call this after each such event, which belongs to no conversation."""
        self._elsewhere_heard[event].append(heard)

    def when_agent(self, event: type, heard: Callable[[UUID, Any], None]) -> None:
        """Call this after each such event of an agent."""
        self._agent_heard[event].append(heard)

    def forget_ended(self, *, begun_before: datetime) -> None:
        """Let go of conversations in which nothing is open, unless they are about to begin."""
        self.lives = {
            id_: life
            for id_, life in self.lives.items()
            if life.plan.begins_at >= begun_before
            or any(case.is_open for case in life.cases.values())
        }

    def hear(self, submission: Submission, answer: Answer) -> None:
        self.counts["commands.accepted_anew"] += 1
        life = self.lives.get(submission.target.id)
        if (
            life is None
            and self.stranger is not None
            and submission.target.kind is Kind.CONVERSATION
            and not isinstance(submission.command, Wake)
            and answer.events
        ):
            plan = self.stranger(submission.command, answer.events[0].at)
            life = self.lives[submission.target.id] = Life(plan, submission.target.id)
        if life is None:
            for event in answer.events:
                self._elsewhere(event)
            return
        kinds = set()
        for event in answer.events:
            kinds.add(type(event))
            number = getattr(event, "case", None)
            if number is None:
                continue
            case = life.cases.get(number)
            if case is None:
                case = life.cases[number] = SeenCase(number, event.at)
            self._follow(life, case, event)
        if isinstance(submission.command, talk.ReceiveContact):
            opened = talk.CaseOpened in kinds or talk.CaseReopened in kinds
            self.counts["contacts.joined_open_case"] += not opened
        for event in answer.events:
            heard = self._heard.get(type(event))
            if heard:
                for one in heard:
                    one(life, life.cases[event.case], event)

    def _follow(self, life: Life, case: SeenCase, event: Any) -> None:
        key = (life.conversation, case.number)
        counts = self.counts
        self._count(event)
        match event:
            case talk.MessagePosted():
                human = event.author.role in (Role.AGENT, Role.ADMIN)
                if human and not event.automatic and event.audience is talk.Audience.CONSUMER:
                    case.answered = True
            case talk.CaseOpened():
                counts[f"origins.{event.origin}"] += 1
                case.issue = event.issue
                self.unfinished += 1
                self.open_cases += 1
            case talk.RoutedTo():
                self.waiting[case.owner].pop(key, None)
                case.owner = event.desk
                if case.agent is None and case.is_open:
                    self.waiting[event.desk][key] = event.at
            case talk.CaseAssigned():
                self.waiting[case.owner].pop(key, None)
                case.agent, case.active_since = event.agent, event.at
                case.turn += 1
                case.busy = False
            case talk.CaseUnassigned():
                self._rest(case, event.at)
                case.agent = None
                case.turn += 1
                case.busy = False
            case talk.ConsumerAsked():
                self._rest(case, event.at)
                case.asked = True
                self.waiting[case.owner].pop(key, None)
            case talk.WaitEnded():
                case.asked = False
                case.active_since = event.at
                if event.agent is not None:
                    self.agents[event.agent].paused_seconds += event.paused_seconds
            case talk.CaseResolved():
                self.open_cases -= 1
                case.resolved = True
                case.referral = None
                self.waiting[case.owner].pop(key, None)
            case talk.CaseReopened():
                self.open_cases += 1
                case.resolved = case.answered = False
                case.opened_at = event.at
            case talk.CaseClosed():
                counts["cases.contact_once"] += event.contact_once
                self.unfinished -= 1
                case.closed = True
            case talk.CasesMerged():
                self.unfinished -= 1
                self.open_cases -= 1
                case.closed = True
                self.waiting[case.owner].pop(key, None)
            case talk.ClockExpired(clock=ClockKind.FOLLOW_UP):
                case.busy = False
            case talk.Attributed():
                counts["attribution_corrected"] += event.rule == "found"
            case talk.Referred():
                case.referral = event
            case talk.ReferralEnded():
                case.referral = None
            case talk.Reclassified():
                case.issue = event.issue
            case talk.ServiceRated():
                # Only what is over is rated, also where nothing else was seen of it.
                case.resolved = True
            case _:
                pass

    def _count(self, event: Any) -> None:
        name = _COUNTED.get(type(event)) or self._counted.get(type(event))
        if name is not None:
            self.counts[name.format(event)] += 1

    def _rest(self, case: SeenCase, at: datetime) -> None:
        """Up to now the agent worked on it, as far as one can see."""
        if case.agent is not None and not case.asked:
            seconds = (at - case.active_since).total_seconds()
            self.agents[case.agent].active_seconds += seconds

    def _elsewhere(self, event: Any) -> None:
        self._count(event)
        match event:
            case agents.CapacityReserved():
                self.agents[event.agent].held.add((event.conversation, event.case))
            case agents.CapacityReleased():
                self.agents[event.agent].held.discard((event.conversation, event.case))
            case agents.PresenceChanged():
                self.agents[event.agent].presence = event.presence
            case desks.StaffingChanged():
                self.counts["staffing.unstaffed"] += not event.staffed
            case _:
                pass
        for told in self._elsewhere_heard.get(type(event), ()):
            told(event)
        heard = self._agent_heard.get(type(event))
        if heard:
            for one in heard:
                one(event.agent, event)

    def paused_shares(self) -> list[float]:
        """By agent who had cases: how much of their cases' time passed waiting for consumers."""
        return [
            one.paused_seconds / (one.paused_seconds + one.active_seconds)
            for one in self.agents.values()
            if one.active_seconds
        ]
