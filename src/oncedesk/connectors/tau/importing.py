"""Takes a shop in through the engine, like all that a marketplace tells; twice adds nothing."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from oncedesk.connectors.rejects import BadRow, Reject
from oncedesk.connectors.tau.files import ORDERS, PRODUCTS, USERS, Order, Shop
from oncedesk.connectors.tau.telling import Telling, Told
from oncedesk.engine.entry import BadInput
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer

T = TypeVar("T")

USERS_AT_ONCE = 100


class Imported(Struct):
    """What was told, and how much of it was `added`; the rest was known already."""

    users: int = 0
    products: int = 0
    orders: int = 0
    told: int = 0
    added: int = 0
    rejects: int = 0
    rejects_file: str = ""


class Importing:
    """One import. What is refused is added to the shop's rejects."""

    def __init__(self, *, engine: Engine, telling: Telling, shop: Shop) -> None:
        self._engine = engine
        self._telling = telling
        self._shop = shop
        self.done = Imported()

    async def run(self, progress: Callable[[int], None] = lambda _: None) -> Imported:
        """All that the shop has."""
        await self.products()
        progress(len(self._shop.products))
        of_user: dict[str, list[Order]] = {}
        for order in self._shop.orders.values():
            of_user.setdefault(order.user_id, []).append(order)
        for block in _blocks(list(self._shop.users), USERS_AT_ONCE):
            orders = [order for user in block for order in of_user.get(user, ())]
            await self.users(block, orders)
            progress(len(block) + len(orders))
        return self.done

    async def products(self) -> None:
        """What can be bought."""
        products = self._shop.products
        await self._tell(PRODUCTS, products, lambda name: [self._telling.product(products[name])])
        self.done.products += len(products)

    async def users(self, users: Sequence[str], orders: Sequence[Order]) -> None:
        """These users with these orders; then what has become of orders that are there."""
        telling, known = self._telling, self._shop.users
        of_name = {order.order_id: order for order in orders}
        await self._tell(USERS, users, lambda name: telling.user(name, known[name]))
        await self._tell(ORDERS, of_name, lambda name: [telling.order(of_name[name])])
        await self._tell(ORDERS, of_name, lambda name: telling.since(of_name[name]))
        self.done.users += len(users)
        self.done.orders += len(orders)

    async def _tell(
        self, file: str, names: Iterable[str], telling: Callable[[str], Iterable[Told]]
    ) -> None:
        told: list[Told] = []
        for name in names:
            try:
                told += telling(name)
            except (BadInput, BadRow) as error:
                self._reject(file, name, str(error))
        answers = await asyncio.gather(*(self._engine.send(one.submission) for one in told))
        self.done.told += len(told)
        for one, answer in zip(told, answers, strict=True):
            self._note(one, answer)

    def _note(self, one: Told, answer: Answer) -> None:
        if not answer.accepted:
            why = f"{answer.code} ({answer.detail})" if answer.detail else answer.code
            self._reject(one.file, one.record, f"{answer.status}: {why}")
        elif answer.events and not answer.duplicate:
            self.done.added += 1

    def _reject(self, file: str, name: str, reason: str) -> None:
        line = 1 + list(self._shop.raw.get(file, {})).index(name)
        reject = Reject(file, line, f"{name[:60]!r}: {reason}")
        if reject not in self._shop.rejects:
            self._shop.rejects.append(reject)


def _blocks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
