"""What the demo's agents read is what the rule pack says."""

from datetime import UTC, datetime

from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.loading import load_builtin
from oncedesk.simulation.knowledge import articles


def pack() -> Pack:
    return load_builtin("cn").pack(datetime(2026, 3, 2, tzinfo=UTC).date())


def test_every_issue_that_is_named_is_one_of_the_pack() -> None:
    known = set(pack().issues)
    for key, article in articles().items():
        assert article.issues, key
        assert known.issuperset(article.issues), key


def test_the_hours_and_days_are_those_of_the_pack() -> None:
    said, rules = articles(), pack()
    hours = rules.promises.ship_by_seconds // 3_600
    assert f"{hours} 小时" in said["ship_by"].zh.body
    assert f"{hours} hours" in said["ship_by"].en.body
    still = rules.promises.no_movement_seconds // 3_600
    assert f"{still} 小时" in said["no_movement"].zh.body
    assert f"{still} hours" in said["no_movement"].en.body
    days = rules.remedies.journey.refund_days
    assert f"{days} 天" in said["money_back"].zh.body
    assert rules.promises.locker_needs_consent
    evidence = rules.remedies.dispute.evidence_seconds // 3_600
    decision = rules.remedies.dispute.decision_seconds // 3_600
    assert f"{evidence} 小时举证" in said["dispute"].zh.body
    assert f"within {decision} hours" in said["dispute"].en.body
    assert f"Within {rules.remedies.dispute.objection_days} days" in said["dispute"].en.body
