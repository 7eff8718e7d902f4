"""Told: logs of the simulator, folded or projected, beside the states that its processors hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from collab.state.v1 import state_pb2 as st
from collabbus.contracts import Contracts, load
from collabbus.ledger.fold import Fold, Logged
from collabbus.ledger.projection import Record
from collabbus.model.contract import Contract
from collabbus.model.journal import thread_key
from collabbus.model.thread import picture
from collabbus.simulate.alliance import Alliance
from collabbus.simulate.campaign import network_of
from collabbus.simulate.node import Node
from tests.model.neighbours import CONTRACTS

Pictures = dict[tuple[str, str], tuple[object, ...]]
"""What all must agree on of each thread, by matter and name."""


@cache
def contracts() -> Contracts:
    return load(CONTRACTS)


def pinned() -> Mapping[bytes, Contract]:
    loaded = contracts()
    found = [loaded.pin(name) for name in loaded.networks]
    return {one.hash: one for one in found}


def alliance(seed: int, steps: int = 250, *, age: bool = True) -> Alliance:
    """Play a seed to its rest, and let all fall due in the end."""
    made = Alliance(contracts().pin(network_of(seed, contracts())), seed)
    for _ in range(steps):
        made.step()
    for rest in (made.drain, made.settle, *([made.age] if age else [])):
        rest()
    return made


def fold(region: str, node: Node, contract: Callable[[bytes], Contract | None]) -> Fold:
    """Fold all of a node's log at once."""
    folded = Fold(region, contract)
    for place, one in enumerate(node.disk.events, 1):
        folded.take(Logged.read(node.shard, one.offset, 1, one.value), place)
    return folded


def records(node: Node) -> list[Record]:
    """Give a node's log as the ledger reads it."""
    return [
        Record("events", node.shard, one.offset, 1_790_000_000_000, one.key, one.value)
        for one in node.disk.events
    ]


def held(node: Node) -> Pictures:
    """Give what a node's processor holds of threads of which an event has been applied."""
    found = (
        (key, st.Thread.FromString(value))
        for key, value in node.disk.state.items()
        if key.startswith("t/")
    )
    return {
        (key.split("/")[1], thread.thread): picture(thread)
        for key, thread in found
        if thread.origins
    }


def archived(node: Node) -> set[str]:
    """Give the matters of which a node's processor has kept a stub alone."""
    return {key[2:] for key in node.disk.state if key.startswith("a/")}


def pictures(threads: Iterable[tuple[str, st.Thread]]) -> Pictures:
    return {(matter_id, one.thread): picture(one) for matter_id, one in threads}


def regions(made: Alliance) -> Iterator[tuple[str, Node]]:
    for (region, _), node in made.nodes.items():
        yield region, node


def slipped(made: Alliance, region: str) -> set[tuple[str, str]]:
    """Give the threads in which a region that lies wrote into its log what its state never had."""
    return {
        (lie.envelope.matter_id, lie.envelope.thread)
        for lie in made.lies.told.values()
        if lie.slipped and lie.node.name == region
    }


def differences(
    node: Node, found: Pictures, gone: set[str], besides: Collection[tuple[str, str]] = ()
) -> list[str]:
    """Tell where the ledger says something else than the processor, but for some threads."""
    wanted = held(node)
    told = [] if gone == archived(node) else [f"archived: {gone ^ archived(node)}"]
    for key in wanted.keys() | found.keys():
        if key[0] in gone or key in besides:
            continue
        if wanted.get(key) != found.get(key):
            told.append(f"{thread_key(*key)}: {wanted.get(key)} was held, not {found.get(key)}")
    return told
