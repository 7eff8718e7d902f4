"""The clock: the broker's time against this machine's, and whether the region's clock ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator

from collabbus.operate.examination import Line, Subject, fail, fine, warn

WARN_MS = 2_000
FAIL_MS = 60_000
PATIENCE = 2.5
"""So many `head_interval_s` may pass without a tick: one is sent at each, if nothing is due."""


def clock(subject: Subject) -> Iterator[Line]:
    """Wait for the region's next tick, and compare its time with this machine's.

    Nothing is written: a processor notes each tick in `heads`, with the broker's time, so when it
    arrives here the two clocks should show the same but for milliseconds. That takes up to
    `head_interval_s`.
    """
    patience = PATIENCE * subject.settings.head_interval_s
    skew = next_tick(subject, patience)
    if skew is None:
        yield fail(
            f"{patience:g} 秒内没有时钟节拍：期限不会到期，提交不会被记录",
            f"no tick in {patience:g} s: nothing falls due, and nothing is recorded",
            "启动处理器 collabbus run processor，或见其日志",
            "start a processor (`collabbus run processor`), or look at its log",
        )
        return
    ahead = ("快", "ahead of") if skew >= 0 else ("慢", "behind")
    zh = f"Kafka 的时钟比本机{ahead[0]} {abs(skew) / 1000:.1f} 秒"
    en = f"the broker's clock is {abs(skew) / 1000:.1f} s {ahead[1]} this machine's"
    if abs(skew) < WARN_MS:
        yield fine(zh, en)
        return
    say = fail if abs(skew) >= FAIL_MS else warn
    yield say(
        zh,
        en,
        "两者都用 NTP（chrony）校时：期限以 Kafka 的时间为准",
        "set both by NTP (chrony): deadlines go by the broker's time",
    )


def next_tick(subject: Subject, patience_s: float) -> int | None:
    """Give by how many milliseconds the broker is ahead when the next tick comes; None if none."""
    from kafka import KafkaConsumer, TopicPartition

    topic = subject.topic("heads")
    consumer = KafkaConsumer(
        **subject.settings.kafka.kafka_python(),
        group_id=None,
        enable_auto_commit=False,
        # A tick is seen as it is written, not only when its transaction is through.
        isolation_level="read_uncommitted",
        allow_auto_create_topics=False,
        fetch_max_wait_ms=20,
        metrics_enabled=False,
    )
    try:
        tps = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(tps)
        for tp, end in consumer.end_offsets(tps).items():
            consumer.seek(tp, end)
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            for records in consumer.poll(timeout_ms=100).values():
                for record in records:
                    if (record.key or b"").startswith(b"until/"):
                        return int(record.timestamp) - subject.now_ms()
    finally:
        consumer.close(autocommit=False, timeout_ms=1000)
    return None
