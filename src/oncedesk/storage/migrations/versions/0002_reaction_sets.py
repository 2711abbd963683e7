"""Which set of reactions each journal row got, and how far back new ones have been asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A constant default: no row is written, however long the journal is.
    op.add_column(
        "journal", sa.Column("reactions", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "reaction_set",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_bucket", sa.SmallInteger(), nullable=False),
        sa.Column("at_stream", sa.Uuid(), nullable=False),
        sa.Column("looked", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("parked", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
