"""Ratings stand with what became of cases, and orders have what their items were called."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("score", sa.SmallInteger(), nullable=True))
    op.create_table(
        "bought",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("order", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "order"),
    )
