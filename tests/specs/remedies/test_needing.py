"""However it ends what a person of the platform was needed for, its case is told."""

from collections.abc import Sequence
from datetime import timedelta

from oncedesk.domain.conversations.messages import NoteNeeds
from oncedesk.domain.remedies.messages.disputing import (
    DecisionAsked,
    DisputeDecided,
    ObjectToDecision,
    Outcome,
    Side,
)
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff, RemedyClosed, RouteAsked
from oncedesk.domain.remedies.words import ClockKind, RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine import reactions
from tests.specs.remedies import test_disputing as disputes
from tests.specs.remedies import test_routes as routes
from tests.specs.remedies.shop import BY_CONSUMER, WHO
from tests.specs.remedies.test_authorising import BEN
from tests.specs.remedies.town import MINE
from tests.support.specs import Spec


def needs(spec: Spec) -> Sequence[NoteNeeds]:
    """What conversations are told because of what happened last."""
    return [
        one
        for event in spec.events(object)
        for one in reactions.commands(event, MINE, spec.state)
        if isinstance(one, NoteNeeds)
    ]


def test_the_last_word_in_a_dispute_by_which_the_remedy_is_over() -> None:
    made = disputes.before_platform()
    disputes.decide(made, Outcome.REFUSED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    made.when(objection, by=BY_CONSUMER)
    disputes.decide(made, Outcome.REFUSED, BEN)
    made.then_only(DisputeDecided, RemedyClosed)
    (told,) = needs(made)
    assert told.needs == ()


def test_an_objection_to_a_return_that_was_not_sent_in_time_is_still_to_be_decided() -> None:
    made = disputes.before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    disputes.decides_alone(made, Outcome.GRANTED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    ship_back = made.state.live[0].clock(ClockKind.SHIP_BACK)
    made.at(ship_back.due_at - timedelta(minutes=1)).when(objection, by=MARKETPLACE)
    assert made.event(DecisionAsked).clock.due_at > ship_back.due_at
    made.wake(ship_back.due_at).then_only(ClosingPutOff)
    assert needs(made) == []
    assert made.state.live[0].clock(ClockKind.DECISION) is not None


def test_money_that_has_left_after_all_where_a_way_for_it_was_sought() -> None:
    one = routes.fail(routes.asked())
    while one.event(RouteAsked).desk is None:
        one.wake_when_due()
    routes.confirm(one)
    assert [told.needs for told in needs(one)] == [()]
