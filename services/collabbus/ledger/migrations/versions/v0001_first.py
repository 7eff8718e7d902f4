"""The first tables, and a life for them."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.contracts (
    hash BYTEA NOT NULL,
    network TEXT NOT NULL,
    form BYTEA NOT NULL,
    PRIMARY KEY (hash)
);
CREATE TABLE ledger.copies (
    event_id TEXT NOT NULL,
    matter_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    role TEXT NOT NULL,
    office TEXT NOT NULL,
    PRIMARY KEY (event_id, role, office)
);
CREATE INDEX copies_by_matter ON ledger.copies (matter_id);
CREATE TABLE ledger.events (
    position BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    network TEXT NOT NULL,
    family TEXT NOT NULL,
    matter_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    origin TEXT NOT NULL,
    number BIGINT NOT NULL,
    type TEXT NOT NULL,
    step INTEGER,
    state TEXT,
    office TEXT NOT NULL,
    officer TEXT NOT NULL,
    guest TEXT NOT NULL,
    clock BOOLEAN NOT NULL,
    recorded_ms BIGINT NOT NULL,
    submission_id TEXT NOT NULL,
    case_number TEXT NOT NULL,
    legal_basis JSONB NOT NULL,
    shard INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    logged_ms BIGINT NOT NULL,
    late BOOLEAN NOT NULL,
    corrected_by TEXT,
    generation INTEGER NOT NULL,
    content JSONB,
    envelope BYTEA NOT NULL,
    body BYTEA,
    salt BYTEA,
    PRIMARY KEY (position)
);
CREATE UNIQUE INDEX events_by_id ON ledger.events (event_id);
CREATE INDEX events_by_number ON ledger.events (matter_id, thread, origin, number);
CREATE INDEX events_of_matter ON ledger.events (matter_id, position);
CREATE INDEX events_of_submission ON ledger.events (submission_id) WHERE submission_id <> '';
CREATE TABLE ledger.ledger (
    id SMALLINT NOT NULL,
    region TEXT NOT NULL,
    life TEXT NOT NULL,
    position BIGINT NOT NULL,
    generation INTEGER NOT NULL,
    rebuilding BOOLEAN NOT NULL,
    current_ms BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE ledger.links (
    matter_id TEXT NOT NULL,
    linked TEXT NOT NULL,
    family TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (matter_id, linked)
);
CREATE TABLE ledger.matters (
    matter_id TEXT NOT NULL,
    network TEXT NOT NULL,
    family TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    opening TEXT NOT NULL,
    host TEXT NOT NULL,
    domain TEXT NOT NULL,
    function TEXT NOT NULL,
    classification TEXT NOT NULL,
    case_number TEXT NOT NULL,
    contract BYTEA NOT NULL,
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    archived_ms BIGINT,
    updated_ms BIGINT NOT NULL,
    position BIGINT NOT NULL,
    cause_matter TEXT NOT NULL,
    cause_event TEXT NOT NULL,
    kept BYTEA NOT NULL,
    PRIMARY KEY (matter_id)
);
CREATE INDEX matters_by_case ON ledger.matters (case_number) WHERE case_number <> '';
CREATE INDEX matters_by_cause ON ledger.matters (cause_matter) WHERE cause_matter <> '';
CREATE INDEX matters_by_family ON ledger.matters (network, family, position DESC);
CREATE INDEX matters_by_opened ON ledger.matters (opened_ms DESC, matter_id DESC);
CREATE INDEX matters_by_position ON ledger.matters (position DESC);
CREATE TABLE ledger.offsets (
    topic TEXT NOT NULL,
    shard INTEGER NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (topic, shard)
);
CREATE TABLE ledger.parties (
    matter_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    addition TEXT NOT NULL,
    office TEXT NOT NULL,
    role TEXT NOT NULL,
    leaving BOOLEAN NOT NULL,
    left_position BIGINT,
    PRIMARY KEY (matter_id, thread, addition, office)
);
CREATE INDEX parties_by_office ON ledger.parties (office, matter_id, thread);
CREATE TABLE ledger.threads (
    matter_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    sort TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL,
    step INTEGER NOT NULL,
    awaits TEXT NOT NULL,
    waits TEXT NOT NULL,
    due_ms BIGINT,
    overdue BOOLEAN NOT NULL,
    escalated INTEGER NOT NULL,
    ended BOOLEAN NOT NULL,
    frozen BOOLEAN NOT NULL,
    pending TEXT[] NOT NULL,
    stepped_ms BIGINT NOT NULL,
    position BIGINT NOT NULL,
    kept BYTEA NOT NULL,
    PRIMARY KEY (matter_id, thread)
);
CREATE INDEX threads_by_awaited ON ledger.threads (awaits, due_ms, matter_id, thread)
WHERE awaits <> '' AND NOT ended;
CREATE INDEX threads_by_due ON ledger.threads (due_ms) WHERE due_ms IS NOT NULL AND NOT ended;
CREATE INDEX threads_by_state ON ledger.threads (state, matter_id) WHERE sort = 'main';
CREATE INDEX threads_by_waiter ON ledger.threads (waits, due_ms) WHERE waits <> '' AND NOT ended;
CREATE TABLE ledger.waiting (
    key TEXT NOT NULL,
    matter_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    event_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    number BIGINT NOT NULL,
    code TEXT NOT NULL,
    missing JSONB NOT NULL,
    since_ms BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX waiting_by_matter ON ledger.waiting (matter_id)
"""


def upgrade() -> None:
    """Make the tables, and choose the life of the events that will be in them."""
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    op.execute(
        sa.text("INSERT INTO ledger.ledger VALUES (1, '', :life, 0, 1, false, 0)").bindparams(
            life=secrets.token_hex(4)
        )
    )
