"""What a run counted, in groups; also what never happened is shown."""

import math
from collections import Counter
from enum import StrEnum
from typing import Any

from oncedesk.domain.agents.messages import Because, LeavingReason
from oncedesk.domain.conversations.messages import (
    ClosingReason,
    ContactKind,
    DeclineReason,
    Notice,
    Origin,
    ReferralMode,
    ReferralOutcome,
    Reminded,
    ReopenCause,
    TakeOverCause,
    UnassignReason,
    WaitOutcome,
)
from oncedesk.domain.remedies.messages.disputing import Outcome
from oncedesk.domain.remedies.words import DecidedBy, RemedyKind
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.simulation import preselling, remedying, till
from oncedesk.simulation.tally import Check

_GROUPS: dict[str, type[StrEnum]] = {
    "contacts": ContactKind,
    "origins": Origin,
    "resolved": ClosingReason,
    "reopened": ReopenCause,
    "taken_over": TakeOverCause,
    "expired": ClockKind,
    "reminded": Reminded,
    "told": Notice,
    "unassigned": UnassignReason,
    "declined": DeclineReason,
    "referred": ReferralMode,
    "referrals_ended": ReferralOutcome,
    "waits_ended": WaitOutcome,
    "work_left": LeavingReason,
    "presence": Because,
    "remedies.asked": RemedyKind,
    "remedies.granted": DecidedBy,
    "disputes": Outcome,
}
_SINGLE = (
    "lifecycles", "arrivals.busiest_hour", "messages",
    "cases.opened", "contacts.joined_open_case", "cases.closed",
    "cases.merged", "cases.split", "assigned", "asked", "follow_ups", "transferred", "reclassified",
    "attribution_corrected", "decided_by_rule", "warnings", "obligations_missed", "surges.began",
    "surges.ended", "call_backs.offered", "call_backs.requested", "solved_confirmed", "rated",
    "breaches.noted", "breaches.corrected", "orders.OrderPlaced", "orders.Delivered",
    "orders.PromiseKept", "orders.PromiseBroken", "orders.FinalPaid", "orders.PresaleEnded",
    "orders.OrderChanged", "orders.ChangeDeclined", "shifts_ended", "breaks", "hand_overs",
    "staffing.unstaffed", "commands.sent", "commands.accepted_anew",
    *remedying.COUNTS, *till.COUNTS, *preselling.COUNTS,
)  # fmt: skip
_FAULTS = (
    "silence", "silent_consumers", "absences", "wrong_attribution", "changes_under_work",
    "double_taps",
    "duplicates_sent", "duplicates_at_once", "duplicates_elsewhere", "duplicates_later",
    "duplicates_recognised", "keys_reused", "reused_keys_refused", "late_commands", "late_events",
    "events_told_twice",
    "late_replies", "clock_jumps", "races", "races_lost", "wishes_at_once", "silent_desks",
    "undecided", "refunds_late", "refunds_told_twice", "refund_routes_dead", "refunds_unanswered",
    "recoveries_late", "recoveries_told_twice", "recoveries_unanswered",
    "never_sent_back", "returns_lost", "returns_too_light", "uninspected", "goods_not_sent",
    "goods_not_scanned", "goods_turned", "goods_lost", "charges_late", "charges_declined",
    "charges_unanswered", "letters_lost", "letters_twice",
)  # fmt: skip


class Interval(Record, frozen=True):
    """A share with its 95% Wilson interval."""

    share: float
    low: float
    high: float


class RunReport(Record, frozen=True):
    """What `oncedesk simulate --json` prints."""

    cases: int
    seed: int
    sabotage: str
    counts: dict[str, int]
    faults: dict[str, int]
    refusals: dict[str, int]
    contact_once: Interval
    paused_share_mean: float
    paused_share_max: float
    instants: int
    simulated_days: float
    play_seconds: float
    check_seconds: float
    commands_per_second: float
    cases_per_minute: float
    checks: list[Check]

    @property
    def breaches(self) -> int:
        return sum(check.breaches for check in self.checks)

    def repeat(self) -> str:
        """The command that plays the same again."""
        sabotage = f" --sabotage {self.sabotage}" if self.sabotage else ""
        return f"oncedesk simulate --cases {self.cases} --seed {self.seed}{sabotage}"


def all_counts(counts: Counter[str]) -> dict[str, int]:
    """Every count there is a name for, and whatever else was counted, but no faults."""
    named = dict.fromkeys(_SINGLE, 0)
    for group, kinds in _GROUPS.items():
        named.update(dict.fromkeys((f"{group}.{kind}" for kind in kinds), 0))
    counted = {name: n for name, n in counts.items() if not name.startswith("faults.")}
    return {**named, **counted}


def all_faults(counts: Counter[str], **more: int) -> dict[str, int]:
    """How often each kind of fault really happened."""
    return {name: more.get(name, counts[f"faults.{name}"]) for name in _FAULTS}


def wilson(successes: int, number: int) -> Interval:
    """E. B. Wilson 1927; with nothing counted the interval is everything."""
    if not number:
        return Interval(0.0, 0.0, 1.0)
    z, share = 1.959964, successes / number
    middle = share + z * z / (2 * number)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    below = 1 + z * z / number
    return Interval(
        round(share, 4), round((middle - spread) / below, 4), round((middle + spread) / below, 4)
    )


def lines(report: RunReport) -> list[tuple[str, dict[str, Any]]]:
    """The counts under headings, in the order in which they are printed."""
    grouped: dict[str, dict[str, Any]] = {"counts": {}}
    for name, number in report.counts.items():
        group, _, kind = name.rpartition(".")
        if group in _GROUPS and kind in set(_GROUPS[group]):
            grouped.setdefault(group, {})[kind] = number
        else:
            grouped["counts"][name] = number
    return [*grouped.items(), ("faults", report.faults), ("refusals", report.refusals)]
