"""What somebody would like, and what it would come to."""

import re
from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.remedies.choices import CHOICES_MAX, Choice
from oncedesk.domain.remedies.messages.asking import (
    EVIDENCE_MAX,
    FACTS_MAX,
    LINES_MAX,
    REPLACEMENTS_MAX,
    CounterOfferMade,
    Replacement,
    Wish,
)
from oncedesk.domain.remedies.messages.refunding import NameRoute
from oncedesk.domain.remedies.nearest import Nearest, NotPossible
from oncedesk.domain.remedies.preview import Preview
from oncedesk.domain.remedies.risk import signs_in
from oncedesk.domain.remedies.words import (
    CaseLink,
    Code,
    Reason,
    RemedyKind,
    Share,
    Speed,
    Stage,
    WantedLine,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor, PartNumber, StepShape
from oncedesk.http.shapes.remedies import (
    BearerShape,
    ItemNumber,
    LineShape,
    bearers_shape,
    lines_shape,
    steps_shape,
)
from oncedesk.http.shapes.words import DeskName

_ARTICLE = re.compile(r"\barts?\b")


class WantedShape(Body, frozen=True, kw_only=True):
    """So many of an item: its place in its part, from 1."""

    part: PartNumber
    item: ItemNumber
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class ReplacementShape(Body, frozen=True, kw_only=True):
    """What comes in the place of the line of the same place, at which price."""

    listing: UUID
    unit_price_minor: Minor
    variant: UUID | None = None


class WishShape(Body, frozen=True, kw_only=True):
    """What somebody would like, and why. No lines: all that is left of the part, or of the order,
    as far as it can be had.

    `amount_minor` asks for less than all. `method`: where money comes from or goes to, where it may
    be chosen. `opened`: a seal was broken.
    """

    kind: RemedyKind
    reason: Reason
    lines: Annotated[tuple[WantedShape, ...], Meta(max_length=LINES_MAX)] = ()
    part: Annotated[int, Meta(ge=0, le=16)] = 0
    amount_minor: Minor | None = None
    currency: Currency | None = None
    replacements: Annotated[tuple[ReplacementShape, ...], Meta(max_length=REPLACEMENTS_MAX)] = ()
    method: Code = ""
    opened: bool = False


class CaseShape(Body, frozen=True, kw_only=True):
    """The case that it belongs to."""

    conversation: UUID
    case: Annotated[int, Meta(ge=1, le=30_000)]


class NewRemedy(Body, frozen=True, kw_only=True):
    """A wish, and the amount that the preview showed. `evidence`: files of messages about it.

    `address` is where the order is to go instead, for a change of address. `human`: a person shall
    decide it.
    """

    wish: WishShape
    expected_minor: Minor | None = None
    evidence: Annotated[tuple[UUID, ...], Meta(max_length=EVIDENCE_MAX)] = ()
    case: CaseShape | None = None
    address: Annotated[str, Meta(min_length=1, max_length=1_000)] | None = None
    human: bool = False


class DeskWish(WishShape, frozen=True, kw_only=True):
    """A wish as an agent looks at it. `goodwill`: it is not owed, but given, to this `case`."""

    goodwill: bool = False
    case: CaseShape | None = None


class Offered(Body, frozen=True, kw_only=True):
    """What is offered instead, and the amount that its preview showed."""

    wish: WishShape
    expected_minor: Minor | None = None


class RemedyRefusal(Body, frozen=True, kw_only=True):
    """Why not: a reason, at least one fact, and the files that show it."""

    reason: Reason
    facts: Annotated[tuple[Reason, ...], Meta(max_length=FACTS_MAX)] = ()
    evidence: Annotated[tuple[UUID, ...], Meta(max_length=EVIDENCE_MAX)] = ()


class RefundRoute(Body, frozen=True, kw_only=True):
    """Where money should go: a method, and the marketplace's own name for it."""

    method: Code
    reference: Code = ""


class RouteShape(msgspec.Struct, frozen=True, kw_only=True):
    """So much goes back by this method."""

    method: str
    amount_minor: Minor


class NearestShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What comes nearest and is possible; with `stage` once the part has come so far."""

    kind: RemedyKind
    reason: str
    amount_minor: Minor
    lines: tuple[WantedShape, ...] = ()
    stage: Stage | None = None


class GoodwillShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What giving it comes up against.

    `limit`: which one of the agent's it exceeds, so that a second person has to stand by it.
    `budget_minor`: what can still be given in this month; none: nothing limits it.
    """

    limit: str = ""
    budget_minor: Minor | None = None


class PreviewShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a wish would come to now; nothing has changed by asking.

    `possible` false: why not, on what basis, and the nearest thing that is. The consumer is not
    told who bears it, and as basis only laws, where there are any.
    """

    possible: bool
    code: str = ""
    detail: str = ""
    rule: str = ""
    basis: str = ""
    nearest: NearestShape | None = None
    currency: str = ""
    amount_minor: Minor = 0
    shipping_minor: Minor = 0
    lines: tuple[LineShape, ...] = ()
    routes: tuple[RouteShape, ...] = ()
    at_once: bool = False
    steps: tuple[StepShape, ...] = ()
    evidence: Annotated[int, Meta(ge=0)] = 0
    desk: DeskName | None = None
    bearers: tuple[BearerShape, ...] = ()
    speed: Speed | None = None
    risks: tuple[str, ...] = ()
    goodwill: GoodwillShape | None = None


class OfferShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a counter-offer would come to now, and until when it would stand; or why it cannot be.

    Nothing has changed by asking.
    """

    possible: bool
    code: str = ""
    detail: str = ""
    kind: RemedyKind | None = None
    amount_minor: Minor = 0
    lines: tuple[LineShape, ...] = ()
    bearers: tuple[BearerShape, ...] = ()
    stands_until: Moment | None = None


class ChoiceShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wish that is possible now, for all of the part that can be had; ask its preview for less.

    `needs`: the field of a wish (or `address`) that has still to be said. `evidence`: so many
    files. `at_once`: no desk is asked. `steps`: what has to happen, and by when at the latest.
    """

    kind: RemedyKind
    reason: str
    needs: str = ""
    amount_minor: Minor = 0
    evidence: Annotated[int, Meta(ge=0)] = 0
    at_once: bool = False
    steps: tuple[StepShape, ...] = ()


class ChoicesShape(msgspec.Struct, frozen=True, kw_only=True):
    """All that can be asked for of a part as it is now; empty: nothing."""

    order: UUID
    part: PartNumber
    currency: str
    stage: Stage
    choices: Annotated[tuple[ChoiceShape, ...], Meta(max_length=CHOICES_MAX)]


def choice_shape(choice: Choice) -> ChoiceShape:
    wish, found = choice.wish, choice.preview
    if found is None:
        return ChoiceShape(kind=wish.kind, reason=wish.reason, needs=choice.needs)
    return ChoiceShape(
        kind=wish.kind,
        reason=wish.reason,
        needs=choice.needs,
        amount_minor=found.amount_minor,
        evidence=max(found.rule.evidence, found.risk.evidence),
        at_once=found.desk is None,
        steps=steps_shape(found.steps),
    )


def wish_of(shape: WishShape) -> Wish:
    """The domain's words for it."""
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


def route_of(shape: RefundRoute) -> partial[NameRoute]:
    return partial(NameRoute, method=shape.method, reference=shape.reference)


def offer_shape(found: CounterOfferMade | Refusal) -> OfferShape:
    if isinstance(found, Refusal):
        return OfferShape(possible=False, code=found.code, detail=found.detail)
    return OfferShape(
        possible=True,
        kind=found.wish.kind,
        amount_minor=found.amount_minor,
        lines=lines_shape(found.lines),
        bearers=bearers_shape(found.shares),
        stands_until=found.clock.due_at,
    )


def link_of(shape: CaseShape | None) -> CaseLink | None:
    return None if shape is None else CaseLink(shape.conversation, shape.case)


def preview_shape(found: Preview | NotPossible, *, in_person: bool) -> PreviewShape:
    """What of it this reader may see."""
    if isinstance(found, NotPossible):
        return PreviewShape(
            possible=False,
            code=found.code,
            detail=found.detail,
            rule=found.rule,
            basis=_laws(found) if in_person else found.basis,
            nearest=None if found.nearest is None else _nearest(found.nearest),
        )
    return PreviewShape(
        possible=True,
        rule=found.rule.id,
        currency=found.currency,
        amount_minor=found.amount_minor,
        shipping_minor=found.shipping_minor,
        lines=lines_shape(found.lines),
        routes=tuple(
            RouteShape(method=leg.method, amount_minor=leg.amount_minor) for leg in found.legs
        ),
        at_once=found.desk is None,
        steps=steps_shape(found.steps),
        evidence=max(found.rule.evidence, found.risk.evidence),
        desk=None if in_person or found.desk is None else str(found.desk),
        bearers=() if in_person else bearers_shape(_borne(found)),
        speed=None if in_person else found.risk.speed,
        risks=() if in_person else signs_in(found.risk.reason),
    )


def _borne(found: Preview) -> tuple[Share, ...]:
    """Who bears it if whoever is asked says yes: a merchant's own binds it, the platform's not."""
    return found.otherwise or found.shares if found.desk == PLATFORM else found.shares


def _laws(found: NotPossible) -> str:
    """The laws that bind us to the rule; what else stands with a source is noted for ourselves."""
    cited = [part.partition(":")[0].strip() for part in found.basis.split(";")]
    return "; ".join(one for one in cited if found.firm and _ARTICLE.search(one))


def _nearest(nearest: Nearest) -> NearestShape:
    wish = nearest.wish
    return NearestShape(
        kind=wish.kind,
        reason=wish.reason,
        amount_minor=nearest.amount_minor,
        lines=tuple(
            WantedShape(part=one.part, item=one.item, quantity=one.quantity) for one in wish.lines
        ),
        stage=nearest.stage,
    )
