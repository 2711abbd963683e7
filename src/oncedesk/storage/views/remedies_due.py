"""The remedies that wait for a merchant's or creator's desk, and what their next clock will do."""

from collections.abc import Sequence

from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Ref, remedies_ref
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.foreseeing import Foresight, woken
from oncedesk.storage.database import Pool
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views import remedy_work
from oncedesk.storage.views.outlook import Outlook, remedy_outlook
from oncedesk.storage.views.readers import Reader, refuse_strangers
from oncedesk.storage.views.remedy_work import PAGE_MAX, WaitingRemedy, WorkPosition


class RemedyDue(Record, frozen=True):
    """A remedy that this desk has to answer, inspect, send, or show evidence about, and what comes
    when `clock` runs out, its next."""

    row: WaitingRemedy
    remedy: Remedy
    clock: Clock
    outlook: Outlook


class RemedyPage(Record, frozen=True):
    """`last` is where it ended; None: nothing follows."""

    items: tuple[RemedyDue, ...]
    last: WorkPosition | None


class RemediesDue:
    """Answers which remedies wait."""

    def __init__(self, pool: Pool, store: PostgresStore, foresight: Foresight) -> None:
        self._pool = pool
        self._store = store
        self._foresight = foresight

    async def page(
        self,
        *,
        reader: Reader,
        desk: Desk,
        after: WorkPosition | None,
        limit: int,
        packs: PackSet,
    ) -> RemedyPage:
        """The first due first; at most 100. Raises `NotSeen` for strangers."""
        refuse_strangers(reader, desk)
        limit = min(limit, PAGE_MAX)
        rows = await remedy_work.page(
            self._pool, reader=reader, desk=desk, after=after, limit=limit
        )
        waiting = await self._waiting(rows)
        foreseen = await self._foresight.foresee(
            [woken(_ref(row), at=clock.due_at) for row, _, clock in waiting], packs=packs
        )
        items = tuple(
            RemedyDue(
                row,
                remedy,
                clock,
                remedy_outlook(
                    desk=desk,
                    remedy=remedy,
                    clock=clock,
                    events=then.events,
                    currency=row.currency,
                ),
            )
            for (row, remedy, clock), (then,) in zip(waiting, foreseen, strict=True)
        )
        if len(rows) < limit:
            return RemedyPage(items, None)
        last = rows[-1]
        return RemedyPage(items, WorkPosition(last.due_at, last.order, last.number))

    async def _waiting(
        self, rows: Sequence[WaitingRemedy]
    ) -> Sequence[tuple[WaitingRemedy, Remedy, Clock]]:
        """As they stand by now, without those that do not wait any more."""
        refs = list(dict.fromkeys(map(_ref, rows)))
        stored = await self._store.load(refs) if refs else {}
        found = []
        for row in rows:
            one = stored.get(_ref(row).id)
            state = None if one is None else one.state
            remedy = state.remedy(row.number) if isinstance(state, Remedies) else None
            if remedy is not None:
                clock = min(remedy.clocks, key=lambda clock: clock.due_at)
                found.append((row, remedy, clock))
        return found


def _ref(row: WaitingRemedy) -> Ref:
    return remedies_ref(consumer=row.consumer, order=row.order)
