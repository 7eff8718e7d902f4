"""Tables: what the ledger keeps, in the schema `ledger` of a region's database.

`migrations/` makes them so; a test compares. Times are milliseconds since 1970, as in events.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SCHEMA = "ledger"
CHANNEL = "collabbus_ledger"
"""The channel on which PostgreSQL tells listeners that there are new events, and up to which."""

metadata = MetaData(schema=SCHEMA)

ledger = Table(
    "ledger",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    # The region whose log it is; empty until the first batch.
    Column("region", Text, nullable=False),
    # Chosen when the tables were made: places of events mean something within one life alone.
    Column("life", Text, nullable=False),
    # The place of the newest event.
    Column("position", BigInteger, nullable=False),
    # Counts rebuilds.
    Column("generation", Integer, nullable=False),
    Column("rebuilding", Boolean, nullable=False),
    # When the projection last had all that the log held, by the clock of its machine.
    Column("current_ms", BigInteger, nullable=False),
)
"""One line: how the ledger as a whole stands."""

offsets = Table(
    "offsets",
    metadata,
    Column("topic", Text, nullable=False),
    Column("shard", Integer, nullable=False),
    # The next offset to be read.
    Column("next", BigInteger, nullable=False),
    PrimaryKeyConstraint("topic", "shard"),
)
"""How far each topic is in the tables: written with the rows, in one transaction."""

contracts = Table(
    "contracts",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("network", Text, nullable=False),
    # The canonical form, compressed.
    Column("form", LargeBinary, nullable=False),
)
"""Every contract that the ledger has known: matters are pinned to them whatever the files say."""

matters = Table(
    "matters",
    metadata,
    Column("matter_id", Text, primary_key=True),
    Column("network", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    # Type of the act that opened it; empty where this region holds nothing of the main thread.
    Column("opening", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("classification", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("contract", LargeBinary, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    # When the final step of the main thread was recorded.
    Column("closed_ms", BigInteger),
    Column("archived_ms", BigInteger),
    Column("updated_ms", BigInteger, nullable=False),
    # The place of its newest event: no two matters have the same.
    Column("position", BigInteger, nullable=False),
    Column("cause_matter", Text, nullable=False),
    Column("cause_event", Text, nullable=False),
    # The core's message (collab.state.v1.Matter), from which the next event goes on.
    Column("kept", LargeBinary, nullable=False),
    Index("matters_by_position", text("position DESC")),
    Index("matters_by_opened", text("opened_ms DESC"), text("matter_id DESC")),
    Index("matters_by_family", "network", "family", text("position DESC")),
    Index("matters_by_cause", "cause_matter", postgresql_where=text("cause_matter <> ''")),
    Index("matters_by_case", "case_number", postgresql_where=text("case_number <> ''")),
)

threads = Table(
    "threads",
    metadata,
    Column("matter_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    # main, track, guest, copy, archive or local.
    Column("sort", Text, nullable=False),
    # The office, or the guest, whose track it is; empty for others.
    Column("recipient", Text, nullable=False),
    # Empty, and step 0, while the first step hasn't come, and where there are no steps.
    Column("state", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("awaits", Text, nullable=False),
    Column("waits", Text, nullable=False),
    Column("due_ms", BigInteger),
    Column("overdue", Boolean, nullable=False),
    Column("escalated", Integer, nullable=False),
    # Its matter has ended it: nobody owes anything in it any more.
    Column("ended", Boolean, nullable=False),
    Column("frozen", Boolean, nullable=False),
    # Types of remarks that are bound to the step and still count, such as ExtensionAsked.
    Column("pending", ARRAY(Text), nullable=False),
    Column("stepped_ms", BigInteger, nullable=False),
    # The place of its newest event.
    Column("position", BigInteger, nullable=False),
    # The core's message (collab.state.v1.Thread).
    Column("kept", LargeBinary, nullable=False),
    PrimaryKeyConstraint("matter_id", "thread"),
    Index(
        "threads_by_awaited",
        "awaits",
        "due_ms",
        "matter_id",
        "thread",
        postgresql_where=text("awaits <> '' AND NOT ended"),
    ),
    Index(
        "threads_by_waiter",
        "waits",
        "due_ms",
        postgresql_where=text("waits <> '' AND NOT ended"),
    ),
    Index("threads_by_due", "due_ms", postgresql_where=text("due_ms IS NOT NULL AND NOT ended")),
    Index("threads_by_state", "state", "matter_id", postgresql_where=text("sort = 'main'")),
)

parties = Table(
    "parties",
    metadata,
    Column("matter_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    # The event that added it.
    Column("addition", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("leaving", Boolean, nullable=False),
    # The place of the event by which it left: what came later isn't for it.
    Column("left_position", BigInteger),
    PrimaryKeyConstraint("matter_id", "thread", "addition", "office"),
    Index("parties_by_office", "office", "matter_id", "thread"),
)

links = Table(
    "links",
    metadata,
    Column("matter_id", Text, nullable=False),
    # The matter to which it has led.
    Column("linked", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("matter_id", "linked"),
)

copies = Table(
    "copies",
    metadata,
    # The event of which a copy was sent.
    Column("event_id", Text, nullable=False),
    Column("matter_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("office", Text, nullable=False),
    PrimaryKeyConstraint("event_id", "role", "office"),
    Index("copies_by_matter", "matter_id"),
)

events = Table(
    "events",
    metadata,
    # The order in which the ledger took it; what a follower goes on from.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("matter_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    # The step that it is, and where that led; NULL for a remark.
    Column("step", Integer),
    Column("state", Text),
    Column("office", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("guest", Text, nullable=False),
    Column("clock", Boolean, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
    Column("submission_id", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("legal_basis", JSONB, nullable=False),
    # Where it stands in the log, and when that took it.
    Column("shard", Integer, nullable=False),
    Column("log_offset", BigInteger, nullable=False),
    Column("logged_ms", BigInteger, nullable=False),
    # It came after its matter was archived, and changed nothing.
    Column("late", Boolean, nullable=False),
    # The latest correction of it.
    Column("corrected_by", Text),
    Column("generation", Integer, nullable=False),
    # What it says, in the schemas' JSON form with the fields' own names; NULL where erased.
    Column("content", JSONB),
    Column("envelope", LargeBinary, nullable=False),
    # NULL where it was erased.
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Index("events_by_id", "event_id", unique=True),
    Index("events_of_matter", "matter_id", "position"),
    Index("events_by_number", "matter_id", "thread", "origin", "number"),
    Index("events_of_submission", "submission_id", postgresql_where=text("submission_id <> ''")),
)

waiting = Table(
    "waiting",
    metadata,
    # The key in the compacted topic `collab.<region>.waiting`.
    Column("key", Text, primary_key=True),
    Column("matter_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    # CAUSE, CONTRACT or REFUSED.
    Column("code", Text, nullable=False),
    # Origins and numbers: [["hebei", 5]].
    Column("missing", JSONB, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Index("waiting_by_matter", "matter_id"),
)

STATE = (matters, threads, parties, links, copies, waiting)
"""What a rebuild makes anew; events keep their places."""
