"""Where a region's ledger lives, and how it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from collabbus.settings.sources import SettingsError, Sourced


class LedgerSettings(Sourced):
    """Where a region's ledger lives, and how it is written."""

    model_config = SettingsConfigDict(env_prefix="COLLABBUS_LEDGER_", extra="forbid")
    section = "ledger"

    url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL database of this region's ledger, which no other region may use. "
        "Without it, and without `url_file`, a PostgreSQL is started in `folder`.",
        examples=["postgresql://collabbus@db.example:5432/beijing?ssl=verify-full"],
    )
    url_file: Path | None = Field(
        default=None,
        description="File with the `url`, for a URL with a password: only the service's user may "
        "read it.",
        examples=["/run/secrets/ledger-url"],
    )
    folder: Path = Field(
        default=Path(".ledger"),
        description="Folder of the PostgreSQL that is started where no database is named: for "
        "demo and tests, without backups.",
        examples=["/var/lib/collabbus/ledger"],
    )
    batch: int = Field(
        default=1000,
        description="Events that one transaction takes at most. More catch up faster and hold "
        "the ledger's rows longer; fewer need less memory.",
        examples=[1000],
        ge=1,
        le=10_000,
    )
    connections: int = Field(
        default=10,
        description="Connections to the database that one process opens at most. All processes' "
        "together must stay below the server's `max_connections`.",
        examples=[10],
        ge=2,
        le=500,
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.url is not None and self.url_file is not None:
            raise ValueError("url and url_file both name the database; set one of them")
        return self

    def address(self) -> str | None:
        """Give the database's URL, read from its file if need be; None: one is to be started.

        Raises SettingsError if the file can't be read or is empty.
        """
        if self.url_file is None:
            return self.url.get_secret_value() if self.url is not None else None
        try:
            found = self.url_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"ledger.url_file={str(self.url_file)!r} can't be read "
                f"({type(error).__name__}); correct the path or who may read it"
            ) from error
        if not found:
            raise SettingsError(f"ledger.url_file={str(self.url_file)!r} is empty")
        return found
