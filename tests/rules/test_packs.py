"""What the packs that come with the program say, and that stored packs stay what they were."""

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.clocks import start
from oncedesk.domain.conversations.messages import Side
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import PriceProtectionRule
from oncedesk.domain.shared.rulepack import ClockKind, Expiry, Pack
from oncedesk.rules.loading import (
    PACKS_FOLDER,
    builtin_markets,
    first_markets,
    load_builtin,
    load_folder,
)
from oncedesk.rules.storing import (
    PackBytesInvalid,
    pack_from_bytes,
    pack_hash,
    pack_to_bytes,
    seal,
)
from oncedesk.rules.tables import VALUE_ROWS

DAY = date(2026, 11, 30)
GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)
NIGHT = datetime(2026, 11, 30, 13, 30, tzinfo=UTC)
SHOP = UUID(int=0x5)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ISSUES = {
    "refund", "return", "exchange", "quality", "missing_part", "wrong_item", "order_question",
    "late_shipping", "late_delivery", "wrong_handover", "no_movement", "fake_tracking",
    "not_coming", "courier", "presale",
    "price", "offer", "conduct", "content", "advice", "account", "second_complaint", "regulator",
    "safety", "dispute", "remedy_review", "other",
}  # fmt: skip


@pytest.fixture(scope="module", params=["cn", "eu"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_builtin(request.param).pack(DAY)


@pytest.fixture(scope="module")
def cn() -> Pack:
    return load_builtin("cn").pack(DAY)


def test_there_are_three_markets() -> None:
    assert builtin_markets() == ("cn", "eu", "tau_retail")
    # What is no market of ours holds nowhere until somebody publishes it.
    assert first_markets() == ("cn", "eu")


def test_knows_every_issue_and_twelve_skills(pack: Pack) -> None:
    assert set(pack.issues) == ISSUES
    assert len(pack.skills) == 12
    assert {rule.skill for rule in pack.issues.values()} == set(pack.skills)
    assert pack.issue("never heard of") == pack.issues["other"]


def test_regulator_and_safety_come_first_then_second_complaints(pack: Pack) -> None:
    by_priority = {rule.issue: rule.priority for rule in pack.issues.values()}
    assert {issue for issue, priority in by_priority.items() if priority == 0} == {
        "regulator",
        "safety",
    }
    assert {issue for issue, priority in by_priority.items() if priority == 1} == {
        "second_complaint",
        "dispute",
    }


def test_every_case_has_its_clocks_at_every_desk(pack: Pack) -> None:
    for issue in (*ISSUES, "never heard of"):
        for desk in (None, *DeskKind):
            for clock in (
                ClockKind.FIRST_RESPONSE,
                ClockKind.NEXT_RESPONSE,
                ClockKind.RESOLUTION,
            ):
                rule = pack.clock(issue=issue, desk=desk, clock=clock)
                assert rule is not None
                assert rule.desk is desk
                assert rule.calendar in pack.calendars
                if rule.on_expiry is Expiry.DECIDE:
                    assert pack.issue(issue).decision


@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
def test_nobody_is_answered_later_because_it_was_not_solved(pack: Pack, now: datetime) -> None:
    for issue, kind, clock in product(sorted(ISSUES), (None, *DeskKind), ClockKind):
        desk = None if kind is None else Desk(kind, None if kind is DeskKind.PLATFORM else SHOP)
        side = Side.CONSUMER if desk is None else Side.DESK
        first, again = (
            start(
                number=1,
                issue=issue,
                repeat=repeat,
                pack=pack,
                kind=clock,
                side=side,
                desk=desk,
                now=now,
            )
            for repeat in (False, True)
        )
        for usual, new in zip(first, again, strict=True):
            assert new.due_at <= usual.due_at, f"{issue}/{kind}/{clock}"


def test_every_value_has_its_source(pack: Pack) -> None:
    assert all(rule.id in pack.provenance for rule in pack.issues.values())
    assert all(rule.id in pack.provenance for rule in pack.clocks.values())
    for name in pack.calendars:
        assert any(id_.startswith(f"{pack.market}/calendar/{name}@") for id_ in pack.provenance)
    assert all(len(one.source) >= 8 and one.since <= DAY for one in pack.provenance.values())


@pytest.mark.parametrize(
    ("issue", "hours"),
    [("refund", 2), ("order_question", 2), ("second_complaint", 2), ("exchange", 12),
     ("quality", 12), ("courier", 24)],
)  # fmt: skip
def test_first_answers_in_cn_are_counted_from_nine_to_nine(
    cn: Pack, issue: str, hours: int
) -> None:
    rule = cn.clock(issue=issue, desk=DeskKind.MERCHANT, clock=ClockKind.FIRST_RESPONSE)
    assert rule is not None
    assert rule.seconds == hours * 3600
    calendar = cn.calendars[rule.calendar]
    evening = datetime(2026, 10, 1, 20, 30, tzinfo=SHANGHAI)
    if hours == 2:
        due = datetime(2026, 10, 2, 10, 30, tzinfo=SHANGHAI)
    else:
        due = datetime(2026, 10, 1 + hours // 12, 20, 30, tzinfo=SHANGHAI)
    assert calendar.add(evening, rule.seconds) == due


def test_a_silent_merchant_in_cn(cn: Pack) -> None:
    for issue, clock, seconds, expiry in (
        ("presale", ClockKind.FIRST_RESPONSE, 86_400, Expiry.TAKE_OVER),
        ("refund", ClockKind.RESOLUTION, 86_400, Expiry.DECIDE),
        ("advice", ClockKind.FIRST_RESPONSE, 7_200, Expiry.REMIND),
    ):
        rule = cn.clock(issue=issue, desk=DeskKind.MERCHANT, clock=clock)
        assert rule is not None
        assert (rule.seconds, rule.on_expiry) == (seconds, expiry)


def test_values_of_cn(cn: Pack) -> None:
    assert (cn.joining.session_gap_seconds, cn.joining.recontact_window_seconds) == (1800, 604_800)
    assert (cn.asking.reply_seconds, cn.asking.reminders, cn.asking.pauses_max) == (172_800, 2, 2)
    assert cn.promises.ship_by_seconds == 48 * 3600
    assert cn.promises.locker_needs_consent
    assert (cn.notice.days, cn.notice.major_days) == (7, 15)
    assert load_builtin("cn").pack(date(2026, 1, 31)).notice.major_days == 7


def test_evidence_hours_follow_the_published_example(cn: Pack) -> None:
    calendar = cn.calendars["evidence_hours"]
    ten = datetime(2026, 3, 3, 10, tzinfo=SHANGHAI)
    assert calendar.add(ten, 4 * 3600) == ten.replace(hour=14)
    assert calendar.add(ten.replace(hour=14, minute=1), 4 * 3600) == ten.replace(
        day=4, hour=9, minute=1
    )


def test_german_holidays_are_closed_in_eu() -> None:
    office = load_builtin("eu").pack(DAY).calendars["office_hours"]
    assert not office.is_open(datetime(2026, 12, 25, 10, tzinfo=UTC))
    assert office.is_open(datetime(2026, 12, 24, 10, tzinfo=UTC))


def test_a_pack_is_named_by_its_bytes(pack: Pack) -> None:
    content = pack_to_bytes(pack)
    assert pack.hash == pack_hash(content)
    assert pack_from_bytes(content) == pack
    assert seal(pack) == pack
    other = msgspec.structs.replace(pack, language="xx")
    assert seal(other).hash != pack.hash


def test_files_and_the_order_of_rows_do_not_change_the_hash(tmp_path: Path, cn: Pack) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PACKS_FOLDER / "cn").glob("*.toml")]
    head = next(text for text in texts if "[pack]" in text)
    rows = [f"[[{row}" for text in texts if text != head for row in text.split("\n[[")[1:]]
    (tmp_path / "all.toml").write_text("\n".join((head, *reversed(rows))), encoding="utf-8")
    assert load_folder(tmp_path).pack(DAY).hash == cn.hash


def test_a_stored_pack_is_read_and_named_as_it_was() -> None:
    """If this fails, a field was removed, changed, or added without a default."""
    content = (GOLDEN / "pack-cn-2026.11.json").read_bytes().rstrip()
    found = pack_from_bytes(content)
    assert found.hash == "331219487eb3aae75501cf0891a14387"
    assert pack_to_bytes(found) == content


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"market": "cn"}', b"\xff\xfe"])
def test_refuses_bytes_that_are_no_pack(content: bytes) -> None:
    with pytest.raises(PackBytesInvalid):
        pack_from_bytes(content)


def test_the_keys_of_value_tables_are_the_fields_of_the_rules(cn: Pack) -> None:
    rules = (
        *(cn.joining, cn.asking, cn.surge, cn.promises, cn.notice, cn.reminding, cn.retention),
        *(cn.notifying, cn.reveal, cn.attachment, cn.rating, cn.remedies.settling),
        cn.remedies.risk,
        cn.remedies.journey,
        cn.remedies.dispute,
        cn.remedies.recovery,
    )
    for row, rule in zip(VALUE_ROWS, rules, strict=True):
        assert ("id", *row.group.__struct_fields__) == rule.__struct_fields__


def test_a_category_of_the_pack_has_its_presales_and_remedies_by_one_name() -> None:
    remedies = load_builtin("cn").pack(date(2026, 11, 26)).remedies
    for category in ("perishable", "perishable.fish"):
        presale = remedies.presale(category=category)
        assert presale is not None
        assert presale.days_max == 15
    protection = PriceProtectionRule("test", "perishable", 1, "merchant")
    protecting = replace(remedies, price_protections={"perishable": protection})
    assert protecting.price_protection(category="perishable.fish") == protection
    assert protecting.price_protection(category="toys") is None


@pytest.mark.parametrize(
    ("market", "kind", "reason", "category", "days", "hours"),
    [
        # 消费者权益保护法 art. 24: whatever is wrong with it, it can be sent back for seven days.
        ("cn", "return_and_refund", "damaged", "toys", 7, 0),
        ("cn", "return_and_refund", "quality", "toys", 15, 0),
        ("cn", "return_and_refund", "spoiled", "toys", 15, 0),
        # The apps' guarantees: 72 hours for what was damaged, 24 for fresh food.
        ("cn", "refund", "damaged", "toys", 0, 72),
        ("cn", "exchange", "damaged", "toys", 0, 72),
        ("cn", "refund", "spoiled", "toys", 0, 48),
        *(
            ("cn", kind, "damaged", "perishable.fish", 0, 24)
            for kind in ("return_and_refund", "refund", "exchange")
        ),
        *(
            ("cn", kind, "spoiled", "perishable.fish", 0, 24)
            for kind in ("return_and_refund", "refund")
        ),
        # Two years, one of which may have a leap day.
        ("eu", "return_and_refund", "damaged", "toys", 731, 0),
        ("eu", "repair", "quality", "toys", 731, 0),
        ("eu", "return_and_refund", "changed_mind", "toys", 14, 0),
    ],
)
def test_how_long_something_can_be_asked_for(
    market: str, kind: str, reason: str, category: str, days: int, hours: int
) -> None:
    rules = load_builtin(market).pack(DAY).remedies
    rule = rules.rule(kind=kind, reason=reason, stage="delivered", category=category)
    assert rule is not None
    assert (rule.within_days, rule.within_hours) == (days, hours)


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_the_price_is_back_in_the_days_of_the_law(market: str) -> None:
    rules = load_builtin(market).pack(DAY).remedies
    last_seconds = rules.inspection_seconds + rules.settling.refund_seconds
    assert last_seconds <= rules.journey.refund_days * 86_400
