"""What a consumer says of a remedy on the marketplace's own pages, passed on by its back end."""

from functools import partial

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.disputing import (
    ObjectToDecision,
    OpenDispute,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.returning import ReopenReturn, TakeBack
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown
from oncedesk.http.remedy_taps import This, for_marketplace, machine_tap, told
from oncedesk.http.shapes.disputes import Shown, Why
from oncedesk.http.shapes.returns import SentBack, sent_back_of


@machine_tap("/withdrawal", "withdrawRemedy", "The consumer does not want it any more")
async def withdraw(request: Call, this: This) -> Response[Accepted]:
    """As long as no money is on its way."""
    return await told(request, this, WithdrawRemedy)


@machine_tap("/acceptance", "acceptCounterOffer", "The consumer takes what is offered")
async def accept(request: Call, this: This) -> Response[Accepted]:
    """It is the remedy from now on."""
    return await told(request, this, AcceptCounterOffer)


@machine_tap("/declining", "declineCounterOffer", "The consumer does not take what is offered")
async def decline(request: Call, this: This) -> Response[Accepted]:
    """The platform decides about what was wanted."""
    return await told(request, this, DeclineCounterOffer)


@machine_tap("/human", "askForHuman", "A person shall decide it")
async def human(request: Call, this: This) -> Response[Accepted]:
    """No rule decides it from now on."""
    return await told(request, this, AskHuman)


@machine_tap("/dispute", "openDispute", "The consumer does not accept the refusal")
async def dispute(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Both sides show what they have; then the platform decides."""
    return await told(request, this, partial(OpenDispute, reason=data.reason))


@machine_tap("/evidence", "showConsumersEvidence", "What the consumer has to show")
async def evidence(request: Call, this: This, data: JSONBody[Shown]) -> Response[Accepted]:
    """As long as the dispute is not decided; files that were brought for the consumer."""
    digests = await shown(request, this, data.evidence, side=Side.CONSUMER)
    return await told(request, this, partial(SubmitEvidence, digests=digests, side=Side.CONSUMER))


@machine_tap("/objection", "objectForConsumer", "The consumer objects to the decision")
async def objection(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Once; somebody else looks at it again."""
    return await told(
        request, this, partial(ObjectToDecision, side=Side.CONSUMER, reason=data.reason)
    )


@machine_tap("/return", "tellSentBack", "The consumer has sent it")
async def send_back(request: Call, this: This, data: JSONBody[SentBack]) -> Response[Accepted]:
    """With a carrier of their own; a proof of posting counts at once."""
    digests = await shown(request, this, data.evidence, side=Side.CONSUMER)
    return await told(request, this, sent_back_of(data, digests))


@machine_tap("/return-reopening", "reopenReturn", "The consumer still wants to send it")
async def reopen(request: Call, this: This) -> Response[Accepted]:
    """Once, after the time to send it ran out."""
    return await told(request, this, ReopenReturn)


@machine_tap("/taking-back", "takeBack", "The consumer wants back what was not accepted")
async def take_back(request: Call, this: This) -> Response[Accepted]:
    """Rather than a dispute; the merchant sends it, or pays."""
    return await told(request, this, TakeBack)


ROUTES = (
    for_marketplace(
        *(withdraw, accept, decline, human, dispute, evidence, objection),
        *(send_back, reopen, take_back),
    ),
)
