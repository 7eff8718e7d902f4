"""Ids are derived, never drawn: whoever has the same input gets the same id (design, section 3)."""

from __future__ import annotations

from hashlib import sha256


def _derive(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def matter_id(office: str, submission_id: str) -> str:
    """Give the id of the matter that a submission of an office opens."""
    return _derive("matter", office, submission_id)


def event_id(matter: str, office: str, submission_id: str, index: int) -> str:
    """Give the id of the `index`-th event that a submission makes."""
    return _derive("event", matter, office, submission_id, str(index))


def clock_event_id(matter: str, thread: str, region: str, kind: str, cause: str) -> str:
    """Give the id of an event that a region's clock or rules make, from what occasioned it."""
    return _derive("clock", matter, thread, region, kind, cause)
