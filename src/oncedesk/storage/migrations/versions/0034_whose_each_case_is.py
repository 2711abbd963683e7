"""A conversation about no order remembers of each case whose it was said to be.

No table changes.
"""

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
