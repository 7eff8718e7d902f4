"""How a host of handlers runs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from collabbus.settings.sources import Sourced


class HandlerSettings(Sourced):
    """How a host of handlers runs."""

    model_config = SettingsConfigDict(env_prefix="COLLABBUS_HANDLERS_", extra="forbid")
    section = "handlers"

    concurrency: int = Field(
        default=16,
        description="How many matters are handled at once, all shards together. More hides what "
        "handlers wait for; what they call must bear it.",
        examples=[16],
        ge=1,
        le=1024,
    )
    start: Literal["end", "beginning"] = Field(
        default="end",
        description="Where a group of handlers begins that never ran: `end` handles what is "
        "recorded from now on, `beginning` all that the log holds, also what was settled long "
        "ago. Afterwards it goes on where it was.",
        examples=["end"],
    )
    backlog: int = Field(
        default=1000,
        description="Events of a shard that are in memory at most; then it is read no further "
        "until some are done.",
        examples=[1000],
        ge=1,
    )
    answer_timeout_s: float = Field(
        default=30.0,
        description="Seconds that the region may take to record an answer. Then the run has "
        "failed and is tried again, with the same answer under the same id.",
        examples=[30.0],
        gt=0,
    )
    session_timeout_s: float = Field(
        default=6.0,
        description="Seconds of silence after which Kafka gives a host's shards to others. Less "
        "takes over faster from a dead host, and takes shards from a slow one.",
        examples=[6.0],
        gt=0,
    )
