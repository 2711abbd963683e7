"""A contact that opens a case: who gets it, until when, and what is refused."""

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import (
    Attributed,
    CallBackOffered,
    CaseOpened,
    CaseResolved,
    Channel,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    ConversationCommand,
    ConversationOpened,
    Decided,
    MessagePosted,
    Notice,
    OpenForBreach,
    Origin,
    PartiesSeen,
    Party,
    PartyKind,
    RoutedTo,
    Share,
    Side,
    Surface,
)
from oncedesk.domain.conversations.messages import Audience as To
from oncedesk.domain.conversations.state import is_open
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind, conversation_id
from oncedesk.domain.parties import messages as parties
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind, clock_key
from oncedesk.rules.library import PackLibrary
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    BY_STRANGER,
    CONSUMER,
    CREATOR,
    LISTING,
    MERCHANT,
    ORDER,
    ORDER_PART,
    PACK,
    PROMISE,
    ROOM,
    SHOP,
    STRANGER,
    TEXT,
    OrderView,
    PartView,
    contact,
    opened,
    talk,
)
from tests.support.specs import START, Spec, after

ABOUT_LISTING = Subject(SubjectKind.LISTING, LISTING)
PRESUMED = ("presumed_by_rule",)


def test_opens_a_case_with_its_owner_queue_and_clocks() -> None:
    shop = Party(PartyKind.MERCHANT, MERCHANT)
    pack = PACK.hash

    def clock(kind: ClockKind, side: Side, hours: float, warn: float | None = None) -> ClockStarted:
        whose = "consumer" if side is Side.CONSUMER else "merchant"
        return ClockStarted(
            case=1,
            at=START,
            clock=kind,
            side=side,
            due_at=after(hours=hours),
            warn_at=None if warn is None else after(hours=warn),
            rule=f"*/{whose}/{kind}",
            pack=pack,
            desk=None if side is Side.CONSUMER else SHOP,
        )

    talk().says().then(
        ConversationOpened(
            consumer=CONSUMER,
            subject=ORDER_PART,
            market="cn",
            at=START,
            merchant=MERCHANT,
            creator=CREATOR,
        ),
        CaseOpened(
            case=1,
            at=START,
            issue="late_delivery",
            origin=Origin.CONTACT,
            language="zh",
            channel=Channel.APP_CHAT,
            surface=Surface.ORDER,
        ),
        ContactReceived(
            case=1,
            at=START,
            kind=ContactKind.NEW,
            number=1,
            channel=Channel.APP_CHAT,
            surface=Surface.ORDER,
        ),
        MessagePosted(case=1, at=START, audience=To.CONSUMER, author=BY_CONSUMER, digest=TEXT),
        Attributed(
            case=1,
            at=START,
            owner=SHOP,
            owner_reasons=("issue_rule",),
            cause=Party(PartyKind.CARRIER),
            cause_reasons=PRESUMED,
            liable=(Share(shop, 100, PRESUMED),),
            rule="issue/late_delivery",
            by=BY_CONSUMER,
        ),
        RoutedTo(
            case=1,
            at=START,
            desk=SHOP,
            skill="delivery",
            language="zh",
            priority=3,
            pack=pack,
        ),
        clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER, 8, 7),
        clock(ClockKind.FIRST_RESPONSE, Side.DESK, 4, 3),
        clock(ClockKind.RESOLUTION, Side.CONSUMER, 96),
        clock(ClockKind.RESOLUTION, Side.DESK, 48),
    )


def test_divides_liability_as_the_pack_presumes() -> None:
    told = opened(issue="quality").event(Attributed)
    assert [(share.who.id, share.percent) for share in told.liable] == [
        (MERCHANT, 70),
        (CREATOR, 30),
    ]


def test_makes_the_platform_liable_where_there_is_no_such_party() -> None:
    told = talk().order(creator=None).says(issue="quality").event(Attributed)
    assert [(share.who.kind, share.percent) for share in told.liable] == [
        (PartyKind.MERCHANT, 70),
        (PartyKind.PLATFORM, 30),
    ]


def test_counts_office_hours_only() -> None:
    late = talk().at(after(hours=8)).says(issue="office")
    assert late.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at == after(hours=27)


def test_sends_what_a_creator_offered_to_the_creators_desk() -> None:
    assert opened(issue="offer").case().owner == ROOM


def test_sends_an_order_of_no_known_merchant_to_the_platform() -> None:
    spec = talk().order(parts=()).says(issue="refund")
    assert spec.event(Attributed).owner_reasons == ("no_such_party",)
    assert spec.case().owner == PLATFORM


def test_sends_the_order_as_a_whole_to_its_only_merchant() -> None:
    whole = Subject(SubjectKind.ORDER, ORDER, 0)
    assert talk().says(subject=whole).case().owner == SHOP


def test_sends_the_order_as_a_whole_to_the_platform_where_several_sell() -> None:
    whole = Subject(SubjectKind.ORDER, ORDER, 0)
    parts = (PartView(1, MERCHANT), PartView(2, CREATOR))
    assert talk().order(parts=parts).says(subject=whole).case().owner == PLATFORM


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"open": False}, "desk_closed"),
        ({"staffed": False}, "desk_unstaffed"),
        ({"staffed": False, "staffed_from": after(hours=4)}, "desk_unstaffed"),
    ],
)
def test_goes_to_the_platform_where_the_desk_cannot_answer_in_time(
    facts: dict[str, object], reason: str
) -> None:
    spec = talk().desk(SHOP, **facts).says()
    assert spec.event(Attributed).owner_reasons == (reason,)
    assert spec.event(RoutedTo).desk == PLATFORM


def test_goes_to_the_platform_where_nobody_set_the_desk_up() -> None:
    spec = talk().without(SHOP).says()
    assert spec.event(Attributed).owner_reasons == ("desk_unknown",)
    assert spec.case().owner == PLATFORM


def test_waits_for_a_desk_that_is_back_before_its_answer_is_due() -> None:
    spec = talk().desk(SHOP, staffed=False, staffed_from=after(hours=3)).says()
    assert spec.case().owner == SHOP
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1, at=START, notice=Notice.ANSWER_BY, desk=SHOP, until=after(hours=4)
    )


def test_promises_a_time_where_no_desk_is_staffed() -> None:
    spec = talk().desk(SHOP, staffed=False)
    spec.desk(PLATFORM, staffed=False, staffed_from=after(hours=12)).says()
    assert spec.case().owner == PLATFORM
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1, at=START, notice=Notice.ANSWER_BY, desk=PLATFORM, until=after(hours=14)
    ), "the platform's two hours from when somebody is there"


def test_promises_the_first_deadline_where_nobody_knows_when_somebody_comes() -> None:
    spec = talk().desk(SHOP, staffed=False).desk(PLATFORM, staffed=False).says()
    assert spec.event(ConsumerTold).until == after(hours=2)


def test_tells_nothing_where_somebody_is_there() -> None:
    assert opened().events(ConsumerTold) == []


def test_serves_regulators_first() -> None:
    spec = opened(channel=Channel.REGULATOR)
    assert spec.event(RoutedTo).priority == 0
    assert spec.event(ContactReceived).kind is ContactKind.OUTSIDE
    assert spec.case().failed


def test_shows_the_wait_and_offers_a_call_back_in_a_surge() -> None:
    spec = talk().desk(SHOP, surge=True, oldest_wait_seconds=2_400).says()
    assert spec.events(ConsumerTold, CallBackOffered) == [
        ConsumerTold(case=1, at=START, notice=Notice.WAITING, desk=SHOP, wait_seconds=2_400),
        CallBackOffered(case=1, at=START),
    ]


def test_decides_by_rule_in_a_surge_where_the_pack_says_so() -> None:
    spec = talk().desk(SHOP, surge=True).says(issue="refund")
    spec.then_only(
        ConversationOpened,
        CaseOpened,
        ContactReceived,
        MessagePosted,
        Attributed,
        Decided,
        CaseResolved,
        ClockStarted,
        ConsumerTold,
    )
    assert spec.event(Decided) == Decided(
        case=1, at=START, decision="refund_granted", rule="issue/refund", pack=PACK.hash
    )
    assert spec.event(CaseResolved) == CaseResolved(
        case=1, at=START, reason=ClosingReason.DECIDED_BY_RULE, desk=SHOP, by=SYSTEM
    )
    assert not is_open(spec.state)


@pytest.mark.parametrize("closed", [{"open": False}, {"staffed": False}])
def test_decides_nothing_for_a_desk_that_was_not_asked(closed: dict[str, bool]) -> None:
    spec = talk().desk(SHOP, **closed).desk(PLATFORM, surge=True).says(issue="refund")
    assert spec.events(Decided) == []
    assert (spec.case().owner, spec.case().is_open) == (PLATFORM, True)


def test_decides_in_a_surge_nothing_by_which_nothing_is_given() -> None:
    """A complaint about something that is in time, and one about the order as a whole."""
    late = replace(
        PACK.issues["late_shipping"], decision="late_shipping_compensated", decides_in_surge=True
    )
    pack = replace(PACK, hash="widened", issues={**PACK.issues, "late_shipping": late})
    whole = replace(ORDER_PART, part=0)
    for said in ({"issue": "late_shipping"}, {"issue": "refund", "subject": whole}):
        spec = talk().publish(pack).desk(SHOP, surge=True).says(**said)
        assert spec.events(Decided) == []
        assert spec.case().is_open


def test_decides_in_a_surge_nothing_that_was_sent() -> None:
    """It takes an answer, and nobody has been silent yet."""
    sent = PartView(1, MERCHANT, shipped_at=START)
    spec = talk().order(parts=(sent,)).desk(SHOP, surge=True).says(issue="refund")
    assert spec.events(Decided) == []
    assert (spec.case().owner, spec.case().is_open) == (SHOP, True)


def test_does_not_decide_by_rule_without_a_surge() -> None:
    assert opened(issue="refund").events(Decided) == []


def test_opens_about_a_listing_for_the_merchant_that_the_command_names() -> None:
    spec = talk().says(subject=ABOUT_LISTING, issue="advice", merchant=MERCHANT)
    assert spec.case().owner == SHOP
    assert spec.state.merchant == MERCHANT


def test_knows_whose_listing_it_is_from_an_earlier_contact() -> None:
    spec = talk().says(subject=ABOUT_LISTING, issue="advice", merchant=MERCHANT, creator=CREATOR)
    spec.says(subject=ABOUT_LISTING, issue="quality")
    assert spec.case(2).owner == SHOP
    assert (spec.state.merchant, spec.state.creator) == (MERCHANT, CREATOR)
    spec.says(subject=ABOUT_LISTING, issue="offer", creator=STRANGER, fresh=True)
    assert spec.state.creator == STRANGER, "what is said now counts"


def test_opens_about_a_live_session_for_the_desk_that_can_answer() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    assert talk().says(subject=live, issue="offer", creator=CREATOR).case().owner == ROOM
    assert talk().says(subject=live, issue="advice", creator=CREATOR).case().owner == PLATFORM


def test_opens_about_nothing_for_the_platform() -> None:
    assert talk().says(subject=NOTHING, issue="").case().owner == PLATFORM


def test_learns_better_who_sells_and_who_presents() -> None:
    spec = talk().order(creator=None).says().order().says(issue="offer")
    assert spec.event(PartiesSeen) == PartiesSeen(at=START, merchant=MERCHANT, creator=CREATOR)
    assert spec.case(2).owner == ROOM


def test_speaks_the_packs_language_where_none_is_known() -> None:
    assert opened(language="").event(RoutedTo).language == "zh"


def test_lets_the_marketplace_speak_for_the_consumer() -> None:
    spec = talk().says(by=MARKETPLACE)
    assert spec.event(MessagePosted).author == BY_CONSUMER
    assert spec.event(Attributed).by == MARKETPLACE


@pytest.mark.parametrize("by", [BY_STRANGER, BY_SHOP, SYSTEM, Actor(Role.ADMIN)])
def test_refuses_to_let_anybody_else_speak_for_the_consumer(by: Actor) -> None:
    talk().says(by=by).then_refused("not_allowed")


def test_refuses_an_unknown_order() -> None:
    spec = talk()
    del spec.world[ORDER]
    spec.says().then_refused("order_unknown")


def test_refuses_an_order_that_was_not_placed_yet() -> None:
    talk().order(placed=False).says().then_refused("order_unknown")


def test_refuses_a_part_that_the_order_does_not_have() -> None:
    elsewhere = Subject(SubjectKind.ORDER, ORDER, 7)
    talk().says(subject=elsewhere).then_refused("order_unknown")


def test_refuses_an_order_of_somebody_else_as_if_it_did_not_exist() -> None:
    talk().order(consumer=STRANGER).says().then_refused("order_unknown")


def test_refuses_what_is_no_order() -> None:
    spec = talk()
    spec.world[ORDER] = PartyState(party=ORDER, kind=parties.PartyKind.CONSUMER, market="cn")
    spec.says().then_refused("order_unknown")


def test_refuses_a_market_in_which_no_pack_holds() -> None:
    library = PackLibrary.always([PACK]).at(START)
    broken = OpenForBreach(
        consumer=CONSUMER,
        subject=ORDER_PART,
        market="xx",
        breach="late_delivery",
        promise=PROMISE,
        due_at=START,
    )
    asked = contact(market="xx", subject=ABOUT_LISTING)
    for command, by in ((asked, BY_CONSUMER), (broken, SYSTEM)):
        spec = Spec(DECIDER, library, talk().world)
        spec.when(command, by=by).then_refused("market_unknown")
        assert spec.state is None


def test_an_orders_own_rules_hold_wherever_whoever_asks_is_served() -> None:
    abroad = replace(PACK, market="eu", hash="b" * 32)
    spec = Spec(DECIDER, PackLibrary.always([PACK, abroad]).at(START), talk().world)
    spec.world[ORDER] = OrderView(market="eu")
    spec.when(contact(market="cn"), by=BY_CONSUMER)
    assert spec.state.market == "eu"
    assert {clock.pack for clock in spec.events(ClockStarted)} == {abroad.hash}
    other = Spec(DECIDER, PackLibrary.always([PACK, abroad]).at(START), talk().world)
    other.when(contact(market="cn", subject=ABOUT_LISTING), by=BY_CONSUMER)
    assert other.state.market == "cn"


def test_refuses_an_empty_message() -> None:
    talk().says(length=0).then_refused("message_empty")


@pytest.mark.parametrize("length", [20_001, 100_000])
def test_refuses_a_message_that_is_too_long(length: int) -> None:
    talk().says(length=length).then_refused("message_too_long")


def test_takes_a_message_of_the_longest_length() -> None:
    assert talk().says(length=20_000).case().contacts == 1


@pytest.mark.parametrize(
    "subject",
    [
        Subject(SubjectKind.ORDER),
        Subject(SubjectKind.ORDER, ORDER, -1),
        Subject(SubjectKind.LISTING),
        Subject(SubjectKind.LISTING, LISTING, 2),
        Subject(SubjectKind.NONE, LISTING),
    ],
)
def test_refuses_a_subject_that_names_too_little_or_too_much(subject: Subject) -> None:
    talk().says(subject=subject).then_refused("subject_incomplete")


def test_refuses_a_case_that_never_was() -> None:
    talk().says(case=1).then_refused("case_unknown")
    opened().says(case=2).then_refused("case_unknown")


@pytest.mark.parametrize("field", ["channel", "surface"])
def test_refuses_an_unknown_word_at_the_border(field: str) -> None:
    body = msgspec.to_builtins(contact())
    body[field] = "carrier_pigeon"
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(body, type=ConversationCommand)


def test_has_one_conversation_for_each_consumer_and_subject() -> None:
    subjects = [
        ORDER_PART,
        Subject(SubjectKind.ORDER, ORDER, 2),
        Subject(SubjectKind.LIVE, ORDER),
        Subject(SubjectKind.LISTING, ORDER),
        NOTHING,
    ]
    ids = {
        conversation_id(consumer=one, subject=s) for one in (CONSUMER, CREATOR) for s in subjects
    }
    assert len(ids) == 10
    assert contact().target().id == conversation_id(consumer=CONSUMER, subject=ORDER_PART)


def test_stops_no_clock_at_opening() -> None:
    assert opened().events(ClocksStopped) == []


def test_an_issue_that_the_pack_does_not_know_has_the_clocks_of_other() -> None:
    """A pack may say for each of its issues how long it may take, and nothing for any other."""
    of_any = [rule for rule in PACK.clocks.values() if rule.issue == "*"]
    each = {
        clock_key(issue=issue, desk=rule.desk, clock=rule.clock): rule
        for issue in PACK.issues
        for rule in of_any
    }
    pack = replace(PACK, hash="e" * 32, clocks=each)
    for issue in ("new_to_all_packs", "other"):
        spec = talk().publish(pack).says(issue=issue)
        clocks = [(one.clock, one.side, one.rule) for one in spec.events(ClockStarted)]
        assert clocks == [
            (ClockKind.FIRST_RESPONSE, Side.CONSUMER, "*/consumer/first_response"),
            (ClockKind.FIRST_RESPONSE, Side.DESK, "*/platform/first_response"),
            (ClockKind.RESOLUTION, Side.CONSUMER, "*/consumer/resolution"),
            (ClockKind.RESOLUTION, Side.DESK, "*/platform/resolution"),
        ]


def test_whoever_does_not_say_their_language_is_answered_in_that_of_the_order() -> None:
    spec = talk().order(language="de").says(language="")
    assert (spec.case().language, spec.event(RoutedTo).language) == ("de", "de")
    spec.says(language="en", fresh=True).says(language="", fresh=True)
    assert [spec.case(number).language for number in (2, 3)] == ["en", "en"]
    assert talk().says(language="").event(RoutedTo).language == PACK.language
