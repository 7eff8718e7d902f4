"""Records as an attacker, an auditor or a curious broker has them: raw, from plain clients."""

from __future__ import annotations

import time
from collections.abc import Iterator

from kafka import KafkaProducer

from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.installation import Installation
from collabbus.model import batch, ids
from collabbus.model.shard import shard_of
from collabbus.model.thread import MAIN
from collabbus.stage import KafkaStage
from tests.support import plain
from tests.support.desk import now_ms
from tests.support.metrics import total
from tests.support.waiting import until

SECRETS = ("证人赵某某", "滨海新区某仓库", "王敏敏")
"""Words of bodies and envelopes that no link may show."""
POISON = "POISON THERE"
"""On what says this every region but the origin's fails, where `poisoned` runs."""


def opening(name: str, office: str = "beijing/haidian", to: str = "tianjin/binhai") -> sub.Draft:
    """Give a good opening."""
    draft = sub.Draft(
        submission_id=f"{name}-{time.time_ns():x}",
        network="jingjinji",
        family=ev.FAMILY_ASSISTANCE,
        thread="main",
        office=office,
        officer=SECRETS[2],
        not_after_ms=now_ms() + 86_400_000,
        legal_basis=[
            ev.LegalBasis(instrument="《关于加强区域检察协作的意见》", article="第十一条")
        ],
        participants=[ev.Participant(office=to, role=ev.ROLE_EXECUTOR)],
        body=body_pb2.Body(
            assistance_requested=assistance.AssistanceRequested(
                kinds=[assistance.ASSISTANCE_KIND_WITNESS], subject=SECRETS[0], place=SECRETS[1]
            )
        ),
    )
    draft.matter_id = ids.matter_id(office, draft.submission_id)
    return draft


def beside(installation: Installation, other: sub.Draft) -> sub.Draft:
    """Give a good opening of another matter in the same shard."""
    while True:
        draft = opening("beside")
        if shard_of(draft.matter_id, installation.shards) == shard_of(
            other.matter_id, installation.shards
        ):
            return draft


def signed(installation: Installation, draft: sub.Draft, by: str = "") -> bytes:
    """Give the record of a draft, signed by its office or by another."""
    return batch.sign([draft.SerializeToString()], installation.office_key(by or draft.office))[0]


def put(
    installation: Installation,
    topic: str,
    value: bytes | None,
    shard: int,
    key: bytes | None = None,
) -> None:
    """Write a record, whatever it is; on return the broker has it."""
    producer = KafkaProducer(
        **installation.kafka_of("beijing").kafka_python(), max_request_size=4 << 20
    )
    producer.send(topic, value, key=key, partition=shard).get(20)
    producer.close()


def submit(installation: Installation, draft: sub.Draft, record: bytes) -> None:
    """Write a record where a submission of this draft belongs."""
    shard = shard_of(draft.matter_id, installation.shards)
    put(installation, "collab.beijing.submissions", record, shard, draft.matter_id.encode())


def records(installation: Installation, topic: str) -> list[plain.Plain]:
    """Give what stands in a topic, committed."""
    return plain.read(installation.broker_of("beijing").bootstrap, topic)


def quarantined(installation: Installation, region: str) -> Iterator[sub.Quarantined]:
    """Give what a region has put into quarantine."""
    for record in records(installation, f"collab.{region}.quarantine"):
        yield sub.Quarantined.FromString(record.value or b"")


def outcome(installation: Installation, submission_id: str) -> sub.Outcome | None:
    """Give the last outcome of a submission in Beijing."""
    found = None
    for record in records(installation, "collab.beijing.outcomes"):
        one = sub.Outcome.FromString(record.value or b"")
        if one.submission_id == submission_id:
            found = one
    return found


def metric(installation: Installation, region: str, name: str, **labels: str) -> float:
    """Give the sum of a metric's samples with these labels."""
    return total(installation.metrics_ports[f"{region}-0"], name, **labels)


def freeze(installation: Installation, stage: KafkaStage, name: str) -> str:
    """Give a matter that Tianjin has frozen: it fails on Beijing's second event, and says so."""
    draft = opening(name)
    [first] = stage.submit(draft)
    assert stage.await_event("tianjin", first)
    comment = sub.Draft.FromString(draft.SerializeToString())
    comment.ClearField("participants")
    comment.submission_id += "-2"
    comment.body.CopyFrom(body_pb2.Body(commented=verbs.Commented(text=POISON)))
    stage.submit(comment)
    for region in ("tianjin", "beijing"):
        stage.await_thread(region, draft.matter_id, MAIN, lambda thread: bool(thread.freezes))
    until(lambda: list(quarantined(installation, "tianjin")), 30, "it in quarantine")
    return draft.matter_id
