"""In a copy every field of a state stands by its name, as it is."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Struct

from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.views.kept_states import KINDS, kept_state
from oncedesk.storage.views.own_copy import own_view
from oncedesk.wiring import DECIDERS
from tests.support.samples import DAY, sample

ID = UUID(int=1)
KEPT = [decider for decider in DECIDERS if decider.kind in KINDS]


def said_by_name(value: Any, said: Any) -> None:
    """Whatever has fields is said with their names, all the way down."""
    if isinstance(value, Struct):
        assert isinstance(said, dict), f"{type(value).__name__}: {said}"
        assert said.keys() <= set(value.__struct_fields__)
        for name in value.__struct_fields__:
            # What is as it is by default need not be said.
            said_by_name(getattr(value, name), said.get(name, ()))
    elif isinstance(value, tuple):
        for one, its in zip(value, said, strict=True):
            said_by_name(one, its)


@pytest.mark.parametrize("decider", KEPT, ids=lambda decider: decider.kind)
def test_every_field_is_said_by_its_name(decider: Decider) -> None:
    state = sample(decider.state, full=True)
    kept = kept_state(decider.kind, id_=ID, at=DAY, state=state)
    said = msgspec.json.decode(msgspec.json.encode(kept))
    assert (said["kind"], kept.kind) == (decider.kind, decider.kind)
    said_by_name(state, said["content"])
    assert msgspec.convert(kept.content, decider.state, from_attributes=True) == state


@pytest.mark.parametrize("decider", KEPT, ids=lambda decider: decider.kind)
def test_a_consumers_own_is_said_so_too(decider: Decider) -> None:
    shown = own_view(sample(decider.state, full=True))
    kept = kept_state(decider.kind, id_=ID, at=DAY, state=shown)
    assert msgspec.convert(kept.content, decider.state, from_attributes=True) == shown


def test_of_each_kind_somebody_has_said_whether_it_is_in_copies() -> None:
    assert {*Kind} - set(KINDS) == {Kind.BUDGET, Kind.RULEBOOK, Kind.EVIDENCE}
