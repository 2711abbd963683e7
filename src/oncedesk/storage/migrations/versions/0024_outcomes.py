"""What became of cases, promises and refunds is worked out again: silences, what came by itself."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
        "WHERE kind IN ('conversation', 'order', 'remedies') ON CONFLICT DO NOTHING"
    )
