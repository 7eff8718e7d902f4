"""What a host of handlers tells: it acts for one office, and names it instead of a region."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

RUNS = Measure(
    Kind.COUNTER, "handler_runs", "runs",
    "Runs of a handler that have ended, by outcome: done or failed.",
    "处理器运行次数，按结果：完成或失败。",
    ("group", "handler", "outcome"), base="office",
)  # fmt: skip
FAILURES = Measure(
    Kind.COUNTER, "handler_failures", "runs",
    "Runs that failed, by the error's type.",
    "失败的运行，按错误类型。",
    ("group", "handler", "error"), base="office",
)  # fmt: skip
SECONDS = Measure(
    Kind.HISTOGRAM, "handler_seconds", "seconds",
    "From a run's beginning until its answers were recorded.",
    "从运行开始到其答复被记录的时间。",
    ("group", "handler"),
    (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300), "office",
)  # fmt: skip
PARKED = Measure(
    Kind.GAUGE, "handler_parked", "matters",
    "Matters that are parked in the shards of this host, by the handler that failed: their later "
    "events wait.",
    "本进程分片中的挂起事项，其后事件等待；按失败的处理器。",
    ("group", "handler"), base="office",
)  # fmt: skip
BEHIND = Measure(
    Kind.GAUGE, "handler_behind", "records",
    "Records of the log, in the shards of this host, from the first that isn't done and committed; "
    "marks of transactions count too, so that one or two a shard are none.",
    "本进程分片中自首个未处理完的事件起的日志记录数；含事务标记，每分片一两条可视为无。",
    ("group",), base="office",
)  # fmt: skip
