"""Every code that reaches a page of the staff's has words there; that each has both languages, the
compiler checks.

Codes are values of the domain's enums, names of events, and what the packs that come with the
program name. What other packs name is shown as it is written.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.conversations.messages import (
    CaseStatus,
    Channel,
    ClosingReason,
    ConversationEvent,
    Notice,
    Surface,
)
from oncedesk.domain.orders.messages import Basis, Breach, OrderEvent, PromiseKind
from oncedesk.domain.orders.state import Verdict
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyRequested
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import LegStatus, Payer, RefundStatus, RemedyKind, Speed, Status
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.rules.loading import PACKS_FOLDER
from oncedesk.storage.views.inbox import OTHER_SKILL, REFERRAL_SKILL
from oncedesk.wiring import DECIDERS
from tests.support.samples import recorded_types

ROOT = Path(__file__).resolve().parents[2]
STAFF = ROOT / "web" / "src" / "staff"
DOMAIN = ROOT / "src" / "oncedesk" / "domain"
WORD = re.compile(r"^  (\w+): \{", re.MULTILINE)
DESK = STAFF / "desk" / "codes.ts"
HOME = STAFF / "home" / "codes.ts"
THREAD = STAFF / "desk" / "case" / "toldWords.ts"
PROBLEMS = (STAFF / "problemWords.ts", ROOT / "web" / "src" / "shared" / "problemWords.ts")
STORY = STAFF / "admin" / "story" / "vocabulary.ts"
CALENDARS = STAFF / "admin" / "calendars" / "names.ts"
BEHIND_PAGES = ("agents", "budgets", "conversations", "desks", "remedies", "rulebook")
"""Where the commands are decided that pages send; others come from the marketplace alone."""
NOT_FROM_PAGES = frozenset(
    [
        "agency_unknown",
        "amount_not_in_part",
        "automatic_reply",
        "case_in_part",
        "charge_settled",
        "charge_unknown",
        "conversation_missing",
        "creator_unknown",
        "desk_differs",
        "listing_unknown",
        "outside_differs",
        "outside_too_many",
        "payment_unknown",
        "payout_empty",
        "payout_exceeds_escrow",
        "presale_price_differs",
        "price_not_protected",
        "prices_too_many",
        "rating_unfit",
        "subject_incomplete",
        "time_implausible",
        "time_in_future",
    ]
)
"""What only the marketplace's back end can be told, or what the pages see to themselves."""
OUTSIDE = (Channel.REGULATOR, Channel.PHONE, Channel.CHARGEBACK)


def worded(file: Path) -> frozenset[str]:
    return frozenset(WORD.findall(file.read_text(encoding="utf-8")))


def in_packs(table: str, key: str) -> Iterator[str]:
    """What the packs call their rows of this table."""
    for file in sorted(PACKS_FOLDER.glob("*/*.toml")):
        text = file.read_text(encoding="utf-8")
        for row in re.findall(rf"^\[\[{table}\]\]\n((?:(?!^\[).*\n?)*)", text, re.MULTILINE):
            yield from re.findall(rf'^{key} = "(\w+)"$', row, re.MULTILINE)


def made_in_domain() -> Iterator[tuple[str, Mapping[str | None, ast.expr]]]:
    """Whatever is made by name somewhere, with its fields."""
    for file in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id, {one.arg: one.value for one in node.keywords}


def moving_money() -> Iterator[str]:
    """The events that are made with transfers somewhere."""
    events = {one.__name__ for decider in DECIDERS for one in recorded_types(decider)}
    yield from (
        name for name, fields in made_in_domain() if name in events and "transfers" in fields
    )


def owed_without_being_asked_for() -> Iterator[str]:
    """The reasons of remedies that no consumer chose."""
    for name, fields in made_in_domain():
        if name == RemedyRequested.__name__ and isinstance(fields["reason"], ast.Constant):
            yield str(fields["reason"].value)


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("issues", in_packs("issue", "issue")),
        ("skills", (*in_packs("skill", "skill"), OTHER_SKILL, REFERRAL_SKILL)),
        ("reasons", in_packs("reason", "reason")),
        ("reasons of their own", (*owed_without_being_asked_for(), *Breach)),
        ("how a case stands", (*CaseStatus, REFERRAL_SKILL)),
        ("why a case was closed", ClosingReason),
        ("where they came from", (*Surface, *OUTSIDE)),
        ("whose desk", DeskKind),
        ("presence", Presence),
        ("what makes good", RemedyKind),
        ("how far it is", (*Status, *RefundStatus, *LegStatus)),
        ("who bears it", Payer),
        ("how money leaves", Speed),
        ("what has to happen", StepKind),
        ("promises", (*Basis, *PromiseKind, *Verdict)),
        ("parcels", TrackingStatus),
    ],
)
def test_the_desk_has_words_for(what: str, codes: Iterable[str]) -> None:
    found = set(codes)
    assert found, what
    assert sorted(found - worded(DESK)) == [], what


def refusals() -> Iterator[str]:
    for package in BEHIND_PAGES:
        for file in sorted((DOMAIN / package).rglob("*.py")):
            yield from re.findall(r'Refusal\(\s*"(\w+)"', file.read_text(encoding="utf-8"))


def test_the_staff_has_words_for_every_no_that_it_can_meet() -> None:
    found = set(refusals())
    assert found > NOT_FROM_PAGES
    known = frozenset[str]().union(*map(worded, PROBLEMS))
    assert sorted(found - known - NOT_FROM_PAGES) == []


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("what moved money", moving_money()),
        ("accounts", Account),
        ("decisions", in_packs("issue", "decision")),
    ],
)
def test_home_and_statement_have_words_for(what: str, codes: Iterable[str]) -> None:
    found = set(codes)
    assert found, what
    assert sorted(found - worded(DESK) - worded(HOME)) == [], what


def test_thread_and_story_say_what_the_consumer_was_told() -> None:
    assert sorted({f"notice_{notice}" for notice in Notice} - worded(THREAD)) == []
    assert sorted(set(Notice) - worded(STORY)) == []


def enums_in(type_: Any) -> Iterator[type[StrEnum]]:
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        yield type_
    for part in get_args(type_):
        yield from enums_in(part)


def test_the_story_has_words_for_every_code_that_a_sentence_says() -> None:
    unions = (ConversationEvent, OrderEvent, RemedyEvent)
    events = {event.__name__: event for union in unions for event in get_args(union)}
    known = worded(STORY) | worded(DESK)
    missing, looked_at = [], 0
    for file in sorted(STORY.parent.glob("*Sentences.ts")):
        _, *told = re.split(r"^  (\w+): \{", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name, sentence in zip(told[::2], told[1::2], strict=True):
            hints = get_type_hints(events[name]) if name in events else {}
            for field in set(re.findall(r'of\.code\("(\w+)"\)', sentence)) & hints.keys():
                codes = {code.value for enum in enums_in(hints[field]) for code in enum}
                looked_at += len(codes)
                missing += [(name, field, code) for code in sorted(codes - known)]
    assert looked_at
    assert missing == []


def test_calendars_have_names() -> None:
    found = {*in_packs("calendar", "name")}
    assert found
    assert sorted(found - worded(CALENDARS)) == []
