"""An order's remedies remember of what a breach gave whether the consumer did not want it, and of a
contest which units it is about.

No table changes.
"""

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
