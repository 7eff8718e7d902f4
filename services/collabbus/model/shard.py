"""Shards (分片): the partition in which a matter lives, the same one in every region."""

from __future__ import annotations

from functools import lru_cache

from kafka.partitioner.default import murmur2


@lru_cache(maxsize=65536)
def shard_of(matter_id: str, shards: int) -> int:
    """Give the shard of a matter: Kafka's default partitioner (murmur2) over its id."""
    return int((murmur2(matter_id.encode()) & 0x7FFFFFFF) % shards)
