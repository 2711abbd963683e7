"""From here on a state that grows a field comes with a migration, so an older program stays away.

Those before had no migration for each field. No table changes.
"""

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
