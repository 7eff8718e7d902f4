from __future__ import annotations

import stat
from pathlib import Path

import pytest

from collabbus.operate.evidence import EvidenceFileError, load, save


def test_an_evidence_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "m.evidence"
    save(file, b"words of a witness")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(file) == b"words of a witness"
    file.chmod(0o644)
    save(file, b"new")
    assert load(file) == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_cant_be_used_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(EvidenceFileError, match="--out"):
        save(tmp_path / "none" / "m.evidence", b"")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place in (tmp_path, tmp_path / "link"):
        with pytest.raises(EvidenceFileError, match=r"no file of its own: .*--out"):
            save(place, b"")
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(EvidenceFileError, match="evidence export"):
        load(tmp_path / "none.evidence")
