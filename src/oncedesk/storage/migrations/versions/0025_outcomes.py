"""What became of cases and promises is worked out again: each desk that a case came to, who had it
there, and how a part is handed over where that was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("agent", sa.Uuid(), nullable=True))
    op.add_column("outcome", sa.Column("paused_seconds", sa.Integer(), nullable=True))
    op.create_index(
        "outcome_came",
        "outcome",
        ["desk", "opened_at"],
        postgresql_where=sa.text("kind = 'stay'"),
    )
    op.execute(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
        "WHERE kind IN ('conversation', 'order') ON CONFLICT DO NOTHING"
    )
