"""The mailroom: one connection with a region that carries the submissions of its offices."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import PrivateKey
from collabbus.model.shard import shard_of
from collabbus.sdk import draft as drafts
from collabbus.sdk.courier import LIMIT, Courier
from collabbus.sdk.errors import NotFlushed, NotOpen, Rejected, ShardsDiffer, Unreachable, words
from collabbus.sdk.letter import Letter, Recorded
from collabbus.sdk.listener import Listener
from collabbus.sdk.outcomes import Outcomes, Sent
from collabbus.sdk.producer import Producer, connect
from collabbus.settings import KafkaSettings


class Mailroom:
    """Carries drafts to a region and tells what became of them; for many threads at once.

    An Office has one of its own; a service that acts for many offices has one for all of them, and
    gives each draft with the key that signs it. It keeps two connections and two threads.
    """

    def __init__(
        self,
        region: str,
        kafka: KafkaSettings,
        *,
        holder: str,
        office: str | None = None,
        shards: int | None = None,
        connect_timeout: float = 10.0,
        close_timeout: float = 10.0,
        remember: int = 65_536,
    ) -> None:
        """`holder` names it in errors; with `office` it takes that office's outcomes alone."""
        self.region = region
        self.holder = holder
        self.shards = shards
        """Of the region's topics; known once it was started."""
        self._kafka = kafka
        self._connect_timeout = connect_timeout
        self._close_timeout = close_timeout
        self._topic = f"collab.{region}.submissions"
        self._outcomes = Outcomes(office, remember)
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._courier: Courier | None = None

    @property
    def limit(self) -> int:
        """How many submissions are remembered."""
        return self._outcomes.limit

    @property
    def why(self) -> str:
        """What keeps submissions from being acknowledged, as far as is known."""
        courier = self._courier
        return courier.why if courier else f"{self.holder} was closed"

    @property
    def is_open(self) -> bool:
        """Whether it was started and not closed."""
        return self._courier is not None

    @property
    def has_room(self) -> bool:
        """Whether `post` would return at once: few enough are under way."""
        courier = self._courier
        return courier is not None and courier.under_way < LIMIT * 3 // 4

    def start(self) -> None:
        """Connect; when it returns, submissions are taken and no outcome of one will be missed.

        Raises Unreachable, after `connect_timeout` seconds a connection, or ShardsDiffer.
        """
        if self._courier is not None:
            return
        # First the listener: it begins at the end that the outcomes have before anything is sent.
        listener = Listener(self._kafka, f"collab.{self.region}.outcomes", self._outcomes)
        courier = Courier(self._connect, self._topic, self._outcomes.expect)
        try:
            listener.start(self._connect_timeout)
            courier.start(self._connect_timeout + 1.0)
        except ShardsDiffer:
            listener.close(2.0)
            raise
        except Exception as error:
            listener.close(2.0)
            raise Unreachable(self._kafka.bootstrap_servers, self._topic, words(error)) from error
        self._listener, self._courier = listener, courier

    def close(self) -> None:
        """Wait for what is under way, then disconnect; nothing is sent after it returns.

        It takes `close_timeout` seconds and four more at the longest, also with the broker away.
        Calling it again does nothing. Raises NotFlushed, naming the submissions that nobody has
        acknowledged.
        """
        with self._lock:
            courier, self._courier = self._courier, None
            listener, self._listener = self._listener, None
        if courier is None or listener is None:
            return
        left = courier.close(self._close_timeout)
        listener.close(2.0)
        if left:
            raise NotFlushed(
                self.holder, [letter.submission_id for letter in left], self._close_timeout
            )

    def recall(self, submission_id: str) -> Sent | None:
        """Give what is remembered under an id."""
        return self._outcomes.recall(submission_id)

    def post(
        self, draft: sub.Draft, key: PrivateKey, timeout: float, *, awaited: bool = False
    ) -> Letter:
        """Send a draft, signed with `key`; its letter's future is settled after `timeout` seconds.

        Waits itself only where thousands are under way. Raises DraftInvalid, SubmissionIdReused or
        NotOpen, and then nothing was sent.
        """
        courier = self._courier
        if courier is None or self.shards is None:
            raise NotOpen(self.holder)
        content = drafts.serialized(draft)
        shard = shard_of(draft.matter_id, self.shards)
        letter = Letter(draft, content, shard, timeout, key, awaited)
        self._outcomes.begin(draft, content)
        courier.post(letter)
        return letter

    def wait(self, submission_id: str, timeout: float) -> Recorded:
        """Give the events of a submission once the region has recorded it.

        Raises Rejected, NotDecidedInTime after `timeout` seconds, or UnknownSubmission.
        """
        return recorded(self._outcomes.wait(submission_id, timeout))

    def decision(self, submission_id: str) -> Future[sub.Outcome]:
        """Give the future of a submission's outcome; raises UnknownSubmission.

        What is called when it is done runs in a thread of ours, and must not block.
        """
        return self._outcomes.decision(submission_id)

    def _connect(self) -> Producer:
        producer, found = connect(self._kafka, self._topic, self._connect_timeout)
        if self.shards is None:
            self.shards = found
        elif self.shards != found:
            producer.abandon()
            raise ShardsDiffer(self._topic, found, self.shards)
        return producer


def recorded(outcome: sub.Outcome) -> Recorded:
    """Give what an outcome says; raises Rejected."""
    if outcome.decision != sub.DECISION_RECORDED:
        raise Rejected(outcome.code, outcome.field, outcome.reason, outcome.submission_id)
    return Recorded(
        outcome.submission_id, outcome.matter_id, tuple(outcome.event_ids), outcome.decided_ms
    )
