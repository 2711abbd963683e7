"""What becomes of a message in which the gate found something, by who says it."""

from typing import Any

import pytest
from msgspec.structs import replace as changed

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    AttachmentSeen,
    Audience,
    CaseOpened,
    FlagsReviewed,
    MessageFlagged,
    MessagePosted,
    PostMessage,
    ReferCase,
    ReferralMode,
    ReturnToQueue,
    ReviewFlags,
    ReviewOutcome,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.shared.decider import SYSTEM, Actor, Refusal, Role
from oncedesk.domain.shared.gate.rules import (
    GateRule,
    GateRules,
    Hit,
    HitKind,
    Outcome,
    Speaker,
    Verdict,
)
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    ORDER_PART,
    PACK,
    PLATFORM_AGENT,
    SHOP_AGENT,
    TEXTED,
    Talk,
    about,
    at_work,
    contact,
    talk,
)

PHONE, THREAT = Hit(HitKind.PHONE, 3, 14), Hit(HitKind.THREAT, 20, 24)
GATE = "1-0123456789abcdef"
MASK, FLAG, BLOCK, PASS = Outcome.MASK, Outcome.FLAG, Outcome.BLOCK, Outcome.PASS


def found(*hits: Hit) -> dict[str, Any]:
    return {**TEXTED, "verdict": Verdict(GATE, hits)}


def rule(kind: HitKind, outcome: Outcome) -> GateRule:
    return GateRule(f"cn/gate/{kind}", kind, *[outcome] * 5)


def ruled(**outcomes: Outcome) -> Any:
    rules = {HitKind(kind): rule(HitKind(kind), outcome) for kind, outcome in outcomes.items()}
    return changed(PACK, gate=GateRules(rules=rules))


def says(spec: Talk, *hits: Hit, audience: Audience = Audience.CONSUMER) -> Talk:
    return spec.does(PostMessage, audience=audience, **found(*hits))


def test_a_merchant_who_gives_a_number_is_refused_with_the_place_and_the_rule() -> None:
    spec = says(at_work(), PHONE, THREAT).then_refused("message_blocked")
    assert isinstance(spec.answer, Refusal)
    assert spec.answer.detail == "phone (default/gate/phone)"
    assert (spec.answer.field, spec.answer.hits) == ("text", (PHONE,))


def test_a_consumers_number_is_masked_and_nothing_else_changes() -> None:
    plain = talk().says()
    spec = talk().says(verdict=Verdict(GATE, (PHONE,)))
    message = spec.event(MessagePosted)
    assert message.masks == (PHONE,)
    assert spec.journal == [
        message if isinstance(one, MessagePosted) else one for one in plain.journal
    ]


def test_a_consumer_is_heard_whatever_the_pack_says() -> None:
    spec = talk()
    spec.known.known = [ruled(threat=BLOCK)]
    spec.says(verdict=Verdict(GATE, (THREAT,)))
    assert spec.event(CaseOpened)
    assert spec.event(MessageFlagged).author == BY_CONSUMER


def test_what_is_flagged_is_said_and_counted() -> None:
    spec = says(at_work(), THREAT)
    assert spec.event(MessagePosted).masks == ()
    flagged = spec.event(MessageFlagged)
    assert (flagged.hits, flagged.rules) == ((THREAT,), ("default/gate/threat",))
    assert (flagged.gate, flagged.author) == (GATE, BY_SHOP)
    assert spec.state.flags == 1
    assert spec.replayed() == spec.state


@pytest.mark.parametrize(
    ("actor", "blocked"), [(BY_SHOP, True), (Actor(Role.ADMIN), False), (SYSTEM, False)]
)
def test_an_admin_and_the_system_speak_for_the_platform(actor: Actor, blocked: bool) -> None:
    agent = SHOP_AGENT if actor is BY_SHOP else None
    spec = at_work().when(
        about(PostMessage, agent=agent, audience=Audience.CONSUMER, **found(PHONE)), by=actor
    )
    assert isinstance(spec.answer, Refusal) is blocked


def test_between_desks_a_number_is_masked() -> None:
    for audience in (Audience.DESKS, Audience.INTERNAL):
        assert says(at_work(), PHONE, audience=audience).event(MessagePosted).masks == (PHONE,)
    spec = at_work().does(ReferCase, desk=PLATFORM, mode=ReferralMode.STAY, **found(PHONE))
    assert spec.event(MessagePosted).masks == (PHONE,)
    line = at_work().does(ReturnToQueue, **found(PHONE))
    assert line.event(MessagePosted).masks == (PHONE,)


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (PostMessage, {"audience": Audience.CONSUMER}),
        (AskConsumer, {}),
        (ReferCase, {"desk": PLATFORM, "mode": ReferralMode.STAY}),
        (ReturnToQueue, {}),
    ],
)
def test_everything_that_says_something_passes_the_gate(kind: Any, details: Any) -> None:
    spec = at_work()
    spec.known.known = [ruled(phone=BLOCK)]
    spec.does(kind, **details, **found(PHONE)).then_refused("message_blocked")


def test_whoever_may_not_speak_is_not_told_what_was_found() -> None:
    stranger = Actor(Role.AGENT, CONSUMER)
    command = about(PostMessage, agent=CONSUMER, audience=Audience.CONSUMER, **found(PHONE))
    at_work().when(command, by=stranger).then_refused("not_allowed")
    talk().when(contact(verdict=Verdict(GATE, (PHONE,))), by=BY_SHOP).then_refused("not_allowed")


def review(seen: int, agent: Any = PLATFORM_AGENT) -> ReviewFlags:
    return ReviewFlags(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        seen=seen,
        outcome=ReviewOutcome.CLEARED,
        agent=agent,
    )


def test_a_review_takes_what_was_seen_and_nothing_that_came_meanwhile() -> None:
    spec = says(says(at_work(), THREAT), THREAT)
    spec.when(review(1), by=BY_PLATFORM).then_refused("flags_changed")
    spec.when(review(2), by=BY_PLATFORM).then(
        FlagsReviewed(at=spec.now, by=BY_PLATFORM, count=2, outcome=ReviewOutcome.CLEARED)
    )
    assert spec.state.flags == 0
    spec.when(review(2), by=BY_PLATFORM).then_refused("flags_changed")


@pytest.mark.parametrize("actor", [BY_SHOP, BY_CONSUMER, Actor(Role.MARKETPLACE)])
def test_only_the_platforms_people_review(actor: Actor) -> None:
    says(at_work(), THREAT).when(review(1, actor.id), by=actor).then_refused("not_allowed")


def test_nobody_reviews_anothers_conversation() -> None:
    command = changed(review(1), consumer=SHOP_AGENT)
    says(at_work(), THREAT).when(command, by=BY_PLATFORM).then_refused("conversation_unknown")


FILE = derived_id("test", "file")


def attached(by: Actor, **changes: Any) -> tuple[AttachmentSeen, ...]:
    return (changed(AttachmentSeen(FILE, CONVERSATION, by, code=False, ready=True), **changes),)


def test_a_picture_says_something_without_words() -> None:
    spec = talk().says(length=0, attachments=attached(BY_CONSUMER))
    assert spec.event(MessagePosted).attachments == (FILE,)
    talk().says(length=0).then_refused("message_empty")


@pytest.mark.parametrize(
    "changes",
    [
        {"ready": False},
        {"conversation": FILE},
        {"uploader": BY_PLATFORM},
        {"uploader": Actor(Role.CONSUMER, SHOP_AGENT)},
    ],
)
def test_only_own_files_that_are_there_go_with_a_message(changes: Any) -> None:
    talk().says(attachments=attached(BY_CONSUMER, **changes)).then_refused("attachment_unknown")
    files = attached(BY_SHOP, **changes)
    said = at_work().does(PostMessage, audience=Audience.CONSUMER, attachments=files, **TEXTED)
    said.then_refused("attachment_unknown")


def test_what_is_sent_on_to_another_part_takes_its_files_along() -> None:
    for part in (0, 2):
        other = conversation_id(consumer=CONSUMER, subject=changed(ORDER_PART, part=part))
        files = attached(BY_CONSUMER, conversation=other)
        assert talk().says(attachments=files).event(MessagePosted).attachments == (FILE,)
        files = attached(BY_SHOP, conversation=other)
        said = at_work().does(PostMessage, audience=Audience.CONSUMER, attachments=files, **TEXTED)
        said.then_refused("attachment_unknown")


def test_files_about_an_order_that_is_not_named_are_refused_as_words_are() -> None:
    said = talk().says(subject=Subject(SubjectKind.ORDER), attachments=attached(BY_CONSUMER))
    said.then_refused("subject_incomplete")


def test_a_message_has_so_many_files_each_once() -> None:
    twice = attached(BY_CONSUMER) * 2
    talk().says(attachments=twice).then_refused("attachment_unknown")
    many = tuple(changed(twice[0], id=derived_id("test", str(n))) for n in range(10))
    talk().says(attachments=many).then_refused("attachments_too_many")
    assert len(talk().says(attachments=many[:9]).event(MessagePosted).attachments) == 9


@pytest.mark.parametrize("speaker", Speaker)
def test_each_speaker_has_an_own_outcome(speaker: Speaker) -> None:
    outcomes = dict.fromkeys(Speaker, PASS) | {speaker: MASK}
    own = GateRule("x", HitKind.LINK, **{one.value: outcome for one, outcome in outcomes.items()})
    assert [one for one in Speaker if own.outcome(one) is MASK] == [speaker]
    assert GateRules(rules={HitKind.LINK: own}).rule(HitKind.LINK) is own
