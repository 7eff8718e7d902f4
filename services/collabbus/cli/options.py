"""Options: what several commands are told, and the settings that come of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

Contracts = Annotated[
    Path | None, typer.Option(help="Folder of contract files (COLLABBUS_CONTRACTS).")
]
Keys = Annotated[Path | None, typer.Option(help="Folder of keys (COLLABBUS_KEYS).")]
Region = Annotated[str | None, typer.Option(help="The region (COLLABBUS_REGION).")]
Bootstrap = Annotated[
    str | None, typer.Option(help="Kafka's address (COLLABBUS_KAFKA_BOOTSTRAP_SERVERS).")
]
Shards = Annotated[int | None, typer.Option(help="Partitions a topic (COLLABBUS_SHARDS).")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Any setting, `name=value`, `kafka.name=value`, `ledger.name=value`: docs/settings.md",
    ),
]


def settings_of(sets: list[str] | None, bootstrap: str | None = None, **flags: Any) -> Any:
    """Give the settings: flags win over the environment, which wins over the file."""
    from collabbus.settings import KafkaSettings, LedgerSettings, load

    values = dict(flags)
    sections: dict[str, dict[str, Any]] = {"kafka": {}, "ledger": {}}
    for text in sets or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r}: write name=value", param_hint="--set")
        section, dot, inner = name.partition(".")
        if dot and section in sections:
            sections[section][inner] = value
        else:
            values[name] = value
    if bootstrap:
        sections["kafka"]["bootstrap_servers"] = bootstrap
    for name, kind in (("kafka", KafkaSettings), ("ledger", LedgerSettings)):
        if sections[name]:
            values[name] = kind(**sections[name])
    return load(**values)
