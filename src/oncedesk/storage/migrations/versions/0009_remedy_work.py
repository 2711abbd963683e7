"""The remedies that wait for a desk."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remedy_work",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_person", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "desk", "order_id", "number"),
        postgresql_with={"fillfactor": 60},
    )
    op.create_index(
        "remedy_work_due",
        "remedy_work",
        ["bucket", "desk", "due_at", "order_id", "number"],
        unique=False,
    )
