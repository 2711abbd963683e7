"""The core: states, journal, texts, reactions, outbox, inbox, seats, packs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "inbox",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.SmallInteger(), nullable=False),
        sa.Column("queue", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=True),
        sa.Column("preferred", sa.Uuid(), nullable=True),
        sa.Column("queue_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_clock", sa.Text(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "conversation", "case_number", "queue"),
        postgresql_with={"fillfactor": 60},
    )
    op.create_index(
        "inbox_agent",
        "inbox",
        ["bucket", "agent"],
        unique=False,
        postgresql_where=sa.text("agent IS NOT NULL"),
    )
    op.create_index(
        "inbox_queue",
        "inbox",
        ["bucket", "queue", "status", "priority", "queue_due_at", "conversation", "case_number"],
        unique=False,
    )
    op.create_table(
        "installation",
        sa.Column("one", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("one = 1", name="installation_one_row"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "journal",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.Column("packs", sa.Text(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("events", sa.LargeBinary(), nullable=False),
    )
    op.create_index("journal_stream", "journal", ["bucket", "stream", "command_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.SmallInteger(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "conversation", "version", "number"),
    )
    op.create_table(
        "outbox",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    op.create_index("outbox_next", "outbox", ["next_at"], unique=False)
    op.create_table(
        "pack",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "parked",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    op.create_table(
        "person",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("party", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "party"),
    )
    op.create_table(
        "reaction",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "target", "source", "version", "number"),
    )
    op.create_index(
        "reaction_waiting",
        "reaction",
        ["at"],
        unique=False,
        postgresql_where=sa.text("parked_at IS NULL"),
    )
    op.create_table(
        "seat",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("room", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "agent"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_index(
        "seat_free", "seat", ["room"], unique=False, postgresql_where=sa.text("room > 0")
    )
    op.create_table(
        "state",
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("party", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wake", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("NOT open OR wake IS NOT NULL", name="state_open_has_wake"),
        sa.PrimaryKeyConstraint("bucket", "id"),
        postgresql_with={"fillfactor": 50, "toast_tuple_target": 8160},
    )
    op.create_index(
        "state_desk",
        "state",
        ["bucket", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'desk'"),
    )
    op.create_index("state_party", "state", ["bucket", "party"], unique=False)
    op.create_index(
        "state_wake", "state", ["wake"], unique=False, postgresql_where=sa.text("wake IS NOT NULL")
    )

    op.execute("ALTER TABLE state ALTER COLUMN body SET STORAGE EXTERNAL")
