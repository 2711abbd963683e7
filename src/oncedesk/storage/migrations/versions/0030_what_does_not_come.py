"""An order remembers of each part whether it was said that nothing of it comes any more.

No table changes.
"""

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
