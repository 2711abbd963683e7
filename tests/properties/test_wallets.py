"""However it is filled, asked and credited, a balance never falls below nothing."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain import wallets
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.wallets.messages import (
    AddMethod,
    AdjustBalance,
    CreditBalance,
    TakeBalance,
)
from oncedesk.rules.library import PackLibrary
from tests.support.specs import START, Spec

CONSUMER, ORDER = UUID(int=0xC0), UUID(int=0x0D)
Steps = list[tuple[str, str, int]]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "adjust", "take", "credit"]),
        st.sampled_from(["gift_1", "gift_2"]),
        st.integers(0, 1_000),
    ),
    max_size=30,
)


def command(kind: str, method: str, amount_minor: int) -> object:
    common: dict[str, Any] = {"consumer": CONSUMER, "method": method, "currency": "USD"}
    money: dict[str, Any] = {**common, "order": ORDER, "remedy": 1, "amount_minor": amount_minor}
    match kind:
        case "add":
            return AddMethod(**common, kind="gift_card", stored=True, balance_minor=amount_minor)
        case "adjust":
            return AdjustBalance(**common, amount_minor=amount_minor - 500)
        case "take":
            return TakeBalance(**money)
        case _:
            return CreditBalance(**money)


@given(STEPS)
def test_no_balance_is_ever_below_nothing(steps: Steps) -> None:
    spec = Spec(wallets.DECIDER, PackLibrary.always([]).at(START))
    for kind, method, amount_minor in steps:
        actor = SYSTEM if kind in ("take", "credit") else MARKETPLACE
        spec.when(command(kind, method, amount_minor), by=actor)
        if spec.state is not None:
            assert all(one.balance_minor >= 0 for one in spec.state.methods)
    assert spec.replayed() == spec.state
