"""What a party's state answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from oncedesk.domain.parties.access import is_allowed
from oncedesk.domain.parties.messages import (
    CountGift,
    CreatorManaged,
    EndManagement,
    ErasePersonalData,
    GiftCounted,
    GiftExceeded,
    GiftTakenBack,
    HoldLifted,
    HoldPlaced,
    LiftHold,
    ManageCreator,
    ManagementEnded,
    PartyCommand,
    PartyEvent,
    PartyKind,
    PartyRegistered,
    PartyUpdated,
    PersonalDataErased,
    PlaceHold,
    RegisterParty,
    ReturnPlace,
    ReturnPlacesSet,
    SetReturnPlaces,
    TakeBackGift,
    TellTerms,
    TellTrust,
    TermsTold,
    TrustTold,
    UpdateParty,
)
from oncedesk.domain.parties.state import (
    GIFTS_MAX,
    HOLDS_MAX,
    MANAGEMENTS_MAX,
    PartyState,
    day_of,
    evolve,
    live_gifts,
    live_managements,
)
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import Ref, party_ref

Answer = Sequence[PartyEvent] | Refusal


def decide(state: PartyState | None, command: PartyCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    now = facts.now
    if not is_allowed(command=command, actor=facts.actor):
        return NOT_ALLOWED
    if isinstance(command, RegisterParty):
        return _register(state, command, now)
    if isinstance(command, CountGift):
        return [_count_gift(state, command, now)]
    if state is None:
        return [] if isinstance(command, Wake) else Refusal("party_unknown")
    match command:
        case UpdateParty():
            return _update(state, command, now)
        case SetReturnPlaces():
            return _set_places(state, command, facts)
        case ManageCreator():
            agency = facts.find(party_ref(command.agency), PartyState)
            return _manage(state, command, agency, now)
        case EndManagement():
            return _end_management(state, command, now)
        case ErasePersonalData():
            return _erase(state, now)
        case PlaceHold():
            return _place_hold(state, command.reason, now)
        case TakeBackGift():
            return _take_back_gift(state, command, now)
        case TellTrust():
            return _tell_trust(state, command, now)
        case TellTerms():
            return _tell_terms(state, command, now)
        case LiftHold(reason=reason):
            if reason not in state.holds:
                return []
            return [HoldLifted(party=state.party, at=now, reason=reason)]
        case Wake():
            return []
        case _:
            assert_never(command)


def needs(
    state: PartyState | None, command: PartyCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """The agency, where one is to manage a creator."""
    del state, found
    if isinstance(command, SetReturnPlaces):
        return [party_ref(place) for place in dict.fromkeys(one.place for one in command.places)]
    return (party_ref(command.agency),) if isinstance(command, ManageCreator) else ()


def deadline(state: PartyState) -> None:
    """Nothing happens to a party by itself."""
    del state


def is_open(state: PartyState) -> bool:
    del state
    return False


def _register(state: PartyState | None, command: RegisterParty, now: datetime) -> Answer:
    registered = PartyRegistered(
        party=command.party,
        at=now,
        kind=command.kind,
        market=command.market,
        language=command.language,
        digest=command.digest,
        length=command.length,
        owner=command.owner,
    )
    if (command.kind is PartyKind.PLACE) != (command.owner is not None):
        return Refusal(
            "owner_wrong", "the merchant whose place it is, and of a place only", "owner"
        )
    if state is None:
        return [registered]
    if state.erased:
        return Refusal("party_erased", "its personal data was erased; a return needs a new id")
    if state.unregistered and state.kind is command.kind:
        # The market known until then is only that of the order for which they were given something.
        return [registered]
    fresh = evolve(None, registered)
    if (state.kind, state.market, state.owner) != (fresh.kind, fresh.market, fresh.owner):
        return Refusal("party_differs", "already registered as another kind or in another market")
    if (state.language, state.digest, state.length) != (fresh.language, fresh.digest, fresh.length):
        return Refusal("party_differs", "already registered with other data; update it")
    return []


def _count_gift(
    state: PartyState | None, command: CountGift, now: datetime
) -> GiftCounted | GiftExceeded:
    gifts = () if state is None else live_gifts(state, now)
    given = sum(one.minor for one in gifts if one.currency == command.currency)
    if given + command.amount_minor > command.most_minor or len(gifts) >= GIFTS_MAX:
        return GiftExceeded(
            party=command.party,
            at=now,
            agent=command.agent,
            order=command.order,
            remedy=command.remedy,
            currency=command.currency,
            amount_minor=command.amount_minor,
            rule=command.rule,
            spent_at=command.spent_at,
            market=command.market,
            most_minor=command.most_minor,
        )
    return GiftCounted(
        party=command.party,
        at=now,
        agent=command.agent,
        order=command.order,
        remedy=command.remedy,
        currency=command.currency,
        amount_minor=command.amount_minor,
        rule=command.rule,
        spent_at=command.spent_at,
        market=command.market,
    )


def _take_back_gift(state: PartyState, command: TakeBackGift, now: datetime) -> Answer:
    day = day_of(command.counted_at)
    counted = sum(
        one.minor
        for one in live_gifts(state, now)
        if (one.day, one.currency) == (day, command.currency)
    )
    amount_minor = min(command.amount_minor, counted)
    if not amount_minor:
        return []
    return [
        GiftTakenBack(
            party=state.party,
            at=now,
            order=command.order,
            remedy=command.remedy,
            currency=command.currency,
            amount_minor=amount_minor,
            counted_at=command.counted_at,
        )
    ]


def _update(state: PartyState, command: UpdateParty, now: datetime) -> Answer:
    if state.erased:
        return Refusal("party_erased", "its personal data was erased; a return needs a new id")
    if state.kind is PartyKind.PLACE:
        return Refusal("place_stays", "another address is another place")
    told, known = (command.digest, command.length), (state.digest, state.length)
    if state.held and state.length and told != known:
        # What is known is overwritten by an update as it is by erasing.
        return Refusal("legal_hold", ", ".join(state.holds))
    updated = PartyUpdated(
        party=state.party,
        at=now,
        language=command.language,
        digest=command.digest,
        length=command.length,
    )
    return [updated] if evolve(state, updated) != state else []


def _tell_trust(state: PartyState, command: TellTrust, now: datetime) -> Answer:
    if state.kind is not PartyKind.CONSUMER:
        return Refusal("not_a_consumer", state.kind.value, "party")
    if state.erased:
        return Refusal("party_erased", "its personal data was erased; a return needs a new id")
    told = TrustTold(
        party=state.party,
        at=now,
        level=command.level,
        linked=tuple(sorted(set(command.linked) - {state.party})),
        remedies=command.remedies,
    )
    return [told] if evolve(state, told) != state else []


def _tell_terms(state: PartyState, command: TellTerms, now: datetime) -> Answer:
    if state.kind is not PartyKind.MERCHANT:
        return Refusal("not_a_merchant", state.kind.value, "party")
    if state.refunds_without_return == command.refunds_without_return:
        return []
    refunds = command.refunds_without_return
    return [TermsTold(party=state.party, at=now, refunds_without_return=refunds)]


def _set_places(state: PartyState, command: SetReturnPlaces, facts: Facts) -> Answer:
    if state.kind is not PartyKind.MERCHANT:
        return Refusal("not_a_merchant", state.kind.value, "party")
    places = []
    for one in command.places:
        place = facts.find(party_ref(one.place), PartyState)
        if place is None or place.owner != state.party or place.erased or not place.length:
            return Refusal("place_unknown", "a place of this merchant, with an address", "places")
        places.append(ReturnPlace(one.place, place.digest, one.regions))
    if len({one.place for one in places}) < len(places):
        return Refusal("place_twice", "each place once", "places")
    named = ReturnPlacesSet(party=state.party, at=facts.now, places=tuple(places))
    return [named] if evolve(state, named) != state else []


def _manage(
    state: PartyState, command: ManageCreator, agency: PartyState | None, now: datetime
) -> Answer:
    starts_at, ends_at = command.starts_at, command.ends_at
    if state.kind is not PartyKind.CREATOR:
        return Refusal("not_a_creator", state.kind.value, "creator")
    if agency is None or agency.kind is not PartyKind.AGENCY:
        return Refusal("agency_unknown", "no such agency", "agency")
    if ends_at is not None and (starts_at >= ends_at or ends_at <= now):
        return Refusal("span_empty", "management ends after it starts and after now", "ends_at")
    for one in state.managements:
        if (one.agency, one.starts_at, one.ends_at) == (command.agency, starts_at, ends_at):
            return []
        if (one.ends_at is None or starts_at < one.ends_at) and (
            ends_at is None or one.starts_at < ends_at
        ):
            return Refusal("management_overlaps", "one agency at a time manages a creator")
    if len(live_managements(state, now)) >= MANAGEMENTS_MAX:
        return Refusal("managements_too_many", f"at most {MANAGEMENTS_MAX} running or planned")
    return [
        CreatorManaged(
            party=state.party, at=now, agency=command.agency, starts_at=starts_at, ends_at=ends_at
        )
    ]


def _end_management(state: PartyState, command: EndManagement, now: datetime) -> Answer:
    ends_at = command.ends_at or now
    if ends_at < now:
        return Refusal("span_empty", "management ends now or later", "ends_at")
    ended = ManagementEnded(party=state.party, at=now, agency=command.agency, ends_at=ends_at)
    return [ended] if evolve(state, ended) != state else []


def _erase(state: PartyState, now: datetime) -> Answer:
    """Every time anew: what was written since the last time is erased like the rest."""
    if state.held:
        return Refusal("legal_hold", ", ".join(state.holds))
    return [PersonalDataErased(party=state.party, at=now)]


def _place_hold(state: PartyState, reason: str, now: datetime) -> Answer:
    if reason in state.holds:
        return []
    if len(state.holds) >= HOLDS_MAX:
        return Refusal("holds_too_many", f"at most {HOLDS_MAX} at once")
    return [HoldPlaced(party=state.party, at=now, reason=reason)]
