"""The client library for office systems: submit acts, and learn what became of them."""

from collabbus.sdk.draft import new_submission_id
from collabbus.sdk.errors import (
    DraftInvalid,
    NotAccepted,
    NotDecidedInTime,
    NotFlushed,
    NotOpen,
    NotSigned,
    Rejected,
    ShardsDiffer,
    SubmissionIdReused,
    UnknownSubmission,
    Unreachable,
)
from collabbus.sdk.letter import Recorded, Submitted
from collabbus.sdk.mailroom import Mailroom
from collabbus.sdk.office import Office
from collabbus.sdk.watch import LogUnreadable, Seen, Watch, follow

__all__ = [
    "DraftInvalid",
    "LogUnreadable",
    "Mailroom",
    "NotAccepted",
    "NotDecidedInTime",
    "NotFlushed",
    "NotOpen",
    "NotSigned",
    "Office",
    "Recorded",
    "Rejected",
    "Seen",
    "ShardsDiffer",
    "SubmissionIdReused",
    "Submitted",
    "UnknownSubmission",
    "Unreachable",
    "Watch",
    "follow",
    "new_submission_id",
]
