"""The rows a rule pack is written in: one Struct a table, its fields the keys of a row.

Limits stand here and not in the runtime types: a pack that was stored under wider limits must still
be readable. Every row says where its values come from (`source`), from which day they hold (`from`,
perhaps `until`) and whether that source binds us (`firm`; false means it is our default).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from msgspec import Meta, Struct, field

from oncedesk.domain.shared.gate.phrases import PhraseInvalid, check_phrase
from oncedesk.domain.shared.gate.rules import HitKind, Outcome
from oncedesk.domain.shared.money import CURRENCIES
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Expiry
from oncedesk.domain.shared.zones import zone_named
from oncedesk.rules.fields import field_types, why_not
from oncedesk.rules.hours import CountryUnknown, HoursInvalid, parse_hours, public_days

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}$(?!\n)")]
CodeOrNone = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_]{0,47})?$(?!\n)")]
IssueOrAny = Annotated[str, Meta(pattern=r"^(\*|[a-z][a-z0-9_]{0,47})$(?!\n)")]
Seconds = Annotated[int, Meta(ge=1, le=366 * 86_400)]
Year = Annotated[int, Meta(ge=1990, le=2100)]
Party = Literal["merchant", "creator", "carrier", "platform", "consumer", "unknown"]
Liable = Annotated[str, Meta(pattern=r"^([a-z]+|[a-z]+:\d{1,3}( [a-z]+:\d{1,3}){1,3})$(?!\n)")]
DeskName = Literal["consumer", "platform", "merchant", "creator"]

Problem = tuple[str, str]
_FOUND_OTHERWISE = (HitKind.PHONE, HitKind.EMAIL, HitKind.LINK, HitKind.CODE)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""No rule holds before or begins after; what holds for ever has no `until`."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PackHead(Record, frozen=True, forbid_unknown_fields=True):
    """The table `[pack]`: which market this is, and from which day the pack can be used."""

    market: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,15}$(?!\n)")]
    version: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,32}$(?!\n)")]
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)")]
    first_day: date


class Row(Record, frozen=True, kw_only=True):
    """What every row has."""

    table: ClassVar[str]

    source: Annotated[str, Meta(min_length=8, max_length=400)]
    since: date = field(name="from")
    until: date | None = None
    firm: bool

    @property
    def key(self) -> str:
        """What the row is about; of several rows with one key the newest in force holds."""
        raise NotImplementedError

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def problems(self) -> Iterator[Problem]:
        """What no type can say: pairs of a field and what was expected there."""
        yield from day_problems("from", self.since)
        if self.until is not None:
            yield from day_problems("until", self.until)
            if self.until <= self.since:
                yield "until", f"expected a day after `from` ({self.since}), got {self.until}"


def currency_problems(where: str, currency: str) -> Iterator[Problem]:
    """No order is in a currency that there is not, so its row would mean nothing."""
    if currency not in CURRENCIES:
        yield where, f"expected one of ISO 4217, as CNY, got {currency!r}"


class SkillRow(Row, frozen=True, kw_only=True):
    """A skill group: what agents are chosen by."""

    table = "skill"

    skill: Code

    @property
    def key(self) -> str:
        return self.skill


class IssueRow(Row, frozen=True, kw_only=True):
    """What a consumer may come about, and who then owns, caused and is liable."""

    table = "issue"

    issue: Code
    owner: DeskKind
    cause: Party
    liable: Liable
    skill: Code
    priority: Annotated[int, Meta(ge=0, le=9)]
    decision: CodeOrNone = ""
    decides_in_surge: bool = False

    @property
    def key(self) -> str:
        return self.issue

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.decides_in_surge and not self.decision:
            yield "decision", "expected a reason code, because `decides_in_surge` is true"
        yield from share_problems("liable", self.liable, get_args(Party))


class ClockRow(Row, frozen=True, kw_only=True):
    """How long a desk, or the service as the consumer sees it, may take for an issue."""

    table = "clock"

    issue: IssueOrAny
    desk: DeskName
    clock: Literal["first_response", "next_response", "resolution"]
    seconds: Seconds
    calendar: Code
    warn_seconds: Annotated[int, Meta(ge=0)]
    on_expiry: Expiry

    @property
    def key(self) -> str:
        return f"{self.issue}/{self.desk}/{self.clock}"

    @property
    def desk_kind(self) -> DeskKind | None:
        return None if self.desk == "consumer" else DeskKind(self.desk)

    @property
    def clock_kind(self) -> ClockKind:
        return ClockKind(self.clock)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.warn_seconds >= self.seconds:
            yield "warn_seconds", f"expected less than `seconds` ({self.seconds})"
        if self.desk in {"consumer", "platform"} and self.on_expiry is not Expiry.REMIND:
            yield "on_expiry", f"expected remind: nobody takes over from the {self.desk}'s clock"


class CalendarRow(Row, frozen=True, kw_only=True):
    """Weekly opening hours in a time zone, and what holidays of a country do to them."""

    table = "calendar"

    name: Code
    timezone: str
    monday: str
    tuesday: str
    wednesday: str
    thursday: str
    friday: str
    saturday: str
    sunday: str
    holidays: str = ""
    subdivision: str = ""
    holidays_first_year: Year = 2024
    holidays_last_year: Year = 2027
    on_holiday: str = ""
    on_make_up_day: str = ""

    @property
    def key(self) -> str:
        return self.name

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for name in (*WEEKDAYS, "on_holiday", "on_make_up_day"):
            yield from _hours_problems(name, getattr(self, name))
        yield from _timezone_problems("timezone", self.timezone)
        if self.holidays_first_year > self.holidays_last_year:
            yield "holidays_last_year", f"expected {self.holidays_first_year} or later"
        elif self.holidays:
            try:
                public_days(
                    country=self.holidays,
                    subdivision=self.subdivision,
                    first=self.holidays_first_year,
                    last=self.holidays_last_year,
                )
            except CountryUnknown as error:
                yield "holidays", f"expected a known country code ({error})"


class SpecialDayRow(Row, frozen=True, kw_only=True):
    """One day on which a calendar differs from its week; it overrides the country's holidays."""

    table = "special_day"

    calendar: Code
    day: date
    hours: str

    @property
    def key(self) -> str:
        return f"{self.calendar}/{self.day}"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from _hours_problems("hours", self.hours)


class GateRow(Row, frozen=True, kw_only=True):
    """What becomes of a message in which this was found, by who says it."""

    table = "gate"

    kind: HitKind
    consumer: Outcome
    merchant: Outcome
    creator: Outcome
    platform: Outcome
    note: Outcome

    @property
    def key(self) -> str:
        return self.kind.value

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.consumer is Outcome.BLOCK:
            yield "consumer", "expected pass, mask or flag: a consumer is always heard"


class GateWordsRow(Row, frozen=True, kw_only=True):
    """Phrases that the gate looks for."""

    table = "gate_words"

    name: Code
    kind: HitKind
    words: Annotated[tuple[str, ...], Meta(min_length=1, max_length=200)]

    @property
    def key(self) -> str:
        return self.name

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.kind in _FOUND_OTHERWISE:
            yield "kind", f"expected another kind: a {self.kind} is found without words"
        for phrase in self.words:
            try:
                check_phrase(phrase)
            except PhraseInvalid as error:
                yield "words", str(error)


class GateHostRow(Row, frozen=True, kw_only=True):
    """A host to which links may lead, and all below it."""

    table = "gate_host"

    host: Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$(?!\n)", max_length=253)]

    @property
    def key(self) -> str:
        return self.host


class ValueRow(Row, frozen=True, kw_only=True):
    """One value of a group of single values; the group's Struct below says which type it has."""

    group: ClassVar[type[Struct]]

    name: str = field(name="key")
    value: int | bool | str

    @property
    def key(self) -> str:
        return self.name

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        types = field_types(self.group)
        if self.name not in types:
            yield "key", f"expected one of {', '.join(types)}, got {self.name!r}"
        elif reason := why_not(self.value, types[self.name]):
            yield "value", f"{reason} for {self.name}"
        elif self.name == "timezone":
            yield from _timezone_problems("value", str(self.value))
        elif self.name.endswith("currency"):
            yield from currency_problems("value", str(self.value))


class JoiningValues(Record, frozen=True):
    """The keys of the table `joining`."""

    session_gap_seconds: Seconds
    recontact_window_seconds: Seconds
    repeat_reopens_to_platform: Annotated[int, Meta(ge=1, le=10)]


class AskingValues(Record, frozen=True):
    """The keys of the table `asking`."""

    reply_seconds: Seconds
    reminders: Annotated[int, Meta(ge=0, le=5)]
    pauses_max: Annotated[int, Meta(ge=0, le=2)]
    calendar: Code


class SurgeValues(Record, frozen=True):
    """The keys of the table `surge`."""

    begin_wait_seconds: Seconds
    end_wait_seconds: Seconds
    call_back: bool


class PromiseValues(Record, frozen=True):
    """The keys of the table `promise`."""

    timezone: str
    ship_by_seconds: Seconds
    ship_by_calendar: Code
    no_movement_seconds: Seconds
    same_day_cut_off_minute: Annotated[int, Meta(ge=0, le=1440)]
    presale_ship_days_max: Annotated[int, Meta(ge=1, le=366)]
    locker_needs_consent: bool


class NoticeValues(Record, frozen=True):
    """The keys of the table `notice`."""

    days: Annotated[int, Meta(ge=0, le=366)]
    major_days: Annotated[int, Meta(ge=0, le=366)]


class RemindingValues(Record, frozen=True):
    """The keys of the table `reminding`."""

    rounds: Annotated[int, Meta(ge=2, le=100)]
    seconds_max: Annotated[int, Meta(ge=1, le=30 * 86_400)]


class RetentionValues(Record, frozen=True):
    """The keys of the table `retention`."""

    message_days: Annotated[int, Meta(ge=30, le=36_600)]
    parked_days: Annotated[int, Meta(ge=30, le=36_600)]
    reveal_days: Annotated[int, Meta(ge=30, le=36_600)] = 1_096


class RevealValues(Record, frozen=True):
    """The keys of the table `reveal`."""

    minutes: Annotated[int, Meta(ge=1, le=240)]
    per_hour: Annotated[int, Meta(ge=1, le=100)]
    per_day: Annotated[int, Meta(ge=1, le=100)]
    merchant_fields: Annotated[
        str, Meta(pattern=r"^((name|phone|address)( (name|phone|address)){0,2})?$(?!\n)")
    ]


class AttachmentValues(Record, frozen=True):
    """The keys of the table `attachment`."""

    image_bytes_max: Annotated[int, Meta(ge=1_000, le=50 << 20)]
    video_bytes_max: Annotated[int, Meta(ge=1_000, le=500 << 20)]
    document_bytes_max: Annotated[int, Meta(ge=1_000, le=100 << 20)]
    per_message: Annotated[int, Meta(ge=0, le=20)]


class RatingValues(Record, frozen=True):
    """The keys of the table `rating`."""

    days: Annotated[int, Meta(ge=0, le=366)]
    change_seconds: Annotated[int, Meta(ge=0, le=30 * 86_400)]


class NotifyingValues(Record, frozen=True):
    """The keys of the table `notifying`."""

    hours: Code
    merge_seconds: Annotated[int, Meta(ge=0, le=3_600)]


class JoiningRow(ValueRow, frozen=True, kw_only=True):
    table = "joining"
    group = JoiningValues


class AskingRow(ValueRow, frozen=True, kw_only=True):
    table = "asking"
    group = AskingValues


class SurgeRow(ValueRow, frozen=True, kw_only=True):
    table = "surge"
    group = SurgeValues


class PromiseRow(ValueRow, frozen=True, kw_only=True):
    table = "promise"
    group = PromiseValues


class NoticeRow(ValueRow, frozen=True, kw_only=True):
    table = "notice"
    group = NoticeValues


class RemindingRow(ValueRow, frozen=True, kw_only=True):
    table = "reminding"
    group = RemindingValues


class RetentionRow(ValueRow, frozen=True, kw_only=True):
    table = "retention"
    group = RetentionValues


class NotifyingRow(ValueRow, frozen=True, kw_only=True):
    table = "notifying"
    group = NotifyingValues


class RevealRow(ValueRow, frozen=True, kw_only=True):
    table = "reveal"
    group = RevealValues


class AttachmentRow(ValueRow, frozen=True, kw_only=True):
    table = "attachment"
    group = AttachmentValues


class RatingRow(ValueRow, frozen=True, kw_only=True):
    table = "rating"
    group = RatingValues


def day_problems(field: str, day: date) -> Iterator[Problem]:
    """A day so far away that no clock and no calendar could follow it is a slip of the pen."""
    if not FIRST_DAY <= day <= LAST_DAY:
        yield field, f"expected a day from {FIRST_DAY} to {LAST_DAY}, got {day}"


def share_problems(field: str, text: str, known: Sequence[str]) -> Iterator[Problem]:
    """One party, or several with shares: each once, none empty, together a hundred percent."""
    shares = [part.partition(":") for part in text.split()]
    names = [name for name, _, _ in shares]
    for name in names:
        if name not in known:
            yield field, f"expected one of {', '.join(known)}, got {name!r}"
    if ":" not in text:
        return
    percents = [int(percent) for _, _, percent in shares]
    if len(set(names)) < len(names) or 0 in percents:
        yield field, f"expected different parties, each with a share, got {text!r}"
    if sum(percents) != 100:
        yield field, f"expected shares that add up to 100, got {sum(percents)}"


def _hours_problems(name: str, text: str) -> Iterator[Problem]:
    try:
        parse_hours(text)
    except HoursInvalid as error:
        yield name, str(error)


def _timezone_problems(name: str, text: str) -> Iterator[Problem]:
    if zone_named(text) is None:
        yield name, f"expected a time zone like Asia/Shanghai, got {text!r}"
