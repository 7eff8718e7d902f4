"""How a region's processor runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from collabbus.settings.kafka import KafkaSettings
from collabbus.settings.ledger import LedgerSettings
from collabbus.settings.sources import FILE, SettingsError, Sourced

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(Sourced):
    """How a region's processor runs."""

    model_config = SettingsConfigDict(
        env_prefix="COLLABBUS_",
        extra="forbid",
        env_nested_delimiter="_",
        env_nested_max_split=1,
    )

    region: str = Field(
        description="The region that this process works for, as the contract names it. All of "
        "its topics, keys and transactions carry that name.",
        examples=["beijing"],
        pattern=r"^[a-z][a-z0-9]*$",
    )
    contracts: Path = Field(
        default=Path("contracts"),
        description="Folder with networks, lifecycles and topics. All processes of a region need "
        "the same one: matters are pinned to it by its hash.",
        examples=["/etc/collabbus/contracts"],
    )
    keys: Path = Field(
        default=Path("keys"),
        description="Folder with this region's private keys and the signed key directory. Only "
        "the processor's user may read it.",
        examples=["/etc/collabbus/keys"],
    )
    shards: int = Field(
        default=16,
        description="Number of partitions of every topic, the same in all regions and for ever: "
        "another number would move matters to other shards. More let more workers share the "
        "work, fewer start faster (the demo has 4).",
        examples=[16],
        ge=1,
        le=1024,
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address on which Prometheus reads this process's metrics. 0.0.0.0 opens "
        "them to the network, where anyone may read them.",
        examples=["127.0.0.1"],
    )
    metrics_port: int = Field(
        default=0,
        description="Port of the metrics. 0 takes any free one and prints it; a fixed one lets "
        "Prometheus find it, and a second process on the host needs another.",
        examples=[9400],
        ge=0,
        le=65535,
    )
    session_timeout_s: float = Field(
        default=6.0,
        description="Seconds of silence after which Kafka gives a worker's shards to others. "
        "Less takes over faster from a dead worker, and takes shards from a slow one.",
        examples=[6.0],
        gt=0,
    )
    heartbeat_interval_s: float = Field(
        default=1.5,
        description="Seconds between a worker's signs of life; at most a third of "
        "`session_timeout_s`, so that two may get lost.",
        examples=[1.5],
        gt=0,
    )
    transaction_timeout_s: float = Field(
        default=8.0,
        description="Seconds after which Kafka aborts a transaction that a dead worker left "
        "open. Until then readers of its shard wait; a run must be done sooner.",
        examples=[8.0],
        gt=0,
    )
    instance: str = Field(
        default="0",
        description="Which of the region's workers this is. With a name of its own a worker that "
        "restarts within `session_timeout_s` gets its shards back and nobody else stops for "
        "it; two workers with one name throw each other out.",
        examples=["0"],
        pattern=r"^[A-Za-z0-9._-]+$",
    )
    tick_interval_s: float = Field(
        default=1.0,
        description="Seconds between the ticks that move deadlines. Longer saves records and "
        "notices a deadline that much later.",
        examples=[1.0],
        gt=0,
    )
    receipt_wait_ms: int = Field(
        default=250,
        description="Milliseconds that a receipt waits for a parcel to ride on. 0 sends each one "
        "at once and alone; more means fewer records and later receipts.",
        examples=[250],
        ge=0,
    )
    delivery_s: float = Field(
        default=300.0,
        description="Seconds within which an event for a peer shall be recorded and countersigned "
        "by it. Only counted (`collabbus_deliveries_total`), nothing is done about it; the alerts "
        "want 99.5 % in time.",
        examples=[300.0],
        gt=0,
    )
    head_interval_s: float = Field(
        default=10.0,
        description="Seconds after which a link that has nothing to send sends its tree head, so "
        "that the peer knows until when it has heard everything.",
        examples=[10.0],
        gt=0,
    )
    watchdog_s: float = Field(
        default=30.0,
        description="Seconds with records to read and no progress after which the process ends "
        "itself, to be restarted; twice as many where it owns no shard and nobody else makes "
        "progress. Less than a slow run takes would end healthy processes.",
        examples=[30.0],
        gt=0,
    )
    log_level: LogLevel = Field(
        default="INFO",
        description="DEBUG tells every run, INFO starts, stops and takeovers, WARNING what was "
        "quarantined or retried, ERROR only what ends the process.",
        examples=["INFO"],
    )
    kafka: KafkaSettings = Field(
        default_factory=KafkaSettings,
        description="The region's own Kafka cluster, see below. In the file it is a section of "
        "this name.",
        examples=[{"bootstrap_servers": "127.0.0.1:9092"}],
    )
    ledger: LedgerSettings = Field(
        default_factory=LedgerSettings,
        description="Where the region's ledger lives, see below. In the file it is a section of "
        "this name.",
        examples=[{"url_file": "/run/secrets/ledger-url"}],
    )

    @model_validator(mode="after")
    def _heartbeats(self) -> Self:
        if self.heartbeat_interval_s * 3 > self.session_timeout_s:
            raise ValueError(
                f"heartbeat_interval_s {self.heartbeat_interval_s} is more than a third of "
                f"session_timeout_s {self.session_timeout_s}; lower the one or raise the other"
            )
        return self


def load(**flags: Any) -> Settings:
    """The settings from flags (those that aren't None), the environment and the file.

    Raises:
        SettingsError: listing every fault at once.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(faults_text(error)) from None


def faults_text(error: ValidationError, prefix: str = "COLLABBUS_") -> str:
    """Give every fault of some settings, each with its value and where to set it."""
    lines = []
    for fault in error.errors(include_url=False, include_input=True):
        name = ".".join(str(part) for part in fault["loc"])
        variable = prefix + name.upper().replace(".", "_")
        # Of a whole section the fault says enough, and a password may be in it.
        shown = isinstance(fault["input"], str | int | float) and "password" not in name
        value = f"={fault['input']!r}" if shown else ""
        place = f" (in {FILE}'s file, or as {variable})" if name else ""
        lines.append(f"{name}{value}: {fault['msg']}{place}")
    return "settings are wrong, see docs/settings.md:\n" + "\n".join(lines)
