"""The real Olist files, whole: the system's figures, and the same counted from the files alone."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars import col

from oncedesk.cli.import_ import olist
from oncedesk.connectors.olist.files import ITEMS, ORDERS, REVIEWS

DATA = Path(__file__).parents[3] / "shared" / "data" / "olist"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="../shared/data/olist is not here; nothing to import"
    ),
]

FIGURES = {
    "orders": 8_135,
    "orders_with_several_sellers": 71,
    "orders_without_items": 775,
    "orders_cancelled": 1_234,
    "delivered": 5_170,
    "delivered_late": 343,
    "delivered_late_by_timestamp": 415,
    "handed_over": 6_353,
    "handed_over_late": 606,
    "handed_over_late_by_latest": 605,
    "contacts": 2_256,
    "reviews": 8_225,
    "rejects": 0,
}


def counted_from_the_files() -> dict[str, int]:
    """By comparing the texts of the times, which name no zone and sort as they are."""
    orders, items, reviews = (
        pl.read_csv(DATA / name, infer_schema=False) for name in (ORDERS, ITEMS, REVIEWS)
    )
    limits = items.group_by("order_id").agg(
        col("seller_id").n_unique().alias("sellers"),
        col("shipping_limit_date").min().alias("earliest"),
        col("shipping_limit_date").max().alias("latest"),
    )
    known = orders.join(limits, on="order_id", how="left")
    delivered, carrier, promised = (
        col("order_delivered_customer_date"),
        col("order_delivered_carrier_date"),
        col("order_estimated_delivery_date"),
    )
    said = [col(f"review_comment_{part}").fill_null("") for part in ("title", "message")]
    complaints = reviews.filter(
        col("review_score").is_in(["1", "2"]) & (pl.concat_str(said).str.strip_chars() != "")
    )

    def having(condition: pl.Expr) -> int:
        return known.filter(condition).height

    return {
        "orders": known["order_id"].n_unique(),
        "orders_with_several_sellers": having(col("sellers") > 1),
        "orders_without_items": having(col("sellers").is_null()),
        "orders_cancelled": having(col("order_status").is_in(["canceled", "unavailable"])),
        "delivered": having(delivered.is_not_null()),
        "delivered_late": having(delivered.str.head(10) > promised.str.head(10)),
        "delivered_late_by_timestamp": having(delivered > promised),
        "handed_over": having(carrier.is_not_null()),
        "handed_over_late": having(carrier > col("earliest")),
        "handed_over_late_by_latest": having(carrier > col("latest")),
        "contacts": complaints.select("review_id", "order_id").n_unique(),
        "reviews": reviews.height,
        "rejects": 0,
    }


def test_the_files_hold_what_the_figures_say() -> None:
    assert counted_from_the_files() == FIGURES


def test_the_whole_import_counts_the_same_and_a_second_adds_nothing(
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONCEDESK_DATABASE_URL", url)
    rejects = tmp_path / "rejects.csv"

    def imported() -> dict[str, Any]:
        assert olist(DATA, json=True, rejects=rejects) == 0
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    first = imported()
    assert {name: first[name] for name in FIGURES} == FIGURES
    # What the clocks found, and who was first; these follow from the rules of the `cn` pack.
    assert first["promises_broken"] == first["promises_broken_found_by_clock"] == 3_315
    assert first["cases"] == first["cases_opened_by_system"] + first["contacts_opened"]
    assert first["contacts"] == first["contacts_opened"] + first["contacts_joined"]
    assert first["cases_opened_before_asked"] > 3_000
    assert first["asked_after_all"] > 1_000
    assert first["cases_taken_over"] > 3_000
    assert first["cases_open"] == 0
    assert rejects.read_text(encoding="utf-8") == "file,line,reason\n"
    assert imported() == first
