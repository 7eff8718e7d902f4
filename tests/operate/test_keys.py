"""Keys of an installation: made once, replaced without a gap."""

from __future__ import annotations

import json
import stat

import pytest

from collabbus.contracts import load
from collabbus.keyring import (
    KeyFileMissingError,
    KeyHolderError,
    directory_file,
    load_directory,
    load_identity,
    load_office_key,
    load_private,
    operator_file,
    operators_file,
    private_file,
)
from collabbus.link.keys import KeyDirectoryError, Use
from collabbus.operate.keys import DAY_MS, KeysExistError, generate, rotate, sign

NOW = 1_793_000_000_000  # 2026-10-26
HAIDIAN = "beijing/haidian"


@pytest.fixture
def networks(contracts):
    return list(load(contracts).networks.values())


@pytest.fixture
def keys(networks, tmp_path):
    folder = tmp_path / "keys"
    generate(folder, networks, offices=[HAIDIAN], days=10, now_ms=NOW)
    return folder


def test_every_region_and_office_gets_its_keys(networks, tmp_path):
    files = generate(tmp_path / "keys", networks, now_ms=NOW)
    directory = load_directory(tmp_path / "keys")
    for network in networks:
        for region in network.regions:
            load_identity(tmp_path / "keys", region)
            for use in (Use.SIGN, Use.SEAL):
                assert directory.current(region, use, NOW) is not None
        for office in network.offices():
            load_office_key(tmp_path / "keys", office.id)
            assert directory.current(office.id, Use.SUBMIT, NOW) is not None
    assert len(files) == len(set(files))
    assert all(file.is_file() for file in files)
    assert directory.current(HAIDIAN, Use.SUBMIT, NOW).id == "beijing/haidian/submit/2026-10"


def test_only_the_owner_may_read_private_files(keys):
    private = keys / "private"
    found = [private, *private.rglob("*")]
    assert found[1:]
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_region_in_several_networks_gets_its_keys_once(networks, tmp_path):
    other = networks[0].model_copy(update={"id": "another"})
    generate(tmp_path / "keys", [networks[0], other], offices=[], now_ms=NOW)
    directory = load_directory(tmp_path / "keys")
    holders = [(key.holder, key.use) for key in directory]
    assert len(holders) == len(set(holders)) == 2 * len(networks[0].regions)


def test_only_the_named_offices_get_keys(keys):
    load_office_key(keys, HAIDIAN)
    with pytest.raises(KeyFileMissingError):
        load_office_key(keys, "beijing/chaoyang")


def test_an_office_of_no_network_is_refused_and_nothing_written(networks, tmp_path):
    with pytest.raises(KeyHolderError, match="beijing/atlantis"):
        generate(tmp_path / "keys", networks, offices=["beijing/atlantis"], now_ms=NOW)
    assert not (tmp_path / "keys").exists()


def contents(folder):
    return {file: file.read_bytes() for file in folder.rglob("*.json")}


def test_who_lacks_a_key_gets_one_and_nobody_elses_changes(networks, keys):
    """An office, and a region with a network, that came into the contracts later."""
    before, old = contents(keys), load_directory(keys)
    later = NOW + DAY_MS
    far = networks[0].model_copy(update={"id": "far"})
    made = generate(
        keys, [*networks, far], offices=[HAIDIAN, "beijing/chaoyang"], days=10, now_ms=later
    )
    chaoyang = private_file(keys, "beijing/chaoyang", Use.SUBMIT)
    public = {directory_file(keys), operators_file(keys)}
    assert set(made) == {chaoyang, operator_file(keys, "far"), *public}
    assert {f: text for f, text in contents(keys).items() if f not in made} == {
        f: text for f, text in before.items() if f not in public
    }
    directory = load_directory(keys)
    assert set(old) < set(directory)
    [added] = set(directory) - set(old)
    assert added == directory.current("beijing/chaoyang", Use.SUBMIT, later)
    assert load_office_key(keys, "beijing/chaoyang").id == added.id
    # Who trusts the operators that he knew believes the new directory too.
    operators_file(keys).write_bytes(before[operators_file(keys)])
    assert set(load_directory(keys)) == set(directory)


def test_a_region_that_comes_later_gets_its_keys_and_its_salt(networks, tmp_path):
    folder, first, late = tmp_path / "keys", networks[0], networks[1]
    generate(folder, [first], offices=[], now_ms=NOW)
    before = contents(folder)
    made = generate(folder, [first, late], offices=[], now_ms=NOW)
    for region in late.regions:
        identity = load_identity(folder, region)
        current = load_directory(folder).current(region, Use.SIGN, NOW)
        assert current is not None
        assert identity.sign.id == current.id
    assert {f: f.read_bytes() for f in before if f not in made} == {
        f: text
        for f, text in before.items()
        if f not in (directory_file(folder), operators_file(folder))
    }


def test_where_nobody_lacks_a_key_nothing_is_written(networks, keys):
    before = contents(keys)
    assert generate(keys, networks, offices=[HAIDIAN], now_ms=NOW) == []
    assert contents(keys) == before


def test_keys_without_a_directory_are_never_overwritten(networks, keys):
    directory_file(keys).unlink()
    before = contents(keys)
    with pytest.raises(KeysExistError, match="cut short"):
        generate(keys, networks, now_ms=NOW)
    assert contents(keys) == before


def test_an_addition_that_was_cut_short_is_made_good(networks, keys):
    """The private file was written, the directory wasn't: that key is never vouched for."""
    text = directory_file(keys).read_bytes()
    named = {"offices": [HAIDIAN, "beijing/chaoyang"], "now_ms": NOW}
    generate(keys, networks, **named)
    directory_file(keys).write_bytes(text)
    lost = load_office_key(keys, "beijing/chaoyang")
    generate(keys, networks, **named)
    current = load_directory(keys).current("beijing/chaoyang", Use.SUBMIT, NOW)
    assert current is not None
    kept, new = load_private(private_file(keys, "beijing/chaoyang", Use.SUBMIT))
    assert (kept.id, kept.private) == (lost.id, lost.private)
    assert new.id == current.id != lost.id
    assert new.private != lost.private


def test_an_addition_does_not_vouch_for_what_nobody_signed(networks, keys):
    _edit(keys)
    before = contents(keys)
    with pytest.raises(KeyDirectoryError):
        generate(keys, networks, now_ms=NOW)
    assert contents(keys) == before


def test_each_signing_counts_the_version_up(networks, keys):
    assert load_directory(keys).version == 1
    rotate(keys, HAIDIAN, Use.SUBMIT, now_ms=NOW)
    assert load_directory(keys).version == 2
    sign(keys)
    assert load_directory(keys).version == 3
    generate(keys, networks, offices=["beijing/chaoyang"], now_ms=NOW)
    assert load_directory(keys).version == 4


@pytest.mark.parametrize(
    ("holder", "use"), [("beijing", Use.SIGN), ("beijing", Use.SEAL), (HAIDIAN, Use.SUBMIT)]
)
def test_a_new_key_takes_over_and_the_old_one_stays_valid(keys, holder, use):
    old = load_directory(keys).current(holder, use, NOW)
    later = NOW + DAY_MS
    new = rotate(keys, holder, use, now_ms=later)
    directory = load_directory(keys)
    assert directory.current(holder, use, later) == new
    assert directory.get(old.id, use, later) == old
    assert new.id == f"{holder}/{use}/2026-10-2"
    if use is Use.SIGN:
        assert load_identity(keys, holder).sign.id == new.id
    elif use is Use.SEAL:
        assert set(load_identity(keys, holder).seal) == {old.id, new.id}
    else:
        assert load_office_key(keys, holder).id == new.id
    mode = stat.S_IMODE(private_file(keys, holder, use).stat().st_mode)
    assert mode == 0o600


def test_keys_end_after_their_days(keys):
    directory = load_directory(keys)
    assert directory.current("beijing", Use.SIGN, NOW + 10 * DAY_MS - 1) is not None
    assert directory.current("beijing", Use.SIGN, NOW + 10 * DAY_MS) is None


def _edit(folder):
    file = directory_file(folder)
    outer = json.loads(file.read_text("utf-8"))
    inner = json.loads(outer["signed"])
    inner["keys"] = [key for key in inner["keys"] if key["holder"] != HAIDIAN]
    outer["signed"] = json.dumps(inner)
    file.write_text(json.dumps(outer), encoding="utf-8")


def test_an_edited_directory_counts_once_it_is_signed(networks, keys):
    _edit(keys)
    with pytest.raises(KeyDirectoryError):
        load_directory(keys)
    assert sign(keys) == [network.id for network in networks]
    assert load_directory(keys).current(HAIDIAN, Use.SUBMIT, NOW) is None


def test_a_rotation_does_not_vouch_for_what_nobody_signed(keys):
    _edit(keys)
    with pytest.raises(KeyDirectoryError):
        rotate(keys, "beijing", Use.SIGN, now_ms=NOW)


def test_without_the_operators_key_nothing_is_signed(keys):
    operator_file(keys, "jingjinji").unlink()
    with pytest.raises(KeyFileMissingError, match="jingjinji"):
        sign(keys)
