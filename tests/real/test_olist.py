"""The real Olist files, whole: the system's figures, and the same counted from the files alone."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars import col

from oncedesk.cli.import_ import olist
from oncedesk.connectors.olist.files import ITEMS, ORDERS, PAYMENTS, REVIEWS

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
COMPENSATED = {
    "promises_broken": 3_315,
    "late_deliveries_compensated": 343,
    "late_hand_overs_compensated": 606,
    "broke_both": 99,
    "broke_both_capped": 99,
    "compensations_capped": 843,
    "compensation_minor": 3_536_065,
    "compensation_capped_minor": 790_703,
}
"""By the `cn` pack: in another currency than its own 5 % of the goods' price for a late hand-over,
10 % for a late delivery, and 10 % at most for a part, or an order, that broke both."""


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


def compensated_from_the_files() -> dict[str, int]:
    """What these percentages come to, part by part; what was cancelled first broke nothing."""
    orders, items, payments = (
        pl.read_csv(DATA / name, infer_schema=False) for name in (ORDERS, ITEMS, PAYMENTS)
    )
    parts = items.group_by("order_id", "seller_id").agg(
        _cents("price").sum().alias("price"), col("shipping_limit_date").min().alias("limit")
    )
    paid = payments.group_by("order_id").agg(_cents("payment_value").sum().alias("paid"))
    carrier, delivered = "order_delivered_carrier_date", "order_delivered_customer_date"
    promised = col("order_estimated_delivery_date").str.head(10)
    known = ("order_purchase_timestamp", "order_approved_at", carrier, delivered)
    cancelled_at = pl.when(col("order_status").is_in(["canceled", "unavailable"])).then(
        pl.max_horizontal(known)
    )
    never = cancelled_at.is_null()
    found = (
        orders.join(parts, on="order_id", how="left")
        .join(paid, on="order_id", how="left")
        .with_columns(
            base=pl.coalesce("price", "paid"),
            shipped_late=pl.coalesce(
                pl.min_horizontal(carrier, delivered) > col("limit"),
                col("limit").is_not_null() & (never | (col("limit") < cancelled_at)),
                pl.lit(False),
            ),
            delivered_late=pl.coalesce(
                col(delivered).str.head(10) > promised,
                never | (promised < cancelled_at.str.head(10)),
            ),
        )
        .with_columns(
            shipping=pl.when("shipped_late").then(_percent("base", 5)).otherwise(0),
            delivery=pl.when("delivered_late").then(_percent("base", 10)).otherwise(0),
            cap=_percent("base", 10),
        )
        .with_columns(
            owed=col("shipping") + col("delivery"),
            given=pl.min_horizontal(col("shipping") + col("delivery"), "cap"),
            really_late=(col(delivered).str.head(10) > promised).fill_null(value=False),
            really_shipped_late=(col(carrier) > col("limit")).fill_null(value=False),
        )
    )
    by_order = found.group_by("order_id").agg(
        pl.sum("owed", "given"),
        col("base").sum(),
        col("really_late").any(),
        col("really_shipped_late").any(),
    )
    by_order = by_order.with_columns(given=pl.min_horizontal("given", _percent("base", 10)))
    both = by_order.filter("really_late", "really_shipped_late")
    return {
        "promises_broken": _sum(found, "shipped_late") + _sum(found, "delivered_late"),
        "late_deliveries_compensated": by_order.filter("really_late").height,
        "late_hand_overs_compensated": by_order.filter("really_shipped_late").height,
        "broke_both": both.height,
        "broke_both_capped": both.filter(col("given") < col("owed")).height,
        "compensations_capped": found.filter(col("given") < col("owed")).height,
        "compensation_minor": _sum(by_order, "given"),
        "compensation_capped_minor": _sum(by_order, "owed") - _sum(by_order, "given"),
    }


def _sum(frame: pl.DataFrame, name: str) -> int:
    return int(frame.select(pl.sum(name)).item())


def _cents(name: str) -> pl.Expr:
    return (col(name).cast(pl.Decimal(12, 2)) * 100).cast(pl.Int64)


def _percent(name: str, percent: int) -> pl.Expr:
    """Of a whole number, rounded to the nearest; a half to the even one."""
    whole, rest = col(name) * percent // 100, col(name) * percent % 100
    return whole + ((rest > 50) | ((rest == 50) & (whole % 2 == 1))).cast(pl.Int64)


def test_the_files_hold_what_the_figures_say() -> None:
    assert counted_from_the_files() == FIGURES
    assert compensated_from_the_files() == COMPENSATED


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
    assert {name: first[name] for name in COMPENSATED} == COMPENSATED
    # For two nothing was paid; all else was sent, and somebody bears it.
    assert first["compensations"] == first["compensations_sent"] == 3_313
    bearers = ("merchant", "carrier", "fund")
    borne = sum(first[f"compensation_{one}_minor"] for one in bearers)
    assert borne == first["compensation_minor"]
    # No carrier is named in the files, so the fund stands for them.
    assert first["compensation_carrier_minor"] == 0 < first["compensation_fund_minor"]
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
