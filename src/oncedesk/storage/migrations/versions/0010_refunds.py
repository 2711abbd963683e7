"""Refunds, one row for each leg: how long until the money was sent, and until it arrived."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "refund",
        sa.Column("bucket", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("consumer", UUID, nullable=False),
        sa.Column("order_id", UUID, nullable=False),
        sa.Column("remedy", sa.Integer, nullable=False),
        sa.Column("leg", sa.Integer, nullable=False),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_at", at, nullable=False),
        sa.Column("sent_at", at, nullable=True),
        sa.Column("sent_seconds", sa.Integer, nullable=True),
        sa.Column("credited_seconds", sa.Integer, nullable=True),
    )
    op.create_index(
        "refund_sent", "refund", ["sent_at"], postgresql_where=sa.text("sent_at IS NOT NULL")
    )
    op.create_index(
        "refund_unsettled",
        "refund",
        ["asked_at"],
        postgresql_where=sa.text("status IN ('requested', 'failed')"),
    )
