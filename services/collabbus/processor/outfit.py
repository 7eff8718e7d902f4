"""The outfit: what every stage of a region's processor works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collabbus.link.keys import Identity, KeyDirectory
from collabbus.model.contract import Contract
from collabbus.processor.metrics import Metrics
from collabbus.settings import Settings


@dataclass(frozen=True)
class Outfit:
    """One region's settings, contract, keys and connections."""

    settings: Settings
    contracts: Mapping[str, Contract]
    """By network, of those in which the region is a member."""
    pinned: Mapping[bytes, Contract]
    """By hash, older ones too."""
    identity: Identity
    keys: KeyDirectory
    metrics: Metrics
    kafka: dict[str, Any]
    """Arguments of every aiokafka client."""

    @property
    def region(self) -> str:
        """The region's name."""
        return self.settings.region

    @property
    def shards(self) -> int:
        """The number of shards of the installation."""
        return self.settings.shards

    @property
    def peers(self) -> tuple[str, ...]:
        """Every region with which this one shares a network."""
        return tuple(
            sorted(
                {
                    peer
                    for contract in self.contracts.values()
                    for peer in contract.network.peers(self.region)
                }
            )
        )

    @property
    def group(self) -> str:
        """The consumer group; part of each transactional id, so that no two apps share one."""
        return f"collab.{self.region}.processor"

    def topic(self, name: str) -> str:
        """Give a topic of this region, by its short name."""
        return f"collab.{self.region}.{name}"

    def link_in(self, peer: str) -> str:
        """Give the topic of the link from a peer."""
        return f"collab.{peer}.to.{self.region}"

    def link_out(self, peer: str) -> str:
        """Give the topic of the link to a peer."""
        return f"collab.{self.region}.to.{peer}"

    @property
    def record_topics(self) -> dict[str, str | None]:
        """The inputs of `record`, with the peer where it is a link."""
        return {
            self.topic("submissions"): None,
            **{self.link_in(peer): peer for peer in self.peers},
        }
