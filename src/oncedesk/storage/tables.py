"""All tables, defined once; the migrations build the same and a test compares the two.

Every primary key begins with `bucket`, so that the tables can be spread over machines; `pack`,
`reaction_set`, `installation`, `api_key`, `signing_key`, `login`, `webhook_endpoint`, `candidate`,
`article`, `article_version`, `macro` and `saved_view` are small and stand whole on each. There are
no sequences and no foreign keys across buckets.
"""

from sqlalchemy import (
    ARRAY,
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    event,
    text,
)

metadata = MetaData()


def _bucket() -> "Column[int]":
    return Column("bucket", SmallInteger, primary_key=True)


def _uuid(name: str, *, key: bool = False, nullable: bool = False) -> "Column[object]":
    return Column(name, Uuid, primary_key=key, nullable=nullable and not key)


def _at(name: str, *, nullable: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=nullable)


# One row a state, of whatever kind. Half of each page is kept free so that an update stays on its
# page and touches no index; `wake` may therefore be earlier than the deadline, never later.
state = Table(
    "state",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _uuid("party"),
    _at("at"),
    _at("wake", nullable=True),
    Column("open", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("NOT open OR wake IS NOT NULL", name="state_open_has_wake"),
    Index("state_party", "bucket", "party"),
    Index("state_desk", "bucket", "id", postgresql_where=text("kind = 'desk'")),
    Index("state_account", "bucket", "id", postgresql_where=text("kind = 'account' AND open")),
    Index("state_wake", "wake", postgresql_where=text("wake IS NOT NULL")),
    postgresql_with={"fillfactor": 50, "toast_tuple_target": 8160},
)

# One row an accepted command; `reactions` is the number of the set that its events got. Its only
# index serves both the look-up of a repeated command and the reading of a stream; it guards
# nothing, so the table can be partitioned by time.
journal = Table(
    "journal",
    metadata,
    Column("bucket", SmallInteger, nullable=False),
    _uuid("stream"),
    Column("version", Integer, nullable=False),
    _uuid("command_id"),
    Column("kind", Text, nullable=False),
    _at("at"),
    Column("actor", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("command", LargeBinary, nullable=False),
    Column("packs", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("basis", Text, nullable=False),
    Column("events", LargeBinary, nullable=False),
    Column("reactions", SmallInteger, nullable=False, server_default="0"),
    Index("journal_stream", "bucket", "stream", "command_id"),
)

# Texts stand here and, where a command failed, with it in `parked`; erasing overwrites them.
# Their order is that of the conversation's versions. `marks` (`storage/marks.py`) are what the gate
# left on a message, and what is attached to it; most have none.
message = Table(
    "message",
    metadata,
    _bucket(),
    _uuid("conversation", key=True),
    Column("version", Integer, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    _uuid("id"),
    Column("case_number", SmallInteger, nullable=False),
    Column("audience", Text, nullable=False),
    Column("author", Text, nullable=False),
    _at("at"),
    Column("text", Text, nullable=True),
    _at("erased_at", nullable=True),
    Column("marks", LargeBinary, nullable=True),
)

# What is known about a person beside their id; erasing overwrites it. Only merchants and creators
# have a `public_name`: the name as it is searched (see `domain.shared.persons.searched`).
person = Table(
    "person",
    metadata,
    _bucket(),
    _uuid("party", key=True),
    Column("body", Text, nullable=True),
    _at("at"),
    _at("erased_at", nullable=True),
    Column("public_name", Text(collation="C"), nullable=True),
    Index("person_name", "public_name", postgresql_where=text("public_name IS NOT NULL")),
)

# What is private about an order; erasing overwrites it. Its `kind` is `address` (where it goes, or
# was to go before that was changed) or `basis` (what the decision of a dispute rests on).
order_text = Table(
    "order_text",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    _uuid("consumer"),
    _uuid("order"),
    Column("body", Text, nullable=True),
    _at("at"),
    _at("erased_at", nullable=True),
    Column("kind", Text, nullable=False, server_default="address"),
    Index("order_text_consumer", "bucket", "consumer"),
)

# What the items of an order were called and where their pictures are, as the consumer saw them;
# `body` is JSON. An order that was told without has no row. Nothing is decided by it.
bought = Table(
    "bought",
    metadata,
    _bucket(),
    _uuid("order", key=True),
    Column("body", Text, nullable=False),
)

# A command that an event asked for: written with the event, deleted with its effect.
reaction = Table(
    "reaction",
    metadata,
    _bucket(),
    _uuid("target", key=True),
    _uuid("source", key=True),
    Column("version", Integer, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    _uuid("id"),
    Column("kind", Text, nullable=False),
    Column("depth", SmallInteger, nullable=False),
    Column("command", LargeBinary, nullable=False),
    _at("at"),
    _at("parked_at", nullable=True),
    Column("reason", Text, nullable=True),
    Index("reaction_waiting", "at", postgresql_where=text("parked_at IS NULL")),
    Index("reaction_parked", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
)

outbox = Table(
    "outbox",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    Column("topic", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _at("at"),
    _at("next_at"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text, nullable=True),
    _uuid("stream"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("number", SmallInteger, nullable=False, server_default="0"),
    Index("outbox_next", "next_at"),
    Index(
        "outbox_waiting",
        "bucket",
        "stream",
        postgresql_where=text("topic = 'notification.wanted'"),
    ),
)

parked = Table(
    "parked",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    Column("kind", Text, nullable=False),
    _uuid("target"),
    Column("actor", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("command", LargeBinary, nullable=False),
    Column("text", Text, nullable=True),
    Column("error", Text, nullable=False),
    _at("at"),
    Column("attempts", Integer, nullable=False),
    Column("expected_version", Integer, nullable=True),
    Index("parked_newest", "at", "id"),
)

# The ledger: one row an entry, in the bucket of whoever's account it is (the platform's own in the
# order's). A transfer's rows repeat it in each phase that it came to; nothing is ever changed. What
# caused an entry is the event with the number `event` of those of `version` of `stream`.
posting = Table(
    "posting",
    metadata,
    _bucket(),
    _uuid("stream", key=True),
    Column("version", Integer, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("event", SmallInteger, nullable=False),
    Column("cause", Text, nullable=False),
    Column("transfer", Integer, nullable=False),
    Column("phase", Text, nullable=False),
    Column("account", Text, nullable=False),
    _uuid("party", nullable=True),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    _at("at"),
    _uuid("consumer", nullable=True),
    _uuid("order", nullable=True),
    Column("remedy", Integer, nullable=True),
    Column("reason", Text, nullable=False),
    CheckConstraint("minor <> 0", name="posting_moves"),
    CheckConstraint("phase IN ('pending', 'posted', 'voided')", name="posting_phase"),
    Index(
        "posting_party",
        "bucket",
        "party",
        "currency",
        "at",
        "stream",
        "version",
        "number",
        postgresql_where=text("party IS NOT NULL"),
    ),
    Index("posting_platform", "account", "at", postgresql_where=text("party IS NULL")),
    Index("posting_receivable", "at", postgresql_where=text("account = 'receivable'")),
    Index(
        "posting_opened",
        "at",
        postgresql_where=text("cause = 'BooksOpened' AND account = 'consumer'"),
    ),
    Index("posting_order", "bucket", "order", postgresql_where=text('"order" IS NOT NULL')),
)

# What the ledger's entries come to by day (UTC), so that nobody adds up years of them to know what
# stands in an account. Written with the entries, and spread over slots, so that nobody waits for
# the row of a large merchant. `pending_minor`: what is about to be taken, less what was pending
# before and has ended.
posting_day = Table(
    "posting_day",
    metadata,
    _bucket(),
    _uuid("party", key=True),
    Column("currency", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", SmallInteger, primary_key=True),
    Column("minor", BigInteger, nullable=False),
    Column("pending_minor", BigInteger, nullable=False),
    postgresql_with={"fillfactor": 70},
)

# What each desk sees: one row an open case, in the desk's bucket (the platform's is spread).
inbox = Table(
    "inbox",
    metadata,
    _bucket(),
    _uuid("conversation", key=True),
    Column("case_number", SmallInteger, primary_key=True),
    _uuid("queue", key=True),
    _uuid("consumer"),
    Column("desk", Text, nullable=False),
    Column("skill", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    _uuid("agent", nullable=True),
    _uuid("preferred", nullable=True),
    _at("queue_due_at"),
    _at("queued_at"),
    Column("next_clock", Text, nullable=False),
    _at("next_due_at"),
    Column("version", Integer, nullable=False),
    _uuid("barred", nullable=True),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    _at("came_at"),
    Index(
        "inbox_queue",
        "bucket",
        "queue",
        "status",
        "priority",
        "queue_due_at",
        "conversation",
        "case_number",
    ),
    Index("inbox_agent", "bucket", "agent", postgresql_where=text("agent IS NOT NULL")),
    postgresql_with={"fillfactor": 60},
)

# The remedies that wait for a desk, in the desk's bucket (the platform's are spread).
remedy_work = Table(
    "remedy_work",
    metadata,
    _bucket(),
    Column("desk", Text, primary_key=True),
    _uuid("order_id", key=True),
    Column("number", SmallInteger, primary_key=True),
    _uuid("consumer"),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("clock", Text, nullable=False),
    _at("due_at"),
    _at("requested_at"),
    Column("second_person", Boolean, nullable=False),
    Index("remedy_work_due", "bucket", "desk", "due_at", "order_id", "number"),
    postgresql_with={"fillfactor": 60},
)

# What desks follow of remedies without having to act, in each desk's bucket.
remedy_follow = Table(
    "remedy_follow",
    metadata,
    _bucket(),
    Column("desk", Text, primary_key=True),
    _uuid("order_id", key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("what", Text, primary_key=True),
    _uuid("consumer"),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("own_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    _at("due_at"),
    _at("requested_at"),
    _uuid("conversation", nullable=True),
    Column("case_number", SmallInteger, nullable=True),
    Index("remedy_follow_due", "bucket", "desk", "what", "due_at", "order_id", "number"),
    postgresql_with={"fillfactor": 60},
)

# Messages that the gate flagged and nobody has reviewed: in the platform's slots, as its inbox.
flag = Table(
    "flag",
    metadata,
    _bucket(),
    _uuid("conversation", key=True),
    Column("version", Integer, primary_key=True),
    _uuid("consumer"),
    Column("case_number", SmallInteger, nullable=False),
    _uuid("message"),
    Column("author", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("rules", Text, nullable=False),
    _at("at"),
    Index("flag_at", "bucket", "at", "conversation", "version"),
)

# Who may see, or saw, what of a consumer in clear: in the consumer's bucket.
reveal = Table(
    "reveal",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    _uuid("consumer"),
    _uuid("agent"),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("desk", Text, nullable=False),
    _uuid("conversation", nullable=True),
    Column("case_number", SmallInteger, nullable=True),
    _uuid("order", nullable=True),
    _at("at"),
    _at("until"),
    Index("reveal_consumer", "bucket", "consumer", "at"),
)

# Files that go with messages, in their consumer's bucket; the file itself lies elsewhere. One that
# is erased and not gone is still to be deleted.
attachment = Table(
    "attachment",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    _uuid("consumer"),
    _uuid("conversation"),
    Column("uploader", Text, nullable=False),
    Column("name", Text, nullable=True),
    Column("media", Text, nullable=True),
    Column("size", BigInteger, nullable=True),
    Column("sha256", LargeBinary, nullable=True),
    Column("width", Integer, nullable=True),
    Column("height", Integer, nullable=True),
    Column("code", Boolean, nullable=False, server_default=text("false")),
    _at("at"),
    _at("stored_at", nullable=True),
    _uuid("message", nullable=True),
    Column("version", Integer, nullable=True),
    _at("erased_at", nullable=True),
    _at("gone_at", nullable=True),
    Index("attachment_conversation", "bucket", "conversation"),
    Index("attachment_consumer", "bucket", "consumer"),
    Index(
        "attachment_waiting",
        "at",
        postgresql_where=text("message IS NULL AND erased_at IS NULL"),
    ),
    Index(
        "attachment_erased",
        "erased_at",
        postgresql_where=text("erased_at IS NOT NULL AND gone_at IS NULL"),
    ),
)

# Who can work: one row an agent, so that dispatch reads no states.
seat = Table(
    "seat",
    metadata,
    _bucket(),
    _uuid("agent", key=True),
    Column("body", LargeBinary, nullable=False),
    Column("room", SmallInteger, nullable=False),
    Index("seat_free", "room", postgresql_where=text("room > 0")),
    postgresql_with={"fillfactor": 50},
)

# Rule packs by the hash of their content. Never changed, never deleted.
pack = Table(
    "pack",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("market", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Folders of rules that somebody is trying out, and of each its last backtest. A few of each market
# are kept; what was published stands in `pack`.
candidate = Table(
    "candidate",
    metadata,
    _uuid("id", key=True),
    Column("market", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("days", LargeBinary, nullable=False),
    Column("files", LargeBinary, nullable=False),
    _at("made_at"),
    Column("made_by", Text, nullable=False),
    _uuid("trial", nullable=True),
    Column("status", Text, nullable=False, server_default=""),
    Column("asked", LargeBinary, nullable=True),
    Column("buckets", SmallInteger, nullable=False, server_default="0"),
    Column("report", LargeBinary, nullable=True),
    Column("error", Text, nullable=False, server_default=""),
    _at("begun_at", nullable=True),
    _at("beat_at", nullable=True),
)

# Which reactions each version of the program had (0: the first), and how far the journal has been
# gone through for what is new in them.
reaction_set = Table(
    "reaction_set",
    metadata,
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("names", Text, nullable=False),
    _at("since"),
    Column("at_bucket", SmallInteger, nullable=False),
    _uuid("at_stream"),
    Column("looked", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("parked", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    _at("done_at", nullable=True),
)

# Who wants to be told of what. No secret stands here: what signs is derived, `seal` names it.
webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    _uuid("id", key=True),
    Column("desk", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("note", Text, nullable=False),
    _at("created_at"),
    Column("generation", SmallInteger, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    _at("previous_until", nullable=True),
    Column("failures", Integer, nullable=False),
    _at("failing_since", nullable=True),
    _at("disabled_at", nullable=True),
    Column("disabled_reason", Text, nullable=False),
    _at("hastens_at", nullable=True),
)

# One row for each thing that goes to an endpoint, in the bucket of what it tells of. `next_at` is
# when it is tried next, and `planned_at` when its turn is, where it is tried sooner; what is done
# keeps how it ended until it is deleted.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    _uuid("endpoint"),
    _uuid("event"),
    Column("topic", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _uuid("stream"),
    _at("at"),
    Column("version", Integer, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    _at("queued_at"),
    _at("next_at"),
    Column("attempts", SmallInteger, nullable=False),
    _at("done_at", nullable=True),
    Column("code", SmallInteger, nullable=True),
    Column("answer", Text, nullable=False),
    _at("planned_at", nullable=True),
    Index(
        "webhook_delivery_due",
        "endpoint",
        "next_at",
        postgresql_where=text("status = 'waiting'"),
    ),
    Index(
        "webhook_delivery_stream",
        "bucket",
        "endpoint",
        "stream",
        postgresql_where=text("status = 'waiting'"),
    ),
    Index("webhook_delivery_done", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    Index("webhook_delivery_list", "endpoint", "status", "at", "id"),
    # However many are kept: hardly any of them wait, until a receiver has failed for a while, and
    # what was planned by that would read all that wait for each of them.
    postgresql_with={"autovacuum_analyze_threshold": 1000, "autovacuum_analyze_scale_factor": 0},
)

# One row for each refund to one payment: how long it took from the remedy's request until the money
# was sent, and until it arrived, where that is told.
refund = Table(
    "refund",
    metadata,
    _bucket(),
    _uuid("id", key=True),
    _uuid("consumer"),
    _uuid("order_id"),
    Column("remedy", Integer, nullable=False),
    Column("leg", Integer, nullable=False),
    Column("market", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    _at("asked_at"),
    _at("sent_at", nullable=True),
    Column("sent_seconds", Integer, nullable=True),
    Column("credited_seconds", Integer, nullable=True),
    Index("refund_sent", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
    Index(
        "refund_unsettled",
        "asked_at",
        postgresql_where=text("status IN ('requested', 'failed')"),
    ),
)

# States whose outcomes have to be worked out (again): written with what ended, in its bucket.
outcome_due = Table(
    "outcome_due",
    metadata,
    _bucket(),
    _uuid("stream", key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _at("at"),
    Index("outcome_due_at", "at"),
)

# What figures are made of: one row for each case that is resolved, each promise on which there is a
# verdict, each refund that was sent. Worked out from the journal, so it can always be made anew.
# `at` is when it ended. A `stay` is one of the desks to which a resolved case came (`opened_at`),
# and who had it there; without `contacts` it is only who else had it. `good`: one contact was
# enough, or the promise was kept.
outcome = Table(
    "outcome",
    metadata,
    _bucket(),
    Column("kind", Text, primary_key=True),
    _uuid("stream", key=True),
    Column("number", Integer, primary_key=True),
    _uuid("consumer"),
    Column("market", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("desk", Text, nullable=False),
    _uuid("merchant", nullable=True),
    _uuid("creator", nullable=True),
    _at("at"),
    _at("closed_at", nullable=True),
    Column("good", Boolean, nullable=True),
    Column("seconds", Integer, nullable=True),
    Column("answer_seconds", Integer, nullable=True),
    Column("answered_in_time", Boolean, nullable=True),
    Column("taken_over", Boolean, nullable=False),
    Column("worked_seconds", Integer, nullable=False),
    Column("contacts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    _uuid("order_id", nullable=True),
    _uuid("conversation", nullable=True),
    Column("case_number", Integer, nullable=True),
    _at("opened_at", nullable=True),
    Column("score", SmallInteger, nullable=True),
    _uuid("agent", nullable=True),
    Column("paused_seconds", Integer, nullable=True),
    Index("outcome_at", "kind", "at", "stream", "number"),
    Index("outcome_desk", "desk", "kind", "at"),
    Index("outcome_came", "desk", "opened_at", postgresql_where=text("kind = 'stay'")),
    Index("outcome_agent", "agent", "at", postgresql_where=text("kind = 'stay'")),
    postgresql_with={"fillfactor": 80},
)

# One row: what belongs to this installation only.
installation = Table(
    "installation",
    metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
    CheckConstraint("one = 1", name="installation_one_row"),
)

# ── Who may come in. No deciders: nothing follows from these rows, and no secret stands in them ──

# The keys by which machines of the marketplace come in; of each only the hash of its secret.
api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    _at("created_at"),
    Column("created_by", Text, nullable=False),
    _at("expires_at", nullable=True),
    _at("revoked_at", nullable=True),
    Column("revoked_by", Text, nullable=True),
    _at("used_at", nullable=True),
)

# The keys by which the marketplace signs who a consumer is.
signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    _at("created_at"),
    Column("created_by", Text, nullable=False),
    _at("revoked_at", nullable=True),
    Column("revoked_by", Text, nullable=True),
)

# How an agent logs in; `subject` is who the agent is at the identity provider, if one is used.
login = Table(
    "login",
    metadata,
    Column("name", Text, primary_key=True),
    _uuid("agent"),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=True),
    Column("subject", Text, nullable=True),
    _at("created_at"),
    Column("created_by", Text, nullable=False),
    _at("disabled_at", nullable=True),
    Column("disabled_by", Text, nullable=True),
    Index("login_agent", "agent", unique=True),
    Index("login_subject", "subject", unique=True, postgresql_where=text("subject IS NOT NULL")),
)

# Who is logged in: an agent or a consumer, by the hash of what their browser holds.
session = Table(
    "session",
    metadata,
    _bucket(),
    Column("hash", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    _uuid("party"),
    Column("market", Text, nullable=False),
    Column("language", Text, nullable=False),
    _at("created_at"),
    _at("seen_at"),
    _at("expires_at"),
    _at("ended_at", nullable=True),
    Index("session_party", "bucket", "party"),
)

# Tokens that were exchanged for a session; each counts once. Kept until they have expired.
used_token = Table(
    "used_token",
    metadata,
    _bucket(),
    Column("hash", LargeBinary, primary_key=True),
    _at("expires_at"),
)

# ── What agents work with. No deciders either: no case depends on these ──

# What agents look up. `body` is JSON of both languages and whom it is for; `grams` are the pieces
# of its words by which it is found. Each version that there was stands in `article_version`.
article = Table(
    "article",
    metadata,
    _uuid("id", key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    _at("expires_at", nullable=True),
    _at("retired_at", nullable=True),
    _at("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("grams", ARRAY(Text), nullable=False),
    Index("article_grams", "grams", postgresql_using="gin"),
    Index("article_changed", "changed_at", "id"),
)

article_version = Table(
    "article_version",
    metadata,
    _uuid("article", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    _at("changed_at"),
    Column("changed_by", Text, nullable=False),
)

# Texts with variables, one row each, a desk's own; `body` is JSON of both languages.
macro = Table(
    "macro",
    metadata,
    _uuid("id", key=True),
    Column("version", Integer, nullable=False),
    Column("desk", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    _at("retired_at", nullable=True),
    _at("changed_at"),
    Column("changed_by", Text, nullable=False),
    Index("macro_desk", "desk", "name", "id"),
)

# Filters over a desk's inbox: an agent's own, or (without `agent`) everybody's at the desk.
saved_view = Table(
    "saved_view",
    metadata,
    _uuid("id", key=True),
    Column("version", Integer, nullable=False),
    Column("desk", Text, nullable=False),
    _uuid("agent", nullable=True),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    _at("changed_at"),
    Column("changed_by", Text, nullable=False),
    Index("saved_view_desk", "desk", "name", "id"),
)

# Who was named in a note: in the bucket of the agent who was.
mention = Table(
    "mention",
    metadata,
    _bucket(),
    _uuid("agent", key=True),
    _uuid("message", key=True),
    _uuid("consumer"),
    _uuid("conversation"),
    Column("case_number", SmallInteger, nullable=False),
    Column("author", Text, nullable=False),
    _at("at"),
    _at("read_at", nullable=True),
    Index("mention_at", "bucket", "agent", "at", "message"),
)

# Messages in another language, beside them and erased with them.
translation = Table(
    "translation",
    metadata,
    _bucket(),
    _uuid("conversation", key=True),
    _uuid("message", key=True),
    Column("language", Text, primary_key=True),
    Column("text", Text, nullable=True),
    _at("at"),
)

# A state is read whole and often: kept in its row, uncompressed, and never larger than a page.
STATE_IN_ROW = "ALTER TABLE state ALTER COLUMN body SET STORAGE EXTERNAL"
event.listen(state, "after_create", DDL(STATE_IN_ROW))  # type: ignore[no-untyped-call]
