"""A case's row says that a deadline was missed, which the next one hid: from its next change on."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "inbox", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
