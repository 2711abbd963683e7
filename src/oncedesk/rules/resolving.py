"""From rows to the pack of one day: the newest row in force for each key, checked as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TypeVar

import msgspec
from msgspec import Struct

from oncedesk.domain.shared.calendars import Calendar, CalendarExhausted, CalendarInvalid, Span
from oncedesk.domain.shared.gate.rules import GateRule, GateRules, GateWords
from oncedesk.domain.shared.remedy_rules import (
    DISPUTE_DEFAULT,
    EDITION,
    JOURNEY_DEFAULT,
    RECOVERY_DEFAULT,
    RISK_DEFAULT,
    SETTLING_DEFAULT,
    BudgetRule,
    CategoryRule,
    DisputeRule,
    ReasonRule,
    RemedyRules,
    SettlingRule,
    remedy_key,
    return_key,
)
from oncedesk.domain.shared.rulepack import (
    ATTACHMENT_DEFAULT,
    NOTIFYING_DEFAULT,
    RATING_DEFAULT,
    REMINDING_DEFAULT,
    RETENTION_DEFAULT,
    REVEAL_DEFAULT,
    AskingRule,
    ClockRule,
    IssueRule,
    JoiningRule,
    NoticeRule,
    Pack,
    PromiseRule,
    Provenance,
    RemindingRule,
    SurgeRule,
    clock_key,
)
from oncedesk.rules.coverage import FALLBACK_ISSUE, uncovered, undecided
from oncedesk.rules.dispute_rows import AuthorityRow, DisputeRow, authority_rule
from oncedesk.rules.fields import required_keys
from oncedesk.rules.hours import parse_hours, public_days
from oncedesk.rules.money_rows import BudgetRow, RecoveryRow
from oncedesk.rules.problems import PackError, PackInvalid
from oncedesk.rules.promise_rows import (
    CompensationCapRow,
    CompensationRow,
    PresaleRow,
    PriceProtectionRow,
    cap_rule,
    compensation_rule,
    presale_rule,
    price_protection_rule,
)
from oncedesk.rules.reading import Place, Placed
from oncedesk.rules.references import names_used
from oncedesk.rules.remedy_rows import (
    CategoryRow,
    JourneyRow,
    ReasonRow,
    RemedyRow,
    ReturnRow,
    RiskRow,
    SettlingRow,
    remedy_rule,
    return_rule,
)
from oncedesk.rules.rows import (
    LAST_DAY,
    WEEKDAYS,
    AskingRow,
    AttachmentRow,
    CalendarRow,
    ClockRow,
    GateHostRow,
    GateRow,
    GateWordsRow,
    IssueRow,
    JoiningRow,
    NoticeRow,
    NotifyingRow,
    PackHead,
    PromiseRow,
    RatingRow,
    RemindingRow,
    RetentionRow,
    RevealRow,
    Row,
    SkillRow,
    SpecialDayRow,
    SurgeRow,
    ValueRow,
)
from oncedesk.rules.storing import seal

RowT = TypeVar("RowT", bound=Row)
RuleT = TypeVar("RuleT", bound=Struct)
InForce = Mapping[tuple[str, str], Placed]
_FREIGHT = ("freight_minor_max", "freight_currency")
_LENGTHS = (
    ("promise", "ship_by_seconds", "ship_by_calendar"),
    ("asking", "reply_seconds", "calendar"),
    ("dispute", "evidence_seconds", "evidence_calendar"),
    ("dispute", "decision_seconds", "decision_calendar"),
)
"""The values that are a length of time: of which table, and on which calendar it passes."""


def change_days(head: PackHead, rows: Sequence[Placed]) -> tuple[date, ...]:
    """The days on which something begins or ends, from the pack's first day on."""
    ends = {placed.row.until for placed in rows if placed.row.until is not None}
    days = {placed.row.since for placed in rows} | ends
    return tuple(sorted({head.first_day} | {day for day in days if day > head.first_day}))


def resolve(head: PackHead, rows: Sequence[Placed], day: date) -> Pack:
    """The pack as it reads on `day`, sealed with its hash. Raises PackInvalid with every error."""
    if day < head.first_day:
        expected = f"this pack holds from {head.first_day}, so not on {day}"
        raise PackInvalid([PackError(file="", key="pack.first_day", expected=expected)])
    if day > LAST_DAY:
        expected = f"expected a day up to {LAST_DAY}, got {day}"
        raise PackInvalid([PackError(file="", key="", expected=expected)])
    return _Day(head, _in_force(rows, day), day).pack()


def _in_force(rows: Sequence[Placed], day: date) -> InForce:
    """By table and key, the newest row that holds on this day; in the order of the files."""
    found: dict[tuple[str, str], Placed] = {}
    for placed in rows:
        row = placed.row
        if row.holds(day):
            other = found.get((row.table, row.key))
            if other is None or other.row.since < row.since:
                found[row.table, row.key] = placed
    return found


class _Day:
    """One pack being put together; errors are collected and raised at the end."""

    def __init__(self, head: PackHead, rows: InForce, day: date) -> None:
        self.head = head
        self.rows = rows
        self.day = day
        self.errors: list[PackError] = []

    def pack(self) -> Pack:
        self._check_names()
        calendars = self._calendars()
        reminding = self._group_or(RemindingRow, REMINDING_DEFAULT)
        clocks = self._clocks(calendars, reminding)
        issues = {row.issue: self._issue(row) for row, _ in self._of(IssueRow)}
        joining = self._group(JoiningRow, JoiningRule)
        asking = self._group(AskingRow, AskingRule)
        surge = self._group(SurgeRow, SurgeRule)
        promises = self._group(PromiseRow, PromiseRule)
        notice = self._group(NoticeRow, NoticeRule)
        retention = self._group_or(RetentionRow, RETENTION_DEFAULT)
        notifying = self._group_or(NotifyingRow, NOTIFYING_DEFAULT)
        reveal = self._group_or(RevealRow, REVEAL_DEFAULT)
        attachment = self._group_or(AttachmentRow, ATTACHMENT_DEFAULT)
        rating = self._group_or(RatingRow, RATING_DEFAULT)
        remedies = self._remedies()
        self._check_answers(calendars)
        self._check_dispute(remedies.dispute)
        self._check_lengths(
            {"promise": promises, "asking": asking, "dispute": remedies.dispute}, calendars
        )
        self._check_surge(surge)
        self._check_ship_back(remedies.settling)
        self._check_freight()
        if not self.errors:
            self.errors.extend(uncovered(issues, clocks))
            self.errors.extend(undecided(issues, clocks))
        if self.errors:
            raise PackInvalid(self.errors)
        assert joining
        assert asking
        assert surge
        assert promises
        assert notice
        rows = [placed.row for placed in self.rows.values()]
        return seal(
            Pack(
                market=self.head.market,
                version=self.head.version,
                hash="",
                language=self.head.language,
                issues=issues,
                clocks=clocks,
                calendars=calendars,
                joining=joining,
                asking=asking,
                surge=surge,
                promises=promises,
                notice=notice,
                reminding=reminding,
                retention=retention,
                notifying=notifying,
                gate=self._gate(),
                reveal=reveal,
                attachment=attachment,
                rating=rating,
                remedies=remedies,
                skills=tuple(sorted(row.skill for row, _ in self._of(SkillRow))),
                provenance={self._id(row): _provenance(row) for row in rows},
            )
        )

    def _of(self, type_: type[RowT]) -> Iterator[tuple[RowT, Place]]:
        for placed in self.rows.values():
            if isinstance(placed.row, type_):
                yield placed.row, placed.place

    def _id(self, row: Row) -> str:
        return f"{self.head.market}/{row.table}/{row.key}@{row.since}"

    def _missing(self, key: str, what: str) -> None:
        expected = f"expected {what}; none holds on {self.day}"
        self.errors.append(PackError(file="", key=key, expected=expected))

    def _check_names(self) -> None:
        for placed in self.rows.values():
            for field, table, name in names_used(placed.row):
                if (table, name) not in self.rows:
                    expected = f"{table} {name!r} does not hold on {self.day}, when this row does"
                    self.errors.append(placed.place.error(field, expected))
        if ("issue", FALLBACK_ISSUE) not in self.rows:
            self._missing(
                f"issue {FALLBACK_ISSUE}", f"an issue {FALLBACK_ISSUE!r} for what fits no other"
            )

    def _issue(self, row: IssueRow) -> IssueRule:
        return IssueRule(
            id=self._id(row),
            issue=row.issue,
            owner=row.owner,
            cause=row.cause,
            liable=row.liable,
            skill=row.skill,
            priority=row.priority,
            decision=row.decision,
            decides_in_surge=row.decides_in_surge,
        )

    def _clocks(
        self, calendars: Mapping[str, Calendar], reminding: RemindingRule
    ) -> dict[str, ClockRule]:
        clocks = {}
        for row, place in self._of(ClockRow):
            rule = ClockRule(
                id=self._id(row),
                issue=row.issue,
                desk=row.desk_kind,
                clock=row.clock_kind,
                seconds=row.seconds,
                calendar=row.calendar,
                warn_seconds=row.warn_seconds,
                on_expiry=row.on_expiry,
            )
            clocks[clock_key(issue=rule.issue, desk=rule.desk, clock=rule.clock)] = rule
            longest = max(row.seconds, reminding.seconds_max)
            self._check_passes(place, "seconds", longest, calendars.get(row.calendar))
        return clocks

    def _check_answers(self, calendars: Mapping[str, Calendar]) -> None:
        for row, place in self._of(RemedyRow):
            calendar = calendars.get(row.calendar)
            self._check_passes(place, "answer_seconds", row.answer_seconds, calendar)

    def _check_lengths(
        self, groups: Mapping[str, Struct | None], calendars: Mapping[str, Calendar]
    ) -> None:
        for table, length, calendar in _LENGTHS:
            group = groups[table]
            # The row of the one or the other; where neither is written there is nothing to mend.
            placed = self.rows.get((table, length)) or self.rows.get((table, calendar))
            if group is not None and placed is not None:
                found = calendars.get(getattr(group, calendar))
                self._check_passes(placed.place, "value", getattr(group, length), found)

    def _check_dispute(self, rule: DisputeRule) -> None:
        """The calendars that no row names must be there, too."""
        for field in ("evidence_calendar", "decision_calendar"):
            name = getattr(rule, field)
            if ("dispute", field) not in self.rows and ("calendar", name) not in self.rows:
                self._missing(f"dispute {field}", f"a value, as there is no calendar {name!r}")

    def _check_surge(self, surge: SurgeRule | None) -> None:
        """One that ends above the wait at which it begins would begin and end without end."""
        if surge is not None and surge.end_wait_seconds > surge.begin_wait_seconds:
            expected = f"expected at most `begin_wait_seconds` ({surge.begin_wait_seconds})"
            place = self.rows["surge", "end_wait_seconds"].place
            self.errors.append(place.error("value", expected))

    def _check_ship_back(self, settling: SettlingRule) -> None:
        """What ends on a day is so many days long."""
        if settling.ship_back_ends_on and settling.ship_back_seconds % 86_400:
            expected = "expected whole days of 86400 seconds, as `ship_back_ends_on` is set"
            placed = self.rows["settling", "ship_back_seconds"]
            self.errors.append(placed.place.error("value", expected))

    def _check_freight(self) -> None:
        """A bound without a currency would mean little in one and much in another."""
        for name, other in (_FREIGHT, _FREIGHT[::-1]):
            placed = self.rows.get(("journey", name))
            if placed is not None and ("journey", other) not in self.rows:
                self.errors.append(placed.place.error("key", f"expected `{other}` beside it"))

    def _remedies(self) -> RemedyRules:
        rules = [remedy_rule(row, id_=self._id(row)) for row, _ in self._of(RemedyRow)]
        return RemedyRules(
            edition=EDITION,
            rules={
                remedy_key(
                    kind=rule.kind,
                    reason=rule.reason,
                    stage=rule.stage,
                    category=rule.category,
                    only_if=rule.only_if,
                ): rule
                for rule in rules
            },
            settling=self._group_or(SettlingRow, SETTLING_DEFAULT),
            reasons={
                row.reason: ReasonRule(self._id(row), row.reason, row.fault, row.bundles)
                for row, _ in self._of(ReasonRow)
            },
            categories={
                row.category: CategoryRule(self._id(row), row.category)
                for row, _ in self._of(CategoryRow)
            },
            risk=self._group_or(RiskRow, RISK_DEFAULT),
            recovery=self._group_or(RecoveryRow, RECOVERY_DEFAULT),
            budgets={
                row.key: BudgetRule(
                    self._id(row), row.name, row.currency, row.amount_minor, row.retry_seconds
                )
                for row, _ in self._of(BudgetRow)
            },
            returns={
                return_key(kind=row.kind, reason=row.reason): return_rule(row, id_=self._id(row))
                for row, _ in self._of(ReturnRow)
            },
            journey=self._group_or(JourneyRow, JOURNEY_DEFAULT),
            dispute=self._group_or(DisputeRow, DISPUTE_DEFAULT),
            authority={
                row.key: authority_rule(row, id_=self._id(row)) for row, _ in self._of(AuthorityRow)
            },
            compensations={
                row.key: compensation_rule(row, id_=self._id(row))
                for row, _ in self._of(CompensationRow)
            },
            caps={
                row.key: cap_rule(row, id_=self._id(row)) for row, _ in self._of(CompensationCapRow)
            },
            presales={
                row.key: presale_rule(row, id_=self._id(row)) for row, _ in self._of(PresaleRow)
            },
            price_protections={
                row.key: price_protection_rule(row, id_=self._id(row))
                for row, _ in self._of(PriceProtectionRow)
            },
        )

    def _gate(self) -> GateRules:
        return GateRules(
            rules={
                row.kind: GateRule(
                    id=self._id(row),
                    kind=row.kind,
                    consumer=row.consumer,
                    merchant=row.merchant,
                    creator=row.creator,
                    platform=row.platform,
                    note=row.note,
                )
                for row, _ in self._of(GateRow)
            },
            words=tuple(
                GateWords(id=self._id(row), kind=row.kind, words=tuple(sorted(set(row.words))))
                for row, _ in sorted(self._of(GateWordsRow), key=lambda one: one[0].name)
            ),
            hosts=tuple(sorted(row.host for row, _ in self._of(GateHostRow))),
        )

    def _check_passes(
        self, place: Place, field: str, seconds: int, calendar: Calendar | None
    ) -> None:
        if calendar is None:
            return
        try:
            calendar.add(datetime.combine(self.day, time(), UTC), seconds)
        except CalendarExhausted:
            expected = f"expected less: so much open time hardly ever passes on {calendar.name}"
            self.errors.append(place.error(field, expected))

    def _calendars(self) -> dict[str, Calendar]:
        calendars = {}
        for row, place in self._of(CalendarRow):
            own = {
                special.day: parse_hours(special.hours)
                for special, _ in self._of(SpecialDayRow)
                if special.calendar == row.name
            }
            try:
                calendars[row.name] = _calendar(row, own)
            except CalendarInvalid as error:
                self.errors.append(place.error("name", f"expected to be open at times: {error}"))
        return calendars

    def _group_or(self, row_type: type[ValueRow], default: RuleT) -> RuleT:
        """The values of a table that a pack may leave out as a whole."""
        if not any(self._of(row_type)):
            return default
        return self._group(row_type, type(default)) or default

    def _group(self, row_type: type[ValueRow], rule_type: type[RuleT]) -> RuleT | None:
        """The values of one table as one rule, named by its newest value; None if one lacks."""
        rows = [row for row, _ in self._of(row_type)]
        values = {row.name: row.value for row in rows}
        missing = [name for name in required_keys(row_type.group) if name not in values]
        for name in missing:
            self._missing(f"{row_type.table} {name}", "a value")
        if missing:
            return None
        newest = max(row.since for row in rows)
        id_ = f"{self.head.market}/{row_type.table}@{newest}"
        return msgspec.convert({"id": id_, **values}, rule_type)


def _calendar(row: CalendarRow, own: Mapping[date, tuple[Span, ...]]) -> Calendar:
    special: dict[date, tuple[Span, ...]] = {}
    if row.holidays:
        days = public_days(
            country=row.holidays,
            subdivision=row.subdivision,
            first=row.holidays_first_year,
            last=row.holidays_last_year,
        )
        special.update(dict.fromkeys(days.off, parse_hours(row.on_holiday)))
        special.update(dict.fromkeys(days.worked, parse_hours(row.on_make_up_day)))
    special.update(own)
    return Calendar(
        name=row.name,
        timezone=row.timezone,
        week=tuple(parse_hours(getattr(row, weekday)) for weekday in WEEKDAYS),
        special=special,
    )


def _provenance(row: Row) -> Provenance:
    return Provenance(source=row.source, since=row.since, firm=row.firm, until=row.until)
