"""Derived ids are the standard's: what other programs derive from the same name is the same."""

import copy
import pickle
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.shared.ids import derived_id

NAMESPACE = UUID("6f6e6365-6465-736b-8000-000000000001")
PARTS = st.lists(st.text() | st.uuids(), min_size=1, max_size=4)


@given(PARTS)
def test_is_what_uuid5_makes_of_the_same_name(parts: list[str | UUID]) -> None:
    made = derived_id(*parts)
    name = "\x1f".join(part if isinstance(part, str) else part.hex for part in parts)

    assert made == uuid5(NAMESPACE, name)
    assert (made.version, made.variant) == (5, "specified in RFC 4122")
    assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == made  # noqa: S301 - our own
