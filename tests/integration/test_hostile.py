"""Hostile input on the real thing: quarantined or rejected with a code, counted, and life goes on.

Invariant 8, end to end; every kind of it by itself is in tests/model and tests/link. After each
table of hostile records the next good submission goes through, over the link, in the same shard.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

import pytest
import zstandard

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.installation import Installation
from collabbus.keyring import load_directory, load_identity
from collabbus.link.keys import Identity, Use, suite_of
from collabbus.link.parcel import PARCEL_CONTEXT, binding, cut, tree_head
from collabbus.model.batch import sign
from collabbus.model.shard import shard_of
from collabbus.stage import KafkaStage
from tests.integration.records import (
    metric,
    now_ms,
    opening,
    outcome,
    put,
    records,
    signed,
    submit,
)
from tests.support.waiting import until

pytestmark = pytest.mark.kafka

SUBMISSIONS = "collab.beijing.submissions"
LINK = "collab.beijing.to.tianjin"


def goes_through(installation: Installation, stage: KafkaStage, shard: int | None = None) -> None:
    """The next good input goes through, to the other region."""
    draft = opening("good")
    while shard is not None and shard_of(draft.matter_id, installation.shards) != shard:
        draft = opening("good")
    [event_id] = stage.submit(draft)
    assert stage.await_event("tianjin", event_id)


def flip(data: bytes, place: int = 0) -> bytes:
    """Give the data with one bit turned over."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


class Counted:
    """What a region quarantines from now on: the records, and the metric beside them."""

    def __init__(self, installation: Installation, region: str) -> None:
        self._installation, self._region = installation, region
        self._before = set(self.found())
        self._metric = self.metric()

    def found(self) -> dict[tuple[int, int], sub.Quarantined]:
        return {
            (record.partition, record.offset): sub.Quarantined.FromString(record.value or b"")
            for record in records(self._installation, f"collab.{self._region}.quarantine")
        }

    def metric(self) -> float:
        return metric(self._installation, self._region, "collabbus_quarantined_total")

    def codes_of(self, *values: bytes) -> list[str]:
        """Wait until as many records are quarantined; give the code of each value."""

        def all_of_them() -> list[sub.Quarantined]:
            new = [one for at, one in self.found().items() if at not in self._before]
            return new if len(new) >= len(values) else []

        new = until(all_of_them, 30, "them in quarantine") if values else all_of_them()
        assert Counter(one.value for one in new) == Counter(values)
        assert all(one.reason for one in new)
        counted = f"{len(values)} counted"
        until(lambda: self.metric() - self._metric >= len(values), 30, counted)
        assert self.metric() - self._metric == len(values)
        codes = {one.value: one.code for one in new}
        return [codes[value] for value in values]


# Submissions ------------------------------------------------------------------------------------


def unauthentic(installation: Installation) -> list[tuple[str, sub.Draft, bytes]]:
    """Give what nobody can be held to: the code that it gets, its draft, its record."""

    def one(
        code: str, change: Callable[[sub.Draft], None] = lambda draft: None, by: str = ""
    ) -> tuple[str, sub.Draft, bytes]:
        draft = opening("hostile")
        change(draft)
        return code, draft, signed(installation, draft, by)

    def signature(
        change: Callable[[sub.Submission], None], code: str = "BAD_SIGNATURE"
    ) -> tuple[str, sub.Draft, bytes]:
        draft = opening("hostile")
        record = sub.Submission.FromString(signed(installation, draft))
        change(record)
        return code, draft, record.SerializeToString()

    def forge(record: sub.Submission) -> None:
        record.signature.signature = flip(record.signature.signature)

    def alter(record: sub.Submission) -> None:
        draft = sub.Draft.FromString(record.draft)
        draft.officer = "他人"
        record.draft = draft.SerializeToString()

    def stray(record: sub.Submission) -> None:
        record.signature.path.append(bytes(32))

    def named(office: str) -> Callable[[sub.Draft], None]:
        return lambda draft: setattr(draft, "office", office)

    noise = opening("hostile")
    return [
        one("FOREIGN_OFFICE", by="beijing/chaoyang"),
        one("FOREIGN_OFFICE", named("tianjin/binhai"), by="tianjin/binhai"),
        one("UNKNOWN_OFFICE", named("beijing/nowhere"), by="beijing/haidian"),
        one("UNKNOWN_NETWORK", lambda draft: setattr(draft, "network", "northwest")),
        one("TOO_LARGE", lambda draft: setattr(draft, "case_number", "1" * 300_000)),
        signature(lambda record: record.ClearField("signature"), "UNKNOWN_KEY"),
        signature(lambda r: setattr(r.signature, "key_id", "beijing/sign/1"), "UNKNOWN_KEY"),
        signature(forge),
        signature(alter),
        signature(stray),
        signature(lambda record: setattr(record, "draft", b"\xff\xff"), "UNREADABLE"),
        ("UNREADABLE", noise, os.urandom(1_000_000)),
    ]


def test_submissions_that_nobody_answers_for_are_quarantined(
    installation: Installation, stage: KafkaStage
) -> None:
    counted = Counted(installation, "beijing")
    cases = unauthentic(installation)
    for _, draft, record in cases:
        submit(installation, draft, record)
    codes = counted.codes_of(*[record for _, _, record in cases])
    assert codes == [code for code, _, _ in cases]
    for shard in range(installation.shards):
        goes_through(installation, stage, shard)


def test_submissions_in_the_wrong_shard_are_quarantined(
    installation: Installation, stage: KafkaStage
) -> None:
    """Another client's partitioner would give a matter two writers."""
    counted = Counted(installation, "beijing")
    draft, other = opening("hostile"), opening("hostile")
    shard = shard_of(draft.matter_id, installation.shards)
    record, keyless = signed(installation, draft), signed(installation, other)
    elsewhere = (shard + 1) % installation.shards
    put(installation, SUBMISSIONS, record, elsewhere, draft.matter_id.encode())
    put(installation, SUBMISSIONS, keyless, shard_of(other.matter_id, installation.shards), b"")
    assert counted.codes_of(record, keyless) == ["WRONG_SHARD", "WRONG_SHARD"]
    goes_through(installation, stage, elsewhere)
    # The same record where it belongs is as good as ever.
    submit(installation, draft, record)
    until(lambda: is_recorded(installation, draft), 30, "the event")


def is_recorded(installation: Installation, draft: sub.Draft) -> bool:
    """Tell whether one of the outcomes of a submission, from whichever shard, says so."""
    found = map(
        sub.Outcome.FromString,
        (record.value or b"" for record in records(installation, "collab.beijing.outcomes")),
    )
    return any(one.submission_id == draft.submission_id and one.event_ids for one in found)


def reply(matter: sub.Draft, name: str, body: body_pb2.Body, office: str = "") -> sub.Draft:
    """Give an act in a matter that was opened by `matter`."""
    draft = sub.Draft.FromString(matter.SerializeToString())
    del draft.participants[:]
    draft.submission_id = f"{name}-{matter.submission_id[-16:]}"
    draft.office = office or matter.office
    draft.body.CopyFrom(body)
    return draft


ACCEPTED = body_pb2.Body(accepted=verbs.Accepted(officer="李静", venue="询问室", date="2026-12-01"))
PROGRESSED = body_pb2.Body(progressed=verbs.Progressed(text="进展"))
COMMENTED = body_pb2.Body(commented=verbs.Commented(text="知悉"))


def not_allowed(opened: sub.Draft, nearby: sub.Draft) -> list[tuple[str, str, sub.Draft]]:
    """Give what is signed well and not allowed: code, field, draft.

    Tianjin is awaited in the matter `opened`, Beijing's own 朝阳 in `nearby`.
    """
    missing, unknown, kind = opening("missing"), opening("unknown"), opening("kind")
    alone, stale, far, named = opening("alone"), opening("stale"), opening("far"), opening("named")
    del missing.legal_basis[:]
    unknown.participants[0].office = "tianjin/nowhere"
    # A type of act from some later schema: to us the body is empty.
    kind.body.ParseFromString(b"\xc2\x3e\x02\x08\x01")
    del alone.participants[:]
    stale.not_after_ms = now_ms() - 1
    far.not_after_ms = now_ms() + 500 * 86_400_000
    named.matter_id = "0" * 32
    late = reply(opened, "late", COMMENTED)
    late.expected_step = 7
    other_thread = reply(opened, "thread", COMMENTED)
    other_thread.thread = "track/1"
    again = reply(opened, "again", opened.body)
    again.participants.add(office="tianjin/binhai", role=ev.ROLE_EXECUTOR)
    again.participants.add(office=again.office, role=ev.ROLE_REQUESTER)
    return [
        ("MISSING_FIELD", "legal_basis", missing),
        ("UNKNOWN_OFFICE", "participants", unknown),
        ("MISSING_FIELD", "body.kind", kind),
        ("MISSING_FIELD", "participants", alone),
        ("EXPIRED", "not_after_ms", stale),
        ("INVALID_FIELD", "not_after_ms", far),
        ("INVALID_FIELD", "matter_id", named),
        ("STEP_OVER", "expected_step", late),
        ("UNKNOWN_THREAD", "thread", other_thread),
        ("NOT_AWAITED", "office", reply(opened, "turn", ACCEPTED)),
        ("NOT_A_PARTY", "office", reply(opened, "party", COMMENTED, "beijing/chaoyang")),
        ("INVALID_FIELD", "participants", again),
        ("WRONG_STATE", "body", reply(nearby, "early", PROGRESSED, "beijing/chaoyang")),
        ("UNKNOWN_MATTER", "matter_id", reply(opening("never"), "state", COMMENTED)),
    ]


def test_submissions_that_arent_allowed_are_rejected_with_code_and_field(
    installation: Installation, stage: KafkaStage
) -> None:
    opened, nearby = opening("opened"), opening("nearby", to="beijing/chaoyang")
    stage.submit(opened)
    stage.submit(nearby)
    quarantine = Counted(installation, "beijing")
    before = metric(installation, "beijing", "collabbus_rejected_total")
    cases = not_allowed(opened, nearby)
    for _, _, draft in cases:
        submit(installation, draft, signed(installation, draft))
    for code, field, draft in cases:
        decided = until(
            lambda draft=draft: outcome(installation, draft.submission_id), 30, "an outcome"
        )
        said = decided.decision, decided.code, decided.field
        assert said == (sub.DECISION_REJECTED, code, field), decided
        assert decided.reason
        assert not decided.event_ids
    assert metric(installation, "beijing", "collabbus_rejected_total") - before == len(cases)
    assert quarantine.codes_of() == []
    goes_through(installation, stage)


def test_an_id_that_was_used_for_something_else_is_rejected(
    installation: Installation, stage: KafkaStage
) -> None:
    """Invariant 2: the first one stands, and is answered as before."""
    draft = opening("reused")
    stage.submit(draft)
    other = sub.Draft.FromString(draft.SerializeToString())
    other.officer = "他人"
    submit(installation, other, signed(installation, other))

    def code() -> str:
        return (outcome(installation, draft.submission_id) or sub.Outcome()).code

    until(code, 30, "a rejection")
    submit(installation, draft, signed(installation, draft))
    until(lambda: not code(), 30, "the first answer again")


# Links ------------------------------------------------------------------------------------------


def parcel_of(value: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Give a parcel with one of its parts changed."""
    parcel = pb.Parcel.FromString(value)
    where = parcel if part == "sealed" else parcel.signed
    setattr(where, part, change(getattr(where, part)))
    return parcel.SerializeToString()


def resigned(value: bytes, change: Callable[[pb.ParcelHeader], None], identity: Identity) -> bytes:
    """Give a parcel with another header, signed anew by somebody."""
    parcel = pb.Parcel.FromString(value)
    header = pb.ParcelHeader.FromString(parcel.signed.header)
    change(header)
    parcel.signed.header = header.SerializeToString()
    key = identity.sign
    parcel.signed.signature = suite_of(key).sign(key.private, PARCEL_CONTEXT + parcel.signed.header)
    return parcel.SerializeToString()


def test_hostile_parcels_are_quarantined(installation: Installation, stage: KafkaStage) -> None:
    """From somebody who can write to the topic, but has no key of Beijing."""
    goes_through(installation, stage)
    good = next(
        r for r in records(installation, LINK) if pb.Parcel.FromString(r.value or b"").sealed
    )
    value = good.value or b""
    parcel = pb.Parcel.FromString(value)
    hebei = load_identity(installation.keys, "hebei")
    to_hebei = opening("hebei", to="hebei/provincial")
    stage.submit(to_hebei)
    [other_link] = until(
        lambda: [
            r.value or b""
            for r in records(installation, "collab.beijing.to.hebei")
            if pb.Parcel.FromString(r.value or b"").sealed
        ][:1],
        30,
        "a parcel to Hebei",
    )
    keys = {"sign_key_id": hebei.sign.id}
    middle = len(parcel.signed.header) // 2
    here = [
        ("BAD_SIGNATURE", parcel_of(value, "signature", flip)),
        ("BAD_SIGNATURE", parcel_of(value, "signature", lambda data: data[:-1])),
        ("BAD_SIGNATURE", parcel_of(value, "signature", lambda data: b"")),
        ("BAD_SIGNATURE", parcel_of(value, "sealed", flip)),
        ("BAD_SIGNATURE", parcel_of(value, "sealed", lambda data: flip(data, len(data) - 1))),
        ("BAD_SIGNATURE", parcel_of(value, "sealed", lambda data: data[:-1])),
        ("BAD_SIGNATURE", parcel_of(value, "sealed", lambda data: b"")),
        # Hebei's own key, as Hebei's and as Beijing's.
        ("UNKNOWN_KEY", resigned(value, lambda h: h.MergeFrom(pb.ParcelHeader(**keys)), hebei)),
        ("BAD_SIGNATURE", resigned(value, lambda h: None, hebei)),
        ("MISROUTED", other_link),
        ("UNREADABLE", value[: len(value) // 2]),
        ("UNREADABLE", os.urandom(1_000_000)),
        ("UNREADABLE", parcel_of(value, "header", lambda data: b"\xff" + data)),
    ]
    # Wherever a bit of the header is turned over, it isn't what Beijing signed.
    somewhere = parcel_of(value, "header", lambda data: flip(data, middle))
    elsewhere = (good.partition + 1) % installation.shards
    counted = Counted(installation, "tianjin")
    for _, bad in here:
        put(installation, LINK, bad, good.partition)
    put(installation, LINK, somewhere, good.partition)
    put(installation, LINK, value, elsewhere)
    *codes, bit, misplaced = counted.codes_of(*[bad for _, bad in here], somewhere, value)
    assert codes == [code for code, _ in here]
    assert bit in {"BAD_SIGNATURE", "UNKNOWN_KEY", "UNREADABLE"}
    assert misplaced == "MISROUTED"
    for shard in (good.partition, elsewhere):
        goes_through(installation, stage, shard)


def test_parcels_that_are_sent_again_have_no_effect(
    installation: Installation, stage: KafkaStage
) -> None:
    """Invariant 2: all of the link once more, backwards, and then the next new event alone."""
    goes_through(installation, stage)
    log = "collab.tianjin.events"
    before = {record.value for record in records(installation, log)}
    counted = Counted(installation, "tianjin")
    bad = {one.value for one in counted.found().values()}  # what other tests wrote
    for record in reversed(records(installation, LINK)):
        if record.value not in bad:
            put(installation, LINK, record.value or b"", record.partition)
    for shard in range(installation.shards):
        goes_through(installation, stage, shard)
    after = [record.value for record in records(installation, log)]
    assert len(after) == len(before) + installation.shards
    assert before < set(after)
    assert counted.codes_of() == []


def test_a_peer_that_lies_with_good_keys_is_quarantined(
    installation: Installation, stage: KafkaStage
) -> None:
    """Whoever has all of Beijing's keys can't make Tianjin take what its own signature denies."""
    goes_through(installation, stage, shard=0)
    shard = 0
    beijing = load_identity(installation.keys, "beijing")
    seal = load_directory(installation.keys).current("tianjin", Use.SEAL, now_ms())
    assert seal is not None

    def arrived() -> st.LinkIn:
        found = st.LinkIn()
        for record in records(installation, "collab.tianjin.heads"):
            if (record.partition, record.key) == (shard, b"in/beijing"):
                found = st.LinkIn.FromString(record.value or b"")
        return found

    link = until(lambda: (one := arrived()).size and one, 30, "what has arrived")
    entry = pb.Entry(event=ev.Event(envelope=b"x"))

    def head(size: int, epoch: int = 0) -> pb.TreeHead:
        return tree_head("beijing", "tianjin", shard, epoch, size, b"r" * 32, now_ms())

    def unfolds(plain: bytes) -> bytes:
        """Give a parcel of one event whose body is this."""
        value = cut(beijing, seal, head(link.size + 1), [entry])
        parcel = pb.Parcel.FromString(value)
        parcel.sealed = suite_of(seal).seal(
            seal.public, plain, binding(head(link.size + 1), link.size)
        )
        digest = sha256(parcel.sealed).digest()
        return resigned(
            parcel.SerializeToString(), lambda h: setattr(h, "sealed_sha256", digest), beijing
        )

    compress = zstandard.ZstdCompressor().compress
    stream = zstandard.ZstdCompressor().compressobj()  # says no size beforehand
    hidden = stream.compress(bytes(64 << 20)) + stream.flush()
    lies = [
        ("ROOT_MISMATCH", cut(beijing, seal, head(link.size + 1), [entry])),
        ("EQUIVOCATION", cut(beijing, seal, head(link.size), [])),
        ("EPOCH", cut(beijing, seal, head(link.size + 1, epoch=3), [entry])),
        ("TOO_LARGE", unfolds(compress(bytes(64 << 20)))),
        ("TOO_LARGE", unfolds(hidden)),
        ("UNREADABLE", unfolds(b"no frame of zstandard")),
        ("UNREADABLE", unfolds(compress(b"\xff no message"))),
        ("UNREADABLE", unfolds(compress(b""))),  # no event, where the header says one
    ]
    counted = Counted(installation, "tianjin")
    for _, lie in lies:
        put(installation, LINK, lie, shard)
    assert counted.codes_of(*[lie for _, lie in lies]) == [code for code, _ in lies]
    assert arrived().size == link.size
    goes_through(installation, stage, shard)


def test_one_signature_over_many_submissions_vouches_for_each_and_no_other(
    installation: Installation, stage: KafkaStage
) -> None:
    """A forged neighbour in the batch costs the good ones nothing."""
    drafts = [opening(f"batch-{number}") for number in range(3)]
    key = installation.office_key("beijing/haidian")
    values = sign([draft.SerializeToString() for draft in drafts], key)
    swapped = sub.Submission.FromString(values[1])
    swapped.draft = sub.Submission.FromString(values[2]).draft
    counted = Counted(installation, "beijing")
    submit(installation, drafts[2], swapped.SerializeToString())
    assert counted.codes_of(swapped.SerializeToString()) == ["BAD_SIGNATURE"]
    for draft, value in zip(drafts, values, strict=True):
        submit(installation, draft, value)
        until(lambda d=draft: is_recorded(installation, d), 30, "the event")
    goes_through(installation, stage)
