"""Who may give which command to an order's remedies. A refusal reveals nothing about them."""

from typing import assert_never
from uuid import UUID

from oncedesk.domain.remedies.messages import RemedyCommand
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
    RequestRemedy,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    ApproveGrant,
    DeclineGrant,
)
from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.remedies.messages.casework import GrantForCase
from oncedesk.domain.remedies.messages.changing import ConfirmCharge, FailCharge, NoteChange
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    ObjectToDecision,
    OpenDispute,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.funding import ApplyCharge, ApplyFunding, RecordPayout
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    SettlePresale,
    TakeBackCompensation,
    TellPrice,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    RecordOutside,
)
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    ConfirmReceipt,
    InspectReturn,
    NameReturnPlace,
    NoteComingBack,
    RecordReturnTracking,
    ReopenReturn,
    SendBack,
    SendOut,
    TakeBack,
)
from oncedesk.domain.remedies.state import Remedies, lapsed_charge, merchant_of
from oncedesk.domain.remedies.waiting import second_persons_desk
from oncedesk.domain.shared.allowing import PEOPLE, is_in_person, is_system, manages
from oncedesk.domain.shared.decider import Facts, Role, Wake
from oncedesk.domain.shared.facts_seen import agent_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind


def is_allowed(*, state: Remedies | None, command: RemedyCommand, facts: Facts) -> bool:
    """The consumer in person, the desk that was asked, or the marketplace's back end."""
    actor = facts.actor
    if isinstance(command, Wake):
        return True
    as_consumer = is_in_person(actor, role=Role.CONSUMER, who=command.consumer) or manages(actor)
    match command:
        case RequestRemedy(goodwill=True):
            return _gives_at(PLATFORM, command.agent, facts)
        case RequestRemedy():
            return as_consumer or _works_at_platform(command.agent, facts)
        case WithdrawRemedy() | AcceptCounterOffer() | DeclineCounterOffer() | AskHuman():
            return as_consumer
        case NameRoute():
            return as_consumer or _works_at_platform(command.agent, facts)
        case GrantRemedy() | MakeCounterOffer():
            return _gives_at(_asked_desk(state, command), command.agent, facts)
        case RefuseRemedy():
            return manages(actor) or _works_at(_asked_desk(state, command), command.agent, facts)
        case LiftRisk():
            return manages(actor) or _works_at_platform(command.agent, facts)
        case ApplyAuthority() | GrantForCase():
            return is_system(actor)
        case CompensateBreach() | TakeBackCompensation() | SettlePresale():
            return is_system(actor)
        case TellPrice():
            return manages(actor)
        case ApproveGrant() | DeclineGrant():
            remedy = None if state is None else state.remedy(command.remedy)
            desk = None if remedy is None else second_persons_desk(remedy)
            if desk is None:
                return manages(actor)
            if isinstance(command, ApproveGrant):
                return _gives_at(desk, command.agent, facts)
            return manages(actor) or _works_at(desk, command.agent, facts)
        case OpenDispute():
            return as_consumer
        case SubmitEvidence() | ObjectToDecision():
            if command.side is Side.CONSUMER:
                return as_consumer
            return manages(actor) or _works_for_merchant(state, command, facts)
        case DecideDispute() | DecideContest():
            return _gives_at(PLATFORM, command.agent, facts)
        case ConfirmCharge() | FailCharge():
            # What a balance answers, nobody else says.
            return is_system(actor) if _is_stored(state, command) else manages(actor)
        case NoteChange():
            return is_system(actor)
        case SendBack() | TakeBack() | ReopenReturn():
            return as_consumer
        case NoteComingBack():
            return is_system(actor)
        case RecordReturnTracking():
            return manages(actor)
        case (
            NameReturnPlace()
            | ArrangeReturn()
            | ConfirmReceipt()
            | InspectReturn()
            | SendOut()
            | ContestRefund()
        ):
            return manages(actor) or _works_for_merchant(state, command, facts)
        case ConfirmRefund() | ConfirmCredit() | FailRefund() | RecordOutside() | RecordPayout():
            return manages(actor)
        case ApplyCharge() | ApplyFunding():
            return is_system(actor)
        case _:
            assert_never(command)


def _is_stored(state: Remedies | None, command: ConfirmCharge | FailCharge) -> bool:
    if state is None:
        return False
    remedy = state.remedy(command.remedy)
    charge = None if remedy is None else remedy.charge
    charge = charge or lapsed_charge(state, command.remedy)
    return charge is not None and charge.route.stored


def _works_for_merchant(state: Remedies | None, command: ToRemedy, facts: Facts) -> bool:
    """The acting agent works at the desk of whoever sold what the remedy is about."""
    remedy = None if state is None else state.remedy(command.remedy)
    if state is None or remedy is None:
        return False
    merchant = merchant_of(state=state, remedy=remedy)
    if merchant is None:
        return False
    return _works_at(Desk(DeskKind.MERCHANT, merchant), command.agent, facts)


def _asked_desk(state: Remedies | None, command: ToRemedy) -> Desk:
    """Whose answer it is: the platform's where no desk was asked."""
    remedy = None if state is None else state.remedy(command.remedy)
    return PLATFORM if remedy is None or remedy.desk is None else remedy.desk


def _gives_at(desk: Desk, agent: UUID | None, facts: Facts) -> bool:
    """An admin in person gives nothing but as what they are at a desk, like anybody there."""
    if facts.actor.role is Role.ADMIN and agent is not None:
        return _works_at(desk, agent, facts)
    return manages(facts.actor) or _works_at(desk, agent, facts)


def _works_at_platform(agent: UUID | None, facts: Facts) -> bool:
    return _works_at(PLATFORM, agent, facts)


def _works_at(desk: Desk, agent: UUID | None, facts: Facts) -> bool:
    """The acting agent is this one, and belongs to this desk or to the platform's now."""
    actor = facts.actor
    if actor.role not in PEOPLE or actor.id is None or actor.id != agent:
        return False
    seen = agent_seen(facts.states, actor.id)
    if seen is None:
        return False
    return seen.member_of(PLATFORM, facts.now) or seen.member_of(desk, facts.now)
