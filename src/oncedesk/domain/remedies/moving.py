"""Every command about a remedy's goods, and every clock of theirs that runs out."""

from typing import assert_never

from oncedesk.domain.remedies.authorising import too_close
from oncedesk.domain.remedies.contesting import contest, decide_contest
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.inspecting import inspect, not_inspected, take_back
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.contesting import (
    ContestingCommand,
    ContestRefund,
    DecideContest,
)
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    ConfirmReceipt,
    InspectReturn,
    NameReturnPlace,
    RecordReturnTracking,
    ReopenReturn,
    SendBack,
    SendOut,
    TakeBack,
)
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.refunding import closed
from oncedesk.domain.remedies.repricing import held_again
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.returning import (
    arrange,
    name_place,
    no_place,
    not_sent,
    reopen,
    send_back,
)
from oncedesk.domain.remedies.sending import not_arriving, not_sent_out, send_out
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.transit import confirm_receipt, nothing_moved, track
from oncedesk.domain.remedies.words import ClockKind, DecidedBy
from oncedesk.domain.shared.decider import Facts, Refusal

MovingCommand = (
    NameReturnPlace
    | ArrangeReturn
    | SendBack
    | RecordReturnTracking
    | ConfirmReceipt
    | InspectReturn
    | TakeBack
    | ReopenReturn
    | SendOut
    | ContestingCommand
)


def moving(
    *, state: Remedies, remedy: Remedy, command: MovingCommand, purchase: Purchase, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """What this command about the remedy's goods leads to; that they are back, and as what, is not
    for somebody to say who is close to their sender."""
    if isinstance(command, ConfirmReceipt | InspectReturn):
        refused = too_close(command.agent, consumer=state.consumer, facts=facts)
        if refused is not None:
            return refused
    match command:
        case NameReturnPlace():
            return name_place(state, remedy, command, facts)
        case ArrangeReturn():
            return arrange(state, remedy, command, facts)
        case SendBack():
            return send_back(state, remedy, command, facts, purchase)
        case RecordReturnTracking():
            return track(state, remedy, command, facts, purchase)
        case ConfirmReceipt():
            return confirm_receipt(state, remedy, command, facts, purchase)
        case InspectReturn():
            return inspect(state, remedy, command, facts, purchase)
        case TakeBack():
            return take_back(state, remedy, command, facts)
        case ReopenReturn():
            return reopen(state, remedy, command, facts, purchase)
        case SendOut():
            return send_out(state, remedy, command, facts, purchase)
        case ContestRefund():
            return contest(state, remedy, command, facts)
        case DecideContest():
            return decide_contest(state, remedy, command, facts, purchase)
        case _:
            assert_never(command)


def halted(
    *, state: Remedies, remedy: Remedy, kind: ClockKind, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """A clock of its goods ran out."""
    journey = remedy.journey
    assert journey is not None
    if kind in (ClockKind.SHIP_OUT, ClockKind.OUT_TRANSIT) and journey.their_own:
        # Neither the goods nor the money: the money is owed, if nothing else was given for it.
        again = held_again(state=state, remedy=remedy, purchase=purchase, facts=facts)
        if isinstance(again, Refusal):
            return [closed(state=state, remedy=remedy, facts=facts)]
        owed = approve(
            state=evolved(state, again),
            remedy=remedy.number,
            by=DecidedBy.SILENCE,
            facts=facts,
            purchase=purchase,
        )
        return [*again, *owed]
    happens = {
        ClockKind.SHIP_BACK: not_sent,
        ClockKind.RETURN_PLACE: no_place,
        ClockKind.RETURN_TRANSIT: nothing_moved,
        ClockKind.INSPECTION: not_inspected,
        ClockKind.SHIP_OUT: not_sent_out,
        ClockKind.OUT_TRANSIT: not_arriving,
    }
    return happens[kind](state=state, remedy=remedy, facts=facts, purchase=purchase)
