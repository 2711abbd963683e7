"""Who has resolved which case, so that what was resolved by mistake is found again."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resolved",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.SmallInteger(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "agent", "conversation", "case_number"),
    )
    op.create_index(
        "resolved_at", "resolved", ["bucket", "agent", "at", "conversation", "case_number"]
    )
