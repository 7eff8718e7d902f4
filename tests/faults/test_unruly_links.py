"""Gaps heal (invariant 5): links that lose, repeat, delay and reorder parcels, on real clusters.

What carries the links between the three clusters here is the test's own, and means no good. Then it
turns honest, and without anybody's help everything that was sent must arrive.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pytest
from confluent_kafka import Producer

from collabbus.installation import Installation
from tests.faults import campaign
from tests.faults.checks import violations
from tests.faults.history import collect
from tests.support.crowd import Crowd
from tests.support.desk import Desk
from tests.support.following import Follower
from tests.support.metrics import total
from tests.support.plain import Plain

if TYPE_CHECKING:
    from collabbus.operate.kafka import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600)]

LOST, REPEATED, LATE_S = 0.15, 0.2, 2.0


class Carrier:
    """Carries every link from cluster to cluster, after its fashion."""

    def __init__(self, installation: Installation, seed: int) -> None:
        self.honest = False
        self.did: Counter[str] = Counter()
        self._installation = installation
        self._rnd = random.Random(seed)
        self._queue: list[tuple[float, int, Plain]] = []
        self._wake = threading.Condition()
        self._ended = False
        self._producers = {
            region: Producer(
                {
                    "bootstrap.servers": installation.broker_of(region).bootstrap,
                    "linger.ms": 0,
                    "message.max.bytes": 4 << 20,
                    "log_level": 2,
                }
            )
            for region in installation.regions
        }
        self._followers = [
            Follower(
                installation.broker_of(region).bootstrap,
                [f"collab.{region}.to.{peer}" for peer in installation.peers(region)],
                installation.shards,
                self._see,
            )
            for region in installation.regions
        ]
        self._thread = threading.Thread(target=self._run, name="carrier", daemon=True)

    def _see(self, parcel: Plain, seen_s: float) -> None:
        with self._wake:
            copies = 1
            if not self.honest:
                if self._rnd.random() < LOST:
                    self.did["lost"] += 1
                    return
                if self._rnd.random() < REPEATED:
                    self.did["repeated"] += 1
                    copies = 2
            for _ in range(copies):
                late = 0.0 if self.honest else self._rnd.random() ** 3 * LATE_S
                heapq.heappush(self._queue, (seen_s + late, self._rnd.getrandbits(60), parcel))
            self._wake.notify()

    def _run(self) -> None:
        newest: dict[tuple[str, int], int] = {}
        while True:
            with self._wake:
                while not self._ended and (not self._queue or self._queue[0][0] > time.time()):
                    self._wake.wait(0.02)
                if self._ended:
                    return
                _, _, parcel = heapq.heappop(self._queue)
            link = parcel.topic, parcel.partition
            if parcel.offset < newest.get(link, -1):
                self.did["overtaken"] += 1
            newest[link] = max(newest.get(link, -1), parcel.offset)
            producer = self._producers[parcel.topic.rpartition(".")[2]]
            producer.produce(parcel.topic, parcel.value, partition=parcel.partition)
            producer.poll(0)
            self.did["carried"] += 1

    def __enter__(self) -> Self:
        self._thread.start()
        for follower in self._followers:
            follower.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for follower in self._followers:
            follower.__exit__(kind, error, trace)
        with self._wake:
            self._ended = True
            self._wake.notify()
        self._thread.join(10)


def test_what_links_lose_is_sent_again_and_what_they_repeat_has_no_effect(
    kafka: Kafka, tmp_path: Path
) -> None:
    """Invariants 2 to 5."""
    installation = Installation(
        kafka,
        tmp_path / "i",
        campaign.ROOT / "contracts",
        "jingjinji",
        topology="clusters",
        mirrored=False,
        environment=campaign.environment(),
    )
    desk = Desk(installation)
    with (
        installation,
        Carrier(installation, 7) as carrier,
        Crowd(installation, desk, 7) as crowd,
    ):
        crowd.submit(600, 20.0)
        ports = installation.metrics_ports.values()
        resent = sum(total(port, "collabbus_resent_total") for port in ports)
        carrier.honest = True
        assert campaign.rest(installation, desk) == ""
        installation.supervisor.stop()
        history = collect(installation, desk)
    assert carrier.did["lost"] > 50, carrier.did
    assert carrier.did["repeated"] > 50, carrier.did
    assert carrier.did["overtaken"] > 50, carrier.did
    assert resent > 0, "nothing was ever sent again"
    assert len(history.acknowledged) >= 600
    assert violations(history) == {}
