"""An order remembers of each parcel when it first turned back or was lost.

No table changes.
"""

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
