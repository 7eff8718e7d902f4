"""Parcels (封包): cut from a run of link events, sealed to the receiver, signed by the sender.

A parcel's header, signed, is at the same time the signed tree head: one signature serves both, and
whoever has the header, its signature and an inclusion path can prove an event without the parcel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

import zstandard
from google.protobuf.message import DecodeError

from collab.v1 import link_pb2 as pb
from collabbus.errors import CollabbusError
from collabbus.link.keys import Identity, KeyDirectory, PublicKey, Use, suite_of
from collabbus.link.suite import SealBroken

PARCEL_CONTEXT = b"collabbus/parcel/v1\0"
RECEIPT_CONTEXT = b"collabbus/receipt/v1\0"
SEAL_CONTEXT = b"collabbus/seal/v1\0"
MAX_PLAIN = 16 << 20
"""Bytes to which a parcel's body may unfold."""

_compress = zstandard.ZstdCompressor(level=1).compress
_decompress = zstandard.ZstdDecompressor().decompress


class ParcelError(CollabbusError):
    """A parcel that isn't taken; `code` is its reason in quarantine."""

    code: ClassVar[str] = "PARCEL"

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """A parcel that was verified and opened."""

    signed: pb.SignedHeader
    header: pb.ParcelHeader
    entries: Sequence[pb.Entry]

    @property
    def head(self) -> pb.TreeHead:
        """The tree head after the parcel."""
        return self.header.head


def binding(head: pb.TreeHead, first: int) -> bytes:
    """Give what a seal is bound to: this link, shard, epoch and range, and no other."""
    way = f"{sender_of(head)}>{head.to}/{head.shard}/{head.epoch}/{first}+{head.size}"
    return SEAL_CONTEXT + way.encode()


def tree_head(
    sender: str, receiver: str, shard: int, epoch: int, size: int, root: bytes, until_ms: int
) -> pb.TreeHead:
    """Give a tree head (树头); `until_ms` is the time until which the sender had recorded."""
    head = pb.TreeHead(
        to=receiver, shard=shard, epoch=epoch, size=size, root=root, recorded_until_ms=until_ms
    )
    setattr(head, "from", sender)
    return head


def sender_of(head: pb.TreeHead) -> str:
    """Give the region whose link this is (`from` is a keyword of Python)."""
    return str(getattr(head, "from"))


def cut(
    identity: Identity,
    receiver_key: PublicKey,
    head: pb.TreeHead,
    entries: Sequence[pb.Entry],
    receipts: Sequence[pb.Receipt] = (),
) -> bytes:
    """Give the bytes of the parcel that brings the receiver to `head` by these entries."""
    first = head.size - len(entries)
    sealed = b""
    if entries:
        plain = _compress(pb.ParcelBody(entries=entries).SerializeToString())
        sealed = suite_of(receiver_key).seal(receiver_key.public, plain, binding(head, first))
    header = pb.ParcelHeader(
        head=head,
        first=first,
        suite=identity.sign.suite,
        sign_key_id=identity.sign.id,
        seal_key_id=receiver_key.id,
        sealed_sha256=sha256(sealed).digest(),
        receipts=receipts,
    ).SerializeToString()
    signature = suite_of(identity.sign).sign(identity.sign.private, PARCEL_CONTEXT + header)
    signed = pb.SignedHeader(header=header, signature=signature)
    return pb.Parcel(signed=signed, sealed=sealed).SerializeToString()


def verify_header(
    signed: pb.SignedHeader, keys: KeyDirectory, time_ms: int | None
) -> pb.ParcelHeader:
    """Give a header whose signature is its sender's.

    With `time_ms` the key must be valid then; without, it is proof of the past. Raises ParcelError.
    """
    try:
        header = pb.ParcelHeader.FromString(signed.header)
    except DecodeError as error:
        raise ParcelError("UNREADABLE", "the header is no ParcelHeader") from error
    key = (
        keys.proving(header.sign_key_id, Use.SIGN)
        if time_ms is None
        else keys.get(header.sign_key_id, Use.SIGN, time_ms)
    )
    sender = sender_of(header.head)
    if key is None or key.holder != sender or key.suite != header.suite:
        raise ParcelError(
            "UNKNOWN_KEY", f"signing key {header.sign_key_id!r} is no valid key of {sender!r}"
        )
    if not suite_of(key).verify(key.public, PARCEL_CONTEXT + signed.header, signed.signature):
        raise ParcelError("BAD_SIGNATURE", f"the signature is not that of key {key.id!r}")
    if header.first > header.head.size:
        raise ParcelError("UNREADABLE", "the first index lies beyond the size")
    return header


def verify(
    value: bytes, identity: Identity, keys: KeyDirectory, sender: str, shard: int, time_ms: int
) -> tuple[pb.Parcel, pb.ParcelHeader]:
    """Give a parcel of this very link shard whose signature and sealed bytes are right.

    Raises ParcelError with the reason code for quarantine.
    """
    try:
        parcel = pb.Parcel.FromString(value)
    except DecodeError as error:
        raise ParcelError("UNREADABLE", f"{len(value)} bytes that are no Parcel") from error
    header = verify_header(parcel.signed, keys, time_ms)
    head = header.head
    if (sender_of(head), head.to, head.shard) != (sender, identity.region, shard):
        raise ParcelError(
            "MISROUTED",
            f"a parcel of {sender_of(head)}>{head.to}/{head.shard} "
            f"came over {sender}>{identity.region}/{shard}",
        )
    if sha256(parcel.sealed).digest() != header.sealed_sha256:
        raise ParcelError("BAD_SIGNATURE", "the sealed bytes are not those that were signed")
    return parcel, header


def unseal(parcel: pb.Parcel, header: pb.ParcelHeader, identity: Identity) -> Sequence[pb.Entry]:
    """Give the entries of a verified parcel. Raises ParcelError."""
    count = header.head.size - header.first
    if not count and not parcel.sealed:
        return ()
    key = identity.seal.get(header.seal_key_id)
    if key is None:
        raise ParcelError(
            "UNKNOWN_KEY", f"it is sealed to {header.seal_key_id!r}, which is not ours"
        )
    try:
        packed = suite_of(key).open(key.private, parcel.sealed, binding(header.head, header.first))
        # A bomb says its size in the frame's header, or hides it: both are refused unread.
        if not 0 <= zstandard.frame_content_size(packed) <= MAX_PLAIN:
            raise ParcelError("TOO_LARGE", f"the body unfolds to more than {MAX_PLAIN} bytes")
        body = pb.ParcelBody.FromString(_decompress(packed, max_output_size=MAX_PLAIN))
    except SealBroken as error:
        raise ParcelError("UNOPENABLE", "the seal doesn't open with our key") from error
    except (zstandard.ZstdError, DecodeError) as error:
        raise ParcelError("UNREADABLE", "the body is no ParcelBody") from error
    if len(body.entries) != count:
        raise ParcelError(
            "UNREADABLE", f"the body holds {len(body.entries)} events, the header says {count}"
        )
    return body.entries


def countersign(identity: Identity, head: pb.TreeHead) -> pb.Receipt:
    """Give our receipt (回执) for a peer's tree head: everything up to its size has arrived."""
    statement = pb.ReceiptStatement(head=head, key_id=identity.sign.id).SerializeToString()
    signature = suite_of(identity.sign).sign(identity.sign.private, RECEIPT_CONTEXT + statement)
    return pb.Receipt(statement=statement, signature=signature)


def verify_receipt(receipt: pb.Receipt, keys: KeyDirectory) -> pb.TreeHead:
    """Give the tree head that a receipt countersigns, if its receiver did. Raises ParcelError."""
    try:
        statement = pb.ReceiptStatement.FromString(receipt.statement)
    except DecodeError as error:
        raise ParcelError("UNREADABLE", "the receipt is no ReceiptStatement") from error
    key = keys.proving(statement.key_id, Use.SIGN)
    if key is None or key.holder != statement.head.to:
        raise ParcelError("UNKNOWN_KEY", f"{statement.key_id!r} is no key of {statement.head.to!r}")
    if not suite_of(key).verify(key.public, RECEIPT_CONTEXT + receipt.statement, receipt.signature):
        raise ParcelError("BAD_SIGNATURE", f"the receipt is not signed by key {key.id!r}")
    return statement.head
