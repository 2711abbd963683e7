"""A dispute: both sides show what they have, the platform decides by its deadline, once over.

Neither side has to escalate anything. If the merchant shows nothing, or the platform decides
nothing in time, the rule pack says what it comes to. Either side may object once; then somebody
else decides, and that is final. What the consumer got is not taken back: if the merchant was right
after all, whoever is liable instead bears it, or the platform.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import Price, less
from oncedesk.domain.remedies.authorising import (
    DECIDED_BEFORE,
    ask,
    declined,
    limited_to,
    too_close,
    wanted_minor,
)
from oncedesk.domain.remedies.clocks import objected_until
from oncedesk.domain.remedies.dispute_silence import verdict_of_silence
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.inspecting import can_go_back
from oncedesk.domain.remedies.journey import Contest
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    Decision,
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
    DisputingCommand,
    EvidenceSubmitted,
    LiableShare,
    ObjectionMade,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.refunding import RemedyClosed
from oncedesk.domain.remedies.messages.returning import GoodsDue
from oncedesk.domain.remedies.paying import goods_due
from oncedesk.domain.remedies.postings import beside_given, burdened, spared, turned, undone
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.refunding import closed, settle
from oncedesk.domain.remedies.repricing import NOTHING_LEFT, at_most_left, held_again
from oncedesk.domain.remedies.requesting import approve
from oncedesk.domain.remedies.state import EVIDENCE_MAX, Dispute, Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.taking import besides
from oncedesk.domain.remedies.transit import turned_up
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    Line,
    Payer,
    RemedyKind,
    Share,
    Status,
)
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.gate import rules as gate
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import DisputeRule
from oncedesk.domain.shared.rulepack import Pack


def disputing(
    *,
    state: Remedies,
    remedy: Remedy,
    command: DisputingCommand,
    purchase: Purchase,
    facts: Facts,
) -> Answer:
    """What a side says, and what is decided."""
    match command:
        case OpenDispute():
            return _open(state, remedy, command, purchase, facts)
        case SubmitEvidence():
            return _evidence(state, remedy, command, facts)
        case DecideDispute():
            return _decide(state, remedy, command, purchase, facts)
        case ObjectToDecision():
            return _object(state, remedy, command, facts)


def open_dispute(
    *, state: Remedies, remedy: Remedy, reason: str, facts: Facts
) -> list[RemedyEvent]:
    """From now on both sides may show evidence, until the clock runs out."""
    pack = facts.packs.by_hash(remedy.pack)
    rule = pack.remedies.dispute
    due_at = pack.calendars[rule.evidence_calendar].add(facts.now, rule.evidence_seconds)
    merchant = merchant_of(state=state, remedy=remedy)
    return [
        DisputeOpened(
            **state.about(remedy.number, facts.now),
            reason=reason,
            rule=rule.id,
            clock=Clock(ClockKind.EVIDENCE, due_at, rule.id),
            desk=None if merchant is None else Desk(DeskKind.MERCHANT, merchant),
        )
    ]


def evidence_over(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """The time for evidence is over: a merchant that showed nothing is decided by rule."""
    outcome = verdict_of_silence(remedy=remedy, rule=_rule(remedy, facts))
    if outcome is None:
        return [_ask_platform(state, remedy, facts)]
    return _by_rule(state, remedy, outcome, "merchant_silent", purchase, facts)


def undecided(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """The platform decided nothing in time; an objection that nobody looked at changes nothing."""
    remedy = as_disputed(state=state, remedy=remedy, purchase=purchase, facts=facts)
    outcome = verdict_of_silence(remedy=remedy, rule=_rule(remedy, facts))
    assert outcome is not None, "asked already"
    return _by_rule(state, remedy, outcome, "undecided_in_time", purchase, facts)


def _open(
    state: Remedies, remedy: Remedy, command: OpenDispute, purchase: Purchase, facts: Facts
) -> Answer:
    going_back = remedy.journey is not None and remedy.journey.their_own
    if remedy.dispute is not None or remedy.status is not Status.REFUSED or going_back:
        return Refusal("dispute_not_open", "a refusal that was not disputed before")
    again = held_again(state=state, remedy=remedy, purchase=purchase, facts=facts)
    if isinstance(again, Refusal):
        return again
    return [
        *again,
        *open_dispute(state=state, remedy=remedy, reason=command.reason, facts=facts),
    ]


def _evidence(state: Remedies, remedy: Remedy, command: SubmitEvidence, facts: Facts) -> Answer:
    dispute = remedy.dispute
    if dispute is None or not remedy.disputed:
        return Refusal("dispute_not_open", "a dispute that is not decided")
    shown = dispute.merchant_evidence
    if command.side is Side.CONSUMER:
        shown = dispute.consumer_evidence
    if shown + len(command.digests) > EVIDENCE_MAX:
        return Refusal("evidence_too_much", f"at most {EVIDENCE_MAX} of each side", "digests")
    return [
        EvidenceSubmitted(
            **state.about(remedy.number, facts.now), side=command.side, digests=command.digests
        )
    ]


def _ask_platform(
    state: Remedies, remedy: Remedy, facts: Facts, *, not_by: UUID | None = None
) -> DecisionAsked:
    pack = facts.packs.by_hash(remedy.pack)
    rule = pack.remedies.dispute
    due_at = pack.calendars[rule.decision_calendar].add(facts.now, rule.decision_seconds)
    return DecisionAsked(
        **state.about(remedy.number, facts.now),
        desk=PLATFORM,
        clock=Clock(ClockKind.DECISION, due_at, rule.id),
        not_by=not_by,
    )


def _decide(
    state: Remedies, remedy: Remedy, command: DecideDispute, purchase: Purchase, facts: Facts
) -> Answer:
    remedy = as_disputed(state=state, remedy=remedy, purchase=purchase, facts=facts)
    dispute = remedy.dispute
    if dispute is None or not remedy.disputed:
        return Refusal("dispute_not_open", "a dispute that is not decided")
    if dispute.decided_before(command.agent):
        return DECIDED_BEFORE
    if command.outcome is not Outcome.REFUSED and is_taken(remedy):
        return NOTHING_LEFT
    if not command.basis and not command.length:
        return Refusal("message_empty", "what it rests on", "basis")
    blocked = _blocked(command, facts.packs.current(state.market))
    if blocked is not None:
        return blocked
    amount_minor = _amount(remedy, command)
    if isinstance(amount_minor, Refusal):
        return amount_minor
    shares = _shares(state, remedy, command.shares, amount_minor)
    if isinstance(shares, Refusal):
        return shares
    text = None
    if command.length:
        text = PrivateText(facts.command_id, command.digest, command.length)
    decision = Decision(
        command.outcome, amount_minor, command.reason, command.basis, command.shares, text
    )
    agent = command.agent
    refused = too_close(agent, consumer=state.consumer, facts=facts)
    if refused is not None:
        return refused
    limited = limited_to(agent, desk=PLATFORM, remedy=remedy, facts=facts)
    if limited is None or not wanted_minor(remedy, decision):
        return _as(state, remedy, decision, agent, purchase, facts)
    return [
        ask(state=state, remedy=remedy, agent=limited, desk=PLATFORM, facts=facts, wanted=decision)
    ]


def _blocked(command: DecideDispute, pack: Pack) -> Refusal | None:
    """The basis is masked for nobody, so it names no way to reach somebody."""
    hits = () if command.verdict is None else command.verdict.hits
    blocked = tuple(
        hit
        for hit in hits
        if hit.kind in gate.WAYS_OUT
        or pack.gate.rule(hit.kind).outcome(gate.Speaker.PLATFORM) is gate.Outcome.BLOCK
    )
    if not blocked:
        return None
    kinds = dict.fromkeys(hit.kind.value for hit in blocked)
    return Refusal(gate.MESSAGE_BLOCKED, ", ".join(kinds), "basis", blocked)


def decide_as(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """Whoever wants to decide it so may give so much, alone or with the second person; where others
    have given all of it meanwhile, somebody decides anew."""
    remedy = as_disputed(state=state, remedy=remedy, purchase=purchase, facts=facts)
    approval = remedy.approval
    assert approval is not None
    assert approval.decision is not None
    if is_taken(remedy):
        return [declined(state, remedy, NOTHING_LEFT.code, approval.first, facts)]
    return _as(state, remedy, approval.decision, approval.first, purchase, facts, approval.second)


def as_disputed(*, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts) -> Remedy:
    """What was decided is in dispute as it is by now.

    Of all of it less may have been accepted, or money given in the place of goods. Where a part was
    given for goods that stay, or it was refused, other remedies may have given what was left of it.
    """
    dispute = remedy.dispute
    if dispute is None or dispute.outcome is None:
        return remedy
    if not remedy.is_granted:
        return _not_taken(state, remedy, dispute, purchase, facts)
    wanted, wanted_minor = remedy.lines, remedy.amount_minor
    if dispute.outcome is Outcome.IN_PART:
        left = _left(state, remedy, dispute, purchase, facts)
        if left is not None and left.amount_minor > wanted_minor:
            wanted, wanted_minor = left.lines, left.amount_minor
    elif dispute.outcome is not Outcome.GRANTED:
        return remedy
    return replace(remedy, dispute=replace(dispute, wanted=wanted, wanted_minor=wanted_minor))


def _not_taken(
    state: Remedies, remedy: Remedy, dispute: Dispute, purchase: Purchase, facts: Facts
) -> Remedy:
    """What was refused held nothing since; it wants no line any more where all of it is taken."""
    left = _left(state, remedy, dispute, purchase, facts)
    if left is None or (dispute.wanted_minor and not left.amount_minor):
        return replace(remedy, dispute=replace(dispute, wanted=(), wanted_minor=0))
    if remedy.kind.goes_out:
        return remedy
    by_now = replace(dispute, wanted=left.lines, wanted_minor=left.amount_minor)
    return replace(remedy, dispute=by_now)


def _left(
    state: Remedies, remedy: Remedy, dispute: Dispute, purchase: Purchase, facts: Facts
) -> Price | None:
    """What others leave of what is wanted; None: nothing."""
    beside_minor = dispute.wanted_minor - sum(line.amount_minor for line in dispute.wanted)
    whole = replace(remedy, lines=dispute.wanted, shipping_minor=beside_minor)
    return at_most_left(state=state, remedy=whole, purchase=purchase, facts=facts)


def is_taken(remedy: Remedy) -> bool:
    """Whether other remedies have given all of what is wanted, so that it can only be refused."""
    return bool(remedy.lines) and remedy.dispute is not None and not remedy.dispute.wanted


def _as(
    state: Remedies,
    remedy: Remedy,
    decision: Decision,
    agent: UUID | None,
    purchase: Purchase,
    facts: Facts,
    stood_by: UUID | None = None,
) -> list[RemedyEvent]:
    assert remedy.dispute is not None
    amount_minor = min(decision.amount_minor, remedy.dispute.wanted_minor)
    shares = _shares(state, remedy, decision.shares, amount_minor)
    assert not isinstance(shares, Refusal)
    decided = replace(
        _decided(state, remedy, decision.outcome, amount_minor, shares, facts),
        by=DecidedBy.PLATFORM,
        reason=decision.reason,
        basis=decision.basis,
        text=decision.text,
        agent=agent,
        stood_by=stood_by,
    )
    return _follow(state, remedy, decided, purchase, facts)


def _amount(remedy: Remedy, command: DecideDispute) -> int | Refusal:
    assert remedy.dispute is not None
    wanted_minor = remedy.dispute.wanted_minor
    match command.outcome:
        case Outcome.GRANTED:
            return wanted_minor
        case Outcome.REFUSED:
            return 0
        case Outcome.IN_PART:
            if command.amount_minor is None or not 0 < command.amount_minor < wanted_minor:
                return Refusal(
                    "amount_not_in_part", f"more than 0, less than {wanted_minor}", "amount_minor"
                )
            return command.amount_minor


def _shares(
    state: Remedies, remedy: Remedy, said: tuple[LiableShare, ...], amount_minor: int
) -> tuple[Share, ...] | Refusal:
    """Who bears it as decided, or as the rule has it."""
    if not said:
        weights = [share.minor for share in remedy.shares]
        minors = split_minor(amount_minor, weights) if weights else ()
        return tuple(
            replace(share, minor=minor) for share, minor in zip(remedy.shares, minors, strict=True)
        )
    if sum(one.percent for one in said) != 100:
        return Refusal("shares_not_whole", "a hundred percent together", "shares")
    names = [one.payer for one in said]
    if len(set(names)) != len(names) or not set(names) <= {payer.value for payer in Payer}:
        return Refusal("payer_unknown", ", ".join(payer.value for payer in Payer), "shares")
    merchant = merchant_of(state=state, remedy=remedy)
    parties = {Payer.MERCHANT: merchant, Payer.CREATOR: state.creator}
    minors = split_minor(amount_minor, [one.percent for one in said])
    return tuple(
        Share(Payer(one.payer), parties.get(Payer(one.payer)), minor)
        for one, minor in zip(said, minors, strict=True)
    )


def _decided(
    state: Remedies,
    remedy: Remedy,
    outcome: Outcome,
    amount_minor: int,
    shares: tuple[Share, ...],
    facts: Facts,
) -> DisputeDecided:
    dispute = remedy.dispute
    assert dispute is not None
    rule = _rule(remedy, facts)
    final = dispute.objected is not None
    until = objected_until(pack=facts.packs.by_hash(remedy.pack), since=facts.now)
    lines = _lines(remedy, amount_minor)
    # What other goods cost less is for no line either.
    of_goods = remedy.kind.goes_out or remedy.kind.changes
    return DisputeDecided(
        **state.about(remedy.number, facts.now),
        outcome=outcome,
        by=DecidedBy.RULE,
        reason="",
        basis=rule.id,
        rule=rule.id,
        amount_minor=amount_minor,
        lines=lines,
        shares=shares,
        final=final,
        clock=None if final else Clock(ClockKind.OBJECTION, until, rule.id),
        case=remedy.case,
        shipping_minor=0 if of_goods else besides(lines, amount_minor),
    )


def _lines(remedy: Remedy, amount_minor: int) -> tuple[Line, ...]:
    """The lines as wanted, with what of their amounts is given: for a part of a refund, goods that
    were not to come back stay."""
    dispute = remedy.dispute
    assert dispute is not None
    wanted_minor = sum(line.amount_minor for line in dispute.wanted)
    if amount_minor >= wanted_minor:
        return dispute.wanted
    stays = remedy.kind is RemedyKind.REFUND
    return less(lines=dispute.wanted, amount_minor=amount_minor, stays=stays)


def _beyond(before: Sequence[Line], lines: Sequence[Line]) -> tuple[Line, ...]:
    """These lines with the subsidies and commissions that they have beyond those of before."""
    known = {(line.part, line.item): line for line in before}
    more = []
    for line in lines:
        less_than = known.get((line.part, line.item))
        subsidy_minor, commission_minor = line.subsidy_minor, line.commission_minor
        if less_than is not None:
            subsidy_minor = max(0, subsidy_minor - less_than.subsidy_minor)
            commission_minor = max(0, commission_minor - less_than.commission_minor)
        more.append(replace(line, subsidy_minor=subsidy_minor, commission_minor=commission_minor))
    return tuple(more)


def _by_rule(
    state: Remedies,
    remedy: Remedy,
    outcome: Outcome,
    reason: str,
    purchase: Purchase,
    facts: Facts,
) -> list[RemedyEvent]:
    dispute = remedy.dispute
    assert dispute is not None
    amount_minor = dispute.wanted_minor if outcome is Outcome.GRANTED else 0
    if outcome is Outcome.IN_PART:
        amount_minor = remedy.amount_minor
    # Silence is nobody's yes: it binds no merchant to what only its own would.
    bearing = replace(remedy, shares=remedy.otherwise or remedy.shares)
    shares = _shares(state, bearing, (), amount_minor)
    assert not isinstance(shares, Refusal)
    decided = replace(_decided(state, remedy, outcome, amount_minor, shares, facts), reason=reason)
    return _follow(state, remedy, decided, purchase, facts)


def _follow(
    state: Remedies,
    remedy: Remedy,
    decided: DisputeDecided,
    purchase: Purchase,
    facts: Facts,
) -> list[RemedyEvent]:
    """What the decision leads to: the money, more of it, or the platform bearing what was sent."""
    given_minor = remedy.granted_minor
    if remedy.is_granted and decided.amount_minor > given_minor:
        # What was given stays with whom it is.
        decided = replace(decided, shares=beside_given(remedy=remedy, shares=decided.shares))
    events: list[RemedyEvent] = [decided]
    after = evolved(state, events)
    number = remedy.number
    if not remedy.is_granted and decided.outcome is not Outcome.REFUSED:
        return [
            *events,
            *approve(state=after, remedy=number, by=decided.by, facts=facts, purchase=purchase),
        ]
    back = turned_up(state=after, remedy=after.the_remedy(number), facts=facts, purchase=purchase)
    if back:
        return [*events, *back]
    less_minor = given_minor - decided.amount_minor
    if less_minor >= 0 and _made_good(remedy):
        return events
    off = spared(before=remedy.shares, after=decided.shares) if remedy.is_granted else ()
    if less_minor > 0 or (less_minor == 0 and off):
        onto = burdened(before=remedy.shares, after=decided.shares)
        backed = _reversed(state, remedy, off, onto, facts)
        events.append(backed)
        if backed.anew:
            events += settle(
                state=evolved(after, [backed]),
                remedy=number,
                facts=facts,
                purchase=purchase,
                amount_minor=remedy.send_minor,
            )
        return events
    if decided.amount_minor == given_minor:
        if decided.final and not remedy.is_granted:
            events.append(_over(after, number, facts))
        return events
    if remedy.goods_pending and not remedy.is_paid:
        return events
    if remedy.settled_at is not None:
        # What was settled is not settled again, so what the rest undoes is undone here.
        more = replace(remedy, lines=_beyond(remedy.lines, decided.lines), shares=decided.shares)
        events = [replace(decided, transfers=undone(state=state, remedy=more))]
        after = evolved(state, events)
    return [*events, *settle(state=after, remedy=number, facts=facts, purchase=purchase)]


def _made_good(remedy: Remedy) -> bool:
    """Whether the fund has paid who bore it already, since they contested it."""
    return remedy.journey is not None and remedy.journey.contest is Contest.UPHELD


def _reversed(
    state: Remedies,
    remedy: Remedy,
    off: tuple[Share, ...],
    onto: tuple[Share, ...],
    facts: Facts,
) -> DecisionReversed:
    """Others bear this in the place of whoever did: who is liable now, the platform the rest."""
    otherwise = turned(state=state, remedy=remedy, shares=off, onto=onto)
    changed = otherwise.shares != remedy.shares
    return DecisionReversed(
        **state.about(remedy.number, facts.now),
        amount_minor=max(0, _sum(off) - _sum(onto)),
        shares=remedy.shares,
        transfers=otherwise.transfers,
        forgiven=otherwise.forgiven,
        legs=otherwise.legs,
        borne=otherwise.shares if changed else (),
        sources=otherwise.sources if changed else (),
        released=otherwise.released,
        owed=otherwise.owed,
        anew=otherwise.anew,
    )


def _sum(shares: Sequence[Share]) -> int:
    return sum(share.minor for share in shares)


def _over(state: Remedies, number: int, facts: Facts) -> RemedyClosed | GoodsDue:
    """Refused for good: what the consumer sent goes back to them."""
    remedy = state.the_remedy(number)
    if can_go_back(remedy):
        return goods_due(state=state, remedy=remedy, facts=facts, their_own=True)
    return closed(state=state, remedy=remedy, facts=facts)


def _object(state: Remedies, remedy: Remedy, command: ObjectToDecision, facts: Facts) -> Answer:
    dispute: Dispute | None = remedy.dispute
    if dispute is None or dispute.outcome is None or remedy.clock(ClockKind.OBJECTION) is None:
        return Refusal("objection_too_late", "a decision that can be objected to")
    if dispute.objected is not None:
        return Refusal("objected_before", "one objection to a decision")
    if command.side is Side.CONSUMER and dispute.outcome is Outcome.GRANTED:
        return Refusal("nothing_to_object", "it was granted in full")
    if command.side is Side.MERCHANT and dispute.outcome is Outcome.REFUSED:
        return Refusal("nothing_to_object", "it was refused")
    made = ObjectionMade(
        **state.about(remedy.number, facts.now), side=command.side, reason=command.reason
    )
    return [made, _ask_platform(state, remedy, facts, not_by=dispute.decided_by)]


def _rule(remedy: Remedy, facts: Facts) -> DisputeRule:
    return facts.packs.by_hash(remedy.pack).remedies.dispute
