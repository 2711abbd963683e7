"""What became of each case and promise is worked out again: merges, calls, what reopened."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
        "WHERE kind IN ('conversation', 'order') ON CONFLICT DO NOTHING"
    )
