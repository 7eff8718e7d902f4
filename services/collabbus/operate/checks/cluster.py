"""The cluster: reachable, new enough, with the contract's topics, enough copies and disk."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from collabbus.operate.examination import Line, Subject, fail, fine, warn
from collabbus.operate.topic_contract import TopicContract
from collabbus.operate.topics import TopicPartitionsError, TopicsRefusedError, plan

OLDEST = (4, 0)
"""The oldest Kafka on which a stale owner's transaction is fenced as we rely on it."""
TRANSACTIONS = 2
"""The level of Kafka's feature `transaction.version` that does so."""
WARN_FREE = 0.2
FAIL_FREE = 0.05
"""Shares of a log folder's disk that should and must be free: a full disk stops the broker."""
_NO_FIT = "—"


def broker(subject: Subject) -> Iterator[Line]:
    """Look whether the cluster answers, and what it is."""
    kafka = subject.settings.kafka
    try:
        told = subject.admin.describe_cluster()
    except TopicsRefusedError as error:
        yield fail(
            f"Kafka {kafka.bootstrap_servers} 不可达",
            str(error),
            "启动 Kafka，或更正 COLLABBUS_KAFKA_* 的地址、用户与证书",
            "start Kafka, or correct address, user and certificates in COLLABBUS_KAFKA_*",
        )
        return
    brokers = told["brokers"]
    version = max(
        subject.admin.get_broker_version_data(one["broker_id"]).broker_version for one in brokers
    )
    shown = ".".join(map(str, version))
    if version < OLDEST:
        yield fail(
            f"Kafka {shown} 过旧",
            f"Kafka is {shown}; collabbus relies on {'.'.join(map(str, OLDEST))} or newer",
            "升级 Kafka",
            "upgrade Kafka",
        )
    else:
        yield fine(
            f"Kafka {shown} 可达，{len(brokers)} 个节点",
            f"Kafka {shown} or newer answers at {kafka.bootstrap_servers}, {len(brokers)} brokers",
        )
    level = subject.admin.describe_features().get("transaction.version", {}).get("finalized", (0,))
    if level[-1] < TRANSACTIONS:
        yield warn(
            f"transaction.version 为 {level[-1]}，应为 {TRANSACTIONS}",
            f"the feature transaction.version is {level[-1]}, not {TRANSACTIONS}",
            "升级完成后运行 kafka-features.sh upgrade",
            "finish the upgrade of Kafka with `kafka-features.sh upgrade`",
        )
    open_hosts = [one["host"] for one in brokers if not _is_loopback(one["host"])]
    if open_hosts and kafka.security_protocol == "PLAINTEXT":
        yield warn(
            f"到 {open_hosts[0]} 的连接既不加密也不认证",
            f"connections to {open_hosts[0]} neither hide nor authenticate (PLAINTEXT)",
            "设 COLLABBUS_KAFKA_SECURITY_PROTOCOL=SASL_SSL",
            "set COLLABBUS_KAFKA_SECURITY_PROTOCOL=SASL_SSL on clients and brokers",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def topics(subject: Subject) -> Iterator[Line]:
    """Look whether the cluster has the contract's topics, with their settings."""
    settings = subject.settings
    contract = TopicContract.load(settings.contracts)
    try:
        changes = plan(settings.kafka, contract, subject.region, subject.peers, settings.shards)
    except TopicPartitionsError as error:
        yield fail(
            f"主题的分区数与 shards={settings.shards} 不同",
            str(error),
            "将 COLLABBUS_SHARDS 设为集群已有的数目，各区域须一致",
            "set COLLABBUS_SHARDS to what the cluster has, in every region",
        )
        return
    for change in changes:
        if change.action == "create":
            yield fail(
                f"缺少主题 {change.topic}",
                f"there is no topic {change.topic}",
                "collabbus topics apply",
                "`collabbus topics apply`",
            )
            continue
        for key, value in change.config.items():
            was = change.was.get(key, _NO_FIT)
            yield fail(
                f"{change.topic} 的 {key} 为 {was}，契约为 {value}",
                f"{change.topic} has {key}={was}, the contract says {value}",
                "collabbus topics apply；并查明是谁改的",
                "`collabbus topics apply`, and find out who has changed it",
            )
    if not changes:
        count = len(contract.of(subject.region, subject.peers))
        yield fine(
            f"{count} 个主题与契约一致，各 {settings.shards} 个分片",
            f"{count} topics are as the contract says, with {settings.shards} shards each",
        )


def copies(subject: Subject) -> Iterator[Line]:
    """Look whether each partition has a leader and all of its copies."""
    contract = TopicContract.load(subject.settings.contracts)
    wanted = sorted(contract.of(subject.region, subject.peers))
    told = [one for one in subject.admin.describe_topics(wanted) if one["error_code"] == 0]
    yield from judged_copies(told)


def judged_copies(told: list[Mapping[str, Any]]) -> Iterator[Line]:
    """Judge what the cluster tells of its topics."""
    partitions = [(topic["name"], part) for topic in told for part in topic["partitions"]]
    headless = [f"{name}/{p['partition_index']}" for name, p in partitions if p["leader_id"] < 0]
    short = [
        f"{name}/{p['partition_index']}"
        for name, p in partitions
        if p["leader_id"] >= 0 and len(p["isr_nodes"]) < len(p["replica_nodes"])
    ]
    fewest = min((len(p["replica_nodes"]) for _, p in partitions), default=0)
    if headless:
        yield fail(
            f"{len(headless)} 个分片没有主副本：{headless[0]} 等",
            f"{len(headless)} shards have no leader: {_some(headless)}",
            "启动停止的 Kafka 节点；见其日志",
            "start the brokers that are down; look at their logs",
        )
    if short:
        yield warn(
            f"{len(short)} 个分片的副本未同步：{short[0]} 等",
            f"{len(short)} shards lack copies in sync: {_some(short)}",
            "启动停止的 Kafka 节点，或等其追上",
            "start the broker that is down, or wait until it has caught up",
        )
    if fewest == 1:
        yield warn(
            "日志只有一个副本，丢失磁盘即丢失日志",
            "topics have one copy: who loses the disk loses the log",
            "生产环境用三个节点、三个副本（docs/deploying.md）；演示与测试可不理会",
            "in production run three brokers with three copies (docs/deploying.md); "
            "for a demo it is as meant",
        )
    elif partitions and not headless and not short:
        yield fine(
            f"每个分片至少 {fewest} 个副本，均已同步",
            f"every shard has {fewest} copies or more, all in sync",
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def disk(subject: Subject) -> Iterator[Line]:
    """Look whether the brokers' log folders are sound and have room."""
    yield from judged_disks(subject.admin.describe_log_dirs())


def judged_disks(told: list[Mapping[str, Any]]) -> Iterator[Line]:
    """Judge what the brokers tell of their log folders."""
    for one in told:
        for folder in one["log_dirs"]:
            yield _judged_disk(one["broker"], folder)


def _judged_disk(node: int, folder: Mapping[str, Any]) -> Line:
    place, total, usable = folder["log_dir"], folder["total_bytes"], folder["usable_bytes"]
    if folder["error_code"]:
        return fail(
            f"节点 {node} 的 {place} 离线（错误 {folder['error_code']}）",
            f"broker {node}: {place} is offline (Kafka's error {folder['error_code']})",
            "更换磁盘，再启动该节点",
            "replace the disk, then start the broker again",
        )
    if total <= 0:
        return warn(
            f"节点 {node} 没有说明 {place} 的剩余空间",
            f"broker {node} doesn't tell how much of {place} is free",
            "用 df 查看",
            "look with `df` on the broker",
        )
    free = usable / total
    zh = f"节点 {node} 的 {place} 剩余 {usable / 1e9:.1f} GB（{free:.0%}）"
    en = f"broker {node}: {usable / 1e9:.1f} GB ({free:.0%}) of {place} are free"
    if free >= WARN_FREE:
        return fine(zh, en)
    say = fail if free < FAIL_FREE else warn
    return say(
        zh,
        en,
        "扩容；日志永久保存，不可删除",
        "give it more disk; the log is kept for ever, so delete nothing",
    )
