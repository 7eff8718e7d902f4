"""What an office's system is told when something can't be done; each has a stable code."""

from __future__ import annotations

from typing import ClassVar

from collabbus.errors import CollabbusError


class NotAccepted(CollabbusError):
    """Nobody knows whether the region has the submission: its receipt was never acknowledged.

    It may have arrived, or arrive yet. Submit the same once more with the `submission_id` and
    `not_after_ms` of this error, in this process or another: however often it arrives, it has one
    effect. Don't submit it under another id, that would be a second act.
    """

    code: ClassVar[str] = "NOT_ACCEPTED"

    def __init__(
        self, submission_id: str, matter_id: str, not_after_ms: int, seconds: float, why: str
    ) -> None:
        super().__init__(
            f"submission {submission_id!r} wasn't acknowledged within {seconds:g} s ({why}); it "
            f"may have arrived all the same: submit it again with submission_id={submission_id!r} "
            f"and not_after_ms={not_after_ms}, which has one effect however often it arrives"
        )
        self.submission_id = submission_id
        self.matter_id = matter_id
        self.not_after_ms = not_after_ms
        self.why = why


class NotSigned(CollabbusError):
    """The submission couldn't be signed with its key; nothing was sent."""

    code: ClassVar[str] = "NOT_SIGNED"

    def __init__(self, submission_id: str, key_id: str, why: str) -> None:
        super().__init__(
            f"submission {submission_id!r} can't be signed with key {key_id} ({why}), so it wasn't "
            "sent: see that the key's file is whole and of the suite that it names, then submit "
            "the same again"
        )
        self.submission_id = submission_id


class Rejected(CollabbusError):
    """The region has decided against the submission; `reason_code` is stable.

    It is final for this submission id: correct `field`, and submit under a new one.
    """

    code: ClassVar[str] = "REJECTED"

    def __init__(self, reason_code: str, field: str, reason: str, submission_id: str = "") -> None:
        at = f" at {field}" if field else ""
        super().__init__(f"submission {submission_id!r} was rejected: {reason_code}{at}: {reason}")
        self.reason_code = reason_code
        self.field = field
        self.reason = reason
        self.submission_id = submission_id


class NotDecidedInTime(CollabbusError):
    """The region has not said what became of the submission; wait again, or submit it again."""

    code: ClassVar[str] = "NOT_DECIDED"

    def __init__(self, submission_id: str, seconds: float, why: str) -> None:
        super().__init__(
            f"submission {submission_id!r} has no outcome after {seconds:g} s{why}; if it was "
            "accepted it will be decided: wait again, and see that the region's processor runs"
        )
        self.submission_id = submission_id


class UnknownSubmission(CollabbusError):
    """This Office didn't send the submission, or so long ago that it has forgotten."""

    code: ClassVar[str] = "SUBMISSION_UNKNOWN"

    def __init__(self, submission_id: str, remembered: int) -> None:
        super().__init__(
            f"submission {submission_id!r} isn't among the last {remembered} of this Office, so "
            "its outcome would pass unseen: submit the same again under this id, which has one "
            "effect, then wait"
        )
        self.submission_id = submission_id


class SubmissionIdReused(CollabbusError):
    """A submission id was used for something else before; nothing was sent."""

    code: ClassVar[str] = "SUBMISSION_ID_REUSED"

    def __init__(self, submission_id: str) -> None:
        super().__init__(
            f"submission {submission_id!r} had other contents when this Office sent it first: give "
            "the same again to try again, or choose a new id for another act"
        )
        self.submission_id = submission_id


class DraftInvalid(CollabbusError):
    """What was given can't be made a submission; nothing was sent."""

    code: ClassVar[str] = "DRAFT_INVALID"


class Unreachable(CollabbusError):
    """A topic can't be used: Kafka can't be reached, or has no such topic for this user."""

    code: ClassVar[str] = "KAFKA_UNREACHABLE"

    def __init__(self, servers: str, topic: str, why: object) -> None:
        super().__init__(
            f"{topic} on Kafka at {servers} can't be used: {why}; see that Kafka runs, that the "
            "topic exists and this user may use it, and that COLLABBUS_KAFKA_* are right"
        )


class ShardsDiffer(CollabbusError):
    """The region's topics have another number of shards than was given."""

    code: ClassVar[str] = "SHARDS_DIFFER"

    def __init__(self, topic: str, found: int, given: int) -> None:
        super().__init__(
            f"{topic} has {found} partitions, but shards is {given}: give shards={found}, or leave "
            "it out"
        )


class NotOpen(CollabbusError):
    """The Office isn't connected: it hasn't been started, or it is closed."""

    code: ClassVar[str] = "OFFICE_NOT_OPEN"

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"{holder} isn't open: use it inside `with Office(...) as office:`, or "
            "between start() and close()"
        )


class NotFlushed(CollabbusError):
    """An Office was closed with submissions that weren't acknowledged."""

    code: ClassVar[str] = "NOT_FLUSHED"

    def __init__(self, holder: str, submission_ids: list[str], seconds: float) -> None:
        shown = ", ".join(submission_ids[:5]) + (", ..." if len(submission_ids) > 5 else "")
        super().__init__(
            f"{holder} was closed with {len(submission_ids)} submissions that weren't "
            f"acknowledged within {seconds:g} s ({shown}): submit them again with the same ids, "
            "which has one effect"
        )
        self.submission_ids = submission_ids


def words(error: BaseException) -> str:
    """Give an error's kind and text; some of kafka-python's say their kind themselves."""
    kind, text = type(error).__name__, str(error)
    return text if text.startswith(kind) else f"{kind}: {text}".removesuffix(": ")
