"""The checkup of a region's services beside its processor: ledger, gateway, what handlers parked.

Checks like those of `operate`, which knows nothing of them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from collabbus.model.deadline import CHINA
from collabbus.operate.checks import certificates
from collabbus.operate.checks.backlog import WARN_LAG
from collabbus.operate.examination import Check, Line, Subject, fail, fine, warn
from collabbus.operate.groups import backlog, named
from collabbus.settings import GatewaySettings, SettingsError, load_gateway

if TYPE_CHECKING:
    from collabbus.handlers.parking import Entry
    from collabbus.ledger.views import Status

WARN_MS = 60_000
"""A ledger that runs says every 2 s that it is current."""
FAIL_MS = 300_000
"""For so long the ledger may lack what the log has; readers then decide by what is no longer so."""
MOST = 10_000
"""Events of a shard that are counted; it is enough to know that there are more."""


def ledger(subject: Subject) -> Iterator[Line]:
    """Look whether the ledger has what the log has, and since when it lacks something."""
    address = subject.settings.ledger.address()
    if address is None:
        yield fine(
            "未指定台账数据库，未检查",
            "no ledger's database is named (ledger.url), so none was looked at",
        )
        return
    status = asyncio.run(_status(address))
    if status.region != subject.region:
        yield _of_another(status, subject.region)
        return
    now = subject.now_ms()
    # The tables are read first: what is recorded meanwhile is lacking for an instant, and young.
    lacking = _lacking(subject, status)
    if lacking.other:
        shard, at, first, end = lacking.other
        yield fail(
            f"台账读到分片 {shard} 的 {at}，而日志为 {first} 至 {end}：不是同一日志",
            f"the ledger goes on at {at} of shard {shard}, where the log holds {first} to {end}: "
            "it isn't the log that was read",
            "确认 Kafka 地址与区域无误；日志完整后运行 collabbus ledger rebuild",
            "see that Kafka's address is right; once the log is whole: `collabbus ledger rebuild`",
        )
        return
    yield _freshness(status, lacking, now)


@dataclass
class _Lacking:
    """What a ledger lacks of its log."""

    events: int = 0
    more: bool = False
    """There are more, which weren't counted."""
    since_ms: int | None = None
    """When the log took the oldest of them."""
    other: tuple[int, int, int, int] | None = None
    """A shard, where the ledger goes on, and the log's bounds, between which that isn't."""


async def _status(address: str) -> Status:
    """Give how a ledger stands; raises SchemaError, DatabaseError."""
    from collabbus.ledger import database
    from collabbus.ledger.queries import Ledger

    engine = database.engine_of(address, connections=2)
    try:
        await database.check(engine)
        async with database.reached(engine):
            return await Ledger(engine).status()
    finally:
        await engine.dispose()


def _lacking(subject: Subject, status: Status) -> _Lacking:
    bounds = subject.records.bounds("events")
    read = {one.shard: one.next for one in status.shards if one.topic == "events"}
    found = _Lacking()
    for shard, (first, end) in bounds.items():
        at = read.get(shard, first)
        if not first <= at <= end:
            found.other = (shard, at, first, end)
            return found
        # Marks of transactions take offsets, too, so what lacks is read instead of subtracted.
        for record in subject.records.read("events", [shard], start=at, end=at + MOST):
            found.events += 1
            oldest = found.since_ms
            found.since_ms = record.timestamp if oldest is None else min(oldest, record.timestamp)
        found.more = found.more or end > at + MOST
    return found


def _of_another(status: Status, region: str) -> Line:
    if not status.region:
        return fail(
            "台账为空：尚未读过日志",
            "the ledger is empty: nobody has read the log into it",
            f"启动 collabbus run ledger --region {region}",
            f"start `collabbus run ledger --region {region}`",
        )
    return fail(
        f"数据库是 {status.region} 的台账，不是 {region} 的",
        f"the database is the ledger of {status.region}, not of {region}",
        "更正 COLLABBUS_LEDGER_URL：每个区域各用一个数据库",
        "correct COLLABBUS_LEDGER_URL: each region has a database of its own",
    )


def _freshness(status: Status, lacking: _Lacking, now: int) -> Line:
    more = "+" if lacking.more else ""
    zh = f"台账有 {status.events} 个事件，缺 {lacking.events}{more} 个"
    en = f"the ledger has {status.events} events and lacks {lacking.events}{more}"
    late = max(0, now - lacking.since_ms) if lacking.since_ms is not None else 0
    if lacking.events:
        zh = f"{zh}，最早 {late / 1000:.0f} 秒前"
        en = f"{en}, the oldest for {late / 1000:.0f} s"
    if status.rebuilding:
        return warn(
            f"{zh}；正在重建",
            f"{en}; it is being made anew",
            "重建完成前不能查看事项；保持 collabbus run ledger 运行",
            "matters can't be read until it is over; keep `collabbus run ledger` running",
        )
    quiet = max(0, now - status.current_ms)
    if status.current_ms:
        zh, en = (
            f"{zh}；{quiet / 1000:.0f} 秒前与日志齐平",
            f"{en}; it had all of the log {quiet / 1000:.0f} s ago",
        )
    else:
        zh, en = f"{zh}；尚未与日志齐平", f"{en}; it never had all of the log yet"
    if late < WARN_MS and quiet < WARN_MS:
        return fine(zh, en)
    return (fail if late >= FAIL_MS else warn)(
        zh,
        en,
        "确认 collabbus run ledger 在运行，能连上 Kafka 与数据库；见 docs/runbooks/ledger.md",
        "see that `collabbus run ledger` runs and reaches Kafka and the database; "
        "docs/runbooks/ledger.md",
    )


def gateway(subject: Subject) -> Iterator[Line]:
    """Look whether the gateway listens, for how long its certificate is good, whom it believes."""
    from collabbus.gateway.tokens import KeySetInvalid, Tokens

    own = _gateway()
    if own is None:
        yield fine(
            "未配置网关，未检查",
            "no gateway is configured (COLLABBUS_GATEWAY_JWKS), so none was looked at",
        )
        return
    yield _listens(own, subject.now_ms())
    try:
        Tokens(own.jwks, audience=own.audience)
    except KeySetInvalid as error:
        yield fail(
            "令牌公钥文件不可用",
            f"{error.code}: {error}",
            f"更正 {own.jwks}；网关在此之前仍用先前读到的公钥",
            f"correct {own.jwks}; until then a gateway that runs believes the keys it read before",
        )
    else:
        yield fine(f"令牌公钥 {own.jwks} 可用", f"the keys of who issues tokens are in {own.jwks}")


def _gateway() -> GatewaySettings | None:
    """Give the gateway's settings; None where they don't say whom it believes.

    Raises SettingsError.
    """
    try:
        return load_gateway()
    except SettingsError:
        # What else is set may be for a gateway that is told its keys when it is started.
        load_gateway(jwks=Path())
        return None


def _listens(own: GatewaySettings, now: int) -> Line:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(own.host, own.host)  # noqa: S104
    name = f"{host}:{own.port}"
    try:
        if own.tls_certfile:
            # Whether clients trust it, they must say: here counts what it shows, and until when.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            end = certificates.end_ms(host, own.port, context)
            return certificates.until(f"网关 {name}", f"the gateway at {name}", end, now)
        with socket.create_connection((host, own.port), 5.0):
            return fine(
                f"网关 {name} 可连接，不用 TLS", f"the gateway listens at {name}, without TLS"
            )
    except OSError as error:
        return fail(
            f"网关 {name} 无法连接",
            f"nobody answers as a gateway at {name}: {error}",
            "启动 collabbus run gateway，或更正 COLLABBUS_GATEWAY_HOST、_PORT",
            "start `collabbus run gateway`, or correct COLLABBUS_GATEWAY_HOST and _PORT",
        )


def parked(subject: Subject) -> Iterator[Line]:
    """Look whether handlers have parked matters: which group, how many, since when."""
    from collabbus.handlers.register import listed

    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for one in listed(subject.settings.kafka, subject.region):
        groups[one.place.office, one.place.group].append(one)
    if not groups:
        yield fine("没有挂起的事项", "no matter is parked")
    for (office, group), found in sorted(groups.items()):
        yield _parked_by(subject.region, office, group, found)


def handlers(subject: Subject) -> Iterator[Line]:
    """Look, for each group of handlers that has ever committed, whether it runs and keeps up."""
    beginning = f"collab.handlers.{subject.region}."
    groups = named(subject.admin, beginning)
    if not groups:
        yield fine("没有处理器程序运行过", "no handlers have run")
    for group in groups:
        yield _progress(subject, group, group.removeprefix("collab.handlers."))


def _progress(subject: Subject, group: str, name: str) -> Line:
    found = backlog(subject.admin, group, [subject.topic("events")])
    total, most = sum(found.lag.values()), max(found.lag.values(), default=0)
    zh = f"{name}：进程 {found.members} 个，未处理 {total} 条，单分片最多 {most} 条"
    en = f"{name} has {found.members} hosts, {total} records not done, of one shard at most {most}"
    if found.members == 0:
        return warn(
            zh,
            en,
            "启动其进程 collabbus run handlers；不再使用的组，请在 Kafka 中删除",
            "start one: `collabbus run handlers`; a group that is given up: delete it in Kafka",
        )
    if most < WARN_LAG:
        return fine(zh, en)
    return warn(
        zh,
        en,
        "看其是否减少；否则见其日志与 collabbus_handler_seconds，或增加进程",
        "see whether it shrinks; if not, look at its log and collabbus_handler_seconds, or add a "
        "host",
    )


def _parked_by(region: str, office: str, group: str, found: list[Entry]) -> Line:
    since = datetime.fromtimestamp(min(one.parked.since_ms for one in found) / 1000, CHINA)
    when = since.strftime("%Y-%m-%d %H:%M")
    zh = f"{office} 的 {group} 挂起 {len(found)} 件事项，最早自 {when}"
    en = f"{group} of {office} has {len(found)} matters parked, the oldest since {when} (UTC+8)"
    decided = sum(one.decision is not None for one in found)
    if decided == len(found):
        return warn(
            f"{zh}，均已处置",
            f"{en}, all of them decided",
            f"启动该处理器程序即生效：collabbus run handlers --office {office}",
            f"it is done as soon as their host runs: `collabbus run handlers --office {office}`",
        )
    if decided:
        zh, en = f"{zh}，{decided} 件已处置", f"{en}, {decided} of them decided"
    return warn(
        zh,
        en,
        f"collabbus parked list --region {region}，再 show；排除原因后 retry，无法处理的 skip",
        f"`collabbus parked list --region {region}`, then `show`; mend the cause and `retry`, or "
        "`skip` what it can never do",
    )


CHECKS = (
    Check("ledger", "台账", ledger, needs=("broker",)),
    Check("gateway", "网关", gateway),
    Check("parked", "挂起", parked, needs=("broker",)),
    Check("handlers", "处理器程序", handlers, needs=("broker",)),
)
"""To be looked at after those of `operate`, by whose names they say what they need."""
