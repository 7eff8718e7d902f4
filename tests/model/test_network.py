from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from collabbus.model.contract import contract_hash
from collabbus.model.domain import Domain
from collabbus.model.network import Network, UnknownOfficeError, UnknownRegionError
from collabbus.model.office import Level, Office
from tests.model.networks import OURS, network

JINGJINJI = Path(__file__).parents[2] / "contracts" / "networks" / "jingjinji.yaml"

# 京检发〔2025〕108号 §2, word for word in its order.
GROUPS = {
    Domain.SCI_TECH: "haidian mentougou changping huairou miyun yanqing",
    Domain.INTL_COMMERCE: "chaoyang tongzhou shunyi",
    Domain.CULTURE_TOURISM: "dongcheng tongzhou pinggu",
    Domain.SMART_MFG: "daxing shunyi fangshan",
    Domain.FINANCE: "xicheng fengtai shijingshan",
}


@pytest.fixture(scope="module")
def jingjinji() -> Network:
    return Network.model_validate(yaml.safe_load(JINGJINJI.read_text("utf-8")))


def small() -> dict[str, Any]:
    def office(name: str, level: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "zh": "院", "en": "Office", "level": level, **more}

    return {
        "id": "pair",
        "zh": "两地",
        "en": "Pair",
        "source": "none",
        "regions": {
            "east": {
                "zh": "东",
                "en": "East",
                "code": "110000",
                "provincial": "east/provincial",
                "offices": [
                    office("east/provincial", "PROVINCIAL", acts_for_subordinates=True),
                    office("east/branch", "BRANCH", parent="east/provincial"),
                    office("east/hill", "DISTRICT", parent="east/branch", code="110101"),
                    office("east/camp", "DISPATCHED", parent="east/hill"),
                    office("east/market", "OTHER", code="110101"),
                ],
            },
            "west": {
                "zh": "西",
                "en": "West",
                "provincial": "west/provincial",
                "offices": [office("west/provincial", "PROVINCIAL")],
            },
        },
    }


def broken(data: dict[str, Any]) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        Network.model_validate(data)
    return [(each["loc"], each["msg"]) for each in caught.value.errors()]


def test_beijing_has_its_16_districts_each_with_its_own_code(jingjinji: Network) -> None:
    districts = [o for o in jingjinji.regions["beijing"].offices if o.level is Level.DISTRICT]
    assert len(districts) == 16
    assert len({office.code for office in districts}) == 16


def test_each_group_of_the_opinion_has_exactly_its_districts(jingjinji: Network) -> None:
    for domain, names in GROUPS.items():
        found = {
            office.id.removeprefix("beijing/")
            for office in jingjinji.regions["beijing"].offices
            if office.level is Level.DISTRICT and domain in office.specialities
        }
        assert found == set(names.split())


def test_tongzhou_and_shunyi_stand_in_two_groups(jingjinji: Network) -> None:
    twice = [
        office.id
        for office in jingjinji.offices()
        if office.level is Level.DISTRICT and len(office.specialities) == 2
    ]
    assert twice == ["beijing/shunyi", "beijing/tongzhou"]


def test_only_the_fourth_branch_is_cross_district(jingjinji: Network) -> None:
    cross = [office for office in jingjinji.offices() if office.cross_district]
    assert [office.id for office in cross] == ["beijing/branch-4"]
    assert set(cross[0].specialities) == {
        Domain.SMUGGLING_TAX,
        Domain.FINANCE,
        Domain.IP,
        Domain.NETWORK,
    }


@pytest.mark.parametrize(
    ("name", "zh", "code"),
    [
        ("beijing/haidian", "北京市海淀区人民检察院", "110108"),
        ("tianjin/binhai", "天津市滨海新区人民检察院", "120116"),
        ("hebei/langfang", "廊坊市人民检察院", "131000"),
    ],
)
def test_the_scenarios_offices_are_there(jingjinji: Network, name: str, zh: str, code: str) -> None:
    office = jingjinji.office(name)
    assert office is not None
    assert (office.zh, office.code) == (zh, code)
    assert jingjinji.region_of(name) == name.split("/")[0] == office.region


@pytest.mark.parametrize(
    ("of", "name", "zh", "code", "parent"),
    [
        ("northwest", "gansu/ganzhou", "张掖市甘州区人民检察院", "620702", "gansu/zhangye"),
        ("northwest", "qinghai/qilian", "祁连县人民检察院", "632222", "qinghai/haibei"),
        ("northwest", "xpcc/provincial", "新疆生产建设兵团人民检察院", None, None),
        ("jiangan", "jiangan/procuratorate", "武汉市江岸区人民检察院", "420102", None),
        ("jiangan", "jiangan/market-regulation", "武汉市江岸区市场监督管理局", "420102",
         "jiangan/government"),
    ],
)  # fmt: skip
def test_the_other_networks_offices_are_there(
    of: str, name: str, zh: str, code: str | None, parent: str | None
) -> None:
    found = network(of).office(name)
    assert found is not None
    assert (found.zh, found.code, found.parent) == (zh, code, parent)


def test_the_north_west_has_the_six_that_signed() -> None:
    northwest = network("northwest")
    assert set(northwest.regions) == {"gansu", "shaanxi", "qinghai", "ningxia", "xinjiang", "xpcc"}
    assert len(northwest.peers("shaanxi")) == 5


@pytest.mark.parametrize("name", OURS)
def test_every_procuratorate_but_the_heads_stands_under_its_head(name: str) -> None:
    found = network(name)
    for region in found.regions.values():
        for office in region.offices:
            if office.level is not Level.OTHER and office.id != region.provincial:
                assert found.superiors(office.id)[-1] == region.provincial


def test_superiors_come_the_nearest_first(jingjinji: Network) -> None:
    above = ("beijing/branch-1", "beijing/provincial")
    assert jingjinji.superiors("beijing/haidian") == above
    assert jingjinji.superiors("beijing/nowhere") == ()


def test_what_a_later_version_added_leaves_older_contracts_their_hash() -> None:
    """The hash is that of the version before rotations, linkages, zones, areas and functions."""
    before = "394a992a9dbab8837f005d6d166ca61e2c0eb546d22846ad7bf35511fee33d21"
    assert contract_hash(Network.model_validate(small()), {}).hex() == before


def test_superiors_are_all_those_above_in_the_same_region(jingjinji: Network) -> None:
    assert jingjinji.is_superior("beijing/provincial", "beijing/haidian")
    assert jingjinji.is_superior("beijing/branch-1", "beijing/haidian")
    assert jingjinji.is_superior("hebei/langfang", "hebei/sanhe")
    assert not jingjinji.is_superior("beijing/branch-2", "beijing/haidian")
    assert not jingjinji.is_superior("beijing/haidian", "beijing/provincial")
    assert not jingjinji.is_superior("beijing/haidian", "beijing/haidian")
    assert not jingjinji.is_superior("beijing/provincial", "tianjin/binhai")
    assert not jingjinji.is_superior("beijing/provincial", "beijing/nowhere")
    assert not jingjinji.is_superior("beijing/nowhere", "beijing/haidian")


def test_every_procuratorate_but_the_three_heads_has_its_head_above_it(jingjinji: Network) -> None:
    for region in jingjinji.regions.values():
        for office in region.offices:
            below = office.id != region.provincial and office.level is not Level.OTHER
            assert jingjinji.is_superior(region.provincial, office.id) is below


def test_peers_are_the_other_regions_in_order(jingjinji: Network) -> None:
    assert jingjinji.peers("beijing") == ("hebei", "tianjin")
    assert jingjinji.peers("hebei") == ("beijing", "tianjin")


def test_an_unknown_office_is_none_and_has_no_region(jingjinji: Network) -> None:
    assert jingjinji.office("beijing/nowhere") is None
    with pytest.raises(UnknownOfficeError, match="beijing/nowhere") as caught:
        jingjinji.region_of("beijing/nowhere")
    assert caught.value.code == "OFFICE_UNKNOWN"


def test_an_unknown_region_has_no_peers(jingjinji: Network) -> None:
    with pytest.raises(UnknownRegionError, match="use one of beijing, hebei, tianjin") as caught:
        jingjinji.peers("shanxi")
    assert caught.value.code == "REGION_UNKNOWN"


def test_only_a_superior_with_that_right_acts_for_an_office() -> None:
    network = Network.model_validate(small())
    assert network.may_act_for("east/hill", "east/hill")
    assert network.may_act_for("east/provincial", "east/camp")
    assert not network.may_act_for("east/branch", "east/hill")
    assert not network.may_act_for("east/provincial", "west/provincial")
    assert not network.may_act_for("east/provincial", "east/market")
    assert not network.may_act_for("east/nowhere", "east/nowhere")


def test_the_order_of_offices_and_regions_doesnt_show() -> None:
    turned = small()
    turned["regions"]["east"]["offices"].reverse()
    turned["regions"] = dict(reversed(turned["regions"].items()))
    assert Network.model_validate(turned) == Network.model_validate(small())


def test_a_network_is_the_same_after_a_round_trip() -> None:
    network = Network.model_validate(small())
    assert Network.model_validate(network.model_dump()) == network
    assert Network.model_validate_json(network.model_dump_json()) == network
    assert Network(**dict(network)) == network


def test_a_network_cant_be_changed() -> None:
    network = Network.model_validate(small())
    with pytest.raises(ValidationError, match="frozen"):
        network.shards = 4


@pytest.mark.parametrize(
    ("index", "change", "key", "words"),
    [
        (2, {"parent": "east/nowhere"}, "parent", "must be one of the offices of region east"),
        (2, {"parent": "west/provincial"}, "parent", "must be one of the offices of region east"),
        (2, {"parent": "east/hill"}, "parent", "must not lead back to east/hill"),
        (1, {"parent": "east/camp"}, "parent", "must not lead back to east/branch"),
        (2, {"parent": "east/camp"}, "parent", "must not lead back to east/hill"),
        (3, {"parent": "east/market"}, "parent", "a level above DISPATCHED, but is OTHER"),
        (4, {"parent": "east/branch"}, "parent", "a level above OTHER, but is BRANCH"),
        (1, {"parent": None}, "parent", "must be given: only the head of east"),
        (0, {"parent": "east/branch"}, "parent", "must be absent"),
        (2, {"id": "west/hill"}, "id", "must begin with east/"),
        (1, {"id": "east/provincial"}, "id", r"must be unique; offices\[0\] has it"),
        (2, {"code": "120101"}, "code", "must begin with 11"),
        (3, {"code": "110101"}, "code", "must be unique in its region"),
        (2, {"code": "11010"}, "code", "six digits"),
        (2, {"id": "east/Hill"}, "id", "such as beijing/haidian"),
        (2, {"level": "TOWN"}, "level", "'PROVINCIAL', 'BRANCH'"),
        (2, {"specialities": ["WINE"]}, "specialities", "'SCI_TECH', 'INTL_COMMERCE'"),
        (2, {"specialities": ["IP", "IP"]}, "specialities", "each domain once"),
        (2, {"cross_district": True}, "cross_district", "must name the specialities"),
        (2, {"zh": " "}, "zh", "not empty"),
    ],
)
def test_an_office_that_breaks_a_rule_is_named(
    index: int, change: dict[str, Any], key: str, words: str
) -> None:
    data = small()
    data["regions"]["east"]["offices"][index].update(change)
    assert any(
        loc[:5] == ("regions", "east", "offices", index, key) and re.search(words, message)
        for loc, message in broken(data)
    ), broken(data)


def test_the_head_of_a_region_must_be_one_of_its_offices() -> None:
    data = small()
    data["regions"]["west"]["provincial"] = "east/provincial"
    assert (
        ("regions", "west", "provincial"),
        "must be one of the offices of region west",
    ) in broken(data)


def test_a_region_cant_contradict_its_key() -> None:
    data = small()
    data["regions"]["west"]["id"] = "south"
    assert (("regions", "west", "id"), "must be west, the key it stands under") in broken(data)


def test_a_wrong_field_hides_no_broken_rule_elsewhere() -> None:
    data = small()
    data["shards"] = 0
    data["regions"]["east"]["offices"][1]["level"] = "TOWN"
    data["regions"]["east"]["offices"][2]["parent"] = "east/nowhere"
    data["regions"]["west"]["provincial"] = "west/nowhere"
    places = [loc for loc, _ in broken(data)]
    assert ("shards",) in places
    assert ("regions", "east", "offices", 1, "level") in places
    assert ("regions", "east", "offices", 2, "parent") in places
    assert ("regions", "west", "provincial") in places


@pytest.mark.parametrize("data", [None, [], "text", {"regions": 3}, {"regions": {"east": None}}])
def test_what_is_no_network_at_all_is_refused_like_any_other_fault(data: Any) -> None:
    with pytest.raises(ValidationError):
        Network.model_validate(data)


def test_domains_are_those_of_the_schema_and_have_chinese_names() -> None:
    assert len(Domain) == 29
    assert all(domain == domain.name and domain.zh for domain in Domain)
    assert Domain("IP").zh == "知识产权"


def test_an_office_alone_checks_its_own_fields() -> None:
    office = Office(id="east/hill", zh="院", en="Hill", level=Level.DISTRICT)
    assert (office.region, office.parent, office.specialities) == ("east", None, ())
