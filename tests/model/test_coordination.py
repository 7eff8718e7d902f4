from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.model.coordination import Rotation
from collabbus.model.network import Network
from tests.model.networks import network, whole


def test_the_six_of_the_north_west_convene_by_turns_a_year_each() -> None:
    northwest = network("northwest")
    assert northwest.convener_in(2019) is None
    turns = [northwest.convener_in(year) for year in range(2020, 2027)]
    assert turns == ["gansu", "shaanxi", "qinghai", "ningxia", "xinjiang", "xpcc", "gansu"]


def test_the_order_and_first_year_are_the_files() -> None:
    data = whole()
    assert Network.model_validate(data).convener_in(2020) == "west"
    data["convener"] = {"first_year": 2021, "order": ["east", "west"]}
    turned = Network.model_validate(data)
    assert [turned.convener_in(year) for year in (2020, 2021, 2022)] == [None, "east", "west"]


def test_where_nobody_takes_turns_nobody_convenes() -> None:
    assert network("jingjinji").convener_in(2026) is None


@given(
    some.lists(some.sampled_from("abcdefgh"), min_size=1, unique=True),
    some.integers(1, 9000),
    some.integers(0, 900),
)
def test_in_as_many_years_as_there_are_regions_each_convenes_once(
    order: list[str], first: int, later: int
) -> None:
    rotation = Rotation(first_year=first, order=tuple(order))
    years = range(first + later, first + later + len(order))
    assert sorted(str(rotation.in_year(year)) for year in years) == sorted(order)


def test_what_is_late_rises_from_the_linkage_office_to_the_conveners() -> None:
    linkage = network("jiangan").linkage
    assert linkage is not None
    assert linkage.next_above("jiangan/market-regulation") == "jiangan/linkage-office"
    assert linkage.next_above("jiangan/procuratorate") == "jiangan/linkage-office"
    assert linkage.next_above("jiangan/linkage-office") == "jiangan/conveners"
    assert linkage.next_above("jiangan/conveners") is None


def test_addressees_are_offices_and_no_members() -> None:
    jiangan = network("jiangan")
    assert jiangan.linkage is not None
    members = set(jiangan.linkage.members)
    streets = {office.id for office in jiangan.offices() if office.id.endswith("-street")}
    assert len(streets) == 16
    assert not members & streets
    assert {"jiangan/procuratorate", "jiangan/market-regulation"} <= members
    assert "jiangan/government" not in members


@pytest.mark.parametrize("name", ["jingjinji", "northwest"])
def test_only_a_linkage_has_one(name: str) -> None:
    assert network(name).linkage is None
