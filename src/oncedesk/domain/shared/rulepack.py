"""What a rule pack says, as the deciders read it: typed values, looked up by key, each with an id.

Packs are written as TOML, loaded and checked by `oncedesk.rules`. A pack never changes: its hash
names it for ever, so a clock that started under it can be worked out again years later. Fields are
only ever added, with a default, and defaults are left out when a pack is written down: so a pack
stored long ago still decodes, and still has its hash.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from oncedesk.domain.shared.calendars import Calendar
from oncedesk.domain.shared.gate.rules import GateRules
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.remedy_rules import RemedyRules


class PackUnknown(LookupError):
    """No pack with this hash is stored, or no pack holds in this market."""


class ClockKind(StrEnum):
    """The deadlines a case can have; orders have theirs in `orders.promises`."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    REPLY = "reply"
    FOLLOW_UP = "follow_up"
    RECONTACT = "recontact"


class Expiry(StrEnum):
    """What happens by itself when a desk's clock runs out."""

    DECIDE = "decide"
    TAKE_OVER = "take_over"
    REMIND = "remind"


class ClockRule(Record, frozen=True, omit_defaults=True):
    """How long a desk (or, with `desk` None, the service as the consumer sees it) may take.

    `seconds` are counted on `calendar`; the warning comes `warn_seconds` (same calendar) before.
    """

    id: str
    issue: str
    desk: DeskKind | None
    clock: ClockKind
    seconds: int
    calendar: str
    warn_seconds: int
    on_expiry: Expiry


GIVING = frozenset(("refund_granted", "return_granted", "resend_granted"))
"""The decisions by which a case's order part is given something."""
DECISIONS = GIVING | {"late_shipping_compensated"}
"""All that a case may be decided as; for a broken promise something is given in any case."""


class IssueRule(Record, frozen=True, omit_defaults=True):
    """Who answers for an issue.

    `owner` is the desk kind that does the work where the subject has such a party, else the
    platform. `cause` and `liable` are the pack's presumption until somebody finds otherwise.
    `priority` 0 is the highest. `decision` is what silence decides (a reason code) where the
    expiry is `decide`; with `decides_in_surge` it is decided by rule at once while a surge runs,
    if what it is about was not sent yet, or a promise was broken.
    """

    id: str
    issue: str
    owner: DeskKind
    cause: str
    liable: str
    skill: str
    priority: int
    decision: str = ""
    decides_in_surge: bool = False


class JoiningRule(Record, frozen=True, omit_defaults=True):
    """When a message belongs to what is there already."""

    id: str
    session_gap_seconds: int
    recontact_window_seconds: int
    repeat_reopens_to_platform: int


class AskingRule(Record, frozen=True, omit_defaults=True):
    """Waiting for the consumer: the reply clock, its reminders, and how often a case may wait."""

    id: str
    reply_seconds: int
    reminders: int
    pauses_max: int
    calendar: str


class SurgeRule(Record, frozen=True, omit_defaults=True):
    """When a desk's waiting is a surge.

    It begins when the oldest wait is above `begin_wait_seconds` and ends below `end_wait_seconds`.
    """

    id: str
    begin_wait_seconds: int
    end_wait_seconds: int
    call_back: bool


class PromiseRule(Record, frozen=True, omit_defaults=True):
    """What delivery promises mean in this market. Seconds unless said otherwise.

    `ship_by_seconds` is the standard limit to the first carrier scan. `no_movement_seconds` is the
    silence of a shipment that counts as broken. `same_day_cut_off_minute` is a minute of the local
    day (`timezone`). `presale_ship_days_max` bounds a presale's promised shipping,
    counted from the end of the time to pay.
    """

    id: str
    timezone: str
    ship_by_seconds: int
    ship_by_calendar: str
    no_movement_seconds: int
    same_day_cut_off_minute: int
    presale_ship_days_max: int
    locker_needs_consent: bool


class NoticeRule(Record, frozen=True, omit_defaults=True):
    """How long before it holds a change of these rules must have been announced."""

    id: str
    days: int
    major_days: int


class RemindingRule(Record, frozen=True, omit_defaults=True):
    """A deadline that passes at a desk where nobody is, again and again.

    It comes `rounds` times as long as it is; from then on each time is twice the one before, up to
    `seconds_max` (or its own length, where that is more).
    """

    id: str
    rounds: int
    seconds_max: int


REMINDING_DEFAULT = RemindingRule(id="default/reminding", rounds=6, seconds_max=86_400)
"""What holds under a pack that says nothing."""


class RetentionRule(Record, frozen=True, omit_defaults=True):
    """How long texts are kept, by kind: of messages and what is attached to them, and of commands
    that failed; and how long it is known who saw what in clear."""

    id: str
    message_days: int
    parked_days: int
    reveal_days: int = 1_096


RETENTION_DEFAULT = RetentionRule(id="default/retention", message_days=1_096, parked_days=1_096)
"""Three years, as transactions are kept: what holds under a pack that says nothing."""


class NotifyingRule(Record, frozen=True, omit_defaults=True):
    """When a consumer may be notified, and for how long like notifications wait for each other.

    `hours` is the calendar outside of which they are left in peace; empty means never.
    """

    id: str
    hours: str
    merge_seconds: int


NOTIFYING_DEFAULT = NotifyingRule(id="default/notifying", hours="", merge_seconds=60)
"""What holds under a pack that says nothing: at any hour."""


class RevealRule(Record, frozen=True, omit_defaults=True):
    """How long a consumer's data is shown in clear, and how much of it to one agent.

    `merchant_fields` are those that a merchant may see, by name, while goods have to travel.
    """

    id: str
    minutes: int
    per_hour: int
    per_day: int
    merchant_fields: str = ""


REVEAL_DEFAULT = RevealRule(id="default/reveal", minutes=15, per_hour=20, per_day=60)


class AttachmentRule(Record, frozen=True, omit_defaults=True):
    """How large the files of a message may be, by kind, and how many it may have."""

    id: str
    image_bytes_max: int
    video_bytes_max: int
    document_bytes_max: int
    per_message: int


ATTACHMENT_DEFAULT = AttachmentRule(
    id="default/attachment",
    image_bytes_max=15 << 20,
    video_bytes_max=100 << 20,
    document_bytes_max=20 << 20,
    per_message=9,
)


class RatingRule(Record, frozen=True, omit_defaults=True):
    """For how many days after a case was closed its service can be rated, and for how long after
    that a rating can be changed."""

    id: str
    days: int
    change_seconds: int


RATING_DEFAULT = RatingRule(id="default/rating", days=14, change_seconds=86_400)


class Provenance(Record, frozen=True, omit_defaults=True):
    """Where a value comes from. `firm` is false where it is our default, no source binding us."""

    source: str
    since: date
    firm: bool
    until: date | None = None


class Pack(Record, frozen=True, omit_defaults=True):
    """All values of one market on one day. `hash` is of the pack's content (hex).

    `skills` are the skill groups that issues name; `provenance` says by row where values come from.
    """

    market: str
    version: str
    hash: str
    language: str
    issues: Mapping[str, IssueRule]
    clocks: Mapping[str, ClockRule]
    calendars: Mapping[str, Calendar]
    joining: JoiningRule
    asking: AskingRule
    surge: SurgeRule
    promises: PromiseRule
    notice: NoticeRule = NoticeRule(id="default/notice", days=7, major_days=15)
    skills: tuple[str, ...] = ()
    provenance: Mapping[str, Provenance] = {}
    reminding: RemindingRule = REMINDING_DEFAULT
    retention: RetentionRule = RETENTION_DEFAULT
    notifying: NotifyingRule = NOTIFYING_DEFAULT
    gate: GateRules = GateRules()
    reveal: RevealRule = REVEAL_DEFAULT
    attachment: AttachmentRule = ATTACHMENT_DEFAULT
    remedies: RemedyRules = RemedyRules()
    rating: RatingRule = RATING_DEFAULT

    def issue(self, issue: str) -> IssueRule:
        """The rule for this issue; an unknown issue is treated as `other`."""
        return self.issues.get(issue) or self.issues["other"]

    def clock(self, *, issue: str, desk: DeskKind | None, clock: ClockKind) -> ClockRule | None:
        """The most specific clock rule: this issue's, else that for any issue (`*`), else None.

        A pack without `*` has a rule for each of its issues; any other is treated as `other`.
        """
        for name in (issue, "*", "other"):
            rule = self.clocks.get(clock_key(issue=name, desk=desk, clock=clock))
            if rule is not None:
                return rule
        return None


def clock_key(*, issue: str, desk: DeskKind | None, clock: ClockKind) -> str:
    """The key of a clock rule in `Pack.clocks`; no desk means the consumer's clock."""
    return f"{issue}/{desk or 'consumer'}/{clock}"
