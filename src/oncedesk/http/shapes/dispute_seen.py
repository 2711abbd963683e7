"""A dispute, and a yes that waits for a second person, as they are read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, assert_never
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from oncedesk.domain.remedies.authorising import wanted_minor
from oncedesk.domain.remedies.dispute_silence import verdict_of_silence
from oncedesk.domain.remedies.disputing import is_taken
from oncedesk.domain.remedies.messages.asking import CounterOffer
from oncedesk.domain.remedies.messages.authorising import Upheld
from oncedesk.domain.remedies.messages.disputing import Decision, Outcome, Side
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.waiting import second_persons_desk
from oncedesk.domain.remedies.words import ClockKind, Payer, RemedyKind
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.remedy_rules import DisputeRule
from oncedesk.http.shapes.disputes import Bears
from oncedesk.http.shapes.orders import Minor
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.views.readers import Reader


class DisputeShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dispute: what it came to so far, and whether somebody objected.

    `wanted_minor` is what it is about; `taken`: other remedies have given all of it, so that it can
    only be refused. While it is undecided, at `due_at` it comes by itself to
    `then`, or without that to the platform. `decided_before`: the reader had a part in what was
    objected to, so somebody else decides.
    """

    consumer_evidence: Annotated[int, Meta(ge=0)]
    merchant_evidence: Annotated[int, Meta(ge=0)]
    outcome: Outcome | None = None
    objected: bool = False
    objected_by: Side | None = None
    wanted_minor: Minor = 0
    taken: bool = False
    due_at: Moment | None = None
    then: Outcome | None = None
    decided_before: bool = False


class ApprovalShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A yes that is more than one person's authority: somebody else of `desk` stands by it.

    `own`: the reader wants it. `barred`: so they do not, or had a part in what it is against.
    `outcome`, with its reason, basis (null: it was erased) and `bearers`, is what a dispute would
    come to by it; `upheld` a contest; `offered` what would be offered instead. Else it is the
    remedy as it stands.
    """

    amount_minor: Minor
    desk: DeskName
    own: bool = False
    barred: bool = False
    outcome: Outcome | None = None
    upheld: bool = False
    offered: RemedyKind | None = None
    reason: str = ""
    basis: str | None = ""
    bearers: tuple[Bears, ...] = ()


def dispute_shape(remedy: Remedy, *, rule: DisputeRule, agent: UUID | None) -> DisputeShape | None:
    """As this agent, or with None anybody else, may see it."""
    dispute = remedy.dispute
    if dispute is None:
        return None
    due_at = _due_at(remedy)
    return DisputeShape(
        consumer_evidence=dispute.consumer_evidence,
        merchant_evidence=dispute.merchant_evidence,
        outcome=dispute.outcome,
        objected=dispute.objected is not None,
        objected_by=dispute.objected,
        wanted_minor=dispute.wanted_minor,
        taken=is_taken(remedy),
        due_at=due_at,
        then=None if due_at is None else verdict_of_silence(remedy=remedy, rule=rule),
        decided_before=dispute.decided_before(agent),
    )


def approval_shape(
    remedy: Remedy, *, reader: Reader, agent: UUID | None, bases: Mapping[UUID, str | None]
) -> ApprovalShape | None:
    """What a second person is waited for with; None while nobody is.

    Only for the people of the desk that wants it: others are told once it is given. `bases` is what
    wanted decisions rest on, by the ids.
    """
    approval, desk = remedy.approval, second_persons_desk(remedy)
    if approval is None or not approval.waits or desk is None or not is_told(reader, desk):
        return None
    own = agent is not None and approval.first == agent
    shape = ApprovalShape(
        amount_minor=wanted_minor(remedy, approval.wanted),
        desk=str(desk),
        own=own,
        barred=own or had_a_part(remedy, agent),
    )
    match approval.wanted:
        case None:
            return shape
        case Decision() as decision:
            return replace(
                shape,
                outcome=decision.outcome,
                reason=decision.reason,
                basis=decision.basis if decision.text is None else bases.get(decision.text.id),
                bearers=tuple(
                    Bears(payer=Payer(one.payer), percent=one.percent) for one in decision.shares
                ),
            )
        case Upheld() as upheld:
            return replace(shape, upheld=True, reason=upheld.reason)
        case CounterOffer() as offer:
            return replace(shape, offered=offer.wish.kind, reason=offer.wish.reason)
        case wanted:
            assert_never(wanted)


def wanted_bases(remedies: Iterable[Remedy]) -> Iterator[PrivateText]:
    """Where it stands what the decisions rest on that wait for a second person."""
    for remedy in remedies:
        wanted = None if remedy.approval is None else remedy.approval.decision
        if wanted is not None and wanted.text is not None:
            yield wanted.text


def is_told(reader: Reader, desk: Desk | None) -> bool:
    """Whether this reader is told what people of this desk have yet to stand by."""
    return reader.sees_all or (desk is not None and reader.belongs_to((desk,)))


def had_a_part(remedy: Remedy, agent: UUID | None) -> bool:
    """Whether this agent decided what somebody now has something against."""
    before = remedy.dispute is not None and remedy.dispute.decided_before(agent)
    return before or (agent is not None and agent in remedy.granted_by)


def _due_at(remedy: Remedy) -> datetime | None:
    clock = remedy.clock(ClockKind.EVIDENCE) or remedy.clock(ClockKind.DECISION)
    return None if clock is None else clock.due_at
