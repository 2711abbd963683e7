"""Making good what went wrong with an order: what is owed, by whom, and that it is given once.

It decides what a wish would come to, who has to agree, what goes back to which payment and who
bears it. It never sends money: it asks the marketplace's payments to, and hears what became of it.
"""

from oncedesk.domain.remedies.decide import deadline, decide, is_open, needs
from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.messages import RemedyCommand, RemedyEvent
from oncedesk.domain.remedies.state import Remedies, check
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.REMEDIES,
    state=Remedies,
    commands=RemedyCommand,
    events=RemedyEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.consumer,
)
