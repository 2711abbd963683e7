"""What leaves knows its order; webhook endpoints, and what goes to each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What waits already is a stream of its own.
    op.add_column("outbox", sa.Column("stream", sa.Uuid(), nullable=True))
    op.execute("UPDATE outbox SET stream = id")
    op.alter_column("outbox", "stream", nullable=False)
    for name, kind in (("version", sa.Integer()), ("number", sa.SmallInteger())):
        op.add_column("outbox", sa.Column(name, kind, server_default="0", nullable=False))
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["bucket", "stream"],
        postgresql_where=sa.text("topic = 'notification.wanted'"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("generation", sa.SmallInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    _index_deliveries()


def _index_deliveries() -> None:
    waiting, done = sa.text("status = 'waiting'"), sa.text("done_at IS NOT NULL")
    for name, columns, where in (
        ("due", ["endpoint", "next_at"], waiting),
        ("stream", ["bucket", "endpoint", "stream"], waiting),
        ("done", ["done_at"], done),
        ("list", ["endpoint", "at", "id"], None),
    ):
        op.create_index(
            f"webhook_delivery_{name}", "webhook_delivery", columns, postgresql_where=where
        )
