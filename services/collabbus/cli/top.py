"""Top: regions, links, lag and rates, live in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabbus.cli import tables
from collabbus.cli.options import Set, settings_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from collabbus.operate.overview import Picture

LATE_S = 60.0
"""From when on silence is shown as bad: heads and ticks come every `head_interval_s`, 10 s."""
LAG = 1_000


def top(
    regions: Annotated[
        list[str] | None, typer.Option("--region", help="Only these; all if left out.")
    ] = None,
    bootstrap: Annotated[
        list[str] | None,
        typer.Option(help="Kafka's address; once for each cluster, where regions have their own."),
    ] = None,
    interval: Annotated[float, typer.Option(help="Seconds between pictures.", min=0.2)] = 2.0,
    once: Annotated[
        bool, typer.Option("--once", help="一次: one picture, as a table, and the end.")
    ] = False,
    sets: Set = None,
) -> None:
    """概览: regions, links, lag and rates, live until Ctrl-C.

    Where the output is no terminal there is one picture.
    """
    from collabbus.operate.overview import Overview

    clusters = [
        settings_of(sets, at, region="none").kafka
        for at in (bootstrap or [None])  # type: ignore[list-item]
    ]
    console = tables.console()
    with Overview(clusters, regions or ()) as overview:
        if once or not console.is_terminal:
            console.print(_shown(overview.look(interval)))
        else:
            _live(console, overview, interval)


def _live(console: Any, overview: Any, interval: float) -> None:
    import logging
    import signal

    from rich.live import Live
    from rich.text import Text

    # What the client complains of, a broker that is away, is seen in the picture, not in between.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    # Ended otherwise it would leave the terminal on its second screen.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Live(
            Text("… 读取主题 reading the topics"), console=console, screen=True, auto_refresh=False
        ) as live:
            live.refresh()
            while True:
                live.update(_shown(overview.look(interval)), refresh=True)
    except KeyboardInterrupt:
        pass


def _shown(picture: Picture) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    moment = Text(f"collabbus · {tables.moment(picture.time_ms)} UTC+8", style="bold")
    return Group(moment, Text(), _regions(picture), _links(picture))


def _regions(picture: Picture) -> Table:
    made = _table(
        "区域 regions",
        "区域 region",
        "分片 shards",
        "处理器 workers",
        "未读 lag",
        "事件/秒 events/s",
        "等待 waiting",
        "隔离 quarantined",
        "节拍 last tick",
    )
    for one in picture.regions:
        made.add_row(
            one.region,
            str(one.shards),
            _marked(one.workers, bad=one.workers == 0),
            _marked(one.lag, bad=(one.lag or 0) >= LAG),
            f"{one.events_per_s:.1f}",
            _marked(one.waiting, bad=one.waiting > 0),
            str(one.quarantined),
            _age(one.tick_age_s),
        )
    return made


def _links(picture: Picture) -> Table:
    made = _table(
        "链路 links",
        "链路 link",
        "已发 sent",
        "已会签 countersigned",
        "已收 received",
        "暂缓 held",
        "事件/秒 events/s",
        "跨越 crossing",
        "最近听到 heard",
    )
    for one in picture.links:
        behind = (one.sent or 0) - (one.countersigned or 0)
        made.add_row(
            f"{one.source} → {one.target}",
            _marked(one.sent),
            _marked(one.countersigned, bad=behind > 0 and (one.heard_age_s or 0) > LATE_S),
            _marked(one.received),
            _marked(one.held, bad=bool(one.held)),
            "—" if one.events_per_s is None else f"{one.events_per_s:.1f}",
            "—" if one.crossing_ms is None else f"{one.crossing_ms:.0f} ms",
            _age(one.heard_age_s),
        )
    return made


def _table(title: str, first: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE, pad_edge=False)
    made.add_column(first, no_wrap=True)
    for column in columns:
        made.add_column(column, justify="right")
    return made


def _marked(value: int | None, *, bad: bool = False) -> RenderableType:
    from rich.text import Text

    return Text("—" if value is None else f"{value:,}", style="bold red" if bad else "")


def _age(seconds: float | None) -> RenderableType:
    from rich.text import Text

    if seconds is None:
        return Text("从未 never", style="bold red")
    return Text(f"{seconds:.0f} s", style="bold red" if seconds > LATE_S else "")
