"""Erasing and holding the data of a party who may never have been registered."""

from uuid import UUID

from oncedesk.domain.parties.messages import ErasePersonalData, PlaceHold
from oncedesk.engine import privacy
from oncedesk.http.call import Call, Done
from oncedesk.http.problems import Refused


async def erased(request: Call, party: UUID) -> Done:
    """Overwrite it, with whatever this party has written. Raises `Refused`."""
    return await _known_first(request, ErasePersonalData(party=party))


async def held(request: Call, party: UUID, *, reason: str) -> Done:
    """Keep it, with whatever this party has written. Raises `Refused`."""
    return await _known_first(request, PlaceHold(party=party, reason=reason))


async def _known_first(request: Call, command: ErasePersonalData | PlaceHold) -> Done:
    """Whoever wrote without being registered is a consumer, and is registered as one."""
    try:
        return await request.submit(command)
    except Refused as refused:
        if refused.problem.code != "party_unknown":
            raise
    principal = request.principal
    await privacy.register(
        request.service.parts.engine,
        command.party,
        market=request.service.settings.market,
        principal=principal.name,
        key=request.key,
        actor=principal.actor,
    )
    return await request.submit(command)
