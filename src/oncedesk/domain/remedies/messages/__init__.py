"""Commands to the remedies of an order and the events they record. Names are stable for ever.

Ids, amounts and moments only: no names, addresses or texts. An amount is in minor units of the
order's currency. Each file is one subject.
"""

from oncedesk.domain.remedies.messages.asking import AskingCommand, AskingEvent
from oncedesk.domain.remedies.messages.authorising import AuthorisingCommand, AuthorisingEvent
from oncedesk.domain.remedies.messages.changing import ChangingCommand, ChangingEvent
from oncedesk.domain.remedies.messages.disputing import DisputingCommand, DisputingEvent
from oncedesk.domain.remedies.messages.funding import FundingCommand, FundingEvent
from oncedesk.domain.remedies.messages.promising import PromisingCommand, PromisingEvent
from oncedesk.domain.remedies.messages.refunding import RefundingCommand, RefundingEvent
from oncedesk.domain.shared.decider import Wake

RemedyCommand = (
    AskingCommand
    | AuthorisingCommand
    | ChangingCommand
    | DisputingCommand
    | FundingCommand
    | PromisingCommand
    | RefundingCommand
    | Wake
)
RemedyEvent = (
    AskingEvent
    | AuthorisingEvent
    | ChangingEvent
    | DisputingEvent
    | FundingEvent
    | PromisingEvent
    | RefundingEvent
)
