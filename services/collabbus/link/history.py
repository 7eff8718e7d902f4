"""History: the earlier events of a thread, found again in the log, with the proofs to hand them on.

A newcomer is rare, so nothing is kept for it: log and leaves are read from the day on which the
matter was opened.
"""

from __future__ import annotations

from collections.abc import Iterable

from collab.v1 import event_pb2
from collab.v1 import link_pb2 as pb
from collabbus.link.evidence import Proof, proofs_in
from collabbus.link.merkle import leaf_hash
from collabbus.link.shipping import Past


def history(
    region: str,
    added: event_pb2.Envelope,
    events: Iterable[event_pb2.Event],
    leaves: Iterable[pb.Leaves],
) -> list[Past]:
    """Give what came before `added` in its thread, in log order.

    `events` are those of the log before it (of this matter or of any), `leaves` what the region
    keeps of the parcels that it received since the matter was opened.
    """
    found: list[tuple[event_pb2.Event, event_pb2.Envelope]] = []
    for event in events:
        envelope = event_pb2.Envelope.FromString(event.envelope)
        if (envelope.matter_id, envelope.thread) == (added.matter_id, added.thread):
            found.append((event, envelope))
    wanted = {leaf_hash(event.envelope) for event, envelope in found if envelope.origin != region}
    proofs: dict[bytes, Proof] = {}
    for record in leaves:
        if not wanted:
            break
        for leaf, proof in proofs_in(record, wanted).items():
            proofs[leaf] = proof
            wanted.discard(leaf)
    return [
        Past(event, envelope, proofs.get(leaf_hash(event.envelope))) for event, envelope in found
    ]
