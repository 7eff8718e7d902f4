"""An overview (概览): the regions of some clusters as they run, read from their topics.

Nothing is joined, committed or written. What a region's own cluster doesn't hold (the other end of
a link, where each region has a cluster) isn't known, unless that cluster is looked at too.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from types import TracebackType
from typing import Any, Self

from collabbus.errors import CollabbusError
from collabbus.operate.groups import backlog
from collabbus.operate.links import End, Ends
from collabbus.operate.records import RecordsUnreachableError
from collabbus.operate.topics import TopicsRefusedError, administrator
from collabbus.settings import KafkaSettings

WINDOW_S = 10.0
"""Rates and crossing times are those of so many seconds."""
_LOG = re.compile(r"collab\.([a-z][a-z0-9]*)\.events")
_POLL_MS = 100
_LOAD_S = 60.0


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region at a moment."""

    region: str
    shards: int
    workers: int | None
    """Processes in its group; None if Kafka didn't say."""
    lag: int | None
    """Records that they haven't read."""
    events_per_s: float
    """Events that came into its log, own and others'."""
    waiting: int
    """Events that are held or refused."""
    quarantined: int
    tick_age_s: float | None
    """Since the last tick of the shard that is furthest behind; None if there was none."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link at a moment, from one region to another. None is what its end's cluster would tell."""

    source: str
    target: str
    sent: int | None
    countersigned: int | None
    received: int | None
    held: int | None
    heard_age_s: float | None
    events_per_s: float | None
    crossing_ms: float | None
    """The median, from the origin's log to this one; None where nothing crossed of late."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Regions and links at a moment."""

    time_ms: int
    regions: tuple[RegionView, ...]
    links: tuple[LinkView, ...]


class Overview:
    """Follows the regions of some clusters. For one thread; a context manager."""

    def __init__(self, clusters: Sequence[KafkaSettings], regions: Sequence[str] = ()) -> None:
        """Connect; `regions` are those to show, all that a cluster has if there are none.

        Raises:
            RecordsUnreachableError: a cluster can't be reached.
            TopicsRefusedError: none of them has such a region.
        """
        self._stack = ExitStack()
        with ExitStack() as guard:
            self._clusters = [guard.enter_context(_Cluster(one, regions)) for one in clusters]
            known = {name for cluster in self._clusters for name in cluster.regions}
            lacking = sorted(set(regions) - known) or ([] if known else ["any region"])
            if lacking:
                raise TopicsRefusedError(
                    f"no topics of {', '.join(lacking)} on "
                    f"{', '.join(one.bootstrap_servers for one in clusters)}; see `collabbus "
                    "topics plan`, or name the right cluster with --bootstrap"
                )
            self._stack = guard.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def look(self, seconds: float) -> Picture:
        """Follow for so many seconds, and give what stands then.

        The first time it also reads what stood before. Raises RecordsUnreachableError.
        """
        for cluster in self._clusters:
            cluster.load()
        end = time.monotonic() + seconds
        while True:
            for cluster in self._clusters:
                cluster.poll(_POLL_MS // len(self._clusters))
            if time.monotonic() >= end:
                break
        now = time.time_ns() // 1_000_000
        ends = {name: ends for cluster in self._clusters for name, ends in cluster.ends.items()}
        crossed = {key: rate for cluster in self._clusters for key, rate in cluster.crossed()}
        regions = [view for cluster in self._clusters for view in cluster.views(now)]
        return Picture(
            now,
            tuple(sorted(regions, key=lambda view: view.region)),
            tuple(_links(ends, crossed, now)),
        )


def _links(
    ends: dict[str, Ends], crossed: dict[tuple[str, str], tuple[float, float]], now: int
) -> Iterator[LinkView]:
    pairs = {(name, end.peer) for name, one in ends.items() for end in one.by_link.values()}
    for source, target in sorted(pairs | {(peer, name) for name, peer in pairs}):
        out = _end(ends.get(source), target)
        into = _end(ends.get(target), source)
        heard = [end.heard_until_ms for end in into if end.heard_until_ms]
        rate, crossing = crossed.get((source, target), (0.0, None))
        yield LinkView(
            source,
            target,
            sent=sum(end.sent for end in out) if out else None,
            countersigned=sum(end.countersigned for end in out) if out else None,
            received=sum(end.received for end in into) if into else None,
            held=sum(end.held for end in into) if into else None,
            heard_age_s=max(0, now - min(heard)) / 1000 if heard else None,
            events_per_s=rate if target in ends else None,
            crossing_ms=crossing,
        )


def _end(ends: Ends | None, peer: str) -> list[End]:
    return ends.of(peer) if ends is not None else []


class _Cluster:
    """One cluster's regions, and what was read of them."""

    def __init__(self, kafka: KafkaSettings, only: Sequence[str]) -> None:
        from kafka import KafkaConsumer
        from kafka.errors import KafkaError

        self._kafka = kafka
        try:
            self._consumer = KafkaConsumer(
                **kafka.kafka_python(),
                group_id=None,
                enable_auto_commit=False,
                isolation_level="read_committed",
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=10_000,
                max_poll_records=5_000,
                fetch_max_wait_ms=50,
                metrics_enabled=False,
            )
            topics = self._consumer.topics()
        except KafkaError as error:
            raise RecordsUnreachableError(
                f"Kafka at {kafka.bootstrap_servers} can't be reached ({error}); see that it runs "
                "and that COLLABBUS_KAFKA_* are right"
            ) from error
        found = (match[1] for match in map(_LOG.fullmatch, topics) if match)
        self.regions = sorted(name for name in found if not only or name in only)
        self.ends = {name: Ends() for name in self.regions}
        self._topics = topics
        self._shards: dict[str, int] = {}
        self._waiting: dict[str, set[tuple[int, bytes]]] = {name: set() for name in self.regions}
        self._quarantined: Counter[str] = Counter()
        self._seen: deque[tuple[float, str, str, float]] = deque()
        """Events of late: when they were seen, in whose log, of which origin, crossing in ms."""
        self._began = time.monotonic()
        self._loaded = False
        self._stack = ExitStack()
        self._admin: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        self._consumer.close(autocommit=False, timeout_ms=1000)

    def load(self) -> None:
        """Read what stood before the first look; the log is followed from its end only."""
        if self._loaded:
            return
        from kafka import TopicPartition
        from kafka.errors import KafkaError

        consumer = self._consumer
        whole: list[Any] = []
        log: list[Any] = []
        for name in self.regions:
            for topic in ("heads", "waiting", "quarantine", "events"):
                full = f"collab.{name}.{topic}"
                numbers = consumer.partitions_for_topic(full) or set()
                self._shards[name] = len(numbers)
                kind = log if topic == "events" else whole
                kind += [TopicPartition(full, number) for number in numbers]
        try:
            consumer.assign([*whole, *log])
            ends = consumer.end_offsets([*whole, *log])
            for tp, first in consumer.beginning_offsets(whole).items():
                consumer.seek(tp, first)
            for tp in log:
                consumer.seek(tp, ends[tp])
            limit = time.monotonic() + _LOAD_S
            while any(consumer.position(tp) < ends[tp] for tp in whole):
                self.poll(_POLL_MS)
                if time.monotonic() > limit:
                    raise TimeoutError(f"not read to their ends within {_LOAD_S:g} s")
        except (KafkaError, OSError) as error:
            raise RecordsUnreachableError(
                f"the regions' topics on Kafka at {self._kafka.bootstrap_servers} can't be read "
                f"({error}); see that this user may read them"
            ) from error
        self._began = time.monotonic()
        self._loaded = True

    def poll(self, milliseconds: int) -> None:
        """Take in what has come. Nothing comes from a broker that is away."""
        for tp, records in self._consumer.poll(timeout_ms=milliseconds).items():
            _, region, topic = tp.topic.split(".")
            for record in records:
                self._take(region, topic, record)

    def _take(self, region: str, topic: str, record: Any) -> None:
        if topic == "heads":
            self.ends[region].take(record.partition, record.key, record.value)
        elif topic == "quarantine":
            self._quarantined[region] += 1
        elif topic == "waiting":
            at = (record.partition, record.key)
            waiting = self._waiting[region]
            (waiting.discard if record.value is None else waiting.add)(at)
        else:
            headers = dict(record.headers)
            origin = headers.get("ce_source", b"").decode().rpartition("/")[2]
            crossing = record.timestamp - _time_ms(headers.get("ce_time", b""))
            self._seen.append((time.monotonic(), region, origin, crossing))

    def _recent(self) -> tuple[float, list[tuple[float, str, str, float]]]:
        now = time.monotonic()
        while self._seen and now - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        return max(0.1, min(WINDOW_S, now - self._began)), list(self._seen)

    def crossed(self) -> Iterator[tuple[tuple[str, str], tuple[float, float]]]:
        """Give for each link what crossed of late: events a second, and the median crossing."""
        window, seen = self._recent()
        crossings: dict[tuple[str, str], list[float]] = {}
        for _, region, origin, crossing in seen:
            if origin != region:
                crossings.setdefault((origin, region), []).append(crossing)
        for link, times in crossings.items():
            yield link, (len(times) / window, median(times))

    def views(self, now: int) -> Iterator[RegionView]:
        """Give how each region stands."""
        window, seen = self._recent()
        came = Counter(region for _, region, _, _ in seen)
        for name in self.regions:
            workers, lag = self._group(name)
            ticks = self.ends[name].until_ms.values()
            yield RegionView(
                name,
                self._shards[name],
                workers,
                lag,
                came[name] / window,
                len(self._waiting[name]),
                self._quarantined[name],
                max(0, now - min(ticks)) / 1000 if ticks else None,
            )

    def _group(self, region: str) -> tuple[int | None, int | None]:
        from kafka.errors import KafkaError

        own = (f"collab.{region}.{name}" for name in ("submissions", "events", "heads"))
        links = (name for name in self._topics if name.endswith(f".to.{region}"))
        # A broker that is away is seen by ages that grow: the picture stays.
        with suppress(CollabbusError, KafkaError):
            if self._admin is None:
                self._admin = self._stack.enter_context(administrator(self._kafka))
            found = backlog(self._admin, f"collab.{region}.processor", [*own, *links])
            return found.members, sum(found.lag.values())
        return None, None


def _time_ms(text: bytes) -> float:
    try:
        return datetime.fromisoformat(text.decode()).timestamp() * 1000
    except ValueError:
        return float("nan")
