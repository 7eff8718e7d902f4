"""What the contract says about topics: `contracts/topics.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from collabbus.errors import CollabbusError

FILENAME = "topics.yaml"

Role = Literal[
    "office",
    "gateway",
    "record",
    "dispatch",
    "handler",
    "ledger",
    "service",
    "mirror",
    "operator",
]


class TopicContractError(CollabbusError):
    """`topics.yaml` breaks its rules; the message lists every fault."""

    code: ClassVar[str] = "TOPIC_CONTRACT_INVALID"


def _text(value: object) -> object:
    # YAML reads -1 and 0.1 as numbers, Kafka's configuration is text throughout.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Purpose(BaseModel):
    """What a topic is for, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str


class TopicRule(BaseModel):
    """One topic of the contract, with its name still a pattern."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    purpose: Purpose
    writers: tuple[Role, ...]
    readers: tuple[Role, ...]
    config: dict[str, Annotated[str, BeforeValidator(_text)]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        policy = self.config.get("cleanup.policy")
        if policy not in ("delete", "compact"):
            raise ValueError(f"cleanup.policy is {policy!r}; say delete or compact")
        if policy == "delete" and "retention.ms" not in self.config:
            raise ValueError("retention.ms is missing; say for how long, or -1 for ever")
        if self.config.get("message.timestamp.type") != "LogAppendTime":
            raise ValueError("message.timestamp.type must be LogAppendTime: deadlines rest on it")
        return self


class Links(BaseModel):
    """The two topics of a link with a peer, seen from one region."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outgoing: TopicRule
    incoming: TopicRule


class TopicContract(BaseModel):
    """`contracts/topics.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    topics: dict[str, TopicRule]
    links: Links

    @classmethod
    def load(cls, contracts: Path) -> TopicContract:
        """Read `topics.yaml` from the contracts' folder.

        Raises:
            TopicContractError: the file is missing, is no YAML, or breaks its rules.
        """
        path = contracts / FILENAME
        try:
            return cls.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except FileNotFoundError:
            raise TopicContractError(
                f"{path} doesn't exist; name the folder with the contracts in COLLABBUS_CONTRACTS"
            ) from None
        except yaml.YAMLError as error:
            raise TopicContractError(f"{path} is no YAML: {error}") from None
        except ValidationError as error:
            faults = "\n".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
            )
            raise TopicContractError(f"{path} is wrong:\n{faults}") from None

    def of(self, region: str, peers: Iterable[str]) -> dict[str, TopicRule]:
        """The topics that a region's cluster holds, by full name.

        On a cluster that holds several regions, one region's outgoing topic is the other's
        incoming one: the same name with the same configuration.
        """
        wanted = {rule.name.format(region=region): rule for rule in self.topics.values()}
        for peer in sorted(set(peers) - {region}):
            for rule in (self.links.outgoing, self.links.incoming):
                wanted[rule.name.format(region=region, peer=peer)] = rule
        for name in wanted:
            if not re.fullmatch(r"[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+", name):
                raise TopicContractError(
                    f"topic name {name!r}: parts are small letters and digits, with dots between "
                    "them; correct the region's or peer's name"
                )
        return wanted
