"""The whole tau shop: every task comes to what its gold says, and what may not be is refused."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.cli.tau import replay
from oncedesk.connectors.tau.files import Action, Shop, Task, read_shop, read_tasks
from oncedesk.connectors.tau.replaying import Outcome
from oncedesk.domain.shared.remedy_rules import RemedyRules
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings

DATA = Path(__file__).parents[3] / "shared" / "data" / "tau_retail"
REFUSED = 20
"""Actions of the train tasks that the shop itself refuses, in 19 tasks."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="../shared/data/tau_retail is not here; nothing to perform"
    ),
]


@pytest.fixture(scope="module")
def shop() -> Shop:
    found = read_shop(DATA)
    assert found.rejects == []
    assert (len(found.users), len(found.products), len(found.orders)) == (500, 50, 1_000)
    return found


def performed(
    url: str, shop: Shop, tasks: list[Task], *, packs: list[Pack] | None = None
) -> Outcome:
    settings = Settings(home=Path("/nowhere"))
    return asyncio.run(replay(url, settings=settings, shop=shop, tasks=tasks, packs=packs))


@pytest.mark.parametrize(("name", "count"), [("tasks_train", 500), ("tasks_dev", 20)])
def test_every_task_agrees(url: str, shop: Shop, name: str, count: int) -> None:
    tasks = read_tasks(DATA / f"{name}.json")
    outcome = performed(url, shop, tasks)
    assert outcome.disagreements == []
    assert outcome.tasks == len(tasks) == count
    refusals = sum(result != "ok" for task in tasks for result in task.gold_action_results)
    assert outcome.refused == Counter({"balance_insufficient": refusals} if refusals else {})
    assert refusals == (REFUSED if name == "tasks_train" else 0)


def _packs(kind: str) -> list[Pack]:
    today = utc_now().date()
    if kind == "none":
        return [load_builtin("cn").pack(today)]
    pack = load_builtin("tau_retail").pack(today)
    return [seal(replace(pack, remedies=RemedyRules(), hash=""))]


@pytest.mark.parametrize(
    ("kind", "code"), [("none", "order_unknown"), ("empty", "remedy_not_offered")]
)
def test_without_the_pack_every_action_is_refused(
    url: str, shop: Shop, kind: str, code: str
) -> None:
    tasks = read_tasks(DATA / "tasks_dev.json")
    outcome = performed(url, read_shop(DATA), tasks, packs=_packs(kind))
    missed = {one.task for one in outcome.disagreements}
    assert {task.id for task in tasks if task.actions} <= missed
    assert sum(outcome.refused.values()) == outcome.actions > 0
    assert set(outcome.refused) == {code}


def first(shop: Shop, status: str) -> Any:
    """An order in this state whose user has two methods, and whose first item has another."""
    for order in shop.orders.values():
        methods = shop.users[order.user_id].payment_methods
        if order.status == status and len(methods) > 1 and _instead(shop, order.items[0]):
            return order
    raise LookupError(status)


def _instead(shop: Shop, item: Any, *, available: bool = True) -> list[str]:
    """Other variants of the item's product, the cheapest first."""
    variants = shop.products[item.product_id].variants.values()
    found = [one for one in variants if one.item_id != item.item_id and one.available is available]
    return [one.item_id for one in sorted(found, key=lambda one: one.price)]


def paid_by(order: Any) -> str:
    method: str = order.payment_history[0].payment_method_id
    return method


def cancel(order: Any, reason: str = "no longer needed") -> Action:
    return Action("cancel_pending_order", {"order_id": order.order_id, "reason": reason})


def change(shop: Shop, order: Any, **other: Any) -> Action:
    item = order.items[0]
    given = {
        "order_id": order.order_id,
        "item_ids": [item.item_id],
        "new_item_ids": _instead(shop, item)[:1],
        "payment_method_id": paid_by(order),
        **other,
    }
    return Action("modify_pending_order_items", given)


def pay(order: Any, method: str) -> Action:
    given = {"order_id": order.order_id, "payment_method_id": method}
    return Action("modify_pending_order_payment", given)


def send_back(order: Any, **other: Any) -> Action:
    given = {
        "order_id": order.order_id,
        "item_ids": [order.items[0].item_id],
        "payment_method_id": paid_by(order),
        **other,
    }
    return Action("return_delivered_order_items", given)


def exchange(shop: Shop, order: Any, **other: Any) -> Action:
    return replace(change(shop, order, **other), name="exchange_delivered_order_items")


Actions = Callable[[Shop], tuple[Any, list[Action]]]


def on(status: str, *make: Callable[[Shop, Any], Action]) -> Actions:
    """These actions, one after the other, on an order in this state."""

    def made(shop: Shop) -> tuple[Any, list[Action]]:
        order = first(shop, status)
        return order, [one(shop, order) for one in make]

    return made


def other_product(shop: Shop, order: Any) -> list[str]:
    item = next(
        one for one in shop.products.values() if one.product_id != order.items[0].product_id
    )
    return [next(one.item_id for one in item.variants.values() if one.available)]


def unavailable(shop: Shop) -> tuple[Any, list[Action]]:
    for order in shop.orders.values():
        gone = _instead(shop, order.items[0], available=False)
        if order.status == "pending" and gone:
            return order, [change(shop, order, new_item_ids=gone[:1])]
    raise LookupError


CASES: dict[str, tuple[Actions, list[str]]] = {
    "cancel what is on its way": (
        on("processed", lambda _, order: cancel(order)),
        ["order_not_pending"],
    ),
    "cancel what was delivered": (
        on("delivered", lambda _, order: cancel(order)),
        ["order_not_pending"],
    ),
    "cancel twice": (
        on("pending", lambda _, order: cancel(order), lambda _, order: cancel(order)),
        ["", "nothing_left"],
    ),
    "cancel for no good reason": (
        on("pending", lambda _, order: cancel(order, "found a better deal")),
        ["reason_unknown"],
    ),
    "cancel after a change of items": (
        on("pending", change, lambda _, order: cancel(order)),
        ["", "not_after_another"],
    ),
    "change items twice": (
        on(
            "pending",
            lambda shop, order: change(shop, order, new_item_ids=[order.items[0].item_id]),
            change,
        ),
        ["", "not_after_another"],
    ),
    "change what is not in the order": (
        on("pending", lambda shop, order: change(shop, order, item_ids=["1234567890"])),
        ["item_unknown"],
    ),
    "change the same one twice": (
        on(
            "pending",
            lambda shop, order: change(
                shop,
                order,
                item_ids=[order.items[0].item_id] * 2,
                new_item_ids=_instead(shop, order.items[0])[:1] * 2,
            ),
        ),
        ["item_unknown"],
    ),
    "change into another product": (
        on(
            "pending",
            lambda shop, order: change(shop, order, new_item_ids=other_product(shop, order)),
        ),
        ["replacement_differs"],
    ),
    "change into what there is not": (
        on("pending", lambda shop, order: change(shop, order, new_item_ids=["1234567890"])),
        ["variant_unknown"],
    ),
    "change into what is sold out": (unavailable, ["variant_unavailable"]),
    "change into too many": (
        on(
            "pending",
            lambda shop, order: change(
                shop, order, new_item_ids=_instead(shop, order.items[0])[:1] * 2
            ),
        ),
        ["replacement_needed"],
    ),
    "change into none": (
        on("pending", lambda shop, order: change(shop, order, new_item_ids=[])),
        ["replacement_needed"],
    ),
    "change what was delivered": (on("delivered", change), ["order_not_pending"]),
    "change by a stranger's method": (
        on(
            "pending",
            lambda shop, order: change(shop, order, payment_method_id="credit_card_0000000"),
        ),
        ["method_unknown"],
    ),
    "pay by a stranger's method": (
        on("pending", lambda _, order: pay(order, "paypal_0000000")),
        ["method_unknown"],
    ),
    "pay by the same method": (
        on("pending", lambda _, order: pay(order, paid_by(order))),
        ["method_same"],
    ),
    "send back what is not there yet": (
        on("pending", lambda _, order: send_back(order)),
        ["order_not_delivered"],
    ),
    "send back what is not in the order": (
        on("delivered", lambda _, order: send_back(order, item_ids=["1234567890"])),
        ["item_unknown"],
    ),
    "send back twice": (
        on("delivered", lambda _, order: send_back(order), lambda _, order: send_back(order)),
        ["", "quantity_exceeds_bought"],
    ),
    "exchange after sending back": (
        on("delivered", lambda _, order: send_back(order), exchange),
        ["", "quantity_exceeds_bought"],
    ),
    "exchange twice": (on("delivered", exchange, exchange), ["", "quantity_exceeds_bought"]),
    "exchange what is on its way": (on("processed", exchange), ["order_not_delivered"]),
    "exchange into another product": (
        on(
            "delivered",
            lambda shop, order: exchange(shop, order, new_item_ids=other_product(shop, order)),
        ),
        ["replacement_differs"],
    ),
    "an order that there is not": (
        on("pending", lambda _, order: cancel(replace(order, order_id="#W0000000"))),
        ["order_unknown"],
    ),
}
"""What is done, and by which code each step is refused; empty is accepted."""


def test_what_the_policy_does_not_allow_is_refused_and_changes_nothing(
    url: str, shop: Shop
) -> None:
    tasks = []
    for name, (make, _) in CASES.items():
        order, actions = make(shop)
        # An empty gold: where all is refused, nothing may have changed.
        tasks.append(Task(name, order.user_id, actions))
    outcome = performed(url, shop, tasks)
    changed = {one.task for one in outcome.disagreements}
    for name, (_, wanted) in CASES.items():
        found = [one.code for one in outcome.answers if one.task == name]
        assert found == wanted, name
        assert (name in changed) is ("" in wanted), name


def test_another_users_order_is_not_there(url: str, shop: Shop) -> None:
    order = first(shop, "pending")
    stranger = next(name for name in shop.users if name != order.user_id)
    outcome = performed(url, shop, [Task("x", stranger, [cancel(order)])])
    assert outcome.refused == {"order_unknown": 1}
    assert outcome.disagreements == []


def test_a_wrong_gold_is_noticed(url: str, shop: Shop) -> None:
    """The comparison can fail: in an answer, in a record, and in one that should not change."""
    task = read_tasks(DATA / "tasks_train.json")[1]
    outcome = performed(
        url,
        shop,
        [replace(task, gold_changed_records={}, gold_action_results=["Error: no"] * 9)],
    )
    assert {one.kind for one in outcome.disagreements} == {"answer", "outside"}
