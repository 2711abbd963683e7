"""Erasing what is kept about a person. The command decides; the storage overwrites with it."""

from uuid import UUID

from oncedesk.domain.parties.messages import ErasePersonalData, PartyKind, RegisterParty
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer

PRINCIPAL = "privacy"


async def erase(engine: Engine, consumer: UUID, *, market: str, key: str) -> Answer:
    """Overwrite the texts and personal data of a consumer, in the transaction of the decision.

    Somebody who was never registered, but has written, is registered first: what is kept about
    them is erased all the same. The answer is a refusal under a legal hold.
    """
    admin = Actor(role=Role.ADMIN)
    command = ErasePersonalData(party=consumer)
    answer = await engine.submit(command, principal=PRINCIPAL, key=key, actor=admin)
    if answer.code != "party_unknown":
        return answer
    await engine.submit(
        RegisterParty(party=consumer, kind=PartyKind.CONSUMER, market=market),
        principal=PRINCIPAL,
        key=f"{key}/register",
        actor=admin,
    )
    return await engine.submit(command, principal=PRINCIPAL, key=key, actor=admin)
