"""A dossier of each end of a link, written and judged: what holds, and that no change passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from collab.v1 import body_pb2, verbs_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import evidence_pb2 as ed
from collab.v1 import link_pb2 as pb
from collabbus.link import dossier, inbound, parcel
from collabbus.link.dossier import Proofs
from collabbus.link.keys import KeyDirectory, PublicKey
from collabbus.link.merkle import leaf_hash
from collabbus.link.outbound import BEGINNING, Outbound
from collabbus.link.parcel import countersign
from collabbus.link.shipping import Past, bound
from collabbus.link.trace import Trace
from collabbus.link.verdict import DossierUnreadableError, Part, Verdict, Worth, judge
from collabbus.model.journal import body_digest
from tests.link.border import NOW_MS, SUITES, Border, make_identity, make_key

MATTER = "a" * 32
OTHER = "b" * 32


def event(number: int, origin: str = "beijing", matter: str = MATTER, **fields: object) -> ev.Event:
    salt, body = b"%d" % number * 32, b"body %d" % number
    fields = {"to": ["tianjin"], "thread": "main", **fields}
    envelope = ev.Envelope(
        event_id=f"{number:032x}",
        matter_id=matter,
        origin=origin,
        number=number,
        body_digest=body_digest(salt[:32], body),
        **fields,  # type: ignore[arg-type]
    )
    return ev.Event(envelope=envelope.SerializeToString(), body=body, salt=salt[:32])


class Story:
    """Beijing's log and its link to Tianjin: two matters, one event that never crosses."""

    def __init__(self, suite: str) -> None:
        self.border = border = Border(suite)
        self.log = [
            event(1, matter=OTHER),
            event(1),
            event(2, matter=OTHER),
            event(2),
            event(1, thread="local", to=[]),
            event(3),
            event(3, matter=OTHER),
        ]
        out = border.outbound()
        crossing = [
            pb.Entry(event=one) for one in self.log if ev.Envelope.FromString(one.envelope).to
        ]
        self.headers: list[pb.SignedHeader] = []
        self.receipts: list[pb.Receipt] = []
        for low, high in ((0, 2), (2, 3), (3, 6)):
            for value in border.parcels(out, crossing[low:high]):
                border.receive(value)
                signed = pb.Parcel.FromString(value).signed
                self.headers.append(signed)
                head = pb.ParcelHeader.FromString(signed.header).head
                self.receipts.append(countersign(border.identity("tianjin"), head))

    def own(self, *, head: int | None = -1, receipt: int | None = -1) -> bytes:
        """What Beijing exports, by its newest head and receipt or by older ones."""
        wanted: set[bytes] = set()
        trace = Trace(wanted)
        events = []
        for one in self.log:
            envelope = ev.Envelope.FromString(one.envelope)
            if envelope.matter_id == MATTER:
                wanted.add(leaf_hash(one.envelope))
                events.append(one.SerializeToString())
            for _, past in bound("beijing", one, envelope):
                trace.append(leaf_hash(past.event.envelope))
        proofs = Proofs()
        proofs.add_sent(
            trace,
            None if head is None else self.headers[head],
            None if receipt is None else self.receipts[receipt],
        )
        assert proofs.disagreeing == []
        return dossier.write(MATTER, "beijing", NOW_MS, events, proofs, self.border.keys)

    def received(self, receipts: dict[str, pb.Receipt] | None = None) -> bytes:
        """What Tianjin exports."""
        events = [entry.event for entry in self.border.arrived]
        mine = [one for one in events if ev.Envelope.FromString(one.envelope).matter_id == MATTER]
        proofs = Proofs()
        if receipts is None:
            receipts = {"beijing": self.receipts[-1]}
        proofs.add_received({leaf_hash(one.envelope) for one in mine}, self.border.leaves, receipts)
        values = [one.SerializeToString() for one in mine]
        return dossier.write(MATTER, "tianjin", NOW_MS, values, proofs, self.border.keys)

    def judge(self, data: bytes, keys: KeyDirectory | None = None) -> Verdict:
        return judge(data, keys or self.border.keys, body_digest, "local")


@cache
def story(suite: str) -> Story:
    return Story(suite)


@pytest.fixture(params=SUITES)
def told(request: pytest.FixtureRequest) -> Story:
    return story(request.param)


def test_a_senders_dossier_proves_who_signed_and_who_countersigned(told: Story) -> None:
    """Invariant 6."""
    verdict = told.judge(told.own())
    assert verdict.faults == ()
    assert [
        (f.envelope.thread, f.envelope.number, f.signed, f.arrived, f.proven)
        for f in verdict.findings
    ] == [
        ("main", 1, ["beijing>tianjin"], ["beijing>tianjin"], True),
        ("main", 2, ["beijing>tianjin"], ["beijing>tianjin"], True),
        ("local", 1, [], [], False),
        ("main", 3, ["beijing>tianjin"], ["beijing>tianjin"], True),
    ]
    assert {key.holder for key in verdict.keys} == {"beijing", "tianjin"}


def test_a_receivers_dossier_proves_the_same(told: Story) -> None:
    verdict = told.judge(told.received())
    assert verdict.worth == Worth.PROVEN
    assert [(f.proven, f.arrived) for f in verdict.findings] == [(True, ["beijing>tianjin"])] * 3


def test_a_receiver_that_has_no_receipt_at_hand_still_proves_the_origin(told: Story) -> None:
    verdict = told.judge(told.received({}))
    assert verdict.worth == Worth.PROVEN
    assert [(f.proven, f.arrived) for f in verdict.findings] == [(True, [])] * 3


@pytest.mark.parametrize(("receipt", "arrived"), [(0, 1), (1, 1), (2, 3), (None, 0)])
def test_only_what_the_receipt_covers_has_arrived(
    told: Story, receipt: int | None, arrived: int
) -> None:
    verdict = told.judge(told.own(receipt=receipt))
    assert verdict.worth == Worth.PROVEN
    assert sum(bool(finding.arrived) for finding in verdict.findings) == arrived


def test_without_the_senders_head_the_receipt_proves_arrival_and_no_signature(
    told: Story,
) -> None:
    verdict = told.judge(told.own(head=None))
    assert verdict.worth == Worth.PARTLY
    assert [f.arrived for f in verdict.findings if f.crossed] == [["beijing>tianjin"]] * 3
    assert not any(finding.proven for finding in verdict.findings)


def test_a_body_that_isnt_in_the_file_is_told_and_the_envelope_stays_proven(
    told: Story,
) -> None:
    changed = ed.Dossier.FromString(told.own())
    erased = ev.Event.FromString(changed.exhibits[1].event)
    erased.ClearField("body")
    erased.ClearField("salt")
    changed.exhibits[1].event = erased.SerializeToString()
    verdict = told.judge(written(changed))
    assert verdict.worth == Worth.PROVEN
    assert [f.bodiless for f in verdict.findings] == [False, True, False, False]
    assert verdict.findings[1].proven


def _rewritten(found: ed.Dossier) -> None:
    """Change the last event that crossed, and leave out what would tell of it."""
    exhibit = found.exhibits[3]
    one = ev.Event.FromString(exhibit.event)
    envelope = ev.Envelope.FromString(one.envelope)
    envelope.officer = "另一人"
    one.envelope = envelope.SerializeToString()
    exhibit.event, exhibit.leaf = one.SerializeToString(), leaf_hash(one.envelope)
    exhibit.ClearField("crossings")


def _put_in(found: ed.Dossier, origin: str, number: int, thread: str = "main") -> None:
    """Put an event in that nobody has recorded."""
    one = event(number, origin=origin, thread=thread, to=[])
    found.exhibits.add(event=one.SerializeToString(), leaf=leaf_hash(one.envelope))


def test_what_is_proven_by_nothing_is_told_and_not_taken_for_proven(told: Story) -> None:
    for change in (_rewritten, lambda found: _put_in(found, "beijing", 4)):
        changed = ed.Dossier.FromString(told.own())
        change(changed)
        verdict = told.judge(written(changed))
        assert verdict.worth == Worth.PARTLY
        assert not verdict.findings[-1].proven


def test_a_note_to_oneself_needs_no_proof_and_has_none(told: Story) -> None:
    changed = ed.Dossier.FromString(told.own())
    _put_in(changed, "beijing", 2, "local")
    verdict = told.judge(written(changed))
    assert verdict.worth == Worth.PROVEN
    assert [(f.note, f.proven) for f in verdict.findings if f.envelope.thread == "local"] == [
        (True, False)
    ] * 2


def test_a_head_of_another_history_is_told_and_left_out(told: Story) -> None:
    """A log that isn't the one from which the link was cut proves nothing by its receipts."""
    wanted = {leaf_hash(told.log[1].envelope)}
    trace = Trace(wanted)
    for one in reversed(told.log):
        trace.append(leaf_hash(one.envelope))
    proofs = Proofs()
    proofs.add_sent(trace, told.headers[-1], told.receipts[-1])
    assert proofs.crossings == {}
    assert len(proofs.disagreeing) == 2
    assert "beijing>tianjin/3 epoch 0 size 6 (countersigned)" in proofs.disagreeing


def test_an_event_that_was_handed_on_is_proven_by_its_origins_signature(told: Story) -> None:
    """Tianjin hands Beijing's event on to Hebei, which exports it."""
    proof = ed.Dossier.FromString(told.received()).exhibits[0]
    [crossing] = proof.crossings
    item = pb.EvidenceItem(
        event=ev.Event.FromString(proof.event),
        head=crossing.head,
        index=crossing.index,
        path=crossing.path,
    )
    border = told.border
    out = Outbound("tianjin", "hebei", 3, BEGINNING, BEGINNING)
    out.append(pb.Entry(event=event(9, origin="tianjin", matter=OTHER)))
    out.append(pb.Entry(item=item))
    [value] = out.parcels(border.identity("tianjin"), border.seal_key("hebei"), NOW_MS)
    hebei = border.identity("hebei")
    sealed, header = parcel.verify(value, hebei, border.keys, "tianjin", 3, NOW_MS)
    opened = parcel.unseal(sealed, header, hebei)
    _, kept = inbound.advance(inbound.restored(), sealed.signed, header, opened)
    proofs = Proofs()
    receipt = countersign(hebei, header.head)
    proofs.add_received({proof.leaf}, [kept], {"tianjin": receipt})
    data = dossier.write(MATTER, "hebei", NOW_MS, [proof.event], proofs, border.keys)
    verdict = told.judge(data)
    assert verdict.worth == Worth.PROVEN
    [finding] = verdict.findings
    assert finding.proven
    assert finding.signed == ["beijing>tianjin"]
    assert finding.handed_on == finding.arrived == ["tianjin>hebei"]


# Changes ----------------------------------------------------------------------------------------


def written(changed: ed.Dossier) -> bytes:
    return changed.SerializeToString(deterministic=True)


def on_event(change: Callable[[ev.Event], None]) -> Callable[[ed.Dossier], None]:
    def apply(found: ed.Dossier) -> None:
        one = ev.Event.FromString(found.exhibits[1].event)
        change(one)
        found.exhibits[1].event = one.SerializeToString()

    return apply


def on_crossing(change: Callable[[ed.Crossing], None]) -> Callable[[ed.Dossier], None]:
    return lambda found: change(found.exhibits[1].crossings[0])


def flip(data: bytes, place: int = 0, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return bytes(changed)


def _envelope(one: ev.Event) -> None:
    envelope = ev.Envelope.FromString(one.envelope)
    envelope.officer = "另一人"
    one.envelope = envelope.SerializeToString()


def _forged_key(found: ed.Dossier) -> None:
    """The forger signs anew, and brings his key along in the file."""
    identity, _ = make_identity(SUITES[0], "beijing", 7)
    private, public = make_key(SUITES[0], "sign", "beijing", 7)
    forged = Border(SUITES[0])
    forged.identities["beijing"] = replace(identity, sign=private)
    [value] = forged.parcels(
        forged.outbound(), [pb.Entry(event=ev.Event.FromString(found.exhibits[1].event))]
    )
    found.exhibits[1].crossings[0].head.CopyFrom(pb.Parcel.FromString(value).signed)
    found.keys.append(dossier.key_entry(public))


def _reversed(found: ed.Dossier) -> None:
    exhibits = list(found.exhibits)
    found.ClearField("exhibits")
    found.exhibits.extend(reversed(exhibits))


def _early(found: ed.Dossier) -> None:
    """Put an answer before what it answers."""
    one = event(1, origin="tianjin", seen=[ev.Seen(origin="beijing", number=2)])
    exhibits = list(found.exhibits)
    exhibit = ed.Exhibit(event=one.SerializeToString(), leaf=leaf_hash(one.envelope))
    found.ClearField("exhibits")
    found.exhibits.extend([exhibits[0], exhibit, *exhibits[1:]])


CHANGES: dict[str, tuple[Callable[[ed.Dossier], None], Part]] = {
    "an envelope's words": (on_event(_envelope), Part.ENVELOPE),
    "a body": (on_event(lambda one: setattr(one, "body", b"other")), Part.BODY),
    "a body erased, its salt kept": (on_event(lambda one: one.ClearField("body")), Part.BODY),
    "a salt": (on_event(lambda one: setattr(one, "salt", bytes(32))), Part.BODY),
    "bytes put to an event": (
        lambda found: setattr(found.exhibits[1], "event", found.exhibits[1].event + b"\x28\x01"),
        Part.FILE,
    ),
    "a sibling": (
        on_crossing(lambda one: one.path.__setitem__(0, bytes(32))),
        Part.PATH,
    ),
    "a path cut short": (on_crossing(lambda one: one.receipt_path.pop()), Part.PATH),
    "an index": (on_crossing(lambda one: setattr(one, "index", one.index + 1)), Part.PATH),
    "a leaf hash": (lambda found: setattr(found.exhibits[1], "leaf", bytes(32)), Part.PATH),
    "a head's signature": (
        on_crossing(lambda one: setattr(one.head, "signature", flip(one.head.signature))),
        Part.HEAD,
    ),
    "a head": (
        on_crossing(lambda one: setattr(one.head, "header", flip(one.head.header, 3))),
        Part.HEAD,
    ),
    "a head taken out": (on_crossing(lambda one: one.ClearField("head")), Part.HEAD),
    "a receipt's signature": (
        on_crossing(lambda one: setattr(one.receipt, "signature", flip(one.receipt.signature))),
        Part.RECEIPT,
    ),
    "a receipt's words": (
        on_crossing(lambda one: setattr(one.receipt, "statement", one.receipt.statement + b"\0")),
        Part.RECEIPT,
    ),
    "a receipt taken out": (on_crossing(lambda one: one.ClearField("receipt")), Part.RECEIPT),
    "a key": (
        lambda found: setattr(found.keys[0], "public", flip(found.keys[0].public)),
        Part.KEY,
    ),
    "a key's validity": (lambda found: setattr(found.keys[0], "not_after_ms", 1), Part.KEY),
    "a forger's key in the file": (_forged_key, Part.KEY),
    "another region's event put in": (lambda found: _put_in(found, "tianjin", 1), Part.FILE),
    "events in another order": (_reversed, Part.FILE),
    "an effect before its cause": (_early, Part.FILE),
    "an event taken out": (lambda found: found.exhibits.__delitem__(1), Part.FILE),
    "an event twice": (lambda found: found.exhibits.append(found.exhibits[1]), Part.FILE),
    "all events taken out": (lambda found: found.ClearField("exhibits"), Part.FILE),
    "another matter": (lambda found: setattr(found, "matter_id", OTHER), Part.ENVELOPE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_named_with_its_event(change: str) -> None:
    how, part = CHANGES[change]
    told = story(SUITES[0])
    changed = ed.Dossier.FromString(told.own())
    how(changed)
    verdict = told.judge(written(changed))
    assert verdict.worth == Worth.BROKEN
    assert part in {fault.part for fault in verdict.faults}
    if part not in (Part.FILE, Part.KEY) and change != "another matter":
        assert {(fault.part, fault.exhibit) for fault in verdict.faults} == {(part, 2)}
        assert not verdict.findings[1].proven


def test_a_receipt_for_another_link_is_named(told: Story) -> None:
    changed = ed.Dossier.FromString(told.own())
    [crossing] = changed.exhibits[1].crossings
    statement = pb.ReceiptStatement.FromString(crossing.receipt.statement)
    statement.head.to = "hebei"
    crossing.receipt.CopyFrom(countersign(told.border.identity("hebei"), statement.head))
    verdict = told.judge(written(changed))
    assert [(fault.part, fault.exhibit) for fault in verdict.faults] == [(Part.RECEIPT, 2)]


def test_a_key_that_only_stands_in_the_file_proves_nothing(told: Story) -> None:
    keys = KeyDirectory(k for k in told.border.publics if k.holder != "tianjin")
    verdict = told.judge(told.own(), keys)
    assert {fault.part for fault in verdict.faults} == {Part.KEY}
    assert not any(finding.arrived for finding in verdict.findings)


def test_what_a_key_signed_after_it_had_expired_is_named(told: Story) -> None:
    def expired(key: PublicKey) -> PublicKey:
        return replace(key, not_after_ms=NOW_MS) if key.holder == "beijing" else key

    keys = KeyDirectory(map(expired, told.border.publics))
    verdict = told.judge(told.own(), keys)
    assert any("had expired" in fault.reason for fault in verdict.faults)
    assert not any(finding.proven for finding in verdict.findings)


def test_two_signed_roots_of_one_size_are_named(told: Story) -> None:
    other = Story(told.border.suite)
    out = other.border.outbound()
    entries = [pb.Entry(event=event(n, matter=OTHER)) for n in range(5)]
    changed = ed.Dossier.FromString(told.own())
    [value] = other.border.parcels(out, [pb.Entry(event=event(4)), *entries])
    trace = Trace({leaf_hash(event(4).envelope)})
    for one in (event(4), *(entry.event for entry in entries)):
        trace.append(leaf_hash(one.envelope))
    proofs = Proofs()
    proofs.add_sent(trace, pb.Parcel.FromString(value).signed, None)
    leaf = leaf_hash(event(4).envelope)
    changed.exhibits.add(
        event=event(4).SerializeToString(), leaf=leaf, crossings=proofs.crossings[leaf]
    )
    verdict = told.judge(written(changed))
    assert any("two signed roots" in fault.reason for fault in verdict.faults)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"not a file", ed.Dossier(format="x-9").SerializeToString()]
)
def test_what_is_no_dossier_is_not_judged(told: Story, data: bytes) -> None:
    with pytest.raises(DossierUnreadableError):
        told.judge(data)


def claims(verdict: Verdict, data: bytes) -> list[tuple[object, ...]]:
    """Give all that a verdict says is proven: which bytes, signed and received by whom."""
    exhibits = ed.Dossier.FromString(data).exhibits
    return [
        (
            verdict.matter_id,
            exhibits[f.number - 1].event,
            f.bodiless,
            f.signed,
            f.handed_on,
            f.arrived,
        )
        for f in verdict.findings
        if f.crossed
    ]


WHOLE = {"own": story(SUITES[0]).own(), "received": story(SUITES[0]).received()}


@pytest.mark.parametrize("whose", WHOLE)
@given(some.data())
@settings(max_examples=400, deadline=None)
def test_no_flipped_bit_of_a_dossier_changes_what_it_proves(
    whose: str, data: some.DataObject
) -> None:
    """The verdict is no longer good, or the bit is of what proves nothing: who exported it and
    when, or an event that never crossed."""
    good = WHOLE[whose]
    place = data.draw(some.integers(0, len(good) - 1))
    bad = flip(good, place, data.draw(some.integers(0, 7)))
    told = story(SUITES[0])
    try:
        verdict = told.judge(bad)
    except DossierUnreadableError:
        return
    if verdict.worth is not Worth.BROKEN:
        assert claims(verdict, bad) == claims(told.judge(good), good)
        assert immaterial(bad) == immaterial(good)


def immaterial(data: bytes) -> bytes:
    """Give a dossier without what proves nothing."""
    found = ed.Dossier.FromString(data)
    found.region, found.exported_ms = "", 0
    for exhibit in found.exhibits:
        if not exhibit.crossings:
            exhibit.ClearField("event")
            exhibit.ClearField("leaf")
    return written(found)


def test_every_byte_of_a_dossier_matters_but_those_that_prove_nothing() -> None:
    """The same for each byte, one bit of it: the count of those that pass is what the file says of
    itself, and no more."""
    told = story(SUITES[0])
    good = WHOLE["received"]
    passed = []
    for place in range(len(good)):
        try:
            if told.judge(flip(good, place, place % 8)).worth is not Worth.BROKEN:
                passed.append(place)
        except DossierUnreadableError:
            continue
    whose = good.index(b"tianjin")
    said = range(whose, whose + len(b"tianjin") + 1 + 6)  # the region, and when it was exported
    assert passed
    assert set(passed) <= set(said)


def test_history_that_a_join_sends_is_in_the_trace_as_shipping_sends_it() -> None:
    past = [event(1), event(2, to=["tianjin", "hebei"])]
    told = [Past(one, ev.Envelope.FromString(one.envelope), None) for one in past]
    joining = ev.Envelope(
        origin="beijing", number=3, to=["tianjin", "hebei"], joining=["hebei"], thread="main"
    )
    added = ev.Event(envelope=joining.SerializeToString())
    assert [
        (peer, ev.Envelope.FromString(one.event.envelope).number)
        for peer, one in bound("beijing", added, joining, told)
    ] == [("hebei", 1), ("tianjin", 3), ("hebei", 3)]


# What was voided --------------------------------------------------------------------------------


def voiding(number: int, voided: int, origin: str = "beijing") -> ev.Event:
    said = verbs_pb2.Voided(origin=origin, number=voided, operator="张", reason="误")
    body, salt = body_pb2.Body(voided=said).SerializeToString(), bytes(32)
    one = event(number, type="Voided")
    envelope = ev.Envelope.FromString(one.envelope)
    envelope.body_digest = body_digest(salt, body)
    return ev.Event(envelope=envelope.SerializeToString(), body=body, salt=salt)


@pytest.mark.parametrize(
    ("second", "faults"),
    [
        (voiding(3, 2), []),
        (voiding(3, 1), ["number 2 of beijing in main isn't in the file"]),
        (voiding(3, 2, "hebei"), ["number 2 of beijing in main isn't in the file"]),
        (event(3), ["number 2 of beijing in main isn't in the file"]),
    ],
)
def test_who_refused_an_event_needn_t_show_what_its_origin_took_back(
    second: ev.Event, faults: list[str]
) -> None:
    values = [one.SerializeToString() for one in (event(1), second)]
    keys = Border("ed25519+x25519-aes256gcm").keys
    data = dossier.write(MATTER, "tianjin", NOW_MS, values, Proofs(), keys)
    verdict = judge(data, keys, body_digest, "local")
    assert [one.reason for one in verdict.faults if one.exhibit is None] == faults
