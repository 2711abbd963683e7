"""Who may give which command to a party's account."""

from typing import assert_never

from oncedesk.domain.accounts.messages import (
    AccountCommand,
    ChargeAccount,
    ConfirmRecovery,
    FailRecovery,
    ForgiveAdvance,
    OweAdvance,
    ReleaseCharge,
    SettleCharge,
    TellFunds,
)
from oncedesk.domain.shared.allowing import is_system, manages
from oncedesk.domain.shared.decider import Actor, Wake


def is_allowed(*, command: AccountCommand, actor: Actor) -> bool:
    """The marketplace tells what it holds and what it took; all else follows from remedies."""
    match command:
        case TellFunds() | ConfirmRecovery() | FailRecovery():
            return manages(actor)
        case ChargeAccount() | SettleCharge() | ReleaseCharge() | OweAdvance() | ForgiveAdvance():
            return is_system(actor)
        case Wake():
            return True
        case _:
            assert_never(command)
