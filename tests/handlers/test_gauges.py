"""What a host tells of the shards that it has, without Kafka."""

from __future__ import annotations

from typing import cast

from collabbus.handlers import ClueMatter, ClueTransferred, Event, Failure, Handlers, on
from collabbus.handlers.delivery import Parked
from collabbus.handlers.host import Host
from collabbus.handlers.middleware.metrics import Metrics
from collabbus.handlers.work import Work
from collabbus.link.keys import PrivateKey
from collabbus.settings import HandlerSettings, KafkaSettings
from tests.handlers.bench import OFFICE


@on(ClueTransferred)
async def register(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    pass


@on(ClueTransferred)
async def note(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    pass


HANDLERS = Handlers("desk", register, note)


class Told:
    """A host that was given shards, and what it tells."""

    def __init__(self, *works: Work) -> None:
        self.metrics = Metrics(OFFICE, "desk")
        self.host = Host(
            HANDLERS, OFFICE, cast("PrivateKey", None), KafkaSettings(), HandlerSettings(),
            metrics=self.metrics,
        )  # fmt: skip
        self.host._work = {work.shard: work for work in works}

    def value(self, name: str, **labels: str) -> float | None:
        names = {"office": OFFICE, "group": "desk", **labels}
        return self.metrics.registry.get_sample_value(f"collabbus_handler_{name}", names)


def parked(matter: str, handler: str) -> Parked:
    return Parked(matter, 3, "cd" * 16, handler, Failure("ValueError"), 6, 1_793_000_000_000)


def work(shard: int, position: int, *held: Parked) -> Work:
    return Work(shard, HANDLERS, (OFFICE,), position, held)


def test_parked_matters_are_counted_by_the_handler_that_failed_over_all_shards() -> None:
    first = work(0, 9, parked("a" * 32, "note"), parked("b" * 32, "renamed"))
    told = Told(first, work(2, 9, parked("c" * 32, "note")))
    told.host._count_parked()
    found = {one: told.value("parked", handler=one) for one in ("register", "note", "renamed")}
    assert found == {"register": 0, "note": 2, "renamed": 1}
    told.host._work = {}
    told.host._count_parked()
    assert {told.value("parked", handler=one) for one in found} == {0}
