"""What a host of handlers tells."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

RUNS = Measure(
    Kind.COUNTER, "handler_runs", "runs",
    "Runs of a handler, by outcome: done, failed or timeout.",
    "处理器运行次数，按结果：完成、失败、超时。",
    ("handler", "outcome"),
)  # fmt: skip
SECONDS = Measure(
    Kind.HISTOGRAM, "handler_seconds", "seconds",
    "How long a run of a handler took.",
    "处理器一次运行的时间。",
    ("handler",), (0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300),
)  # fmt: skip
PARKED = Measure(
    Kind.GAUGE, "parked", "matters",
    "Matters that a handler keeps failing on: their later events wait.",
    "挂起事项：处理器反复失败，其后事件等待。",
    ("handler",),
)  # fmt: skip
LAG = Measure(
    Kind.GAUGE, "handler_lag", "records",
    "Records of the region's log that the host has not handled yet.",
    "处理器尚未处理的日志记录。",
    ("shard",),
)  # fmt: skip
