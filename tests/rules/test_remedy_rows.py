"""Every error in a row about remedies is named: its file, its key, and what was expected there."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from oncedesk.rules.loading import PACKS_FOLDER, load_builtin, load_folder
from oncedesk.rules.problems import PackInvalid
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes

DAY = date(2026, 11, 30)
HEAD = 'source = "a source"\nfrom = 2024-01-01\nfirm = false\n'
ROW = (
    f'[[remedy]]\nkind = "repair"\nreason = "late"\nstage = "shipped"\ngranted_by = "rule"\n{HEAD}'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(PACKS_FOLDER / "cn", tmp_path / "cn"))


def errors_with(folder: Path, text: str) -> list[str]:
    (folder / "extra.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackInvalid) as invalid:
        load_folder(folder)
    return [str(error) for error in invalid.value.errors]


@pytest.mark.parametrize(
    ("more", "key", "expected"),
    [
        ("percent = 101", "percent", "expected int <= 100, got 101"),
        ("percent = 0", "percent", "expected int >= 1, got 0"),
        ('payer = "merchant:60 platform:50"', "payer", "shares that add up to 100, got 110"),
        ('payer = "merchant:50 merchant:50"', "payer", "different parties, each with a share"),
        ('payer = "consumer"', "payer", "expected one of merchant, creator, agency, carrier"),
        ('refusal = "never"', "refusal", "a reason code where nobody grants it, and only there"),
        ("answer_seconds = 3600", "warn_seconds", "expected less than `answer_seconds` (3600)"),
        ("answer_seconds = 0", "answer_seconds", "expected int >= 1, got 0"),
        ("within_days = 7", "anchor", "it is not delivered while shipped"),
        ('anchor = "shipped"', "anchor", "expected only with `within_days` or `within_hours`"),
        ("late_after_days = 367", "late_after_days", "expected int <= 366, got 367"),
        ('late_anchor = "placed"', "late_anchor", "expected only with `late_after_days`"),
        ('anchor = "shipped"\nwithin_days = 7\nwithin_hours = 3', "within_hours", "not both"),
        ('on_silence = "take_over"', "on_silence", "a rule is never silent"),
        ('ends_on = "always"', "ends_on", "expected only with `within_days`"),
        ('payer = "carrier"\nopt_in = true', "opt_in", "only where a merchant bears it"),
        ('calendar = "sundays"', "calendar", "unknown calendar 'sundays'"),
        ('category = "jewels"', "category", "unknown category 'jewels'"),
        ('only_if = "full_moon"', "only_if", "expected one of , waived, opened"),
        ('speed = "soon"', "speed", "expected one of instant, at_scan, after_inspection"),
        ("evidence = 10", "evidence", "expected int <= 9, got 10"),
        ("refund_to = []", "refund_to", "expected array of length >= 1"),
        ('refund_to = ["Gift Card"]', "refund_to", "expected str matching regex"),
        ('not_after = ["murder"]', "not_after", "murder"),
        ('replacement = "gold"', "replacement", "variant, listing, anything"),
        ("minutes = 3", "minutes", "unknown key"),
    ],
)
def test_names_what_is_wrong_with_a_remedy(
    folder: Path, more: str, key: str, expected: str
) -> None:
    (error,) = errors_with(folder, f"{ROW}{more}\n")
    assert error.startswith(f"extra.toml: remedy[1].{key} (repair/late/shipped")
    assert expected in error


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"repair"', '"mend"', "expected one of cancel, change_items"),
        ('"late"', '"boredom"', "unknown reason 'boredom'; no row [[reason]] defines it"),
        ('"shipped"', '"lost"', "expected one of unshipped, shipped, delivered, cancelled, *"),
        ('"rule"', '"chance"', "expected one of rule, merchant, platform, nobody"),
        ('"rule"', '"nobody"', "expected a reason code where nobody grants it"),
        ('source = "a source"\n', "", "this key is missing"),
    ],
)
def test_names_what_a_remedy_cannot_be(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in ROW
    (error,) = errors_with(folder, ROW.replace(old, new, 1))
    assert error.startswith("extra.toml: remedy[1].")
    assert expected in error


@pytest.mark.parametrize(
    ("table", "key", "value", "expected"),
    [
        ("risk", "currency", '"yuan"', "currency"),
        ("journey", "freight_currency", '"yuan"', "freight_currency"),
        ("risk", "currency", '"RMB"', "expected one of ISO 4217, as CNY, got 'RMB'"),
        ("risk", "remedies_max", "0", "expected int >= 1"),
        ("risk", "luck", "1", "expected one of currency, instant_minor"),
        ("settling", "refund_seconds", '"soon"', "expected int, got str"),
        ("settling", "patience_seconds", "1", "expected one of answer_seconds"),
    ],
)
def test_names_what_is_wrong_with_a_value(
    folder: Path, table: str, key: str, value: str, expected: str
) -> None:
    row = f'[[{table}]]\nkey = "{key}"\nvalue = {value}\n{HEAD}'
    (error,) = errors_with(folder, row)
    assert error.startswith(f"extra.toml: {table}[1].")
    assert expected in error


def test_two_rows_about_the_same_are_a_clash(folder: Path) -> None:
    (error,) = errors_with(folder, ROW + ROW)
    assert "remedy[2].from" in error
    assert "has another row from 2024-01-01" in error


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_rows_become_rules_and_survive_storing(market: str) -> None:
    pack = load_builtin(market).pack(DAY)
    rule = pack.remedies.rule(kind="cancel", reason="late", stage="unshipped")
    assert rule == RemedyRule(
        id=f"{market}/remedy/cancel/*/unshipped/*/@{rule.id[-10:] if rule else ''}",
        kind="cancel",
        reason="*",
        stage="unshipped",
        granted_by=GrantedBy.RULE,
        speed="instant",
    )
    assert pack_from_bytes(pack_to_bytes(pack)) == pack
    for one in pack.remedies.rules.values():
        assert one.id in pack.provenance


@pytest.mark.parametrize("market", ["cn", "eu"])
def test_every_reason_can_be_made_good(market: str) -> None:
    """Somewhere on its way an order can be made good, whatever the reason."""
    rules = load_builtin(market).pack(DAY).remedies
    stages = ("unshipped", "shipped", "delivered")
    for reason in set(rules.reasons) - {"price_drop", "out_of_stock"}:
        found = [
            rule.granted_by
            for kind in ("refund", "return_and_refund", "exchange", "resend")
            for stage in stages[1:]
            if (rule := rules.rule(kind=kind, reason=reason, stage=stage))
        ]
        assert found, reason
        assert GrantedBy.NOBODY not in found
