"""Which rules of the pack decide a wish, and whether it still can be.

Several items may stand under several rules. Each is held to its own, by when and whether at all;
of the terms on which they are given together the strictest hold.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from oncedesk.domain.remedies.beside import States, wallet_seen
from oncedesk.domain.remedies.clocks import end_of_days
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.purchase import (
    ItemSeen,
    PartBought,
    Purchase,
    late_from,
    stage_of,
)
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Line, Speed, Stage
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.remedy_rules import (
    ANY,
    ORIGINAL,
    GrantedBy,
    OnSilence,
    RemedyRule,
    Replaced,
    ShippingBack,
)
from oncedesk.domain.shared.rulepack import Pack

_STRICT = {
    GrantedBy.RULE: 0,
    GrantedBy.MERCHANT: 1,
    GrantedBy.PLATFORM: 2,
    GrantedBy.NOBODY: 3,
}
_REASONS_NAMED = 30
"""A pack may have more than an answer has room for."""
_GIVES_BACK = (ShippingBack.NEVER, ShippingBack.WITH_ALL, ShippingBack.ALWAYS)
_SPEEDS = (Speed.INSTANT, Speed.AT_SCAN, Speed.AFTER_INSPECTION)


class RuleRefusal(Refusal, frozen=True):
    """No, under this rule; the empty rule is that there is none."""

    rule: str = ""


def rows_for(
    *,
    purchase: Purchase,
    part: PartBought,
    lines: Sequence[Line],
    wish: Wish,
    pack: Pack,
) -> tuple[RemedyRule, ...] | RuleRefusal:
    """The rules that decide these lines of a part as it is now, whatever the lines' order: first
    the one that asks the most."""
    rules = pack.remedies
    if rules.reasons and wish.reason not in rules.reasons:
        return RuleRefusal("reason_unknown", _one_of(rules.reasons), "reason")
    stage = stage_of(purchase, part)
    rows: dict[str, RemedyRule] = {}
    for line in lines:
        item = part.items[line.item - 1]
        found = rules.rule(
            kind=wish.kind,
            reason=wish.reason,
            stage=stage,
            category=purchase.categories[item.category],
            waived=item.terms.return_waived,
            opened=wish.opened,
        )
        if found is None:
            return _no_rule(wish, stage, pack)
        rows.setdefault(found.id, found)
    assert rows
    if rules.edition < 1:
        return (max(rows.values(), key=lambda row: _STRICT[row.granted_by]),)
    return tuple(sorted(rows.values(), key=_asks_most))


def _one_of(reasons: Iterable[str]) -> str:
    names = sorted(reasons)
    more = " and others" if len(names) > _REASONS_NAMED else ""
    return f"one of {', '.join(names[:_REASONS_NAMED])}{more}"


def _asks_most(row: RemedyRule) -> tuple[int, bool, bool, str]:
    silence = row.on_silence is not OnSilence.TAKE_OVER
    return -_STRICT[row.granted_by], silence, not row.opt_in, row.id


def strictest(rows: Sequence[RemedyRule]) -> RemedyRule:
    """On which terms several rows give something together: of the first, which asks the most, but
    what another is stricter in."""
    first, *others = rows
    if not others:
        return first
    over = any(row.on_silence is OnSilence.TAKE_OVER for row in rows)
    return replace(
        first,
        on_silence=OnSilence.TAKE_OVER if over else OnSilence.GRANT,
        opt_in=any(row.opt_in for row in rows),
        evidence=max(row.evidence for row in rows),
        percent=min(row.percent for row in rows),
        speed=max((row.speed for row in rows), key=_SPEEDS.index),
        shipping=min((row.shipping for row in rows), key=_GIVES_BACK.index),
    )


def refused_by(
    *,
    rows: Sequence[RemedyRule],
    purchase: Purchase,
    part: PartBought,
    book: Remedies | None,
    pack: Pack,
    now: datetime,
) -> RuleRefusal | None:
    """Why one of these rows does not give it (any more)."""
    for row in rows:
        refused = _refused(rule=row, purchase=purchase, part=part, book=book, pack=pack, now=now)
        if refused is not None:
            return refused
    return None


def _refused(
    *,
    rule: RemedyRule,
    purchase: Purchase,
    part: PartBought,
    book: Remedies | None,
    pack: Pack,
    now: datetime,
) -> RuleRefusal | None:
    if rule.granted_by is GrantedBy.NOBODY:
        return RuleRefusal(rule.refusal or "remedy_not_offered", rule.id, rule=rule.id)
    if rule.not_after and book is not None:
        before = {*book.granted, *(remedy.kind for remedy in book.counted())}
        if not before.isdisjoint(rule.not_after):
            kinds = " ".join(sorted(before.intersection(rule.not_after)))
            return RuleRefusal("not_after_another", f"after {kinds}", rule=rule.id)
    if rule.late_after_days:
        late_at = late_from(purchase, part, rule=rule)
        if late_at is not None and now < late_at:
            return RuleRefusal("not_late_yet", f"from {late_at.isoformat()}", rule=rule.id)
    until = until_when(rule=rule, purchase=purchase, part=part, pack=pack)
    if until is not None and now >= until:
        return RuleRefusal("too_late", f"until {until.isoformat()}", rule=rule.id)
    return None


def until_when(
    *, rule: RemedyRule, purchase: Purchase, part: PartBought, pack: Pack
) -> datetime | None:
    """Until when (exclusive) this rule can be asked for; None: no limit, or not running yet."""
    if not (rule.within_days or rule.within_hours):
        return None
    match rule.anchor:
        case "placed":
            since = purchase.placed_at
        case "shipped":
            since = part.shipped_at
        case _:
            since = purchase.reached_at(part.number)
    if since is None:
        return None
    if rule.within_hours:
        return since + timedelta(hours=rule.within_hours)
    return end_of_days(
        since=since,
        days=rule.within_days,
        zone=ZoneInfo(purchase.timezone),
        ends_on=pack.calendars[rule.ends_on] if rule.ends_on else None,
    )


def wrong_choice(
    *,
    rows: Sequence[RemedyRule],
    purchase: Purchase,
    part: PartBought,
    lines: Sequence[Line],
    wish: Wish,
    states: States,
) -> RuleRefusal | None:
    """What is wrong with where the money should go, or with what should come instead, by any."""
    for row in rows:
        wrong = _wrong(
            rule=row, purchase=purchase, part=part, lines=lines, wish=wish, states=states
        )
        if wrong is not None:
            return wrong
    return None


def _wrong(
    *,
    rule: RemedyRule,
    purchase: Purchase,
    part: PartBought,
    lines: Sequence[Line],
    wish: Wish,
    states: States,
) -> RuleRefusal | None:
    if wish.method and not _may_go_to(rule, purchase, wish.method, states):
        return RuleRefusal("method_not_allowed", " ".join(rule.refund_to), "method", rule=rule.id)
    if not wish.replacements:
        if rule.replacement in (Replaced.VARIANT, Replaced.ANY_VARIANT, Replaced.ANYTHING):
            return RuleRefusal("replacement_needed", "for each line", "replacements", rule=rule.id)
        return None
    if rule.replacement is Replaced.NOTHING:
        return RuleRefusal("replacement_not_offered", "none", "replacements", rule=rule.id)
    if len(wish.replacements) != len(lines):
        return RuleRefusal("replacement_needed", "for each line", "replacements", rule=rule.id)
    for line, instead in zip(lines, wish.replacements, strict=True):
        item: ItemSeen = part.items[line.item - 1]
        if rule.replacement is not Replaced.ANYTHING and instead.listing != item.listing:
            return RuleRefusal(
                "replacement_differs", "another of the same listing", "replacements", rule=rule.id
            )
        if rule.replacement is Replaced.VARIANT and instead.variant == item.terms.variant:
            return RuleRefusal(
                "replacement_same", "another variant than before", "replacements", rule=rule.id
            )
    return None


def _may_go_to(rule: RemedyRule, purchase: Purchase, name: str, states: States) -> bool:
    if ANY in rule.refund_to:
        return True
    if ORIGINAL in rule.refund_to:
        for payment in purchase.payments:
            if name in (payment.method, payment.reference):
                return True
    wallet = wallet_seen(states, consumer=purchase.consumer)
    method = None if wallet is None else wallet.method(name)
    return method is not None and method.kind in rule.refund_to


def _no_rule(wish: Wish, stage: Stage, pack: Pack) -> RuleRefusal:
    """No rule for this reason, or none for this kind at this stage at all."""
    reasons = reasons_for(pack=pack, kind=wish.kind, stage=stage)
    if reasons:
        return RuleRefusal("reason_not_accepted", " ".join(reasons), "reason")
    return RuleRefusal("remedy_not_offered", f"no {wish.kind} when {stage}", "kind")


def reasons_for(*, pack: Pack, kind: str, stage: str) -> list[str]:
    """The reasons for which the pack gives this kind at this stage."""
    return sorted(
        {
            rule.reason
            for rule in pack.remedies.rules.values()
            if rule.kind == kind
            and rule.stage in (stage, ANY)
            and rule.granted_by is not GrantedBy.NOBODY
        }
    )
