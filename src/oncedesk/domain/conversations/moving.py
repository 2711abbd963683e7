"""A case goes to another desk: for good, by the platform's own decision, or there and back."""

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks, routing
from oncedesk.domain.conversations.access import is_member, is_staff, works_on
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    Audience,
    ConversationEvent,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    Referred,
    Side,
    StopReason,
    TakeOverCase,
    TakeOverCause,
    TransferCase,
    Transferred,
    UnassignReason,
)
from oncedesk.domain.conversations.state import Case, Conversation, Referral
from oncedesk.domain.conversations.texts import refuse_said, say
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import desk_seen
from oncedesk.domain.shared.gate.rules import Speaker
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind


def transfer_case(
    *, state: Conversation, case: Case, command: TransferCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Another desk owns it now, with clocks of its own; the consumer's clocks run on."""
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if command.desk == case.owner:
        return Refusal("same_desk", "another desk", "desk")
    refused = routing.refuse_move(
        state=state, case=case, command=command, desk=command.desk, facts=facts
    )
    if refused is not None:
        return refused
    now = facts.now
    pack = facts.packs.current(state.market)
    return [
        *routing.leave_desk(case=case, reason=UnassignReason.TRANSFERRED, pack=pack, now=now),
        Transferred(
            case=case.number,
            at=now,
            from_desk=case.owner,
            to_desk=command.desk,
            reason=command.reason,
        ),
        *routing.enter_desk(
            case=case,
            desk=command.desk,
            pack=pack,
            now=now,
            left_seconds=state.left_of(case.number, command.desk),
        ),
    ]


def take_over_case(
    *, state: Conversation, case: Case, command: TakeOverCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The platform intervenes; only its own people decide so."""
    staff = is_staff(agent=command.agent, facts=facts)
    if not staff or not is_member(agent=command.agent, desk=PLATFORM, facts=facts):
        return NOT_ALLOWED
    if case.owner == PLATFORM:
        return Refusal("same_desk", "a case of another desk")
    return routing.take_over(
        case=case,
        cause=TakeOverCause.INTERVENTION,
        pack=facts.packs.current(state.market),
        now=facts.now,
        seen=desk_seen(facts.states, PLATFORM),
        reason=command.reason,
    )


def refer_case(
    *, state: Conversation, case: Case, command: ReferCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Ask another desk. It answers by a clock of its own; the consumer notices nothing."""
    if not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    refused = refuse_said(command) or routing.refuse_move(
        state=state, case=case, command=command, desk=command.desk, facts=facts
    )
    if refused is not None:
        return refused
    if command.desk == case.owner:
        return Refusal("same_desk", "another desk", "desk")
    if case.referral is not None:
        return Refusal("referred_already", "one referral at a time")
    now = facts.now
    pack = facts.packs.current(state.market)
    said = _note(state=state, case=case, command=command, facts=facts)
    if isinstance(said, Refusal):
        return said
    referred = Referred(
        case=case.number,
        at=now,
        from_desk=case.owner,
        to_desk=command.desk,
        mode=command.mode,
        question=facts.command_id,
        agent=command.agent,
    )
    if command.mode is ReferralMode.STAY:
        asked = Referral(command.desk, case.owner, command.mode, facts.command_id, command.agent)
        started = clocks.start_in(
            case=replace(case, referral=asked),
            pack=pack,
            kind=ClockKind.NEXT_RESPONSE,
            side=Side.REFERRAL,
            now=now,
        )
        return [*said, referred, *started]
    return [
        *said,
        *routing.leave_desk(case=case, reason=UnassignReason.REFERRED, pack=pack, now=now),
        referred,
        *routing.enter_desk(
            case=case,
            desk=command.desk,
            pack=pack,
            now=now,
            left_seconds=state.left_of(case.number, command.desk),
        ),
    ]


def answer_referral(
    *, state: Conversation, case: Case, command: AnswerReferral, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The asked desk answers; what it was handed goes back, first to whoever asked; to the
    platform's desk where theirs takes no work any more, or a remedy needs the platform by then."""
    referral = case.referral
    if referral is None:
        return Refusal("not_referred", "a case that was referred")
    staff = is_staff(agent=command.agent, facts=facts)
    if not staff or not is_member(agent=command.agent, desk=referral.desk, facts=facts):
        return NOT_ALLOWED
    refused = refuse_said(command)
    if refused is not None:
        return refused
    now = facts.now
    said = _note(state=state, case=case, command=command, facts=facts)
    if isinstance(said, Refusal):
        return said
    pack = facts.packs.current(state.market)
    closed = routing.refuse_desk(desk=referral.back_to, facts=facts) is not None
    back_to = PLATFORM if closed or case.needed else referral.back_to
    if referral.mode is ReferralMode.STAY or back_to == case.owner:
        running = [clock for clock in case.clocks if clock.side is Side.REFERRAL]
        ended = ReferralEnded(
            case=case.number,
            at=now,
            desk=referral.desk,
            outcome=ReferralOutcome.ANSWERED,
            answer=facts.command_id,
        )
        return [
            *said,
            *clocks.stop(case=case, clocks=running, reason=StopReason.REFERRAL_ENDED, now=now),
            ended,
            *routing.wake_up(case=case, pack=pack, now=now),
        ]
    return [
        *said,
        *routing.leave_desk(
            case=case,
            reason=UnassignReason.REFERRED,
            pack=pack,
            now=now,
            referral=ReferralOutcome.ANSWERED,
            answer=facts.command_id,
        ),
        *routing.enter_desk(
            case=case,
            desk=back_to,
            pack=pack,
            now=now,
            preferred=referral.agent if back_to == referral.back_to else None,
            left_seconds=state.left_of(case.number, back_to),
        ),
    ]


def _note(
    *, state: Conversation, case: Case, command: ReferCase | AnswerReferral, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """What the desks say to each other."""
    return say(
        case=case.number,
        command=command,
        audience=Audience.DESKS,
        speaker=Speaker.NOTE,
        market=state.market,
        facts=facts,
    )
