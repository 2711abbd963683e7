"""Which event asks which other state for what: the one place where the domain packages meet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from oncedesk.domain.accounts.messages import AccountCharged, RecoveryPosted
from oncedesk.domain.agents.messages import (
    AuthorityExceeded,
    AuthoritySpent,
    CapacityReserved,
    ReleaseCapacity,
    SpendAuthority,
    WorkLeft,
)
from oncedesk.domain.budgets.messages import BudgetDrawn, BudgetExhausted, GrantAsked, SliceGranted
from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.conversations.messages import (
    AssignCase,
    AssignmentDeclined,
    BreachNoted,
    CaseUnassigned,
    Decided,
    NoteBreachCorrected,
    OpenForBreach,
    OpenForDispute,
    ReturnToQueue,
    UnassignReason,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.evidence.messages import NoteEvidence
from oncedesk.domain.orders.messages import (
    BreachCorrected,
    ChangeDeclined,
    OrderChanged,
    PresaleEnded,
    PromiseBroken,
    TrackingRecorded,
)
from oncedesk.domain.parties.messages import (
    CountGift,
    ErasePersonalData,
    GiftCounted,
    GiftExceeded,
    PersonalDataErased,
)
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.casework import GIVEN_FOR
from oncedesk.domain.remedies.messages.asking import (
    ClockWarned,
    CounterOfferMade,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyWithdrawn,
)
from oncedesk.domain.remedies.messages.authorising import ApplyAuthority, AuthorityAsked
from oncedesk.domain.remedies.messages.casework import GrantForCase, GrantImpossible
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeRequested,
    ChargeRequested,
)
from oncedesk.domain.remedies.messages.disputing import (
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
)
from oncedesk.domain.remedies.messages.funding import ChargeWanted, FundingWanted, MoneyReturned
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    CompensateBreach,
    CompensationVoided,
    SettlePresale,
    TakeBackCompensation,
)
from oncedesk.domain.remedies.messages.refunding import RefundSent, RemedyClosed, RemedySettled
from oncedesk.domain.remedies.messages.returning import (
    GoodsSent,
    NoteComingBack,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnReopened,
    ReturnSplit,
)
from oncedesk.domain.remedies.state import Remedies, merchant_of
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.domain.wallets.messages import (
    BalanceLacking,
    BalanceTaken,
)
from oncedesk.engine import change_reactions as changes
from oncedesk.engine import money
from oncedesk.engine import remedy_telling as telling

Ask = Callable[[Any, Ref, Any], Sequence[Command]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an event asks of others. The installation remembers the name, so it never changes.

    Events that were recorded before it came get it too, once (`engine.backfilling`); then `ask`
    sees them late, and so does whoever is asked.
    """

    name: str
    event: type
    ask: Ask


class Reactions:
    """The reactions of a program, by the events that cause them."""

    def __init__(self, reactions: Iterable[Reaction]) -> None:
        self._all = tuple(reactions)
        self.names = frozenset(one.name for one in self._all)
        assert len(self.names) == len(self._all), "two reactions have the same name"
        self._asks = {
            event: _one_after_the_other([one.ask for one in named])
            for event, named in self.named(self.names).items()
        }

    def __iter__(self) -> Iterator[Reaction]:
        return iter(self._all)

    def commands(self, event: Any, source: Ref, state: Any) -> Sequence[Command]:
        """What this event asks of others; `state` is the source after the command."""
        ask = self._asks.get(type(event))
        return () if ask is None else ask(event, source, state)

    def named(self, names: Set[str]) -> Mapping[type, Sequence[Reaction]]:
        """Those of these names, by event."""
        found: dict[type, list[Reaction]] = {}
        for one in self._all:
            if one.name in names:
                found.setdefault(one.event, []).append(one)
        return found


def _one_after_the_other(asks: Sequence[Ask]) -> Ask:
    if len(asks) == 1:
        return asks[0]
    return lambda event, source, state: [
        command for ask in asks for command in ask(event, source, state)
    ]


def _place_case(event: CapacityReserved, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        AssignCase(
            consumer=event.consumer,
            conversation=event.conversation,
            case=event.case,
            agent=event.agent,
            desk=event.desk,
            given=event.given,
        ),
    )


def _give_place_back(
    event: CaseUnassigned | AssignmentDeclined, source: Ref, _state: object
) -> Sequence[Command]:
    return (
        ReleaseCapacity(
            agent=event.agent, conversation=source.id, case=event.case, reason=event.reason.value
        ),
    )


def _requeue(event: WorkLeft, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        ReturnToQueue(
            consumer=event.consumer,
            conversation=event.conversation,
            case=event.case,
            agent=event.agent,
            reason=UnassignReason(event.reason.value),
            note=event.note,
        ),
    )


_TURNED = (TrackingStatus.REFUSED, TrackingStatus.RETURNING, TrackingStatus.RETURNED)


def _erase_places(event: PersonalDataErased, _source: Ref, state: PartyState) -> Sequence[Command]:
    """A merchant's places are parties of their own, and erased with it."""
    del event
    return [ErasePersonalData(party=one.place) for one in state.places]


def _note_turned(event: TrackingRecorded, source: Ref, _state: object) -> Sequence[Command]:
    """Who asked for a remedy of what is still on its way need send nothing."""
    if event.status not in _TURNED or not event.part:
        return ()
    return (
        NoteComingBack(
            consumer=event.consumer,
            order=source.id,
            part=event.part,
            shipment=event.shipment,
            status=event.status,
            happened_at=event.scanned_at,
        ),
    )


def _open_service(event: PromiseBroken, source: Ref, _state: object) -> Sequence[Command]:
    """A broken promise opens service before the consumer asks."""
    return (
        OpenForBreach(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            market=event.market,
            breach=event.breach.value,
            promise=event.promise,
            due_at=event.due_at,
            merchant=event.merchant,
            creator=event.creator,
            language=event.language,
        ),
    )


def _ask_authority(event: AuthorityAsked, _source: Ref, _state: object) -> Sequence[Command]:
    """How much an agent has given is counted where the agent's own state lies."""
    return (
        SpendAuthority(
            agent=event.agent,
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            market=event.market,
            desk=event.desk,
            currency=event.currency,
            amount_minor=event.amount_minor,
            case_minor=event.case_minor,
            second=event.second,
        ),
    )


def _count_gift(event: AuthoritySpent, _source: Ref, _state: object) -> Sequence[Command]:
    """What all agents together give one consumer is counted at the consumer."""
    return (
        CountGift(
            party=event.consumer,
            market=event.market,
            agent=event.agent,
            order=event.order,
            remedy=event.remedy,
            currency=event.currency,
            amount_minor=event.amount_minor,
            most_minor=event.consumer_minor,
            rule=event.rule,
        ),
    )


def _authority_exceeded(
    event: AuthorityExceeded, _source: Ref, _state: object
) -> Sequence[Command]:
    return (_applied(event, event.consumer, event.limit.value),)


def _gift_exceeded(event: GiftExceeded, _source: Ref, _state: object) -> Sequence[Command]:
    return (_applied(event, event.party, "consumer"),)


def _gift_counted(event: GiftCounted, _source: Ref, _state: object) -> Sequence[Command]:
    return (_applied(event, event.party, ""),)


def _applied(
    event: AuthorityExceeded | GiftExceeded | GiftCounted, consumer: UUID, limit: str
) -> ApplyAuthority:
    return ApplyAuthority(
        consumer=consumer,
        order=event.order,
        remedy=event.remedy,
        agent=event.agent,
        rule=event.rule,
        limit=limit,
    )


def _bring_to_platform(event: DecisionAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Who decides a dispute works on a case; it has the order's part for its subject."""
    remedy = state.remedy(event.remedy)
    assert remedy is not None
    link = remedy.case
    return (
        OpenForDispute(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, event.order, remedy.lines[0].part),
            market=state.market,
            remedy=event.remedy,
            conversation=None if link is None else link.conversation,
            case=None if link is None else link.case,
            merchant=merchant_of(state=state, remedy=remedy),
            creator=state.creator,
        ),
    )


def _note_evidence(event: RemedyRequested, _source: Ref, _state: object) -> Sequence[Command]:
    """Whether a picture served before is known where the picture's own state lies."""
    return tuple(NoteEvidence(digest=one, order=event.order) for one in sorted(set(event.evidence)))


def _take_back(event: BreachCorrected, source: Ref, _state: object) -> Sequence[Command]:
    return (
        NoteBreachCorrected(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            promise=event.promise,
            breach=event.breach.value,
        ),
    )


def _compensate(event: BreachNoted, source: Ref, state: Conversation) -> Sequence[Command]:
    """What a broken promise gives by itself. The case asks for it, and not the order, so that there
    is a case in which to tell the consumer what was given."""
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id is None or not subject.part:
        return ()
    return (
        CompensateBreach(
            consumer=state.consumer,
            order=subject.id,
            part=subject.part,
            promise=event.promise,
            breach=event.breach,
            case=CaseLink(source.id, event.case),
        ),
    )


def _take_compensation_back(
    event: talk.BreachCorrected, _source: Ref, state: Conversation
) -> Sequence[Command]:
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id is None:
        return ()
    return (
        TakeBackCompensation(
            consumer=state.consumer, order=subject.id, promise=event.promise, breach=event.breach
        ),
    )


def _grant_decided(event: Decided, source: Ref, state: Conversation) -> Sequence[Command]:
    """What a case decided because nobody answered is given by the remedies of its order."""
    subject = state.subject
    if event.decision not in GIVEN_FOR or subject.kind is not SubjectKind.ORDER:
        return ()
    if subject.id is None or not subject.part:
        return ()
    return (
        GrantForCase(
            consumer=state.consumer,
            order=subject.id,
            part=subject.part,
            decision=event.decision,
            case=CaseLink(source.id, event.case),
            rule=event.rule,
            pack=event.pack,
        ),
    )


def _settle_presale(event: PresaleEnded, _source: Ref, _state: object) -> Sequence[Command]:
    """What goes back of a presale, and what the merchant gives on top."""
    if not event.returned_minor and not event.penalty_minor:
        return ()
    return (
        SettlePresale(
            consumer=event.consumer,
            order=event.order,
            part=event.part,
            reason=f"presale_{event.by.value}",
            returned_minor=event.returned_minor,
            penalty_minor=event.penalty_minor,
            rule=event.rule,
        ),
    )


FIRST = frozenset(
    {
        "place_case",
        "release_unassigned",
        "release_declined",
        "requeue",
        "open_service",
        "take_back",
    }
)
"""What there was before installations kept a record of it; this never changes."""

REACTIONS = Reactions(
    (
        Reaction("take_balance", ChargeRequested, changes.take_balance),
        Reaction("balance_taken", BalanceTaken, changes.confirm_charge),
        Reaction("balance_lacking", BalanceLacking, changes.fail_charge),
        Reaction("credit_balance", RefundSent, changes.credit_balance),
        Reaction("change_order", ChangeRequested, changes.change_order),
        Reaction("order_changed", OrderChanged, changes.note_change),
        Reaction("change_declined", ChangeDeclined, changes.note_change),
        Reaction("cancel_order", CancellationRequested, changes.cancel_order),
        Reaction("place_case", CapacityReserved, _place_case),
        Reaction("release_unassigned", CaseUnassigned, _give_place_back),
        Reaction("release_declined", AssignmentDeclined, _give_place_back),
        Reaction("requeue", WorkLeft, _requeue),
        Reaction("open_service", PromiseBroken, _open_service),
        Reaction("note_parcel_turned", TrackingRecorded, _note_turned),
        Reaction("take_back", BreachCorrected, _take_back),
        Reaction("settle_presale", PresaleEnded, _settle_presale),
        Reaction("compensate", BreachNoted, _compensate),
        Reaction("take_compensation_back", talk.BreachCorrected, _take_compensation_back),
        Reaction("grant_decided", Decided, _grant_decided),
        Reaction("tell_requested", RemedyRequested, telling.requested),
        Reaction("tell_approved", RemedyApproved, telling.approved),
        Reaction("tell_refused", RemedyRefused, telling.refused),
        Reaction("tell_offered", CounterOfferMade, telling.offered),
        Reaction("tell_sent", RefundSent, telling.sent),
        Reaction("tell_settled", RemedySettled, telling.settled),
        Reaction("tell_warned", ClockWarned, telling.warned),
        Reaction("tell_return_place", ReturnPlaceNamed, telling.place_named),
        Reaction("tell_return_missed", ReturnMissed, telling.missed),
        Reaction("tell_return_reopened", ReturnReopened, telling.reopened),
        Reaction("tell_return_received", ReturnReceived, telling.received),
        Reaction("tell_return_split", ReturnSplit, telling.split),
        Reaction("tell_goods_sent", GoodsSent, telling.goods_sent),
        Reaction("erase_places", PersonalDataErased, _erase_places),
        Reaction("tell_disputed", DisputeOpened, telling.disputed),
        Reaction("tell_dispute_decided", DisputeDecided, telling.decided),
        Reaction("tell_withdrawn", RemedyWithdrawn, telling.over),
        Reaction("tell_closed", RemedyClosed, telling.over),
        Reaction("tell_compensated", BreachCompensated, telling.compensated),
        Reaction("tell_compensation_voided", CompensationVoided, telling.compensation_voided),
        Reaction("tell_impossible", GrantImpossible, telling.impossible),
        Reaction("ask_authority", AuthorityAsked, _ask_authority),
        Reaction("count_gift", AuthoritySpent, _count_gift),
        Reaction("authority_exceeded", AuthorityExceeded, _authority_exceeded),
        Reaction("gift_counted", GiftCounted, _gift_counted),
        Reaction("gift_exceeded", GiftExceeded, _gift_exceeded),
        Reaction("note_evidence", RemedyRequested, _note_evidence),
        Reaction("bring_to_platform", DecisionAsked, _bring_to_platform),
        Reaction("charge_accounts", ChargeWanted, money.ask_accounts),
        Reaction("apply_charge", AccountCharged, money.tell_charge),
        Reaction("draw_budget", FundingWanted, money.ask_budget),
        Reaction("ask_for_more_budget", GrantAsked, money.ask_for_more),
        Reaction("deal_out_budget", SliceGranted, money.deal_out),
        Reaction("apply_funding", BudgetDrawn, money.tell_budget),
        Reaction("refuse_funding", BudgetExhausted, money.tell_budget),
        Reaction("take_or_owe", RefundSent, money.take_or_owe),
        Reaction("release_withdrawn", RemedyWithdrawn, money.give_back),
        Reaction("release_settled", RemedySettled, money.give_back),
        Reaction("release_late", MoneyReturned, money.give_back),
        Reaction("release_voided", CompensationVoided, money.give_back),
        Reaction("release_reborne", BearersChanged, money.give_back),
        Reaction("forgive_reborne", BearersChanged, money.forgive),
        Reaction("forgive_advance", DecisionReversed, money.forgive),
        Reaction("refill_budget", RecoveryPosted, money.refill),
    )
)

commands = REACTIONS.commands
