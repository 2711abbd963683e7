"""What the variables of a macro stand for in one case, for whoever is to read it first.

Only what this reader may see anyway. A value that could be one of several is none: a message with
the wrong amount is worse than one without.
"""

from collections.abc import Collection
from datetime import datetime

from oncedesk.domain.conversations.messages import Side
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.orders.messages import PromiseKind
from oncedesk.domain.orders.promises import due_now
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.expecting import expected_steps
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.steps import StepKind
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.persons import PersonField
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.saying import amount_said, moment_said
from oncedesk.domain.shared.templates import Lacking, Values, Variable
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool
from oncedesk.storage.views.cases import Cases, SeenConversation
from oncedesk.storage.views.names import AgentNames, PublicNames
from oncedesk.storage.views.orders import Orders
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.remedies import RemedyViews
from oncedesk.storage.views.reveals import revealed


class Asked(Record, frozen=True, kw_only=True):
    """For whom, about which case, and how it is said there."""

    reader: Reader
    seen: SeenConversation
    case: Case
    language: str
    timezone: str
    packs: Packs
    now: datetime


class MacroValues:
    """Finds the values of variables."""

    def __init__(
        self,
        pool: Pool,
        codec: Codec,
        *,
        cases: Cases,
        names: AgentNames,
        public_names: PublicNames,
        orders: Orders,
        remedies: RemedyViews,
    ) -> None:
        self._pool = pool
        self._codec = codec
        self._cases = cases
        self._names = names
        self._public_names = public_names
        self._orders = orders
        self._remedies = remedies

    async def of(self, asked: Asked, wanted: Collection[Variable]) -> Values:
        """The values of those that are `wanted`, or why there are none."""
        values: dict[Variable, str | Lacking] = {}
        if Variable.CONSUMER_NAME in wanted:
            values[Variable.CONSUMER_NAME] = await self._consumers_name(asked)
        if Variable.AGENT_NAME in wanted:
            values[Variable.AGENT_NAME] = await self._agents_name(asked)
        if Variable.MERCHANT_NAME in wanted:
            values[Variable.MERCHANT_NAME] = await self._merchants_name(asked)
        if Variable.CASE_ANSWER_BY in wanted:
            values[Variable.CASE_ANSWER_BY] = _answer_by(asked)
        if any(one.startswith("order.") for one in wanted):
            values |= await self._of_order(asked)
        if any(one.startswith("refund.") for one in wanted):
            values |= await self._of_refund(asked)
        return values

    async def _consumers_name(self, asked: Asked) -> str | Lacking:
        """In clear only to whom it is revealed now; a masked one would be the wrong one."""
        name = await revealed(
            self._pool,
            self._codec,
            reader=asked.reader,
            consumer=asked.seen.state.consumer,
            field=PersonField.NAME,
            now=asked.now,
        )
        if name is None:
            return Lacking.HIDDEN
        return name.value.strip() or Lacking.UNKNOWN

    async def _agents_name(self, asked: Asked) -> str | Lacking:
        """The reader's own."""
        agent = asked.reader.actor.id
        if agent is None:
            return Lacking.UNKNOWN
        found = await self._names.of((agent,), reader=asked.reader)
        return found.get(agent, Lacking.UNKNOWN)

    async def _merchants_name(self, asked: Asked) -> str | Lacking:
        """What a shop is called in public. Of what is no order the consumer says which it is, of
        each case anew, and may name whoever is none."""
        seen = asked.seen
        merchant = seen.state.merchant
        if seen.state.subject.kind is not SubjectKind.ORDER:
            took_part = await self._cases.took_part(seen.ref, seen.version)
            merchant = took_part.parties[asked.case.number].merchant
        if merchant is None:
            return Lacking.UNKNOWN
        found = await self._public_names.of((merchant,), reader=asked.reader)
        return found.get(merchant, Lacking.UNKNOWN)

    async def _of_order(self, asked: Asked) -> dict[Variable, str | Lacking]:
        subject = asked.seen.state.subject
        if subject.kind is not SubjectKind.ORDER or subject.id is None:
            return {}
        try:
            seen = await self._orders.order(
                reader=asked.reader, consumer=asked.seen.state.consumer, order=subject.id
            )
        except NotSeen:
            return {}
        order = seen.state
        parts = [part for part in order.parts if subject.part in (0, part.number)]
        values: dict[Variable, str | Lacking] = {}
        if order.placed_at is not None:
            values[Variable.ORDER_PLACED] = _said(asked, order, order.placed_at)
        if order.payments:
            paid = sum(one.amount_minor for one in order.payments)
            values[Variable.ORDER_PAID] = (
                amount_said(paid, order.currency) if seen.whole else Lacking.HIDDEN
            )
        if len(parts) > 1:
            dated = (Variable.ORDER_PROMISE, Variable.ORDER_SHIP_BY, Variable.ORDER_ESTIMATE)
            return {**values, **dict.fromkeys(dated, Lacking.SEVERAL)}
        if not parts or parts[0].number not in seen.parts:
            return values
        part = parts[0]
        for variable, at in (
            (Variable.ORDER_PROMISE, due_now(state=order, part=part, kind=PromiseKind.DELIVERY)),
            (Variable.ORDER_SHIP_BY, due_now(state=order, part=part, kind=PromiseKind.SHIPPING)),
            (Variable.ORDER_ESTIMATE, part.estimate_at if order.is_awaited(part) else None),
        ):
            if at is not None:
                values[variable] = _said(asked, order, at)
        return values

    async def _of_refund(self, asked: Asked) -> dict[Variable, str | Lacking]:
        """Of the one remedy of this case that still runs and pays something back."""
        both = (Variable.REFUND_AMOUNT, Variable.REFUND_UNTIL)
        state = asked.seen.state
        if state.subject.kind is not SubjectKind.ORDER or state.subject.id is None:
            return {}
        try:
            seen = await self._remedies.of_order(
                reader=asked.reader, consumer=state.consumer, order=state.subject.id
            )
        except NotSeen:
            return {}
        found = [one for one in seen.live if _pays(one, asked)]
        if len(found) > 1:
            return dict.fromkeys(both, Lacking.SEVERAL)
        if not found:
            return {}
        remedy = found[0]
        values: dict[Variable, str | Lacking] = {
            Variable.REFUND_AMOUNT: amount_said(remedy.amount_minor, seen.state.currency)
        }
        until = _refunded_by(remedy, asked)
        if until is not None:
            values[Variable.REFUND_UNTIL] = moment_said(
                until, timezone=asked.timezone, language=asked.language
            )
        return values


def _pays(remedy: Remedy, asked: Asked) -> bool:
    """What was refused, lapsed or withdrawn pays nothing, though it can be turned for a while. What
    was asked for in a case that was merged into this one is known here by its number.
    """
    link = remedy.case
    asked_here = link is not None and (link.conversation, link.case) == (
        asked.seen.ref.id,
        asked.case.number,
    )
    return (
        remedy.amount_minor > 0
        and not remedy.status.is_final
        and (asked_here or remedy.number in asked.case.remedies)
    )


def _refunded_by(remedy: Remedy, asked: Asked) -> datetime | None:
    """When its money leaves, as the consumer's own page says; None where all of it has."""
    pack = asked.packs.by_hash(remedy.pack)
    steps = expected_steps(remedy=remedy, pack=pack, now=asked.now)
    return next((one.due_at for one in steps if one.kind is StepKind.REFUND), None)


def _said(asked: Asked, order: OrderState, at: datetime) -> str:
    return moment_said(at, timezone=order.timezone or asked.timezone, language=asked.language)


def _answer_by(asked: Asked) -> str | Lacking:
    owed = [
        one.due_at
        for one in asked.case.responses
        if one.side is Side.CONSUMER and one.due_at is not None
    ]
    if not owed:
        return Lacking.UNKNOWN
    return moment_said(min(owed), timezone=asked.timezone, language=asked.language)
