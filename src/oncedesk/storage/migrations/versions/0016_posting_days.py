"""What the ledger's entries come to by day."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What was pending and has ended takes away what it added.
_FILL = """
INSERT INTO posting_day (bucket, party, currency, account, day, slot, minor, pending_minor)
SELECT p.bucket, p.party, p.currency, p.account, (p.at AT TIME ZONE 'UTC')::date, 0,
       coalesce(sum(p.minor) FILTER (WHERE p.phase = 'posted'), 0),
       coalesce(sum(CASE WHEN p.phase = 'pending' THEN p.minor ELSE -p.minor END)
                FILTER (WHERE p.minor < 0 AND (p.phase = 'pending' OR w.transfer IS NOT NULL)), 0)
FROM posting p LEFT JOIN (
    SELECT DISTINCT bucket, stream, transfer FROM posting WHERE phase = 'pending'
) w ON w.bucket = p.bucket AND w.stream = p.stream AND w.transfer = p.transfer
WHERE p.party IS NOT NULL
GROUP BY p.bucket, p.party, p.currency, p.account, (p.at AT TIME ZONE 'UTC')::date
"""


def upgrade() -> None:
    op.create_table(
        "posting_day",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("party", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("pending_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "party", "currency", "account", "day", "slot"),
        postgresql_with={"fillfactor": 70},
    )
    op.execute(_FILL)
