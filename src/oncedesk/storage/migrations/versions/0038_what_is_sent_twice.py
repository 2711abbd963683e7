"""Of a refund that went elsewhere it is remembered from which asking on that was certain, and, when
its remedy is over, that it may have been sent all the same.

No table changes.
"""

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
