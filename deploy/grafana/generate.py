"""Writes the Grafana dashboards beside it: `python deploy/grafana/generate.py`; `--check` compares.

Queries name metrics of docs/metrics.md and recording rules of deploy/prometheus, which a test
checks. The data source has the uid `prometheus`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as dashboard_models
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef, VariableSort

FOLDER = Path(__file__).parent
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
ONE = 'region=~"$region"'


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of one or more queries, each with its legend."""

    title: str
    queries: Mapping[str, str]
    """Legend by query."""
    unit: str = "short"
    number: bool = False
    """One number instead of lines over time."""
    limit: float | None = None
    """From here on it is shown in red."""


Rows = Mapping[str, Sequence[Panel]]

OVERVIEW: Rows = {
    "现状 now": (
        Panel("进程 processes up", {
            'sum(up{job=~"processor|gateway|ledger|handlers"})': "up",
        }, number=True),
        Panel("分片缺口 shards unowned", {
            f"sum(max by (region) (collabbus_shards_wanted{{{ONE}}}))"
            f" - sum(collabbus_shards{{{ONE}}})": "unowned",
        }, number=True, limit=1),
        Panel("在办 threads open", {
            f"sum(collabbus_threads_open{{{ONE}}})": "open",
        }, number=True),
        Panel("逾期 overdue", {
            f"sum(collabbus_threads_overdue{{{ONE}}})": "overdue",
        }, number=True, limit=1),
        Panel("停住 waiting", {
            f"sum(collabbus_waiting{{{ONE}}})": "waiting",
        }, number=True, limit=1),
        Panel("最早未会签 oldest uncountersigned", {
            f"max(collabbus:link_uncountersigned_seconds:max{{{ONE}}})": "age",
        }, "s", number=True, limit=300),
        Panel("30 天按时送达 in time over 30 days", {
            f"1 - max(collabbus:deliveries_late:ratio_30d{{{ONE}}})": "in time",
        }, "percentunit", number=True),
        Panel("首个密钥到期 first key ends in", {
            f"min(collabbus_key_expiry_days{{{ONE}}})": "days",
        }, "d", number=True),
    ),
    "流量 flows": (
        Panel("记录的事件 events", {
            f"sum by (region, outcome) (collabbus:events:rate5m{{{ONE}}})":
                "{{region}} {{outcome}}",
        }, "eps"),
        Panel("按类别 by family", {
            f"sum by (family) (collabbus:events:rate5m{{{ONE}}})": "{{family}}",
        }, "eps"),
        Panel("驳回与拒收 rejected and refused", {
            f"sum by (region, code) (increase(collabbus_rejected_total{{{ONE}}}[1h]))":
                "{{region}} {{code}}",
        }),
        Panel("隔离 quarantined", {
            f"sum by (region, code) (increase(collabbus_quarantined_total{{{ONE}}}[1h])) > 0":
                "{{region}} {{code}}",
        }),
    ),
    "处理器 processors": (
        Panel("积压 lag", {
            f"collabbus:lag:records{{{ONE}}}": "{{region}} {{stage}}",
        }),
        Panel("事务 transactions", {
            f"sum by (region, result) (rate(collabbus_transactions_total{{{ONE}}}[5m]))":
                "{{region}} {{result}}",
        }, "ops"),
        Panel("接管与失败 taken and failed", {
            f"sum by (region) (increase(collabbus_take_seconds_count{{{ONE}}}[15m]))":
                "{{region}} taken",
            f"sum by (region, error) (increase(collabbus_shard_failures_total{{{ONE}}}[15m]))":
                "{{region}} {{error}}",
        }),
        Panel("时钟 age of the last tick", {
            f"max by (region) (collabbus_tick_age_seconds{{{ONE}}})": "{{region}}",
        }, "s", limit=120),
        Panel("内存 memory", {
            "collabbus_process_resident_memory_bytes": "{{job}} {{instance}}",
        }, "bytes"),
        Panel("重启 restarts in an hour", {
            f"sum by (region, job) (changes(collabbus_started_timestamp_seconds{{{ONE}}}[1h]))":
                "{{region}} {{job}}",
        }),
    ),
}  # fmt: skip

LINKS: Rows = {
    "送达 deliveries": (
        Panel("最早未会签 oldest uncountersigned", {
            f"collabbus:link_uncountersigned_seconds:max{{{ONE}}}": "{{region}} → {{peer}}",
        }, "s", limit=300),
        Panel("未按时会签 late, of all (promise: 0.5 %)", {
            f"collabbus:deliveries_late:ratio_1h{{{ONE}}}": "{{region}} → {{peer}} 1h",
            f"collabbus:deliveries_late:ratio_3d{{{ONE}}}": "{{region}} → {{peer}} 3d",
        }, "percentunit", limit=0.005),
        Panel("会签用时 p99 countersigned within", {
            "histogram_quantile(0.99, sum by (region, peer, le) "
            f"(rate(collabbus_countersigned_seconds_bucket{{{ONE}}}[5m])))":
                "{{region}} → {{peer}}",
        }, "s"),
        Panel("跨区用时 crossing", {
            f"collabbus:crossing_seconds:p99_5m{{{ONE}}}": "{{peer}} → {{region}} p99",
            "histogram_quantile(0.5, sum by (region, peer, le) "
            f"(rate(collabbus_crossing_seconds_bucket{{{ONE}}}[5m])))": "{{peer}} → {{region}} p50",
        }, "s"),
    ),
    "链路 links": (
        Panel("在途 under way", {
            f"collabbus:link_under_way:events{{{ONE}}}": "{{region}} → {{peer}}",
        }),
        Panel("收发 sent and received", {
            f'sum by (region, peer, what) (deriv(collabbus_link_size{{{ONE}}}[5m]))':
                "{{region}} {{peer}} {{what}}",
        }, "eps"),
        Panel("重发 parcels sent again", {
            f"sum by (region, peer) (increase(collabbus_resent_total{{{ONE}}}[15m]))":
                "{{region}} → {{peer}}",
        }),
        Panel("暂缓或拒收 held or refused", {
            f"sum by (region, peer) (collabbus_held{{{ONE}}})": "{{peer}} → {{region}}",
        }, limit=1),
    ),
}  # fmt: skip

AWAITED = 'awaited=~"$region"'
MATTERS: Rows = {
    "待办 awaited": (
        Panel("在办 open", {
            f"sum by (awaited, level) (collabbus:threads_open:sum{{{AWAITED}}})":
                "{{awaited}} {{level}}",
        }),
        Panel("逾期 overdue", {
            f"sum by (awaited, level) (collabbus:threads_overdue:sum{{{AWAITED}}})":
                "{{awaited}} {{level}}",
        }, limit=1),
        Panel("已升级 escalated", {
            f"sum by (region, awaited, level) (collabbus_threads_escalated{{{ONE}}})":
                "{{awaited}} {{level}} ({{region}})",
        }, limit=1),
        Panel("按类别在办 open by family", {
            f"sum by (network, family) (collabbus:threads_open:sum{{{AWAITED}}})":
                "{{network}} {{family}}",
        }),
    ),
    "用时 how long": tuple(
        Panel(title, {
            f"histogram_quantile({quantile}, sum by (region, family, le) "
            f"(increase(collabbus_{name}_seconds_bucket{{{ONE}}}[30d])))":
                f"{{{{region}}}} {{{{family}}}} {label}"
            for quantile, label in ((0.5, "p50"), (0.95, "p95"))
        }, "s")
        for title, name in (
            ("收到后首步 to receive", "receive"),
            ("其后每步 to answer", "answer"),
            ("办结 to close", "close"),
        )
    ),
    "停住 standing still": (
        Panel("按原因 by code", {
            f"sum by (region, code) (collabbus_waiting{{{ONE}}})": "{{region}} {{code}}",
        }, limit=1),
        Panel("最久工作日 longest, in working days", {
            f"max by (region, code) (collabbus_waiting_oldest_workdays{{{ONE}}})":
                "{{region}} {{code}}",
        }, limit=1),
        Panel("日历外期限 due beyond the calendar", {
            f"sum by (region) (increase(collabbus_due_beyond_calendar_total{{{ONE}}}[1d]))":
                "{{region}}",
        }, limit=1),
    ),
    "数据模型 models": (
        Panel("命中 hits", {
            f"sum by (publisher, model) (collabbus_model_hits{{{ONE}}})":
                "{{publisher}} {{model}}",
        }),
        Panel("查实率 precision", {
            f"sum by (publisher, model) (collabbus_model_confirmed{{{ONE}}})"
            f" / sum by (publisher, model) (collabbus_model_answered{{{ONE}}})":
                "{{publisher}} {{model}}",
        }, "percentunit"),
    ),
}  # fmt: skip

OFFICES = 'office=~"$region/.*"'
HANDLERS: Rows = {
    "处理器 handlers": (
        Panel("运行 runs", {
            "sum by (office, handler, outcome) "
            f"(rate(collabbus_handler_runs_total{{{OFFICES}}}[5m]))":
                "{{handler}} {{outcome}} ({{office}})",
        }, "ops"),
        Panel("失败 failures", {
            "sum by (office, handler, error) "
            f"(increase(collabbus_handler_failures_total{{{OFFICES}}}[15m]))":
                "{{handler}} {{error}} ({{office}})",
        }),
        Panel("用时 p99 how long", {
            "histogram_quantile(0.99, sum by (office, handler, le) "
            f"(rate(collabbus_handler_seconds_bucket{{{OFFICES}}}[5m])))":
                "{{handler}} ({{office}})",
        }, "s"),
        Panel("挂起事项 parked", {
            f"sum by (office, group, handler) (collabbus_handler_parked{{{OFFICES}}})":
                "{{group}}/{{handler}} ({{office}})",
        }, limit=1),
        Panel("未处理 behind", {
            f"sum by (office, group) (collabbus_handler_behind{{{OFFICES}}})":
                "{{group}} ({{office}})",
        }),
    ),
    "台账 ledger": (
        Panel("未写入 behind", {
            f"sum by (region) (collabbus_ledger_behind{{{ONE}}})": "{{region}}",
        }),
        Panel("写入 events written", {
            f"sum by (region) (rate(collabbus_ledger_events_total{{{ONE}}}[5m]))": "{{region}}",
        }, "eps"),
        Panel("写入用时 p99 of a transaction", {
            "histogram_quantile(0.99, sum by (region, le) "
            f"(rate(collabbus_ledger_batch_seconds_bucket{{{ONE}}}[5m])))": "{{region}}",
        }, "s"),
        Panel("无法解读与中断 not understood, interrupted", {
            f"sum by (region) (increase(collabbus_ledger_unfolded_total{{{ONE}}}[1h]))":
                "{{region}} not understood",
            f"sum by (region) (increase(collabbus_ledger_interruptions_total{{{ONE}}}[1h]))":
                "{{region}} interrupted",
        }),
    ),
    "网关 gateway": (
        Panel("请求 requests", {
            f"sum by (region, status) (rate(collabbus_gateway_requests_total{{{ONE}}}[5m]))":
                "{{region}} {{status}}",
        }, "reqps"),
        Panel("用时 p99 how long", {
            "histogram_quantile(0.99, sum by (region, route, le) "
            f"(rate(collabbus_gateway_seconds_bucket{{{ONE}}}[5m])))": "{{route}} ({{region}})",
        }, "s"),
        Panel("回调 webhooks", {
            "sum by (region, result) "
            f"(rate(collabbus_gateway_webhook_deliveries_total{{{ONE}}}[5m]))":
                "{{region}} {{result}}",
        }, "ops"),
        Panel("事件流 streams", {
            f"sum by (region) (collabbus_gateway_streams{{{ONE}}})": "{{region}}",
        }),
    ),
}  # fmt: skip

DASHBOARDS: Mapping[str, tuple[str, Rows]] = {
    "overview": ("collabbus 总览 overview", OVERVIEW),
    "links": ("collabbus 链路 links", LINKS),
    "matters": ("collabbus 事项 matters", MATTERS),
    "handlers": ("collabbus 处理器、台账与网关 handlers, ledger, gateway", HANDLERS),
}


def panels(rows: Rows) -> list[Panel]:
    """Give all panels of a dashboard."""
    return [panel for row in rows.values() for panel in row]


def _panel(panel: Panel) -> timeseries.Panel | stat.Panel:
    made = stat.Panel() if panel.number else timeseries.Panel()
    made = made.title(panel.title).unit(panel.unit).datasource(SOURCE)
    made = made.height(4 if panel.number else 8).span(3 if panel.number else 12)
    if isinstance(made, timeseries.Panel):
        legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST)
        made = made.legend(legend.placement(LegendPlacement.BOTTOM).show_legend(True))
    if panel.limit is not None:
        made = made.thresholds(
            dashboard.ThresholdsConfig()
            .mode(dashboard_models.ThresholdsMode.ABSOLUTE)
            .steps(
                [
                    dashboard_models.Threshold(value=None, color="green"),
                    dashboard_models.Threshold(value=panel.limit, color="red"),
                ]
            )
        )
    for place, (query, legend) in enumerate(panel.queries.items()):
        made = made.with_target(
            prometheus.Dataquery()
            .datasource(SOURCE)
            .expr(query)
            .legend_format(legend)
            .ref_id("ABCDEF"[place])
        )
    return made


def written(name: str) -> str:
    """Give a dashboard as JSON."""
    title, rows = DASHBOARDS[name]
    made = (
        dashboard.Dashboard(title)
        .uid(f"collabbus-{name}")
        .tags(["collabbus"])
        .time("now-6h", "now")
        .timezone("Asia/Shanghai")
        .refresh("30s")
        .with_variable(
            dashboard.QueryVariable("region")
            .label("区域 region")
            .datasource(SOURCE)
            .query("label_values(collabbus_build_info, region)")
            .multi(True)
            .include_all(True)
            .sort(VariableSort.ALPHABETICAL_ASC)
        )
    )
    numbers = count(1)
    for row, shown in rows.items():
        made = made.with_row(dashboard.Row(row).id(next(numbers)))
        for panel in shown:
            made = made.with_panel(_panel(panel).id(next(numbers)))
    return JSONEncoder(sort_keys=True, indent=1, ensure_ascii=False).encode(made.build()) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write all dashboards; with `--check` give 1 if one that is committed differs."""
    old = []
    for name in DASHBOARDS:
        path = FOLDER / f"{name}.json"
        text = written(name)
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            old.append(path.name)
    if old:
        print("not current, run `python deploy/grafana/generate.py`:", *old)
    return bool(old)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
