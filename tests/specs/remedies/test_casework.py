"""What a case decided by silence becomes: given once, at the merchant's charge, or said why not."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import (
    AskHuman,
    BooksOpened,
    RemedyApproved,
    RemedyRequested,
)
from oncedesk.domain.remedies.messages.casework import GrantForCase, GrantImpossible
from oncedesk.domain.remedies.messages.changing import CancellationRequested
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.words import CaseLink, DecidedBy, Payer, RemedyKind, Share
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.remedy_rules import RemedyRules
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies.shop import BY_CONSUMER, MERCHANT, WHO, Shop
from tests.support.specs import START

CASE = CaseLink(UUID(int=0xCA5E), 1)
RULE = "cn/issue/refund@2024-01-01"


def decides(shop: Shop, decision: str = "refund_granted", **details: Any) -> Shop:
    given: dict[str, Any] = {
        "part": 1,
        "decision": decision,
        "case": CASE,
        "rule": RULE,
        "pack": "test",
    }
    shop.when(GrantForCase(**WHO, **{**given, **details}), by=SYSTEM)
    return shop


def test_it_is_asked_for_and_granted_at_once_at_the_merchants_charge() -> None:
    shop = decides(Shop().plain(10_000))
    shop.then_only(
        BooksOpened, RemedyRequested, RemedyApproved, RefundRequested, CancellationRequested
    )
    requested, approved = shop.event(RemedyRequested), shop.event(RemedyApproved)
    assert (requested.kind, requested.case, requested.rule) == (RemedyKind.CANCEL, CASE, RULE)
    assert (approved.by, approved.amount_minor) == (DecidedBy.SILENCE, 10_000)
    assert approved.shares == (Share(Payer.MERCHANT, MERCHANT, 10_000),)


def test_what_was_asked_for_and_waits_is_granted_instead() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.REFUND)
    decides(shop)
    assert shop.event(RemedyApproved).remedy == 1
    assert not shop.events(RemedyRequested)


def test_it_is_given_once() -> None:
    shop = decides(Shop().plain(10_000))
    decides(shop).then()


def test_where_nothing_is_left_that_is_what_is_recorded() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.CANCEL)
    decides(shop, case=CaseLink(UUID(int=0xCA5E), 2)).then_only(GrantImpossible)
    told = shop.event(GrantImpossible)
    assert (told.decision, told.reason, told.case.case) == ("refund_granted", "nothing_left", 2)


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"part": 2}, "part_unknown"),
        ({"decision": "resend_granted"}, "remedy_not_offered"),
    ],
)
def test_what_cannot_be_is_recorded_with_its_reason(details: Any, reason: str) -> None:
    shop = decides(Shop().plain(), **details)
    shop.then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == reason


def test_a_person_who_was_asked_for_decides_all_the_same() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.REFUND)
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER)
    decides(shop).then_only(GrantImpossible)


def test_other_decisions_and_unknown_orders_give_nothing_and_are_not_refused() -> None:
    decides(Shop().plain(), decision="late_shipping_compensated").then()
    decides(Shop()).then()


def test_what_was_decided_before_there_were_rules_of_remedies_gives_nothing() -> None:
    shop = Shop().plain()
    library = PackLibrary.always([shop.pack])
    library.add([replace(shop.pack, hash="old", remedies=RemedyRules())])
    shop.packs = library.at(START)
    decides(shop, pack="old").then()


def test_nobody_but_the_system_says_what_a_case_decided() -> None:
    command = GrantForCase(
        **WHO, part=1, decision="refund_granted", case=CASE, rule=RULE, pack="test"
    )
    Shop().plain().when(command, by=BY_CONSUMER).then_refused("not_allowed")
    Shop().plain().when(command, by=MARKETPLACE).then_refused("not_allowed")
