"""A consumer's own copy names no agent, and says nothing of what others bear or are paid."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import Side
from oncedesk.domain.conversations.state import Asked, Case, Conversation
from oncedesk.domain.orders.state import OrderState, SoldAs
from oncedesk.domain.parties.state import PartyState, Trust
from oncedesk.domain.remedies.messages.asking import CounterOffer, PaidPart
from oncedesk.domain.remedies.state import Compensated, Dispute, Given, Remedies, Remedy
from oncedesk.domain.remedies.words import Leg, Line
from oncedesk.storage.views.own_copy import own_view
from tests.support.samples import sample

STATES = (Conversation, OrderState, PartyState, Remedies)
OWN: dict[type, str] = {
    Conversation: "consumer subject market opened_at merchant creator last_case cases closed "
    "closed_earlier packs breaches rated named",
    Case: "number issue origin language opened_at owner priority clocks asked pauses contacts "
    "failed answered call_back last_at reopens closing last_outside remedies surface outside "
    "score placed wished",
    Asked: "question at",
    SoldAs: "subsidy_minor bundle variant return_waived",
    PartyState: "party kind market language digest length managements erased_at gifts "
    "unregistered trust refunds_without_return owner places",
    Trust: "level remedies",
    Remedies: "consumer order market currency pack placed_at paid creator numbered moved live "
    "closed given charged_minor outside refunded granted compensated protected owed_minor put_off",
    PaidPart: "part merchant paid_minor subsidy_minor final",
    Remedy: "number kind reason status requested_at rule pack lines amount_minor shipping_minor "
    "refund legs clocks desk case speed counter_offer replacements difference_minor method "
    "goodwill settled_at route_asked send_minor speed_reason evidence_wanted human overdue "
    "takes_over dispute route charge address undone journey shown lapsed over",
    Line: "part item quantity amount_minor subsidy_minor before_minor stays difference_minor",
    Leg: "number payment method amount_minor status reference requested_at sent_at asked_again "
    "transfer stored beyond counts_for route route_reference first_asked_at certain_from "
    "credited_at",
    CounterOffer: "wish lines amount_minor rule",
    Dispute: "wanted wanted_minor consumer_evidence merchant_evidence outcome objected",
    Given: "part item quantity amount_minor subsidy_minor kept_minor difference_minor",
    Compensated: "promise breach part remedy amount_minor corrected withdrawn",
}
WITHHELD: dict[type, str] = {
    Conversation: "flags left",
    Case: "agent preferred referral barred needed",
    Asked: "agent",
    SoldAs: "commission_minor",
    PartyState: "holds",
    Trust: "linked",
    Remedies: "books pending payouts",
    PaidPart: "commission_minor",
    Remedy: "agent approval granted_by shares otherwise sources asked_of fund_minor",
    Line: "commission_minor",
    Leg: "taken",
    CounterOffer: "shares spent",
    Dispute: "decided_by stood_by",
    Given: "commission_minor",
    Compensated: "shares",
}


def parts(value: Any) -> Iterator[Struct]:
    """It and all that it is made of."""
    if isinstance(value, Struct):
        yield value
        for name in value.__struct_fields__:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from parts(one)


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
def test_of_each_field_somebody_has_said_whether_it_is_the_consumers(kind: type[Struct]) -> None:
    fields = [*OWN[kind].split(), *WITHHELD[kind].split()]
    assert sorted(fields) == sorted(kind.__struct_fields__)


def test_how_long_another_desk_has_to_answer_a_desk_is_not_the_consumers() -> None:
    conversation = sample(Conversation, full=True)
    (case,) = conversation.cases
    clocks = tuple(replace(case.clocks[0], side=side) for side in Side)
    shown = own_view(replace(conversation, cases=(replace(case, clocks=clocks),)))
    assert [clock.side for clock in shown.cases[0].clocks] == [Side.CONSUMER, Side.DESK]


def test_what_is_not_the_consumers_is_empty_in_their_copy() -> None:
    seen = set()
    for state in STATES:
        for part in parts(own_view(sample(state, full=True))):
            kind = type(part)
            for name in WITHHELD.get(kind, "").split():
                assert not getattr(part, name), f"{kind.__name__}.{name}"
            seen.add(kind)
    assert seen >= WITHHELD.keys() == OWN.keys()
