"""Trace context (W3C): read from an event's envelope, and derived for its answers.

It is part of what is signed, and a delivery that is repeated must say the same: so nothing of it is
drawn. A trace goes on under its id; an event that carries none begins one, with the event's id.
"""

from __future__ import annotations

import re
from hashlib import sha256

from collab.v1 import event_pb2 as ev

_PARENT = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def context_of(envelope: ev.Envelope) -> tuple[str, str]:
    """Give the trace id, and the id of the span in which the event was made, in hex."""
    found = _PARENT.fullmatch(envelope.trace_parent)
    if found and found[1].strip("0") and found[2].strip("0"):
        return found[1], found[2]
    return envelope.event_id, envelope.event_id[:16]


def answer_parent(envelope: ev.Envelope, submission_id: str) -> str:
    """Give the trace context of an answer to an event."""
    span = sha256(submission_id.encode()).hexdigest()[:16]
    return f"00-{context_of(envelope)[0]}-{span}-01"
