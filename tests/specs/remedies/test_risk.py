"""Risk makes money later and asks for more evidence; it never refuses, and a person can lift it."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.evidence.state import EvidenceState
from oncedesk.domain.parties.messages import PartyKind, TrustLevel
from oncedesk.domain.parties.state import PartyState, Trust
from oncedesk.domain.remedies.messages.asking import (
    LiftRisk,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
    RiskLifted,
    Wish,
)
from oncedesk.domain.remedies.messages.contesting import ContestOpened
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import ParcelScanned
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.words import DecidedBy, RemedyKind, Speed, Status, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM, evidence_ref
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule, RiskRule
from tests.specs.remedies.goods import Goods, travels
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, ORDER, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, agent, by
from tests.support.specs import after

RETURN = RemedyKind.RETURN_AND_REFUND
RISK = RiskRule(
    id="test/risk",
    currency="CNY",
    instant_minor=5_000,
    remedies_max=3,
    linked_max=2,
    review_seconds=3_600,
)
PHOTO = b"p" * 16
ELSEWHERE = UUID(int=0x0E)
FRIENDS = (UUID(int=0xC1), UUID(int=0xC2))


def shop_of(kind: RemedyKind = RETURN, **more: Any) -> Shop:
    values: dict[str, Any] = {"granted_by": GrantedBy.RULE, "speed": "at_scan"}
    rule = RemedyRule(id="test/rule", kind=kind, reason="*", stage="*", **{**values, **more})
    return Shop(rule, risk=RISK).plain(quantity=5)


def known(shop: Shop, level: TrustLevel, linked: tuple[UUID, ...] = (), remedies: int = 0) -> Shop:
    shop.world[CONSUMER] = PartyState(
        party=CONSUMER, kind=PartyKind.CONSUMER, market="cn", trust=Trust(level, linked, remedies)
    )
    return shop


def previewed(shop: Shop, **more: Any) -> Preview:
    wish = Wish(kind=RETURN, reason="late", lines=(WantedLine(1, 1, 1),), **more)
    found = shop.previews(wish)
    assert isinstance(found, Preview)
    return found


@pytest.mark.parametrize(
    ("level", "linked", "remedies", "speed", "reason", "evidence"),
    [
        (TrustLevel.ORDINARY, (), 3, Speed.AT_SCAN, "", 0),
        (TrustLevel.ORDINARY, FRIENDS[:1], 0, Speed.AT_SCAN, "", 0),
        (TrustLevel.TRUSTED, (), 0, Speed.AT_SCAN, "", 0),
        (TrustLevel.ORDINARY, (), 4, Speed.AFTER_INSPECTION, "risk:velocity", 1),
        (TrustLevel.ORDINARY, FRIENDS, 0, Speed.AFTER_INSPECTION, "risk:linked_accounts", 1),
        (TrustLevel.WATCHED, (), 0, Speed.AFTER_INSPECTION, "risk:watched", 1),
        (TrustLevel.TRUSTED, (), 4, Speed.AFTER_INSPECTION, "risk:velocity", 1),
        (
            TrustLevel.WATCHED,
            FRIENDS,
            9,
            Speed.AFTER_INSPECTION,
            "risk:watched+linked_accounts+velocity",
            1,
        ),
    ],
)
def test_each_sign_makes_it_a_step_slower(
    level: TrustLevel,
    linked: tuple[UUID, ...],
    remedies: int,
    speed: Speed,
    reason: str,
    evidence: int,
) -> None:
    risk = previewed(known(shop_of(), level, linked, remedies)).risk
    assert (risk.speed, risk.reason, risk.evidence) == (speed, reason, evidence)


def test_a_step_is_one_step() -> None:
    shop = known(shop_of(speed="instant"), TrustLevel.WATCHED)
    assert previewed(shop).risk.speed is Speed.AT_SCAN


@pytest.mark.parametrize(
    ("amount_minor", "speed"), [(5_000, Speed.INSTANT), (5_001, Speed.AT_SCAN)]
)
def test_a_trusted_consumer_has_small_amounts_at_once(amount_minor: int, speed: Speed) -> None:
    shop = known(shop_of(), TrustLevel.TRUSTED)
    assert previewed(shop, amount_minor=amount_minor).risk.speed is speed


def test_remedies_of_this_order_count_too() -> None:
    shop = known(shop_of(granted_by=GrantedBy.MERCHANT), TrustLevel.ORDINARY, remedies=2)
    shop.asks(RETURN, WantedLine(1, 1, 1))
    assert previewed(shop).risk.reason == ""
    shop.asks(RETURN, WantedLine(1, 1, 1))
    assert previewed(shop).risk.reason == "risk:velocity"
    shop.at(after(days=31))
    assert previewed(shop).risk.reason == ""


def test_what_was_not_sent_yet_is_never_slower() -> None:
    shop = known(shop_of(RemedyKind.CANCEL, speed="instant"), TrustLevel.WATCHED)
    shop.asks(RemedyKind.CANCEL)
    assert shop.event(RemedyRequested).speed is Speed.INSTANT
    assert len(shop.events(RefundRequested)) == 1


def test_evidence_shown_for_another_order_is_a_sign() -> None:
    shop = shop_of()
    command = RequestRemedy(
        **WHO,
        wish=Wish(kind=RETURN, reason="late", lines=(WantedLine(1, 1, 1),)),
        evidence=(PHOTO,),
    )
    shop.world[evidence_ref(PHOTO).id] = EvidenceState(PHOTO, (ORDER,))
    shop.when(command, by=BY_CONSUMER)
    assert shop.event(RemedyRequested).speed_reason == ""
    shop.world[evidence_ref(PHOTO).id] = EvidenceState(PHOTO, (ELSEWHERE,))
    shop.when(command, by=BY_CONSUMER)
    requested = shop.event(RemedyRequested)
    assert (requested.speed_reason, requested.speed) == (
        "risk:evidence_reused",
        Speed.AFTER_INSPECTION,
    )


def kept(level: TrustLevel = TrustLevel.WATCHED) -> Shop:
    return known(shop_of(RemedyKind.REFUND, speed="instant"), level).asks(RemedyKind.REFUND)


def test_where_nothing_comes_back_a_person_looks_first_and_silence_grants() -> None:
    shop = kept()
    requested = shop.event(RemedyRequested)
    assert (requested.desk, requested.evidence_wanted) == (PLATFORM, 1)
    assert shop.events(RemedyApproved) == []
    shop.wake(after(hours=1)).then_only(RemedyApproved, RefundRequested, ContestOpened)
    assert shop.event(RemedyApproved).by is DecidedBy.SILENCE


def test_a_person_lifts_it_and_what_waited_is_granted() -> None:
    shop = kept()
    shop.when(LiftRisk(**WHO, remedy=1, reason="same_household"), by=MARKETPLACE)
    shop.then_only(RiskLifted, RemedyApproved, RefundRequested, ContestOpened)
    lifted = shop.event(RiskLifted)
    assert (lifted.reason, lifted.speed) == ("same_household", Speed.INSTANT)
    assert shop.state.live[0].status is Status.SETTLING
    shop.when(LiftRisk(**WHO, remedy=1, reason="again"), by=MARKETPLACE)
    shop.then_refused("risk_not_found")


def test_lifting_does_not_decide_what_the_merchant_is_asked() -> None:
    shop = known(shop_of(granted_by=GrantedBy.MERCHANT), TrustLevel.WATCHED).asks(RETURN)
    shop.when(LiftRisk(**WHO, remedy=1, reason="known_well"), by=MARKETPLACE).then_only(RiskLifted)
    remedy = shop.state.live[0]
    assert (remedy.speed, remedy.status) == (Speed.AT_SCAN, Status.REQUESTED)


def watched(speed: str, **returns: Any) -> Goods:
    """A return granted by rule, a step slower than the rule alone has it."""
    goods = Goods(travels("return_and_refund", **returns), speed=speed)
    known(goods, TrustLevel.WATCHED)
    return goods.granted()


def lifted(goods: Goods) -> Goods:
    return goods.does(LiftRisk, reason="known_well")


def test_what_would_have_left_at_once_leaves_when_it_is_lifted() -> None:
    lifted(watched("instant")).then_only(RiskLifted, RefundRequested)


def test_what_leaves_at_a_scan_leaves_then_or_when_it_is_lifted_after_that() -> None:
    goods = lifted(watched("at_scan")).then_only(RiskLifted)
    goods.scan("in_transit").then_only(ParcelScanned, RefundRequested)
    goods = watched("at_scan").scan("in_transit").then_only(ParcelScanned)
    lifted(goods).then_only(RiskLifted, RefundRequested)


def test_what_the_merchant_has_is_looked_at_first() -> None:
    lifted(watched("at_scan").scan("delivered")).then_only(RiskLifted)


def test_what_has_left_does_not_leave_again() -> None:
    lifted(watched("instant").scan("in_transit")).then_only(RiskLifted)


def test_it_is_not_slower_once_lifted_than_any_return_of_its_kind() -> None:
    goods = watched("after_inspection", slowest="at_scan")
    assert lifted(goods).event(RiskLifted).speed is Speed.AT_SCAN


def test_another_weight_waits_for_the_inspection_all_the_same() -> None:
    goods = watched("at_scan").scan("in_transit", grams=10, shipped_grams=1_000)
    lifted(goods).then_only(RiskLifted)
    assert goods.one.speed is Speed.AFTER_INSPECTION


def test_no_consumer_lifts_it() -> None:
    shop = kept()
    shop.when(LiftRisk(**WHO, remedy=1, reason="me"), by=BY_CONSUMER).then_refused("not_allowed")


def test_nobody_lifts_it_from_an_account_close_to_them() -> None:
    shop = kept()
    known: Any = agent(shop, ANNA).state
    lift = LiftRisk(**WHO, remedy=1, agent=ANNA, reason="known_well")
    shop.world[ANNA] = replace(known, linked=(CONSUMER,))
    shop.when(lift, by=by(ANNA)).then_refused("not_allowed")
    shop.world[ANNA] = known
    shop.when(lift, by=by(ANNA))
    assert shop.event(RiskLifted).agent == ANNA


def test_evidence_that_the_rule_needs_is_part_of_asking() -> None:
    shop = shop_of(evidence=2)
    command = RequestRemedy(**WHO, wish=Wish(kind=RETURN, reason="late"), evidence=(PHOTO, PHOTO))
    shop.when(command, by=BY_CONSUMER).then_refused("evidence_needed")
    shop.when(replace(command, evidence=(PHOTO, b"q" * 16)), by=BY_CONSUMER)
    assert shop.event(RemedyRequested).evidence_wanted == 2


def test_evidence_that_only_risk_asks_for_is_not() -> None:
    shop = known(shop_of(), TrustLevel.WATCHED).asks(RETURN)
    assert shop.event(RemedyRequested).evidence_wanted == 1
