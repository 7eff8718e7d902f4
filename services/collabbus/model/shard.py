"""Shards (分片): the partition in which a matter lives, the same one in every region."""

from __future__ import annotations

from functools import lru_cache

_MASK = 0xFFFFFFFF
_FACTOR = 0x5BD1E995


def murmur2(data: bytes) -> int:
    """Give Kafka's MurmurHash2 (32 bits, its own seed) of a key.

    Ours because kafka-python's costs the import of all of it, a third of a second of each restart;
    a test compares the two.
    """
    length = len(data)
    found = 0x9747B28C ^ length
    whole = length & ~3
    for place in range(0, whole, 4):
        part = int.from_bytes(data[place : place + 4], "little") * _FACTOR & _MASK
        part = (part ^ part >> 24) * _FACTOR & _MASK
        found = (found * _FACTOR & _MASK) ^ part
    if whole < length:
        found = (found ^ int.from_bytes(data[whole:], "little")) * _FACTOR & _MASK
    found = (found ^ found >> 13) * _FACTOR & _MASK
    return found ^ found >> 15


@lru_cache(maxsize=65536)
def shard_of(matter_id: str, shards: int) -> int:
    """Give the shard of a matter: Kafka's default partitioner (murmur2) over its id."""
    return int((murmur2(matter_id.encode()) & 0x7FFFFFFF) % shards)
