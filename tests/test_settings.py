"""Settings: where they come from, what they refuse, and that each one is explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from collabbus.settings import KafkaSettings, Settings, SettingsError, document, load

DOCUMENT = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("COLLABBUS_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("settings", [Settings, KafkaSettings])
def test_every_setting_has_a_description_and_an_example(settings: type[BaseSettings]) -> None:
    for name, field in settings.model_fields.items():
        assert field.description, name
        assert len(field.description.split()) >= 8, name
        assert field.examples, name


def test_the_committed_reference_is_current() -> None:
    told = "run: python -m collabbus.settings > docs/settings.md"
    assert DOCUMENT.read_text("utf-8") == document(), told


def test_flags_win_over_the_environment_which_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(
        "region: hebei\nshards: 2\ninstance: file\nlog_level: ERROR\n"
        "kafka: {bootstrap_servers: 'file:1', sasl_username: file}\n"
    )
    monkeypatch.setenv("COLLABBUS_SETTINGS", str(file))
    monkeypatch.setenv("COLLABBUS_SHARDS", "4")
    monkeypatch.setenv("COLLABBUS_INSTANCE", "env")
    monkeypatch.setenv("COLLABBUS_KAFKA_BOOTSTRAP_SERVERS", "env:1,env:2")
    found = load(instance="flag", log_level=None)
    assert (found.region, found.shards, found.instance, found.log_level) == (
        "hebei",
        4,
        "flag",
        "ERROR",
    )
    assert found.kafka.bootstrap_servers == "env:1,env:2"
    assert found.kafka.sasl_username == "file"
    assert KafkaSettings() == found.kafka


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABBUS_SHARDS", "0")
    monkeypatch.setenv("COLLABBUS_METRICS_PORT", "http")
    with pytest.raises(SettingsError) as told:
        load()
    assert told.value.code == "SETTINGS_INVALID"
    for part in ("region: Field required", "COLLABBUS_SHARDS", "metrics_port='http'"):
        assert part in str(told.value)


def test_a_misspelt_key_of_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("region: hebei\nshard: 2\n")
    monkeypatch.setenv("COLLABBUS_SETTINGS", str(file))
    with pytest.raises(SettingsError, match="shard=2"):
        load()
    monkeypatch.setenv("COLLABBUS_SETTINGS", str(tmp_path / "none.yaml"))
    with pytest.raises(SettingsError, match="names no file"):
        load()


def test_heartbeats_must_fit_thrice_into_the_session() -> None:
    with pytest.raises(SettingsError, match="more than a third"):
        load(region="beijing", heartbeat_interval_s=3)


def test_a_login_needs_user_and_password() -> None:
    with pytest.raises(ValueError, match="needs sasl_username and"):
        KafkaSettings(security_protocol="SASL_SSL")


def test_passwords_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLABBUS_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    monkeypatch.setenv("COLLABBUS_KAFKA_SASL_PASSWORD", "hunter2")
    with pytest.raises(SettingsError) as told:
        load(region="beijing")
    assert "hunter2" not in str(told.value)
    monkeypatch.setenv("COLLABBUS_KAFKA_SASL_USERNAME", "beijing")
    found = load(region="beijing")
    assert "hunter2" not in repr(found)
    assert found.kafka.aiokafka()["sasl_plain_password"] == "hunter2"


def test_java_clients_get_the_same_login() -> None:
    found = KafkaSettings.model_validate(
        {
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_username": "a",
            "sasl_password": 'b"\\',
        }
    ).properties()
    assert found["sasl.mechanism"] == "SCRAM-SHA-512"
    assert found["sasl.jaas.config"] == (
        "org.apache.kafka.common.security.scram.ScramLoginModule required "
        'username="a" password="b\\"\\\\";'
    )
