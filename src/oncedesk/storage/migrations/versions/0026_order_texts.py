"""What a dispute is decided on stands beside where an order goes: private texts about an order."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("address", "order_text")
    op.execute("ALTER INDEX address_consumer RENAME TO order_text_consumer")
    op.execute("ALTER INDEX address_pkey RENAME TO order_text_pkey")
    op.add_column(
        "order_text", sa.Column("kind", sa.Text(), nullable=False, server_default="address")
    )
