"""Whom a case is never given to: the second person is somebody else than the first."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("barred", sa.Uuid(), nullable=True))
