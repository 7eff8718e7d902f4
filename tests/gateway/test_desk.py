"""The desk: what the gateway derives is the same in every process, and the right key signs."""

from __future__ import annotations

import shutil

import pytest

from collabbus.gateway.desk import not_after, submission_id
from collabbus.gateway.limits import Limits
from collabbus.gateway.problem import Problem
from collabbus.gateway.signers import Signers
from collabbus.keyring import load_office_key
from collabbus.model.deadline import DAY_MS
from tests.gateway.conftest import HAIDIAN

NOW = 1_795_000_000_000


def test_an_id_follows_from_who_asks_for_whom_and_the_key():
    ids = {
        submission_id(caller, office, key)
        for caller in ("beijing/a", "beijing/b")
        for office in ("beijing/a", "beijing/b")
        for key in ("1", "2")
    }
    assert len(ids) == 8
    assert submission_id("beijing/a", "beijing/b", "1") in ids


def test_a_repetition_says_until_when_it_holds_as_the_first_time_did():
    # Days later and at midnight too, for all but few ids; and always 30 to 400 days ahead.
    ids = [submission_id("beijing/a", "beijing/a", str(number)) for number in range(2000)]
    same = sum(not_after(one, NOW) == not_after(one, NOW + DAY_MS) for one in ids)
    assert same > 1950
    for one in ids:
        assert 30 * DAY_MS < not_after(one, NOW) - NOW <= 210 * DAY_MS
    assert len({not_after(one, NOW) for one in ids}) > 1900


def test_a_submission_is_signed_by_who_acts_or_by_who_may_for_it(keys, contracts_held, tmp_path):
    network = contracts_held.networks["jingjinji"]
    above = load_office_key(keys, "beijing/provincial")
    own = load_office_key(keys, HAIDIAN)
    signers = Signers(keys)
    assert signers.key(network, HAIDIAN, HAIDIAN).id == own.id
    assert signers.key(network, "beijing/provincial", HAIDIAN).id == above.id
    # The gateway has no key of Chaoyang: who is above it signs.
    assert signers.key(network, "beijing/chaoyang", "beijing/chaoyang").id == above.id
    with pytest.raises(Problem) as caught:
        Signers(tmp_path).key(network, HAIDIAN, HAIDIAN)
    assert caught.value.reason == "UNKNOWN_KEY"


def test_a_key_that_was_rotated_is_used_within_a_minute(keys, contracts_held, tmp_path):
    network = contracts_held.networks["jingjinji"]
    folder = tmp_path / "keys"
    shutil.copytree(keys, folder)
    now = [0.0]
    signers = Signers(folder, lambda: now[0])
    first = signers.key(network, HAIDIAN, HAIDIAN).id
    offices = folder / "private" / "beijing" / "offices"
    shutil.copy(offices / "provincial.json", offices / "haidian.json")
    assert signers.key(network, HAIDIAN, HAIDIAN).id == first
    now[0] = 61.0
    assert signers.key(network, HAIDIAN, HAIDIAN).id != first


def test_a_bucket_fills_at_its_rate_and_no_further():
    now = [0.0]
    limits = Limits(2.0, 3.0, lambda: now[0], offices=2)
    assert [limits.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    now[0] = 0.5
    assert limits.take("a") == 0
    assert limits.take("a") == 0.5
    now[0] = 1000.0
    assert [limits.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limits.take("b") == 0
