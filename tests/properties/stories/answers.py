"""What the two sides and the platform may say to a remedy, and when it makes sense."""

from collections.abc import Callable

from oncedesk.domain.remedies.journey import Contest
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    LiableShare,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ClockKind, RemedyKind, Status
from tests.properties.stories.buying import any_wish
from tests.properties.stories.scene import Said, Scene
from tests.specs.remedies.shop import BY_CONSUMER

PROOF = (b"seen",)
_OFFERED = (
    RemedyKind.REFUND,
    RemedyKind.COMPENSATION,
    RemedyKind.EXCHANGE,
    RemedyKind.RETURN_AND_REFUND,
)
_SHARES = (
    (),
    (),
    (LiableShare("merchant", 50), LiableShare("platform", 50)),
    (LiableShare("carrier", 100),),
    (LiableShare("creator", 100),),
    (LiableShare("platform", 100),),
)


def grants(at: Scene) -> Said:
    return Said(GrantRemedy(**at.about))


def refuses(at: Scene) -> Said:
    shown = at.dice.choice(((), (bytes(16),)))
    return Said(RefuseRemedy(**at.about, reason="no", facts=("packed_complete",), evidence=shown))


def offers(at: Scene) -> Said:
    wish = any_wish(at.dice, at.placed, at.dice.choice(_OFFERED))
    return Said(MakeCounterOffer(**at.about, wish=wish))


def takes_offer(at: Scene) -> Said:
    return Said(AcceptCounterOffer(**at.about), BY_CONSUMER)


def declines_offer(at: Scene) -> Said:
    return Said(DeclineCounterOffer(**at.about), BY_CONSUMER)


def withdraws(at: Scene) -> Said:
    return Said(WithdrawRemedy(**at.about), BY_CONSUMER)


def asks_human(at: Scene) -> Said:
    return Said(AskHuman(**at.about), BY_CONSUMER)


def lifts_risk(at: Scene) -> Said:
    return Said(LiftRisk(**at.about, reason="known"))


def disputes(at: Scene) -> Said:
    return Said(OpenDispute(**at.about, reason="not_true"), BY_CONSUMER)


def shows(at: Scene) -> Said:
    digests = (bytes([at.dice.randrange(255)]) * 16,)
    return Said(SubmitEvidence(**at.about, side=at.dice.choice(tuple(Side)), digests=digests))


def decides(at: Scene) -> Said:
    outcome = at.dice.choice(tuple(Outcome))
    dispute = at.remedy and at.remedy.dispute
    most_minor = max(2, dispute.wanted_minor) if dispute else 100
    in_part = at.dice.randint(1, most_minor) if outcome is Outcome.IN_PART else None
    return Said(
        DecideDispute(
            **at.about,
            outcome=outcome,
            reason="seen",
            basis="both",
            amount_minor=in_part,
            shares=at.dice.choice(_SHARES),
        )
    )


def objects(at: Scene) -> Said:
    return Said(ObjectToDecision(**at.about, side=at.dice.choice(tuple(Side)), reason="not_so"))


def contests(at: Scene) -> Said:
    return Said(ContestRefund(**at.about, reason="empty_box", evidence=PROOF))


def decides_contest(at: Scene) -> Said:
    return Said(DecideContest(**at.about, upheld=at.dice.random() < 0.6, reason="seen"))


def _asked(remedy: Remedy) -> bool:
    return remedy.status is Status.REQUESTED and not remedy.disputed


def _offered(remedy: Remedy) -> bool:
    return _asked(remedy) and remedy.counter_offer is not None


def _refused(remedy: Remedy) -> bool:
    return remedy.status is Status.REFUSED and remedy.dispute is None


def _disputed(remedy: Remedy) -> bool:
    return remedy.disputed


def _decided(remedy: Remedy) -> bool:
    return remedy.clock(ClockKind.OBJECTION) is not None and remedy.dispute is not None


def _contestable(remedy: Remedy) -> bool:
    return remedy.is_ahead and remedy.clock(ClockKind.CONTEST) is not None


def _contested(remedy: Remedy) -> bool:
    return remedy.journey is not None and remedy.journey.contest is Contest.OPEN


def _failed(remedy: Remedy) -> bool:
    return bool(remedy.failed)


def _seldom(_remedy: Remedy) -> bool:
    return False


Says = Callable[[Scene], Said]
ANSWERS: tuple[tuple[Callable[[Remedy], bool], Says], ...] = (
    (_asked, grants),
    (_asked, refuses),
    (_asked, offers),
    (_offered, takes_offer),
    (_offered, declines_offer),
    (_refused, disputes),
    (_refused, disputes),
    (_refused, disputes),
    (_disputed, shows),
    (_disputed, decides),
    (_disputed, decides),
    (_disputed, decides),
    (_decided, objects),
    (_decided, objects),
    (_contestable, contests),
    (_contested, decides_contest),
    (_failed, withdraws),
    (_seldom, asks_human),
    (_seldom, lifts_risk),
)
"""When something makes sense, and what; several times what more often leads on."""
