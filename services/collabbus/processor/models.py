"""Models (数据模型): how often the shared models that a region knows have hit, for Prometheus.

Nothing is counted here: figures are read from the state of the shards that this process has, as
their last transactions left it. So a restart, a repeat or a rebalance changes none, and what
several processes tell may be added up: a version of a model is a matter, and lives in one shard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.measures import Measure
from collabbus.measures import processor as measures
from collabbus.model.hits import Figures, figures
from collabbus.model.journal import thread_key
from collabbus.model.store import Store
from collabbus.model.thread import MAIN, region_of

NAMED = 100
"""So many models have series of their own, others share one: a peer may publish what it likes."""
OTHER = "other"
"""The publisher of the others: no office is called so, since each name has its region in it."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a model, and what it has found."""

    network: str
    publisher: str
    """The office that published it and signed for it; whom it calls its owner anybody may write."""
    model: str
    version: str
    figures: Figures

    @property
    def labels(self) -> tuple[str, ...]:
        """What tells it from every other: an office publishes a version once."""
        return self.network, self.publisher, self.model, self.version


_GAUGES: tuple[tuple[Measure, Callable[[Figures], float | None]], ...] = (
    (measures.MODEL_HITS, lambda f: f.hits),
    (measures.MODEL_ANSWERED, lambda f: f.answered),
    (measures.MODEL_CONFIRMED, lambda f: f.confirmed),
    (measures.MODEL_CLUES, lambda f: f.clues),
    (measures.MODEL_PRECISION, lambda f: f.precision),
    (measures.MODEL_HIT_RATE, lambda f: f.hit_rate),
)


class Models(Collector):
    """The models in the shards of one process. Scraped from a thread of its own."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._shards: dict[int, dict[str, Published]] = {}

    def restored(self, shard: int, store: Store) -> None:
        """Take the models of a shard that was taken."""
        found = ((key, _published(store, key)) for key, _ in store.items("t/") if _is_main(key))
        self._shards[shard] = {key: one for key, one in found if one is not None}

    def changed(self, shard: int, store: Store, keys: Iterable[str]) -> None:
        """Take what a committed transaction has changed; `store` holds it already."""
        models = self._shards.setdefault(shard, {})
        for key in keys:
            if not _is_main(key):
                continue
            one = _published(store, key)
            if one is not None:
                models[key] = one
            else:
                models.pop(key, None)

    def released(self, shard: int) -> None:
        """Forget a shard: another process may tell of it from now on."""
        self._shards.pop(shard, None)

    def describe(self) -> Iterator[Metric]:
        """Name the metrics, before there is anything to tell."""
        yield from self._families().values()

    def collect(self) -> Iterator[Metric]:
        """Give the figures of all models, those of the region's own offices and busy ones first."""
        models = [one for shard in list(self._shards.values()) for one in list(shard.values())]
        models.sort(key=self._rank)
        families = self._families()
        told = [(one.labels, one.figures) for one in models[:NAMED]]
        if rest := models[NAMED:]:
            told.append((("", OTHER, OTHER, ""), Figures.total(one.figures for one in rest)))
        for labels, found in told:
            for measure, value in _GAUGES:
                if (number := value(found)) is not None:
                    families[measure.name].add_metric([self._region, *labels], number)
        yield from families.values()

    def _rank(self, one: Published) -> tuple[object, ...]:
        return region_of(one.publisher) != self._region, -one.figures.hits, one.labels

    def _families(self) -> dict[str, GaugeMetricFamily]:
        return {measure.name: measure.family() for measure, _ in _GAUGES}


def _is_main(key: str) -> bool:
    return key.startswith("t/") and key.endswith("/" + MAIN)


def _published(store: Store, key: str) -> Published | None:
    """Give the model that a main thread has published, if it has."""
    matter_id = key.split("/")[1]
    # The matter's record is the smaller one, and tells for most that they are no models.
    matter = st.Matter.FromString(store.get("m/" + matter_id) or b"")
    if matter.family != ev.FAMILY_DATASHARE:
        return None
    thread = st.Thread.FromString(store.get(thread_key(matter_id, MAIN)) or b"")
    if not thread.HasField("model"):
        return None
    model = thread.model
    return Published(matter.network, matter.host, model.model_id, model.version, figures(model))
