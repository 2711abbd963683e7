"""The fullest remedies that the commands allow stay below 8 kB, and all of them come to an end.

`Spec` looks at the bytes, and at what must hold, after every command.
"""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain import remedies
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyRequested,
    RemedyWithdrawn,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.promising import SettlePresale
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    RecordOutside,
    RefundFailure,
)
from oncedesk.domain.remedies.messages.returning import (
    ConfirmReceipt,
    InspectReturn,
    RecordReturnTracking,
    RefusedLine,
    SendBack,
)
from oncedesk.domain.remedies.room import STATE_BYTES_MAX, room_left, size_of
from oncedesk.domain.remedies.words import CaseLink, LegStatus, RemedyKind, Status, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.remedy_rules import GrantedBy, PriceProtectionRule, RemedyRule
from tests.specs.remedies.promises import LATE, SILENT, TOO_LATE, breaks, shop_with
from tests.specs.remedies.shop import (
    BY_CONSUMER,
    LISTING,
    MERCHANT,
    WHO,
    Shop,
    ruled,
    todays_pack,
)
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, BEN, agent, answered, by

PARTS, ITEMS = 6, 3
KINDS = ("refund", "return_and_refund", "exchange", "resend", "repair", "compensation")
LONG_REASON = "r".ljust(48, "x")
BREACHES = ("late_shipping", "late_delivery", "no_movement")


def seller(part: int) -> UUID:
    return derived_id("seller", str(part))


def rules() -> list[RemedyRule]:
    """Whatever is asked for is given by the merchant, under names as long as real ones."""
    return [
        RemedyRule(
            id=f"cn/remedy/{kind}/any_reason/any_stage/a_category@2024-01-01",
            kind=kind,
            reason="*",
            stage="*",
            granted_by=GrantedBy.MERCHANT if number % 2 else GrantedBy.RULE,
            payer="merchant:70 platform:30" if number % 3 else "merchant",
        )
        for number, kind in enumerate(KINDS)
    ]


class Crowd:
    """A large order, and somebody who does everything to it that they can."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        plain = shop_with(LATE, TOO_LATE, SILENT)
        known = plain.pack.remedies
        pack = ruled(
            *rules(),
            authority=AUTHORITY,
            compensations=known.compensations,
            price_protections={"*": PriceProtectionRule("test/protection", "*", 90)},
        )
        self.shop = Shop(pack=replace(pack, hash="f" * 64))
        parts = tuple(
            OrderedPart(
                merchant=seller(part),
                items=tuple(Item(LISTING, 1_000_000 + number, 3) for number in range(ITEMS)),
                shipping_minor=1_200,
            )
            for part in range(PARTS)
        )
        whole = sum(
            part.shipping_minor + sum(3 * one.unit_price_minor for one in part.items)
            for part in parts
        )
        cards = (whole // 4, whole // 4, whole // 4, whole - 3 * (whole // 4))
        payments = tuple(
            Payment("card", minor, f"payment-{number}-of-this-order")
            for number, minor in enumerate(cards)
        )
        self.shop.placed(*parts, payments=payments).arrived()
        agent(self.shop, ANNA)
        agent(self.shop, BEN)
        self.refused: set[str] = set()
        self.fullest = 0
        self.foreseen = 0

    def does(self, command: Any, actor: Any = MARKETPLACE) -> None:
        self.shop.when(command, by=actor)
        self.note()

    def note(self) -> None:
        if isinstance(self.shop.answer, Refusal):
            self.refused.add(self.shop.answer.code)
        if self.shop.state is not None:
            self.fullest = max(self.fullest, size_of(self.shop.state))
            order: Any = self.shop.world[WHO["order"]]
            left = room_left(state=self.shop.state, purchase=order)
            self.foreseen = max(self.foreseen, STATE_BYTES_MAX - left)

    def step(self) -> None:
        """Anything at all."""
        getattr(self, self.dice.choice(STEPS))()

    def asks(self) -> None:
        kind = RemedyKind(self.dice.choice(KINDS))
        part = self.dice.randint(1, PARTS)
        items = self.dice.sample(range(1, ITEMS + 1), self.dice.randint(1, ITEMS))
        lines = tuple(WantedLine(part, item, self.dice.randint(1, 2)) for item in items)
        amount_minor = 5_000 if kind is RemedyKind.COMPENSATION else None
        wish = Wish(kind=kind, reason=LONG_REASON, lines=lines, amount_minor=amount_minor)
        case = CaseLink(derived_id("case", str(part)), 3)
        self.does(RequestRemedy(**WHO, wish=wish, case=case), BY_CONSUMER)

    def breaks(self) -> None:
        part, breach = self.dice.randint(1, PARTS), self.dice.choice(BREACHES)
        breaks(self.shop, breach, promise=self.dice.randint(1, 40), part=part)
        assert not isinstance(self.shop.answer, Refusal), self.shop.answer
        self.note()

    def presale(self) -> None:
        ended = SettlePresale(
            **WHO,
            part=self.dice.randint(1, PARTS),
            reason=f"presale_{self.dice.choice(('merchant', 'unpaid'))}",
            returned_minor=700,
            penalty_minor=300,
            rule="cn/presale/any_category@2024-01-01",
        )
        self.does(ended, SYSTEM)
        assert not isinstance(self.shop.answer, Refusal), self.shop.answer

    def outside(self) -> None:
        told = RecordOutside(
            **WHO,
            id=derived_id("outside", str(self.dice.random())),
            kind=OutsideKind.CHARGEBACK,
            amount_minor=self.dice.randint(1, 900),
            currency="CNY",
            payment=self.dice.randint(0, 4),
        )
        self.does(told)

    def pays_out(self) -> None:
        paid = RecordPayout(
            **WHO,
            part=self.dice.randint(1, PARTS),
            id=derived_id("payout", str(self.dice.random())),
            currency="CNY",
            merchant_minor=self.dice.randint(1, 90_000),
            agency_minor=77,
            agency=derived_id("agency", str(self.dice.randint(1, 3))),
            fee_minor=55,
        )
        self.does(paid)

    def one(self) -> dict[str, Any]:
        """One of those that run."""
        numbers = [] if self.shop.state is None else [one.number for one in self.shop.state.live]
        return {**WHO, "remedy": self.dice.choice(numbers or [1])}

    def grants(self) -> None:
        self.does(GrantRemedy(**self.one()))

    def refuses(self) -> None:
        self.does(RefuseRemedy(**self.one(), reason=LONG_REASON, facts=("seen",)))

    def disputes(self) -> None:
        self.does(OpenDispute(**self.one(), reason=LONG_REASON), BY_CONSUMER)

    def shows(self) -> None:
        shown = SubmitEvidence(**self.one(), digests=(bytes(16),) * 9, side=Side.MERCHANT)
        self.does(shown)

    def decides(self) -> None:
        decided = DecideDispute(
            **self.one(),
            agent=ANNA,
            outcome=self.dice.choice(tuple(Outcome)),
            amount_minor=self.dice.randint(1, 400),
            reason=LONG_REASON,
            digest=bytes(16),
            length=120,
        )
        self.does(decided, by(ANNA))

    def answers(self) -> None:
        if self.shop.state is None:
            return
        for remedy in self.shop.state.live:
            if remedy.approval is not None and remedy.approval.asked is not None:
                limit = self.dice.choice(("", "day"))
                answered(self.shop, remedy.approval.asked, limit)
                self.note()

    def objects(self) -> None:
        side = self.dice.choice(tuple(Side))
        self.does(ObjectToDecision(**self.one(), side=side, reason=LONG_REASON))

    def offers(self) -> None:
        about = self.one()
        known = self.shop.state and self.shop.state.remedy(about["remedy"])
        if not known or not known.lines:
            return
        lines = tuple(WantedLine(one.part, one.item, one.quantity or 1) for one in known.lines)
        wish = Wish(kind=RemedyKind.REFUND, reason=LONG_REASON, lines=lines, amount_minor=99)
        self.does(MakeCounterOffer(**about, wish=wish, agent=ANNA), by(ANNA))

    def contests(self) -> None:
        about = self.one()
        self.does(ContestRefund(**about, reason=LONG_REASON, evidence=(b"seen",)))
        upheld = DecideContest(**about, upheld=True, reason=LONG_REASON, agent=BEN)
        self.does(upheld, by(BEN))

    def sends_back(self) -> None:
        parcel = derived_id("parcel", str(self.dice.random()))
        self.does(SendBack(**self.one(), shipment=parcel, freight_minor=1_200))

    def scans(self) -> None:
        about = self.one()
        known = self.shop.state and self.shop.state.remedy(about["remedy"])
        parcels = known.journey.parcels if known and known.journey else ()
        for parcel in parcels:
            scan = RecordReturnTracking(
                **about,
                shipment=parcel.shipment,
                code=self.dice.choice(("collected", "in_transit", "delivered", "refused")),
                happened_at=self.shop.now,
                carrier=derived_id("carrier", "1"),
                grams=900,
            )
            self.does(scan)

    def inspects(self) -> None:
        about = self.one()
        self.does(ConfirmReceipt(**about))
        known = self.shop.state and self.shop.state.remedy(about["remedy"])
        refused: tuple[RefusedLine, ...] = ()
        if known and known.lines and self.dice.random() < 0.5:
            line = known.lines[0]
            refused = (RefusedLine(line.part, line.item, 1, "worn"),)
        evidence = (b"seen",) if refused else ()
        self.does(InspectReturn(**about, refused=refused, evidence=evidence))

    def pays(self, *, fails: bool = True) -> None:
        """Payments answer for whatever they were asked for, sometimes with no."""
        for remedy in () if self.shop.state is None else self.shop.state.live:
            for leg in remedy.legs:
                if leg.status is not LegStatus.REQUESTED:
                    continue
                about = {**WHO, "remedy": remedy.number, "leg": leg.number}
                if fails and self.dice.random() < 0.3:
                    self.does(FailRefund(**about, reason=RefundFailure.ROUTE_DEAD))
                    named: Any = {"method": "account", "reference": "an-account-of-theirs"}
                    self.does(NameRoute(**WHO, remedy=remedy.number, **named), BY_CONSUMER)
                    continue
                self.does(
                    ConfirmRefund(
                        **about,
                        amount_minor=leg.amount_minor,
                        currency="CNY",
                        sent_at=self.shop.now,
                    )
                )

    def sleeps(self) -> None:
        if self.shop.state is not None:
            self.shop.wake(self.shop.now + timedelta(hours=self.dice.choice((1, 30, 200))))
            self.note()

    def ends(self) -> None:
        """Nobody says anything any more but payments, and routes are named."""
        for _ in range(400):
            moment = remedies.DECIDER.deadline(self.shop.state)
            if moment is None:
                break
            self.pays(fails=False)
            for remedy in self.shop.state.live:
                if any(leg.status is LegStatus.FAILED for leg in remedy.legs):
                    about = {**WHO, "remedy": remedy.number}
                    self.does(NameRoute(**about, method="account", reference="a"), BY_CONSUMER)
            moment = remedies.DECIDER.deadline(self.shop.state)
            if moment is not None:
                self.shop.wake(max(moment, self.shop.now))
                self.note()
        assert not self.shop.state.live, self.shop.state.live
        assert not self.shop.state.put_off


STEPS = (
    *("asks",) * 6,
    *("breaks",) * 3,
    "presale",
    "outside",
    "pays_out",
    "grants",
    "refuses",
    "refuses",
    "disputes",
    "disputes",
    "shows",
    "decides",
    "answers",
    "objects",
    "offers",
    "contests",
    "sends_back",
    "scans",
    "inspects",
    "pays",
    "sleeps",
)


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_done_fits_and_ends(seed: int) -> None:
    crowd = Crowd(Random(seed))
    for _ in range(150):
        crowd.step()
    if crowd.shop.state is not None:
        crowd.ends()
        assert crowd.shop.replayed() == crowd.shop.state


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fullest_is_really_full(seed: int) -> None:
    """Otherwise the others would show nothing."""
    crowd = Crowd(Random(seed))
    for _ in range(12):
        for step in ("asks",) * 8 + ("refuses",) * 4 + ("disputes",) * 4 + ("breaks", "outside"):
            getattr(crowd, step)()
    assert "remedies_too_many" in crowd.refused
    assert crowd.foreseen > STATE_BYTES_MAX * 9 // 10
    crowd.ends()
    assert crowd.fullest > STATE_BYTES_MAX // 2


def shop_of_fifty() -> Shop:
    """Fifty items in one parcel, under the pack that comes with the program."""
    shop = Shop(pack=todays_pack())
    items = tuple(Item(LISTING, 1_000_000 + number) for number in range(50))
    paid_minor = sum(one.unit_price_minor for one in items)
    part = OrderedPart(merchant=MERCHANT, items=items)
    return shop.placed(part, payments=(Payment("card", paid_minor),)).arrived()


def wants_back(shop: Shop, *items: int) -> Shop:
    lines = tuple(WantedLine(1, item) for item in items)
    wish = Wish(kind=RemedyKind.RETURN_AND_REFUND, reason="quality", lines=lines)
    shop.when(RequestRemedy(**WHO, wish=wish, evidence=(bytes(16),)), by=BY_CONSUMER)
    return shop


def test_fifty_items_go_back_in_one_wish_and_can_be_disputed() -> None:
    shop = wants_back(shop_of_fifty(), *range(1, 51))
    assert len(shop.event(RemedyRequested).lines) == 50
    shop.when(RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",)), by=MARKETPLACE)
    shop.when(OpenDispute(**WHO, remedy=1, reason="not_worn"), by=BY_CONSUMER)
    assert shop.state.live[0].disputed
    order: Any = shop.world[WHO["order"]]
    assert room_left(state=shop.state, purchase=order) > STATE_BYTES_MAX // 3


def test_at_the_limit_a_further_wish_is_refused_until_one_is_over_and_nothing_is_lost() -> None:
    shop = shop_of_fifty()
    taken = 0
    while not isinstance(wants_back(shop, taken + 1).answer, Refusal):
        taken += 1
    assert taken >= 4
    before = shop.state
    wants_back(shop, taken + 1).then_refused("remedies_too_many")
    assert shop.state is before
    assert [one.status for one in before.live] == [Status.REQUESTED] * taken
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    wants_back(shop, taken + 1, 1)
    assert shop.event(RemedyRequested).remedy == taken + 1
