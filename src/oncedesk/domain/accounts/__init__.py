"""The money of somebody who may be liable, as the marketplace tells of it, and what they owe us.

It decides what an account gives for a remedy, what the fund is owed and out of what it has that
back, when people are told of an old debt and when it is written off. It moves no money itself: it
asks the marketplace to, and hears what became of it.
"""

from oncedesk.domain.accounts.decide import deadline, decide, is_open, needs
from oncedesk.domain.accounts.messages import AccountCommand, AccountEvent
from oncedesk.domain.accounts.state import PartyAccount, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.ACCOUNT,
    state=PartyAccount,
    commands=AccountCommand,
    events=AccountEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.party,
)
