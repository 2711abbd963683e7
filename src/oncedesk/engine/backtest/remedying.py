"""What a consumer who asked for a remedy was told: how much, from whom, and who answers by when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.circumstances import shown_before
from oncedesk.domain.remedies.messages.asking import (
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RequestRemedy,
)
from oncedesk.domain.remedies.messages.promising import BreachCompensated
from oncedesk.domain.remedies.preview import Asked, preview
from oncedesk.domain.remedies.requesting import answer_clock, refuse_as_asked
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Clock, DecidedBy, Share
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Amount, Outcome, Term
from oncedesk.engine.backtest.promising import paid_minor
from oncedesk.engine.backtest.questions import Case, Past, Question, Reason, Seen, Step, Unknown
from oncedesk.engine.ports import Unreadable

WORDS = ("answer", "desk", "speed", "evidence", "otherwise")
REFUSED = "refused"


class Wanted(Record, frozen=True):
    """What was asked for, and all that was known around it."""

    command: RequestRemedy
    purchase: OrderState
    book: Remedies | None
    states: Mapping[UUID, object]
    at: datetime
    shown_before: bool


def decide(facts: Wanted, pack: Pack) -> Outcome:
    """What would have been previewed, and so recorded, under this pack."""
    command = facts.command
    found = preview(
        Asked(
            purchase=facts.purchase,
            book=facts.book,
            wish=command.wish,
            pack=pack,
            states=facts.states,
            now=facts.at,
            human=command.human or command.goodwill,
            goodwill=command.goodwill,
            shown_before=facts.shown_before,
        )
    )
    if not isinstance(found, Refusal):
        refused = refuse_as_asked(command, found)
        if refused is None:
            return _outcome(
                desk=found.desk,
                clock=answer_clock(found=found, pack=pack),
                shares=found.shares,
                otherwise=found.otherwise,
                currency=found.currency,
                speed=found.risk.speed,
                evidence=found.risk.evidence,
            )
        found = refused
    return Outcome((f"{REFUSED}: {found.code}", "", "", "", ""))


def amounts_of(*, shares: Sequence[Share], currency: str) -> tuple[Amount, ...]:
    """Who pays what, each payer once."""
    by_payer: dict[str, int] = {}
    for share in shares:
        by_payer[share.payer.value] = by_payer.get(share.payer.value, 0) + share.minor
    return tuple(Amount(payer, minor, currency) for payer, minor in by_payer.items())


def _outcome(
    *,
    desk: Desk | None,
    clock: Clock,
    shares: Sequence[Share],
    otherwise: Sequence[Share],
    currency: str,
    speed: str,
    evidence: int,
) -> Outcome:
    merchants = desk is not None and desk.kind is DeskKind.MERCHANT
    borne = " ".join(f"{one.payer}:{one.minor}" for one in otherwise)
    return Outcome(
        (
            "granted" if desk is None else "asked",
            "" if desk is None else desk.kind.value,
            str(speed),
            str(evidence),
            borne,
        ),
        (Term("answer", clock.due_at, clock.warn_at, merchants),),
        (),
        amounts_of(shares=shares, currency=currency),
        desk.party if desk is not None and desk.kind is DeskKind.MERCHANT else None,
    )


_DECIDE = (RemedyRequested, RemedyApproved, RemedyRefused)


def _decides(events: Sequence[Any]) -> bool:
    types = {type(event) for event in events}
    return BreachCompensated not in types and not types.isdisjoint(_DECIDE)


def _cases(step: Step, seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    """What was asked for in this step, or by whom something that was asked for was decided."""
    events, command = step.entry.events, step.entry.command
    assert not isinstance(events, Unreadable)
    requested = next((event for event in events if isinstance(event, RemedyRequested)), None)
    if requested is None:
        by = next(event.by for event in events if isinstance(event, RemedyApproved | RemedyRefused))
        follows = by in (DecidedBy.RULE, DecidedBy.SILENCE)
        return (Unknown(Reason.FOLLOWS if follows else Reason.PEOPLE),)
    if not isinstance(command, RequestRemedy):
        return (Unknown(Reason.NOT_COVERED),)
    purchase = seen.get(command.order)
    assert isinstance(purchase, OrderState)
    part = purchase.parts[part_of(requested, command) - 1]
    facts = Wanted(
        command=replace(command, expected_minor=None),
        purchase=purchase,
        book=step.before,
        states=seen,
        at=step.entry.at,
        shown_before=shown_before(seen, command.evidence, order=command.order),
    )
    case = Case(
        key=derived_id("remedies", step.entry.command_id),
        stream=past.ref.id,
        version=step.entry.version,
        at=step.entry.at,
        market=purchase.market,
        pack=requested.pack,
        merchant=part.merchant,
        stake=Money(paid_minor(part), purchase.currency),
        facts=facts,
        recorded=_recorded(requested, purchase.currency),
    )
    return (case,)


def part_of(requested: RemedyRequested, command: RequestRemedy) -> int:
    """Which part of the order it is about; a wish without lines may name it."""
    return requested.lines[0].part if requested.lines else max(command.wish.part, 1)


def _recorded(requested: RemedyRequested, currency: str) -> Outcome:
    assert requested.clock is not None
    return _outcome(
        desk=requested.desk,
        clock=requested.clock,
        shares=requested.shares,
        otherwise=requested.otherwise,
        currency=currency,
        speed=requested.speed,
        evidence=requested.evidence_wanted,
    )


REMEDIES = Question(
    name="remedies",
    about="what a consumer who asked for a remedy was told: how much, from whom, who answers when",
    kind=Kind.REMEDIES,
    words=WORDS,
    sees=frozenset({Kind.ORDER, Kind.PARTY, Kind.DESK, Kind.EVIDENCE, Kind.LISTING, Kind.WALLET}),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
