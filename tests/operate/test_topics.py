"""Topics: the contract's file, and the way from it to a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from collabbus.operate.broker import Broker
from collabbus.operate.topic_contract import TopicContract, TopicContractError
from collabbus.operate.topics import (
    Change,
    TopicPartitionsError,
    TopicsRefusedError,
    apply,
    ensure,
    plan,
)
from collabbus.settings import KafkaSettings


@pytest.fixture
def contract(contracts: Path) -> TopicContract:
    return TopicContract.load(contracts)


def test_the_committed_contract_names_all_topics(contract: TopicContract) -> None:
    names = set(contract.of("beijing", ["tianjin", "beijing"]))
    own = ("submissions", "outcomes", "events", "leaves", "state", "heads", "waiting")
    own += ("parked", "quarantine", "to.tianjin")
    assert names == {f"collab.beijing.{name}" for name in own} | {"collab.tianjin.to.beijing"}


def test_the_log_is_kept_for_ever_and_every_time_is_the_brokers(contract: TopicContract) -> None:
    found = contract.of("beijing", ["tianjin"])
    for name in ("events", "leaves", "quarantine"):
        assert found[f"collab.beijing.{name}"].config["retention.ms"] == "-1"
    for name in ("state", "heads", "waiting", "parked"):
        assert found[f"collab.beijing.{name}"].config["cleanup.policy"] == "compact"
    assert {rule.config["message.timestamp.type"] for rule in found.values()} == {"LogAppendTime"}


def test_both_ends_of_a_link_agree_on_its_topics(contract: TopicContract) -> None:
    beijing, tianjin = contract.of("beijing", ["tianjin"]), contract.of("tianjin", ["beijing"])
    shared = set(beijing) & set(tianjin)
    assert shared == {"collab.beijing.to.tianjin", "collab.tianjin.to.beijing"}
    for name in shared:
        assert beijing[name].config == tianjin[name].config


def test_all_faults_of_a_contract_are_told_at_once(contracts: Path, tmp_path: Path) -> None:
    content = yaml.safe_load((contracts / "topics.yaml").read_text("utf-8"))
    content["topics"]["events"]["config"].pop("retention.ms")
    content["topics"]["state"]["writers"] = ["nobody"]
    (tmp_path / "topics.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(TopicContractError) as told:
        TopicContract.load(tmp_path)
    assert "topics.events" in str(told.value)
    assert "topics.state.writers" in str(told.value)
    with pytest.raises(TopicContractError, match="doesn't exist"):
        TopicContract.load(tmp_path / "none")


def test_a_name_that_makes_no_topic_is_refused(contract: TopicContract) -> None:
    with pytest.raises(TopicContractError, match=r"collab\.Bei jing\."):
        contract.of("Bei jing", [])


def test_a_cluster_that_cannot_be_reached_is_told(
    contract: TopicContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collabbus.operate.topics._REACH_MS", 300)
    from collabbus.operate.process import free_ports

    nobody = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(TopicsRefusedError, match="can't be reached"):
        plan(nobody, contract, "beijing", [], 4)


@pytest.mark.kafka
def test_topics_are_created_once_and_mended_when_they_differ(
    broker: Broker, contract: TopicContract
) -> None:
    at, region, peers = broker.settings(), "topicsone", ["topicstwo"]
    changes = ensure(at, contract, region, peers, 3)
    assert {change.action for change in changes} == {"create"}
    assert {change.topic for change in changes} == set(contract.of(region, peers))
    assert plan(at, contract, region, peers, 3) == []

    log = f"collab.{region}.events"
    apply(at, [Change(log, "alter", {"retention.ms": "1000"})])
    (change,) = ensure(at, contract, region, peers, 3)
    assert str(change) == f"alter {log}: retention.ms from 1000 to -1"
    assert plan(at, contract, region, peers, 3) == []


@pytest.mark.kafka
def test_a_region_on_the_same_cluster_shares_the_link_topics(
    broker: Broker, contract: TopicContract
) -> None:
    at = broker.settings()
    first = ensure(at, contract, "sharedone", ["sharedtwo"], 2)
    second = ensure(at, contract, "sharedtwo", ["sharedone"], 2)
    assert (len(first), len(second)) == (11, 9)


@pytest.mark.kafka
def test_another_number_of_partitions_is_refused_and_nothing_changed(
    broker: Broker, contract: TopicContract
) -> None:
    at = broker.settings()
    ensure(at, contract, "partitions", [], 2)
    with pytest.raises(TopicPartitionsError, match="has 2, but shards is 3") as told:
        ensure(at, contract, "partitions", ["new"], 3)
    assert told.value.code == "TOPIC_PARTITIONS_DIFFER"
    assert len(plan(at, contract, "partitions", ["new"], 2)) == 2


@pytest.mark.kafka
def test_repeating_a_plan_that_was_carried_out_does_no_harm(
    broker: Broker, contract: TopicContract
) -> None:
    at = broker.settings()
    changes = plan(at, contract, "twice", [], 2)
    apply(at, changes)
    apply(at, changes)
    assert plan(at, contract, "twice", [], 2) == []


@pytest.mark.kafka
def test_what_the_cluster_refuses_is_told_with_its_reason(broker: Broker) -> None:
    at = broker.settings()
    with pytest.raises(TopicsRefusedError, match="nonsense"):
        apply(at, [Change("refused.one", "create", {"cleanup.policy": "nonsense"}, partitions=1)])
    with pytest.raises(TopicsRefusedError, match=r"refused\.none"):
        apply(at, [Change("refused.none", "alter", {"retention.ms": "1"})])
