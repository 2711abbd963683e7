"""Whatever can be decided can be asked for over HTTP, but for what the system asks of itself."""

from typing import Any, get_args

import pytest

from oncedesk.domain.accounts.messages import (
    ChargeAccount,
    ForgiveAdvance,
    OweAdvance,
    ReleaseCharge,
    SettleCharge,
)
from oncedesk.domain.agents.messages import (
    NoteBlocked,
    ReleaseCapacity,
    ReserveCapacity,
    ReturnAuthority,
    SpendAuthority,
)
from oncedesk.domain.budgets.messages import DrawBudget, GrantSlice, ReturnBudget, TakeGrant
from oncedesk.domain.conversations.messages import (
    AssignCase,
    NoteNeeds,
    NoteRemedy,
    OpenForDispute,
)
from oncedesk.domain.desks.messages import ReportLoad
from oncedesk.domain.evidence.messages import NoteEvidence
from oncedesk.domain.orders.messages import ChangeOrder, CheckComing, GrantRelief
from oncedesk.domain.parties.messages import CountGift, TakeBackGift
from oncedesk.domain.remedies.messages.authorising import ApplyAuthority
from oncedesk.domain.remedies.messages.casework import GrantForCase
from oncedesk.domain.remedies.messages.changing import NoteChange
from oncedesk.domain.remedies.messages.funding import ApplyCharge, ApplyFunding
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    SettlePresale,
    TakeBackCompensation,
)
from oncedesk.domain.remedies.messages.returning import NoteComingBack
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.wallets.messages import CreditBalance, TakeBalance
from oncedesk.wiring import DECIDERS
from tests.http.everything import everything
from tests.http.test_administration import files
from tests.http.test_every_route import ENDS_IT, LEFT_FOR_LAST, ask, operations

ITS_OWN: dict[type, str] = {
    Wake: "time has come for something",
    ReserveCapacity: "dispatch has found an agent for a case",
    AssignCase: "a place was reserved for a case",
    ReleaseCapacity: "a case has left an agent's hands",
    NoteBlocked: "the gate has refused an agent's words",
    OpenForDispute: "a dispute is the platform's to decide",
    NoteNeeds: "what a person was needed for has been decided",
    CountGift: "an agent's authority has been spent",
    SpendAuthority: "an agent wants to give something",
    ReturnAuthority: "what an agent wanted to give was not given",
    TakeBackGift: "what an agent wanted to give was not given",
    ApplyAuthority: "an agent's authority has answered",
    NoteEvidence: "evidence was shown for a remedy",
    ReportLoad: "the watch over the desks has looked at one",
    CompensateBreach: "a case was told of a broken promise",
    SettlePresale: "a presale has ended",
    TakeBackCompensation: "a case was told that a promise was kept after all",
    ChangeOrder: "a remedy changes what was ordered",
    CheckComing: "a remedy came to nothing",
    NoteChange: "an order took a change, or not",
    TakeBalance: "a remedy charges a balance",
    CreditBalance: "a refund was sent to a balance",
    NoteComingBack: "a parcel of an order turns round",
    NoteRemedy: "something became of a remedy",
    GrantForCase: "a case has decided by itself",
    ChargeAccount: "a remedy asks somebody who is liable",
    SettleCharge: "what an account gave was sent",
    ReleaseCharge: "what an account gave is not needed",
    OweAdvance: "the fund has paid for somebody",
    ForgiveAdvance: "who owes the fund was not liable",
    ApplyCharge: "an account has answered",
    DrawBudget: "a remedy needs the platform's own money",
    ReturnBudget: "money of a budget is free again",
    GrantSlice: "a slice of a budget has not enough",
    TakeGrant: "a budget was dealt out",
    ApplyFunding: "a budget has answered",
    GrantRelief: "an order's promise falls into a published window",
}
"""When the system gives each of these by itself; no route asks for it."""


@pytest.mark.slow
async def test_every_command_is_given_by_some_route(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[type] = set()
    async with everything(url) as (world, names):
        entry = world.service.parts.engine.entry
        submission = entry.submission

        def noted(command: Any, **more: Any) -> Any:
            given.add(type(command))
            return submission(command, **more)

        monkeypatch.setattr(entry, "submission", noted)

        def place(one: Any) -> int:
            """What others need is still there for them, and the case when it is given."""
            if one.id == "giveCase":
                return 0
            return 2 if one.id in ENDS_IT or one.path.endswith("/erasure") else 1

        for operation in sorted(await operations(world), key=place):
            if operation.method != "GET" and operation.id not in LEFT_FOR_LAST:
                for who in operation.route.sees[:1]:
                    await ask(world, who, operation, names)
        # The walk's folder is none; this one is.
        shorter = {"files": files(to=r"\g<1>86400"), "reason": "a shorter window"}
        await world.clients["admin"].post("/v1/admin/markets/cn/packs", json=shorter)
    every = {command for decider in DECIDERS for command in get_args(decider.commands)}
    assert len(every) > 50
    assert given <= every - set(ITS_OWN)
    assert every - given == set(ITS_OWN)
