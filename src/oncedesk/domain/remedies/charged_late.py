"""What payments take, or say that they took, when what it was for has come to nothing.

The consumer changed their mind, or nobody answered in time, and the order is what it was. So it is
heard as a fact, and goes back by the method that it was taken from, once.
"""

from oncedesk.domain.remedies.changing import shares_over_parts
from oncedesk.domain.remedies.charging import differs
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.legs import request_leg
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.changing import ChargeTakenLate, ConfirmCharge, FailCharge
from oncedesk.domain.remedies.postings import charged
from oncedesk.domain.remedies.purchase import Purchase, rights_of
from oncedesk.domain.remedies.refunding import closed_early
from oncedesk.domain.remedies.room import FULL, room_left
from oncedesk.domain.remedies.state import LEGS_MAX, LIVE_MAX, Remedies
from oncedesk.domain.remedies.words import Charge, ChargeStatus, Leg, Share, Source
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ledger import Account


def charged_late(
    *,
    state: Remedies,
    charge: Charge,
    command: ConfirmCharge | FailCharge,
    purchase: Purchase,
    facts: Facts,
) -> Answer:
    """It goes back at once; nothing where it did before, or nothing was taken.

    Refused as `FULL` as long as there is no place for it: then it is to be said again.
    """
    if isinstance(command, FailCharge):
        taken = charge.status is ChargeStatus.TAKEN
        return Refusal("charge_settled", "it was taken before") if taken else []
    wrong = differs(state=state, charge=charge, command=command, now=facts.now)
    if wrong is not None or charge.status is ChargeStatus.TAKEN:
        return wrong or []
    settling = rights_of(purchase, facts.packs)
    shares = shares_over_parts(purchase=purchase, amount_minor=charge.amount_minor)
    events: list[RemedyEvent] = [
        ChargeTakenLate(
            **state.about(command.remedy, facts.now),
            amount_minor=charge.amount_minor,
            charged_at=command.charged_at,
            rule=settling.remedies.settling.id,
            pack=settling.hash,
            reference=command.reference,
            transfers=charged(state=state, shares=shares, amount_minor=charge.amount_minor),
        )
    ]
    after = evolved(state, events)
    remedy = after.the_remedy(command.remedy)
    # The legs of one that was over may be forgotten, and payments know theirs by their numbers.
    numbered = LEGS_MAX if remedy.over else max((leg.number for leg in remedy.legs), default=0)
    leg = _back(charge, shares, numbered=numbered)
    events.append(request_leg(state=after, remedy=remedy, leg=leg, facts=facts))
    after = evolve(after, events[-1])
    early = closed_early(state=after, facts=facts)
    after = evolved(after, early) if early else after
    if after.asked_for > LIVE_MAX or room_left(state=after, purchase=purchase) < 0:
        return FULL
    return [*events, *early]


def _back(charge: Charge, shares: tuple[Share, ...], *, numbered: int) -> Leg:
    """All of it, beside what was paid for the order, out of where it has just been put."""
    return Leg(
        numbered + 1,
        0,
        charge.route.method,
        charge.amount_minor,
        reference=charge.route.reference,
        stored=charge.route.stored,
        beyond=True,
        taken=tuple(
            Source(Account.ESCROW, share.party, share.minor, share.payer, share.party)
            for share in shares
            if share.minor
        ),
    )
