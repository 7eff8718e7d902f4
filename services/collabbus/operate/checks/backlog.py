"""Backlogs: what isn't read yet, what waits, what lies in quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from collabbus.model.deadline import DAY_MS
from collabbus.operate.examination import Line, Subject, fail, fine, warn
from collabbus.operate.groups import backlog
from collabbus.operate.quarantine import listed as quarantined
from collabbus.operate.waiting import FROZEN
from collabbus.operate.waiting import listed as waits

WARN_LAG = 1_000
FAIL_LAG = 100_000
"""Records of one shard of one input that the processor hasn't read."""
HELD_MS = 300_000
"""What is held comes before its cause, which should follow within minutes."""
RECENT_DAYS = 7
"""Nothing ever leaves the quarantine, so only what is young raises a warning."""


def lag(subject: Subject) -> Iterator[Line]:
    """Look whether the region has workers, and how far they are behind."""
    inputs = [subject.topic(name) for name in ("submissions", "events", "heads")]
    inputs += [f"collab.{peer}.to.{subject.region}" for peer in subject.peers]
    found = backlog(subject.admin, subject.topic("processor"), inputs)
    total = sum(found.lag.values())
    if found.members == 0:
        yield fail(
            f"没有处理器在运行，{total} 条记录未读",
            f"no processor works for the region; {total} records aren't read",
            "启动处理器 collabbus run processor",
            "start one: `collabbus run processor`",
        )
    worst, most = max(found.lag.items(), key=lambda item: item[1], default=(("", 0), 0))
    zh = f"处理器 {found.members} 个，未读 {total} 条，最多 {worst[0]}/{worst[1]} {most} 条"
    en = f"{found.members} workers, {total} records not read, most of {worst[0]}/{worst[1]}: {most}"
    if most < WARN_LAG:
        if found.members:
            yield fine(zh, en)
        return
    say = fail if most >= FAIL_LAG else warn
    yield say(
        zh,
        en,
        "看其是否减少；否则见处理器日志，或增加 --instance",
        "see whether it shrinks; if not, look at the processor's log, or add an --instance",
    )


def waiting(subject: Subject) -> Iterator[Line]:
    """Look whether anything is refused or frozen, or held for longer than a cause takes."""
    found = waits(subject.settings.kafka, subject.region)
    now = subject.now_ms()
    stuck = [one for one in found if one.code in (FROZEN, "REFUSED")]
    held = [one for one in found if one.code not in (FROZEN, "REFUSED")]
    late = [one for one in held if one.since_ms is None or now - one.since_ms > HELD_MS]
    if stuck:
        threads = {(one.matter_id, one.thread) for one in stuck}
        yield warn(
            f"{len(threads)} 个线程因拒收而冻结",
            f"{len(threads)} threads are frozen for what was refused",
            f"collabbus waiting list --region {subject.region}，与来源方商定作废或解除",
            f"`collabbus waiting list --region {subject.region}`; agree with the origin on voiding",
        )
    if late:
        lacking = sorted({origin for one in late for origin, _ in one.missing})
        yield warn(
            f"{len(late)} 个事件等待前因已超过 5 分钟（{'、'.join(lacking) or '契约'}）",
            f"{len(late)} events have waited for their cause for over 5 minutes "
            f"(from {', '.join(lacking) or 'a contract that is not here'})",
            "查看该区域的处理器与链路；缺契约时取回契约并重启",
            "look at that region's processor and link; fetch the contract if that is what lacks",
        )
    if not stuck and not late:
        yield fine(
            f"没有冻结；{len(held)} 个事件刚在等待前因",
            f"nothing is frozen; {len(held)} events wait for a cause that is on its way",
        )


def quarantine(subject: Subject) -> Iterator[Line]:
    """Look whether anything came into quarantine of late."""
    found = quarantined(subject.settings.kafka, subject.region)
    since = subject.now_ms() - RECENT_DAYS * DAY_MS
    recent = Counter(one.code for one in found if one.time_ms >= since)
    if not recent:
        yield fine(
            f"{RECENT_DAYS} 天内隔离区没有新记录，共 {len(found)} 条",
            f"nothing came into quarantine in {RECENT_DAYS} days; {len(found)} records in all",
        )
        return
    codes = ", ".join(f"{code} {count}" for code, count in recent.most_common())
    yield warn(
        f"{RECENT_DAYS} 天内隔离 {recent.total()} 条：{codes}",
        f"{recent.total()} records came into quarantine in {RECENT_DAYS} days: {codes}",
        f"collabbus quarantine list --region {subject.region}；各代码见 docs/operating.md",
        f"`collabbus quarantine list --region {subject.region}`; docs/operating.md tells the codes",
    )
