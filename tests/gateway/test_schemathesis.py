"""The OpenAPI document against the gateway: requests made up from it, right ones and wrong ones.

The gateway that is asked is whole: Kafka, a region that decides, a ledger in PostgreSQL.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.gateway.conftest import Counter
from tests.sdk.conftest import Member

pytestmark = pytest.mark.kafka

EXAMPLES = int(os.environ.get("GATEWAY_EXAMPLES", "10"))
"""Requests of each operation; `make gateway` makes more."""
FEW = {("/v1/matters", "post"), ("/v1/matters/{matterId}/acts", "post")}
"""Wrong ones of these take seconds to make up, as the bodies of all families may stand in them."""
RULES_BEYOND_SCHEMAS = ["positive_data_acceptance"]
"""Which office may do what when is in no JSON schema, so what a schema allows may be refused."""


@pytest.fixture(scope="module")
def api(open_counter: Callable[..., Counter], member: Member, ledger_url: str) -> Iterator[Any]:
    counter = open_counter(
        url=ledger_url,
        rate_per_s=1e6,
        burst=1e6,
        webhook_hosts=["a.example"],
        wait_limit_s=0.5,  # whatever `Prefer` asks for
    )
    with counter.listening() as address:
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
        token = counter.token(member.one, role="system")
        # A stream never ends.
        yield schema.exclude(path="/v1/events/stream"), {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_promises(api: Any, mode: GenerationMode) -> None:
    schema, headers = api
    excluded = CHECKS.get_by_names(RULES_BEYOND_SCHEMAS)
    failed: dict[str, str] = {}
    asked: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        few = mode is GenerationMode.NEGATIVE and (operation.path, operation.method) in FEW

        @settings(
            max_examples=max(1, EXAMPLES // 5) if few else EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            asked.add(case.operation.label)
            case.call_and_validate(excluded_checks=excluded, headers=headers)

        try:
            ask()
        except Unsatisfiable:
            # Nothing can be wrong with what takes nothing.
            assert not [*operation.iter_parameters(), *operation.body], operation.label
        except Exception as error:
            failed[operation.label] = str(error)
    assert not failed, "\n\n".join(f"{label}: {text}" for label, text in failed.items())
    assert len(asked) > 12
