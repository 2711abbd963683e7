"""What a case's rule decided, in silence or in a surge: it is given, at the merchant's charge.

What was asked for and waits is granted; otherwise it is asked for and granted at once, unless
somebody has answered for this part. Nobody has said why, so it is given where there is any reason
for which a merchant's silence would grant it now. Goods that were sent come back: nobody agreed to
pay for what is kept.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import NOTHING_WAS_PAID
from oncedesk.domain.remedies.eligibility import refused_by, rows_for, strictest
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyRequested, Wish
from oncedesk.domain.remedies.messages.casework import NOTHING_LEFT, GrantForCase, GrantImpossible
from oncedesk.domain.remedies.opening import open_books
from oncedesk.domain.remedies.preview import Asked, Priced, no_place, priced, shares_of
from oncedesk.domain.remedies.purchase import PartBought, Purchase, rights_of, stage_of
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import DecidedBy, Payer, RemedyKind, Speed, Stage, Status
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence
from oncedesk.domain.shared.rulepack import GIVING

REASON = "not_answered"
"""Why it is given, where nobody had asked for it by its name."""
_KINDS: Mapping[str, Mapping[Stage, RemedyKind]] = {
    "refund_granted": {
        Stage.UNSHIPPED: RemedyKind.CANCEL,
        Stage.SHIPPED: RemedyKind.RETURN_AND_REFUND,
        Stage.DELIVERED: RemedyKind.RETURN_AND_REFUND,
    },
    "return_granted": {
        Stage.UNSHIPPED: RemedyKind.CANCEL,
        Stage.SHIPPED: RemedyKind.RETURN_AND_REFUND,
        Stage.DELIVERED: RemedyKind.RETURN_AND_REFUND,
    },
    "resend_granted": {Stage.SHIPPED: RemedyKind.RESEND, Stage.DELIVERED: RemedyKind.RESEND},
}
assert _KINDS.keys() == GIVING


def grant_for_case(
    *, state: Remedies | None, command: GrantForCase, purchase: Purchase | None, facts: Facts
) -> list[RemedyEvent]:
    """Never refused: where nothing can be given, that is what is recorded, for the case to tell or
    a person of the platform to decide.

    Nothing comes of a decision of before there were rules of remedies; whoever did it then has
    done it elsewhere. Nor of one about an order that we were never told of.
    """
    kinds = _KINDS.get(command.decision)
    if kinds is None or purchase is None:
        return []
    if not facts.packs.by_hash(command.pack).remedies.rules:
        return []
    if state is not None and _is_given(state, command):
        return []
    waiting = [] if state is None else _waiting(state, command)
    if state is not None and waiting:
        return _granted(state, waiting, purchase, facts)
    events: list[RemedyEvent] = []
    if state is None:
        events.append(open_books(purchase=purchase, now=facts.now))
        state = evolve(None, events[0])
    requested = _requested(state, command, purchase, facts)
    if not isinstance(requested, RemedyRequested):
        return [*events, _impossible(state, command, requested, facts)]
    state = evolve(state, requested)
    return [
        *events,
        requested,
        *approve(
            state=state,
            remedy=requested.remedy,
            by=DecidedBy.SILENCE,
            facts=facts,
            purchase=purchase,
        ),
    ]


def _is_given(state: Remedies, command: GrantForCase) -> bool:
    """Something was granted in this case already, by this or by somebody; what a breach gives by
    itself, or somebody gives as goodwill, comes on top."""
    by_itself = {one.remedy for one in state.compensated}
    return any(
        one.case == command.case
        and one.is_granted
        and one.number not in by_itself
        and not (one.goodwill and one.kind is RemedyKind.COMPENSATION)
        for one in state.live
    )


def _is_answered(state: Remedies, command: GrantForCase) -> bool:
    """Somebody said no, offers something else or is looking at it, in this case or for its part.

    What is over was answered, too, however long ago: a no that is final, and whatever was asked for
    in this case, of which the consumer has what they wanted, or did not want it any more.
    """
    if any(
        one.refused_part == command.part
        or (one.case == command.case and one.kind.pays_back and not one.kind.changes)
        for one in state.closed
    ):
        return True
    return any(
        not one.is_granted
        and not one.kind.changes
        and one.status is not Status.WITHDRAWN
        and not _waits(one, command)
        and (one.case == command.case or any(line.part == command.part for line in one.lines))
        for one in state.live
    )


def _waiting(state: Remedies, command: GrantForCase) -> list[int]:
    """Those of this case, or else of its part, that the silence of its merchant grants."""
    found = [one for one in state.live if _waits(one, command)]
    of_case = [one for one in found if one.case == command.case]
    return [one.number for one in of_case or found]


def _waits(remedy: Remedy, command: GrantForCase) -> bool:
    return (
        remedy.status is Status.REQUESTED
        and not remedy.human
        and not remedy.takes_over
        and remedy.desk != PLATFORM
        and not remedy.disputed
        and remedy.approval is None
        and remedy.counter_offer is None
        and remedy.case in (None, command.case)
        and any(line.part == command.part for line in remedy.lines)
        and not remedy.kind.changes
    )


def _granted(
    state: Remedies, waiting: list[int], purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    events: list[RemedyEvent] = []
    for number in waiting:
        new = approve(
            state=state, remedy=number, by=DecidedBy.SILENCE, facts=facts, purchase=purchase
        )
        state = evolved(state, new)
        events += new
    return events


def _requested(
    state: Remedies, command: GrantForCase, purchase: Purchase, facts: Facts
) -> RemedyRequested | str:
    """All that is left of the part, at the merchant's charge; or why nothing is."""
    if _is_answered(state, command):
        return "answered"
    found = _priced(state, command, purchase, facts)
    if isinstance(found, str):
        return found
    part, wish, given = found
    refused = no_place(state=state, lines=len(given.lines))
    if refused is not None:
        return refused.code
    return RemedyRequested(
        **state.about(state.numbered + 1, facts.now),
        kind=wish.kind,
        reason=wish.reason,
        lines=given.lines,
        amount_minor=given.amount_minor,
        shipping_minor=given.shipping_minor,
        shares=shares_of(
            purchase=purchase,
            part=part,
            payer=Payer.MERCHANT.value,
            amount_minor=given.amount_minor,
        ),
        rule=command.rule,
        pack=purchase.pack,
        asked_by=facts.actor.role.value,
        case=command.case,
        speed=Speed.AFTER_INSPECTION,
    )


def _priced(
    state: Remedies, command: GrantForCase, purchase: Purchase, facts: Facts
) -> tuple[PartBought, Wish, Priced] | str:
    if command.part > len(purchase.parts):
        return "part_unknown"
    part = purchase.parts[command.part - 1]
    kind = _KINDS[command.decision].get(stage_of(purchase, part))
    if kind is None:
        return "remedy_not_offered"
    wish = Wish(kind=kind, reason=REASON, part=command.part)
    asked = Asked(
        purchase=purchase,
        book=state,
        wish=wish,
        pack=rights_of(purchase, facts.packs),
        states=facts.states,
        now=facts.now,
    )
    given = priced(asked)
    if isinstance(given, Refusal):
        return NOTHING_LEFT if given == NOTHING_WAS_PAID else given.code
    if kind is RemedyKind.CANCEL and not given.amount_minor:
        # A gift is not called off because its merchant says nothing.
        return NOTHING_LEFT
    return _refused(asked, given) or (part, wish, given)


def _refused(asked: Asked, given: Priced) -> str | None:
    """Why silence grants it for no reason at all; None: for some it does."""
    reasons = tuple(asked.pack.remedies.reasons) or (REASON,)
    found = [_refused_for(replace(asked.wish, reason=one), asked, given) for one in reasons]
    if None in found:
        return None
    return next((one for one in _BETTER_KNOWN if one in found), "remedy_not_offered")


_BETTER_KNOWN = ("too_late", "answer_needed")
"""Of several reasons, what there once was or still may be is told."""


def _refused_for(wish: Wish, asked: Asked, given: Priced) -> str | None:
    rows = rows_for(
        purchase=asked.purchase, part=given.part, lines=given.lines, wish=wish, pack=asked.pack
    )
    if isinstance(rows, Refusal):
        return rows.code
    refused = refused_by(
        rows=rows,
        purchase=asked.purchase,
        part=given.part,
        book=asked.book,
        pack=asked.pack,
        now=asked.now,
    )
    if refused is not None:
        return refused.code
    rule = strictest(rows)
    by_merchant = rule.granted_by is GrantedBy.MERCHANT and rule.on_silence is OnSilence.GRANT
    return None if by_merchant or rule.granted_by is GrantedBy.RULE else "answer_needed"


def _impossible(
    state: Remedies, command: GrantForCase, reason: str, facts: Facts
) -> GrantImpossible:
    return GrantImpossible(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        decision=command.decision,
        case=command.case,
        reason=reason,
        part=command.part,
    )
