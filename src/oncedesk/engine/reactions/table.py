"""Which event asks which other state for what: the one place where the domain packages meet."""

from oncedesk.domain.accounts.messages import AccountCharged, RecoveryPosted
from oncedesk.domain.agents.messages import (
    AuthorityExceeded,
    AuthoritySpent,
    CapacityReserved,
    WorkLeft,
)
from oncedesk.domain.budgets.messages import BudgetDrawn, BudgetExhausted, GrantAsked, SliceGranted
from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.conversations.messages import (
    AssignmentDeclined,
    BreachNoted,
    CaseUnassigned,
    Decided,
)
from oncedesk.domain.orders.messages import (
    BreachCorrected,
    ChangeDeclined,
    OrderChanged,
    PresaleEnded,
    PromiseBroken,
    TrackingRecorded,
)
from oncedesk.domain.parties.messages import GiftCounted, GiftExceeded, PersonalDataErased
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    ClockWarned,
    CounterOfferMade,
    HumanAsked,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyTakenOver,
    RemedyWithdrawn,
)
from oncedesk.domain.remedies.messages.authorising import (
    AuthorityAsked,
    AuthorityUnused,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.messages.casework import GrantImpossible
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeRefused,
    ChangeRequested,
    ChargeFailed,
    ChargeRequested,
)
from oncedesk.domain.remedies.messages.contesting import ContestDecided, RefundContested
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
    CompensationVoided,
)
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    RefundDropped,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import (
    GoodsSent,
    InterceptionMissed,
    RefundInstead,
    ReturnArranged,
    ReturnInspected,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnReopened,
    ReturnSplit,
)
from oncedesk.domain.wallets.messages import BalanceLacking, BalanceTaken
from oncedesk.engine.reactions import (
    authority,
    changes,
    erasing,
    evidence,
    money,
    placing,
    platform_work,
    promises,
    telling,
    tracking,
)
from oncedesk.engine.reactions.reaction import Late, Reaction, Reactions

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
        Reaction("place_case", CapacityReserved, placing.place_case),
        Reaction("release_unassigned", CaseUnassigned, placing.give_place_back),
        Reaction("release_declined", AssignmentDeclined, placing.give_place_back),
        Reaction("requeue", WorkLeft, placing.requeue),
        Reaction("open_service", PromiseBroken, promises.open_service),
        *(
            Reaction(name, event, tracking.check_coming, Late.NEVER)
            for name, event in (
                ("check_coming_refused", RemedyRefused),
                ("check_coming_decided", DisputeDecided),
                ("check_coming_withdrawn", RemedyWithdrawn),
                ("check_coming_missed", ReturnMissed),
                ("check_coming_split", ReturnSplit),
            )
        ),
        Reaction("note_parcel_turned", TrackingRecorded, tracking.note_turned),
        Reaction("note_parcel_reached", TrackingRecorded, tracking.note_reached, Late.NEVER),
        Reaction("take_back", BreachCorrected, promises.take_back),
        Reaction("settle_presale", PresaleEnded, promises.settle_presale),
        Reaction("compensate", BreachNoted, promises.compensate),
        Reaction("take_compensation_back", talk.BreachCorrected, promises.take_compensation_back),
        Reaction("grant_decided", Decided, promises.grant_decided),
        Reaction("tell_requested", RemedyRequested, telling.requested),
        Reaction("tell_approved", RemedyApproved, telling.approved),
        Reaction("tell_refused", RemedyRefused, telling.refused),
        Reaction("tell_offered", CounterOfferMade, telling.offered),
        Reaction("tell_sent", RefundSent, telling.sent),
        Reaction("tell_route_wanted", RouteAsked, telling.route_wanted),
        Reaction("tell_settled", RemedySettled, telling.settled),
        Reaction("tell_warned", ClockWarned, telling.warned),
        Reaction("tell_put_off", ClosingPutOff, telling.put_off, Late.NEVER),
        *(
            Reaction(name, event, ask, Late.NEVER)
            for name, event, ask in (
                ("tell_taken_over", RemedyTakenOver, telling.answered_by),
                ("tell_human_asked", HumanAsked, telling.answered_by),
                ("tell_overdue", AnswerOverdue, telling.answered_by),
                ("tell_decision_asked", DecisionAsked, telling.answered_by),
                ("tell_labelled", ReturnArranged, telling.labelled),
                ("tell_money_instead", RefundInstead, telling.money_instead),
            )
        ),
        Reaction("tell_return_place", ReturnPlaceNamed, telling.place_named),
        Reaction("tell_interception_missed", InterceptionMissed, telling.not_held_up, Late.NEVER),
        Reaction("tell_return_missed", ReturnMissed, telling.missed),
        Reaction("tell_return_reopened", ReturnReopened, telling.reopened),
        Reaction("tell_return_received", ReturnReceived, telling.received),
        Reaction("tell_return_split", ReturnSplit, telling.split),
        Reaction("tell_goods_sent", GoodsSent, telling.goods_sent),
        Reaction("tell_not_paid", ChargeFailed, telling.not_made),
        Reaction("tell_change_refused", ChangeRefused, telling.not_made),
        Reaction("erase_places", PersonalDataErased, erasing.erase_places),
        Reaction("tell_disputed", DisputeOpened, telling.disputed),
        Reaction("tell_dispute_decided", DisputeDecided, telling.decided),
        Reaction("tell_withdrawn", RemedyWithdrawn, telling.over),
        Reaction("tell_closed", RemedyClosed, telling.over),
        Reaction("tell_compensated", BreachCompensated, telling.compensated),
        Reaction("tell_compensation_voided", CompensationVoided, telling.compensation_voided),
        Reaction("tell_impossible", GrantImpossible, telling.impossible),
        Reaction("ask_authority", AuthorityAsked, authority.ask_authority),
        Reaction("count_gift", AuthoritySpent, authority.count_gift),
        Reaction("authority_exceeded", AuthorityExceeded, authority.authority_exceeded),
        Reaction("gift_counted", GiftCounted, authority.gift_counted),
        Reaction("gift_exceeded", GiftExceeded, authority.gift_exceeded),
        Reaction("give_authority_back", GiftExceeded, authority.give_back),
        Reaction("give_unused_back", AuthorityUnused, authority.give_back_unused),
        Reaction("note_evidence", RemedyRequested, evidence.note_evidence),
        *(
            Reaction(name, event, ask, Late.AS_IT_IS)
            for name, event, ask in (
                ("bring_to_platform", DecisionAsked, platform_work.decide_dispute),
                ("bring_request", RemedyRequested, platform_work.decide_request),
                ("bring_human_asked", HumanAsked, platform_work.decide_instead),
                ("bring_taken_over", RemedyTakenOver, platform_work.decide_instead),
                ("bring_overdue", AnswerOverdue, platform_work.decide_instead),
                ("bring_second_person", SecondPersonAsked, platform_work.stand_by),
                ("bring_contest", RefundContested, platform_work.decide_contest),
                ("bring_route", RouteAsked, platform_work.find_route),
                ("bring_inspection", ReturnReceived, platform_work.inspect),
            )
        ),
        *(
            Reaction(name, event, ask, Late.NEVER)
            for name, event, ask in (
                ("bring_ungranted", GrantImpossible, platform_work.decide_for_case),
                ("granted_by_somebody", RemedyApproved, platform_work.granted),
                ("refused_by_somebody", RemedyRefused, platform_work.needed_no_more),
                ("offered_by_somebody", CounterOfferMade, platform_work.needed_no_more),
                ("dispute_decided", DisputeDecided, platform_work.needed_no_more),
                ("contest_decided", ContestDecided, platform_work.needed_no_more),
                ("second_person_gone", GrantDeclined, platform_work.needed_no_more),
                ("inspected_by_somebody", ReturnInspected, platform_work.needed_no_more),
                ("return_missed_disputed", ReturnMissed, platform_work.needed_no_more),
                ("route_found", RefundRequested, platform_work.route_found),
                ("route_needless", RefundDropped, platform_work.needed_no_more),
                ("needed_no_more", RemedyWithdrawn, platform_work.withdrawn),
            )
        ),
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
        Reaction("release_turned", DecisionReversed, money.give_back),
        Reaction("forgive_reborne", BearersChanged, money.forgive),
        Reaction("forgive_advance", DecisionReversed, money.forgive),
        Reaction("owe_turned", DecisionReversed, money.owe_turned),
        Reaction("refill_budget", RecoveryPosted, money.refill),
    )
)
