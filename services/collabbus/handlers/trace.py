"""Trace context (W3C): read from an event's envelope, and derived for its answers.

It is part of what is signed, and a delivery that is repeated must say the same: so nothing of it is
drawn. A trace goes on under its id; an event that carries none begins one, with the event's id.
What exports spans under derived ids stands in `spans.py`.
"""

from __future__ import annotations

import re
from hashlib import sha256

from collab.v1 import event_pb2 as ev

_PARENT = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def carried(envelope: ev.Envelope) -> tuple[str, str] | None:
    """Give the trace id and span id that an event carries, in hex; None: it carries none."""
    found = _PARENT.fullmatch(envelope.trace_parent)
    if found and found[1].strip("0") and found[2].strip("0"):
        return found[1], found[2]
    return None


def context_of(envelope: ev.Envelope) -> tuple[str, str]:
    """Give the trace id, and the id of the span in which the event was made, in hex."""
    return carried(envelope) or (envelope.event_id, envelope.event_id[:16])


def answer_span(submission_id: str) -> str:
    """Give the id of an answer's span, in hex."""
    return sha256(submission_id.encode()).hexdigest()[:16]


def answer_parent(envelope: ev.Envelope, submission_id: str) -> str:
    """Give the trace context of an answer to an event."""
    return f"00-{context_of(envelope)[0]}-{answer_span(submission_id)}-01"
