"""Who is there: shifts, breaks, people who come late, walk away, vanish or change their desk."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from oncedesk.domain.agents.messages import (
    Break,
    HandOver,
    HandOverAsked,
    HeldCase,
    JoinDesk,
    LeaveDesk,
    NoteSeen,
    PlanShift,
    Presence,
    SetCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.agents.timetable import UNSEEN_SECONDS
from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.domain.shared.refs import Desk
from oncedesk.simulation.stage import ADMIN, Stage, by_agent
from oncedesk.simulation.workers import Worker
from oncedesk.simulation.world import CITY

SHIFT = timedelta(hours=9)
BREAK_AFTER = timedelta(hours=4)
BREAK = timedelta(hours=1)


class Staffing:
    """Plays the agents' days. Nobody is planned for a day on which nothing is open."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.absent: set[UUID] = set()
        self._missed: dict[UUID, datetime] = {}
        stage.seeing.when_agent(HandOverAsked, self._hand_over)

    def plan_day(self, midnight: datetime) -> None:
        """Everybody's shift of the day that begins at this local midnight."""
        self.absent.clear()
        for worker in self._stage.world.workers:
            self._plan(worker, midnight + timedelta(hours=worker.starts_hour))

    def take_up(self, agent: UUID) -> None:
        """Whom somebody else has played is there by themselves again, for the rest of their day."""
        worker = self._stage.workers.get(agent)
        if worker is None:
            return
        if (starts_at := self._missed.pop(agent, None)) is not None:
            self._plan(worker, starts_at)
        self.absent.discard(agent)
        self._be_there(worker)
        # A page that says nothing any more counts as somebody gone, and they are not.
        unseen = timedelta(seconds=UNSEEN_SECONDS) + self._stage.agenda.beat
        self._stage.at(self._stage.clock() + unseen, partial(self._be_there, worker))

    def next_start(self, desk_workers: tuple[Worker, ...], now: datetime) -> datetime | None:
        """When somebody of these will be there, as the roster has it."""
        starts = []
        for worker in desk_workers:
            if worker.planned:
                local = now.astimezone(CITY)
                start = local.replace(hour=worker.starts_hour, minute=0, second=0, microsecond=0)
                starts.append(start if start > local else start + timedelta(days=1))
        return min(starts).astimezone(now.tzinfo) if starts else None

    def _plan(self, worker: Worker, starts_at: datetime) -> None:
        stage, dice = self._stage, worker.dice
        if worker.id in stage.sender.humans:
            self._missed[worker.id] = starts_at
            return
        if starts_at + SHIFT <= stage.clock():
            return
        if worker.planned:
            pause = starts_at + BREAK_AFTER
            shift = PlanShift(
                agent=worker.id,
                starts_at=starts_at,
                ends_at=starts_at + SHIFT,
                breaks=(Break(pause, pause + BREAK),),
            )
            self._send(worker, shift, ADMIN)
        if dice.percent(4):
            stage.counts["faults.absences"] += 1
            self.absent.add(worker.id)
            return
        late = stage.agenda.beat * (dice.between(1, 3) if dice.percent(15) else 0)
        stage.at(starts_at + late, partial(self._come, worker))
        if worker.planned:
            stage.at(starts_at + BREAK_AFTER + BREAK, partial(self._come, worker))
        else:
            stage.at(starts_at + SHIFT, partial(self._go, worker))
        if dice.percent(7):
            gone = starts_at + timedelta(minutes=dice.between(30, 400))
            stage.at(gone, partial(self._walk_away, worker))
            stage.at(gone + timedelta(minutes=dice.between(20, 150)), partial(self._come, worker))
        if dice.percent(4):
            stage.at(starts_at + timedelta(hours=1), partial(self._vanish, worker))
        if dice.percent(4):
            stage.at(starts_at + timedelta(hours=2), partial(self._change, worker))

    def _be_there(self, worker: Worker) -> None:
        """If it is their time."""
        local = self._stage.clock().astimezone(CITY)
        begun = (local - timedelta(hours=worker.starts_hour)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        worked = local - begun - timedelta(hours=worker.starts_hour)
        pausing = worker.planned and BREAK_AFTER <= worked < BREAK_AFTER + BREAK
        if worked < SHIFT and not pausing:
            self._come(worker)

    def _come(self, worker: Worker) -> None:
        if worker.id not in self.absent:
            self._send(worker, SetPresence(agent=worker.id, presence=Presence.AVAILABLE))

    def _go(self, worker: Worker) -> None:
        self._send(worker, SetPresence(agent=worker.id, presence=Presence.AWAY))

    def _walk_away(self, worker: Worker) -> None:
        self._stage.counts["faults.absences"] += 1
        self._go(worker)

    def _vanish(self, worker: Worker) -> None:
        """One sign of life, and then none: the screen went dark."""
        self._stage.counts["faults.absences"] += 1
        self._send(worker, NoteSeen(agent=worker.id))
        self._stage.at(self._stage.clock() + timedelta(hours=2), partial(self._come, worker))

    def _change(self, worker: Worker) -> None:
        """In the middle of the work: another capacity, a skill less, or away from a desk."""
        if worker.id in self._stage.sender.humans:
            return
        dice = worker.dice
        what = dice.throw() % 3
        later = self._stage.clock() + timedelta(hours=3)
        self._stage.counts["faults.changes_under_work"] += 1
        if what == 0:
            self._send(worker, SetCapacity(agent=worker.id, capacity=dice.between(1, 3)), ADMIN)
            back: Command = SetCapacity(agent=worker.id, capacity=worker.capacity)
        elif what == 1:
            fewer = SetSkills(agent=worker.id, skills=worker.skills[1:], languages=worker.languages)
            self._send(worker, fewer, ADMIN)
            back = SetSkills(agent=worker.id, skills=worker.skills, languages=worker.languages)
        else:
            desk = dice.among(worker.desks)
            self._send(worker, LeaveDesk(agent=worker.id, desk=desk), ADMIN)
            back = join(worker, desk, later)
        self._stage.at(later, partial(self._send, worker, back, ADMIN))

    def _hand_over(self, agent: UUID, event: HandOverAsked) -> None:
        """The shift ends soon: some leave a line for whoever has the case next."""
        worker = self._stage.workers[agent]
        for held in event.cases:
            if worker.dice.percent(40):
                self._stage.soon(1, partial(self._write_line, worker, held))

    def _write_line(self, worker: Worker, held: HeldCase) -> None:
        """The text stands with the conversation; the agent's state knows which message it is."""
        life = self._stage.seeing.lives.get(held.conversation)
        if life is None:
            return
        text = self._stage.sayings.note(life.plan)
        seal = self._stage.sayings.seal(text)
        note = PostMessage(
            consumer=held.consumer,
            conversation=held.conversation,
            case=held.case,
            agent=worker.id,
            audience=Audience.INTERNAL,
            digest=seal.digest,
            length=seal.length,
        )
        id_ = self._stage.sender.send(note, actor=by_agent(worker.id), dice=worker.dice, text=text)
        if id_ is None:
            return
        line = HandOver(agent=worker.id, conversation=held.conversation, case=held.case, note=id_)
        self._send(worker, line)

    def _send(self, worker: Worker, command: Command, actor: Actor | None = None) -> None:
        self._stage.sender.send(command, actor=actor or by_agent(worker.id), dice=worker.dice)


def join(worker: Worker, desk: Desk, starts_at: datetime) -> JoinDesk:
    return JoinDesk(agent=worker.id, desk=desk, role=worker.role, starts_at=starts_at)
