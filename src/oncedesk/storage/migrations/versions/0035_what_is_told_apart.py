"""An account remembers of what it owes which market had advanced it, and what was taken out of it
since the moment of which its funds were told last; an order remembers where a part was to be handed
over between the first place and the last.

No table changes.
"""

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """That it was made is what counts."""
