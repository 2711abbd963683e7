"""Asking for a remedy: it is recorded exactly as it was previewed, and decided if a rule can."""

from datetime import timedelta

from oncedesk.domain.remedies.changing import carry_out
from oncedesk.domain.remedies.circumstances import shown_before
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
)
from oncedesk.domain.remedies.opening import open_books
from oncedesk.domain.remedies.paying import open_contest
from oncedesk.domain.remedies.preview import Asked, Preview, preview
from oncedesk.domain.remedies.purchase import Purchase, rights_of
from oncedesk.domain.remedies.refunding import closed_early
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, Payer, RemedyKind, Share
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.remedy_rules import OnSilence
from oncedesk.domain.shared.rulepack import Pack


def request(
    *, state: Remedies | None, command: RequestRemedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """What this wish leads to at once; all of it, if a rule decides."""
    pack = rights_of(purchase, facts.packs)
    found = preview(
        Asked(
            purchase=purchase,
            book=state,
            wish=command.wish,
            pack=pack,
            states=facts.states,
            now=facts.now,
            human=command.human or command.goodwill,
            goodwill=command.goodwill,
            shown_before=shown_before(facts.states, command.evidence, order=command.order),
        )
    )
    if isinstance(found, Refusal):
        return found
    refused = refuse_as_asked(command, found)
    if refused is not None:
        return refused
    address = _address(command, facts)
    if isinstance(address, Refusal):
        return address
    events: list[RemedyEvent] = []
    if state is None:
        opened = open_books(purchase=purchase, now=facts.now)
        events.append(opened)
        state = evolve(None, opened)
    early = closed_early(state=state, facts=facts)
    if early:
        events += early
        state = evolved(state, early)
    requested = _requested(state, command, found, pack, facts, address)
    events.append(requested)
    if found.desk is None:
        state = evolve(state, requested)
        events += approve(
            state=state, remedy=requested.remedy, by=DecidedBy.RULE, facts=facts, purchase=purchase
        )
    return events


def refuse_as_asked(command: RequestRemedy, found: Preview) -> Refusal | None:
    """What a preview does not ask: whether it is still what was shown, and shows what it must.

    Evidence that the rule asks for is part of asking; more of it for risk is asked for, not needed.
    """
    if command.expected_minor not in (None, found.amount_minor):
        return Refusal("amount_changed", f"it is {found.amount_minor} by now", "expected_minor")
    if len(set(command.evidence)) < found.rule.evidence and not (command.human or command.goodwill):
        wanted = f"as many files as show it: at least {found.rule.evidence}"
        return Refusal("evidence_needed", wanted, "evidence")
    return None


def _address(command: RequestRemedy, facts: Facts) -> PrivateText | Refusal | None:
    """Where the order should go, if that is what is asked for."""
    wanted = command.wish.kind is RemedyKind.CHANGE_ADDRESS
    if wanted and not command.length:
        return Refusal("address_missing", "the address to which it should go", "address")
    if not wanted and command.length:
        return Refusal("address_not_wanted", "only where the address changes", "address")
    return PrivateText(facts.command_id, command.digest, command.length) if wanted else None


def _requested(
    state: Remedies,
    command: RequestRemedy,
    found: Preview,
    pack: Pack,
    facts: Facts,
    address: PrivateText | None,
) -> RemedyRequested:
    return RemedyRequested(
        **state.about(state.numbered + 1, facts.now),
        kind=command.wish.kind,
        reason=command.wish.reason,
        lines=found.lines,
        amount_minor=found.amount_minor,
        shipping_minor=found.shipping_minor,
        shares=found.shares,
        rule=found.rule.id,
        pack=pack.hash,
        asked_by=facts.actor.role.value,
        desk=found.desk,
        clock=answer_clock(found=found, pack=pack),
        case=command.case,
        agent=command.agent,
        speed=found.risk.speed,
        speed_reason=found.risk.reason,
        evidence=command.evidence,
        replacements=found.replacements or command.wish.replacements,
        difference_minor=found.difference_minor,
        route=found.route,
        address=address,
        method=command.wish.method,
        goodwill=command.goodwill,
        otherwise=found.otherwise,
        evidence_wanted=found.risk.evidence,
        # No rule and no silence gives goodwill: it waits for somebody who may.
        human=command.human or command.goodwill,
        takes_over=found.desk is not None and found.rule.on_silence is OnSilence.TAKE_OVER,
    )


def answer_clock(*, found: Preview, pack: Pack) -> Clock:
    """Until when whoever was asked has to answer, and when they are warned; a rule has answered."""
    rule, due_at = found.rule, found.due_at
    if found.desk is None or rule.warn_seconds == 0:
        return Clock(ClockKind.ANSWER, due_at, rule.id)
    calendar = pack.calendars.get(rule.calendar)
    if calendar is None:
        return Clock(
            ClockKind.ANSWER, due_at, rule.id, due_at - timedelta(seconds=rule.warn_seconds)
        )
    return Clock(ClockKind.ANSWER, due_at, rule.id, calendar.subtract(due_at, rule.warn_seconds))


def approve(
    *, state: Remedies, remedy: int, by: DecidedBy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """It is granted as it was asked for; what can be done at once is done at once."""
    known = state.the_remedy(remedy)
    approved = RemedyApproved(
        **state.about(remedy, facts.now),
        by=by,
        rule=known.rule,
        amount_minor=known.amount_minor,
        shares=borne(known, by),
    )
    after = evolved(state, [approved])
    events = [approved, *carry_out(state=after, remedy=remedy, facts=facts, purchase=purchase)]
    if known.kind is not RemedyKind.REFUND:
        return events
    after = evolved(state, events)
    return [*events, *open_contest(state=after, remedy=known, by=by, facts=facts)]


def borne(remedy: Remedy, by: DecidedBy) -> tuple[Share, ...]:
    """Who bears it: as previewed, or `otherwise` where only the merchant's own yes binds it. The
    platform bears what its own silence granted in a silent merchant's place. What was granted
    before, and refused when its goods had come back, whoever bore it then bears.
    """
    if remedy.journey is not None:
        return remedy.shares
    if by is DecidedBy.SILENCE and remedy.takes_over and remedy.amount_minor:
        return (Share(Payer.PLATFORM, None, remedy.amount_minor),)
    return remedy.shares if by is DecidedBy.MERCHANT else remedy.otherwise or remedy.shares
