"""Which rule answers which command; the rules themselves are in the files beside this one."""

from typing import assert_never

from oncedesk.domain.conversations.answering import post_message
from oncedesk.domain.conversations.asking import ask_consumer
from oncedesk.domain.conversations.assigning import assign_case, follow_up, return_to_queue
from oncedesk.domain.conversations.breaches import note_breach_corrected, open_for_breach
from oncedesk.domain.conversations.calling import note_call
from oncedesk.domain.conversations.contacts import receive_contact, request_call_back
from oncedesk.domain.conversations.disputes import note_needs, open_for_dispute
from oncedesk.domain.conversations.expiry import wake
from oncedesk.domain.conversations.gating import review_flags
from oncedesk.domain.conversations.merging import merge_cases, split_case
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    AssignCase,
    ConfirmSolved,
    ConversationCommand,
    ConversationEvent,
    CorrectAttribution,
    FollowUp,
    MergeCases,
    NoteBreachCorrected,
    NoteCall,
    NoteNeeds,
    NoteRemedy,
    OpenForBreach,
    OpenForDispute,
    PostMessage,
    RateService,
    ReceiveContact,
    Reclassify,
    ReferCase,
    ReopenCase,
    RequestCallBack,
    ResolveCase,
    ReturnToQueue,
    ReviewFlags,
    SplitCase,
    TakeOverCase,
    TransferCase,
    WithdrawClaim,
)
from oncedesk.domain.conversations.moving import (
    answer_referral,
    refer_case,
    take_over_case,
    transfer_case,
)
from oncedesk.domain.conversations.rating import rate_service
from oncedesk.domain.conversations.refining import correct_attribution, reclassify_case
from oncedesk.domain.conversations.remedies import note_remedy
from oncedesk.domain.conversations.reopening import reopen_case
from oncedesk.domain.conversations.resolving import confirm_solved, resolve_case, withdraw_claim
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.decider import Facts, Refusal, Role, Wake

Decision = list[ConversationEvent] | Refusal

_OfAnyCase = PostMessage | ReturnToQueue | WithdrawClaim | ConfirmSolved | ReopenCase
_OfOpenCase = (
    ResolveCase
    | NoteCall
    | AskConsumer
    | RequestCallBack
    | TransferCase
    | ReferCase
    | AnswerReferral
    | TakeOverCase
    | FollowUp
    | MergeCases
    | SplitCase
    | Reclassify
    | CorrectAttribution
)


def decide(state: Conversation | None, command: ConversationCommand, facts: Facts) -> Decision:
    """What follows from this command, or why nothing does."""
    match command:
        case ReceiveContact():
            return receive_contact(state=state, command=command, facts=facts)
        case Wake():
            return [] if state is None else wake(state=state, facts=facts)
        case OpenForBreach():
            return open_for_breach(state=state, command=command, facts=facts)
        case ReviewFlags():
            if state is None or state.consumer != command.consumer:
                return Refusal("conversation_unknown", field="conversation")
            return review_flags(state=state, command=command, facts=facts)
        case OpenForDispute():
            return open_for_dispute(state=state, command=command, facts=facts)
        case NoteBreachCorrected():
            if state is None:
                return []
            return note_breach_corrected(state=state, command=command, facts=facts)
        case NoteRemedy():
            if state is None:
                return []
            return note_remedy(state=state, command=command, facts=facts)
        case NoteNeeds():
            return [] if state is None else note_needs(state=state, command=command, facts=facts)
        case _:
            return _of_case(state, command, facts)


def _of_case(
    state: Conversation | None,
    command: AssignCase | RateService | _OfAnyCase | _OfOpenCase,
    facts: Facts,
) -> Decision:
    """What concerns one case. Of a conversation that is another consumer's, nothing is revealed."""
    if state is None or state.consumer != command.consumer:
        return Refusal("conversation_unknown", field="conversation")
    case = state.case(command.case)
    if isinstance(command, AssignCase):
        return assign_case(state=state, case=case, command=command, facts=facts)
    if isinstance(command, RateService):
        return rate_service(state=state, command=command, facts=facts)
    if case is None:
        if command.case > state.last_case:
            return Refusal("case_unknown", field="case")
        if isinstance(command, ReturnToQueue) and facts.actor.role is Role.SYSTEM:
            # An agent's shift ended just when the case was merged away: nothing is left to return.
            return []
        return Refusal("case_closed", "a case whose recontact window is not over", "case")
    match command:
        case PostMessage():
            return post_message(state=state, case=case, command=command, facts=facts)
        case ReturnToQueue():
            return return_to_queue(state=state, case=case, command=command, facts=facts)
        case WithdrawClaim():
            return withdraw_claim(state=state, case=case, command=command, facts=facts)
        case ConfirmSolved():
            return confirm_solved(case=case, command=command, facts=facts)
        case ReopenCase():
            return reopen_case(state=state, case=case, command=command, facts=facts)
        case _ if not case.is_open:
            return Refusal("case_resolved", "an open case; reopen it first", "case")
        case _:
            return _of_open_case(state, case, command, facts)


def _of_open_case(state: Conversation, case: Case, command: _OfOpenCase, facts: Facts) -> Decision:
    match command:
        case NoteCall():
            return note_call(state=state, case=case, command=command, facts=facts)
        case ResolveCase():
            return resolve_case(state=state, case=case, command=command, facts=facts)
        case AskConsumer():
            return ask_consumer(state=state, case=case, command=command, facts=facts)
        case RequestCallBack():
            return request_call_back(state=state, case=case, command=command, facts=facts)
        case TransferCase():
            return transfer_case(state=state, case=case, command=command, facts=facts)
        case ReferCase():
            return refer_case(state=state, case=case, command=command, facts=facts)
        case AnswerReferral():
            return answer_referral(state=state, case=case, command=command, facts=facts)
        case TakeOverCase():
            return take_over_case(state=state, case=case, command=command, facts=facts)
        case FollowUp():
            return follow_up(state=state, case=case, command=command, facts=facts)
        case MergeCases():
            return merge_cases(state=state, case=case, command=command, facts=facts)
        case SplitCase():
            return split_case(state=state, case=case, command=command, facts=facts)
        case Reclassify():
            return reclassify_case(state=state, case=case, command=command, facts=facts)
        case CorrectAttribution():
            return correct_attribution(state=state, case=case, command=command, facts=facts)
        case _:
            assert_never(command)
