"""What the gate leaves on messages, what waits for a review, and who saw what; attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
    op.create_table(
        "attachment",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("code", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    for columns in (["bucket", "conversation"], ["bucket", "consumer"]):
        op.create_index(f"attachment_{columns[1]}", "attachment", columns, unique=False)
    op.create_index(
        "attachment_waiting",
        "attachment",
        ["at"],
        unique=False,
        postgresql_where=sa.text("message IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "attachment_erased",
        "attachment",
        ["erased_at"],
        unique=False,
        postgresql_where=sa.text("erased_at IS NOT NULL AND gone_at IS NULL"),
    )
