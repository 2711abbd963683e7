"""What a contact belongs to: an open case, one resolved in the window, or none yet; and its kind."""

from datetime import datetime

from oncedesk.domain.conversations.messages import Channel, ContactKind
from oncedesk.domain.conversations.state import CASES_LIVE_MAX, Case, Conversation
from oncedesk.domain.shared.rulepack import ClockKind, Pack

UNCLEAR = ("", "other")
"""Issues that say nothing."""

OUTSIDE = frozenset((Channel.PHONE, Channel.REGULATOR, Channel.CHARGEBACK))
"""Channels past our own help: whoever comes through them did not find it enough."""


def family(issue: str) -> str:
    """`delivery.late` and `delivery.lost` are the same matter."""
    return issue.partition(".")[0]


def same_matter(left: str, right: str) -> bool:
    """Of one family; an issue that says nothing agrees with any."""
    return left in UNCLEAR or right in UNCLEAR or family(left) == family(right)


def open_match(*, state: Conversation, issue: str, fresh: bool, explicit: int | None) -> Case | None:
    """The open case that a contact joins whatever the time is; None leaves it to `find_match`.

    The one the consumer looks at; else the newest of the same family; else the newest that agrees.
    """
    if fresh:
        return None
    if explicit is not None:
        case = state.case(explicit)
        if case is not None:
            return case if case.is_open else None
    return _newest(tuple(case for case in state.cases if case.is_open), issue)


def find_match(
    *, state: Conversation, issue: str, fresh: bool, explicit: int | None, now: datetime
) -> Case | None:
    """The case that this contact joins or reopens; None: it opens a new one.

    Where there are as many cases as a conversation may hold, even something else joins the newest.
    """
    found = None
    if not fresh:
        found = _explicit_in_window(state, explicit, now) or open_match(
            state=state, issue=issue, fresh=fresh, explicit=explicit
        )
        if found is None:
            found = _newest(
                tuple(case for case in state.cases if in_window(case=case, now=now)), issue
            )
    if found is None and len(state.cases) >= CASES_LIVE_MAX:
        return next((case for case in reversed(state.cases) if case.is_open), state.cases[-1])
    return found


def in_window(*, case: Case, now: datetime) -> bool:
    """Resolved, and hearing again still means that it was not solved."""
    if case.is_open:
        return False
    return any(
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


def _explicit_in_window(state: Conversation, explicit: int | None, now: datetime) -> Case | None:
    case = None if explicit is None else state.case(explicit)
    return case if case is not None and in_window(case=case, now=now) else None


def _newest(cases: tuple[Case, ...], issue: str) -> Case | None:
    """The newest of the same family, else the newest whose issue (or this one) says nothing."""
    agreeing = None
    for case in reversed(cases):
        if issue not in UNCLEAR and family(case.issue) == family(issue):
            return case
        if agreeing is None and same_matter(case.issue, issue):
            agreeing = case
    return agreeing
