"""The topics of a region's installation: from the contract to the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from collabbus.errors import CollabbusError
from collabbus.operate import process
from collabbus.operate.topic_contract import TopicContract
from collabbus.settings import KafkaSettings

_EXISTS = 36  # Kafka's error code TOPIC_ALREADY_EXISTS
_READY_MS = 30_000
_REACH_MS = 10_000


class TopicPartitionsError(CollabbusError):
    """Topics exist with another number of partitions; nothing was changed.

    A matter would move to another shard, so no tool changes this number. The way out is to set
    `shards` to what the cluster has, or to begin with topics that don't exist yet.
    """

    code: ClassVar[str] = "TOPIC_PARTITIONS_DIFFER"


class TopicsRefusedError(CollabbusError):
    """The cluster couldn't be reached, or refused a change; the message says which and why."""

    code: ClassVar[str] = "TOPICS_REFUSED"


@dataclass(frozen=True)
class Change:
    """One thing to do to a cluster so that it has what the contract says."""

    topic: str
    action: Literal["create", "alter"]
    config: Mapping[str, str]
    was: Mapping[str, str] = field(default_factory=dict)
    partitions: int = 0
    replication: int = -1

    def __str__(self) -> str:
        if self.action == "create":
            return f"create {self.topic} with {self.partitions} partitions"
        settings = ", ".join(
            f"{key} from {self.was.get(key, 'nothing')} to {value}"
            for key, value in self.config.items()
        )
        return f"alter {self.topic}: {settings}"


def plan(
    kafka: KafkaSettings,
    contract: TopicContract,
    region: str,
    peers: Iterable[str],
    shards: int,
    *,
    replication: int = -1,
) -> list[Change]:
    """What must be done so that the cluster has the region's topics. Changes nothing.

    An empty list means that all is as the contract says. `replication` is the number of copies of
    topics that are still to be created; -1 is the cluster's default.

    Raises:
        TopicPartitionsError: topics exist with another number of partitions than `shards`.
        TopicContractError: a region's name makes no topic name.
        TopicsRefusedError: the cluster couldn't be asked.
    """
    wanted = contract.of(region, peers)
    with administrator(kafka) as admin:
        existing = _partitions(admin, set(wanted))
        differing = {name: count for name, count in existing.items() if count != shards}
        if differing:
            found = ", ".join(f"{name} has {count}" for name, count in sorted(differing.items()))
            raise TopicPartitionsError(
                f"{found}, but shards is {shards}; the number of partitions is fixed for ever: set "
                f"shards to what the cluster has, in every region, or begin with new topics"
            )
        configs = _configs(admin, existing)
    changes = []
    for name, rule in wanted.items():
        if name not in existing:
            changes.append(
                Change(name, "create", rule.config, partitions=shards, replication=replication)
            )
            continue
        was = configs[name]
        differs = {key: value for key, value in rule.config.items() if was.get(key) != value}
        if differs:
            before = {key: was[key] for key in differs if key in was}
            changes.append(Change(name, "alter", differs, before))
    return changes


def apply(kafka: KafkaSettings, changes: Sequence[Change]) -> None:
    """Carry out changes.

    On return every partition of a new topic has a leader, and altered settings are in force.

    May be repeated: a topic that somebody else has created meanwhile is left as it is, so plan
    again afterwards, as `ensure` does.

    Raises:
        TopicsRefusedError: the cluster refused changes; those before may have been carried out.
    """
    from kafka.errors import KafkaError, for_code

    creates = {change.topic: change for change in changes if change.action == "create"}
    alters = [change for change in changes if change.action == "alter"]
    with administrator(kafka) as admin:
        if creates:
            answer = admin.create_topics(
                {
                    name: {
                        "num_partitions": change.partitions,
                        "replication_factor": change.replication,
                        "configs": dict(change.config),
                    }
                    for name, change in creates.items()
                },
                raise_errors=False,
            )
            refused = [
                f"{one['name']}: {for_code(one['error_code']).__name__} {one['error_message']}"
                for one in answer["topics"]
                if one["error_code"] not in (0, _EXISTS)
            ]
            if refused:
                raise TopicsRefusedError(
                    "Kafka refused to create topics; give this user the right to, or correct "
                    "contracts/topics.yaml:\n" + "\n".join(refused)
                )
            try:
                admin.wait_for_topics(list(creates), timeout_ms=_READY_MS)
            except KafkaError as error:
                raise TopicsRefusedError(
                    f"new topics have no leader after {_READY_MS // 1000} s ({error}); look at "
                    "the brokers' log, then run this again"
                ) from error
        if alters:
            _alter(admin, alters)


def ensure(
    kafka: KafkaSettings,
    contract: TopicContract,
    region: str,
    peers: Iterable[str],
    shards: int,
    *,
    replication: int = -1,
) -> list[Change]:
    """Make the cluster have the region's topics, and give what had to be done.

    On return they all exist with their leaders, partitions and configuration. May be repeated,
    and by several processes at once.

    Raises:
        TopicPartitionsError, TopicContractError, TopicsRefusedError: as `plan` and `apply` do.
    """
    peers = list(peers)
    done: list[Change] = []
    # Twice: what another process created meanwhile is compared with the contract too.
    for _ in range(2):
        changes = plan(kafka, contract, region, peers, shards, replication=replication)
        if not changes:
            break
        apply(kafka, changes)
        done += changes
    return done


@contextmanager
def administrator(kafka: KafkaSettings) -> Iterator[Any]:
    """Give kafka-python's administration client, closed at the end.

    Raises:
        TopicsRefusedError: the cluster can't be reached, or refused what was asked of it.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        admin = KafkaAdminClient(**kafka.kafka_python(), bootstrap_timeout_ms=_REACH_MS)
    except KafkaError as error:
        raise TopicsRefusedError(
            f"Kafka at {kafka.bootstrap_servers} can't be reached ({error}); see that it runs and "
            "that COLLABBUS_KAFKA_* are right"
        ) from error
    try:
        yield admin
    except KafkaError as error:
        raise TopicsRefusedError(
            f"Kafka at {kafka.bootstrap_servers} refused: {type(error).__name__} {error}"
        ) from error
    finally:
        admin.close()


def _partitions(admin: Any, names: set[str]) -> dict[str, int]:
    return {
        topic["name"]: len(topic["partitions"])
        for topic in admin.describe_topics()
        if topic["name"] in names and topic["error_code"] == 0
    }


def _configs(admin: Any, names: Iterable[str]) -> dict[str, dict[str, str]]:
    from kafka.admin import ConfigResource, ConfigResourceType

    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in sorted(names)]
    if not resources:
        return {}
    answer = admin.describe_configs(resources, config_filter="all")["topic"]
    return {
        name: {key: str(entry["value"]) for key, entry in entries.items()}
        for name, entries in answer.items()
    }


def _alter(admin: Any, changes: Sequence[Change]) -> None:
    from kafka.admin import ConfigResource, ConfigResourceType

    answer = admin.alter_configs(
        [
            ConfigResource(ConfigResourceType.TOPIC, change.topic, dict(change.config))
            for change in changes
        ],
        # Or it looks each key up first, and blames the key where the topic is missing.
        raise_on_unknown=False,
    )["topic"]
    refused = [f"{name}: {result}" for name, result in answer.items() if result != "OK"]
    if refused:
        raise TopicsRefusedError(
            "Kafka refused to alter topics; give this user the right to, or correct "
            "contracts/topics.yaml:\n" + "\n".join(refused)
        )
    # The controller has said yes; the brokers hear of it a moment later.
    for _ in process.attempts(_READY_MS / 1000):
        now = _configs(admin, {change.topic for change in changes})
        if all(now[one.topic].get(key) == one.config[key] for one in changes for key in one.config):
            return
    raise TopicsRefusedError(
        f"altered settings aren't in force after {_READY_MS // 1000} s; look at the brokers' log, "
        "then run this again"
    )
