"""What figures are made of, and which states it has still to be worked out from: at first all."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = sa.DateTime(timezone=True)
    op.create_table(
        "outcome_due",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", at, nullable=False),
        sa.PrimaryKeyConstraint("bucket", "stream"),
    )
    op.create_index("outcome_due_at", "outcome_due", ["at"])
    op.create_table(
        "outcome",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Uuid(), nullable=True),
        sa.Column("creator", sa.Uuid(), nullable=True),
        sa.Column("at", at, nullable=False),
        sa.Column("closed_at", at, nullable=True),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("answer_seconds", sa.Integer(), nullable=True),
        sa.Column("answered_in_time", sa.Boolean(), nullable=True),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("worked_seconds", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("opened_at", at, nullable=True),
        sa.PrimaryKeyConstraint("bucket", "kind", "stream", "number"),
    )
    op.create_index("outcome_at", "outcome", ["kind", "at", "stream", "number"])
    op.create_index("outcome_desk", "outcome", ["desk", "kind", "at"])
    op.create_index(
        "outcome_closed",
        "outcome",
        ["closed_at", "stream", "number"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.execute(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
        "WHERE kind IN ('conversation', 'order', 'remedies')"
    )
