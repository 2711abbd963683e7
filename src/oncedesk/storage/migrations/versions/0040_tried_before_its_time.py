"""A delivery that is tried before its turn remembers when that was, and an endpoint that all it has
waiting is to be. There are none yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "webhook_delivery", sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "webhook_endpoint", sa.Column("hastens_at", sa.DateTime(timezone=True), nullable=True)
    )
