from __future__ import annotations

from pathlib import Path

import pytest

from collabbus.contracts import load
from collabbus.model.contract import Contract

CONTRACTS = load(Path(__file__).parent.parent.parent / "contracts")


@pytest.mark.parametrize("network", sorted(CONTRACTS.networks))
def test_a_contract_is_read_again_from_its_canonical_form(network: str) -> None:
    """Rule 10: a matter stays under the contract that opened it, whatever the files say later."""
    pinned = CONTRACTS.pin(network)
    again = Contract.read(pinned.canonical())
    assert again.hash == pinned.hash
    assert (again.network, again.calendar) == (pinned.network, pinned.calendar)
    assert dict(again.lifecycles) == dict(pinned.lifecycles)
    assert again.canonical() == pinned.canonical()
