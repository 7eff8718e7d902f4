"""The cast: networks, keys and identities for a simulated alliance, all from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from collab.v1 import submission_pb2 as sub
from collabbus.link.keys import Identity, KeyDirectory, PrivateKey, PublicKey, Use
from collabbus.model import batch
from collabbus.model.contract import Contract
from collabbus.simulate.suite import Simulated

FOREVER_MS = 1 << 52


@dataclass(frozen=True)
class Cast:
    """Who takes part, and their keys."""

    identities: dict[str, Identity]
    offices: dict[str, PrivateKey]
    keys: KeyDirectory

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that take part."""
        return tuple(self.identities)

    def sign(self, drafts: Iterable[sub.Draft], key: PrivateKey) -> list[bytes]:
        """Give the submission records of drafts that are signed together."""
        return batch.sign([draft.SerializeToString() for draft in drafts], key)


def cast(contract: Contract, offices: Iterable[str], seed: int) -> Cast:
    """Make keys of the simulator's own suite for all regions of a network and these offices."""
    return company(contract.network.regions, offices, seed)


def company(regions: Iterable[str], offices: Iterable[str], seed: int) -> Cast:
    """Make keys of the simulator's own suite for these regions and offices."""
    rnd = random.Random(seed)
    public: list[PublicKey] = []

    def make(holder: str, use: Use) -> PrivateKey:
        private = PrivateKey(f"{holder}/{use}/1", Simulated.name, rnd.randbytes(32))
        public.append(
            PublicKey(private.id, holder, use, private.suite, private.private, 0, FOREVER_MS)
        )
        return private

    identities = {}
    for region in regions:
        seal = make(region, Use.SEAL)
        identities[region] = Identity(
            region, make(region, Use.SIGN), {seal.id: seal}, rnd.randbytes(32)
        )
    signers = {office: make(office, Use.SUBMIT) for office in offices}
    return Cast(identities, signers, KeyDirectory(public))
