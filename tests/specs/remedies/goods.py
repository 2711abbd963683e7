"""A shop whose goods travel: `Goods().granted(...)`, and what carriers and the merchant say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    InspectReturn,
    RecordReturnTracking,
    RefusedLine,
    SendOut,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import LegStatus, RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account, Phase
from oncedesk.domain.shared.remedy_rules import (
    EDITION,
    GrantedBy,
    JourneyRule,
    RemedyRule,
    ReturnRule,
    SettlingRule,
    return_key,
)
from tests.specs.remedies.shop import LISTING, MERCHANT, WHO, Shop

PLACE = UUID(int=0x91)
ELSEWHERE = UUID(int=0x92)
BACK, BACK_TOO, OUT, OUT_TOO = (UUID(int=0xB0 + number) for number in range(4))
CARRIER = UUID(int=0xCA)
PROOF = (b"seen",)
RULE = JourneyRule(id="test/journey")
SETTLING = SettlingRule(
    id="test/settling",
    ship_back_seconds=8 * 86_400,
    inspection_seconds=2 * 86_400,
    goods_seconds=3 * 86_400,
)


def by_rule(kind: str, speed: str = "after_inspection") -> RemedyRule:
    return RemedyRule(
        id=f"test/{kind}",
        kind=kind,
        reason="*",
        stage="*",
        granted_by=GrantedBy.RULE,
        speed=speed,
    )


def travels(kind: str = "*", reason: str = "*", **more: Any) -> ReturnRule:
    return ReturnRule(id=f"test/{kind}/{reason}", kind=kind, reason=reason, **more)


class Goods(Shop):
    """Two units for 100 yuan each, delivered; whatever is asked for is granted by rule."""

    def __init__(
        self,
        *returns: ReturnRule,
        speed: str = "after_inspection",
        journey: JourneyRule = RULE,
        placed: bool = True,
        shipping_minor: int = 0,
        edition: int = EDITION,
    ) -> None:
        kinds = ("return_and_refund", "exchange", "repair", "resend")
        rules = [by_rule(kind, speed) for kind in kinds]
        keyed = {return_key(kind=one.kind, reason=one.reason): one for one in returns}
        super().__init__(*rules, returns=keyed, journey=journey, settling=SETTLING, edition=edition)
        if placed:
            self.merchant((ReturnPlace(PLACE, b"address"),))
        part = OrderedPart(
            merchant=MERCHANT, items=(Item(LISTING, 10_000, 2),), shipping_minor=shipping_minor
        )
        self.placed(part, payments=(Payment("card", 20_000 + shipping_minor),))
        self.arrived()

    def merchant(self, places: tuple[ReturnPlace, ...]) -> "Goods":
        """The merchant has these places."""
        self.world[MERCHANT] = PartyState(
            party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=places
        )
        return self

    def region(self, region: str) -> "Goods":
        order: Any = self.world[WHO["order"]]
        self.world[WHO["order"]] = replace(order, region=region)
        return self

    def granted(
        self, kind: RemedyKind = RemedyKind.RETURN_AND_REFUND, *lines: Any, **more: Any
    ) -> "Goods":
        """The consumer asked for it, and a rule granted it."""
        self.asks(kind, *lines, **more)
        return self

    def does(self, command: type, **fields: Any) -> "Goods":
        """The marketplace gives this command for the first remedy, or for `remedy`."""
        self.when(command(**WHO, **{"remedy": 1, **fields}), by=MARKETPLACE)
        return self

    def label(self, shipment: UUID = BACK, **more: Any) -> "Goods":
        return self.does(ArrangeReturn, shipment=shipment, carrier=CARRIER, **more)

    def scan(
        self, code: str, shipment: UUID = BACK, at: datetime | None = None, **more: Any
    ) -> "Goods":
        return self.does(
            RecordReturnTracking,
            shipment=shipment,
            code=code,
            happened_at=at or self.now,
            **more,
        )

    def out(self, shipment: UUID = OUT, **more: Any) -> "Goods":
        return self.does(SendOut, shipment=shipment, **more)

    def inspected(self, *refused: RefusedLine, evidence: tuple[bytes, ...] = PROOF) -> "Goods":
        return self.does(InspectReturn, refused=refused, evidence=evidence)

    def contest(self, evidence: tuple[bytes, ...] = PROOF) -> "Goods":
        return self.does(ContestRefund, reason="empty_box", evidence=evidence)

    def decided(self, *, upheld: bool) -> "Goods":
        return self.does(DecideContest, upheld=upheld, reason="seen_both")

    def paid_out(self, remedy: int = 1) -> "Goods":
        """Payments confirm all that they were asked for."""
        known = self.state.remedy(remedy)
        for leg in known.legs:
            if leg.status is LegStatus.REQUESTED:
                self.does(
                    ConfirmRefund,
                    remedy=remedy,
                    leg=leg.number,
                    amount_minor=leg.amount_minor,
                    currency="CNY",
                    sent_at=self.now,
                )
        return self

    @property
    def one(self) -> Remedy:
        found: Remedy = self.state.remedy(1)
        return found

    def status(self) -> Status:
        """How far the first remedy is."""
        return self.one.status

    def asked_minor(self, remedy: int = 1) -> list[int]:
        """What payments are asked for, leg by leg."""
        return [leg.amount_minor for leg in self.state.remedy(remedy).legs]

    def books(self) -> dict[tuple[Account, UUID | None], int]:
        """What stands in each account by what was posted."""
        found: dict[tuple[Account, UUID | None], int] = {}
        for event in self.journal:
            for transfer in event.transfers:
                if transfer.phase is Phase.POSTED:
                    for entry in transfer.entries:
                        key = entry.account, entry.party
                        found[key] = found.get(key, 0) + entry.minor
        return {key: minor for key, minor in found.items() if minor}
