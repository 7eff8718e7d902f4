"""What Alembic runs: the migrations, on the connection that `database` hands in."""

from __future__ import annotations

from alembic import context

from collabbus.ledger.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
