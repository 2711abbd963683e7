"""Of what was paid for a part the books know whether the rest of its presale is in it.

No table changes.
"""

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
