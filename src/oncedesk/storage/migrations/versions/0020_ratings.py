"""How the consumer rated the service in a case stands with what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("score", sa.SmallInteger(), nullable=True))
