"""Links: when each peer was last heard, and what it hasn't countersigned."""

from __future__ import annotations

from collections.abc import Iterator

from collabbus.operate.examination import Line, Subject, fail, fine, warn
from collabbus.operate.links import End, ends, oldest_open_ms
from collabbus.operate.records import Records

WARN_MS = 60_000
"""Who has nothing to say sends its head every 10 s (`head_interval_s`)."""
FAIL_MS = 300_000
"""What is recorded should be countersigned within so long."""


def links(subject: Subject) -> Iterator[Line]:
    """Look at both directions of the link with each peer."""
    with Records(subject.settings.kafka, subject.region) as records:
        found = ends(records)
        now = subject.now_ms()
        for peer in subject.peers:
            shards = found.of(peer)
            yield _heard(subject, peer, shards, now)
            yield _countersigned(records, peer, shards, now)
    if not subject.peers:
        yield fine("没有链路：本网络只有一个区域", "there is no link: the network has one region")


def _heard(subject: Subject, peer: str, shards: list[End], now: int) -> Line:
    region = subject.region
    heard = [end.heard_until_ms for end in shards if end.heard_until_ms]
    lacking = subject.settings.shards - len(heard)
    do_zh = f"查看 {peer} 的处理器、其到本集群的 MirrorMaker 与主题 collab.{peer}.to.{region}"
    do_en = (
        f"look at {peer}'s processor, at the MirrorMaker from its cluster, and at the topic "
        f"collab.{peer}.to.{region}"
    )
    if lacking:
        say = warn if heard else fail
        return say(
            f"{lacking} 个分片从未收到 {peer} 的消息",
            f"{peer} was never heard on {lacking} of {subject.settings.shards} shards",
            do_zh,
            do_en,
        )
    age = max(0, now - min(heard))
    held = sum(end.held for end in shards)
    zh = f"{age / 1000:.0f} 秒前听到 {peer}，已收 {sum(e.received for e in shards)} 件"
    en = f"{peer} was heard {age / 1000:.0f} s ago; {sum(e.received for e in shards)} events came"
    if held:
        zh, en = f"{zh}，暂缓 {held} 件", f"{en}, {held} are held"
    if age < WARN_MS:
        return fine(zh, en)
    return (fail if age >= FAIL_MS else warn)(zh, en, do_zh, do_en)


def _countersigned(records: Records, peer: str, shards: list[End], now: int) -> Line:
    sent, lacking = sum(end.sent for end in shards), sum(end.open for end in shards)
    if not lacking:
        return fine(
            f"发往 {peer} 的 {sent} 件全部会签",
            f"{peer} has countersigned all {sent} events that were sent to it",
        )
    since = [oldest_open_ms(records, end) for end in shards]
    oldest = min((time for time in since if time is not None), default=now)
    age = max(0, now - oldest)
    zh = f"发往 {peer} 的 {lacking} 件尚未会签，最早 {age / 1000:.0f} 秒前"
    en = f"{lacking} events to {peer} aren't countersigned, the oldest for {age / 1000:.0f} s"
    if age < WARN_MS:
        return fine(zh, en)
    return (fail if age >= FAIL_MS else warn)(
        zh,
        en,
        f"查看 {peer} 的处理器及双向的 MirrorMaker；恢复后自动补发",
        f"look at {peer}'s processor and at MirrorMaker both ways; what lacks is then sent again "
        "by itself",
    )
