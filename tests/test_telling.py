from __future__ import annotations

from pathlib import Path

import pytest

from collabbus.contracts import load
from collabbus.model.body import FIELD_OF
from collabbus.model.contract import Contract
from collabbus.model.thread import FAMILIES
from collabbus.telling import Teller

NOT_SAID = "Reopened"
"""It has a schema and no lifecycle: a closed matter goes on as another one."""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load(Path(__file__).parent.parent / "contracts").pin("jingjinji")


@pytest.mark.parametrize("kind", sorted(FIELD_OF.keys() - {NOT_SAID}))
def test_whatever_is_recorded_is_told_in_chinese_and_english(contract: Contract, kind: str) -> None:
    teller = Teller({contract.hash: contract})
    told = {teller.act(kind, contract.hash, family) for family in FAMILIES if family}
    named = [one for one in told if "\u4e00" <= one[0] <= "\u9fff"]
    assert named, told
    assert all(one.isascii() for one in told if one not in named)


def test_what_is_of_an_unknown_contract_is_told_by_its_name_alone() -> None:
    assert Teller({}).act("ClueTransferred", b"?", 2) == "clue transferred"
