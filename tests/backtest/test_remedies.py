"""Remedies and compensations decided again: who would have got how much, from whom, answered when.

Ten orders at 100 yuan. The consumers of the first four cancel before anything is shipped, which a
rule grants; those of the next two want to return what they got. Four are shipped by nobody, which
gives a coupon of five percent each, at the merchant's charge.
"""

import asyncio

import pytest
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRules
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.questions import Reason
from oncedesk.engine.backtest.tallies import Shift
from oncedesk.rules.storing import seal
from tests.backtest.history import (
    MERCHANTS,
    PRICE_MINOR,
    Playing,
    built,
    live,
    merchant,
    order,
    pack,
    placed,
)
from tests.backtest.judged import judged
from tests.support.engines import ADMIN, consumer, party

ORDERS = range(1, 11)
CANCELLING, RETURNING = range(1, 5), (5, 6)


async def play(url: str) -> None:
    async with built(url) as (parts, clock):
        playing = Playing(parts, clock)
        await playing.open_desks()
        await playing.all([placed(number, paid=True) for number in ORDERS], MARKETPLACE)
        for number in CANCELLING:
            await playing.all([asks(number, RemedyKind.CANCEL)], consumer(number))
        for number in RETURNING:
            await playing.shipped(number)
        await playing.wait(30)
        for number in RETURNING:
            await playing.all([asks(number, RemedyKind.RETURN_AND_REFUND)], consumer(number))
        await playing.wait(60)


def asks(number: int, kind: RemedyKind) -> RequestRemedy:
    wish = Wish(kind=kind, reason="changed_mind")
    return RequestRemedy(consumer=party(number), order=order(number), wish=wish)


@pytest.fixture
def lived(url: str) -> str:
    asyncio.run(play(url))
    return url


def with_remedies(**changes: object) -> Pack:
    return seal(replace(pack(), remedies=replace(pack().remedies, **changes)))


def with_rule(kind: RemedyKind, **changes: object) -> Pack:
    """Every rule of this kind, otherwise."""
    rules = {
        key: replace(rule, **changes) if rule.kind == kind else rule
        for key, rule in pack().remedies.rules.items()
    }
    return with_remedies(rules=rules)


def test_an_equal_pack_changes_nothing(lived: str) -> None:
    tallies = judged(lived, pack()).tallies
    found = {
        name: (tallies[name].decided, tallies[name].changed, dict(tallies[name].unknown))
        for name in ("remedies", "compensations")
    }
    assert found == {"remedies": (6, 0, {}), "compensations": (4, 0, {})}


def test_what_a_merchant_would_have_to_grant_is_asked_of_it(lived: str) -> None:
    asked = with_rule(RemedyKind.CANCEL, granted_by=GrantedBy.MERCHANT, answer_seconds=7_200)
    tallies = judged(lived, asked).tallies
    remedies = tallies["remedies"]
    assert remedies.changed == 4
    assert remedies.words == {
        ("answer", "granted", "asked"): 4,
        ("desk", "", "merchant"): 4,
    }
    assert remedies.stake_minor == {"CNY": 4 * PRICE_MINOR}
    # What would be paid stays what it was.
    assert remedies.before_minor == remedies.after_minor == {("merchant", "CNY"): 4 * PRICE_MINOR}
    assert {one: tally.owned for one, tally in remedies.merchants.items()} == dict.fromkeys(
        MERCHANTS, 2
    )
    assert tallies["compensations"].changed == 0


def test_another_payer_moves_the_money_and_names_who_gains(lived: str) -> None:
    split = with_rule(RemedyKind.RETURN_AND_REFUND, payer="merchant:70 platform:30")
    remedies = judged(lived, split).tallies["remedies"]
    assert remedies.changed == 2
    assert remedies.before_minor == {("merchant", "CNY"): 2 * PRICE_MINOR}
    assert remedies.after_minor == {
        ("merchant", "CNY"): 2 * PRICE_MINOR * 7 // 10,
        ("platform", "CNY"): 2 * PRICE_MINOR * 3 // 10,
    }
    assert {
        one: (tally.better, tally.worse, dict(tally.pays_minor))
        for one, tally in remedies.merchants.items()
    } == {merchant(number): (1, 0, {"CNY": -3_000}) for number in RETURNING}


def test_what_no_rule_gives_any_more_would_have_been_refused(lived: str) -> None:
    rules = {
        key: rule for key, rule in pack().remedies.rules.items() if rule.kind != RemedyKind.CANCEL
    }
    remedies = judged(lived, with_remedies(rules=rules)).tallies["remedies"]
    assert remedies.changed == 4
    refusals = {now for name, _, now in remedies.words if name == "answer"}
    assert len(refusals) == 1
    assert refusals.pop().startswith("refused: ")
    assert remedies.after_minor == {}
    assert remedies.shifts == {"answer": Shift(gone=4)}


def test_more_evidence_would_have_refused_whoever_showed_none(lived: str) -> None:
    wants = with_rule(RemedyKind.RETURN_AND_REFUND, evidence=1)
    remedies = judged(lived, wants).tallies["remedies"]
    assert remedies.words[("answer", "granted", "refused: evidence_needed")] == 2


def test_another_percentage_compensates_otherwise(lived: str) -> None:
    dearer = {
        key: replace(rule, percent=2 * rule.percent, hold_seconds=rule.hold_seconds + 60)
        for key, rule in pack().remedies.compensations.items()
    }
    tallies = judged(lived, with_remedies(compensations=dearer)).tallies
    compensations = tallies["compensations"]
    assert compensations.changed == 4
    assert compensations.before_minor == {("merchant", "CNY"): 4 * 500}
    assert compensations.after_minor == {("merchant", "CNY"): 4 * 1_000}
    assert compensations.shifts == {"sent": Shift(later=4, later_seconds=4 * 60)}
    assert {one: tally.worse for one, tally in compensations.merchants.items()} == dict.fromkeys(
        MERCHANTS, 2
    )
    assert tallies["remedies"].changed == 0


def test_a_pack_without_remedies_gives_nothing(lived: str) -> None:
    tallies = judged(lived, seal(replace(pack(), remedies=RemedyRules()))).tallies
    assert tallies["remedies"].changed == 6
    assert tallies["compensations"].words == {
        ("given", "given", ""): 4,
        ("method", "coupon", ""): 4,
    }


def test_what_a_case_gave_is_counted_and_not_decided_again(url: str) -> None:
    """Three were decided by silence: the case gave what was paid, and no rule of remedies."""
    asyncio.run(live(url, paid=True))
    tallies = judged(url, with_remedies(compensations={})).tallies
    assert tallies["remedies"].unknown == {Reason.NOT_COVERED: 3}
    assert tallies["remedies"].decided == 0
    assert tallies["compensations"].changed == 4


def test_what_a_person_gives_out_of_goodwill_needs_no_rule_that_gives_it(url: str) -> None:
    async def play() -> None:
        async with built(url) as (parts, clock):
            playing = Playing(parts, clock)
            await playing.open_desks()
            await playing.all([placed(1, paid=True)], MARKETPLACE)
            wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=2_000)
            given = RequestRemedy(consumer=party(1), order=order(1), wish=wish, goodwill=True)
            await playing.all([given], ADMIN)

    asyncio.run(play())
    settling = pack().remedies.settling
    hour_less = replace(settling, platform_seconds=settling.platform_seconds - 3_600)
    tallies = judged(url, with_remedies(settling=hour_less)).tallies
    remedies = tallies["remedies"]
    assert (remedies.decided, dict(remedies.unknown)) == (1, {})
    assert remedies.shifts["answer"].earlier_seconds == 3_600
    assert remedies.words == {}
