"""What failed is found in pages, the newest first, however much that is."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("parked_newest", "parked", ["at", "id"])
