"""What desks follow of remedies without having to act."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remedy_follow",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("own_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("case_number", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "desk", "order_id", "number", "what"),
        postgresql_with={"fillfactor": 60},
    )
    op.create_index(
        "remedy_follow_due",
        "remedy_follow",
        ["bucket", "desk", "what", "due_at", "order_id", "number"],
        unique=False,
    )
