"""What a consumer can pay with: methods as the marketplace tells them, and balances kept with us.

It decides whether a balance covers an amount, and takes it exactly once. It never charges a card:
that is done by the marketplace's payments.
"""

from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.wallets.decide import deadline, decide, is_open, needs
from oncedesk.domain.wallets.messages import WalletCommand, WalletEvent
from oncedesk.domain.wallets.state import Wallet, check, evolve

DECIDER = Decider(
    kind=Kind.WALLET,
    state=Wallet,
    commands=WalletCommand,
    events=WalletEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.consumer,
)
