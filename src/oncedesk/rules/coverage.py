"""What a whole pack must have, however right each row is: no case without a clock or a decision."""

from collections.abc import Iterator, Mapping

from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.rulepack import (
    DECISIONS,
    ClockKind,
    ClockRule,
    Expiry,
    IssueRule,
    clock_key,
)
from oncedesk.rules.problems import PackError
from oncedesk.rules.references import ANY_ISSUE

FALLBACK_ISSUE = "other"
CASE_CLOCKS = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
DESKS: tuple[DeskKind | None, ...] = (None, *DeskKind)


def uncovered(
    issues: Mapping[str, IssueRule], clocks: Mapping[str, ClockRule]
) -> Iterator[PackError]:
    """Issues that could stand at a desk without a clock: a transfer can bring any issue to any."""
    for desk in DESKS:
        for clock in CASE_CLOCKS:
            if clock_key(issue=ANY_ISSUE, desk=desk, clock=clock) in clocks:
                continue
            without = [
                issue
                for issue in issues
                if clock_key(issue=issue, desk=desk, clock=clock) not in clocks
            ]
            if without:
                key = clock_key(issue=ANY_ISSUE, desk=desk, clock=clock)
                yield PackError(
                    file="",
                    key=f"clock {key}",
                    expected=f"expected a row; without it {', '.join(without)} has no such clock",
                )


def undecided(
    issues: Mapping[str, IssueRule], clocks: Mapping[str, ClockRule]
) -> Iterator[PackError]:
    """Issues whose clock decides by itself although they do not say what, or nothing we know."""
    for issue in issues.values():
        if issue.decision and issue.decision not in DECISIONS:
            yield PackError(
                file="",
                key=f"issue {issue.issue}",
                expected=f"expected as `decision` one of {', '.join(sorted(DECISIONS))}",
            )
        for desk in DESKS:
            for clock in CASE_CLOCKS:
                rule = clocks.get(clock_key(issue=issue.issue, desk=desk, clock=clock))
                rule = rule or clocks.get(clock_key(issue=ANY_ISSUE, desk=desk, clock=clock))
                if rule and rule.on_expiry is Expiry.DECIDE and not issue.decision:
                    yield PackError(
                        file="",
                        key=f"issue {issue.issue}",
                        expected=f"expected a `decision`, because the clock {rule.id} decides",
                    )
