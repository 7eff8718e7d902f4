"""PostgreSQL for tests: one server, as many databases with an empty ledger as they like."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from collabbus.ledger.database import Server, engine_of, migrate, served


@contextmanager
def running() -> Iterator[Server]:
    """Run a server; it has a database `empty` with an empty ledger."""
    # Not in pytest's own folder: as root the server runs as another user, who is shut out of that
    # as soon as another pytest starts.
    folder = Path(tempfile.mkdtemp(prefix="collabbus-pg-"))
    try:
        with served(folder / "pg") as server:
            server.forgetful()
            asyncio.run(_prepare(server))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: Server) -> Iterator[str]:
    """Give the URL of a database of one's own with an empty ledger; it goes at the end."""
    name = f"t{secrets.token_hex(6)}"
    asyncio.run(_do(server, f"CREATE DATABASE {name} TEMPLATE empty"))
    try:
        yield server.url(name)
    finally:
        asyncio.run(_do(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _prepare(server: Server) -> None:
    engine = engine_of(await server.create("empty"))
    await migrate(engine)
    await engine.dispose()


async def _do(server: Server, statement: str) -> None:
    engine = engine_of(server.uri).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
