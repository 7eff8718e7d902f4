"""What a region's ledger tells."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

BEHIND = Measure(
    Kind.GAUGE, "ledger_behind", "offsets",
    "Offsets of the region's log that the tables lack.",
    "台账尚缺的区域日志位移数。",
    ("shard",),
)  # fmt: skip
CURRENT = Measure(
    Kind.GAUGE, "ledger_current_timestamp_seconds", "seconds since 1970",
    "When the tables last had all of the log; 0: not yet.",
    "台账上次与日志齐平的时间；0 为尚未齐平。",
)  # fmt: skip
REBUILDING = Measure(
    Kind.GAUGE, "ledger_rebuilding", "1 or 0",
    "1 while the tables are made anew.",
    "重建台账时为 1。",
)  # fmt: skip
EVENTS = Measure(
    Kind.COUNTER, "ledger_events", "events",
    "Events written.",
    "已写入台账的事件。",
)  # fmt: skip
UNFOLDED = Measure(
    Kind.COUNTER, "ledger_unfolded", "events",
    "Events that could be kept but not understood: their matters lag.",
    "已保存但无法解读的事件，其事项滞后。",
)  # fmt: skip
SKIPPED = Measure(
    Kind.COUNTER, "ledger_skipped", "records",
    "Records of the log that could be neither read nor kept, and were left out.",
    "既无法读取也无法保存而略过的日志记录。",
)  # fmt: skip
INTERRUPTIONS = Measure(
    Kind.COUNTER, "ledger_interruptions", "interruptions",
    "Times that Kafka or the database was lost, and tried again.",
    "与 Kafka 或数据库中断后重试的次数。",
)  # fmt: skip
BATCH = Measure(
    Kind.HISTOGRAM, "ledger_batch_seconds", "seconds",
    "Time of a transaction that wrote something.",
    "一次写入事务的时间。",
    (), (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
