"""Whatever receivers do and whenever a process dies: nothing is lost, nothing out of order."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from oncedesk.engine.ports import OutboxRow
from tests.support.engines import Outside
from tests.support.hooks import ADMIN, Hooks, conversation, hooks_on, leaving
from tests.support.receivers import OK, Answer, Behave, Receiver, Request, receiver

TOPICS = ("case.opened", "case.resolved", "message.posted")


class World:
    """A few conversations, two receivers with moods, and processes that come and go."""

    def __init__(self, seed: int, receivers: tuple[Receiver, Receiver]) -> None:
        self.dice = random.Random(seed)
        self.receivers = receivers
        self.left: list[OutboxRow] = []
        self.versions = [0] * 4
        self.trouble = 0.3
        self.taken: list[list[Request]] = [[], []]
        for number, one in enumerate(receivers):
            one.behave = self.mood(number)

    def mood(self, number: int) -> Behave:
        def behave(request: Request) -> Answer:
            if self.dice.random() < self.trouble:
                return self.dice.choice([Answer(500), Answer(302), Answer(raw=b"")])
            self.taken[number].append(request)
            return OK

        return behave

    def happens(self, hooks: Hooks) -> OutboxRow:
        number = self.dice.randrange(len(self.versions))
        self.versions[number] += 1
        row = leaving(
            number,
            self.versions[number],
            topic=self.dice.choice(TOPICS),
            at=hooks.clock(),
        )
        self.left.append(row)
        return row


async def some_steps(world: World, hooks: Hooks) -> None:
    for _ in range(world.dice.randint(2, 12)):
        match world.dice.randrange(6):
            case 0 | 1 | 2:
                await hooks.leave(*(world.happens(hooks) for _ in range(3)))
            case 3:
                await hooks.fanning.run()
            case 4:
                for one in hooks.known:
                    await hooks.managed.send_now(one.id, actor=ADMIN)
            case _:
                await hooks.sending.run()
                await hooks.sending.rest()
                await hooks.refresh()
                hooks.clock.jump(
                    hooks.clock() + timedelta(seconds=world.dice.choice([1, 6, 400, 8_000]))
                )


@pytest.mark.parametrize("seed", range(5))
async def test_nothing_is_lost_and_all_keep_their_order(url: str, seed: int) -> None:
    print(f"seed {seed}")
    async with receiver() as one, receiver() as other, Outside(url) as outside:
        world = World(seed, (one, other))
        async with hooks_on(url) as hooks:
            for got in (one, other):
                await hooks.add(got.url, topics=TOPICS)
            clock = hooks.clock
        for _ in range(5):
            # Each of these is a process; what it has under way when it ends is not marked.
            async with hooks_on(url, clock=clock) as hooks:
                await some_steps(world, hooks)
                await hooks.fanning.run()
                await hooks.sending.run()
        world.trouble = 0
        async with hooks_on(url, clock=clock) as hooks:
            while (
                await outside.value(
                    "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM webhook_delivery "
                    "WHERE status = 'waiting')"
                )
                > 0
            ):
                await hooks.later(hours=1)
        expected = {str(row.id) for row in world.left}
        assert len(expected) == len(world.left) > 20
        for taken in world.taken:
            assert {request.id for request in taken} == expected
            assert_in_order(taken)
        counted = "SELECT status, count(*) FROM webhook_delivery GROUP BY status"
        assert await outside.rows(counted) == [("taken", 2 * len(expected))]


def assert_in_order(taken: list[Request]) -> None:
    """First takings of each conversation come by version; repeats are of the one just before."""
    by_conversation: dict[str, list[int]] = defaultdict(list)
    for request in taken:
        event = request.event
        by_conversation[event["subject"]].append(event["data"]["version"])
    assert set(by_conversation) <= {str(conversation(number)) for number in range(4)}
    for versions in by_conversation.values():
        assert versions == sorted(versions), versions
