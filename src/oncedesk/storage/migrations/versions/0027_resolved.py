"""What an agent has resolved last is found, so that it can be reopened if that was a mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "outcome_agent", "outcome", ["agent", "at"], postgresql_where=sa.text("kind = 'stay'")
    )
