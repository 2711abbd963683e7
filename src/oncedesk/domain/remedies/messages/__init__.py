"""Commands to the remedies of an order and the events they record. Names are stable for ever.

Ids, amounts and moments only: no names, addresses or texts. An amount is in minor units of the
order's currency. Each file is one subject.
"""

from oncedesk.domain.remedies.messages.asking import AskingCommand, AskingEvent
from oncedesk.domain.remedies.messages.authorising import (
    AuthorisingCommand,
    AuthorisingEvent,
    AuthorityUnused,
)
from oncedesk.domain.remedies.messages.casework import CaseworkCommand, CaseworkEvent
from oncedesk.domain.remedies.messages.changing import ChangingCommand, ChangingEvent
from oncedesk.domain.remedies.messages.contesting import ContestingCommand, ContestingEvent
from oncedesk.domain.remedies.messages.disputing import DisputingCommand, DisputingEvent
from oncedesk.domain.remedies.messages.funding import FundingCommand, FundingEvent
from oncedesk.domain.remedies.messages.promising import PromisingCommand, PromisingEvent
from oncedesk.domain.remedies.messages.refunding import RefundingCommand, RefundingEvent
from oncedesk.domain.remedies.messages.returning import ReturningCommand, ReturningEvent
from oncedesk.domain.shared.decider import Refusal, Wake

RemedyCommand = (
    AskingCommand
    | AuthorisingCommand
    | CaseworkCommand
    | ChangingCommand
    | DisputingCommand
    | FundingCommand
    | PromisingCommand
    | RefundingCommand
    | ReturningCommand
    | ContestingCommand
    | Wake
)
RemedyEvent = (
    AskingEvent
    | AuthorisingEvent
    | AuthorityUnused
    | CaseworkEvent
    | ChangingEvent
    | DisputingEvent
    | FundingEvent
    | PromisingEvent
    | RefundingEvent
    | ReturningEvent
    | ContestingEvent
)

Answer = list[RemedyEvent] | Refusal
"""What a command comes to."""
