"""A region's node in the simulator: a shard's durable records, and the core that works on them."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link.history import history
from collabbus.link.keys import Identity, KeyDirectory
from collabbus.link.shipping import Past, Replayed, Shipping
from collabbus.model.contract import Contract
from collabbus.model.effects import Headers
from collabbus.model.journal import Region
from collabbus.model.record import Input, Recorder
from collabbus.model.shard import shard_of
from collabbus.model.store import Store, topic_of


class Crashed(Exception):
    """The node stopped here; what wasn't durable is gone."""


class Fenced(Exception):
    """Another owner has taken the shard: nothing of this one's transaction was written."""


@dataclass(slots=True)
class Logged:
    """A record of the region's log."""

    offset: int
    key: bytes
    value: bytes
    headers: Headers
    event: ev.Event
    """The value, read once for all who ask."""
    envelope: ev.Envelope


@dataclass(slots=True)
class Owner:
    """Who records a shard: what it remembers, and under which generation of its producer."""

    recorder: Recorder
    positions: dict[str, int]
    epoch: int


@dataclass(slots=True)
class Disk:
    """What survives a crash: the topics of one shard."""

    inputs: dict[str, list[tuple[int, bytes, bytes]]] = field(default_factory=dict)
    """Submissions under "", links under their peer: (time, key, value)."""
    positions: dict[str, int] = field(default_factory=dict)
    events: list[Logged] = field(default_factory=list)
    next_offset: int = 0
    outcomes: list[bytes] = field(default_factory=list)
    quarantine: list[bytes] = field(default_factory=list)
    leaves: list[pb.Leaves] = field(default_factory=list)
    waiting: dict[bytes, bytes] = field(default_factory=dict)
    epoch: int = 0
    """The generation of the shard's last producer: who has an older one is fenced."""
    held: int = 0
    """How many events were ever held."""
    state: dict[str, bytes] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)
    heads_log: list[tuple[str, bytes]] = field(default_factory=list)


class Node:
    """One region, one shard."""

    def __init__(
        self,
        name: str,
        peers: tuple[str, ...],
        identity: Identity,
        keys: KeyDirectory,
        contracts: Mapping[str, Contract],
        shard: int,
        shards: int,
    ) -> None:
        self.name = name
        self.shard = shard
        self.peers = peers
        self.siblings: dict[int, Node] = {shard: self}
        """The nodes of the region's shards, as far as they are simulated."""
        self.disk = Disk(inputs={"": [], **{peer: [] for peer in peers}})
        self.disk.positions = dict.fromkeys(self.disk.inputs, 0)
        self.identity = identity
        self._keys = keys
        self._contracts = contracts
        self._shards = shards
        self._now_ms = 0
        """The broker's time, as the inputs tell it."""
        self.zombie: Owner | None = None
        """An owner that stopped, and doesn't know that another has taken the shard."""
        self.start_record()
        self.start_dispatch()

    @property
    def title(self) -> str:
        """What stories call it: its region, and its shard where several play."""
        return self.name if len(self.siblings) == 1 else f"{self.name}/{self.shard}"

    @property
    def recorder(self) -> Recorder:
        """The recorder of the shard's present owner."""
        return self.owner.recorder

    def start_record(self) -> None:
        """Take the shard anew: fence, then state from its changelog and offsets with it."""
        self.disk.epoch += 1
        recorder = Recorder(
            Region(
                name=self.name,
                shard=self.shard,
                shards=self._shards,
                identity=self.identity,
                keys=self._keys,
                current=self._contracts,
                pinned={contract.hash: contract for contract in self._contracts.values()},
                store=Store(
                    {
                        **self.disk.state,
                        **{k: v for k, v in self.disk.heads.items() if topic_of(k) == "heads"},
                    }
                ),
            )
        )
        self.owner = Owner(recorder, dict(self.disk.positions), self.disk.epoch)

    def start_dispatch(self) -> None:
        """Take the shard's shipping anew: from its checkpoint."""
        self.shipping = Shipping(self.name, self.shard, self.peers, self.identity, self._keys)
        self._at = self.shipping.restore(self.disk.heads)
        self._heard = len(self.disk.heads_log)

    @property
    def waiting_inputs(self) -> int:
        """How many input records are not recorded yet."""
        return sum(len(r) - self.disk.positions[t] for t, r in self.disk.inputs.items())

    def record(self, rnd: random.Random, most: int, crash: str = "") -> int:
        """Record a run of up to `most` inputs in one transaction; give how many.

        `crash`: "before" the transaction, "in" it (aborted by whoever takes the shard next), or
        "after" it is through but before this node knows; "abort" is a transaction that fails
        while the node lives; "pause" stops the owner before its transaction, another takes the
        shard, and the stopped one may `wake`.
        """
        disk, owner = self.disk, self.owner
        positions = self._run(owner, rnd, most)
        done = sum(positions.values()) - sum(owner.positions.values())
        if not done:
            return 0
        if crash in ("before", "in", "pause"):
            disk.next_offset += 3 if crash == "in" else 0
            if crash == "pause":
                self.zombie = Owner(owner.recorder, positions, owner.epoch)
            self.start_record()
            raise Crashed(crash)
        if crash == "abort":
            self.start_record()
            return 0
        self._write(owner, positions)
        if crash == "after":
            self.start_record()
            raise Crashed(crash)
        owner.recorder.commit()
        owner.positions = positions
        return done

    def record_deed(self, deed: Callable[[Recorder], None]) -> None:
        """Have the owner record, in a transaction of its own, what no input asks of it."""
        deed(self.owner.recorder)
        self.owner.recorder.region.store.keep_input()
        self._write(self.owner, self.owner.positions)
        self.owner.recorder.commit()

    def wake(self) -> None:
        """Let an owner that was stopped go on with the transaction that it had begun.

        Raises Fenced: by then another has taken the shard.
        """
        zombie, self.zombie = self.zombie, None
        if zombie is not None:
            self._write(zombie, zombie.positions)

    def hand_in(self, now_ms: int, key: bytes, value: bytes) -> None:
        """Append to the shard's submissions, under the broker's time, which never goes back."""
        records = self.disk.inputs[""]
        records.append((max([now_ms, *(time_ms for time_ms, _, _ in records[-1:])]), key, value))

    def _run(self, owner: Owner, rnd: random.Random, most: int) -> dict[str, int]:
        """Have an owner decide some inputs; give the positions behind them."""
        inputs = self.disk.inputs
        self._now_ms = max([self._now_ms, *(r[-1][0] for r in inputs.values() if r)])
        positions = dict(owner.positions)
        done = 0
        while done < most:
            open_topics = [topic for topic in inputs if positions[topic] < len(inputs[topic])]
            if not open_topics:
                break
            topic = rnd.choice(open_topics)
            for _ in range(rnd.randint(1, most - done)):
                place = positions[topic]
                if place >= len(inputs[topic]):
                    break
                time_ms, key, value = inputs[topic][place]
                owner.recorder.record(Input(topic or None, topic, place, time_ms, key, value))
                positions[topic] += 1
                done += 1
        return positions

    def _write(self, owner: Owner, positions: dict[str, int]) -> None:
        """Make a run durable, all of it at once; raises Fenced for an owner that isn't any more."""
        disk, effects = self.disk, owner.recorder.effects
        if owner.epoch != disk.epoch:
            raise Fenced(self.name)
        for key, value, headers in effects.events:
            event = ev.Event.FromString(value)
            envelope = ev.Envelope.FromString(event.envelope)
            disk.events.append(Logged(disk.next_offset, key, value, headers, event, envelope))
            disk.next_offset += 1
        disk.next_offset += 1  # a control record takes an offset
        disk.outcomes += [value for _, value in effects.outcomes]
        disk.quarantine += [value for _, value in effects.quarantine]
        for key, value in effects.submissions:
            sibling = self.siblings.get(shard_of(key.decode(), self._shards), self)
            sibling.hand_in(self._now_ms, key, value)
        disk.leaves += [pb.Leaves.FromString(value) for _, value in effects.leaves]
        for waiting_key, waiting in effects.waiting:
            if waiting is None:
                disk.waiting.pop(waiting_key, None)
            else:
                disk.waiting[waiting_key] = waiting
                disk.held += 1
        for name, content in owner.recorder.changes().items():
            target = disk.heads if topic_of(name) == "heads" else disk.state
            if content is None:
                target.pop(name, None)
                continue
            target[name] = content
            if target is disk.heads:
                disk.heads_log.append((name, content))
        disk.positions = positions

    def dispatch(self, now_ms: int, crash: str = "") -> list[tuple[str, bytes]]:
        """Ship what the log has; give the parcels, by receiver.

        `crash` "sent": parcels are out, the checkpoint isn't written.
        """
        for key, value in self.disk.heads_log[self._heard :]:
            self.shipping.hear(key, value, now_ms)
        self._heard = len(self.disk.heads_log)
        for record in self._log(self._at):
            past = self._history(record)
            self.shipping.ship(record.offset, record.event, record.envelope, past)
        self._at = self.disk.next_offset
        made = list(self.shipping.flush(self._at, now_ms))
        for peer in self.shipping.stalled(now_ms):
            made += [(peer, parcel) for parcel in self._replay(peer, now_ms)]
        if crash == "sent":
            self.start_dispatch()
            return made
        self.disk.heads.update(self.shipping.checkpoint())
        return made

    def _replay(self, peer: str, now_ms: int) -> list[bytes]:
        start = self.shipping.replay_from(peer)
        records = [
            Replayed(record.offset, record.event, record.envelope, self._history(record))
            for record in self._log(start)
        ]
        return self.shipping.replay(peer, records, now_ms)

    def _log(self, start: int) -> Sequence[Logged]:
        """Give the log's records from an offset on."""
        events = self.disk.events
        return events[bisect_left(events, start, key=lambda record: record.offset) :]

    def _history(self, added: Logged) -> list[Past]:
        if not self.shipping.needs_history(added.envelope):
            return []
        before = (
            record.event
            for record in self.disk.events
            if record.offset < added.offset and record.key == added.key
        )
        return history(self.name, added.envelope, before, self.disk.leaves)
