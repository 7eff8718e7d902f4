from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.operate.quarantine import Quarantined

BODY = body_pb2.Body(commented=verbs.Commented(text="证人赵某某"))


def quarantined(value: bytes, topic: str, offset: int = 7) -> Quarantined:
    key = sha256(value).hexdigest()[:32]
    return Quarantined(key, "CODE", "reason", topic, 1, offset, 1, b"k", value)


def test_each_kind_of_record_is_decoded_as_what_it_is() -> None:
    draft = sub.Draft(office="beijing/haidian", body=BODY)
    submission = sub.Submission(draft=draft.SerializeToString())
    found = quarantined(submission.SerializeToString(), "collab.beijing.submissions").contents()
    assert found["draft"] == {
        "office": "beijing/haidian",
        "body": {"commented": {"text": "证人赵某某"}},
    }
    envelope = ev.Envelope(number=3)
    event = ev.Event(envelope=envelope.SerializeToString(), body=BODY.SerializeToString())
    for entry in (pb.Entry(event=event), pb.Entry(item=pb.EvidenceItem(event=event))):
        one = quarantined(entry.SerializeToString(), "collab.beijing.to.tianjin", -1)
        assert one.contents() == {
            "envelope": {"number": "3"},
            "body": {"commented": {"text": "证人赵某某"}},
        }
    header = pb.ParcelHeader(first=4, sign_key_id="beijing/sign")
    parcel = pb.Parcel(
        signed=pb.SignedHeader(header=header.SerializeToString()), sealed=b"sealed words"
    )
    assert quarantined(parcel.SerializeToString(), "collab.beijing.to.tianjin").contents() == {
        "header": {"first": "4", "sign_key_id": "beijing/sign"},
        "sealed_bytes": 12,
    }


def test_what_cant_be_decoded_is_shown_as_its_bytes() -> None:
    one = quarantined(b"\xff\xff", "collab.beijing.submissions")
    assert one.contents() == {"bytes": "ffff"}
    assert replace(one, topic="collab.beijing.to.tianjin").contents() == {"bytes": "ffff"}
    assert replace(one, topic="collab.beijing.to.tianjin", offset=-1).contents() == {
        "bytes": "ffff"
    }
    assert one.sha256 == sha256(b"\xff\xff").hexdigest()
