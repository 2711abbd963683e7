"""Goodwill is given by a person within an authority, at the platform's charge; never by itself."""

from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    RemedyRequested,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.authorising import AuthorityAsked
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    RefundSent,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.words import DecidedBy, Payer, RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.remedies.shop import BY_CONSUMER, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, agent, answered, by


def asked(kind: RemedyKind = RemedyKind.COMPENSATION) -> Shop:
    """An agent wants to give something that no rule owes (or that one would give at once)."""
    made = Shop(authority=AUTHORITY).plain()
    agent(made, ANNA)
    wish = Wish(kind=kind, reason="sorry", amount_minor=2_000)
    made.when(RequestRemedy(**WHO, wish=wish, agent=ANNA, goodwill=True), by=by(ANNA))
    return made


def test_the_platform_bears_it_and_is_asked() -> None:
    for kind in (RemedyKind.COMPENSATION, RemedyKind.CANCEL):
        (event,) = asked(kind).events(RemedyRequested)
        assert event.desk == PLATFORM
        assert [(one.payer, one.minor) for one in event.shares] == [(Payer.PLATFORM, 2_000)]


def test_it_counts_against_the_authority() -> None:
    made = asked()
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA)).then_only(AuthorityAsked)
    assert made.events(AuthorityAsked)[0].by is DecidedBy.PLATFORM


def test_what_belongs_to_no_case_counts_together_for_its_order() -> None:
    wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=2_000)
    made = asked()
    for number, before_minor in ((1, 0), (2, 2_000), (3, 4_000)):
        if number > 1:
            again = RequestRemedy(**WHO, wish=wish, agent=ANNA, goodwill=True)
            made.when(again, by=by(ANNA))
        made.when(GrantRemedy(**WHO, remedy=number, agent=ANNA), by=by(ANNA))
        wanted = made.event(AuthorityAsked)
        assert (wanted.amount_minor, wanted.case_minor) == (2_000, before_minor)
        if number == 1:
            answered(made, ANNA)
            sent = ConfirmRefund(
                **WHO, remedy=1, leg=1, amount_minor=2_000, currency="CNY", sent_at=made.now
            )
            made.when(sent, by=MARKETPLACE).then_only(RefundSent, RemedySettled)
            made.wake_when_due().then_only(RemedyClosed)


def test_silence_does_not_give_it() -> None:
    made = asked()
    for _ in range(3):
        made.wake_when_due()
    assert made.state.live[0].status is Status.REQUESTED


def test_no_consumer_asks_for_it() -> None:
    wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=2_000)
    made = Shop(authority=AUTHORITY).plain()
    made.when(RequestRemedy(**WHO, wish=wish, goodwill=True), by=BY_CONSUMER)
    made.then_refused("not_allowed")
