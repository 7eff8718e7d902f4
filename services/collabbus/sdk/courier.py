"""The courier: one thread that signs what has come together and has it carried to the broker.

A letter waits unsigned, is signed with its neighbours, is handed to the producer, and stays in
`_handed` until the broker acknowledges it. Where the producer makes no progress it is given up,
and all that it held goes to a new one, the same bytes: at worst the region gets a record twice,
which is one effect. A key that can't sign fails its own letters alone. Should the thread itself
fail, all that is under way is given up at once, and so is what comes later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from kafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)

from collabbus.model import batch
from collabbus.sdk.errors import NotSigned, words
from collabbus.sdk.letter import Letter
from collabbus.sdk.line import Line
from collabbus.sdk.producer import Producer

LINGER_S = 0.005
"""How long a draft waits for others to be signed and sent with.

One for which somebody waits goes at once, if nothing is on its way already.
"""
LIMIT = 8192
"""Letters under way; who brings another one waits until a quarter of them is settled."""
STALL_S = 5.0
"""A producer that leaves a record so long unacknowledged is given up."""
_BEAT_S = 0.1
_REFUSALS = (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)
"""What the broker would say again."""

_log = logging.getLogger(__name__)


class Courier:
    """Carries letters to one topic; `post` may be called by many threads."""

    def __init__(
        self,
        connect: Callable[[], Producer],
        topic: str,
        expect: Callable[[str, bytes], None],
    ) -> None:
        self._topic = topic
        self._expect = expect
        # Single operations on dicts and deques are atomic, so letters pass without a lock; it is
        # taken to wait, to wake who waits, and to move letters between queues.
        lock = threading.RLock()
        self._work = threading.Condition(lock)
        """For the thread, while it naps or lingers."""
        self._napping = False
        self._lingering = False
        self._room = threading.Condition(lock)
        """For those who wait until letters are settled."""
        self._waiting = 0
        self._under_way: dict[Letter, None] = {}
        """Not settled."""
        self._unsigned: deque[Letter] = deque()
        self._signed: deque[Letter] = deque()
        """To be handed once more."""
        self._handed: dict[Letter, None] = {}
        """Not acknowledged, in the order in which the producer got them."""
        self._carrier: Producer | None = None
        """The producer that got them."""
        self._next_look = 0.0
        self._flushing = False
        self._stopped = False
        self._broken = ""
        """Why the thread has ended by itself."""
        self._line = Line(connect, self._wake)
        self._thread = threading.Thread(target=self._run, name="collabbus-courier", daemon=True)

    @property
    def why(self) -> str:
        """What keeps letters from being acknowledged, as far as is known."""
        return self._broken or self._line.why

    @property
    def under_way(self) -> int:
        """How many letters aren't settled."""
        return len(self._under_way)

    def start(self, timeout: float) -> None:
        """Connect; raises what the first attempt did, or TimeoutError after `timeout` seconds."""
        self._thread.start()
        self._line.open()
        with self._room:
            self._room.wait_for(lambda: self._line.producer or self._line.error, timeout)
        if self._line.producer is None:
            self.close(0)
            raise self._line.error or TimeoutError(f"no answer within {timeout:g} s")

    def post(self, letter: Letter) -> None:
        """Take a letter; its future is settled by its deadline, give or take 0.1 s.

        Waits where LIMIT letters are under way, until the letter's deadline at the longest.
        """
        if len(self._under_way) >= LIMIT or self._waiting:
            self._await(lambda: self._has_room() or self._flushing, letter.deadline)
            if len(self._under_way) >= LIMIT:
                letter.give_up(f"{LIMIT} others are under way; {self.why}")
                return
        self._under_way[letter] = None
        letter.future.add_done_callback(lambda _: self._settled(letter))
        if self._flushing:
            letter.give_up("the Office is closed")
            return
        self._unsigned.append(letter)
        if self._napping or (self._lingering and len(self._unsigned) >= batch.LIMIT):
            with self._work:
                self._work.notify()
        if self._stopped:  # meanwhile, and the thread may not have seen it
            letter.give_up(self._broken or "the Office is closed")

    def close(self, timeout: float) -> list[Letter]:
        """Take no more, wait for what is under way, stop; give the letters that were given up.

        Returns after `timeout` seconds, and two more, at the latest. Nothing is sent after that.
        """
        self._flushing = True
        self._wake()
        self._await(lambda: not self._under_way, time.monotonic() + timeout)
        self._stopped = True
        self._wake()
        left = list(self._under_way)
        for letter in left:
            letter.give_up(f"the Office was closed; {self.why}")
        self._line.close(idle=not self._handed)
        if self._thread.ident is not None:
            self._thread.join(1.0)
        return left

    def _has_room(self) -> bool:
        return len(self._under_way) <= LIMIT * 3 // 4

    def _await(self, settled: Callable[[], object], deadline: float) -> None:
        with self._room:
            # First this is seen, then what is waited for is looked at: whoever settles a letter
            # does both the other way round.
            self._waiting += 1
            self._room.wait_for(settled, max(0.0, deadline - time.monotonic()))
            self._waiting -= 1

    def _settled(self, letter: Letter) -> None:
        self._under_way.pop(letter, None)
        if self._waiting and self._has_room():
            with self._room:
                self._room.notify_all()

    def _wake(self) -> None:
        with self._work:
            self._work.notify_all()
            self._room.notify_all()

    def _run(self) -> None:
        try:
            self._carry()
        except BaseException as error:
            # Nobody else would carry them: those who wait are told now, and not at their deadline.
            _log.exception("the courier to %s has ended", self._topic)
            self._broken = f"the courier has ended: {words(error)}; open the Office anew"
            self._stopped = True
            for letter in list(self._under_way):
                letter.give_up(self._broken)

    def _carry(self) -> None:
        while not self._stopped:
            producer = self._line.producer
            if producer is not self._carrier:
                # What the last one held goes to the next one, in the same order.
                self._signed.extendleft(reversed(list(self._handed)))
                self._handed.clear()
                self._carrier = producer
            again, fresh = self._take() if producer is not None else ([], [])
            if producer is not None and (again or fresh):
                self._hand(producer, again + self._sign(fresh))
            else:
                self._nap()
            if time.monotonic() >= self._next_look:
                self._look_round(producer)

    def _take(self) -> tuple[list[Letter], list[Letter]]:
        """Give the letters to hand once more, and those to sign; the latter may linger."""
        again = [letter for letter in self._signed if not letter.settled]
        self._signed.clear()
        fresh: list[Letter] = []
        if self._ripe():
            while self._unsigned and len(fresh) < batch.LIMIT:
                letter = self._unsigned.popleft()
                if not letter.settled:
                    fresh.append(letter)
        return again, fresh

    def _ripe(self) -> bool:
        """Tell whether it is time to sign: somebody waits, or enough has come together."""
        return bool(self._unsigned) and (
            (not self._handed and self._unsigned[0].awaited)
            or self._flushing
            or len(self._unsigned) >= batch.LIMIT
            or time.monotonic() >= self._unsigned[0].posted + LINGER_S
        )

    def _nap(self) -> None:
        """Wait until there may be something to do."""
        with self._work:
            # First this is seen, then the queue is looked at: post() does both the other way round.
            self._napping = self._carrier is not None
            if self._stopped or self._line.producer is not self._carrier:
                pass
            elif self._carrier is not None and self._unsigned:
                self._napping, self._lingering = False, True
                if not self._ripe():
                    self._work.wait(LINGER_S)
            else:
                self._work.wait(_BEAT_S if self._under_way or self._handed else None)
            self._napping = self._lingering = False

    def _sign(self, fresh: list[Letter]) -> list[Letter]:
        """Give those that could be signed; the others have failed."""
        by_key: dict[str, list[Letter]] = {}
        for letter in fresh:
            by_key.setdefault(letter.key.id, []).append(letter)
        signed: list[Letter] = []
        for key_id, letters in by_key.items():
            try:
                records = batch.sign([letter.content for letter in letters], letters[0].key)
            except Exception as error:
                _log.exception("nothing can be signed with key %s", key_id)
                for letter in letters:
                    failure = NotSigned(letter.submission_id, key_id, words(error))
                    failure.__cause__ = error
                    letter.fail(failure)
                continue
            for letter, record in zip(letters, records, strict=True):
                letter.record = record
                # Before it is sent, so that no answer can come sooner.
                self._expect(letter.submission_id, record)
            signed += letters
        return signed

    def _hand(self, producer: Producer, letters: list[Letter]) -> None:
        now = time.monotonic()
        for letter in letters:
            letter.handed = now
            self._handed[letter] = None
            try:
                sent = producer.send(
                    self._topic,
                    key=letter.matter_id.encode(),
                    value=letter.record,
                    partition=letter.shard,
                )
            except Exception as error:
                self._failed(producer, letter, error)
                continue
            sent.add_callback(self._acknowledged, letter)
            sent.add_errback(self._failed, producer, letter)

    def _acknowledged(self, letter: Letter, metadata: Any) -> None:
        self._handed.pop(letter, None)
        letter.accept(metadata.partition, metadata.offset, metadata.timestamp)
        if self._lingering and not self._handed:
            self._wake()

    def _failed(self, producer: Producer, letter: Letter, error: Exception) -> None:
        why = words(error)
        if isinstance(error, _REFUSALS):
            self._handed.pop(letter, None)
            letter.give_up(why)
        else:
            # kafka-python tries again by itself; what it gives up on a new producer may do.
            self._line.drop(producer, why)

    def _look_round(self, producer: Producer | None) -> None:
        """Give up what is too late, and a producer that doesn't get on."""
        now = time.monotonic()
        self._next_look = now + _BEAT_S
        late = [letter for letter in list(self._under_way) if letter.deadline <= now]
        for letter in late:
            letter.give_up(self.why)
        if late:
            # What was given up before it was handed is never sent, and doesn't pile up.
            for queue in (self._signed, self._unsigned):
                for _ in range(len(queue)):
                    letter = queue.popleft()
                    if not letter.settled:
                        queue.append(letter)
        oldest = min((letter.handed for letter in list(self._handed)), default=now)
        if producer is not None and now - oldest > STALL_S:
            self._line.drop(producer, f"the broker hasn't acknowledged for {STALL_S:g} s")
