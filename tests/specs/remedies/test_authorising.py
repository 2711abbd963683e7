"""An agent gives within the authority; above it a second person stands by it; never to oneself."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain import agents, parties
from oncedesk.domain.agents.messages import (
    AuthorityExceeded,
    AuthorityLimit,
    AuthorityReturned,
    AuthoritySpent,
    DeskRole,
    JoinDesk,
    LinkAccounts,
    RegisterAgent,
    ReturnAuthority,
    SpendAuthority,
)
from oncedesk.domain.parties.messages import (
    CountGift,
    GiftCounted,
    GiftExceeded,
    GiftTakenBack,
    TakeBackGift,
)
from oncedesk.domain.remedies.messages.asking import (
    CounterOfferMade,
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    ApproveGrant,
    AuthorityAsked,
    DeclineGrant,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.messages.contesting import DecideContest
from oncedesk.domain.remedies.messages.disputing import DecideDispute, Outcome
from oncedesk.domain.remedies.words import DecidedBy, Payer, RemedyKind, Status
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.remedy_rules import (
    AuthorityRule,
    GrantedBy,
    OnSilence,
    RemedyRule,
    authority_key,
)
from tests.specs.remedies.shop import CONSUMER, MERCHANT_DESK, ORDER, WHO, Shop
from tests.support.specs import START, Spec, after

ANNA, BEN, CARL = UUID(int=0xA1), UUID(int=0xB2), UUID(int=0xC3)
BY_PLATFORM = RemedyRule(
    id="test/platform", kind="refund", reason="*", stage="*", granted_by=GrantedBy.PLATFORM
)
AUTHORITY = {
    authority_key(desk="platform", role=rule.role, currency="CNY"): rule
    for rule in (
        AuthorityRule("test/agent", "platform", "agent", "CNY", 10_000, 15_000, 12_000),
        AuthorityRule("test/lead", "platform", "supervisor", "CNY", 50_000, 90_000, 60_000),
    )
}


def agent(spec: Shop, id_: UUID, role: DeskRole = DeskRole.AGENT) -> Spec:
    """Somebody at the platform's desk, seen by the remedies from now on."""
    known = Spec(agents.DECIDER, spec.packs)
    known.when(RegisterAgent(agent=id_))
    known.when(JoinDesk(agent=id_, desk=PLATFORM, role=role, starts_at=START))
    spec.world[id_] = known.state
    return known


def shop(price_minor: int = 10_000) -> Shop:
    """A refund that the platform's desk has been asked for."""
    made = Shop(BY_PLATFORM, authority=AUTHORITY).plain(price_minor)
    made.asks(RemedyKind.REFUND)
    return made


def by(id_: UUID) -> Actor:
    return Actor(role=Role.AGENT, id=id_)


def runs(id_: UUID) -> Actor:
    """The same person, in the capacity of an admin."""
    return Actor(role=Role.ADMIN, id=id_)


def answered(made: Shop, id_: UUID, limit: str = "") -> Shop:
    made.when(ApplyAuthority(**WHO, remedy=1, agent=id_, rule="test/agent", limit=limit))
    return made


def spend(id_: UUID, amount_minor: int, **more: Any) -> SpendAuthority:
    given: dict[str, Any] = {"case_minor": 0, **more}
    return SpendAuthority(
        agent=id_,
        consumer=CONSUMER,
        order=ORDER,
        remedy=1,
        market="cn",
        desk=PLATFORM,
        currency="CNY",
        amount_minor=amount_minor,
        **given,
    )


def test_within_the_authority_it_is_granted_once_that_has_been_counted() -> None:
    made = shop()
    agent(made, ANNA)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_only(AuthorityAsked)
    answered(made, ANNA)
    (approved,) = made.events(RemedyApproved)
    assert approved.by is DecidedBy.PLATFORM
    answered(made, ANNA).then_nothing()


def test_above_it_somebody_else_stands_by_it() -> None:
    made = shop()
    agent(made, ANNA)
    agent(made, BEN, DeskRole.SUPERVISOR)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(made, ANNA, "case").then_only(SecondPersonAsked)
    made.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    made.then_refused("second_person_same")
    made.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN)).then_only(AuthorityAsked)
    answered(made, BEN)
    assert made.events(RemedyApproved)


@pytest.mark.parametrize("limit", ["own_account", "not_member"])
def test_what_nobody_gives_to_themselves_is_as_undecided_as_before(limit: str) -> None:
    made = shop()
    agent(made, ANNA)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(made, ANNA, limit).then_only(GrantDeclined)
    made.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    made.then_refused("second_person_not_asked")


def test_a_second_person_that_never_comes_keeps_nobody_waiting() -> None:
    made = shop()
    agent(made, ANNA)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(made, ANNA, "day")
    made.wake_when_due().then_only(GrantDeclined)
    made.wake(after(hours=24))
    (approved,) = made.events(RemedyApproved)
    assert approved.by is DecidedBy.SILENCE


def test_a_second_person_may_say_no() -> None:
    made = shop()
    agent(made, ANNA)
    agent(made, BEN)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(made, ANNA, "case")
    made.when(DeclineGrant(**WHO, remedy=1, agent=BEN, reason="too_much"), by=by(BEN))
    made.then_only(GrantDeclined)


def test_the_agents_own_state_counts_case_and_day() -> None:
    made = shop()
    anna = agent(made, ANNA)
    anna.when(spend(ANNA, 10_001)).then_only(AuthorityExceeded)
    assert anna.events(AuthorityExceeded)[0].limit is AuthorityLimit.CASE
    anna.when(spend(ANNA, 4_000, case_minor=6_001)).then_only(AuthorityExceeded)
    anna.when(spend(ANNA, 10_000)).then_only(AuthoritySpent)
    anna.when(spend(ANNA, 5_001)).then_only(AuthorityExceeded)
    assert anna.events(AuthorityExceeded)[0].limit is AuthorityLimit.DAY
    anna.when(spend(ANNA, 5_000)).then_only(AuthoritySpent)
    anna.at(after(hours=25)).when(spend(ANNA, 10_000)).then_only(AuthoritySpent)


def give_back(amount_minor: int, **more: Any) -> ReturnAuthority:
    given: dict[str, Any] = {"currency": "CNY", "spent_at": START, **more}
    return ReturnAuthority(
        agent=ANNA, consumer=CONSUMER, order=ORDER, remedy=1, amount_minor=amount_minor, **given
    )


def test_what_was_not_given_after_all_can_be_given_again() -> None:
    made = shop()
    anna = agent(made, ANNA)
    anna.when(spend(ANNA, 10_000)).when(spend(ANNA, 5_000))
    anna.at(after(minutes=70)).when(give_back(10_000)).then_only(AuthorityReturned)
    anna.when(spend(ANNA, 10_001)).then_only(AuthorityExceeded)
    anna.when(spend(ANNA, 10_000)).then_only(AuthoritySpent)
    assert sum(one.minor for one in anna.state.spent) == 15_000


def test_no_more_is_given_back_than_still_counts() -> None:
    made = shop()
    anna = agent(made, ANNA)
    anna.when(spend(ANNA, 5_000))
    anna.when(give_back(5_000, currency="EUR")).then_nothing()
    anna.when(give_back(5_000, spent_at=after(hours=-3))).then_nothing()
    anna.when(give_back(5_001)).then_only(AuthorityReturned)
    assert anna.events(AuthorityReturned)[0].amount_minor == 5_000
    assert anna.state.spent == ()
    anna.when(give_back(5_000)).then_nothing()
    anna.when(spend(ANNA, 5_000)).at(after(hours=25)).when(give_back(5_000)).then_nothing()


def test_what_a_consumer_was_not_given_after_all_does_not_count() -> None:
    consumer = Spec(parties.DECIDER, shop().packs)
    given = CountGift(
        party=CONSUMER,
        market="cn",
        agent=ANNA,
        order=ORDER,
        remedy=1,
        currency="CNY",
        amount_minor=7_000,
        most_minor=12_000,
        rule="test/agent",
        spent_at=START,
    )
    back = TakeBackGift(
        party=CONSUMER,
        order=ORDER,
        remedy=1,
        currency="CNY",
        amount_minor=7_000,
        counted_at=START,
    )
    consumer.when(back).then_refused("party_unknown")
    consumer.when(given).when(given).then_only(GiftExceeded)
    consumer.when(back).then_only(GiftTakenBack)
    assert consumer.state.gifts == ()
    consumer.when(back).then_nothing()
    consumer.when(given).then_only(GiftCounted)


def test_a_second_person_stands_by_the_amount_that_was_shown() -> None:
    made = shop()
    agent(made, ANNA)
    agent(made, BEN)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(made, ANNA, "case").then_only(SecondPersonAsked)
    yes = ApproveGrant(**WHO, remedy=1, agent=BEN, expected_minor=1_000)
    made.when(yes, by=by(BEN)).then_refused("amount_changed")
    made.when(replace(yes, expected_minor=10_000), by=by(BEN)).then_only(AuthorityAsked)


def test_a_yes_that_comes_after_a_no_changes_nothing() -> None:
    made = shop()
    agent(made, ANNA)
    agent(made, BEN)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    no = RefuseRemedy(**WHO, remedy=1, agent=BEN, reason="worn", facts=("worn",))
    made.when(no, by=by(BEN)).then_only(RemedyRefused)
    answered(made, ANNA).then_nothing()
    assert made.state.live[0].status is Status.REFUSED


def test_nobody_gives_to_an_account_close_to_them() -> None:
    made = shop()
    anna = agent(made, ANNA)
    anna.when(LinkAccounts(agent=ANNA, consumers=(CONSUMER,)))
    anna.when(spend(ANNA, 1)).then_only(AuthorityExceeded)
    assert anna.events(AuthorityExceeded)[0].limit is AuthorityLimit.OWN_ACCOUNT


def test_a_currency_without_a_rule_is_nobodys_to_give() -> None:
    made = shop()
    anna = agent(made, ANNA)
    anna.when(spend(ANNA, 1)).then_only(AuthoritySpent)
    euros = SpendAuthority(
        agent=ANNA,
        consumer=CONSUMER,
        order=ORDER,
        remedy=1,
        market="cn",
        desk=PLATFORM,
        currency="EUR",
        amount_minor=1,
    )
    anna.when(euros).then_only(AuthorityExceeded)
    assert anna.events(AuthorityExceeded)[0].limit is AuthorityLimit.NO_AUTHORITY


def test_all_agents_together_are_counted_at_the_consumer() -> None:
    consumer = Spec(parties.DECIDER, shop().packs)

    def gift(agent_: UUID, amount_minor: int) -> CountGift:
        return CountGift(
            party=CONSUMER,
            market="cn",
            agent=agent_,
            order=ORDER,
            remedy=1,
            currency="CNY",
            amount_minor=amount_minor,
            most_minor=12_000,
            rule="test/agent",
        )

    consumer.when(gift(ANNA, 7_000)).then_only(GiftCounted)
    consumer.when(gift(BEN, 5_001)).then_only(GiftExceeded)
    consumer.when(gift(BEN, 5_000)).then_only(GiftCounted)
    consumer.at(after(days=31)).when(gift(BEN, 12_000)).then_only(GiftCounted)


def asked_of_merchant(*desks: Desk) -> Shop:
    """A refund that the merchant's desk has been asked for; Anna works at these desks."""
    rule = RemedyRule(
        id="test/merchant",
        kind="refund",
        reason="*",
        stage="*",
        granted_by=GrantedBy.MERCHANT,
        opt_in=True,
        on_silence=OnSilence.TAKE_OVER,
    )
    made = Shop(rule, authority=AUTHORITY).plain()
    made.asks(RemedyKind.REFUND)
    anna = Spec(agents.DECIDER, made.packs)
    anna.when(RegisterAgent(agent=ANNA))
    for desk in desks:
        anna.when(JoinDesk(agent=ANNA, desk=desk, role=DeskRole.AGENT, starts_at=START))
    made.world[ANNA] = anna.state
    return made


def test_the_platforms_people_have_limits_and_bind_nobody_at_a_merchants_desk_too() -> None:
    made = asked_of_merchant(PLATFORM)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_only(AuthorityAsked)
    asked = made.event(AuthorityAsked)
    assert (asked.desk, asked.by) == (PLATFORM, DecidedBy.PLATFORM)
    approved = answered(made, ANNA).event(RemedyApproved)
    assert approved.by is DecidedBy.PLATFORM
    assert [share.payer for share in approved.shares] == [Payer.PLATFORM]


@pytest.mark.parametrize("desks", [(MERCHANT_DESK,), (PLATFORM, MERCHANT_DESK)])
def test_who_works_at_the_merchants_desk_speaks_for_it(desks: tuple[Desk, ...]) -> None:
    made = asked_of_merchant(*desks)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    approved = made.event(RemedyApproved)
    assert approved.by is DecidedBy.MERCHANT
    assert [share.payer for share in approved.shares] == [Payer.MERCHANT]


def test_nor_is_a_merchants_yes_said_to_an_account_close_to_who_says_it() -> None:
    made = asked_of_merchant(MERCHANT_DESK)
    known: Any = made.world[ANNA]
    made.world[ANNA] = replace(known, linked=(CONSUMER,))
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_refused("not_allowed")


def test_what_the_platforms_people_refuse_or_offer_there_is_the_platforms() -> None:
    made = asked_of_merchant(PLATFORM)
    offer = Wish(kind=RemedyKind.REFUND, reason="quality", amount_minor=3_000)
    made.when(MakeCounterOffer(**WHO, remedy=1, agent=ANNA, wish=offer), by=by(ANNA))
    made.then_only(AuthorityAsked)
    made.when(
        ApplyAuthority(**WHO, remedy=1, agent=ANNA, rule="test/agent", amount_minor=3_000)
    ).then_only(CounterOfferMade)
    assert [share.payer for share in made.event(CounterOfferMade).shares] == [Payer.PLATFORM]
    made = asked_of_merchant(PLATFORM)
    made.when(RefuseRemedy(**WHO, remedy=1, agent=ANNA, reason="no", facts=("worn",)), by=by(ANNA))
    assert made.event(RemedyRefused).by is DecidedBy.PLATFORM


def test_an_admin_gives_within_what_they_may_give_at_the_desk() -> None:
    made = shop()
    agent(made, ANNA)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=runs(ANNA)).then_only(AuthorityAsked)
    answered(made, ANNA, "own_account").then_only(GrantDeclined)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=runs(ANNA))
    answered(made, ANNA, "case").then_only(SecondPersonAsked)
    made.when(ApproveGrant(**WHO, remedy=1, agent=ANNA), by=runs(ANNA))
    made.then_refused("second_person_same")


@pytest.mark.parametrize("who", [ANNA, BEN])
def test_an_admin_who_works_at_no_desk_gives_nothing_and_in_nobodys_name(who: UUID) -> None:
    made = asked_of_merchant()
    offer = Wish(kind=RemedyKind.REFUND, reason="quality", amount_minor=3_000)
    for command in (
        GrantRemedy(**WHO, remedy=1, agent=who),
        MakeCounterOffer(**WHO, remedy=1, agent=who, wish=offer),
        DecideDispute(
            **WHO, remedy=1, agent=who, outcome=Outcome.GRANTED, reason="no", basis="photo 2"
        ),
        DecideContest(**WHO, remedy=1, agent=who, upheld=True, reason="no"),
        RequestRemedy(**WHO, wish=offer, agent=who, goodwill=True),
    ):
        made.when(command, by=runs(who)).then_refused("not_allowed")
    # Nor in the name of somebody else, who does.
    agent(made, CARL)
    made.when(GrantRemedy(**WHO, remedy=1, agent=CARL), by=runs(who)).then_refused("not_allowed")


def test_what_an_admin_grants_and_refuses_in_a_merchants_place_is_the_platforms() -> None:
    made = asked_of_merchant(PLATFORM)
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=runs(ANNA)).then_only(AuthorityAsked)
    approved = answered(made, ANNA).event(RemedyApproved)
    assert approved.by is DecidedBy.PLATFORM
    assert [share.payer for share in approved.shares] == [Payer.PLATFORM]
    made = asked_of_merchant()
    no = RefuseRemedy(**WHO, remedy=1, agent=ANNA, reason="no", facts=("worn",))
    made.when(no, by=runs(ANNA))
    assert made.event(RemedyRefused).by is DecidedBy.PLATFORM
