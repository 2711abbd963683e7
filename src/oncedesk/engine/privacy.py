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
    await register(engine, consumer, market=market, principal=PRINCIPAL, key=key, actor=admin)
    return await engine.submit(command, principal=PRINCIPAL, key=key, actor=admin)


async def register(
    engine: Engine, consumer: UUID, *, market: str, principal: str, key: str, actor: Actor
) -> Answer:
    """Register somebody of whom nothing is known but that they may have written.

    `key` is that of the command which found nobody; whoever is registered meanwhile stays as is.
    """
    return await engine.submit(
        RegisterParty(party=consumer, kind=PartyKind.CONSUMER, market=market),
        principal=principal,
        key=f"{key}/register",
        actor=actor,
    )
