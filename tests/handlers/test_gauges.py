"""What a host tells of the shards that it has, without Kafka."""

from __future__ import annotations

from typing import Any, cast

from aiokafka import TopicPartition

from collabbus.handlers import ClueMatter, ClueTransferred, Event, Failure, Handlers, on
from collabbus.handlers.delivery import Item, Parked
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


class Consumer:
    """One that has fetched of shards 0 to 2, and not yet of shard 3."""

    ENDS: dict[int, int | None] = {0: 20, 1: 30, 2: 10, 3: None}  # noqa: RUF012 - for reading

    def assignment(self) -> set[Any]:
        return {TopicPartition("collab.tianjin.events", number) for number in self.ENDS}

    def highwater(self, tp: Any) -> int | None:
        return self.ENDS[tp.partition]


class Told:
    """A host that was given shards, and what it tells."""

    def __init__(self, *works: Work) -> None:
        self.metrics = Metrics(OFFICE, "desk")
        self.host = Host(
            HANDLERS, OFFICE, cast("PrivateKey", None), KafkaSettings(), HandlerSettings(),
            metrics=self.metrics,
        )  # fmt: skip
        self.host._work = {work.shard: work for work in works}
        self.host._consumer = Consumer()

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


def test_how_far_a_host_is_behind_is_what_its_shards_have_from_the_first_that_is_not_done() -> None:
    busy = work(0, 9)
    busy.delivery.take("a" * 32, Item(12, "cd" * 16, ("note",), cast("Any", None)))
    busy.delivery.passed(17)
    told = Told(busy, work(2, 10), work(3, 5))
    told.host._count_behind()
    assert told.value("behind") == 20 - 12, "shard 1 is another host's"
    [run] = busy.delivery.due(0, 1)
    busy.delivery.succeeded(run)
    told.host._count_behind()
    assert told.value("behind") == 20 - 18
