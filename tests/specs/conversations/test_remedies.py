"""What becomes of a case's remedies: told once as news, and the recontact window waits for them."""

from datetime import timedelta
from typing import Any

from oncedesk.domain.conversations.messages import (
    CaseClosed,
    ClockMoved,
    ConsumerTold,
    MergeCases,
    NoteRemedy,
    Notice,
    RemedyNoted,
    Side,
)
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    STRANGER,
    Talk,
    at_work,
    opened,
    talk,
)

WINDOW = timedelta(days=7)


def noted(spec: Talk, **details: Any) -> Talk:
    """Something became of the case's first remedy, just now."""
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "conversation": CONVERSATION,
        "case": 1,
        "remedy": 1,
        "happened_at": spec.now,
    }
    return spec.when(NoteRemedy(**{**given, **details}), by=SYSTEM)


def window(spec: Talk) -> Any:
    return spec.clock(ClockKind.RECONTACT, Side.CONSUMER).due_at


def test_what_became_of_a_remedy_is_told_with_amount_and_term() -> None:
    spec = opened()
    until = spec.now + timedelta(days=2)
    noted(
        spec,
        notice=Notice.REMEDY_GRANTED,
        amount_minor=990,
        currency="CNY",
        method="card",
        until=until,
        runs=True,
    ).then_only(RemedyNoted, ConsumerTold)
    told = spec.event(ConsumerTold)
    assert (told.notice, told.remedy, told.until) == (Notice.REMEDY_GRANTED, 1, until)
    assert (told.amount_minor, told.currency, told.method) == (990, "CNY", "card")
    assert spec.case().remedies == (1,)


def test_only_the_system_notes_it_and_never_for_another_consumer() -> None:
    for actor in (BY_CONSUMER, BY_SHOP):
        spec = opened()
        command = NoteRemedy(
            consumer=CONSUMER,
            conversation=CONVERSATION,
            case=1,
            remedy=1,
            happened_at=spec.now,
            notice=Notice.REMEDY_GRANTED,
        )
        spec.when(command, by=actor).then_refused("not_allowed")
    noted(opened(), consumer=STRANGER, notice=Notice.REMEDY_GRANTED).then()


def test_where_there_is_no_conversation_or_case_nothing_is_told_and_nothing_refused() -> None:
    noted(talk(), notice=Notice.REFUND_SENT).then()
    spec = at_work().resolved()
    noted(spec, case=0, notice=Notice.REFUND_SENT).then()


def test_without_a_case_it_is_told_in_the_open_one() -> None:
    spec = noted(opened(), case=0, notice=Notice.REFUND_SENT, amount_minor=5)
    assert spec.event(ConsumerTold).case == 1
    assert spec.case().remedies == ()


def test_what_happened_long_ago_is_no_news_but_known() -> None:
    spec = opened()
    long_ago = spec.now - timedelta(days=2)
    noted(spec, happened_at=long_ago, notice=Notice.REMEDY_GRANTED, runs=True)
    spec.then_only(RemedyNoted)


def test_the_same_twice_changes_nothing_known() -> None:
    spec = noted(opened(), runs=True)
    noted(spec, runs=True).then()
    noted(spec, runs=False).then_only(RemedyNoted)
    noted(spec, runs=False).then()


def test_the_window_begins_when_the_last_remedy_has_settled() -> None:
    spec = noted(noted(at_work(), runs=True), remedy=2, runs=True).resolved()
    first = window(spec)
    spec.at(spec.now + timedelta(days=1))
    noted(spec, runs=False).then_only(RemedyNoted)
    assert window(spec) == first, "another still runs"
    spec.at(spec.now + timedelta(days=2))
    noted(spec, remedy=2, notice=Notice.REFUND_SENT, runs=False)
    spec.then_only(RemedyNoted, ClockMoved, ConsumerTold)
    assert window(spec) == spec.now + WINDOW


def test_a_case_does_not_close_while_a_remedy_runs() -> None:
    spec = noted(at_work(), runs=True).resolved()
    spec.wake_when_due().then_only(ClockMoved)
    assert window(spec) == spec.now + WINDOW, "a clock always runs"
    noted(spec, runs=False).then_only(RemedyNoted)
    spec.wake_when_due().then_only(CaseClosed)


def test_old_news_of_a_settled_remedy_moves_nothing() -> None:
    spec = noted(at_work(), runs=True).resolved()
    before = window(spec)
    noted(spec, happened_at=spec.now - timedelta(days=3), runs=False).then_only(RemedyNoted)
    assert window(spec) == before


def test_a_case_has_no_more_remedies_than_it_can_hold() -> None:
    spec = opened()
    for number in range(1, 12):
        noted(spec, remedy=number, runs=True)
    assert spec.case().remedies == tuple(range(1, 9))


def test_a_merged_case_takes_its_remedies_along() -> None:
    spec = at_work().says(issue="account", fresh=True)
    noted(spec, case=2, runs=True)
    spec.assigned(case=2).does(MergeCases, case=2, into=1)
    assert spec.case(1).remedies == (1,)
    noted(spec, case=2, notice=Notice.REFUND_SENT, runs=False)
    assert spec.event(ConsumerTold).case == 1
    assert spec.case(1).remedies == ()


def test_of_another_order_it_is_told_in_its_own_case_though_it_has_the_same_number() -> None:
    spec = noted(opened(), case=1, runs=True).says(issue="account", fresh=True)
    noted(spec, case=2, notice=Notice.REMEDY_ASKED, runs=True)
    assert (spec.event(RemedyNoted).case, spec.event(ConsumerTold).case) == (2, 2)
    noted(spec, case=2, notice=Notice.REMEDY_REFUSED, runs=False)
    assert (spec.case(1).remedies, spec.case(2).remedies) == ((1,), ())


def test_what_was_refused_after_its_case_was_merged_is_told_though_no_case_is_open() -> None:
    spec = at_work().says(issue="account", fresh=True)
    noted(spec, case=2, runs=True)
    spec.assigned(case=2).does(MergeCases, case=2, into=1)
    noted(spec, case=2, notice=Notice.REMEDY_REFUSED, runs=False).resolved()
    noted(spec, case=2, runs=True).then_only(RemedyNoted)  # It is disputed.
    assert spec.case(1).remedies == (1,)
    noted(spec, case=2, notice=Notice.REMEDY_GRANTED, runs=True).then_only(ConsumerTold)
    assert spec.event(ConsumerTold).case == 1


def closed(spec: Talk) -> Talk:
    """Its only case was resolved, and nobody came back within the window."""
    spec.resolved().wake_when_due()
    assert spec.state.cases == ()
    return spec


def test_news_of_a_remedy_whose_case_is_closed_is_told_in_it() -> None:
    spec = closed(at_work(language="en")).order(language="en")
    noted(spec, notice=Notice.REFUND_SENT, amount_minor=990, currency="CNY", runs=False)
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1,
        at=spec.now,
        notice=Notice.REFUND_SENT,
        amount_minor=990,
        currency="CNY",
        remedy=1,
        language="en",
    )
    noted(spec, notice=Notice.REFUND_SENT, case=0).then_nothing()
    noted(spec, notice=Notice.REFUND_SENT, case=2).then_nothing()
    noted(spec, runs=True).then_nothing()
