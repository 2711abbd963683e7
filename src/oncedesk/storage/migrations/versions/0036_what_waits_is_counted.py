"""How many deliveries wait is counted anew when a thousand have changed, however many are kept.

Of very many kept ones hardly any wait, until a receiver has failed for a while; what is planned by
the share that waited before reads all of them for each.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE webhook_delivery SET "
        "(autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0)"
    )
