"""What is written next: at once where few come, filled up for a moment where clients crowd."""

import asyncio

import pytest

from oncedesk.domain.shared.decider import SYSTEM, Wake
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import party_ref
from oncedesk.engine import queues
from oncedesk.engine.queues import CROWD, GATHER_PART, Queues
from oncedesk.engine.submission import Origin, Submission
from tests.support.engines import within

BATCH_MAX = 256
ENOUGH = BATCH_MAX // GATHER_PART
NEVER = 3_600.0


def submission(number: int, *, origin: Origin = Origin.CLIENT) -> Submission:
    id_ = derived_id("queued", str(number))
    target = party_ref(id_)
    return Submission(
        id=id_,
        target=target,
        command=Wake(target),
        actor=SYSTEM,
        origin=origin,
        body=b"",
        body_hash=b"",
    )


async def crowded() -> Queues:
    """So many clients have come of late that more are expected."""
    found = Queues(batch_max=BATCH_MAX)
    for _ in range(10):
        for number in range(4 * CROWD):
            found.add(submission(number))
        found.release(await within(found.next()))
    return found


async def test_where_few_come_each_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "GATHER_SECONDS", NEVER)
    found = Queues(batch_max=BATCH_MAX)
    for number in range(20):
        found.add(submission(number))
        assert len(await within(found.next())) == 1


async def test_where_clients_crowd_a_batch_is_filled_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await crowded()
    gathering, written = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert seconds == queues.GATHER_SECONDS
        gathering.set()
        await written.wait()

    monkeypatch.setattr(queues, "sleep", sleep)
    found.add(submission(1))
    batch = asyncio.create_task(found.next())
    await within(gathering.wait())
    found.add(submission(2))
    written.set()
    assert len(await within(batch)) == 2


async def test_enough_need_not_wait_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "GATHER_SECONDS", NEVER)
    found = await crowded()
    for number in range(ENOUGH):
        found.add(submission(number))
    assert len(await within(found.next())) == ENOUGH


@pytest.mark.parametrize("origin", [Origin.REACTION, Origin.CLOCK, Origin.SYSTEM])
async def test_what_happens_by_itself_waits_for_no_clients(
    monkeypatch: pytest.MonkeyPatch, origin: Origin
) -> None:
    monkeypatch.setattr(queues, "GATHER_SECONDS", NEVER)
    found = await crowded()
    found.add(submission(1, origin=origin))
    assert len(await within(found.next())) == 1


async def test_when_the_crowd_has_gone_each_is_written_at_once_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await crowded()
    for number in range(20):
        found.add(submission(number))
        found.release(await within(found.next()))
    monkeypatch.setattr(queues, "GATHER_SECONDS", NEVER)
    found.add(submission(1))
    assert len(await within(found.next())) == 1


async def test_a_claimed_state_waits_for_whoever_claimed_it() -> None:
    found = Queues(batch_max=BATCH_MAX)
    state = submission(1).target.id
    assert found.claim(state)
    assert not found.claim(state)
    found.add(submission(1))
    found.add(submission(2))
    batch = await within(found.next())
    assert [one.target for one in batch] == [submission(2).target]
    assert not found.claim(batch[0].target.id)
    found.release_claimed([state])
    assert [one.target.id for one in await within(found.next())] == [state]
