"""Rule 12: what was recorded can be read for ever; a state's new shape comes from its events."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain import parties
from oncedesk.domain.agents.messages import PlanShift, RegisterAgent
from oncedesk.domain.parties.messages import PartyKind, PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import PLATFORM_PARTY, Kind
from oncedesk.engine.codec import Codec
from oncedesk.engine.instants import SimulatedClock
from oncedesk.storage.schema import known_revisions
from oncedesk.wiring import DECIDERS
from tests.support.engines import (
    Outside,
    consumer,
    contact,
    engine_on,
    party,
    register,
    with_parties,
)
from tests.support.make_golden import (
    GOLDEN,
    has_todays_shape,
    samples_of,
    states_by_revision,
    todays_states,
)
from tests.support.samples import recorded_types, sample

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
CODEC = Codec(DECIDERS)


def _recorded() -> Iterator[Any]:
    for decider in DECIDERS:
        for kind in recorded_types(decider):
            yield pytest.param(decider, kind, id=f"{decider.kind}-{kind.__name__}")


RECORDED = list(_recorded())


def golden_files() -> list[Path]:
    return sorted(GOLDEN.glob("*/*.json"))


def keeps(new: Any, old: Any) -> bool:
    """All that was said before is still said: fields and trailing items may only be added."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(
            key in new and keeps(new[key], value) for key, value in old.items()
        )
    if isinstance(old, list):
        pairs = zip(new, old, strict=False) if isinstance(new, list) else ()
        return len(new) >= len(old) and all(keeps(one, other) for one, other in pairs)
    return bool(new == old)


@pytest.mark.parametrize(("decider", "kind"), RECORDED)
def test_every_recorded_type_has_its_sample(decider: Decider, kind: type) -> None:
    known = samples_of(decider, kind)
    assert known, "run python -m tests.support.make_golden, and commit what it writes"
    assert has_todays_shape(known[-1], kind), "the same, for the fields that were added"


def test_a_state_never_grows_without_a_migration() -> None:
    """By its revision an older program knows that it must not write these states."""
    known = states_by_revision()
    assert list(known) == sorted(known.keys() & set(known_revisions()))
    assert list(known.values())[-1] == todays_states(), (
        "add a migration, an empty one if no table changes, and run "
        "python -m tests.support.make_golden"
    )


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sample_is_of_a_type_that_is_still_known(path: Path) -> None:
    (decider,) = [one for one in DECIDERS if one.kind.value == path.parent.name]
    assert path.stem.partition(".")[0] in {kind.__name__ for kind in recorded_types(decider)}


@pytest.mark.parametrize(("decider", "kind"), RECORDED)
def test_every_sample_decodes_and_loses_nothing(decider: Decider, kind: type) -> None:
    for path in samples_of(decider, kind):
        golden = msgspec.json.decode(path.read_bytes())
        for name in ("full", "least"):
            whole = decider.state if kind is decider.state else decider.events
            found = msgspec.json.decode(msgspec.json.encode(golden[name]), type=whole)
            assert type(found) is kind
            assert keeps(msgspec.json.decode(msgspec.json.encode(found)), golden[name])
            stored = bytes.fromhex(golden[f"{name}_stored"])
            if kind is decider.state:
                assert CODEC.state(decider.kind, stored) == found
            else:
                assert CODEC.events(decider.kind, stored) == (found,)


@pytest.mark.parametrize(("decider", "kind"), RECORDED)
def test_the_full_sample_fills_every_field(decider: Decider, kind: type) -> None:
    full, least = sample(kind, full=True), sample(kind, full=False)
    for field in msgspec.structs.fields(kind):
        if not field.required:
            default = getattr(least, field.name)
            filled = getattr(full, field.name)
            assert filled != default, field.name


@pytest.mark.parametrize("decider", DECIDERS, ids=lambda decider: decider.kind.value)
def test_every_state_says_whose_data_it_is(decider: Decider) -> None:
    party = decider.party_of(sample(decider.state, full=True))
    assert isinstance(party, UUID)
    assert (party == PLATFORM_PARTY) is (decider.kind in {Kind.BUDGET, Kind.RULEBOOK})


def test_a_field_that_is_gone_or_means_something_else_is_noticed() -> None:
    golden = {"type": "A", "at": "x", "held": [["a", 1]]}
    assert keeps({"type": "A", "at": "x", "held": [["a", 1, 2], ["b"]], "new": 3}, golden)
    for spoiled in (
        {"type": "A", "held": [["a", 1]]},
        {"type": "A", "at": "y", "held": [["a", 1]]},
        {"type": "A", "at": "x", "held": [[1, "a"]]},
        {"type": "A", "at": "x", "held": []},
    ):
        assert not keeps(spoiled, golden)


class GrownState(parties.state.PartyState, frozen=True, omit_defaults=True):
    """A later program's shape: it also counts the changes of language."""

    languages: int = 0


def grown_evolve(state: GrownState | None, event: Any) -> GrownState:
    after = parties.DECIDER.evolve(state, event)
    counted = 0 if state is None else state.languages
    if isinstance(event, parties.messages.PartyUpdated):
        counted += 1
    known = {name: getattr(after, name) for name in parties.state.PartyState.__struct_fields__}
    return GrownState(**known, languages=counted)


async def test_a_changed_shape_is_rebuilt_from_the_events(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig:
        shift = PlanShift(
            agent=party(3), starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=9)
        )
        answers = await rig.all(
            [
                register(1),
                register(2, kind=PartyKind.MERCHANT),
                *(UpdateParty(party=party(1), language=language) for language in ("zh", "en")),
                PlaceHold(party=party(2), reason="case-7"),
                RegisterAgent(agent=party(3)),
                shift,
            ]
        )
        assert all(answer.accepted for answer in answers)
        assert (await rig.submit(contact(4), actor=consumer(4))).accepted
    grown = with_parties(state=GrownState, evolve=grown_evolve)
    async with engine_on(url, clock=clock, deciders=grown) as rig, Outside(url) as outside:
        before = await outside.rows("SELECT id, version, at, wake, open FROM state ORDER BY id")
        untouched = await outside.rows("SELECT ctid, body FROM state WHERE kind <> 'party'")
        differences = (await rig.replay().check()).differences
        assert [(one.ref.id, one.what) for one in differences] == [
            (party(1), "the rebuilt state differs")
        ]
        report = await rig.replay().rebuild()
        assert (report.states, report.rebuilt, report.different) == (4, 1, 0)
        await rig.assert_replays()
        state = (await rig.store.load([register(1).target()]))[party(1)].state
        assert isinstance(state, GrownState)
        assert (state.language, state.languages) == ("en", 2)
        # Nothing else about it is new, and nobody else was touched.
        after = "SELECT id, version, at, wake, open FROM state ORDER BY id"
        assert await outside.rows(after) == before
        assert await outside.rows("SELECT ctid, body FROM state WHERE kind <> 'party'") == untouched
        assert (await rig.replay().rebuild()).rebuilt == 0


async def test_what_the_journal_does_not_bear_out_is_not_rebuilt(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1), UpdateParty(party=party(1), language="zh"), register(2)])
        await outside.run("DELETE FROM journal WHERE version = 2")
        await outside.run("UPDATE state SET body = '\\x00' WHERE id = $1", party(2))
        report = await rig.replay().rebuild()
        assert (report.rebuilt, report.different) == (1, 1)
        assert report.differences[0].ref.id == party(1)
        state = (await rig.store.load([register(1).target()]))[party(1)].state
        assert state.language == "zh"
