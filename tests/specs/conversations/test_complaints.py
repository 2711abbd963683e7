"""What users of other help desks complain of most, each once (see the comparison of peers)."""

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseStatus,
    CaseUnassigned,
    Channel,
    MessagePosted,
    PostMessage,
    ReferCase,
    ReferralMode,
    ReturnToQueue,
    RoutedTo,
    Side,
    TakenOver,
    TransferCase,
    UnassignReason,
)
from oncedesk.domain.conversations.state import deadline
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    STRICTER_PACK,
    TEXTED,
    about,
    at_work,
    contact,
    opened,
    talk,
)
from tests.support.specs import after


def test_does_not_lose_the_clock_on_a_hand_off() -> None:
    """zammad 5624, glpi 6902: moving a ticket to another group restarts or drops its deadline."""
    spec = at_work()
    promised = spec.clock(ClockKind.RESOLUTION, Side.CONSUMER).due_at
    for hour, (agent, desk) in enumerate(((SHOP_AGENT, PLATFORM), (PLATFORM_AGENT, ROOM)), start=1):
        spec.at(after(hours=hour)).does(TransferCase, agent=agent, desk=desk, reason="x")
        assert spec.clock(ClockKind.RESOLUTION, Side.CONSUMER).due_at == promised
        assert spec.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER).due_at == after(hours=8)


def test_does_not_lose_the_clock_on_a_change_of_policy() -> None:
    """glpi 15605: a changed agreement moves the deadlines of tickets that are open already."""
    spec = at_work()
    before = deadline(spec.state)
    spec.publish(STRICTER_PACK).says()
    assert deadline(spec.state) == before


def test_does_not_stop_the_first_response_by_a_robot() -> None:
    """chatwoot 10178: an automatic greeting counts as the first response."""
    robot = about(PostMessage, audience=Audience.CONSUMER, automatic=True, **TEXTED)
    spec = opened().when(robot)
    assert spec.case().clock(ClockKind.FIRST_RESPONSE, Side.DESK) is not None


def test_does_not_count_hours_in_which_nobody_works() -> None:
    """chatwoot 14009: with split shifts the clock runs through the night."""
    spec = talk().at(after(hours=8)).says(issue="office")
    assert spec.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at == after(days=1, hours=3)


def test_does_something_by_itself_when_a_deadline_passes() -> None:
    """chatwoot 6889, frappe 2050: a breach only turns a label red."""
    spec = at_work()
    while spec.case().owner == SHOP:
        spec.wake_when_due()
    assert spec.event(TakenOver).by == PLATFORM


def test_keeps_one_thread_for_one_matter() -> None:
    """chatwoot 9264, 5414: each message of one customer about one thing opens another ticket."""
    spec = opened()
    for hour in range(1, 4):
        spec.at(after(hours=hour)).says()
        assert spec.events(CaseOpened) == []


def test_does_not_merge_what_belongs_to_two_people() -> None:
    """chatwoot 4728: two customers end in one conversation."""
    other = contact(consumer=BY_CONSUMER.id, subject=contact().subject)
    assert other.target() == contact().target()
    assert contact(consumer=SHOP_AGENT).target() != contact().target()


def test_asks_another_team_without_losing_the_customers_ticket() -> None:
    """frappe 2370, freescout 1897, zammad 178: asking another team means giving the ticket away."""
    spec = at_work().does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    assert spec.case().owner == SHOP
    assert spec.case().agent == SHOP_AGENT
    shown = [one for one in spec.events(MessagePosted) if one.audience is Audience.CONSUMER]
    assert shown == [], "the consumer notices nothing"


def test_leaves_no_case_with_somebody_absent() -> None:
    """chatwoot 10376, 10685: tickets stay assigned to people who are gone."""
    away = about(ReturnToQueue, agent=SHOP_AGENT, reason=UnassignReason.ABSENT)
    spec = at_work().when(away)
    assert len(spec.events(CaseUnassigned)) == 1
    assert spec.case().status is CaseStatus.QUEUED
    assert spec.case().due_at is not None


def test_reopens_into_the_queue_and_not_to_somebody_absent() -> None:
    """chatwoot 10027, 10739: what is reopened lands with whoever had it, there or not."""
    spec = at_work().answered().resolved().at(after(days=2)).says()
    assert spec.case().agent is None
    assert spec.case().status is CaseStatus.QUEUED
    assert spec.event(RoutedTo).preferred == SHOP_AGENT


def test_reopens_the_same_case_with_its_history() -> None:
    """frappe 3465, zammad 6187: a late reply opens a new ticket, or reopens a long closed one."""
    spec = at_work().answered().resolved().at(after(days=2)).says()
    assert spec.event(CaseReopened).case == 1
    assert spec.case().contacts == 2
    spec.assigned().answered().resolved().wake_when_due().says()
    assert spec.event(CaseOpened).case == 2


def test_does_not_loop_with_another_robot() -> None:
    """zammad 1131, 5428: two auto-responders answer each other for ever."""
    robot = about(PostMessage, audience=Audience.CONSUMER, automatic=True, **TEXTED)
    spec = at_work().resolved().when(robot)
    spec.then_only(MessagePosted)
    assert spec.case().status is CaseStatus.RESOLVED


def test_does_not_take_an_out_of_office_reply_for_the_customer() -> None:
    """zammad 5428: a mail program's answer reopens the ticket, which sends another mail."""
    spec = at_work().answered().resolved().at(after(days=1))
    spec.says(channel=Channel.EMAIL, automatic=True).then_only(MessagePosted)
    assert spec.case().status is CaseStatus.RESOLVED
    spec.wake(after(days=7))
    assert spec.event(CaseClosed).contact_once


def test_leaves_nothing_in_limbo_while_waiting_for_the_customer() -> None:
    """chatwoot 4158: what waits for the customer waits for ever."""
    spec = at_work().does(AskConsumer, **TEXTED)
    while spec.state.cases:
        spec.wake_when_due()
    assert spec.now <= after(days=14)
