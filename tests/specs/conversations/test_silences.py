"""Since when the consumer waits for a person's word: as the clock of the answer has it."""

from datetime import datetime

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    FollowUp,
    MergeCases,
    PostMessage,
)
from oncedesk.domain.conversations.silences import is_owed, spoken
from tests.specs.conversations.world import SHOP_COLLEAGUE, TEXTED, Talk, at_work
from tests.support.specs import START, after


def since(spec: Talk, case: int = 1) -> datetime | None:
    assert is_owed(spec.case(case))
    return spoken(spec.journal)[case].since


def test_waits_since_the_first_word_that_was_not_answered() -> None:
    spec = at_work().at(after(hours=1)).says().at(after(hours=2)).says()
    assert since(spec) == START
    spec.answered()
    assert not is_owed(spec.case())
    assert spoken(spec.journal)[1].answered_at == after(hours=2)
    spec.at(after(hours=3)).says().at(after(hours=4)).says()
    assert since(spec) == after(hours=3)


def test_what_runs_out_goes_on_to_be_waited_for() -> None:
    spec = at_work(issue="other").wake(after(hours=9))
    assert since(spec) == START


def test_no_program_answers() -> None:
    spec = at_work().at(after(hours=1))
    spec.does(PostMessage, audience=Audience.CONSUMER, automatic=True, **TEXTED)
    assert since(spec) == START
    assert spoken(spec.journal)[1].answered_at is None


def test_what_was_said_before_it_rested_makes_nobody_wait() -> None:
    """The thanks for an answer, then a question of ours; or days on which it was looked into."""
    spec = at_work().answered().at(after(hours=1)).says().does(AskConsumer, **TEXTED)
    spec.at(after(hours=20)).says()
    assert since(spec) == after(hours=20)
    spec.answered().does(FollowUp, at=after(days=1)).wake(after(days=1))
    assert since(spec) == after(days=1)


def test_what_was_said_before_it_was_over_makes_nobody_wait() -> None:
    spec = at_work().answered().at(after(hours=1)).says().resolved().at(after(days=2)).says()
    assert since(spec) == after(days=2)


def test_waits_on_in_the_case_into_which_it_was_merged() -> None:
    spec = at_work().at(after(hours=1)).says(fresh=True).assigned(case=2, agent=SHOP_COLLEAGUE)
    spec.answered(case=2, agent=SHOP_COLLEAGUE).at(after(hours=2)).does(MergeCases, case=1, into=2)
    assert since(spec, 2) == START
