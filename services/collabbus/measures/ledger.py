"""What a region's ledger tells."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

AGE = Measure(
    Kind.GAUGE, "ledger_age_seconds", "seconds",
    "How far the ledger is behind the region's log; 0 when it holds all of it.",
    "台账落后于区域日志的时间；已齐则为 0。",
)  # fmt: skip
LAG = Measure(
    Kind.GAUGE, "ledger_lag", "records",
    "Records of the region's log that the ledger does not hold yet.",
    "台账尚未写入的日志记录。",
    ("shard",),
)  # fmt: skip
ROWS = Measure(
    Kind.COUNTER, "ledger_events", "events",
    "Events that the ledger has taken.",
    "台账已写入的事件。",
)  # fmt: skip
