"""The importer of the Olist files on small folders: bad rows, one story, interruptions."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from oncedesk.cli.import_ import olist
from oncedesk.connectors.csv_rows import FileUnusable
from oncedesk.connectors.olist.fields import moment
from oncedesk.connectors.olist.files import (
    FILES,
    ITEMS,
    ORDERS,
    PAYMENTS,
    REVIEWS,
    SELLERS,
    OrderStatus,
    read_files,
)
from oncedesk.storage.tables import metadata
from tests.connectors.olist_files import Folder, hex_id, random_folder

SEED = 20180120
DEADLINE_SECONDS = 60.0
TRIES_MAX = 5

Rows = list[tuple[Any, ...]]

_SEEN = (
    "SELECT kind, id, version, at, open FROM state ORDER BY id",
    "SELECT stream, version, command_id, at FROM journal ORDER BY stream, version",
    "SELECT conversation, version, number, case_number, at, text FROM message ORDER BY 1, 2, 3",
    "SELECT id FROM reaction",
    "SELECT id FROM parked",
)


def one_story() -> Folder:
    """Five orders in March 2018, when the zone is three hours behind UTC."""
    made = Folder()
    for seller in (1, 2):
        made.seller(seller)
    # In time, and praised.
    made.order(
        1,
        bought="2018-03-01 10:00:00",
        promised="2018-03-20",
        carrier="2018-03-02 10:00:00",
        delivered="2018-03-10 10:00:00",
        items={1: "2018-03-05 10:00:00"},
    )
    made.review(1, score=5, at="2018-03-11 09:00:00", text="Ótimo")
    # Handed over late, delivered on a later day; the consumer complains after the promised day.
    made.order(
        2,
        bought="2018-03-01 11:00:00",
        promised="2018-03-12",
        carrier="2018-03-07 10:00:00",
        delivered="2018-03-16 15:00:00",
        items={1: "2018-03-05 11:00:00"},
    )
    made.review(2, score=1, at="2018-03-13 09:30:00", text="Não chegou", title="Atraso")
    # Two sellers, after the limit of one of them, and on the promised day.
    made.order(
        3,
        bought="2018-03-01 12:00:00",
        promised="2018-03-14",
        carrier="2018-03-06 10:00:00",
        delivered="2018-03-14 18:00:00",
        items={1: "2018-03-05 12:00:00", 2: "2018-03-08 12:00:00"},
    )
    # No items, never delivered; the review is older than the order and says it with a title only.
    made.order(4, bought="2018-03-02 12:00:00", promised="2018-03-15", status="invoiced")
    made.review(4, score=2, at="2018-02-20 12:00:00", title="Cadê?")
    # Cancelled before anything was late; one star, but no words.
    made.order(
        5,
        bought="2018-03-03 12:00:00",
        promised="2018-03-15",
        status="canceled",
        items={2: "2018-03-06 12:00:00"},
    )
    made.review(5, score=1, at="2018-03-20 12:00:00")
    return made


STORY = {
    "orders": 5,
    "orders_with_several_sellers": 1,
    "orders_without_items": 1,
    "orders_cancelled": 1,
    "delivered": 3,
    "delivered_late": 1,
    "delivered_late_by_timestamp": 2,
    "handed_over": 3,
    "handed_over_late": 2,
    "handed_over_late_by_latest": 1,
    "promises_broken": 4,
    "promises_broken_found_by_clock": 4,
    # Of order 2 (19.90 of goods) 5 % for the hand-over and 10 % for the delivery, 10 % at most; of
    # one seller's 19.90 of order 3, 5 %; of the 28.62 paid for order 4, 10 %.
    "late_deliveries_compensated": 1,
    "late_hand_overs_compensated": 2,
    "broke_both": 1,
    "broke_both_capped": 1,
    "compensations": 4,
    "compensations_capped": 1,
    "compensations_sent": 4,
    "compensation_minor": 585,
    "compensation_capped_minor": 100,
    "compensation_late_shipping_minor": 200,
    "compensation_late_delivery_minor": 385,
    "compensation_merchant_minor": 299,
    "compensation_carrier_minor": 0,
    "compensation_fund_minor": 286,
    "contacts": 2,
    "contacts_opened": 1,
    "contacts_joined": 1,
    "contacts_joined_resolved": 0,
    "cases": 5,
    "cases_opened_by_system": 4,
    "cases_opened_before_asked": 3,
    "asked_after_all": 1,
    "cases_taken_over": 3,
    "cases_decided_by_rule": 0,
    "cases_open": 0,
    "reviews": 4,
    "rejects": 0,
}


class Importer:
    """Runs the command on the test's database and reads what it prints."""

    def __init__(
        self, url: str, folder: Path, capsys: pytest.CaptureFixture[str], rejects: Path
    ) -> None:
        self.url = url
        self.folder = folder
        self.rejects = rejects
        self._capsys = capsys

    def run(self) -> dict[str, Any]:
        self._capsys.readouterr()
        assert olist(self.folder, json=True, rejects=self.rejects) == 0
        report: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        assert report.pop("rejects_file") == str(self.rejects)
        return report

    def rejected(self) -> list[str]:
        return self.rejects.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def importer(
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Importer:
    monkeypatch.setenv("ONCEDESK_DATABASE_URL", url)
    return Importer(url, tmp_path / "olist", capsys, tmp_path / "rejects.csv")


def seen(url: str) -> list[Rows]:
    """All that could be there twice, or otherwise."""

    async def ask() -> list[Rows]:
        connection = await asyncpg.connect(url)
        try:
            return [[tuple(row) for row in await connection.fetch(asked)] for asked in _SEEN]
        finally:
            await connection.close()

    return asyncio.run(ask())


async def outbox_topics(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [topic for (topic,) in await connection.fetch("SELECT topic FROM outbox")]
    finally:
        await connection.close()


def reasons(folder: Path) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.reason) for one in read_files(folder).rejects]


def test_tells_one_story_and_the_same_when_it_is_repeated(importer: Importer) -> None:
    one_story().write(importer.folder)
    assert importer.run() == STORY
    first = seen(importer.url)
    assert sorted(text for *_, text in first[2]) == ["Atraso\nNão chegou", "Cadê?"]
    assert importer.run() == STORY
    assert seen(importer.url) == first


def test_asks_no_payments_for_what_was_played_from_long_ago(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a breach gave is sent in the story; whoever pays for real is not asked for it later."""
    monkeypatch.setenv("ONCEDESK_PAYMENTS_URL", "simulated:1")
    one_story().write(importer.folder)
    assert importer.run() == STORY
    assert asyncio.run(outbox_topics(importer.url)) == []


def test_says_of_one_part_what_has_its_case_there(importer: Importer) -> None:
    """The first seller is late since noon; in the evening the consumer asks about the order."""
    made = one_story()
    made.review(3, score=1, at="2018-03-05 20:00:00", text="Cadê tudo?")
    made.write(importer.folder)
    story = STORY | {"reviews": 5, "contacts": 3, "contacts_joined": 2, "asked_after_all": 2}
    assert importer.run() == story
    first = seen(importer.url)
    assert "Cadê tudo?" in [text for *_, text in first[2]]
    assert importer.run() == story
    assert seen(importer.url) == first


def test_takes_up_rows_that_came_later(importer: Importer) -> None:
    made = one_story()
    late = made.rows[REVIEWS].pop(1)
    made.write(importer.folder)
    assert importer.run()["contacts"] == 1
    made.rows[REVIEWS].append(late)
    made.write(importer.folder)
    assert importer.run()["contacts"] == 2


def test_reports_an_order_that_is_known_with_other_content(importer: Importer) -> None:
    made = one_story()
    made.write(importer.folder)
    importer.run()
    before = seen(importer.url)
    made.rows[PAYMENTS][0] = [hex_id("0", 1), 1, "boleto", 1, "28.62"]
    made.write(importer.folder)
    report = importer.run()
    assert report == {**STORY, "rejects": 1}
    assert importer.rejected() == [f"{ORDERS},2,refused: idempotency_key_reused"]
    assert seen(importer.url) == before


def test_rejects_each_bad_row_with_its_reason_and_takes_the_rest(importer: Importer) -> None:
    made = one_story()
    order, product, seller = hex_id("0", 1), hex_id("d", 1), hex_id("5e", 1)
    good = "2018-03-05 10:00:00"
    made.rows[ORDERS] += [
        ["0" * 31, hex_id("c", 1), "created", good, "", "", "", good],
        [hex_id("0", 90), hex_id("c", 90), "created", good, "", "", "", good],
        [hex_id("0", 91), hex_id("c", 1), "lost", good, "", "", "", good],
        [hex_id("0", 92), hex_id("c", 1), "created", "2018-02-30 10:00:00", "", "", "", good],
        [hex_id("0", 93), hex_id("c", 1), "created", good, "", "", "", "2018-03-05"],
        [hex_id("0", 94), hex_id("c", 1), "created", good, "", "", "9999-12-31 23:59:59", good],
        [hex_id("0", 95), hex_id("c", 1), "created", good, "", "", "", "9999-12-31 00:00:00"],
        [hex_id("0", 96), hex_id("c", 1), "created", "0001-01-01 00:00:00", "", "", "", good],
        made.rows[ORDERS][0],
        ["short"],
    ]
    made.rows[ITEMS] += [
        [order, 2, product, seller, good, "-1.00", "8.72"],
        [order, 3, product, seller, good, "1.005", "8.72"],
        [order, 4, product, seller, good, "1e3", "8.72"],
        [order, 5, product, hex_id("5e", 9), good, "1.00", "8.72"],
        [order, 6, product, seller, good, "1.00", "-8.72"],
        [order, 0, product, seller, good, "1.00", "8.72"],
        [hex_id("0", 99), 1, product, seller, good, "1.00", "8.72"],
    ]
    made.rows[PAYMENTS] += [[order, 1, "voucher", 1, "1.00"], [order, 2, "cash & card", 1, "1.00"]]
    made.rows[REVIEWS] += [[hex_id("e", 9), order, 6, "", "", good, good]]
    made.write(importer.folder)
    with (importer.folder / SELLERS).open("ab") as file:
        file.write(b'"\x00",1,2,3\n')
        file.write(b"\xff\xfe,1,2,3\n")
    assert importer.run() == {**STORY, "rejects": 22}
    far = "is not from 1970 to 2099"
    lost = f"'lost' is none of {', '.join(OrderStatus)}"
    assert importer.rejected() == [
        f"{ITEMS},7,price: '-1.00' is negative",
        f"{ITEMS},8,price: '1.005' is not an amount",
        f"{ITEMS},9,price: '1e3' is not an amount",
        f"{ITEMS},10,seller_id: no such seller",
        f"{ITEMS},11,freight_value: '-8.72' is negative",
        f"{ITEMS},12,order_item_id: '0' is not a number from 1 to 99",
        f"{ITEMS},13,order_id: no such order",
        f"{PAYMENTS},7,the same as line 2",
        f"{PAYMENTS},8,payment_type: 'cash & card' is not a code",
        f"{REVIEWS},6,review_score: '6' is not a number from 1 to 5",
        f"{ORDERS},7,order_id: '{'0' * 31}' is not 32 hexadecimal digits",
        f"{ORDERS},8,customer_id: no such customer",
        f'{ORDERS},9,"order_status: {lost}"',
        f"{ORDERS},10,order_purchase_timestamp: '2018-02-30 10:00:00' is not a date and time",
        f"{ORDERS},11,order_estimated_delivery_date: '2018-03-05' is not a date and time",
        f"{ORDERS},12,order_delivered_customer_date: '9999-12-31 23:59:59' {far}",
        f"{ORDERS},13,order_estimated_delivery_date: '9999-12-31 00:00:00' {far}",
        f"{ORDERS},14,order_purchase_timestamp: '0001-01-01 00:00:00' {far}",
        f"{ORDERS},15,the same as line 2",
        f"{ORDERS},16,1 columns instead of 8",
        f"{SELLERS},4,a NUL character",
        f"{SELLERS},5,not UTF-8",
    ]


def test_a_quote_that_is_never_closed_swallows_no_other_row(tmp_path: Path) -> None:
    folder = one_story().write(tmp_path / "olist")
    path = folder / REVIEWS
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("Atraso", '"Atraso')
    lines[3] = lines[3].replace("Cadê?", '"Cadê?\nOnde está?"')
    path.write_text("".join(lines), encoding="utf-8")
    found = read_files(folder)
    assert [(one.file, one.line) for one in found.rejects] == [(REVIEWS, 3)]
    assert found.rejects[0].reason.startswith("malformed CSV: ")
    assert found.reviews == 3
    texts = [review.text for order in found.orders.values() for review in order.reviews]
    assert texts == ["Ótimo", "Cadê?\nOnde está?", ""]


def test_takes_the_same_review_for_two_orders_but_not_twice_for_one(tmp_path: Path) -> None:
    made = one_story()
    made.review(3, score=1, at="2018-03-15 10:00:00", text="Ruim", id_=2)
    made.review(2, score=1, at="2018-03-15 10:00:00", text="De novo", id_=2)
    folder = made.write(tmp_path / "olist")
    assert reasons(folder) == [(REVIEWS, 7, "the same as line 3")]


@pytest.mark.parametrize("name", FILES)
def test_says_in_one_line_which_file_is_missing(
    name: str, importer: Importer, capsys: pytest.CaptureFixture[str]
) -> None:
    one_story().write(importer.folder)
    (importer.folder / name).unlink()
    assert olist(importer.folder, rejects=importer.rejects) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"Not imported: {importer.folder}: no {name}\n"


def test_says_in_one_line_that_there_is_no_such_folder(
    importer: Importer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert olist(importer.folder, rejects=importer.rejects) == 1
    assert capsys.readouterr().err == f"Not imported: {importer.folder}: no such folder\n"


def test_refuses_a_file_with_another_header(tmp_path: Path) -> None:
    folder = one_story().write(tmp_path / "olist")
    (folder / SELLERS).write_text("seller,city\n", encoding="utf-8")
    with pytest.raises(FileUnusable, match="no column seller_id in the header"):
        read_files(folder)


def test_a_time_that_the_clock_skipped_is_that_long_after_the_jump() -> None:
    # On 2017-10-15 the marketplace's clocks went from 00:00 to 01:00.
    for shown, utc in (
        ("2017-10-14T23:59:59", "2017-10-15T02:59:59"),
        ("2017-10-15T00:30:00", "2017-10-15T03:30:00"),
        ("2017-10-15T01:30:00", "2017-10-15T03:30:00"),
    ):
        expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert moment(datetime.fromisoformat(shown)) == expected


def command(importer: Importer) -> Sequence[str]:
    program = "from oncedesk.cli.main import main; main()"
    where = [str(importer.folder), "--rejects", str(importer.rejects)]
    return [sys.executable, "-c", program, "import", "olist", *where, "--json"]


async def kill_at(importer: Importer, rows: int) -> bool:
    """Start an import and kill it as soon as the journal has so many rows; False: it was done."""
    environment = {**os.environ, "ONCEDESK_DATABASE_URL": importer.url}
    process = subprocess.Popen(command(importer), env=environment, stdout=subprocess.DEVNULL)
    connection = await asyncpg.connect(importer.url)
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        while process.poll() is None:
            assert time.monotonic() < deadline
            if await connection.fetchval("SELECT count(*) FROM journal") >= rows:
                process.send_signal(signal.SIGKILL)
                break
    finally:
        process.kill()
        await connection.close()
    code = process.wait()
    assert code in (0, -signal.SIGKILL)
    return code != 0


async def empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        await connection.execute(f"TRUNCATE {tables}")
    finally:
        await connection.close()


@pytest.mark.slow
def test_killed_again_and_again_it_ends_as_if_it_had_not_been(importer: Importer) -> None:
    random_folder(seed=SEED, orders=25).write(importer.folder)
    expected = importer.run()
    states, journal, *others = seen(importer.url)
    assert expected["orders"] == 25
    assert expected["cases_opened_before_asked"] > 5
    assert others[1:] == [[], []]
    rows = [len(journal) * tenth // 10 for tenth in (2, 4, 6, 8)]
    for _ in range(TRIES_MAX):
        asyncio.run(empty(importer.url))
        if all(asyncio.run(kill_at(importer, count)) for count in rows):
            break
    else:
        pytest.fail("each time it was done before it could be killed")
    assert importer.run() == expected
    assert seen(importer.url) == [states, journal, *others]
