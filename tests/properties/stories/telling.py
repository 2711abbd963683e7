"""What the marketplace, carriers, banks and cases tell: it need not be possible."""

from random import Random
from typing import Any
from uuid import UUID

from oncedesk.domain.accounts.messages import (
    ConfirmRecovery,
    FailRecovery,
    Holder,
    RecoveryFailure,
    TellFunds,
)
from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    EndPresale,
    PayFinal,
    Payment,
    PresaleEnd,
    RecordTracking,
)
from oncedesk.domain.remedies.messages.casework import GrantForCase
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    TakeBackCompensation,
    TellPrice,
)
from oncedesk.domain.remedies.messages.refunding import OutsideKind, RecordOutside
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.ids import derived_id
from tests.properties.stories.buying import CASE, OTHER, any_amount, paid_minor
from tests.properties.stories.journeys import CODES
from tests.properties.stories.rules import BREACHES
from tests.properties.stories.story import Story
from tests.specs.remedies.goods import CARRIER
from tests.specs.remedies.money import CONSUMER, CREATOR, MERCHANT


def goes_outside(story: Story, dice: Random) -> None:
    """Money goes back, or is paid, without us."""
    order = story.any_order(dice)
    minor = any_amount(dice, paid_minor(story.orders[order]))
    story.say(
        RecordOutside(
            consumer=CONSUMER,
            order=order,
            id=derived_id("outside", str(len(story.events))),
            kind=dice.choice(tuple(OutsideKind)),
            amount_minor=minor,
            currency=story.currency,
            payment=dice.choice((0, 1)),
        )
    )


def pays_out(story: Story, dice: Random) -> None:
    """The marketplace pays out of escrow."""
    order = story.any_order(dice)
    placed = story.orders[order]
    story.say(
        RecordPayout(
            consumer=CONSUMER,
            order=order,
            id=derived_id("payout", str(len(story.events))),
            part=dice.randint(1, len(placed.parts)),
            currency=story.currency,
            merchant_minor=dice.randint(0, paid_minor(placed)),
            creator_minor=dice.choice((0, 0, 3)),
            fee_minor=dice.choice((0, 3)),
        )
    )


def tells_funds(story: Story, dice: Random) -> None:
    """The marketplace tells what it holds for a merchant or the creator."""
    party = dice.choice((MERCHANT, OTHER, CREATOR))
    story.say(
        TellFunds(
            party=party,
            currency=story.currency,
            market="cn",
            holder=Holder.CREATOR if party == CREATOR else Holder.MERCHANT,
            balance_minor=dice.choice((0, 500, 50_000)),
            deposit_minor=dice.choice((0, 700)),
            told_at=story.now,
        )
    )


def recovers(story: Story, dice: Random) -> None:
    """What is owed to the fund is taken, or cannot be."""
    for account in story.states(PartyAccount):
        for one in account.recoveries:
            about: Any = {
                "party": account.party,
                "currency": story.currency,
                "recovery": one.number,
            }
            if dice.random() < 0.6:
                story.say(ConfirmRecovery(**about, amount_minor=one.minor))
            else:
                story.say(FailRecovery(**about, reason=RecoveryFailure.NOT_ENOUGH))


def ships(story: Story, dice: Random) -> None:
    """A part is sent, and a carrier says something of its parcel."""
    order = story.any_order(dice)
    part = dice.randint(1, len(story.orders[order].parts))
    shipment = UUID(int=(order.int << 16) + part)
    about: Any = {"consumer": CONSUMER, "order": order, "shipment": shipment}
    if (order, part) not in story.shipped:
        story.shipped.add((order, part))
        carrier = dice.choice((None, CARRIER))
        story.say(AnnounceShipment(**about, part=part, carrier=carrier))
    story.say(RecordTracking(**about, code=dice.choice(CODES), at=story.now))


def breaks_promise(story: Story, dice: Random) -> None:
    """A promise was broken; or it was not."""
    order = story.any_order(dice)
    promise: Any = {"promise": UUID(int=dice.choice((1, 2, 3))), "breach": dice.choice(BREACHES)}
    about: Any = {"consumer": CONSUMER, "order": order, **promise}
    if dice.random() < 0.6:
        part = dice.randint(1, len(story.orders[order].parts))
        story.say(CompensateBreach(**about, part=part, case=CASE), by=SYSTEM)
    else:
        story.say(TakeBackCompensation(**about), by=SYSTEM)


def price_falls(story: Story, dice: Random) -> None:
    """An item is for sale at less, as the marketplace shows."""
    order = story.any_order(dice)
    parts = story.orders[order].parts
    part = dice.randint(1, len(parts))
    place = dice.randint(1, len(parts[part - 1].items))
    before_minor = parts[part - 1].items[place - 1].unit_price_minor
    story.say(
        TellPrice(
            consumer=CONSUMER,
            order=order,
            part=part,
            item=place,
            unit_price_minor=dice.randint(0, before_minor),
            currency=story.currency,
            told_at=story.now,
            proof=bytes(16),
        )
    )


def case_grants(story: Story, dice: Random) -> None:
    """A case decided by rule that something is given."""
    order = story.any_order(dice)
    story.say(
        GrantForCase(
            consumer=CONSUMER,
            order=order,
            part=dice.randint(1, len(story.orders[order].parts)),
            decision=dice.choice(("refund_granted", "refund")),
            case=CASE,
            rule="test/case",
            pack="test",
        ),
        by=SYSTEM,
    )


def presale_goes_on(story: Story, dice: Random) -> None:
    """The rest of a presale is paid, or it ends."""
    for order, placed in story.orders.items():
        for number, part in enumerate(placed.parts, 1):
            if part.presale is None:
                continue
            about: Any = {"consumer": CONSUMER, "order": order, "part": number}
            if dice.random() < 0.7:
                rest = Payment("card", part.presale.final_minor, "card_1")
                story.say(PayFinal(**about, payment=rest, at=story.now))
            else:
                by = dice.choice((PresaleEnd.CONSUMER, PresaleEnd.MERCHANT))
                story.say(EndPresale(**about, by=by))
