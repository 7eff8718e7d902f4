from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collab.state.v1 import state_pb2 as st
from collab.v1 import event_pb2 as ev
from collabbus.contracts import load
from collabbus.model import rules
from collabbus.model.coordination import Rotation
from collabbus.model.network import Network
from collabbus.model.rejection import Rejection
from collabbus.model.thread import MAIN
from collabbus.model.where import Where
from collabbus.simulate.drafting import draft_of
from collabbus.simulate.library import load as scenarios
from tests.model.neighbours import CONTRACTS
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


@pytest.mark.parametrize(
    ("office", "year", "code"),
    [
        ("gansu/provincial", 2026, ""),
        ("shaanxi/provincial", 2026, "NOT_ALLOWED"),
        ("shaanxi/provincial", 2027, ""),
        ("gansu/provincial", 2019, "NOT_ALLOWED"),  # before the first turn nobody convenes
    ],
)
def test_who_isnt_in_turn_doesnt_convene(office: str, year: int, code: str) -> None:
    """003§10 每年轮值召集."""
    contract = load(CONTRACTS).pin("northwest")
    lifecycle = contract.lifecycles["consultation"]
    opened = datetime(year, 6, 1, tzinfo=UTC).timestamp()
    matter = st.Matter(opened_ms=int(opened * 1000))
    where = Where(contract, lifecycle, lifecycle.main, matter, st.Thread(thread=MAIN))
    scenario = scenarios(CONTRACTS)["row-45-chief-meeting"].acts[1]
    act = scenario.model_copy(update={"by": office})
    draft = draft_of(act, {act.in_: "0" * 32}, {}, matter.opened_ms)
    parties = [
        ev.Participant(office=office, role=ev.ROLE_REQUESTER),
        ev.Participant(office="qinghai/provincial", role=ev.ROLE_RECIPIENT),
    ]
    said = rules.Act(act.says, office, "韩冰", parties, draft.legal_basis, draft.body, 0)
    if not code:
        assert rules.judge(where, said).step is not None
        return
    with pytest.raises(Rejection) as caught:
        rules.judge(where, said)
    assert (caught.value.reason_code, caught.value.field) == (code, "office")


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
