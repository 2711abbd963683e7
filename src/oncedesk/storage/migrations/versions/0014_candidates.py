"""Folders of rules that are tried out, and the backtest of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = sa.TIMESTAMP(timezone=True)
    op.create_table(
        "candidate",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("days", sa.LargeBinary, nullable=False),
        sa.Column("files", sa.LargeBinary, nullable=False),
        sa.Column("made_at", at, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("trial", UUID, nullable=True),
        sa.Column("status", sa.Text, nullable=False, server_default=""),
        sa.Column("asked", sa.LargeBinary, nullable=True),
        sa.Column("buckets", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("report", sa.LargeBinary, nullable=True),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("begun_at", at, nullable=True),
        sa.Column("beat_at", at, nullable=True),
    )
