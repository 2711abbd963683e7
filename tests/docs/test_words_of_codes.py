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

from oncedesk.domain.accounts.messages import AccountEvent, RecoveryFailure
from oncedesk.domain.agents.messages import AgentEvent, AuthorityLimit, Presence
from oncedesk.domain.budgets.messages import BudgetEvent
from oncedesk.domain.conversations.attribution import Owner, platform_owner
from oncedesk.domain.conversations.messages import (
    REFINED,
    CaseStatus,
    Channel,
    ClosingReason,
    ConversationEvent,
    Notice,
    Surface,
)
from oncedesk.domain.desks.messages import DeskEvent
from oncedesk.domain.listings.messages import ListingDescribed
from oncedesk.domain.orders.messages import Basis, Breach, OrderEvent, PromiseKind
from oncedesk.domain.orders.state import Verdict
from oncedesk.domain.parties.messages import PartyEvent
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyRequested
from oncedesk.domain.remedies.messages.disputing import OFFER_UNANSWERED
from oncedesk.domain.remedies.messages.refunding import RefundFailure
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import LegStatus, Payer, RefundStatus, RemedyKind, Speed, Status
from oncedesk.domain.rulebook.messages import RulebookEvent
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.domain.wallets.messages import WalletEvent
from oncedesk.http.auth.passwords import LENGTH_MAX, LENGTH_MIN
from oncedesk.http.problems import STATUS
from oncedesk.rules.loading import PACKS_FOLDER
from oncedesk.storage.views.inbox import OTHER_SKILL, REFERRAL_SKILL
from oncedesk.wiring import DECIDERS
from tests.support.samples import recorded_types

ROOT = Path(__file__).resolve().parents[2]
STAFF = ROOT / "web" / "src" / "staff"
DOMAIN = ROOT / "src" / "oncedesk" / "domain"
CHINESE = re.compile(r'^  (\w+): \{ zh: "(.+?)"', re.MULTILINE)
WORD = re.compile(r"^  (\w+): \{", re.MULTILINE)
DESK = STAFF / "desk" / "codes.ts"
HOME = STAFF / "home" / "codes.ts"
THREAD = STAFF / "desk" / "case" / "toldWords.ts"
STORY = STAFF / "admin" / "story" / "vocabulary.ts"
PROBLEMS = ROOT / "web" / "src" / "shared" / "problemWords.ts"
STAFFS_PROBLEMS = STAFF / "shell" / "problemWords.ts"
PREVIEW = ROOT / "web" / "src" / "help" / "wish" / "WhatComes.tsx"
CALENDARS = STAFF / "admin" / "calendars" / "names.ts"
# Refusals of what only the marketplace's machines ask for, or of requests that no page makes.
OF_MACHINES = """
agency_unknown amendment_in_past amendment_unclear amount_differs amount_negative amount_too_large
automatic_reply balance_left balance_not_stored body_invalid body_too_deep cancel_before_order
charge_unknown command_invalid command_too_large consent_before_order consent_missing
consent_superseded credentials_invalid csrf_failed currency_unknown cursor_invalid
discount_exceeds_price estimate_before_order handover_unknown headers_too_large holder_differs
idempotency_key_missing if_match_invalid
items_too_many key_invalid limits_reversed management_overlaps managements_too_many
media_type_unsupported method_differs methods_too_many milestones_only not_a_consumer
not_a_creator not_a_merchant order_differs origin_foreign outside_differs outside_too_many
owner_wrong parameter_invalid part_shipped parts_missing parts_too_many payment_unknown
payments_too_many payout_differs payout_empty payouts_too_many place_stays place_twice
presale_not_offered presale_over
presale_paid presale_too_far presale_unknown presale_unpaid presale_window price_above_shown
promise_before_order promise_before_payment promise_settled promise_unknown promises_conflict
quantity_not_positive range_unsatisfiable refund_failed refund_replaced refund_unknown
relief_too_late relief_unpublished seal_differs shipment_differs shipment_unknown
shipments_too_many text_invalid time_implausible window_in_past consent_used
"""
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


def paid_by() -> Iterator[str]:
    """The ways to pay that have names on the help page."""
    named = re.search(
        r"^const METHODS = \[(.+)\]", PREVIEW.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert named
    yield from re.findall(r'"(\w+)"', named[1])


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
        ("what a rule decides", in_packs("issue", "decision")),
        ("where they came from", (*Surface, *OUTSIDE)),
        ("whose desk", DeskKind),
        ("presence", Presence),
        ("what makes good", RemedyKind),
        ("how far it is", (*Status, *RefundStatus, *LegStatus)),
        ("who bears it", Payer),
        ("ways to pay", (*in_packs("compensation", "method"), *paid_by())),
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


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("what moved money", moving_money()),
        ("accounts", Account),
    ],
)
def test_home_and_statement_have_words_for(what: str, codes: Iterable[str]) -> None:
    found = set(codes)
    assert found, what
    assert sorted(found - worded(DESK) - worded(HOME)) == [], what


def owners_because() -> Iterator[str]:
    """Why this desk owns a case."""
    for name, fields in made_in_domain():
        reason = fields.get("reason")
        if name in (Owner.__name__, platform_owner.__name__) and isinstance(reason, ast.Constant):
            yield str(reason.value)


def chosen_in(page: str) -> Iterator[str]:
    """The reasons among which somebody at a desk chooses."""
    text = (DESK.parent / page).read_text(encoding="utf-8")
    named = re.search(r"^const REASONS = \[(.+)\]", text, re.MULTILINE)
    assert named
    yield from re.findall(r'"(\w+)"', named[1])


def test_thread_and_story_say_what_the_consumer_was_told() -> None:
    assert sorted({f"notice_{notice}" for notice in Notice} - worded(THREAD)) == []
    assert sorted(set(Notice) - worded(STORY)) == []


def enums_in(type_: Any) -> Iterator[type[StrEnum]]:
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        yield type_
    for part in get_args(type_):
        yield from enums_in(part)


CASES = (ConversationEvent, OrderEvent, RemedyEvent)
FUNDS = (AccountEvent, WalletEvent, BudgetEvent, ListingDescribed)
STAFFS = (AgentEvent, DeskEvent, PartyEvent, RulebookEvent)


def test_the_story_has_a_sentence_for_all_that_happens() -> None:
    told = {name for file in STORY.parent.glob("*Sentences.ts") for name in worded(file)}
    unions = (*CASES, *FUNDS, *STAFFS)
    assert told == {event.__name__ for union in unions for event in get_args(union) or (union,)}


def test_the_story_has_words_for_every_code_that_a_sentence_says() -> None:
    events = {
        event.__name__: event for union in (*CASES, *FUNDS, *STAFFS) for event in get_args(union)
    }
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


SAID_AS_TEXT: Mapping[tuple[str, str], Iterable[str]] = {
    ("Attributed", "owner_reasons"): owners_because(),
    ("SecondPersonAsked", "limit"): AuthorityLimit,
    ("Transferred", "reason"): (
        REFINED,
        "attribution_corrected",
        *chosen_in("finish/Transfer.tsx"),
    ),
    ("DisputeOpened", "reason"): ("not_agreed", OFFER_UNANSWERED),
    ("ObjectionMade", "reason"): ("not_agreed",),
    ("RefundFailed", "reason"): RefundFailure,
    ("RecoveryVoided", "reason"): RecoveryFailure,
    ("RefundInstead", "reason"): ("no_return_place", "goods_not_sent", "goods_lost"),
    ("RemedyRefused", "reason"): ("return_lost",),
}
"""What the service and our own pages write into fields of events that take any code."""


def test_the_story_has_words_for_codes_that_any_may_be_written_beside() -> None:
    sentences = "".join(
        file.read_text(encoding="utf-8") for file in STORY.parent.glob("*Sentences.ts")
    )
    known = worded(STORY) | worded(DESK)
    for (event, field), codes in SAID_AS_TEXT.items():
        told = re.search(rf"^  {event}: {{(.+?)^  }}", sentences, re.MULTILINE | re.DOTALL)
        assert told, event
        assert f'of.code("{field}")' in told[1], event
        found = set(codes)
        assert found, event
        assert sorted(found - known) == [], event


OF_TWO_IDEAS = {TrackingStatus.REFUSED, PromiseKind.DELIVERY}
"""A wish can be refused, too, and delivering is also what somebody can do."""


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("issues", in_packs("issue", "issue")),
        ("parcels", TrackingStatus),
        ("promises", PromiseKind),
        ("who bears it", Payer),
    ],
)
def test_the_story_and_the_desk_call_it_the_same_in_chinese(
    what: str, codes: Iterable[str]
) -> None:
    told, shown = (dict(CHINESE.findall(one.read_text(encoding="utf-8"))) for one in (STORY, DESK))
    both = set(codes) & told.keys() & shown.keys() - OF_TWO_IDEAS
    assert both, what
    assert {code: (told[code], shown[code]) for code in both if told[code] != shown[code]} == {}


ONE_WORD = {
    "回电": "回拨",
    "回调地址": "接收端",
    "复联": "再联系",
    "争议": "纠纷",
    "保障基金": "保障金",
    "裁决": "裁定",
    "班组长": "主管",
    "商城系统": "平台系统",
    "询问": "转派",
    "达人": "主播",
    "第二人": "第二个人",
    "没有这个豁免期": "这项顺延",
}
"""What is said in Chinese, and what was said for it beside."""


@pytest.mark.parametrize("said", ONE_WORD)
def test_one_idea_has_one_chinese_word(said: str) -> None:
    pages = "".join(
        file.read_text(encoding="utf-8") for file in sorted((ROOT / "web" / "src").rglob("*.ts"))
    )
    assert said in pages
    assert ONE_WORD[said] not in pages


def test_calendars_have_names() -> None:
    found = {*in_packs("calendar", "name")}
    assert found
    assert sorted(found - worded(CALENDARS)) == []


def test_every_refusal_that_a_page_may_show_has_words() -> None:
    """Nobody who reads Chinese is told in English, or in a code, why something was not done."""
    passing = {code for code, status in STATUS.items() if status == 429 or status >= 500}
    known = worded(PROBLEMS) | worded(STAFFS_PROBLEMS)
    of_machines = set(OF_MACHINES.split())
    assert sorted(STATUS.keys() - passing - known - of_machines) == []
    assert sorted(of_machines & known) == []
    assert sorted(of_machines - STATUS.keys()) == []


def test_a_weak_password_is_told_how_long_it_has_to_be() -> None:
    text = STAFFS_PROBLEMS.read_text(encoding="utf-8").partition("password_weak: {")[2]
    assert re.findall(r"[0-9]+", text.partition("}")[0]) == [str(LENGTH_MIN), str(LENGTH_MAX)] * 2
