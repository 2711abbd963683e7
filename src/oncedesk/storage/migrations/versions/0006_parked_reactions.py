"""Finds parked reactions without reading those that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "reaction_parked",
        "reaction",
        ["parked_at"],
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
