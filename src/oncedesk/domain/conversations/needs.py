"""Which other states a command wants to see; as few as possible, none on the usual path."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from oncedesk.domain.conversations import (
    breaches,
    contacts,
    joining,
    refining,
    routing,
    whole_order,
)
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    AgentCommand,
    AnswerReferral,
    ConversationCommand,
    CorrectAttribution,
    MergeCases,
    NoteRemedy,
    OpenForBreach,
    OpenForDispute,
    PostMessage,
    ReceiveContact,
    ReferCase,
    ReopenCase,
    RequestCallBack,
    ReviewFlags,
    SplitCase,
    TakeOverCase,
    TransferCase,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.facts_seen import PLATFORM_DESK_REF, desk_ref_of, order_seen
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, Ref, agent_ref, order_ref

_ACROSS_DESKS = (
    TakeOverCase,
    AnswerReferral,
    MergeCases,
    TransferCase,
    ReferCase,
    CorrectAttribution,
)
"""What the agent who has the case may still not do, or not with every desk: it takes membership of
another one."""


def needs(
    state: Conversation | None, command: ConversationCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """All of them, every time it is asked; the second time with what the first round found."""
    match command:
        case ReceiveContact():
            return _for_contact(state, command, found)
        case OpenForBreach():
            return _for_breach(state, command)
        case OpenForDispute():
            return _for_dispute(command)
        case AgentCommand():
            return () if state is None else _for_agent(state, command)
        case RequestCallBack():
            case = None if state is None else state.case(command.case)
            return () if case is None else _desks((case.owner,))
        case NoteRemedy():
            return () if state is None else _for_news(state)
        case ReviewFlags(agent=agent):
            return () if agent is None else (agent_ref(agent),)
        case Wake():
            return () if state is None else _for_wake(state)
        case _:
            return ()


def _for_news(state: Conversation) -> Sequence[Ref]:
    """In which language the order was told, where no case says what the consumer speaks."""
    subject = state.subject
    if state.cases or subject.kind is not SubjectKind.ORDER or subject.id is None:
        return ()
    return (order_ref(consumer=state.consumer, order=subject.id),)


def _for_wake(state: Conversation) -> Sequence[Ref]:
    """Whether somebody is at the platform's desk, where a case may have to go, and where it is."""
    owners = [case.owner for case in state.cases if case.closing is None]
    return _desks((PLATFORM, *owners)) if owners else ()


def _for_contact(
    state: Conversation | None, command: ReceiveContact, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """A contact that joins an open case needs nothing; one that opens or reopens, the desks."""
    if command.automatic:
        return ()
    if state is not None:
        case = joining.sure_match(
            state=state,
            issue=command.issue,
            fresh=command.fresh,
            explicit=command.case,
            said=contacts.named(command),
        )
        if case is not None:
            # With a pack it may be another open one that the contact joins.
            return _desks(
                desk
                for one in state.cases
                if refining.is_refined_by(case=one, issue=command.issue)
                for desk in _of_parties(
                    contacts.parties_joined(state=state, case=one, command=command)
                )
            )
    about: list[Ref] = []
    subject = command.subject
    if subject.kind is not SubjectKind.ORDER:
        parties = contacts.parties_said(state=state, command=command)
    elif subject.id is None:
        return ()
    else:
        about.append(order_ref(consumer=command.consumer, order=subject.id))
        found_order = order_seen(found, subject.id, consumer=command.consumer)
        of_order = (
            None
            if found_order is None
            else contacts.order_parties(order=found_order, part=subject.part)
        )
        if found_order is None or of_order is None:
            return about
        parties = of_order
        about += whole_order.others(command=command, order=found_order)
    owners = () if state is None else tuple(case.owner for case in state.cases if not case.is_open)
    return [*about, *_desks((*_of_parties(parties), *owners))]


def _for_breach(state: Conversation | None, command: OpenForBreach) -> Sequence[Ref]:
    """A breach that is known needs nothing."""
    if state is not None and breaches.is_known(state=state, command=command):
        return ()
    return _desks(_of_parties(contacts.parties_said(state=state, command=command)))


def _for_dispute(command: OpenForDispute) -> Sequence[Ref]:
    """The desks, and the order: in which language it was told."""
    desks = _desks(_of_parties(Parties(command.merchant, command.creator)))
    order = command.subject.id
    return desks if order is None else [order_ref(consumer=command.consumer, order=order), *desks]


def _for_agent(state: Conversation, command: AgentCommand) -> Sequence[Ref]:
    """The acting agent, unless it is the one who has the case; and the desks it may go to."""
    case = state.case(command.case)
    if case is None:
        return ()
    agent = command.agent
    refs: list[Ref] = []
    if agent is not None and (agent != case.agent or isinstance(command, _ACROSS_DESKS)):
        refs.append(agent_ref(agent))
    match command:
        case PostMessage():
            named = (agent_ref(one) for one in command.mentions)
            return [*refs, *(one for one in named if one not in refs)]
        case TransferCase() | ReferCase():
            return [*refs, *_desks((command.desk,))]
        case TakeOverCase() | MergeCases():
            return [*refs, PLATFORM_DESK_REF]
        case AnswerReferral():
            return refs if case.referral is None else [*refs, *_desks((case.referral.back_to,))]
        case CorrectAttribution():
            return [*refs, *_desks((command.owner,))]
        case ReopenCase():
            return [*refs, *_desks((PLATFORM, case.owner))]
        case SplitCase():
            return [*refs, *_desks(_of_parties(routing.parties_of(state=state, case=case)))]
        case _:
            return refs


def _of_parties(parties: Parties) -> Iterable[Desk]:
    """The desks that could own a case about something of theirs."""
    yield PLATFORM
    if parties.merchant is not None:
        yield Desk(DeskKind.MERCHANT, parties.merchant)
    if parties.creator is not None:
        yield Desk(DeskKind.CREATOR, parties.creator)


def _desks(desks: Iterable[Desk]) -> list[Ref]:
    return [desk_ref_of(desk) for desk in dict.fromkeys(desks)]
