"""What a wish is answered with: a preview, or why not and the nearest thing that is possible."""

from collections.abc import Iterator

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import left_of
from oncedesk.domain.remedies.eligibility import RuleRefusal
from oncedesk.domain.remedies.messages.asking import Wish
from oncedesk.domain.remedies.preview import Asked, Preview, Priced, preview, priced
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.words import RemedyKind, Stage, WantedLine
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import GrantedBy

LINES_TRIED_MAX = 8
_KINDS = (
    RemedyKind.CANCEL,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.EXCHANGE,
    RemedyKind.RESEND,
    RemedyKind.REPAIR,
    RemedyKind.REFUND,
)
_STAGES = (Stage.UNSHIPPED, Stage.SHIPPED, Stage.DELIVERED)


class Nearest(Record, frozen=True, kw_only=True):
    """A wish that is possible now, or (with `stage`) once the part has come so far."""

    wish: Wish
    amount_minor: int
    stage: Stage | None = None


class NotPossible(Record, frozen=True, kw_only=True):
    """Why a wish cannot be: under which rule, where that comes from and whether that binds us, and
    what is possible."""

    code: str
    detail: str
    field: str
    rule: str
    basis: str
    firm: bool
    nearest: Nearest | None


def answer_to(asked: Asked) -> Preview | NotPossible:
    """What this wish would come to now; else why not, and what comes nearest to it."""
    found = preview(asked)
    if isinstance(found, Preview):
        return found
    rule = found.rule if isinstance(found, RuleRefusal) else ""
    provenance = asked.pack.provenance.get(rule)
    return NotPossible(
        code=found.code,
        detail=found.detail,
        field=found.field,
        rule=rule,
        basis="" if provenance is None else provenance.source,
        firm=provenance is not None and provenance.firm,
        nearest=nearest_to(asked, found),
    )


def nearest_to(asked: Asked, refusal: Refusal) -> Nearest | None:
    """The first of these that is possible: of less, of other lines, another kind, or later."""
    for wish in _instead(asked, refusal):
        found = preview(replace(asked, wish=wish))
        if isinstance(found, Preview):
            return Nearest(wish=wish, amount_minor=found.amount_minor)
    return _later(asked) if isinstance(refusal, RuleRefusal) else None


def _instead(asked: Asked, refusal: Refusal) -> Iterator[Wish]:
    wish = asked.wish
    match refusal.code:
        case "currency_differs":
            yield replace(wish, currency=asked.purchase.currency)
        case "refund_exceeds_paid":
            yield replace(wish, amount_minor=None)
        case "quantity_exceeds_bought":
            if lines := _fewer(asked):
                yield replace(wish, lines=lines)
        case "method_not_allowed":
            yield replace(wish, method="")
        case "parts_mixed":
            first = wish.part or (wish.lines[0].part if wish.lines else 1)
            yield replace(wish, part=first, lines=tuple(_of_part(wish, first)))
        case _:
            pass
    if isinstance(refusal, RuleRefusal):
        possible = _lines_one_by_one(asked)
        if possible and len(possible) < len(wish.lines):
            yield replace(wish, lines=possible)
        for kind in _KINDS:
            if kind is not wish.kind:
                yield replace(wish, kind=kind, replacements=(), amount_minor=None, method="")


def _fewer(asked: Asked) -> tuple[WantedLine, ...]:
    """As many of each wanted line as there are left."""
    lines = []
    for want in asked.wish.lines:
        if want.part > len(asked.purchase.parts):
            continue
        part = asked.purchase.parts[want.part - 1]
        if want.item > len(part.items):
            continue
        item = part.items[want.item - 1]
        left = left_of(book=asked.book, part=want.part, number=want.item, bought=item.quantity)
        if left > 0:
            lines.append(WantedLine(want.part, want.item, min(want.quantity, left)))
    return tuple(lines)


def _of_part(wish: Wish, part: int) -> Iterator[WantedLine]:
    return (line for line in wish.lines if line.part == part)


def _lines_one_by_one(asked: Asked) -> tuple[WantedLine, ...]:
    """Those of the wanted lines that would be possible alone; of very many, nobody tries all."""
    lines = asked.wish.lines
    if not 1 < len(lines) <= LINES_TRIED_MAX or asked.wish.replacements:
        return ()
    return tuple(
        line
        for line in lines
        if isinstance(
            preview(replace(asked, wish=replace(asked.wish, lines=(line,), amount_minor=None))),
            Preview,
        )
    )


def _later(asked: Asked) -> Nearest | None:
    """The same at a later stage, if the rules give it then."""
    wish, purchase = asked.wish, asked.purchase
    number = wish.lines[0].part if wish.lines else max(wish.part, 1)
    now = stage_of(purchase, purchase.parts[number - 1])
    if now not in _STAGES:
        return None
    for stage in _STAGES[_STAGES.index(now) + 1 :]:
        rule = asked.pack.remedies.rule(kind=wish.kind, reason=wish.reason, stage=stage)
        if rule is not None and rule.granted_by is not GrantedBy.NOBODY:
            found = priced(asked)
            amount_minor = found.amount_minor if isinstance(found, Priced) else 0
            return Nearest(wish=wish, amount_minor=amount_minor, stage=stage)
    return None
