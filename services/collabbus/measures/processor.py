"""What a region's processor tells: flows, matters, links, its shards and its keys."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

HOUR_S, DAY_S = 3600, 86_400
_DAYS = (HOUR_S, 4 * HOUR_S, *(n * DAY_S for n in (1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 90, 180)))

EVENTS = Measure(
    Kind.COUNTER, "events", "events",
    "What came to be recorded; direction is own or the peer it came from; outcome is recorded, "
    "rejected (a submission), refused (a peer's event) or late (its matter was archived).",
    "记录的事件；方向为本区域或来源区域；结果为已记录、已驳回（提交）、已拒收（对方事件）或迟到（事项已归档）。",
    ("network", "family", "kind", "direction", "outcome"),
)  # fmt: skip
CROSSING = Measure(
    Kind.HISTOGRAM, "crossing_seconds", "seconds",
    "From a submission at its origin to its event in this log, by the brokers' clocks.",
    "从来源区域提交到记入本区域日志的时间。",
    ("peer",),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 3600, 86400),
)  # fmt: skip
RECEIVE = Measure(
    Kind.HISTOGRAM, "receive_seconds", "seconds",
    "How long an office of this region took for the first step after it was asked or told.",
    "本区域机构收到后作出第一步的时间。",
    ("network", "family"), _DAYS,
)  # fmt: skip
ANSWER = Measure(
    Kind.HISTOGRAM, "answer_seconds", "seconds",
    "How long an office of this region took for each further step that was awaited of it.",
    "本区域机构作出其后每一步的时间。",
    ("network", "family"), _DAYS,
)  # fmt: skip
CLOSE = Measure(
    Kind.HISTOGRAM, "close_seconds", "seconds",
    "From the opening of a matter that this region hosts to its end.",
    "本区域发起的事项从发起到办结的时间。",
    ("network", "family"), _DAYS,
)  # fmt: skip
REJECTED = Measure(
    Kind.COUNTER, "rejected", "records",
    "Submissions rejected and events refused, by reason code.",
    "驳回的提交与拒收的事件，按原因代码。",
    ("code",),
)  # fmt: skip
QUARANTINED = Measure(
    Kind.COUNTER, "quarantined", "records",
    "Records put into quarantine, by reason code.",
    "进入隔离区的记录，按原因代码。",
    ("code",),
)  # fmt: skip

OPEN = Measure(
    Kind.GAUGE, "threads_open", "threads",
    "Threads in which an office is awaited, by that office's region and level. Every region that "
    "takes part tells of its copy: for a whole alliance add up where region equals awaited.",
    "有机构待办的线程，按待办机构的区域和层级。",
    ("network", "family", "awaited", "level"),
)  # fmt: skip
OVERDUE = Measure(
    Kind.GAUGE, "threads_overdue", "threads",
    "Those of them whose step is recorded as overdue.",
    "其中已记录逾期的线程。",
    ("network", "family", "awaited", "level"),
)  # fmt: skip
ESCALATED = Measure(
    Kind.GAUGE, "threads_escalated", "threads",
    "Those of them whose lateness was escalated.",
    "其中已升级督办的线程。",
    ("network", "family", "awaited", "level"),
)  # fmt: skip
WAITING = Measure(
    Kind.GAUGE, "waiting", "events or threads",
    "What stands still, by code: events held (CAUSE, CONTRACT) or REFUSED, threads FROZEN.",
    "停住的事件或线程，按代码：暂缓（CAUSE、CONTRACT）、拒收（REFUSED）、冻结（FROZEN）。",
    ("code",),
)  # fmt: skip
WAITING_WORKDAYS = Measure(
    Kind.GAUGE, "waiting_oldest_workdays", "working days",
    "Working time that has passed since the longest of them stands still.",
    "其中停住最久者已过的工作日。",
    ("code",),
)  # fmt: skip
MODEL_HITS = Measure(
    Kind.GAUGE, "model_hits", "hits",
    "Hits of a shared model, each once.",
    "共享模型的命中数，每次只计一次。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip
MODEL_ANSWERED = Measure(
    Kind.GAUGE, "model_answered", "hits",
    "Hits of which an outcome was fed back.",
    "已反馈结果的命中。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip
MODEL_CONFIRMED = Measure(
    Kind.GAUGE, "model_confirmed", "hits",
    "Hits that proved right.",
    "查实的命中。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip
MODEL_CLUES = Measure(
    Kind.GAUGE, "model_clues", "hits",
    "Hits of which a clue came.",
    "成为线索的命中。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip
MODEL_PRECISION = Measure(
    Kind.GAUGE, "model_precision", "ratio",
    "Hits that proved right, of those answered.",
    "查实率：查实占已反馈。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip
MODEL_HIT_RATE = Measure(
    Kind.GAUGE, "model_hit_rate", "ratio",
    "Hits that proved right, of all.",
    "命中率：查实占全部命中。",
    ("network", "publisher", "model", "version"),
)  # fmt: skip

LINK_SIZE = Measure(
    Kind.GAUGE, "link_size", "events",
    "Events of a link shard: sent, received, or countersigned by the peer.",
    "链路分片的事件数：已发、已收、对方已会签。",
    ("peer", "shard", "what"),
)  # fmt: skip
UNCOUNTERSIGNED = Measure(
    Kind.GAUGE, "link_uncountersigned_seconds", "seconds",
    "Age of the oldest event that a peer has not countersigned; 0 if there is none.",
    "对方尚未会签的最早事件已过的时间；没有则为 0。",
    ("peer", "shard"),
)  # fmt: skip
COUNTERSIGNED = Measure(
    Kind.HISTOGRAM, "countersigned_seconds", "seconds",
    "From the recording of an event to the peer's countersignature that covers it.",
    "从事件记录到对方会签的时间。",
    ("peer",), (0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, HOUR_S, DAY_S, 7 * DAY_S),
)  # fmt: skip
DELIVERIES = Measure(
    Kind.COUNTER, "deliveries", "events",
    "Events for a peer, each decided once: in_time if countersigned within `delivery_s`, late as "
    "soon as it isn't. What was under way when the process started is left out.",
    "发往对方的事件，每件只判一次：时限内会签为 in_time，过时即 late；启动前在途的不计。",
    ("peer", "result"),
)  # fmt: skip
HELD = Measure(
    Kind.GAUGE, "held", "events",
    "Events of a link shard that are held or refused.",
    "链路分片中暂缓或拒收的事件。",
    ("peer", "shard"),
)  # fmt: skip
RESENT = Measure(
    Kind.COUNTER, "resent", "parcels",
    "Parcels sent again, since a receipt stood still.",
    "因回执停滞而重发的封包。",
    ("peer",),
)  # fmt: skip

SHARDS = Measure(
    Kind.GAUGE, "shards", "shards",
    "Shards that the group has given to this process.",
    "分配给本进程的分片。",
)  # fmt: skip
SHARDS_WANTED = Measure(
    Kind.GAUGE, "shards_wanted", "shards",
    "Shards that the region's processes must have together.",
    "本区域各进程合计应有的分片。",
)  # fmt: skip
LAG = Measure(
    Kind.GAUGE, "lag", "records",
    "Records of an input that are not read yet.",
    "输入主题中尚未读取的记录。",
    ("stage", "topic", "shard"),
)  # fmt: skip
TICK_AGE = Measure(
    Kind.GAUGE, "tick_age_seconds", "seconds",
    "Since the last tick that a shard has recorded: while it grows, nothing falls due there.",
    "距分片上次记录时钟的时间；持续增长则期限不再推进。",
    ("shard",),
)  # fmt: skip
TRANSACTIONS = Measure(
    Kind.COUNTER, "transactions", "transactions",
    "Transactions, by result: committed, aborted or fenced.",
    "事务，按结果：提交、中止、被隔离。",
    ("result",),
)  # fmt: skip
TAKE = Measure(
    Kind.HISTOGRAM, "take_seconds", "seconds",
    "Time to take a shard: fence, read offsets, restore.",
    "接管分片的时间。",
    ("stage",), (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)  # fmt: skip
SHARD_FAILURES = Measure(
    Kind.COUNTER, "shard_failures", "failures",
    "Shards that failed and were taken anew, by the error's type.",
    "失败后重新接管的分片，按错误类型。",
    ("stage", "error"),
)  # fmt: skip
BEYOND_CALENDAR = Measure(
    Kind.COUNTER, "due_beyond_calendar", "due times",
    "Due times set beyond the calendar's last year, where only weekends count as free.",
    "设在工作日历末年之后的期限，只按周末计休。",
)  # fmt: skip
LAST_YEAR = Measure(
    Kind.GAUGE, "calendar_last_year", "year",
    "The last year whose holidays a network's contract knows.",
    "工作日历的末年。",
    ("network",),
)  # fmt: skip
KEY_EXPIRY = Measure(
    Kind.GAUGE, "key_expiry_days", "days",
    "Until the first of a region's holders has no valid key for a use (sign, seal, submit).",
    "距某区域首个密钥到期的天数，按用途。",
    ("holder", "use"),
)  # fmt: skip
