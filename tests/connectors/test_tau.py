"""The tau shop, small: taken in once, with reasons for what cannot be; tasks are compared."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oncedesk.cli.tau import import_tau, replay
from oncedesk.connectors.csv_rows import FileUnusable
from oncedesk.connectors.rejects import BadRow
from oncedesk.connectors.tau.comparing import differences
from oncedesk.connectors.tau.files import Action, Shop, Task, cents, read_shop, read_tasks
from oncedesk.connectors.tau.words import method_of, reason_of
from oncedesk.settings import Settings

Json = dict[str, Any]


def shop() -> dict[str, Json]:
    """One user with a card and a gift card, one product, an order on its way to be sent."""
    variants = {
        item: {"item_id": item, "options": {"color": item}, "available": True, "price": price}
        for item, price in (("red", 50.0), ("blue", 70.5))
    }
    address = {
        "address1": "1 Elm", "address2": "", "city": "X", "country": "USA", "state": "TX",
        "zip": "7",
    }  # fmt: skip
    methods: dict[str, Json] = {
        "credit_card_1": {"source": "credit_card", "brand": "visa", "last_four": "1", "id": ""},
        "gift_card_1": {"source": "gift_card", "balance": 20.5, "id": ""},
    }
    for name, method in methods.items():
        method["id"] = name
    return {
        "products": {"7": {"name": "Shirt", "product_id": "7", "variants": variants}},
        "users": {
            "ann_lee_1": {
                "name": {"first_name": "Ann", "last_name": "Lee"},
                "address": address,
                "email": "ann@example.com",
                "payment_methods": methods,
                "orders": ["#W1"],
            }
        },
        "orders": {
            "#W1": {
                "order_id": "#W1",
                "user_id": "ann_lee_1",
                "address": address,
                "items": [
                    {
                        "name": "Shirt",
                        "product_id": "7",
                        "item_id": "red",
                        "price": 50.0,
                        "options": {"color": "red"},
                    }
                ],
                "fulfillments": [],
                "status": "pending",
                "payment_history": [
                    {
                        "transaction_type": "payment",
                        "amount": 50.0,
                        "payment_method_id": "credit_card_1",
                    }
                ],
            }
        },
    }


def written(folder: Path, content: dict[str, Json]) -> Path:
    for name, records in content.items():
        (folder / f"{name}.json").write_text(json.dumps(records))
    return folder


def first_order(content: dict[str, Json]) -> Json:
    order: Json = content["orders"]["#W1"]
    return order


Spoil = Callable[[dict[str, Json]], Any]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "price": (lambda all_: first_order(all_)["items"][0].update(price=-1), "not an amount"),
    "huge price": (lambda all_: first_order(all_)["items"][0].update(price=1e300), "not an amount"),
    "words for a price": (lambda all_: first_order(all_)["items"][0].update(price="x"), "float"),
    "user": (lambda all_: first_order(all_).update(user_id="nobody"), "no such user"),
    "status": (lambda all_: first_order(all_).update(status="lost"), "none of"),
    "item": (lambda all_: first_order(all_)["items"][0].update(item_id="green"), "no variant"),
    "method": (
        lambda all_: first_order(all_)["payment_history"][0].update(payment_method_id="paypal_9"),
        "is not the user's",
    ),
    "no payment": (lambda all_: first_order(all_).update(payment_history=[]), "one payment"),
    "id": (lambda all_: first_order(all_).update(order_id="#W2"), "another than its key"),
    "no record": (lambda all_: all_["orders"].update({"#W1": 3}), "object"),
    "parcel": (
        lambda all_: first_order(all_).update(
            fulfillments=[{"tracking_id": ["1"], "item_ids": ["blue"]}]
        ),
        "one parcel",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_bad_record_is_rejected_with_its_reason_and_the_rest_is_read(
    tmp_path: Path, name: str
) -> None:
    content = shop()
    spoil, why = SPOILT[name]
    spoil(content)
    found = read_shop(written(tmp_path, content))
    assert (len(found.users), len(found.products), len(found.orders)) == (1, 1, 0)
    (reject,) = found.rejects
    assert (reject.file, reject.line) == ("orders.json", 1)
    assert why in reject.reason


def test_a_balance_of_a_card_is_rejected_and_so_are_its_users_orders(tmp_path: Path) -> None:
    content = shop()
    content["users"]["ann_lee_1"]["payment_methods"]["credit_card_1"]["balance"] = 5
    found = read_shop(written(tmp_path, content))
    assert [one.file for one in found.rejects] == ["users.json", "orders.json"]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match="no such folder"):
        read_shop(tmp_path / "none")
    with pytest.raises(FileUnusable, match="No such file"):
        read_shop(tmp_path)
    written(tmp_path, shop())
    (tmp_path / "users.json").write_text("[1, 2")
    with pytest.raises(FileUnusable):
        read_shop(tmp_path)
    (tmp_path / "users.json").write_bytes('{"José": {}}'.encode("latin-1"))
    with pytest.raises(FileUnusable):
        read_shop(tmp_path)
    (tmp_path / "users.json").write_text("[]")
    with pytest.raises(FileUnusable, match="expected one object"):
        read_shop(tmp_path)
    (tmp_path / "tasks.json").write_text('[{"id": 3}]')
    with pytest.raises(FileUnusable):
        read_tasks(tmp_path / "tasks.json")


def test_the_import_adds_everything_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONCEDESK_DATABASE_URL", url)
    monkeypatch.setenv("ONCEDESK_HOME", str(tmp_path / "home"))
    content = shop()
    content["orders"]["#W9"] = {**content["orders"]["#W1"], "status": "lost", "order_id": "#W9"}
    folder = written(tmp_path, content)
    rejects = tmp_path / "rejects.csv"
    for added in (5, 0):
        assert import_tau(folder, json=True, rejects=rejects) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["users"], report["products"], report["orders"]) == (1, 1, 1)
        assert (report["told"], report["added"], report["rejects"]) == (5, added, 1)
    assert "'#W9': status" in rejects.read_text()


async def test_what_no_action_is_and_who_is_nobody_is_told(url: str, tmp_path: Path) -> None:
    found: Shop = read_shop(written(tmp_path, shop()))
    tasks = [
        Task("none", "ann_lee_1", [Action("sell_everything")]),
        Task("half", "ann_lee_1", [Action("cancel_pending_order", {"order_id": "#W1"})]),
        Task("nobody", "bob", []),
        Task("fine", "ann_lee_1", []),
    ]
    settings = Settings(home=Path("/nowhere"))
    outcome = await replay(url, settings=settings, shop=found, tasks=tasks)
    assert [(one.task, one.kind) for one in outcome.disagreements] == [
        ("nobody", "task"),
        ("none", "action"),
        ("half", "action"),
    ]
    assert outcome.disagree == 3


def test_words_and_amounts() -> None:
    assert method_of("gift_card_12") == "gift_card:gift_card_12"
    assert method_of("no spaces here") == "unknown:unknown"
    assert reason_of("no longer needed") == "no_longer_needed"
    assert reason_of("!") == "unclear"
    assert cents(6.259999999999998) == 626
    with pytest.raises(BadRow):
        cents(float("nan"))


def test_amounts_may_differ_by_half_a_cent_and_all_else_by_nothing() -> None:
    assert list(differences({"a": [1.0, "x"]}, {"a": [1.004, "x"]})) == []
    assert list(differences({"a": 1.0}, {"a": 1.006})) == ["a"]
    assert list(differences({"a": [1]}, {"a": [1, 2]})) == ["a"]
    assert list(differences({"a": True}, {"a": 1.0})) == ["a"]
    assert list(differences({"a": {}}, {"a": {"b": None}})) == ["a.b"]
