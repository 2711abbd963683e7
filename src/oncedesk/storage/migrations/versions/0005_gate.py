"""What the gate leaves on messages, what waits for a review, and who saw what in clear."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("marks", sa.LargeBinary(), nullable=True))
    op.create_table(
        "flag",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "conversation", "version"),
    )
    op.create_index("flag_at", "flag", ["bucket", "at", "conversation", "version"], unique=False)
    op.create_table(
        "reveal",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("case_number", sa.SmallInteger(), nullable=True),
        sa.Column("order", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    op.create_index("reveal_consumer", "reveal", ["bucket", "consumer", "at"], unique=False)
