"""What really went between the consumer and the marketplace for one order, counted beside it all.

It is made of what payments, the wallet, the bank and the marketplace say that they did: nothing of
it comes from how remedies count.
"""

from dataclasses import dataclass, field
from uuid import UUID

from oncedesk.domain.remedies.messages.refunding import OutsideKind, RecordOutside
from tests.properties.stories.payments import LegKey, Payments


@dataclass
class Sums:
    """`paid_minor` was paid for what was bought, of it `unbooked_minor` since remedies were last
    told anything (the rest of a presale). `taken_minor` is what the wallet took for changes
    and exchanges. `back_outside_minor` and `paid_outside_minor` went without us. `twice_minor` was
    sent although it was said to have failed, when it had gone elsewhere or was given up.
    `owed_minor` is what the consumer owes by contests. `own`: the refunds of one's own money.
    """

    paid_minor: int = 0
    unbooked_minor: int = 0
    taken_minor: int = 0
    back_outside_minor: int = 0
    paid_outside_minor: int = 0
    twice_minor: int = 0
    owed_minor: int = 0
    own: set[LegKey] = field(default_factory=set)

    def outside(self, told: RecordOutside) -> None:
        """Money went back, or was paid, without us."""
        if told.kind is OutsideKind.OUTSIDE_PAYMENT:
            self.paid_outside_minor += told.amount_minor
        else:
            self.back_outside_minor += told.amount_minor

    def given_minor(self, order: UUID, payments: Payments) -> int:
        """All that the consumer ever gave for it."""
        charged = [one.amount_minor for key, one in payments.charged.items() if key.order == order]
        return self.paid_minor + self.taken_minor + self.paid_outside_minor + sum(charged)

    def sent_minor(self, order: UUID, payments: Payments) -> int:
        """All that payments ever sent for it."""
        return sum(one.amount_minor for key, one in payments.sent.items() if key.order == order)

    def own_sent_minor(self, payments: Payments) -> int:
        """What they sent of the consumer's own money."""
        return sum(payments.sent[key].amount_minor for key in self.own if key in payments.sent)

    def cover(self, order: UUID, payments: Payments) -> bool:
        """Whether the consumer gave what goes back: what payments sent of it, or were asked for and
        have not said that it failed, beside what went back without us."""
        open_minor = sum(
            payments.asked[key].leg.amount_minor
            for key in self.own
            if key in payments.sent or key not in payments.failed
        )
        return open_minor + self.back_outside_minor <= self.given_minor(order, payments)
