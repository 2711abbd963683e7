"""What an agent may still give alone, as the desk shows it beside what can be done."""

from uuid import UUID, uuid4

from oncedesk.domain.agents.authority import AuthorityLeft, authority_left
from oncedesk.domain.agents.messages import AuthoritySpent
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from tests.specs.remedies.shop import todays_pack
from tests.support.given import START, after
from tests.support.people import AGENT, CONSUMER, working

SHOP = Desk(DeskKind.MERCHANT, UUID(int=7))


def spent(minor: int) -> AuthoritySpent:
    return AuthoritySpent(
        agent=AGENT,
        at=START,
        consumer=CONSUMER,
        order=uuid4(),
        remedy=1,
        currency="CNY",
        amount_minor=minor,
        rule="",
        market="cn",
        consumer_minor=0,
    )


def left(*events: AuthoritySpent, desk: Desk = PLATFORM, hours: int = 1) -> AuthorityLeft:
    return authority_left(
        working(*events).state,
        desk=desk,
        currency="CNY",
        pack=todays_pack(),
        now=after(hours=hours),
    )


def test_what_was_given_today_is_taken_off() -> None:
    assert left() == AuthorityLeft("CNY", 20_000, 200_000)
    assert left(spent(15_000)) == AuthorityLeft("CNY", 20_000, 185_000)


def test_a_day_later_it_is_whole_again() -> None:
    assert left(spent(15_000), hours=25).today_minor == 200_000


def test_there_is_none_at_another_desk() -> None:
    assert left(desk=SHOP) == AuthorityLeft("CNY", 0, 0)
