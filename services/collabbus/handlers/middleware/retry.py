"""Retry: which failures are worth another try, and what is kept of them."""

from __future__ import annotations

import traceback

from collabbus.handlers.delivery import Failure
from collabbus.handlers.failure import AnswerPending, Permanent
from collabbus.sdk import (
    DraftInvalid,
    NotAccepted,
    NotDecidedInTime,
    Rejected,
    SubmissionIdReused,
    Unreachable,
)

HOPELESS = (Permanent, Rejected, DraftInvalid, SubmissionIdReused)
"""What would end in the same way: a person looks first."""
OUTAGES = (AnswerPending, NotAccepted, NotDecidedInTime, Unreachable)
"""What passes when the region is back; no matter is parked for it."""
LIMIT = 16_384
"""Characters of a traceback that are kept, the last ones."""


def judged(error: BaseException, rejected: int = 0) -> Failure:
    """Give what is kept of an error; `rejected` is the ordinal of a rejected answer.

    The traceback holds the error's text, which may say something of the case: it goes into the
    parked topic alone, never into a log.
    """
    told = "".join(traceback.format_exception(error))
    # A file's name that is no text stands in an error as what can't be written anywhere.
    told = told.encode(errors="backslashreplace").decode()
    return Failure(
        error=type(error).__name__,
        traceback=told[-LIMIT:],
        permanent=isinstance(error, HOPELESS),
        rejected=rejected if isinstance(error, Rejected) else 0,
        outage=isinstance(error, OUTAGES),
    )
