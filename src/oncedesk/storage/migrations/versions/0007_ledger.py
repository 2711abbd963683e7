"""The ledger: what every event moved between which accounts; who owes the fund something."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posting",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("event", sa.SmallInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("transfer", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("party", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=True),
        sa.Column("order", sa.Uuid(), nullable=True),
        sa.Column("remedy", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("minor <> 0", name="posting_moves"),
        sa.CheckConstraint("phase IN ('pending', 'posted', 'voided')", name="posting_phase"),
        sa.PrimaryKeyConstraint("bucket", "stream", "version", "number"),
    )
    op.create_index(
        "posting_party",
        "posting",
        ["bucket", "party", "currency", "at", "stream", "version", "number"],
        unique=False,
        postgresql_where=sa.text("party IS NOT NULL"),
    )
    op.create_index(
        "posting_platform",
        "posting",
        ["account", "at"],
        unique=False,
        postgresql_where=sa.text("party IS NULL"),
    )
    op.create_index(
        "posting_receivable",
        "posting",
        ["at"],
        unique=False,
        postgresql_where=sa.text("account = 'receivable'"),
    )
    op.create_index(
        "posting_opened",
        "posting",
        ["at"],
        unique=False,
        postgresql_where=sa.text("cause = 'BooksOpened' AND account = 'consumer'"),
    )
    op.create_index(
        "posting_order",
        "posting",
        ["bucket", "order"],
        unique=False,
        postgresql_where=sa.text('"order" IS NOT NULL'),
    )
    op.create_index(
        "state_account",
        "state",
        ["bucket", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'account' AND open"),
    )
