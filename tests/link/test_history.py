from __future__ import annotations

from collections.abc import Iterator

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


def test_reading_stops_where_every_proof_is_found(border: Border) -> None:
    theirs = [event("beijing", 1), event("beijing", 2)]
    out = border.outbound()
    for one in theirs:
        for parcel in border.parcels(out, [pb.Entry(event=one)]):
            border.receive(parcel)
    read: list[pb.Leaves] = []

    def leaves() -> Iterator[pb.Leaves]:
        for record in [*border.leaves, *border.leaves, *border.leaves]:
            read.append(record)
            yield record

    added = ev.Envelope(origin="tianjin", number=2, matter_id="m", thread="main")
    past = history("tianjin", added, theirs, leaves())
    assert all(one.proof is not None for one in past)
    assert len(read) == 3
