"""How the consumer found the service, as it is told to us."""

from uuid import UUID

from oncedesk.domain.conversations.messages import RateService, RatingReasons, Score
from oncedesk.http.bodies import Body


class Rated(Body, frozen=True, kw_only=True):
    """From 1 (bad) to 5 (good), and up to three reasons."""

    score: Score
    reasons: RatingReasons = ()


def rating_of(rated: Rated, *, consumer: UUID, conversation: UUID, case: int) -> RateService:
    return RateService(
        consumer=consumer,
        conversation=conversation,
        case=case,
        score=rated.score,
        reasons=rated.reasons,
    )
