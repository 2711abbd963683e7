"""What stands in the way of giving something that is not owed, before anybody gives it.

The deciders that will count it are asked, so nothing is said here that is not done then.
"""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.agents.authority import spend_authority
from oncedesk.domain.agents.messages import (
    AuthorityExceeded,
    AuthorityLimit,
    AuthoritySpent,
    SpendAuthority,
)
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.budgets.left import left_minor
from oncedesk.domain.budgets.state import Budget
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.parties.decide import decide as decide_of_party
from oncedesk.domain.parties.messages import CountGift, GiftExceeded
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.authorising import given_to_case
from oncedesk.domain.remedies.messages.funding import GOODWILL
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import SYSTEM, Facts, Packs, Refusal
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import (
    PLATFORM,
    Ref,
    agent_ref,
    budget_ref,
    party_ref,
    remedies_ref,
    slice_of,
)
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen

CONSUMER = "consumer"


class GoodwillRoom(Record, frozen=True):
    """Which limit of the agent's it exceeds (empty: none), and what the budget can still give.

    `budget_minor` None: no budget limits it.
    """

    limit: str
    budget_minor: int | None


class Goodwill:
    """Answers how much of it there is."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def room(
        self,
        *,
        seen: SeenOrder,
        agent: UUID,
        amount_minor: int,
        case: CaseLink | None,
        packs: Packs,
        now: datetime,
    ) -> GoodwillRoom:
        """For so much, given by this agent of the platform's. Raises `NotSeen` to a merchant's."""
        if not seen.whole:
            raise NotSeen
        order = seen.state
        consumer, book = party_ref(order.consumer), _book(order)
        slices = [_slice(order, one) for one in (slice_of(bucket_of(order.consumer)), 0)]
        found = {
            id_: one.state
            for id_, one in (
                await self._store.load((consumer, book, *slices, agent_ref(agent)))
            ).items()
        }
        own, undealt = (_budget(found.get(ref.id)) for ref in slices)
        rule = packs.current(order.market).remedies.budget(name=GOODWILL, currency=order.currency)
        budget_minor = left_minor(own=own, undealt=undealt, rule=rule, now=now)
        person = found.get(agent)
        if not isinstance(person, AgentState):
            return GoodwillRoom(AuthorityLimit.NOT_MEMBER.value, budget_minor)
        known, party = found.get(book.id), found.get(consumer.id)
        remedies = known if isinstance(known, Remedies) else None
        spend = _spend(order, remedies, agent=person.agent, amount_minor=amount_minor, case=case)
        facts = Facts(now=now, command_id=UUID(int=0), actor=SYSTEM, packs=packs, states=found)
        limit = _limit(person, party if isinstance(party, PartyState) else None, spend, facts)
        return GoodwillRoom(limit, budget_minor)


def _spend(
    order: OrderState,
    remedies: Remedies | None,
    *,
    agent: UUID,
    amount_minor: int,
    case: CaseLink | None,
) -> SpendAuthority:
    """What the agent's decider will be asked, if it is given."""
    number, case_minor = 1, 0
    if remedies is not None:
        number = remedies.numbered + 1
        case_minor = given_to_case(state=remedies, case=case, beside=number)
    return SpendAuthority(
        agent=agent,
        consumer=order.consumer,
        order=order.order,
        remedy=number,
        market=order.market,
        desk=PLATFORM,
        currency=order.currency,
        amount_minor=amount_minor,
        case_minor=case_minor,
    )


def _limit(
    person: AgentState, consumer: PartyState | None, spend: SpendAuthority, facts: Facts
) -> str:
    """First the agent's own limits, then what all agents together may give the consumer."""
    answer = spend_authority(person, spend, facts)
    assert not isinstance(answer, Refusal), "an order's market has a pack"
    (counted,) = answer
    if isinstance(counted, AuthorityExceeded):
        return counted.limit.value
    assert isinstance(counted, AuthoritySpent)
    gift = CountGift(
        party=spend.consumer,
        market=spend.market,
        agent=spend.agent,
        order=spend.order,
        remedy=spend.remedy,
        currency=spend.currency,
        amount_minor=spend.amount_minor,
        most_minor=counted.consumer_minor,
        rule=counted.rule,
        spent_at=facts.now,
    )
    given = decide_of_party(consumer, gift, facts)
    assert not isinstance(given, Refusal), "it is counted or exceeded"
    return CONSUMER if any(isinstance(one, GiftExceeded) for one in given) else ""


def _book(order: OrderState) -> Ref:
    return remedies_ref(consumer=order.consumer, order=order.order)


def _slice(order: OrderState, slice_: int) -> Ref:
    return budget_ref(name=GOODWILL, market=order.market, currency=order.currency, slice_=slice_)


def _budget(state: object) -> Budget | None:
    return state if isinstance(state, Budget) else None
