"""Two regions with keys, the link between them, and a stranger: for any suite."""

from __future__ import annotations

import random
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collab.v1 import link_pb2 as pb
from collabbus.link import inbound, parcel
from collabbus.link.keys import Identity, KeyDirectory, PrivateKey, PublicKey, Use
from collabbus.link.outbound import BEGINNING, Outbound, Place
from collabbus.link.suite import Ed25519X25519
from collabbus.simulate.suite import Simulated

SUITES = (Ed25519X25519.name, Simulated.name)
NOW_MS = 1_790_000_000_000
EXPIRES_MS = NOW_MS + 86_400_000


def make_key(
    suite: str, use: Use, holder: str, seed: int, expires_ms: int = EXPIRES_MS
) -> tuple[PrivateKey, PublicKey]:
    """Make a key pair of a suite; the same seed gives the same one."""
    private = random.Random(f"{suite}/{use}/{holder}/{seed}").randbytes(32)
    public = private
    if suite == Ed25519X25519.name:
        kind = X25519PrivateKey if use is Use.SEAL else Ed25519PrivateKey
        public = kind.from_private_bytes(private).public_key().public_bytes_raw()
    name = f"{holder}/{use}/{seed}"
    return (
        PrivateKey(name, suite, private),
        PublicKey(name, holder, use, suite, public, NOW_MS - 1, expires_ms),
    )


def make_identity(suite: str, region: str, seed: int = 1) -> tuple[Identity, list[PublicKey]]:
    sign, sign_public = make_key(suite, Use.SIGN, region, seed)
    seal, seal_public = make_key(suite, Use.SEAL, region, seed)
    return (
        Identity(region, sign, {seal.id: seal}, region.encode().ljust(32, b"\0")),
        [sign_public, seal_public],
    )


def some_event(number: int, size: int = 1) -> ev.Event:
    """Make an event; a link looks at none of its bytes."""
    return ev.Event(envelope=b"envelope %d " % number, body=b"b" * size, salt=bytes(32))


def some_entries(count: int) -> list[pb.Entry]:
    return [pb.Entry(event=some_event(number)) for number in range(count)]


class Border:
    """Beijing, Tianjin and Hebei, and what Tianjin has received of Beijing's link."""

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self.identities: dict[str, Identity] = {}
        self.publics: list[PublicKey] = []
        for region in ("beijing", "tianjin", "hebei"):
            self.identities[region], publics = make_identity(suite, region)
            self.publics += publics
        self.keys = KeyDirectory(self.publics)
        self.link = inbound.restored()
        self.leaves: list[pb.Leaves] = []
        self.arrived: list[pb.Entry] = []

    def identity(self, region: str = "beijing") -> Identity:
        return self.identities[region]

    def seal_key(self, region: str = "tianjin") -> PublicKey:
        key = self.keys.current(region, Use.SEAL, NOW_MS)
        assert key is not None
        return key

    def outbound(self, sent: Place = BEGINNING, receipted: Place = BEGINNING) -> Outbound:
        return Outbound("beijing", "tianjin", 3, sent, receipted)

    def cut(
        self, entries: Sequence[pb.Entry], head: pb.TreeHead, receipts: Sequence[pb.Receipt] = ()
    ) -> bytes:
        return parcel.cut(self.identity(), self.seal_key(), head, entries, receipts)

    def parcels(self, out: Outbound, entries: Sequence[pb.Entry] = ()) -> list[bytes]:
        for entry in entries:
            out.append(entry)
        return out.parcels(self.identity(), self.seal_key(), NOW_MS)

    def verify(self, value: bytes, time_ms: int = NOW_MS) -> tuple[pb.Parcel, pb.ParcelHeader]:
        return parcel.verify(value, self.identity("tianjin"), self.keys, "beijing", 3, time_ms)

    def unseal(self, value: bytes) -> Sequence[pb.Entry]:
        return parcel.unseal(*self.verify(value), self.identity("tianjin"))

    def receive(self, value: bytes) -> int:
        """Take a parcel as Tianjin does; give how many of its events are new."""
        whole, header = self.verify(value)
        if not inbound.wants(self.link, header):
            inbound.hear(self.link, whole.signed, header.head)
            return 0
        entries = parcel.unseal(whole, header, self.identity("tianjin"))
        new, leaves = inbound.advance(self.link, whole.signed, header, entries)
        self.arrived += new
        self.leaves.append(leaves)
        return len(new)

    def state(self) -> st.LinkIn:
        return st.LinkIn.FromString(self.link.SerializeToString())
