"""What a remedy comes to by now: others may have given money for the same goods meanwhile."""

from collections.abc import Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import Price, lines_for, shipping_left
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import RemedyRepriced
from oncedesk.domain.remedies.paying import rules_of
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.refunding import settle
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.taking import needlessly_off
from oncedesk.domain.remedies.words import Line, Share
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.money import split_minor

NOTHING_LEFT = Refusal("nothing_left", "another remedy has been given for it")


def held_again(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """What it does not hold at present it holds again, at what is left of that at most."""
    left = at_most_left(state=state, remedy=remedy, purchase=purchase, facts=facts)
    if left is None:
        return NOTHING_LEFT
    lines, shipping_minor = left.lines, left.shipping_minor
    if (lines, shipping_minor) == (remedy.lines, remedy.shipping_minor):
        return []
    event = _repriced(state, remedy, lines, shipping_minor, facts)
    return [event] if event.amount_minor else NOTHING_LEFT


def at_most_left(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> Price | None:
    """Its lines and shipping, at what all other remedies leave of that at most; None if they took
    the units."""
    left = units_left(state=state, remedy=remedy, purchase=purchase, facts=facts)
    if isinstance(left, Refusal):
        return None
    book = state.without(remedy.number)
    lines = tuple(_at_most(*pair) for pair in zip(remedy.lines, left, strict=True))
    shipping_minor = remedy.shipping_minor
    if shipping_minor and lines and not remedy.kind.goes_out:
        left_minor = shipping_left(purchase=purchase, book=book, part=lines[0].part)
        shipping_minor = min(shipping_minor, left_minor)
    return Price(lines, shipping_minor, _sum(lines) + shipping_minor)


def units_left(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> tuple[Line, ...] | Refusal:
    """What its units cost by now, for its reason, as all other remedies leave them."""
    return lines_for(
        purchase=purchase,
        book=state.without(remedy.number),
        wanted=remedy.units,
        bundles=rules_of(remedy, facts).bundles(remedy.reason),
    )


def given_after_all(
    *, state: Remedies, events: Sequence[RemedyEvent], purchase: Purchase | None, facts: Facts
) -> list[RemedyEvent]:
    """Lines have back what was off for money that these events show another remedy not to give."""
    if purchase is None or not any(_off_minor(remedy) for remedy in state.live):
        return []
    state = evolved(state, events)
    found: list[RemedyEvent] = []
    for remedy in state.counted():
        if not _off_minor(remedy) or remedy.approval or remedy.dispute or remedy.counter_offer:
            continue
        left = units_left(state=state, remedy=remedy, purchase=purchase, facts=facts)
        if isinstance(left, Refusal):
            continue
        off = needlessly_off(state)
        pairs = zip(remedy.lines, left, strict=True)
        lines = tuple(_with_more(*pair, off.get((pair[0].part, pair[0].item), 0)) for pair in pairs)
        if lines == remedy.lines:
            continue
        more: list[RemedyEvent] = [_repriced(state, remedy, lines, remedy.shipping_minor, facts)]
        if remedy.is_paid:
            after = evolved(state, more)
            more += settle(state=after, remedy=remedy.number, facts=facts, purchase=purchase)
        state = evolved(state, more)
        found += more
    return found


def _off_minor(remedy: Remedy) -> int:
    """What was taken off its lines for money that was given, or asked for, before."""
    return sum(line.before_minor for line in remedy.lines) if remedy.kind.takes_units else 0


def _with_more(line: Line, left: Line, off_minor: int) -> Line:
    """What gives a part of what was left then gives that part of what it has back, too."""
    off_minor = min(off_minor, line.before_minor)
    then_minor = left.amount_minor - off_minor
    more_minor = max(0, left.amount_minor - line.amount_minor)
    if then_minor > line.amount_minor:
        more_minor = off_minor * line.amount_minor // then_minor
    return replace(
        line,
        amount_minor=line.amount_minor + min(more_minor, off_minor),
        before_minor=line.before_minor - off_minor,
    )


def _at_most(line: Line, left: Line) -> Line:
    over_minor = line.amount_minor - left.amount_minor
    if over_minor <= 0:
        return line
    stayed_minor = 0 if line.stays else max(0, left.before_minor - line.before_minor)
    return replace(
        line,
        amount_minor=left.amount_minor,
        subsidy_minor=min(line.subsidy_minor, left.subsidy_minor),
        commission_minor=min(line.commission_minor, left.commission_minor),
        before_minor=line.before_minor + min(over_minor, stayed_minor),
    )


def _repriced(
    state: Remedies, remedy: Remedy, lines: tuple[Line, ...], shipping_minor: int, facts: Facts
) -> RemedyRepriced:
    more_minor = _sum(lines) - _sum(remedy.lines) + shipping_minor - remedy.shipping_minor
    amount_minor = max(0, remedy.amount_minor + more_minor)
    return RemedyRepriced(
        **state.about(remedy.number, facts.now),
        lines=lines,
        amount_minor=amount_minor,
        shipping_minor=shipping_minor,
        shares=_shared(remedy.shares, amount_minor),
        otherwise=_shared(remedy.otherwise, amount_minor),
    )


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.amount_minor for line in lines)


def _shared(shares: Sequence[Share], amount_minor: int) -> tuple[Share, ...]:
    minors = split_minor(amount_minor, [share.minor for share in shares]) if shares else ()
    return tuple(replace(share, minor=minor) for share, minor in zip(shares, minors, strict=True))
