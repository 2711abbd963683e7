"""The consumer says something: it joins, reopens or opens a case, and an answer is owed."""

from datetime import datetime

from msgspec.structs import replace

from oncedesk.domain.conversations import (
    clocks,
    joining,
    opening,
    refining,
    routing,
    whole_order,
)
from oncedesk.domain.conversations.access import is_consumer
from oncedesk.domain.conversations.asking import replied
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    CallBackRequested,
    CaseOpened,
    ContactKind,
    ContactReceived,
    ConversationEvent,
    OpenForBreach,
    Origin,
    PartiesSeen,
    ReceiveContact,
    ReopenCause,
    RequestCallBack,
)
from oncedesk.domain.conversations.reopening import reopen, reopen_cause
from oncedesk.domain.conversations.speaking import language_of, order_of
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.conversations.texts import (
    refuse_consumers_attachments,
    refuse_said,
    say_as_consumer,
)
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import OrderSeen, desk_seen


def receive_contact(
    *, state: Conversation | None, command: ReceiveContact, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Join the open case on the same matter, reopen the one just resolved, or open a new one."""
    if not is_consumer(consumer=command.consumer, facts=facts):
        return NOT_ALLOWED
    if not command.subject.complete:
        return Refusal("subject_incomplete", "an id (and a part number from 0)", "subject")
    refused = refuse_said(command)
    if refused is not None:
        return refused
    if command.attachments:
        pack = facts.pack_of(_market(state=state, command=command, facts=facts))
        if isinstance(pack, Refusal):
            return pack
        refused = refuse_consumers_attachments(command=command, pack=pack)
        if refused is not None:
            return refused
    if command.case is not None and (state is None or command.case > state.last_case):
        return Refusal("case_unknown", field="case")
    found = None
    if state is not None:
        found = joining.find_match(
            state=state,
            issue=command.issue,
            fresh=command.fresh,
            explicit=command.case,
            pack=facts.packs.current(state.market),
            now=facts.now,
            said=named(command),
        )
    if command.automatic:
        return _automatic(state=state, case=found, command=command, facts=facts)
    if state is None or found is None:
        return _open(state=state, command=command, facts=facts)
    if found.is_open:
        return _join(state=state, case=found, command=command, facts=facts)
    return _recontact(state=state, case=found, command=command, facts=facts)


def order_parties(*, order: OrderSeen, part: int) -> Parties | None:
    """Who sells this part; None where there is no such part.

    Part 0, the order as a whole, is its only merchant's business, or the platform's.
    """
    merchants = {one.merchant for one in order.parts if part in (0, one.number)}
    if not merchants and part and order.parts:
        return None
    return Parties(merchants.pop() if len(merchants) == 1 else None, order.creator)


def named(command: ReceiveContact) -> Parties:
    """Whom the consumer says that it is about; of an order only the order says so."""
    if command.subject.kind is SubjectKind.ORDER:
        return joining.NOBODY
    return Parties(command.merchant, command.creator)


def parties_joined(*, state: Conversation, case: Case, command: ReceiveContact) -> Parties:
    """Whose a case is that this contact joins: as was said before, or else as is said now."""
    known, said = routing.parties_of(state=state, case=case), named(command)
    return Parties(known.merchant or said.merchant, known.creator or said.creator)


def parties_said(*, state: Conversation | None, command: ReceiveContact | OpenForBreach) -> Parties:
    """Where no order is asked: as the command says, or as is known already."""
    if state is None:
        return Parties(command.merchant, command.creator)
    return Parties(command.merchant or state.merchant, command.creator or state.creator)


def request_call_back(
    *, state: Conversation, case: Case, command: RequestCallBack, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Take what a surge offers: a call by the time at which an answer is due."""
    if not is_consumer(consumer=command.consumer, facts=facts):
        return NOT_ALLOWED
    if case.call_back:
        return []
    pack = facts.packs.current(state.market)
    seen = desk_seen(facts.states, case.owner)
    if seen is None or not seen.surge or not pack.surge.call_back:
        return Refusal("call_back_not_offered", "a desk in a surge")
    if case.asked is not None:
        return Refusal("waiting_for_consumer", "a case that does not wait for the consumer")
    started = clocks.start_responses(case=case, pack=pack, now=facts.now)
    running = [clock.due_at for clock in case.responses if clock.due_at is not None]
    due_at = min([*running, *(clock.due_at for clock in started)], default=case.due_at)
    assert due_at is not None
    requested = CallBackRequested(case=case.number, at=facts.now, due_at=due_at)
    return [requested, *routing.wake_up(case=case, pack=pack, now=facts.now), *started]


def _open(
    *, state: Conversation | None, command: ReceiveContact, facts: Facts
) -> list[ConversationEvent] | Refusal:
    order = _order(command=command, facts=facts)
    parties = _parties(state=state, command=command, order=order)
    if parties is None:
        return Refusal("order_unknown", field="subject")
    market = _market(state=state, command=command, facts=facts)
    pack = facts.pack_of(market)
    if isinstance(pack, Refusal):
        return pack
    if order is not None:
        elsewhere = whole_order.refuse_elsewhere(
            command=command, order=order, states=facts.states, pack=pack, now=facts.now
        )
        if elsewhere is not None:
            return elsewhere
    now = facts.now
    number = 1 if state is None else state.last_case + 1
    kind = ContactKind.OUTSIDE if command.channel in joining.OUTSIDE else ContactKind.NEW
    language = command.language or language_of(state=state, order=order)
    opened = CaseOpened(
        case=number,
        at=now,
        issue=command.issue,
        origin=Origin.CONTACT,
        language=language,
        channel=command.channel,
        surface=command.surface,
        merchant=parties.merchant if order is None else None,
        creator=parties.creator if order is None else None,
    )
    new = opening.NewCase(
        number=number,
        issue=command.issue,
        language=language,
        parties=parties,
        by=facts.actor,
        kind=kind,
        channel=command.channel,
        at_once=opening.given_unsent(subject=command.subject, order=order),
    )
    return [
        *opening.begin(
            state=state,
            consumer=command.consumer,
            subject=command.subject,
            market=market,
            parties=parties,
            now=now,
        ),
        opened,
        _contact(number=number, spoken=language, kind=kind, nth=1, command=command, facts=facts),
        *say_as_consumer(case=number, command=command, market=pack.market, facts=facts),
        *opening.settle(new=new, pack=pack, states=facts.states, now=now),
    ]


def _automatic(
    *, state: Conversation | None, case: Case | None, command: ReceiveContact, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """No person speaks: it is kept where it belongs, and nothing opens, reopens or is answered."""
    if state is None or case is None:
        return Refusal("automatic_reply", "a person's words, to open a case", "automatic")
    return say_as_consumer(case=case.number, command=command, market=state.market, facts=facts)


def _join(
    *, state: Conversation, case: Case, command: ReceiveContact, facts: Facts
) -> list[ConversationEvent]:
    now = facts.now
    pack = facts.packs.current(state.market)
    events = _named_now(state=state, case=case, command=command, now=now)
    kind = joining.contact_kind(case=case, channel=command.channel, pack=pack, now=now)
    if kind is not None:
        events.append(_contact_again(case=case, kind=kind, command=command, facts=facts))
        case = replace(case, language=case.language or command.language)
    events += say_as_consumer(case=case.number, command=command, market=state.market, facts=facts)
    priority = routing.contact_priority(priority=case.priority, kind=kind, channel=command.channel)
    events += routing.raise_priority(case=case, to=priority, now=now)
    case = replace(case, priority=priority)
    if case.asked is not None:
        events += replied(state=state, case=case, facts=facts, pack=pack)
    else:
        events += routing.wake_up(case=case, pack=pack, now=facts.now)
    if refining.is_refined_by(case=case, issue=command.issue):
        parties = parties_joined(state=state, case=case, command=command)
        return events + refining.refine(
            case=case, issue=command.issue, parties=parties, pack=pack, facts=facts
        )
    return events + clocks.start_responses(case=case, pack=pack, now=now)


def _named_now(
    *, state: Conversation, case: Case, command: ReceiveContact, now: datetime
) -> list[ConversationEvent]:
    """Whose it is, if that was not said of it before."""
    parties = parties_joined(state=state, case=case, command=command)
    if parties == routing.parties_of(state=state, case=case):
        return []
    merchant, creator = parties.merchant, parties.creator
    return [PartiesSeen(at=now, merchant=merchant, creator=creator, case=case.number)]


def _recontact(
    *, state: Conversation, case: Case, command: ReceiveContact, facts: Facts
) -> list[ConversationEvent]:
    cause, kind = reopen_cause(case=case, channel=command.channel, default=ReopenCause.RECONTACT)
    return [
        *_named_now(state=state, case=case, command=command, now=facts.now),
        _contact_again(case=case, kind=kind, command=command, facts=facts),
        *say_as_consumer(case=case.number, command=command, market=state.market, facts=facts),
        *reopen(
            case=replace(case, language=case.language or command.language),
            cause=cause,
            kind=kind,
            channel=command.channel,
            pack=facts.packs.current(state.market),
            facts=facts,
        ),
    ]


def _market(*, state: Conversation | None, command: ReceiveContact, facts: Facts) -> str:
    """Whose rules hold: an order's own, wherever whoever asks about it is served."""
    if state is not None:
        return state.market
    order = _order(command=command, facts=facts)
    return command.market if order is None else order.market


def _order(*, command: ReceiveContact, facts: Facts) -> OrderSeen | None:
    return order_of(subject=command.subject, consumer=command.consumer, states=facts.states)


def _parties(
    *, state: Conversation | None, command: ReceiveContact, order: OrderSeen | None
) -> Parties | None:
    """Of an order, as the order has them; else as the command says, or as is known already."""
    if command.subject.kind is SubjectKind.ORDER:
        return None if order is None else order_parties(order=order, part=command.subject.part)
    return parties_said(state=state, command=command)


def _contact_again(
    *, case: Case, kind: ContactKind, command: ReceiveContact, facts: Facts
) -> ContactReceived:
    return _contact(
        number=case.number,
        spoken=case.language,
        kind=kind,
        nth=case.contacts + 1,
        command=command,
        facts=facts,
    )


def _contact(
    *, number: int, spoken: str, kind: ContactKind, nth: int, command: ReceiveContact, facts: Facts
) -> ContactReceived:
    """`spoken` is the case's language, as far as it is known."""
    return ContactReceived(
        case=number,
        at=facts.now,
        kind=kind,
        number=nth,
        channel=command.channel,
        surface=command.surface,
        language="" if spoken else command.language,
    )
