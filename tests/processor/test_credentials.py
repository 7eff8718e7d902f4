"""Credentials: Faust's clients log in as all others do."""

from __future__ import annotations

from typing import Any

import pytest
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from collabbus.processor.credentials import credentials
from collabbus.settings import KafkaSettings


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"security_protocol": "SSL"},
        {
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_username": "beijing",
            "sasl_password": "p",
        },
        {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "PLAIN",
            "sasl_username": "beijing",
            "sasl_password": "p",
        },
    ],
)
def test_what_faust_passes_on_is_what_the_settings_say(given: dict[str, Any]) -> None:
    ours = KafkaSettings(**given).aiokafka()
    del ours["bootstrap_servers"]
    passed = credentials_to_aiokafka_auth(credentials(ours), None)
    assert {key: value for key, value in passed.items() if value is not None} == ours
