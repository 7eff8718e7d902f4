from __future__ import annotations

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link.evidence import verify_item
from collabbus.link.history import history
from tests.link.border import Border


def event(origin: str, number: int, matter: str = "m", thread: str = "main") -> ev.Event:
    envelope = ev.Envelope(origin=origin, number=number, matter_id=matter, thread=thread)
    return ev.Event(envelope=envelope.SerializeToString())


def test_a_threads_past_comes_in_log_order_with_proofs_of_what_others_said(border: Border) -> None:
    theirs = [event("beijing", 1), event("beijing", 1, "other"), event("beijing", 2)]
    for parcel in border.parcels(border.outbound(), [pb.Entry(event=one) for one in theirs]):
        border.receive(parcel)
    log = [
        theirs[0],
        event("tianjin", 1),
        theirs[1],
        event("tianjin", 1, thread="track"),
        theirs[2],
        event("hebei", 1),
    ]
    added = ev.Envelope(origin="tianjin", number=2, matter_id="m", thread="main")
    past = history("tianjin", added, log, border.leaves)
    assert [(one.envelope.origin, one.envelope.number) for one in past] == [
        ("beijing", 1),
        ("tianjin", 1),
        ("beijing", 2),
        ("hebei", 1),
    ]
    assert [one.event for one in past] == [log[0], log[1], log[4], log[5]]
    for one in past:
        if one.envelope.origin == "beijing":
            assert one.proof is not None
            assert verify_item(one.proof.item(one.event), border.keys).size == 3
        else:  # our own needs none, and of Hebei's nothing is kept
            assert one.proof is None


def test_the_log_is_enough_where_nobody_else_has_spoken(border: Border) -> None:
    added = ev.Envelope(origin="tianjin", number=2, matter_id="m", thread="main")
    unread = iter([pb.Leaves(hashes=b"short")])
    assert len(history("tianjin", added, [event("tianjin", 1)], unread)) == 1
    assert next(unread).hashes == b"short"
