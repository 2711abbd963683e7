"""What carriers, the consumer and the merchant may say of goods, and when it makes sense."""

from collections.abc import Callable
from datetime import timedelta

from oncedesk.domain.remedies.journey import Out
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    Back,
    ConfirmReceipt,
    InspectReturn,
    NameReturnPlace,
    RecordReturnTracking,
    RefusedLine,
    ReopenReturn,
    SendBack,
    SendOut,
    TakeBack,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import Status
from tests.properties.stories.answers import PROOF, Says
from tests.properties.stories.buying import OTHER, place_of
from tests.properties.stories.scene import Said, Scene
from tests.specs.remedies.goods import CARRIER
from tests.specs.remedies.money import MERCHANT
from tests.specs.remedies.shop import BY_CONSUMER

CODES = ("collected", "in_transit", "delivered", "delivered", "refused", "returned", "lost")


def names_place(at: Scene) -> Said:
    merchant = at.dice.choice((MERCHANT, OTHER))
    return Said(NameReturnPlace(**at.about, place=place_of(merchant)))


def labels(at: Scene) -> Said:
    return Said(
        ArrangeReturn(
            **at.about,
            shipment=at.parcel(outward=False),
            carrier=at.dice.choice((None, CARRIER)),
            freight_minor=at.dice.choice((0, 800)),
            insured_minor=at.dice.choice((0, 300)),
        )
    )


def sends_back(at: Scene) -> Said:
    return Said(
        SendBack(
            **at.about,
            shipment=at.parcel(outward=False),
            freight_minor=at.dice.choice((0, 900)),
            evidence=at.dice.choice(((), PROOF)),
        ),
        BY_CONSUMER,
    )


def scans_back(at: Scene) -> Said:
    return _scan(at, outward=False)


def scans_out(at: Scene) -> Said:
    return _scan(at, outward=True)


def receives(at: Scene) -> Said:
    return Said(ConfirmReceipt(**at.about))


def accepts(at: Scene) -> Said:
    return Said(InspectReturn(**at.about))


def finds_worn(at: Scene) -> Said:
    unit = at.dice.choice(at.units)
    worn = RefusedLine(unit.part, unit.item, at.dice.randint(1, max(1, unit.quantity)), "worn")
    return Said(InspectReturn(**at.about, refused=(worn,), evidence=PROOF))


def takes_back(at: Scene) -> Said:
    return Said(TakeBack(**at.about), BY_CONSUMER)


def reopens(at: Scene) -> Said:
    return Said(ReopenReturn(**at.about), BY_CONSUMER)


def sends_out(at: Scene) -> Said:
    return Said(SendOut(**at.about, shipment=at.parcel(outward=True)))


def _scan(at: Scene, *, outward: bool) -> Said:
    shipment = at.parcel(outward=outward)
    travelling = [] if at.journey is None else [one.shipment for one in at.journey.parcels]
    if travelling and not outward and at.dice.random() < 0.5:
        shipment = at.dice.choice(travelling)
    ago = timedelta(hours=at.dice.choice((0, 0, 5)))
    return Said(
        RecordReturnTracking(
            **at.about,
            shipment=shipment,
            code=at.dice.choice((*CODES, "voided")),
            happened_at=at.story.now - ago,
        )
    )


def _to_be_sent(remedy: Remedy) -> bool:
    return _back(remedy) in (Back.AWAITED, Back.INTERCEPTING, Back.PLACE_AWAITED)


def _nowhere_yet(remedy: Remedy) -> bool:
    return _back(remedy) is Back.PLACE_AWAITED


def _under_way(remedy: Remedy) -> bool:
    return _back(remedy) is Back.UNDER_WAY


def _received(remedy: Remedy) -> bool:
    return _back(remedy) is Back.RECEIVED


def _refused_there(remedy: Remedy) -> bool:
    at_merchant = remedy.journey is not None and remedy.journey.at_merchant
    return at_merchant and remedy.status is Status.REFUSED


def _missed(remedy: Remedy) -> bool:
    return remedy.status is Status.WITHDRAWN


def _owed(remedy: Remedy) -> bool:
    return remedy.journey is not None and remedy.journey.out in (Out.DUE, Out.UNDER_WAY)


def _back(remedy: Remedy) -> Back | None:
    return None if remedy.journey is None else remedy.journey.back


JOURNEYS: tuple[tuple[Callable[[Remedy], bool], Says], ...] = (
    (_nowhere_yet, names_place),
    (_to_be_sent, labels),
    (_to_be_sent, sends_back),
    (_to_be_sent, scans_back),
    (_under_way, scans_back),
    (_under_way, receives),
    (_received, accepts),
    (_received, finds_worn),
    (_received, finds_worn),
    (_refused_there, takes_back),
    (_missed, reopens),
    (_owed, sends_out),
    (_owed, sends_out),
    (_owed, scans_out),
    (_owed, scans_out),
)
