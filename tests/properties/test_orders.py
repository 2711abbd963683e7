"""In whatever order, how often and how late news of an order comes, the same holds in the end."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from oncedesk.domain.orders import DECIDER
from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    Breach,
    BreachCorrected,
    CancelOrder,
    DeliverBy,
    Delivered,
    DeliveryReopened,
    FakeFinding,
    GrantRelief,
    MoveEstimate,
    NextDay,
    OnDemandHandover,
    OrderCommand,
    OrderedPart,
    OrderEvent,
    PromiseBroken,
    PromiseKind,
    RecordTracking,
    ReportFakeTracking,
    SameDay,
    Shipped,
    ShippingReopened,
    StandardShipping,
)
from oncedesk.domain.orders.state import OrderState, Verdict
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.vocabularies import Handover, TrackingStatus
from tests.specs.orders.world import MERCHANT, PACK, WAKE, WHO, place
from tests.support.given import START, after, facts_at, through_bytes

SHIPMENTS = [UUID(int=50 + number) for number in range(3)]
CONSENTS = [UUID(int=60 + number) for number in range(20)]
HEARD_AT = after(hours=400)

hours = st.integers(-4, 160)
moments = hours.map(lambda hour: after(hours=hour))
handovers = st.sampled_from(list(Handover))
scans = st.builds(
    RecordTracking,
    **{name: st.just(value) for name, value in WHO.items()},
    shipment=st.sampled_from(SHIPMENTS),
    code=st.sampled_from([*TrackingStatus, *[TrackingStatus.DELIVERED] * 6]).map(str),
    substate=handovers.map(str),
    at=moments,
)
shipping = st.sampled_from([(), (StandardShipping(),)])
delivery = st.sampled_from([(), (NextDay(),), (SameDay(),), (DeliverBy(on=date(2025, 3, 6)),)])
asked = st.sampled_from(
    [(), (OnDemandHandover(Handover.DOOR),), (OnDemandHandover(Handover.LOCKER),)]
)
parts = st.builds(
    lambda *terms: OrderedPart(merchant=MERCHANT, promises=sum(terms, ())),
    shipping,
    delivery,
    asked,
)


class Heard:
    """An order, told by commands; everything is checked on the way."""

    def __init__(self) -> None:
        self.state: OrderState | None = None
        self.journal: list[OrderEvent] = []

    def hear(self, command: OrderCommand, now: datetime) -> Sequence[OrderEvent] | Refusal:
        answer = DECIDER.decide(self.state, command, facts_at(now, pack=PACK))
        if isinstance(answer, Refusal):
            return answer
        for event in answer:
            self.state = DECIDER.evolve(self.state, through_bytes(event, DECIDER.events))
            assert self.state is not None
            DECIDER.check(self.state)
        self.journal += answer
        if self.state is not None:
            assert through_bytes(self.state, OrderState) == self.state
            assert DECIDER.is_open(self.state) == (DECIDER.deadline(self.state) is not None)
        # Told twice, it is done once.
        again = DECIDER.decide(self.state, command, facts_at(now, pack=PACK))
        assert isinstance(again, Refusal) or list(again) == []
        return answer

    def last(self) -> list[tuple[Any, ...]]:
        """What was last said of each part."""
        said: dict[tuple[str, int], tuple[Any, ...]] = {}
        for event in self.journal:
            match event:
                case Shipped():
                    said["shipped", event.part] = (
                        event.shipped_at,
                        event.late_by_earliest,
                        event.late_by_latest,
                    )
                case Delivered():
                    said["delivered", event.part] = (
                        event.delivered_at,
                        event.handover,
                        event.late_by_date,
                        event.late_by_timestamp,
                    )
                case ShippingReopened():
                    del said["shipped", event.part]
                case DeliveryReopened():
                    del said["delivered", event.part]
                case _:
                    pass
        return sorted((*key, *value) for key, value in said.items())

    def broken(self) -> set[tuple[UUID, Breach]]:
        """The breaches that stand; none is found while it stands already."""
        standing: set[tuple[UUID, Breach]] = set()
        for event in self.journal:
            if isinstance(event, PromiseBroken):
                # What no carrier had may be found to be another order's parcel on top of that.
                again = event.breach is Breach.FAKE_TRACKING
                assert again or (event.promise, event.breach) not in standing
                standing.add((event.promise, event.breach))
            elif isinstance(event, BreachCorrected):
                standing.remove((event.promise, event.breach))
        return standing


def told(commands: Sequence[OrderCommand]) -> Heard:
    heard = Heard()
    for command in commands:
        heard.hear(command, HEARD_AT)
    return heard


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[OrderCommand], list[OrderCommand]]:
    """An order and its scans as they happened, and the same as they might be heard."""
    ordered = draw(st.lists(parts, min_size=1, max_size=2))
    placed: OrderCommand = place(parts=tuple(ordered))
    found = draw(st.lists(scans, max_size=8))
    announced: list[OrderCommand] = []
    if len(ordered) > 1:
        announced = [
            AnnounceShipment(**WHO, part=1 + number % 2, shipment=shipment)
            for number, shipment in enumerate(SHIPMENTS)
        ]
    in_order = sorted(found, key=lambda one: one.at)
    repeated = draw(st.lists(st.sampled_from(found), max_size=4)) if found else []
    shuffled: list[OrderCommand] = draw(st.permutations([placed, *found, *repeated]))
    # A shipment can be announced only once its order is known.
    return [placed, *announced, *in_order], [*shuffled, *announced]


@settings(max_examples=200)
@given(arrivals())
def test_the_order_of_arrival_leaves_no_trace(
    heard: tuple[list[OrderCommand], list[OrderCommand]],
) -> None:
    in_order, as_heard = told(heard[0]), told(heard[1])
    assert in_order.last() == as_heard.last()
    for one in (in_order, as_heard):
        one.hear(WAKE, HEARD_AT)
    assert in_order.state == as_heard.state
    assert in_order.last() == as_heard.last()
    assert in_order.broken() == as_heard.broken()


timed = st.sampled_from([PromiseKind.SHIPPING, PromiseKind.DELIVERY])
who = {name: st.just(value) for name, value in WHO.items()}
commands: st.SearchStrategy[Any] = st.one_of(
    scans,
    scans,
    st.builds(AnnounceShipment, **who, part=st.integers(0, 3), shipment=st.sampled_from(SHIPMENTS)),
    st.builds(CancelOrder, **who, at=moments, part=st.integers(0, 2)),
    st.builds(
        ReportFakeTracking,
        **who,
        shipment=st.sampled_from(SHIPMENTS),
        finding=st.sampled_from(FakeFinding),
    ),
    st.builds(MoveEstimate, **who, part=st.integers(1, 2), estimate_at=moments),
    st.builds(
        AmendPromise,
        **who,
        part=st.integers(1, 2),
        promise=timed,
        consent=st.sampled_from(CONSENTS),
        due_at=moments,
        given_at=st.none() | moments,
    ),
    st.builds(
        AmendPromise,
        **who,
        part=st.integers(1, 2),
        promise=st.just(PromiseKind.HANDOVER),
        consent=st.sampled_from(CONSENTS),
        handover=handovers,
        given_at=st.none() | moments,
    ),
    st.builds(
        GrantRelief,
        **who,
        part=st.integers(1, 2),
        promise=timed,
        relief=st.integers(1, 3).map(lambda number: UUID(int=number)),
        published_at=moments,
        extends_seconds=st.integers(0, 200_000),
    ),
    st.lists(parts, min_size=1, max_size=2).map(lambda some: place(parts=tuple(some))),
    st.just(WAKE),
    st.just(WAKE),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(commands, st.integers(0, 12)), max_size=25))
def test_whatever_is_asked_in_whatever_order(steps: list[tuple[Any, int]]) -> None:
    heard, now = Heard(), START
    for command, passed in steps:
        now += timedelta(hours=passed)
        before = heard.state
        answer = heard.hear(command, now)
        if isinstance(answer, Refusal):
            assert heard.state is before
            continue
        heard.broken()
        state = heard.state
        if state is None or not state.placed:
            assert not any(isinstance(one, PromiseBroken) for one in heard.journal)
            continue
        assert_told(state)
        if command is WAKE:
            due_at = DECIDER.deadline(state)
            assert due_at is None or due_at > now
    replayed = None
    for event in heard.journal:
        replayed = DECIDER.evolve(replayed, event)
    assert replayed == heard.state
    if heard.state is not None:
        run_out(heard)


def assert_told(state: OrderState) -> None:
    """What was recorded last of each part is what its scans say."""
    for part in state.parts:
        facts = state.facts(part)
        assert part.shipped_at == facts.shipped_at
        delivered = facts.delivered
        assert part.delivered_at == (None if delivered is None else delivered.at)
        if not state.is_over(part):
            assert (part.handover is Verdict.BROKEN) == (facts.wrong is not None)
            assert (part.number in state.gone) == facts.lacks


def run_out(heard: Heard) -> None:
    """Woken at each deadline, it comes to an end and leaves no promise open."""
    for _ in range(20):
        assert heard.state is not None
        due_at = DECIDER.deadline(heard.state)
        if due_at is None:
            break
        answer = heard.hear(WAKE, due_at)
        assert not isinstance(answer, Refusal)
        assert answer
    assert not DECIDER.is_open(heard.state)
