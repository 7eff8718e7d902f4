"""The bed: one installation on which everything is measured, so that no part has a fresh broker.

Three regions on one broker that is run for speed; processors are started and stopped by whoever
measures.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support import plain
from tests.support.metrics import total
from tests.support.waiting import until

from benchmarks.matters import Region, Signed
from benchmarks.mixture import Mixture
from collab.v1 import submission_pb2 as sub
from collabbus.installation import Installation
from collabbus.operate.broker import Broker
from collabbus.operate.kafka import Kafka

CONTRACTS = Path(__file__).parent.parent / "contracts"
NETWORK = "jingjinji"
SHARDS = 4
REGIONS = ("beijing", "tianjin", "hebei")


class Bed:
    """An installation, and what the measurements do with it."""

    def __init__(self, kafka: Kafka, folder: Path) -> None:
        self.folder = folder
        self._metered = folder / "metered"
        self._known: set[str] = set()
        self.installation = Installation(
            kafka, folder, CONTRACTS, NETWORK, shards=SHARDS, module="benchmarks.processor",
            environment={"COLLABBENCH_METER": str(self._metered)},
        )  # fmt: skip
        self.broker = Broker(kafka, folder / "broker-all", jit="full", heap="1g")
        self.installation.brokers["all"] = self.broker

    def __enter__(self) -> Self:
        self.installation.start(processors=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.installation.stop()

    @property
    def bootstrap(self) -> str:
        """The broker's address."""
        return self.broker.bootstrap

    def start(self, regions: Iterable[str], *, metered: bool = False) -> None:
        """Start the processors of some regions, with their cryptography metered if asked."""
        if metered:
            self._metered.mkdir(exist_ok=True)
            for file in self._metered.iterdir():
                file.unlink()
        for region in regions:
            if region in self._known:
                self.installation.supervisor.start(f"{region}-0")
            else:
                self._known.add(region)
                self.installation.add_processor(region)

    def stop(self) -> None:
        """Stop the processors; what they had under way they finish."""
        names = [f"{region}-0" for region in self._known]
        codes = self.installation.supervisor.stop(*names, grace=20.0) if names else {}
        failed = {name: code for name, code in codes.items() if code not in (None, 0)}
        if failed:
            raise RuntimeError(f"processors ended with {failed}; see the logs in {self.folder}")
        if self._metered.exists():
            for file in self._metered.iterdir():
                file.rename(self.folder / f"last-{file.name}")
            self._metered.rmdir()

    def sums(self, region: str) -> Path:
        """Give the file of a region's last metered run, once it is stopped."""
        return self.folder / f"last-{region}.jsonl"

    def pids(self, regions: Iterable[str]) -> dict[str, int | None]:
        """Give the processes of some regions' processors and the broker."""
        supervisor = self.installation.supervisor
        return {
            "broker": self.broker.pid,
            **{region: supervisor.pid(f"{region}-0") for region in regions},
        }

    def transactions(self, regions: Iterable[str]) -> dict[str, float]:
        """Give how many transactions the processors of some regions have committed so far."""
        ports = self.installation.metrics_ports
        return {
            region: total(ports[f"{region}-0"], "collabbus_transactions_total")
            for region in regions
        }

    def backlog(self, region: str, observers: str | None, count: int, run: str) -> int:
        """Fill a region's submissions with whole matters of assistance; give how many they are."""
        found = self.installation
        matters = Region(found.network, region, observers, SHARDS, found.office_key, run)
        return self._submit(region, matters.backlog(count, time.time_ns() // 1_000_000))

    def mixture(self, region: str, run: str) -> tuple[int, dict[str, dict[str, int]]]:
        """Fill a region's submissions with all families; give how many they are, and their shares.

        The shares are by family, and in it by part.
        """
        mixture = Mixture(CONTRACTS, NETWORK, region, SHARDS, self.installation.office_key, run)
        count = self._submit(region, mixture.backlog(1, time.time_ns() // 1_000_000))
        shares: dict[str, dict[str, int]] = {}
        for (family, part), given in sorted(mixture.shares.items()):
            shares.setdefault(family, {})[part] = given
        return count, shares

    def _submit(self, region: str, backlog: Iterable[Signed]) -> int:
        by_shard: dict[int, list[tuple[bytes, bytes]]] = {n: [] for n in range(SHARDS)}
        for signed in backlog:
            by_shard[signed.shard].append((signed.key, signed.value))
        for shard, records in by_shard.items():
            plain.produce(self.bootstrap, f"collab.{region}.submissions", records, partition=shard)
        return sum(map(len, by_shard.values()))

    def ends(self, region: str, topic: str = "events") -> dict[int, int]:
        """Give where the partitions of one of a region's topics end."""
        return plain.ends(self.bootstrap, f"collab.{region}.{topic}", SHARDS)

    def read(self, region: str, topic: str, since: dict[int, int]) -> list[plain.Plain]:
        """Give what was committed to one of a region's topics since then."""
        return plain.read(self.bootstrap, f"collab.{region}.{topic}", since=since)

    def recorded(
        self, region: str, since: dict[int, int], count: int, limit_s: float = 90.0
    ) -> list[plain.Plain]:
        """Wait until a region's log has so many events more than `since`, and give them.

        Raises NotInTime.
        """
        return self._grown(region, "events", since, count, limit_s, lambda record: True)

    def decided(
        self, region: str, since: dict[int, int], count: int, run: str, limit_s: float = 90.0
    ) -> list[plain.Plain]:
        """Wait until so many submissions of a run are decided, and give their outcomes.

        Raises NotInTime, and RuntimeError if one was rejected: a mixture holds what is allowed.
        """

        def ours(record: plain.Plain) -> bool:
            outcome = sub.Outcome.FromString(record.value or b"")
            mine = outcome.submission_id.startswith(f"{run}-")
            if mine and outcome.decision != sub.DECISION_RECORDED:
                raise RuntimeError(f"{outcome.submission_id}: {outcome.code} {outcome.reason}")
            return mine

        return self._grown(region, "outcomes", since, count, limit_s, ours)

    def _grown(
        self,
        region: str,
        topic: str,
        since: dict[int, int],
        count: int,
        limit_s: float,
        counts: Callable[[plain.Plain], bool],
    ) -> list[plain.Plain]:
        # Control records take offsets, so the topic is read only when it may have them all. Who
        # looks uses the broker that is measured, so it looks seldom.
        wanted = count

        def look() -> list[plain.Plain]:
            nonlocal wanted
            grown = sum(self.ends(region, topic).values()) - sum(since.values())
            if grown < wanted:
                return []
            found = [record for record in self.read(region, topic, since) if counts(record)]
            wanted = grown + count - len(found)
            return found if len(found) >= count else []

        return until(look, limit_s, f"{count} records of {topic} of {region}", pause=0.2)

    def metered(self, until_s: float) -> None:
        """Wait until each metered process has written where it stood at a time or later."""

        def look() -> bool:
            return all(
                json.loads(file.read_text("utf-8").splitlines()[-1])["time"] >= until_s
                for file in self._metered.iterdir()
            )

        until(look, 10.0, "the meters' sums", pause=0.1)


def rate(events: Iterable[plain.Plain]) -> float:
    """Give events a second by the broker's clock.

    The first and the last hundredth are left out: a start and an end are no pace.
    """
    times = sorted(event.time_ms for event in events)
    cut = len(times) // 100
    return (len(times) - 2 * cut - 1) / (times[-1 - cut] - times[cut]) * 1000
