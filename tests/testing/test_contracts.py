"""Where the kit finds contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabbus.testing.contracts import NoContractsError, find

ROOT = Path(__file__).parents[2]


def test_the_nearest_folder_above_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLLABBUS_CONTRACTS", raising=False)
    (tmp_path / "contracts" / "networks").mkdir(parents=True)
    (tmp_path / "tests" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "tests" / "deep")
    assert find() == tmp_path / "contracts"


def test_without_any_those_that_collabbus_came_with_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLLABBUS_CONTRACTS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find() == ROOT / "contracts"


def test_a_folder_that_is_named_and_holds_none_isnt_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLABBUS_CONTRACTS", str(tmp_path))
    with pytest.raises(NoContractsError, match="COLLABBUS_CONTRACTS"):
        find()
