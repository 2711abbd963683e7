"""Copies of what is kept about a consumer, as each audience may have them."""

from uuid import UUID

from litestar import Response

from oncedesk.http.call import Call
from oncedesk.http.limits.rates import Rates
from oncedesk.storage.views.personal_data import KeptData, kept_about

_PER_SECOND = 1 / 300
_BURST_SECONDS = 900


def copy_rates() -> Rates:
    """Three copies at once, then one every five minutes: each reads all that there is."""
    return Rates(per_second=_PER_SECOND, burst_seconds=_BURST_SECONDS)


async def copy_of(request: Call, consumer: UUID) -> Response[KeptData]:
    """What whoever asks may have of it. Raises `Refused` where it is asked for too often."""
    service = request.service
    service.copies.take(f"{request.principal.name}\n{consumer}")
    kept = await kept_about(
        service.parts.pool,
        service.parts.codec,
        consumer=consumer,
        actor=request.principal.actor,
    )
    request.log("copy_given", consumer=str(consumer))
    return Response(kept, headers={"Cache-Control": "no-store"})
