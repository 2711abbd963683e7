"""Something else instead: offered by the desk that was asked, taken or not in one tap.

Whoever offers gives more, or other, than a rule says, and bears it. Not taken, in so many words or
by saying nothing, it opens the dispute: the consumer never has to escalate anything.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.authorising import (
    ask,
    declined,
    limited_to,
    speaks_for,
    too_close,
)
from oncedesk.domain.remedies.disputing import open_dispute
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    CounterOffer,
    CounterOfferAccepted,
    CounterOfferDeclined,
    CounterOfferMade,
    MakeCounterOffer,
    Spent,
    Wish,
)
from oncedesk.domain.remedies.messages.authorising import AuthorityAsked, AuthorityUnused
from oncedesk.domain.remedies.messages.disputing import OFFER_UNANSWERED
from oncedesk.domain.remedies.preview import Asked, Priced, priced, shares_of
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    Payer,
    RemedyKind,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import DeskKind

_OFFERED = (
    RemedyKind.REFUND,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.EXCHANGE,
    RemedyKind.RESEND,
    RemedyKind.REPAIR,
    RemedyKind.COMPENSATION,
)
_BORNE_BY = {
    DeskKind.PLATFORM: Payer.PLATFORM,
    DeskKind.MERCHANT: Payer.MERCHANT,
    DeskKind.CREATOR: Payer.CREATOR,
}


def make_offer(
    *, state: Remedies, remedy: Remedy, command: MakeCounterOffer, purchase: Purchase, facts: Facts
) -> Answer:
    """It stands until the offer's clock runs out; the desk need not answer meanwhile.

    What a person offers counts against their authority before the consumer sees it.
    """
    if remedy.status is not Status.REQUESTED or remedy.desk is None:
        return Refusal("remedy_decided", f"it is {remedy.status}")
    if remedy.disputed:
        return Refusal("in_dispute", "the dispute is decided, not the request")
    if remedy.counter_offer is not None:
        return Refusal("offer_stands", "one offer at a time")
    if command.wish.kind not in _OFFERED:
        return Refusal("kind_not_offered", " ".join(_OFFERED), "wish")
    wish = _wish(remedy, command.wish)
    if not _of_the_same_part(remedy, wish):
        # Before it is priced: what another part comes to is not this desk's to hear.
        return Refusal("parts_mixed", "the part that the remedy is about", "wish")
    found = _priced(state, remedy, wish, purchase, facts)
    if isinstance(found, Refusal):
        return found
    refused = _refused(command, found) or too_close(
        command.agent, consumer=state.consumer, facts=facts
    )
    if refused is not None:
        return refused
    if command.expected_minor not in (None, found.amount_minor):
        return Refusal("amount_changed", f"it is {found.amount_minor} by now", "expected_minor")
    desk = speaks_for(command.agent, desk=remedy.desk, facts=facts)
    shares = shares_of(
        purchase=purchase,
        part=found.part,
        payer=_BORNE_BY[desk.kind],
        amount_minor=found.amount_minor,
    )
    offer = CounterOffer(wish, found.lines, found.amount_minor, shares, remedy.rule)
    limited = limited_to(command.agent, desk=desk, remedy=remedy, facts=facts)
    if limited is None or not offer.amount_minor:
        return [_made(state, remedy, offer, command.agent, facts)]
    return [
        ask(
            state=state,
            remedy=remedy,
            agent=limited,
            desk=desk,
            facts=facts,
            wanted=offer,
        )
    ]


def offer_asked(
    *,
    state: Remedies,
    remedy: Remedy,
    offer: CounterOffer,
    spent: Spent | None,
    purchase: Purchase,
    facts: Facts,
) -> list[RemedyEvent]:
    """Whoever wants to offer it may give so much, alone or with the second person."""
    approval = remedy.approval
    assert approval is not None
    found = _priced(state, remedy, offer.wish, purchase, facts)
    if isinstance(found, Refusal) or not _comes_to(offer, found):
        return [declined(state, remedy, "amount_changed", approval.first, facts)]
    return [_made(state, remedy, replace(offer, spent=spent), approval.first, facts)]


def offer_foretold(
    *, state: Remedies, command: MakeCounterOffer, events: Sequence[RemedyEvent], facts: Facts
) -> CounterOfferMade:
    """What is offered once the authority was asked for that these events of an offer ask for."""
    remedy = state.the_remedy(command.remedy)
    for event in events:
        if isinstance(event, AuthorityAsked) and event.offer is not None:
            return _made(state, remedy, event.offer, event.agent, facts)
    return next(event for event in events if isinstance(event, CounterOfferMade))


def _made(
    state: Remedies, remedy: Remedy, offer: CounterOffer, agent: UUID | None, facts: Facts
) -> CounterOfferMade:
    settling = facts.packs.by_hash(remedy.pack).remedies.settling
    wait = timedelta(seconds=settling.counter_offer_seconds)
    return CounterOfferMade(
        **state.about(remedy.number, facts.now),
        wish=offer.wish,
        lines=offer.lines,
        amount_minor=offer.amount_minor,
        shares=offer.shares,
        rule=offer.rule,
        clock=Clock(ClockKind.COUNTER_OFFER, facts.now + wait, settling.id, facts.now + wait / 2),
        agent=agent,
        spent=offer.spent,
    )


def accept_offer(*, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> Answer:
    """The remedy is what was offered, and granted: whoever offered it has said yes already."""
    offer = remedy.counter_offer
    if offer is None or remedy.desk is None:
        return Refusal("counter_offer_gone", "an offer that stands")
    found = _priced(state, remedy, offer.wish, purchase, facts)
    if isinstance(found, Refusal):
        return found
    if not _comes_to(offer, found):
        return Refusal("amount_changed", f"it would be {found.amount_minor} by now")
    accepted = CounterOfferAccepted(
        **state.about(remedy.number, facts.now), free=remedy.kind.goes_out
    )
    after = evolved(state, [accepted])
    return [
        accepted,
        *approve(
            state=after,
            remedy=remedy.number,
            by=DecidedBy.CONSUMER,
            facts=facts,
            purchase=purchase,
        ),
    ]


def decline_offer(*, state: Remedies, remedy: Remedy, silent: bool, facts: Facts) -> Answer:
    """It is what it was, and both sides show what they have."""
    if remedy.counter_offer is None:
        return Refusal("counter_offer_gone", "an offer that stands")
    declined = CounterOfferDeclined(**state.about(remedy.number, facts.now), silent=silent)
    after = evolved(state, [declined])
    before = after.the_remedy(remedy.number)
    reason = OFFER_UNANSWERED if silent else "offer_declined"
    return [declined, *open_dispute(state=after, remedy=before, reason=reason, facts=facts)]


def given_back(
    *, state: Remedies, events: Sequence[RemedyEvent], facts: Facts
) -> list[AuthorityUnused]:
    """What had been counted for offers that stood before these events and were not taken."""
    standing = [one for one in state.live if one.counter_offer and one.counter_offer.spent]
    if not standing:
        return []
    taken = {event.remedy for event in events if isinstance(event, CounterOfferAccepted)}
    after = evolved(state, events)
    unused = []
    for remedy in standing:
        known = after.remedy(remedy.number)
        gone = known is None or known.counter_offer is None
        if gone and remedy.number not in taken:
            unused.append(_unused(state, remedy, facts))
    return unused


def _unused(state: Remedies, remedy: Remedy, facts: Facts) -> AuthorityUnused:
    spent = remedy.counter_offer.spent if remedy.counter_offer else None
    assert spent is not None
    return AuthorityUnused(
        **state.about(remedy.number, facts.now),
        agent=spent.agent,
        amount_minor=spent.amount_minor,
        currency=state.currency,
        spent_at=spent.at,
        counted_at=spent.counted_at,
    )


def _comes_to(offer: CounterOffer, found: Priced) -> bool:
    return (found.lines, found.amount_minor) == (offer.lines, offer.amount_minor)


def _wish(remedy: Remedy, wish: Wish) -> Wish:
    """What is offered is about the remedy's own units, where it names none."""
    return wish if wish.lines else replace(wish, lines=remedy.units)


def _of_the_same_part(remedy: Remedy, wish: Wish) -> bool:
    """A desk offers what is its own to give."""
    own = {line.part for line in remedy.lines}
    return bool(own) and {line.part for line in wish.lines} == own


def _refused(command: MakeCounterOffer, found: Priced) -> Refusal | None:
    if len(command.wish.replacements) not in (0, len(found.lines)):
        return Refusal("replacement_needed", "for each line", "wish")
    return None


def _priced(
    state: Remedies, remedy: Remedy, wish: Wish, purchase: Purchase, facts: Facts
) -> Priced | Refusal:
    """What the offer comes to, the remedy's own units being free for it."""
    return priced(
        Asked(
            purchase=purchase,
            book=state.without(remedy.number),
            wish=wish,
            pack=facts.packs.by_hash(remedy.pack),
            states=facts.states,
            now=facts.now,
        )
    )
