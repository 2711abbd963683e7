"""The deliveries of an endpoint are found by where they stand: millions of them may be taken."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("webhook_delivery_list", "webhook_delivery")
    op.create_index("webhook_delivery_list", "webhook_delivery", ["endpoint", "status", "at", "id"])
