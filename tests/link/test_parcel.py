from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import zstandard
from google.protobuf.message import DecodeError

from collab.v1 import link_pb2 as pb
from collabbus.link import parcel
from collabbus.link.keys import KeyDirectory, Use, suite_of
from collabbus.link.merkle import Frontier, leaf_hash
from collabbus.link.parcel import (
    PARCEL_CONTEXT,
    ParcelError,
    countersign,
    sender_of,
    tree_head,
    verify_header,
    verify_receipt,
)
from tests.link.border import (
    EXPIRES_MS,
    NOW_MS,
    Border,
    make_identity,
    some_entries,
    some_event,
)


def head_of(entries: list[pb.Entry], first: int = 0) -> pb.TreeHead:
    frontier = Frontier()
    frontier.extend([leaf_hash(entry.event.envelope) for entry in entries])
    size = first + len(entries)
    return tree_head("beijing", "tianjin", 3, 0, size, frontier.root(), NOW_MS)


def code_of(step: Callable[[], object]) -> str:
    with pytest.raises(ParcelError) as caught:
        step()
    return caught.value.reason_code


def resigned(
    border: Border, value: bytes, change: Callable[[pb.ParcelHeader], None], signer: str = "beijing"
) -> bytes:
    """Give a parcel with a changed header, under a good signature of `signer`."""
    whole = pb.Parcel.FromString(value)
    header = pb.ParcelHeader.FromString(whole.signed.header)
    change(header)
    whole.signed.header = header.SerializeToString()
    key = border.identity(signer).sign
    whole.signed.signature = suite_of(key).sign(key.private, PARCEL_CONTEXT + whole.signed.header)
    return whole.SerializeToString()


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_parcel_brings_its_entries_and_its_head(border: Border, count: int) -> None:
    entries = some_entries(count)
    receipt = countersign(border.identity(), head_of(entries))
    value = border.cut(entries, head_of(entries), [receipt])
    _, header = border.verify(value)
    assert (header.first, header.head) == (0, head_of(entries))
    assert list(header.receipts) == [receipt]
    assert list(border.unseal(value)) == entries


def test_no_flipped_bit_goes_unnoticed(border: Border) -> None:
    entries = some_entries(2)
    value = border.cut(entries, head_of(entries))
    codes = set()
    for place in range(len(value)):
        bent = bytearray(value)
        bent[place] ^= 1 << place % 8
        try:
            _, header = border.verify(bytes(bent))
            found = border.unseal(bytes(bent))
        except ParcelError as error:
            codes.add(error.reason_code)
        else:  # only bits that mean nothing may pass
            assert (list(found), header.head) == (entries, head_of(entries)), f"byte {place}"
            pytest.fail(f"byte {place} means nothing")
    assert {"BAD_SIGNATURE", "UNKNOWN_KEY", "UNREADABLE"} <= codes


def test_no_cut_end_goes_unnoticed(border: Border) -> None:
    entries = some_entries(2)
    value = border.cut(entries, head_of(entries))
    for length in range(len(value)):
        code_of(lambda length=length: border.unseal(value[:length]))


def test_what_is_no_parcel_is_unreadable_and_never_more(border: Border) -> None:
    rnd = random.Random(4)
    for length in range(200):
        noise = rnd.randbytes(length)
        assert code_of(lambda noise=noise: border.verify(noise)) in {
            "UNREADABLE",
            "UNKNOWN_KEY",
            "BAD_SIGNATURE",
        }


CHANGES: dict[str, tuple[Callable[[pb.ParcelHeader], None], str]] = {
    "sender": (lambda h: setattr(h.head, "from", "hebei"), "UNKNOWN_KEY"),
    "receiver": (lambda h: setattr(h.head, "to", "hebei"), "MISROUTED"),
    "shard": (lambda h: setattr(h.head, "shard", 4), "MISROUTED"),
    "epoch": (lambda h: setattr(h.head, "epoch", 1), "UNOPENABLE"),
    "size": (lambda h: setattr(h.head, "size", 3), "UNOPENABLE"),
    "first": (lambda h: setattr(h, "first", 1), "UNOPENABLE"),
    "first beyond": (lambda h: setattr(h, "first", 9), "UNREADABLE"),
    "suite": (lambda h: setattr(h, "suite", "rot13"), "UNKNOWN_KEY"),
    "signing key": (lambda h: setattr(h, "sign_key_id", "beijing/sign/9"), "UNKNOWN_KEY"),
    "key of another use": (lambda h: setattr(h, "sign_key_id", "beijing/seal/1"), "UNKNOWN_KEY"),
    "key of another": (lambda h: setattr(h, "sign_key_id", "hebei/sign/1"), "UNKNOWN_KEY"),
    "sealing key": (lambda h: setattr(h, "seal_key_id", "hebei/seal/1"), "UNKNOWN_KEY"),
    "sealed": (lambda h: setattr(h, "sealed_sha256", bytes(32)), "BAD_SIGNATURE"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_field_of_the_header_is_held_to_the_link(border: Border, change: str) -> None:
    how, code = CHANGES[change]
    entries = some_entries(2)
    value = resigned(border, border.cut(entries, head_of(entries)), how)
    assert code_of(lambda: border.unseal(value)) == code


def test_another_regions_signature_is_none_of_the_senders(border: Border) -> None:
    entries = some_entries(1)
    value = border.cut(entries, head_of(entries))
    assert code_of(lambda: border.verify(resigned(border, value, lambda h: None, "hebei"))) == (
        "BAD_SIGNATURE"
    )


def test_another_regions_own_parcel_doesnt_pass_on_this_link(border: Border) -> None:
    head = tree_head("hebei", "tianjin", 3, 0, 0, bytes(32), NOW_MS)
    value = parcel.cut(border.identity("hebei"), border.seal_key(), head, ())
    assert code_of(lambda: border.verify(value)) == "MISROUTED"


def test_a_stranger_with_a_key_of_the_right_name_is_not_believed(border: Border) -> None:
    stranger, _ = make_identity(border.suite, "beijing", 2)
    named = replace(stranger, sign=replace(stranger.sign, id="beijing/sign/1"))
    value = parcel.cut(named, border.seal_key(), head_of([]), ())
    assert code_of(lambda: border.verify(value)) == "BAD_SIGNATURE"
    unlisted = parcel.cut(stranger, border.seal_key(), head_of([]), ())
    assert code_of(lambda: border.verify(unlisted)) == "UNKNOWN_KEY"


def test_an_expired_key_opens_no_border_and_still_proves_the_past(border: Border) -> None:
    value = border.cut([], head_of([]))
    whole, _ = border.verify(value, EXPIRES_MS - 1)
    assert code_of(lambda: border.verify(value, EXPIRES_MS)) == "UNKNOWN_KEY"
    assert verify_header(whole.signed, border.keys, None).head == head_of([])


def test_the_body_of_one_parcel_doesnt_fit_anothers_header(border: Border) -> None:
    one, two = some_entries(1), some_entries(2)[1:]
    sealed = pb.Parcel.FromString(border.cut(two, head_of(two, 1))).sealed
    whole = pb.Parcel.FromString(border.cut(one, head_of(one)))
    whole.sealed = sealed
    assert code_of(lambda: border.verify(whole.SerializeToString())) == "BAD_SIGNATURE"


def test_a_parcel_sealed_to_a_key_of_ours_that_is_gone_is_named(border: Border) -> None:
    entries = some_entries(1)
    value = border.cut(entries, head_of(entries))
    border.identities["tianjin"], _ = make_identity(border.suite, "tianjin", 2)
    assert code_of(lambda: border.unseal(value)) == "UNKNOWN_KEY"


def test_two_sealing_keys_open_side_by_side_while_one_takes_the_others_place(
    border: Border,
) -> None:
    entries = some_entries(1)
    old = border.cut(entries, head_of(entries))
    later, publics = make_identity(border.suite, "tianjin", 2)
    border.keys = KeyDirectory([*border.publics, *publics])
    key = border.keys.get("tianjin/seal/2", Use.SEAL, NOW_MS)
    assert key is not None
    new = parcel.cut(border.identity(), key, head_of(entries), entries)
    now = border.identity("tianjin")
    border.identities["tianjin"] = replace(now, seal={**now.seal, **later.seal})
    assert list(border.unseal(old)) == list(border.unseal(new)) == entries


@pytest.mark.parametrize("said", ["declared", "undeclared", "lied"])
def test_a_body_that_unfolds_without_end_is_refused_unread(
    border: Border, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    plain = bytes(parcel.MAX_PLAIN + 1)
    if said == "undeclared":
        packer = zstandard.ZstdCompressor().compressobj()
        bomb = packer.compress(plain) + packer.flush()
        assert zstandard.frame_content_size(bomb) == -1
    else:
        bomb = zstandard.ZstdCompressor().compress(plain)
    if said == "lied":
        declared = len(plain).to_bytes(4, "little")
        assert bomb.count(declared) == 1
        bomb = bomb.replace(declared, (1000).to_bytes(4, "little"))
        assert zstandard.frame_content_size(bomb) == 1000
    entries = some_entries(1)
    monkeypatch.setattr(parcel, "_compress", lambda _: bomb)
    value = border.cut(entries, head_of(entries))
    assert len(value) < 4096
    assert code_of(lambda: border.unseal(value)) == (
        "UNREADABLE" if said == "lied" else "TOO_LARGE"
    )


def packed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no zstandard frame", "UNREADABLE"),
        (b"", "UNREADABLE"),
        (packed(b"\xff\xff"), "UNREADABLE"),
        (packed(b""), "UNREADABLE"),
        (packed(pb.ParcelBody(entries=some_entries(1)).SerializeToString()), "UNREADABLE"),
        (packed(pb.ParcelBody(entries=some_entries(3)).SerializeToString()), "UNREADABLE"),
    ],
)
def test_a_body_without_exactly_the_events_that_the_header_counts_is_unreadable(
    border: Border, monkeypatch: pytest.MonkeyPatch, body: bytes, code: str
) -> None:
    monkeypatch.setattr(parcel, "_compress", lambda _: body)
    entries = some_entries(2)
    value = border.cut(entries, head_of(entries))
    assert code_of(lambda: border.unseal(value)) == code


def test_the_sender_can_hide_no_body_in_a_parcel_without_events(border: Border) -> None:
    entries = some_entries(1)
    value = border.cut(entries, head_of(entries))
    assert code_of(
        lambda: border.unseal(resigned(border, value, lambda h: setattr(h, "first", 1)))
    ) == ("UNOPENABLE")


def test_a_seal_is_bound_to_its_link_shard_epoch_and_range() -> None:
    heads = [
        (tree_head("beijing", "tianjin", 3, 0, 9, bytes(32), 0), 8),
        (tree_head("beijing", "tianjin", 3, 0, 9, bytes(32), 0), 7),
        (tree_head("beijing", "tianjin", 3, 0, 8, bytes(32), 0), 8),
        (tree_head("beijing", "tianjin", 3, 1, 9, bytes(32), 0), 8),
        (tree_head("beijing", "tianjin", 4, 0, 9, bytes(32), 0), 8),
        (tree_head("beijing", "hebei", 3, 0, 9, bytes(32), 0), 8),
        (tree_head("hebei", "tianjin", 3, 0, 9, bytes(32), 0), 8),
    ]
    assert len({parcel.binding(head, first) for head, first in heads}) == len(heads)


def test_a_broker_sees_nothing_of_an_event_in_a_parcel() -> None:
    border = Border("ed25519+x25519-aes256gcm")
    entries = [pb.Entry(event=some_event(1, 400))]
    value = border.cut(entries, head_of(entries))
    assert b"envelope" not in value
    assert b"bbb" not in value


def test_a_receipt_is_the_receivers_word_for_one_head(border: Border) -> None:
    head = head_of(some_entries(3))
    receipt = countersign(border.identity("tianjin"), head)
    assert verify_receipt(receipt, border.keys) == head
    assert sender_of(verify_receipt(receipt, border.keys)) == "beijing"


def test_nobody_else_can_receipt(border: Border) -> None:
    head = head_of(some_entries(3))
    for region in ("beijing", "hebei"):
        forged = countersign(border.identity(region), head)
        assert code_of(lambda forged=forged: verify_receipt(forged, border.keys)) == "UNKNOWN_KEY"
    stranger, _ = make_identity(border.suite, "tianjin", 2)
    named = replace(stranger, sign=replace(stranger.sign, id="tianjin/sign/1"))
    forged = countersign(named, head)
    assert code_of(lambda: verify_receipt(forged, border.keys)) == "BAD_SIGNATURE"


def test_no_flipped_bit_of_a_receipt_goes_unnoticed(border: Border) -> None:
    receipt = countersign(border.identity("tianjin"), head_of(some_entries(3)))
    value = receipt.SerializeToString()
    for place in range(2, len(value)):
        bent = bytearray(value)
        bent[place] ^= 1 << place % 8
        with pytest.raises((ParcelError, DecodeError)):
            verify_receipt(pb.Receipt.FromString(bytes(bent)), border.keys)


def test_a_signature_for_one_purpose_serves_no_other(border: Border) -> None:
    """A head's signature is no receipt's, though the same key makes both."""
    key = border.identity("tianjin").sign
    statement = pb.ReceiptStatement(head=head_of([]), key_id=key.id).SerializeToString()
    signature = suite_of(key).sign(key.private, PARCEL_CONTEXT + statement)
    receipt = pb.Receipt(statement=statement, signature=signature)
    assert code_of(lambda: verify_receipt(receipt, border.keys)) == "BAD_SIGNATURE"
