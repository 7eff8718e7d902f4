"""The database: PostgreSQL, by URL, or started here from a wheel for demo and tests.

Everything that needs one asks `served`, so that another wheel could take the present one's place.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from collabbus.errors import CollabbusError
from collabbus.ledger import hosting
from collabbus.ledger.tables import SCHEMA

_DRIVER = "postgresql+asyncpg"
_MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseError(CollabbusError):
    """The ledger's database can't be reached, or isn't PostgreSQL."""

    code: ClassVar[str] = "DATABASE_UNREACHABLE"


class SchemaError(CollabbusError):
    """The database's tables are of another version than this program."""

    code: ClassVar[str] = "LEDGER_SCHEMA"


def engine_of(url: str, *, connections: int = 10) -> AsyncEngine:
    """Give an engine for a database, with so many connections at most; raises DatabaseError.

    Nothing is connected yet. Statements are kept prepared, and connections are tried before use.
    """
    return create_async_engine(
        _url(url),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        # What a statement says of a case mustn't stand in an error, and so in a log.
        hide_parameters=True,
        pool_timeout=10,
        connect_args={"timeout": 10, "server_settings": {"application_name": "collabbus"}},
    )


def _url(url: str) -> URL:
    try:
        found = make_url(url)
    except ArgumentError as error:
        # The URL may hold a password, so it isn't shown.
        raise DatabaseError(
            "the database's URL can't be read: write postgresql://user@host:5432/database"
        ) from error
    if found.get_backend_name() != "postgresql":
        raise DatabaseError(
            f"{found.get_backend_name()!r} is no PostgreSQL: write "
            "postgresql://user@host:5432/database"
        )
    return found.set(drivername=_DRIVER)


def shown(url: str) -> str:
    """Give a URL as it may be shown: without its password."""
    return _url(url).set(drivername="postgresql").render_as_string(hide_password=True)


# Versions -----------------------------------------------------------------------------------


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Give the version of the tables that this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _version(connection: Connection) -> str:
    context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    return context.get_current_revision() or ""


def _migrate(connection: Connection) -> tuple[str, str]:
    # Two that start at once: the second finds all done.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('collabbus ledger schema'))"))
    coded = connection.execute(text("SHOW server_encoding")).scalar_one()
    if coded != "UTF8":
        raise DatabaseError(
            f"the database's encoding is {coded}, which can't hold Chinese: make one with "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    before = _version(connection)
    command.upgrade(_config(connection), "head")
    return before, _version(connection)


async def migrate(engine: AsyncEngine) -> tuple[str, str]:
    """Bring the tables to the newest version, in one transaction; give the versions before, after.

    The version before is empty where there were no tables. Raises DatabaseError.
    """
    async with reached(engine), engine.begin() as connection:
        return await connection.run_sync(_migrate)


async def check(engine: AsyncEngine) -> None:
    """See that the tables are of this program's version. Raises SchemaError, DatabaseError."""
    async with reached(engine), engine.connect() as connection:
        found = await connection.run_sync(_version)
    if found != newest():
        raise SchemaError(
            f"the ledger's tables are of version {found or 'none'}, this program needs {newest()}: "
            "run `collabbus ledger migrate`, or the program of that version"
        )


class reached(contextlib.AbstractAsyncContextManager[None]):  # noqa: N801 - read as a sentence
    """Turns what says that a database can't be reached into a DatabaseError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        """Raise DatabaseError for what isn't the statement's fault."""
        away = isinstance(error, OSError | OperationalError | TimeoutError)
        if error is None or not (away or _shut_out(error)):
            return
        where = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
        cause: BaseException = getattr(error, "orig", error)
        why = type(cause.__cause__ or cause).__name__
        raise DatabaseError(
            f"{where} can't be reached ({why}); see that PostgreSQL runs and that "
            "COLLABBUS_LEDGER_URL is right"
        ) from error


def _shut_out(error: BaseException) -> bool:
    """Tell whether PostgreSQL wants another user or password, or has no such database."""
    state = getattr(error.orig, "sqlstate", "") if isinstance(error, DBAPIError) else ""
    return str(state)[:2] in ("28", "3D")


# A server of our own ------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that runs, for this user alone: it listens on no address but a socket file."""

    uri: str

    def url(self, database: str) -> str:
        """Give the URL of one of its databases, which is made if there is none."""
        asyncio.run(_create(self.uri, database))
        return self._named(database)

    async def create(self, database: str) -> str:
        """Give what `url` gives, from within an event loop."""
        await _create(self.uri, database)
        return self._named(database)

    def forgetful(self) -> None:
        """Have it wait for no disk from now on, for databases that nobody keeps.

        What a commit wrote outlives its processes still, but not a crash of the machine.
        """
        asyncio.run(_forget(self.uri))

    def _named(self, database: str) -> str:
        return make_url(self.uri).set(database=database).render_as_string(hide_password=False)


async def _create(uri: str, database: str) -> None:
    engine = create_async_engine(_url(uri), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            known = await connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}
            )
            if known.first() is None:
                quoted = engine.dialect.identifier_preparer.quote(database)
                with contextlib.suppress(ProgrammingError):  # another has just made it
                    await connection.execute(text(f"CREATE DATABASE {quoted}"))
    finally:
        await engine.dispose()


async def _forget(uri: str) -> None:
    engine = create_async_engine(_url(uri), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text("ALTER SYSTEM SET fsync = off"))
            await connection.execute(text("SELECT pg_reload_conf()"))
    finally:
        await engine.dispose()


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Run PostgreSQL on a folder, which is made at the first use; stopped by the last who uses it.

    Several processes may use one folder at once, and however they end, the server ends with the
    last of them. As root, it runs as a user of its own, and the folder is given to that. Raises
    DatabaseError if it doesn't start.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", hosting.__name__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # Ctrl-C is meant for who uses it
    ) as host:
        hold, told, failed = (
            cast("IO[bytes]", one) for one in (host.stdin, host.stdout, host.stderr)
        )
        uri = told.readline().decode().strip()
        if not uri:
            why = failed.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise DatabaseError(f"PostgreSQL doesn't start in {folder}; its log lies there: {why}")
        try:
            yield Server(uri)
        finally:
            hold.close()
