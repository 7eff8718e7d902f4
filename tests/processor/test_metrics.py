"""What a processor tells before anything happens."""

from __future__ import annotations

from collabbus.processor.metrics import Metrics
from collabbus.processor.recording import RecordShard, StateLostError


def test_a_lost_state_is_told_as_none_before_there_is_one() -> None:
    """Prometheus sees no increase in what begins at 1."""
    told = Metrics("beijing").registry.get_sample_value(
        "collabbus_shard_failures_total",
        {"region": "beijing", "stage": RecordShard.stage, "error": StateLostError.__name__},
    )
    assert told == 0
