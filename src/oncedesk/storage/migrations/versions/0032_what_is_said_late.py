"""Of remedies that are over more is remembered of what payments may still say, and which of them
were goodwill; of a price that fell, for how many units the difference was given.

No table changes.
"""

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
