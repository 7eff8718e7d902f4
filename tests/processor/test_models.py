from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.model.journal import thread_key
from collabbus.model.store import Store
from collabbus.model.thread import MAIN
from collabbus.processor.metrics import Metrics
from collabbus.processor.models import NAMED, OTHER, Models

HITS = "collabbus_model_hits"


def state(
    number: int, publisher: str = "beijing/provincial", hits: int = 1, confirmed: int = 0
) -> dict[str, bytes]:
    """Give the state of a matter that published model `m<number>`."""
    matter_id = f"{number:032x}"
    matter = st.Matter(
        matter_id=matter_id, network="jingjinji", family=ev.FAMILY_DATASHARE, host=publisher
    )
    thread = st.Thread(thread=MAIN)
    thread.model.model_id, thread.model.version = f"m{number}", "1"
    for n in range(1, hits + 1):
        thread.model.findings.add(origin="beijing", number=n, hit=b"%d" % n)
    for n in range(1, confirmed + 1):
        thread.model.findings.add(
            origin="beijing", number=hits + n, hit=b"%d" % n, confirmed=True, clue=False
        )
    return {
        "m/" + matter_id: matter.SerializeToString(),
        thread_key(matter_id, MAIN): thread.SerializeToString(),
    }


def told(models: Models, metric: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(models)
    found = [
        sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == metric and labels.items() <= sample.labels.items()
    ]
    return sum(found) if found else None


def commit(models: Models, store: Store, changes: dict[str, bytes | None]) -> None:
    """Change a shard's state as a transaction does: the shell looks before the store commits."""
    for key, value in changes.items():
        if value is None:
            store.drop(key)
        else:
            store.put(key, value)
    store.keep_input()
    models.changed(0, store, store.changes())
    store.commit()


def test_a_model_that_was_restored_has_the_figures_of_its_state() -> None:
    models = Models("beijing")
    models.restored(0, Store(state(1, hits=4, confirmed=2)))
    labels = {"region": "beijing", "publisher": "beijing/provincial", "model": "m1", "version": "1"}
    wanted = {"hits": 4, "answered": 2, "confirmed": 2, "clues": 0, "precision": 1, "hit_rate": 0.5}
    assert {name: told(models, f"collabbus_model_{name}", **labels) for name in wanted} == wanted


def test_a_rate_that_nothing_tells_of_is_not_told() -> None:
    models = Models("beijing")
    models.restored(0, Store(state(1, hits=0)))
    assert told(models, HITS) == 0
    assert told(models, "collabbus_model_precision") is None
    assert told(models, "collabbus_model_hit_rate") is None


def test_a_change_replaces_figures_and_a_shard_that_is_taken_again_counts_once() -> None:
    models, store = Models("beijing"), Store(state(1, hits=1))
    models.restored(0, store)
    commit(models, store, dict(state(1, hits=3)))
    assert told(models, HITS) == 3
    commit(models, store, dict(state(1, hits=3)))
    models.restored(0, store)
    assert told(models, HITS) == 3


def test_what_was_archived_or_given_away_is_told_no_more() -> None:
    models, store = Models("beijing"), Store({**state(1), **state(2, hits=5)})
    models.restored(0, store)
    commit(models, store, dict.fromkeys(state(1)))
    assert told(models, HITS) == 5
    models.released(0)
    assert told(models, HITS) is None


def test_other_matters_of_the_family_are_no_models() -> None:
    kept = state(1)
    [key] = [key for key in kept if key.startswith("t/")]
    kept[key] = st.Thread(thread=MAIN).SerializeToString()
    models = Models("beijing")
    models.restored(0, Store(kept))
    assert told(models, HITS) is None


def test_no_peer_can_make_more_series_than_are_named() -> None:
    """Own models keep theirs, the busiest of the others too; no hit is lost from the total."""
    models = Models("beijing")
    models.restored(0, Store(state(0, hits=1)))
    kept: dict[str, bytes] = {}
    for number in range(1, 3 * NAMED):
        kept |= state(number, "tianjin/provincial", hits=2 + number % 2)
    models.restored(1, Store(kept))
    labels = {
        tuple(sample.labels.values()) for family in models.collect() for sample in family.samples
    }
    assert len(labels) == NAMED + 1
    assert told(models, HITS, model="m0") == 1
    assert told(models, HITS, model="m1") == 3
    busy, all_hits = (NAMED - 1) * 3, 1 + sum(2 + n % 2 for n in range(1, 3 * NAMED))
    assert told(models, HITS, publisher=OTHER) == all_hits - 1 - busy
    assert told(models, HITS) == all_hits


def test_a_processor_shows_them_beside_its_other_metrics() -> None:
    metrics = Metrics("beijing")
    metrics.models.restored(0, Store(state(1)))
    assert b'collabbus_model_hits{model="m1",network="jingjinji"' in generate_latest(
        metrics.registry
    )
