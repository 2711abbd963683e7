"""What the fund is owed, and how it gets that back: out of one pocket after the other, then never.

The marketplace is asked for each amount under a key of its own; until it has answered, the amount
is pending and nobody else is given it. The oldest debt is paid first.
"""

from datetime import UTC, datetime, time, timedelta

from oncedesk.domain.accounts.messages import (
    AccountEvent,
    AdvanceForgiven,
    AdvanceOwed,
    Answer,
    ConfirmRecovery,
    DebtAged,
    DebtWrittenOff,
    FailRecovery,
    ForgiveAdvance,
    Holder,
    OfMarket,
    OweAdvance,
    Pocket,
    RecoveryPosted,
    RecoveryRequested,
    RecoveryVoided,
)
from oncedesk.domain.accounts.state import (
    Debt,
    PartyAccount,
    Recovery,
    evolve,
    of_markets,
    paid,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.ledger import Account, Entry, Phase, ending, moving
from oncedesk.domain.shared.remedy_rules import RecoveryRule

_RECOVERY_UNKNOWN = Refusal("recovery_unknown", "one that is not settled", "recovery")
_STANDS_IN = {
    (Holder.MERCHANT, Pocket.ESCROW): Account.ESCROW,
    (Holder.MERCHANT, Pocket.BALANCE): Account.MERCHANT_PAYABLE,
    (Holder.MERCHANT, Pocket.DEPOSIT): Account.MERCHANT_DEPOSIT,
}
_OTHERWISE = {
    Holder.MERCHANT: Account.MERCHANT_PAYABLE,
    Holder.CREATOR: Account.CREATOR_COMMISSION,
    Holder.AGENCY: Account.AGENCY,
    Holder.CARRIER: Account.CARRIER,
    Holder.INSURER: Account.INSURER,
}


def standing_in(holder: Holder, pocket: Pocket) -> Account:
    """The ledger's account in which the money of this pocket stands."""
    return _STANDS_IN.get((holder, pocket), _OTHERWISE[holder])


def owe(*, state: PartyAccount, command: OweAdvance, facts: Facts) -> list[AccountEvent]:
    """The party owes what the fund has paid, and what there is of it is asked for at once."""
    rule, day = _rule(state, facts), facts.now.astimezone(UTC).date()
    owed = AdvanceOwed(
        **state.about(facts.now),
        consumer=command.consumer,
        order=command.order,
        remedy=command.remedy,
        amount_minor=command.amount_minor,
        day=day,
        due_at=_next_look(rule, Debt(day, 0, facts.now), facts.now),
        rule=rule.id,
        elsewhere="" if command.market == state.market else command.market,
        transfers=moving(
            number=state.moved + 1,
            phase=Phase.POSTED,
            currency=state.currency,
            entries=(
                Entry(Account.RECEIVABLE, state.party, -command.amount_minor),
                Entry(Account.ASSURANCE_FUND, None, command.amount_minor),
            ),
        ),
    )
    return [owed, *recover(state=evolve(state, owed), facts=facts)]


def recover(*, state: PartyAccount, facts: Facts) -> list[AccountEvent]:
    """Ask the marketplace for what is owed, out of every pocket that has something free."""
    rule = _rule(state, facts)
    events: list[AccountEvent] = []
    for pocket in map(Pocket, rule.order.split()):
        minor = min(state.free_minor(pocket), state.unasked_minor)
        if minor and not any(one.pocket is pocket for one in state.recoveries):
            event = RecoveryRequested(
                **state.about(facts.now),
                recovery=state.numbered + 1,
                pocket=pocket,
                amount_minor=minor,
                due_at=facts.now + timedelta(seconds=rule.answer_seconds),
                rule=rule.id,
                first_asked_at=facts.now,
                transfers=moving(
                    number=state.moved + 1,
                    phase=Phase.PENDING,
                    currency=state.currency,
                    entries=(
                        Entry(standing_in(state.holder, pocket), state.party, -minor),
                        Entry(Account.RECEIVABLE, state.party, minor),
                    ),
                ),
            )
            state = evolve(state, event)
            events.append(event)
    return events


def confirm(*, state: PartyAccount, command: ConfirmRecovery, facts: Facts) -> Answer:
    """The fund has it back."""
    recovery = state.recovery(command.recovery)
    if recovery is None:
        return _RECOVERY_UNKNOWN
    if command.amount_minor != recovery.minor:
        return Refusal("amount_differs", f"it was asked for {recovery.minor}", "amount_minor")
    posted = RecoveryPosted(
        **state.about(facts.now),
        recovery=recovery.number,
        pocket=recovery.pocket,
        amount_minor=recovery.minor,
        market=state.market,
        elsewhere=_elsewhere(state, recovery.minor),
        remembered=True,
        transfers=ending(pending=state.pending, number=recovery.transfer, phase=Phase.POSTED),
    )
    return [posted, *recover(state=evolve(state, posted), facts=facts)]


def _elsewhere(state: PartyAccount, minor: int) -> tuple[OfMarket, ...]:
    """What of the oldest that is owed other markets had given."""
    before, after = (
        of_markets(one for debt in debts for one in debt.elsewhere)
        for debts in (state.debts, paid(state.debts, minor))
    )
    left = {one.market: one.minor for one in after}
    return of_markets(OfMarket(one.market, one.minor - left.get(one.market, 0)) for one in before)


def fail(*, state: PartyAccount, command: FailRecovery, facts: Facts) -> Answer:
    """It was not there; another pocket may have it."""
    recovery = state.recovery(command.recovery)
    if recovery is None:
        return _RECOVERY_UNKNOWN
    voided = RecoveryVoided(
        **state.about(facts.now),
        recovery=recovery.number,
        pocket=recovery.pocket,
        amount_minor=recovery.minor,
        reason=command.reason.value,
        transfers=ending(pending=state.pending, number=recovery.transfer, phase=Phase.VOIDED),
    )
    return [voided, *recover(state=evolve(state, voided), facts=facts)]


def forgive(*, state: PartyAccount, command: ForgiveAdvance, facts: Facts) -> list[AccountEvent]:
    """What is owed ends, what was taken goes back; what was written off was never theirs to owe."""
    owed_minor = min(command.amount_minor, state.unasked_minor)
    back_minor = min(command.amount_minor - owed_minor, _taken_minor(state))
    lost_minor = min(command.amount_minor - owed_minor - back_minor, _lost_minor(state))
    entries = (
        Entry(Account.RECEIVABLE, state.party, owed_minor),
        Entry(standing_in(state.holder, Pocket.BALANCE), state.party, back_minor),
        Entry(Account.WRITTEN_OFF, None, lost_minor),
        Entry(Account.ASSURANCE_FUND, None, -owed_minor - back_minor - lost_minor),
    )
    return [
        AdvanceForgiven(
            **state.about(facts.now),
            consumer=command.consumer,
            order=command.order,
            remedy=command.remedy,
            owed_minor=owed_minor,
            back_minor=back_minor,
            lost_minor=lost_minor,
            market=command.market,
            transfers=moving(
                number=state.moved + 1,
                phase=Phase.POSTED,
                currency=state.currency,
                entries=entries,
            ),
        )
    ]


def ask_again(*, state: PartyAccount, facts: Facts) -> list[AccountEvent]:
    """What is due: the marketplace has not answered, or a debt has grown older."""
    rule = _rule(state, facts)
    events: list[AccountEvent] = [
        RecoveryRequested(
            **state.about(facts.now),
            recovery=one.number,
            pocket=one.pocket,
            amount_minor=one.minor,
            due_at=facts.now + _pause(rule, one),
            rule=rule.id,
            again=True,
            first_asked_at=one.first_asked_at,
        )
        for one in state.recoveries
        if one.due_at <= facts.now
    ]
    for debt in state.debts:
        if debt.due_at <= facts.now:
            event = _age(state, debt, rule, facts)
            state = evolve(state, event)
            events.append(event)
    return events


def _pause(rule: RecoveryRule, recovery: Recovery) -> timedelta:
    """Each time twice as long, up to a week."""
    seconds = rule.answer_seconds << min(recovery.asked_again + 1, 10)
    return timedelta(seconds=min(seconds, 7 * 86_400))


def _age(
    state: PartyAccount, debt: Debt, rule: RecoveryRule, facts: Facts
) -> DebtAged | DebtWrittenOff:
    """People are told, or it is written off, but for what the marketplace is asked for just now."""
    days = (facts.now.astimezone(UTC).date() - debt.day).days
    due_at = _next_look(rule, debt, facts.now)
    lost_minor = min(debt.minor, state.unasked_minor) if days >= rule.write_off_days else 0
    if not lost_minor:
        return DebtAged(
            **state.about(facts.now),
            day=debt.day,
            days=days,
            amount_minor=debt.minor,
            due_at=due_at,
            rule=rule.id,
        )
    return DebtWrittenOff(
        **state.about(facts.now),
        day=debt.day,
        amount_minor=lost_minor,
        due_at=due_at,
        rule=rule.id,
        transfers=moving(
            number=state.moved + 1,
            phase=Phase.POSTED,
            currency=state.currency,
            entries=(
                Entry(Account.WRITTEN_OFF, None, -lost_minor),
                Entry(Account.RECEIVABLE, state.party, lost_minor),
            ),
        ),
    )


def _next_look(rule: RecoveryRule, debt: Debt, now: datetime) -> datetime:
    """The beginning of the next day on which it is of an age that counts; else tomorrow."""
    ages = sorted({*map(int, rule.ageing_days.split()), rule.write_off_days})
    for age in ages:
        looked_at = datetime.combine(debt.day + timedelta(days=age), time(), UTC)
        if looked_at > now:
            return looked_at
    return now + timedelta(days=1)


def _taken_minor(state: PartyAccount) -> int:
    """What was taken from the party, or is being asked for, and not given back."""
    own = sum(
        one.minor
        for one in state.books
        if one.account is not Account.RECEIVABLE and one.party == state.party
    )
    return max(0, -own + sum(one.minor for one in state.recoveries))


def _lost_minor(state: PartyAccount) -> int:
    """What of the party's debts was written off, and not found to be none of theirs since."""
    return -sum(one.minor for one in state.books if one.account is Account.WRITTEN_OFF)


def _rule(state: PartyAccount, facts: Facts) -> RecoveryRule:
    return facts.packs.current(state.market).remedies.recovery
