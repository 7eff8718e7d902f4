"""A stage on real Kafka: scenarios played through the SDK, and looked at with plain readers."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.installation import Installation
from collabbus.model.journal import thread_key
from collabbus.model.report import KINDS, Reports
from collabbus.model.thread import region_of
from collabbus.sdk import Office, Rejected, Seen, follow
from collabbus.sdk.listener import reader, seek
from collabbus.simulate.play import Refused

ARRIVAL_S = 30.0
"""How long something may take to arrive before a scenario is given up."""


class _States(threading.Thread):
    """Follows a region's state topic: what its processor holds, as anybody can read it."""

    def __init__(
        self, installation: Installation, region: str, changed: threading.Condition
    ) -> None:
        super().__init__(name=f"states-{region}", daemon=True)
        self.held: dict[str, st.Thread] = {}
        self.ended = threading.Event()
        self._changed = changed
        self._consumer = reader(installation.kafka_of(region), 10.0)
        seek(self._consumer, f"collab.{region}.state", "beginning", 10.0, installation.shards)

    def run(self) -> None:
        """Read until `ended` is set."""
        while not self.ended.is_set():
            for records in self._consumer.poll(timeout_ms=100).values():
                with self._changed:
                    for record in records:
                        key = record.key.decode()
                        if key.startswith("t/") and record.value is not None:
                            self.held[key] = st.Thread.FromString(record.value)
                    self._changed.notify_all()
        self._consumer.close(autocommit=False, timeout_ms=1000)


class KafkaStage:
    """Plays scenarios on an installation; a context manager that leaves nothing running."""

    leaps = False
    """The brokers' time can't leap."""

    def __init__(
        self, installation: Installation, show: Callable[[str, Seen], None] = lambda r, s: None
    ) -> None:
        """`show` is called, in threads of the stage, for each event as it is recorded."""
        self._installation = installation
        self._show = show
        self._stack = ExitStack()
        self._changed = threading.Condition()
        self._events: dict[str, dict[str, ev.Envelope]] = {r: {} for r in installation.regions}
        self._reports: dict[tuple[str, str], Reports] = defaultdict(Reports)
        self._states: dict[str, _States] = {}
        self._offices: dict[str, Office] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for region in self._installation.regions:
                self._start(stack, region)
            self._stack = stack.pop_all()
        return self

    def _start(self, stack: ExitStack, region: str) -> None:
        installation = self._installation
        stop = threading.Event()
        watch = follow(
            region, installation.kafka_of(region), installation.shards, "beginning", stop=stop
        )

        def look() -> None:
            for seen in watch:
                with self._changed:
                    self._events[region][seen.envelope.event_id] = seen.envelope
                    if seen.type in KINDS:
                        self._reports[region, seen.envelope.matter_id].take(
                            seen.envelope, seen.body
                        )
                    self._changed.notify_all()
                self._show(region, seen)

        thread = threading.Thread(target=look, name=f"watch-{region}", daemon=True)
        thread.start()
        stack.callback(thread.join, 5.0)
        stack.callback(stop.set)
        states = self._states[region] = _States(installation, region, self._changed)
        states.start()
        stack.callback(states.join, 5.0)
        stack.callback(states.ended.set)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def contracts(self) -> Contracts:
        """The installation's contracts."""
        return self._installation.contracts

    def now_ms(self) -> int:
        """Give this machine's time."""
        return time.time_ns() // 1_000_000

    def office(self, office: str) -> Office:
        """Give an office's connection, made at its first use."""
        found = self._offices.get(office)
        if found is None:
            installation = self._installation
            found = Office(
                office,
                installation.office_key(office),
                installation.network.id,
                kafka=installation.kafka_of(region_of(office)),
                shards=installation.shards,
            )
            self._offices[office] = self._stack.enter_context(found)
        return found

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Submit through the SDK, and wait for the outcome; raises Refused."""
        office = self.office(draft.office)
        submitted = office.submit(draft, timeout=ARRIVAL_S).result(ARRIVAL_S + 5)
        try:
            return office.wait_recorded(submitted, timeout=ARRIVAL_S).event_ids
        except Rejected as rejected:
            raise Refused(rejected.reason_code, rejected.field, rejected.reason) from rejected

    def leap(self, days: int) -> None:
        """Do nothing: the brokers' time can't leap."""

    def rest(self) -> None:
        """Do nothing: nobody can tell here that nothing more will come."""

    def events(self, region: str) -> Mapping[str, ev.Envelope]:
        """Give what a region's log has shown, by event id."""
        return self._events[region]

    def threads(self, region: str) -> Mapping[str, st.Thread]:
        """Give what a region's state topic has shown, by key."""
        return self._states[region].held

    def reports(self, region: str, matter_id: str) -> Reports:
        """Give what a region's log has shown of reports of a matter."""
        return self._reports[region, matter_id]

    def await_event(self, region: str, event_id: str) -> bool:
        """Wait until a region's log shows an event."""
        return self.until(lambda: event_id in self._events[region])

    def await_thread(
        self, region: str, matter_id: str, name: str, good: Callable[[st.Thread], bool]
    ) -> st.Thread | None:
        """Wait until a region's state of a thread is good; the last one seen if it never is."""
        held, key = self._states[region].held, thread_key(matter_id, name)
        self.until(lambda: key in held and good(held[key]))
        return held.get(key)

    def until(self, reached: Callable[[], bool]) -> bool:
        """Wait until something holds, looking whenever a region shows something new."""
        with self._changed:
            return self._changed.wait_for(reached, timeout=ARRIVAL_S)
