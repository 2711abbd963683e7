"""A parked command keeps the version that its sender expected."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parked", sa.Column("expected_version", sa.Integer(), nullable=True))
