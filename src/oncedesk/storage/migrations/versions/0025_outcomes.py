"""What became of promises is worked out again: how a part is handed over counts where chosen."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
        "WHERE kind = 'order' ON CONFLICT DO NOTHING"
    )
