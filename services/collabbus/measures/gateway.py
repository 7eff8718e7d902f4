"""What a region's gateway tells."""

from __future__ import annotations

from collabbus.measures.measure import Kind, Measure

REQUESTS = Measure(
    Kind.COUNTER, "gateway_requests", "requests",
    "Requests answered, by route as the OpenAPI page names it and by HTTP status.",
    "已答复的请求，按路由和状态码。",
    ("method", "route", "status"),
)  # fmt: skip
SECONDS = Measure(
    Kind.HISTOGRAM, "gateway_seconds", "seconds",
    "Until the answer began, by route.",
    "到开始答复为止的时间，按路由。",
    ("method", "route"), (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
STREAMS = Measure(
    Kind.GAUGE, "gateway_streams", "streams",
    "Streams of events that are open.",
    "打开的事件流。",
)  # fmt: skip
CERTIFICATE = Measure(
    Kind.GAUGE, "gateway_certificate_days", "days",
    "Until the certificate ends with which the gateway was started; absent where it speaks no TLS.",
    "距网关启动时所用证书到期的天数；不用 TLS 时无此指标。",
)  # fmt: skip
WEBHOOKS = Measure(
    Kind.COUNTER, "gateway_webhook_deliveries", "deliveries",
    "Deliveries to webhooks, by result: delivered, failed, or disabled (the failure after which "
    "that webhook was given up).",
    "回调投递，按结果：送达、失败、停用（因此次失败而停用该回调）。",
    ("result",),
)  # fmt: skip
