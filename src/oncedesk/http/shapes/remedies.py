"""Remedies in JSON: what somebody would like, what that would come to, and what is answered."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.remedies.messages.asking import (
    EVIDENCE_MAX,
    FACTS_MAX,
    LINES_MAX,
    Replacement,
    Wish,
)
from oncedesk.domain.remedies.nearest import NotPossible
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.remedies.words import (
    Code,
    Payer,
    Quantity,
    Reason,
    RemedyKind,
    Speed,
    Stage,
    WantedLine,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.remedy_rules import GrantedBy
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor, PartNumber

Evidence = Annotated[
    tuple[UUID, ...],
    Meta(max_length=EVIDENCE_MAX, description="Files of the consumer's that show it"),
]


class WantedShape(Body, frozen=True, kw_only=True):
    """So many of an item: the `item`-th, from 1, of a part; parts are numbered from 1."""

    part: PartNumber
    item: Annotated[int, Meta(ge=1, le=50)]
    quantity: Quantity = 1


class ReplacementShape(Body, frozen=True, kw_only=True):
    """What comes in the place of the line at the same place."""

    listing: UUID
    unit_price_minor: Minor
    variant: UUID | None = None


class WishShape(Body, frozen=True, kw_only=True):
    """What somebody would like. No lines: all that is left of the part, or of the order.

    `amount_minor` asks for less than all; `method` says where the money should come from or go to;
    `opened`: a seal was broken.
    """

    kind: RemedyKind
    reason: Reason
    lines: Annotated[tuple[WantedShape, ...], Meta(max_length=LINES_MAX)] = ()
    part: Annotated[int, Meta(ge=0, le=16)] = 0
    amount_minor: Minor | None = None
    currency: Currency | None = None
    replacements: Annotated[tuple[ReplacementShape, ...], Meta(max_length=LINES_MAX)] = ()
    method: Code = ""
    opened: bool = False


class PreviewAsked(Body, frozen=True, kw_only=True):
    """What would this come to? `human`: if a person decides it, whatever the rules say."""

    wish: WishShape
    evidence: Evidence = ()
    human: bool = False


class RemedyAsked(Body, frozen=True, kw_only=True):
    """This is wanted. `expected_minor` is the amount that was shown, if it has to be that."""

    wish: WishShape
    evidence: Evidence = ()
    expected_minor: Minor | None = None
    human: bool = False


class Refusing(Body, frozen=True, kw_only=True):
    """Why not, and what was found. The consumer reads both, and can object."""

    reason: Reason
    facts: Annotated[tuple[Reason, ...], Meta(min_length=1, max_length=FACTS_MAX)]


class Offering(Body, frozen=True, kw_only=True):
    """What is offered instead. Without lines: for those that the remedy is about."""

    wish: WishShape
    expected_minor: Minor | None = None


class LineShape(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to the consumer for so many of an item."""

    part: int
    item: int
    quantity: int
    amount_minor: int


class ShareShape(msgspec.Struct, frozen=True, kw_only=True):
    """Who bears how much of it."""

    payer: Payer
    minor: int
    party: UUID | None = None


class LegShape(msgspec.Struct, frozen=True, kw_only=True):
    """How much goes back to which payment."""

    method: str
    amount_minor: int
    reference: str = ""


class StepShape(msgspec.Struct, frozen=True, kw_only=True):
    """What has to happen, until then at the latest."""

    kind: StepKind
    due_at: Moment


class PossibleShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it would come to. `desk` is asked; without one a rule decides at once.

    `difference_minor` is what replacements cost more; less is below 0. `speed` is when the money of
    a return leaves, and `speed_reason` what made it sooner or later.
    """

    lines: tuple[LineShape, ...]
    amount_minor: int
    currency: str
    granted_by: GrantedBy
    rule: str
    steps: tuple[StepShape, ...]
    due_at: Moment
    desk: str | None = None
    legs: tuple[LegShape, ...] = ()
    shares: tuple[ShareShape, ...] = ()
    difference_minor: int = 0
    evidence: int = 0
    speed: Speed | None = None
    speed_reason: str = ""


class NearestShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What comes nearest and is possible: now, or once the part has come to `stage`."""

    wish: WishShape
    amount_minor: int
    stage: Stage | None = None


class NotPossibleShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why not: a stable code, the rule, and where that rule comes from."""

    code: str
    detail: str = ""
    field: str = ""
    rule: str = ""
    basis: str = ""
    nearest: NearestShape | None = None


class PreviewShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Exactly one of the two."""

    possible: PossibleShape | None = None
    not_possible: NotPossibleShape | None = None


def wish_of(shape: WishShape) -> Wish:
    """The wish as the domain knows it."""
    return Wish(
        kind=shape.kind,
        reason=shape.reason,
        lines=tuple(WantedLine(one.part, one.item, one.quantity) for one in shape.lines),
        part=shape.part,
        amount_minor=shape.amount_minor,
        currency=shape.currency,
        replacements=tuple(
            Replacement(one.listing, one.variant, one.unit_price_minor)
            for one in shape.replacements
        ),
        method=shape.method,
        opened=shape.opened,
    )


def wish_shape(wish: Wish) -> WishShape:
    return WishShape(
        kind=wish.kind,
        reason=wish.reason,
        lines=tuple(
            WantedShape(part=one.part, item=one.item, quantity=one.quantity) for one in wish.lines
        ),
        part=wish.part,
        amount_minor=wish.amount_minor,
        currency=wish.currency,
        replacements=tuple(
            ReplacementShape(
                listing=one.listing, variant=one.variant, unit_price_minor=one.unit_price_minor
            )
            for one in wish.replacements
        ),
        method=wish.method,
        opened=wish.opened,
    )


def preview_shape(found: Preview | NotPossible, *, whole: bool) -> PreviewShape:
    """The answer; how it was paid and how the consumer is known only for whoever sees it all."""
    if isinstance(found, NotPossible):
        return PreviewShape(not_possible=_not_possible(found))
    return PreviewShape(possible=_possible(found, whole=whole))


def _possible(found: Preview, *, whole: bool) -> PossibleShape:
    return PossibleShape(
        lines=tuple(
            LineShape(
                part=one.part, item=one.item, quantity=one.quantity, amount_minor=one.amount_minor
            )
            for one in found.lines
        ),
        amount_minor=found.amount_minor,
        currency=found.currency,
        granted_by=found.rule.granted_by,
        rule=found.rule.id,
        steps=tuple(StepShape(kind=one.kind, due_at=one.due_at) for one in found.steps),
        due_at=found.due_at,
        desk=None if found.desk is None else str(found.desk),
        shares=tuple(
            ShareShape(payer=one.payer, minor=one.minor, party=one.party) for one in found.shares
        ),
        difference_minor=found.difference_minor,
        evidence=found.risk.evidence if whole else found.rule.evidence,
        legs=tuple(
            LegShape(method=one.method, amount_minor=one.amount_minor, reference=one.reference)
            for one in found.legs
        )
        if whole
        else (),
        speed=found.risk.speed if whole else None,
        speed_reason=found.risk.reason if whole else "",
    )


def _not_possible(found: NotPossible) -> NotPossibleShape:
    near = found.nearest
    return NotPossibleShape(
        code=found.code,
        detail=found.detail,
        field=found.field,
        rule=found.rule,
        basis=found.basis,
        nearest=None
        if near is None
        else NearestShape(
            wish=wish_shape(near.wish), amount_minor=near.amount_minor, stage=near.stage
        ),
    )
