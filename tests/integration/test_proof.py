"""Proof and privacy from raw records: an auditor's own verifier, and a broker's curious eyes."""

from __future__ import annotations

from hashlib import sha256

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.installation import Installation
from collabbus.keyring import load_directory
from collabbus.stage import KafkaStage
from tests.integration.records import SECRETS, opening, records
from tests.support.waiting import until

pytestmark = pytest.mark.kafka
SENT = 12


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: the auditor shares no code with the bus."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


@pytest.fixture(scope="module")
def traffic(installation: Installation, stage: KafkaStage) -> list[str]:
    made = []
    for number in range(SENT):
        draft = opening(f"proof-{number}")
        [event_id] = stage.submit(draft)
        assert stage.await_event("tianjin", event_id)
        made.append(draft.matter_id)
    return made


def log(installation: Installation) -> dict[int, list[ev.Event]]:
    """Give Beijing's log, by shard: what its auditor has."""
    found: dict[int, list[ev.Event]] = {}
    for record in records(installation, "collab.beijing.events"):
        found.setdefault(record.partition, []).append(ev.Event.FromString(record.value or b""))
    return found


def test_heads_signed_and_countersigned_verify_offline_with_nothing_but_public_keys(
    installation: Installation, traffic: list[str]
) -> None:
    """Invariant 6: the sender signed each event, the receiver countersigned its arrival."""
    keys = {key.id: key.public for key in load_directory(installation.keys)}
    logs = log(installation)
    proven: dict[int, int] = {}

    def receipted() -> bool:
        for record in records(installation, "collab.tianjin.to.beijing"):
            parcel = pb.Parcel.FromString(record.value or b"")
            for receipt in pb.ParcelHeader.FromString(parcel.signed.header).receipts:
                statement = pb.ReceiptStatement.FromString(receipt.statement)
                Ed25519PublicKey.from_public_bytes(keys[statement.key_id]).verify(
                    receipt.signature, b"collabbus/receipt/v1\0" + receipt.statement
                )
                head = statement.head
                sent = [
                    event.envelope
                    for event in logs.get(head.shard, [])
                    if (envelope := ev.Envelope.FromString(event.envelope)).origin == "beijing"
                    and "tianjin" in envelope.to
                ]
                assert mth(sent[: head.size]) == head.root
                proven[head.shard] = max(proven.get(head.shard, 0), head.size)
        return sum(proven.values()) >= SENT

    until(receipted, 30, f"receipts for {SENT} events")
    for record in records(installation, "collab.beijing.to.tianjin"):
        parcel = pb.Parcel.FromString(record.value or b"")
        header = pb.ParcelHeader.FromString(parcel.signed.header)
        Ed25519PublicKey.from_public_bytes(keys[header.sign_key_id]).verify(
            parcel.signed.signature, b"collabbus/parcel/v1\0" + parcel.signed.header
        )


def test_a_raw_reader_of_the_links_finds_nothing_but_who_to_whom_how_much_and_when(
    installation: Installation, traffic: list[str]
) -> None:
    """Invariant 7."""
    words = [*SECRETS, "haidian", "binhai", "AssistanceRequested", "jingjinji", *traffic]
    secrets = [word.encode() for word in words] + [bytes.fromhex(one) for one in traffic]
    seen = 0
    for link in ("collab.beijing.to.tianjin", "collab.tianjin.to.beijing"):
        for record in records(installation, link):
            assert record.key == b""
            assert record.headers == ()
            value = record.value or b""
            looked_at = [value]
            for place in range(len(value) - 4):
                if value[place : place + 4] == b"\x28\xb5\x2f\xfd":  # zstandard's magic number
                    try:
                        unpacked = (
                            zstandard.ZstdDecompressor().decompressobj().decompress(value[place:])
                        )
                    except zstandard.ZstdError:
                        continue
                    looked_at.append(unpacked)
            for secret in secrets:
                assert all(secret not in view for view in looked_at)
            seen += 1
    assert seen >= SENT
    # The check can fail: the region's own log, which is its own trust domain, does hold them.
    own = b"".join(r.value or b"" for r in records(installation, "collab.beijing.events"))
    assert all(secret in own for secret in secrets[: len(SECRETS)])
