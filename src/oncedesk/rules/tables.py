"""Every table that a rule pack can have."""

from oncedesk.rules.dispute_rows import AuthorityRow, DisputeRow
from oncedesk.rules.money_rows import BudgetRow, RecoveryRow
from oncedesk.rules.promise_rows import (
    CompensationCapRow,
    CompensationRow,
    PresaleRow,
    PriceProtectionRow,
)
from oncedesk.rules.remedy_rows import (
    CategoryRow,
    JourneyRow,
    ReasonRow,
    RemedyRow,
    ReturnRow,
    RiskRow,
    SettlingRow,
)
from oncedesk.rules.rows import (
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

VALUE_ROWS: tuple[type[ValueRow], ...] = (
    JoiningRow, AskingRow, SurgeRow, PromiseRow, NoticeRow, RemindingRow, RetentionRow,
    NotifyingRow, RevealRow, AttachmentRow, RatingRow, SettlingRow, RiskRow, JourneyRow,
    DisputeRow, RecoveryRow,
)  # fmt: skip
ROWS: tuple[type[Row], ...] = (
    SkillRow, IssueRow, ClockRow, CalendarRow, SpecialDayRow, GateRow, GateWordsRow, GateHostRow,
    ReasonRow, CategoryRow, RemedyRow, ReturnRow, CompensationRow, CompensationCapRow, AuthorityRow,
    BudgetRow, PresaleRow, PriceProtectionRow, *VALUE_ROWS,
)  # fmt: skip
