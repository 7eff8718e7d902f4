from __future__ import annotations

import re

from collab.v1 import event_pb2 as ev
from collabbus.model.journal import body_digest, headers
from tests.model.neighbours import BINHAI, HAIDIAN, START_MS, Neighbours


def test_a_body_is_vouched_for_by_a_salted_digest() -> None:
    """Golden: who computes it otherwise can verify no event that was ever recorded."""
    assert body_digest(b"\1" * 32, b"body").hex() == (
        "55b66b7cd2de5278e29fa31545dabb057c692666871fb8fb567b1ca3dcd16814"
    )


def test_an_event_in_the_log_is_a_cloudevent_and_its_headers_tell_no_contents(
    regions: Neighbours,
) -> None:
    matter = regions.open()
    regions.carry_all()
    record = regions.nodes["tianjin"].disk.events[0]
    envelope = ev.Envelope.FromString(ev.Event.FromString(record.value).envelope)
    assert record.key == matter.encode()
    assert record.headers == headers(envelope)
    assert dict(record.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": envelope.event_id.encode(),
        "ce_source": b"/collab/jingjinji/beijing",
        "ce_type": b"collab.v1.AssistanceRequested",
        "ce_subject": matter.encode(),
        "ce_time": b"2026-09-21T14:13:20.000Z",
        "ce_sequence": b"1",
        "ce_thread": b"main",
        "content-type": b"application/protobuf",
    }
    assert "李某".encode() not in b"".join(value for _, value in record.headers)


def test_salts_are_derived_and_tell_nothing_of_each_other(regions: Neighbours) -> None:
    matter = regions.open()
    regions.says(HAIDIAN, "Commented", matter)
    regions.says(HAIDIAN, "Commented", matter)
    again = Neighbours()
    assert again.open() == matter
    salts = [event.salt for event in regions.events("beijing")]
    assert len(set(salts)) == 3
    assert again.events("beijing")[0].salt == salts[0]
    digests = {envelope.body_digest for envelope in regions.log("beijing")[1:]}
    assert len(digests) == 2  # the same words, said twice, can't be told to be the same


def test_an_event_names_its_causes_its_receivers_and_its_time(regions: Neighbours) -> None:
    matter = regions.open(HAIDIAN, BINHAI)
    regions.carry_all()
    regions.now_ms = START_MS + 5_000
    regions.says(BINHAI, "Received", matter)
    found = regions.log("tianjin")[-1]
    assert [(seen.origin, seen.number) for seen in found.seen] == [("beijing", 1)]
    assert (list(found.to), found.number, found.seen_step) == (["beijing"], 1, 1)
    assert (found.recorded_ms, found.opened_ms) == (START_MS + 5_000, START_MS)
    assert re.fullmatch("draft-[0-9]{6}", found.causation.submission_id)
