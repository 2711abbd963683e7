"""What a contact belongs to, an open case, one just resolved or none yet; and its kind."""

from collections.abc import Sequence
from datetime import datetime

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import Channel, ClockStarted, ContactKind, Origin, Side
from oncedesk.domain.conversations.routing import parties_of
from oncedesk.domain.conversations.state import CASES_LIVE_MAX, NAMED_KEPT_MAX, Case, Conversation
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind, Pack

UNCLEAR = ("", "other")
"""Issues that say nothing."""

ABOUT_ANYTHING = frozenset((*UNCLEAR, "second_complaint", "regulator"))
"""Issues that do not say which matter: they agree with any."""

OUTSIDE = frozenset((Channel.PHONE, Channel.REGULATOR, Channel.CHARGEBACK))
"""Channels past our own help: whoever comes through them did not find it enough."""


def same_family(left: str, right: str, pack: Pack) -> bool:
    """Issues that one skill group handles are one matter; an issue the pack lacks is its own."""
    if left == right:
        return True
    if left not in pack.issues or right not in pack.issues:
        return False
    return pack.issues[left].skill == pack.issues[right].skill


NOBODY = Parties()


def sure_match(
    *, state: Conversation, issue: str, fresh: bool, explicit: int | None, said: Parties = NOBODY
) -> Case | None:
    """An open case, where it is sure without a pack or the time that the contact joins one.

    It is the one that `find_match` finds, or that finds another open one of the same family.
    """
    if fresh:
        return None
    if explicit is not None and (case := state.case(explicit)) is not None:
        return case if case.is_open else None
    cases = [case for case in state.cases if case.is_open and not is_apart(case)]
    return _newest(_not_of_others(state, cases, issue, said), issue)


def find_match(
    *,
    state: Conversation,
    issue: str,
    fresh: bool,
    explicit: int | None,
    pack: Pack,
    now: datetime,
    said: Parties = NOBODY,
) -> Case | None:
    """The case that this contact joins or reopens; None: it opens a new one.

    The one that the consumer looks at; else an open one of the same matter; else one resolved in
    the recontact window. Where no more fit in, even something else joins the newest. `said` are the
    shop and the creator whom the consumer names, where it is about no order.
    """
    found = None
    if not fresh:
        looked_at = None if explicit is None else state.case(explicit)
        if looked_at is not None and (looked_at.is_open or in_window(case=looked_at, now=now)):
            return looked_at
        found = find_same_matter(state=state, issue=issue, pack=pack, now=now, said=said)
    return found or overflow(state)


def find_same_matter(
    *, state: Conversation, issue: str, pack: Pack, now: datetime, said: Parties = NOBODY
) -> Case | None:
    """An open case of the same matter, else one resolved in the recontact window; a second
    person's own only where there is no other.
    """
    cases = _not_of_others(state, state.cases, issue, said)
    shared = [case for case in cases if not is_apart(case)]
    apart = [case for case in cases if is_apart(case)]
    return _newest_live(shared, issue, pack, now) or _newest_live(apart, issue, pack, now)


def has_room(state: Conversation) -> bool:
    """Another case may be opened; else what comes joins the newest, which is open like all."""
    return len(state.cases) < CASES_LIVE_MAX or not all(case.is_open for case in state.cases)


def overflow(state: Conversation) -> Case | None:
    """Where no more fit in: the newest, but a second person's own only where there is no other."""
    if has_room(state):
        return None
    return next((case for case in reversed(state.cases) if case.barred is None), state.cases[-1])


def in_window(*, case: Case, now: datetime) -> bool:
    """Resolved, and hearing again still means that it was not solved: the window begins when the
    last remedy has settled, also where its end has passed and no clock was heard yet.
    """
    if case.is_open:
        return False
    return bool(case.remedies) or any(
        clock.kind is ClockKind.RECONTACT and clock.due_at is not None and now < clock.due_at
        for clock in case.clocks
    )


def contact_kind(*, case: Case, channel: Channel, pack: Pack, now: datetime) -> ContactKind | None:
    """What kind of contact begins on this open case; None: it is still the same contact.

    A message within the session adds to the contact, answered or not. Later, unless we asked, the
    ball was ours, and hearing again is one time too many.
    """
    gap = pack.joining.session_gap_seconds
    same_session = case.last_at is not None and (now - case.last_at).total_seconds() < gap
    if channel in OUTSIDE:
        return None if same_session and case.last_outside else ContactKind.OUTSIDE
    if case.contacts == 0:
        return ContactKind.NEW
    if same_session:
        return None
    return ContactKind.REQUESTED if case.asked is not None else ContactKind.CHASER


def is_apart(case: Case) -> bool:
    """A second person's case is between people of the platform, until the consumer speaks in it or
    somebody with them.
    """
    return case.barred is not None and not (case.contacts or case.answered)


def is_unheard(case: Case) -> bool:
    """It opened for what people of the platform do among themselves, and no answer is owed in it to
    the consumer, who has not spoken in it and was told nothing of it.
    """
    if case.origin is not Origin.REMEDY or case.contacts or case.answered:
        return False
    return all(clock.side is not Side.CONSUMER for clock in case.responses)


def owed_responses(
    *, case: Case, into: Case | None = None, pack: Pack, now: datetime
) -> list[ClockStarted]:
    """An answer is owed in it again, or in the case that it goes on `into`: not to the consumer
    where it is between people of the platform."""
    started = clocks.start_responses(case=into or case, pack=pack, now=now)
    if not is_unheard(case):
        return started
    return [one for one in started if one.side is not Side.CONSUMER]


def _not_of_others(
    state: Conversation, cases: Sequence[Case], issue: str, said: Parties
) -> list[Case]:
    """Without those that another shop or creator has than is named, or that the platform has for
    another's: what is said of one is none of another's. Words about anything may still be the
    answer to what one of these has asked.
    """
    if said == NOBODY:
        return list(cases)
    return [
        case
        for case in cases
        if not _is_anothers(state, case, said)
        or (case.asked is not None and issue in ABOUT_ANYTHING)
    ]


def _is_anothers(state: Conversation, case: Case, said: Parties) -> bool:
    if case.owner != PLATFORM:
        return said.desk(case.owner.kind) not in (None, case.owner)
    if len(state.named) == NAMED_KEPT_MAX and state.named_in(case.number) is None:
        return True  # Whose it was said to be may be forgotten.
    known = parties_of(state=state, case=case)
    both = ((said.merchant, known.merchant), (said.creator, known.creator))
    return any(None not in pair and pair[0] != pair[1] for pair in both)


def _newest_live(cases: Sequence[Case], issue: str, pack: Pack, now: datetime) -> Case | None:
    """An open one before one that is resolved."""
    return _newest([case for case in cases if case.is_open], issue, pack) or _newest(
        [case for case in cases if in_window(case=case, now=now)], issue, pack
    )


def _newest(cases: Sequence[Case], issue: str, pack: Pack | None = None) -> Case | None:
    """The newest of this very issue, else of its family, else one where either says nothing.

    Words about anything are first of all the answer to what was asked.
    """
    if issue in ABOUT_ANYTHING:
        waiting = next((case for case in reversed(cases) if case.asked is not None), None)
        if waiting is not None:
            return waiting
    family = agreeing = None
    for case in reversed(cases):
        if case.issue == issue and issue not in ABOUT_ANYTHING:
            return case
        if pack is not None and family is None and same_family(case.issue, issue, pack):
            family = case
        if agreeing is None and (case.issue in ABOUT_ANYTHING or issue in ABOUT_ANYTHING):
            agreeing = case
    return agreeing if issue in ABOUT_ANYTHING else family or agreeing
