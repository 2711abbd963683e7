"""Whatever is wished for, in whatever order: what is approved is what was previewed, within what
was paid, and nothing waits without a clock.
"""

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.nearest import NotPossible
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.words import DecidedBy, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Refusal
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence, RemedyRule
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import load_builtin
from tests.specs.remedies.shop import BY_CONSUMER, LISTING, MERCHANT, WHO, Shop, ruled
from tests.support.specs import START

REASONS = ("changed_mind", "quality", "damaged", "not_received", "counterfeit", "late")
EVIDENCE = (b"a" * 16, b"b" * 16)


@cache
def strict() -> Pack:
    return load_builtin("cn").pack(START.date())


@cache
def generous() -> Pack:
    """Everything is given to whoever asks, by one or the other."""
    granting = (GrantedBy.RULE, GrantedBy.MERCHANT, GrantedBy.PLATFORM)
    rules = [
        RemedyRule(
            id=f"test/{kind}",
            kind=kind,
            reason="*",
            stage="*",
            granted_by=granting[number % 3],
            payer="merchant:70 platform:30" if number % 2 else "merchant",
            on_silence=OnSilence.TAKE_OVER if number % 2 else OnSilence.GRANT,
            opt_in=number % 4 == 3,
        )
        for number, kind in enumerate(RemedyKind)
    ]
    return ruled(*rules)


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    parts = []
    for merchant in (MERCHANT, UUID(int=0x3F))[: draw(st.sampled_from([1, 1, 2]))]:
        items = []
        for _ in range(draw(st.integers(2, 3))):
            price, quantity = draw(st.integers(0, 2_000)), draw(st.integers(2, 4))
            discount = draw(st.integers(0, price))
            category = draw(
                st.sampled_from(["shoes", "shoes", "custom_made", "hygiene", "perishable"])
            )
            waived = draw(st.booleans())
            items.append(
                Item(LISTING, price, quantity, discount, category=category, return_waived=waived)
            )
        parts.append(OrderedPart(merchant=merchant, items=tuple(items)))
    paid = sum(
        one.unit_price_minor * one.quantity - one.discount_minor
        for part in parts
        for one in part.items
    )
    first = draw(st.integers(0, paid))
    shop = Shop(pack=draw(st.sampled_from([strict(), generous(), generous()])))
    shop.placed(*parts, payments=(Payment("card", first), Payment("wallet", paid - first)))
    stage = draw(st.sampled_from(["unshipped", "shipped", "delivered"]))
    if stage != "unshipped":
        shop.arrived(delivered=stage == "delivered")
    return shop


KINDS = (
    *(RemedyKind.CANCEL, RemedyKind.REFUND, RemedyKind.RETURN_AND_REFUND) * 3,
    *(RemedyKind.EXCHANGE, RemedyKind.RESEND, RemedyKind.REPAIR, RemedyKind.COMPENSATION),
)
LINES = st.sampled_from(
    [
        *((WantedLine(1, 1, 1),), (WantedLine(1, 1, 2),), (WantedLine(1, 2, 1),)) * 2,
        (WantedLine(1, 1, 1), WantedLine(1, 2, 1)),
        (WantedLine(2, 1, 1),),
        (WantedLine(1, 1, 1), WantedLine(2, 1, 1)),
        (WantedLine(1, 9, 1),),
        (),
    ]
)
WISHES = st.builds(
    Wish,
    kind=st.sampled_from(KINDS),
    reason=st.sampled_from(REASONS),
    lines=LINES,
    amount_minor=st.sampled_from([None, None, None, 0, 1, 99, 1_000]),
    opened=st.booleans(),
)
NUMBERS = st.sampled_from([1, 1, 1, 2, 3])
STEPS = st.one_of(
    WISHES,
    WISHES,
    st.tuples(st.just(MakeCounterOffer), NUMBERS, WISHES),
    st.tuples(
        st.sampled_from(
            [AcceptCounterOffer, DeclineCounterOffer, AskHuman, WithdrawRemedy, GrantRemedy]
        ),
        NUMBERS,
    ),
    st.tuples(st.sampled_from([RefuseRemedy, LiftRisk]), NUMBERS),
    st.sampled_from([1, 23, 24, 60, 200]).map(lambda hours: timedelta(hours=hours)),
)


def do(shop: Shop, step: Any) -> None:
    match step:
        case Wish():
            asks(shop, step)
        case timedelta():
            shop.wake(shop.now + step)
        case _:
            shop.when(command_of(*step), by=MARKETPLACE)


def command_of(kind: type, number: int, wish: Wish | None = None) -> Any:
    more: dict[str, Any] = {}
    if kind is RefuseRemedy:
        more = {"reason": "no", "facts": ("no",)}
    elif kind is LiftRisk:
        more = {"reason": "known"}
    elif wish is not None:
        more = {"wish": wish}
    return kind(**WHO, remedy=number, **more)


def asks(shop: Shop, wish: Wish) -> None:
    """What is previewed is recorded, and what a rule gives is given just so."""
    seen = shop.previews(wish)
    shop.when(RequestRemedy(**WHO, wish=wish, evidence=EVIDENCE), by=BY_CONSUMER)
    if isinstance(seen, NotPossible):
        assert isinstance(shop.answer, Refusal)
        assert shop.answer.code == seen.code
        check_nearest(shop, seen)
        return
    requested = shop.event(RemedyRequested)
    assert (requested.lines, requested.amount_minor) == (seen.lines, seen.amount_minor)
    assert (requested.shares, requested.rule) == (seen.shares, seen.rule.id)
    assert (requested.desk, requested.clock.due_at) == (seen.desk, seen.due_at)
    assert sum(share.minor for share in seen.shares) == seen.amount_minor
    assert sum(leg.amount_minor for leg in seen.legs) == seen.amount_minor
    if seen.desk is None:
        approved = shop.event(RemedyApproved)
        assert approved.by is DecidedBy.RULE
        assert (approved.amount_minor, approved.shares) == (seen.amount_minor, seen.shares)


def check_nearest(shop: Shop, seen: NotPossible) -> None:
    """What is said to be possible now is."""
    if seen.nearest is None or seen.nearest.stage is not None:
        return
    found = shop.previews(seen.nearest.wish)
    assert isinstance(found, Preview)
    assert found.amount_minor == seen.nearest.amount_minor


@settings(max_examples=150)
@given(shop=shops(), first=WISHES, steps=st.lists(STEPS, min_size=6, max_size=12))
def test_what_is_previewed_is_what_is_approved(shop: Shop, first: Wish, steps: list[Any]) -> None:
    for step in (first, *steps):
        if shop.state is None and not isinstance(step, Wish):
            continue
        do(shop, step)
        if shop.state is None:
            continue
        paid = sum(part.paid_minor for part in shop.state.paid)
        assert 0 <= sum(shop.state.refunded) <= paid
        assert all(remedy.clocks for remedy in shop.state.live)
    assert shop.replayed() == shop.state
