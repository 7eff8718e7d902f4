"""Routing: invariant 10, equal treatment, seen from the office that is asked."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.network import Network, UnknownRegionError
from collabbus.model.office import Level
from collabbus.model.routing import Route, Rule, may_assign, route
from tests.model import networks

network = cache(networks.network)
ALL = (*networks.OURS, "guangdong")


@some.composite
def requests(draw: some.DrawFn) -> tuple[str, str, Domain, Function | None, str | None]:
    """A network, a region, and what one may ask of it; the place may be anything."""
    name = draw(some.sampled_from(ALL))
    region = draw(some.sampled_from(sorted(network(name).regions)))
    member = network(name).regions[region]
    known = [office.code for office in member.offices] + [zone.id for zone in member.zones]
    return (
        name,
        region,
        draw(some.sampled_from(Domain)),
        draw(some.none() | some.sampled_from(Function)),
        draw(
            some.sampled_from(known)
            | some.integers(110000, 659999).map(str)
            | some.text(max_size=8)
        ),
    )


@pytest.mark.parametrize(
    ("region", "domain", "place", "office", "rule"),
    [
        # 000§15: the whole city's, wherever it happened
        ("beijing", "FINANCE", None, "beijing/branch-4", Rule.CROSS_DISTRICT),
        ("beijing", "FINANCE", "110102", "beijing/branch-4", Rule.CROSS_DISTRICT),
        ("beijing", "SMUGGLING_TAX", "tianzhu", "beijing/branch-4", Rule.CROSS_DISTRICT),
        ("beijing", "IP", "110115", "beijing/branch-4", Rule.CROSS_DISTRICT),
        # 000§9: the zone's district
        ("beijing", "BONDED_ZONE", "zhongguancun", "beijing/haidian", Rule.BONDED_ZONE),
        ("beijing", "BONDED_ZONE", "yizhuang", "beijing/daxing", Rule.BONDED_ZONE),
        ("beijing", "BONDED_ZONE", "tianzhu", "beijing/shunyi", Rule.BONDED_ZONE),
        ("beijing", "BONDED_ZONE", "daxing-airport", "beijing/daxing", Rule.BONDED_ZONE),
        ("beijing", "BONDED_ZONE", "110113", "beijing/shunyi", Rule.BONDED_ZONE),
        ("beijing", "BONDED_ZONE", "110105", "beijing/chaoyang", Rule.LOCAL),
        ("beijing", "BONDED_ZONE", None, "beijing/provincial", Rule.COMMON_SUPERIOR),
        ("beijing", "CIVIL", "tianzhu", "beijing/shunyi", Rule.LOCAL),
        # 000§2: the district's own, or nobody's before the others
        ("beijing", "SCI_TECH", "110108", "beijing/haidian", Rule.SPECIALITY),
        ("beijing", "SCI_TECH", "zhongguancun", "beijing/haidian", Rule.SPECIALITY),
        ("beijing", "SCI_TECH", None, "beijing/provincial", Rule.COMMON_SUPERIOR),
        ("beijing", "SCI_TECH", "110105", "beijing/chaoyang", Rule.LOCAL),
        ("beijing", "INTL_COMMERCE", None, "beijing/branch-3", Rule.COMMON_SUPERIOR),
        # 003§7, §11, §12: the place's
        ("tianjin", "ENV", "120116", "tianjin/binhai", Rule.LOCAL),
        ("hebei", "ENV", "131082", "hebei/sanhe", Rule.LOCAL),
        ("hebei", "ENV", "131028", "hebei/langfang", Rule.LOCAL),  # 大厂: no office is listed
        ("hebei", "ENV", "139001", "hebei/provincial", Rule.HEAD),
        ("hebei", "ENV", None, "hebei/provincial", Rule.HEAD),
        ("hebei", "ENV", "110108", "hebei/provincial", Rule.HEAD),  # isn't in Hebei
        ("hebei", "ENV", "tianzhu", "hebei/provincial", Rule.HEAD),  # nor is this zone
    ],
)
def test_the_contract_of_jingjinji_names_the_lead(
    region: str, domain: str, place: str | None, office: str, rule: Rule
) -> None:
    found = route(network("jingjinji"), region, Domain(domain), place=place)
    assert (found.office, found.rule) == (office, rule)


def test_a_damaged_place_in_the_north_west_is_its_own_offices() -> None:
    northwest = network("northwest")
    found = route(northwest, "qinghai", Domain.ENV, Function.PUBLIC_INTEREST, "632222")
    assert found == Route("qinghai/qilian", Rule.LOCAL, Function.PUBLIC_INTEREST)
    assert route(northwest, "xpcc", Domain.ENV, place="659001").office == "xpcc/shihezi"
    assert route(northwest, "xpcc", Domain.ENV).office == "xpcc/provincial"


def test_a_district_that_is_a_region_leads_itself_and_no_department_of_its_government() -> None:
    for place in (None, "420102", "420103"):
        found = route(network("jiangan"), "jiangan", Domain.LINKAGE, place=place)
        assert (found.office, found.rule) == ("jiangan/procuratorate", Rule.HEAD)


@pytest.mark.parametrize("place", ["441200", "441203", "440100"])
def test_the_contact_of_an_area_answers_for_its_function(place: str) -> None:
    found = route(
        network("guangdong"), "guangdong", Domain.ADMIN_DISPUTE, Function.ADMINISTRATIVE, place
    )
    assert found == Route(
        "guangdong/provincial", Rule.AREA_CONTACT, Function.ADMINISTRATIVE, "第七检察部"
    )


def test_an_area_has_no_say_in_other_functions() -> None:
    guangdong = network("guangdong")
    civil = route(guangdong, "guangdong", Domain.CIVIL, Function.CIVIL, "441203")
    assert civil == Route("guangdong/dinghu", Rule.LOCAL, Function.CIVIL)
    unsaid = route(guangdong, "guangdong", Domain.ADMIN_DISPUTE, None, "441203")
    assert unsaid == Route("guangdong/dinghu", Rule.LOCAL)


def test_each_of_the_five_areas_has_the_contact_that_the_contract_names() -> None:
    data = network("guangdong").model_dump()
    region = data["regions"]["guangdong"]
    for place, area in (("440100", "centre"), ("440300", "south"), ("440500", "east"),
                        ("440200", "north"), ("440800", "west")):  # fmt: skip
        turned = copy.deepcopy(data)
        [mine] = [each for each in turned["regions"]["guangdong"]["areas"] if each["id"] == area]
        mine["offices"] = ("guangdong/dinghu",)
        before, after = (
            route(Network.model_validate(each), "guangdong", Domain.ADMIN_DISPUTE,
                  Function.ADMINISTRATIVE, place).rule
            for each in (data, turned)
        )  # fmt: skip
        assert (before, after) == (Rule.AREA_CONTACT, Rule.LOCAL)
    assert len(region["areas"]) == 5


def test_a_function_that_nobody_names_is_the_domains() -> None:
    jingjinji = network("jingjinji")
    assert route(jingjinji, "hebei", Domain.FALSE_LIT).function is Function.CIVIL
    assert route(jingjinji, "hebei", Domain.FALSE_LIT, Function.CRIMINAL).function == "CRIMINAL"
    assert route(jingjinji, "hebei", Domain.RED).function is None


def test_the_only_specialised_office_is_asked_unless_a_place_says_otherwise() -> None:
    data = networks.whole()
    data["regions"]["east"]["offices"][3]["specialities"] = ["ENV"]
    pair = Network.model_validate(data)

    def found(place: str | None) -> tuple[str, Rule]:
        made = route(pair, "east", Domain.ENV, place=place)
        return made.office, made.rule

    assert found(None) == ("east/hill", Rule.SPECIALITY)
    assert found("110102") == ("east/lake", Rule.LOCAL)
    data["regions"]["east"]["offices"][1]["specialities"] = ["ENV"]
    pair = Network.model_validate(data)
    assert found(None) == ("east/branch", Rule.COMMON_SUPERIOR)
    assert found("110102") == ("east/branch", Rule.SPECIALITY)
    assert found("110101") == ("east/hill", Rule.SPECIALITY)


def test_a_region_that_is_no_member_is_told() -> None:
    with pytest.raises(UnknownRegionError, match="beijing, hebei, tianjin"):
        route(network("jingjinji"), "gansu", Domain.ENV)


@pytest.mark.parametrize("name", ALL)
def test_every_region_domain_and_function_has_an_office_of_that_region(name: str) -> None:
    for region in network(name).regions:
        for domain in Domain:
            for function in (None, *Function):
                made = network(name).office(route(network(name), region, domain, function).office)
                assert made is not None
                assert made.region == region
                assert made.level is not Level.OTHER


@given(requests())
def test_wherever_it_happened_an_office_of_that_region_leads(
    asked: tuple[str, str, Domain, Function | None, str | None],
) -> None:
    name, region, domain, function, place = asked
    found = network(name).office(route(network(name), region, domain, function, place).office)
    assert found is not None
    assert found.region == region
    assert found.level is not Level.OTHER


@cache
def shuffled(name: str, seed: int) -> Network:
    """The same contract, written in another order and read by another process."""
    import random

    chance = random.Random(seed)

    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            entries = list(value.items())
            chance.shuffle(entries)
            return {key: turn(each) for key, each in entries}
        return value

    data = turn(network(name).model_dump())
    for region in data["regions"].values():
        for key in ("offices", "zones", "areas"):
            entries = list(region[key])
            chance.shuffle(entries)
            region[key] = entries
    return Network.model_validate(data)


@given(requests(), some.integers(0, 3))
def test_routing_depends_on_what_the_contract_says_and_on_nothing_else(
    asked: tuple[str, str, Domain, Function | None, str | None], seed: int
) -> None:
    name, *rest = asked
    assert route(shuffled(name, seed), *rest) == route(network(name), *rest)


@given(requests())
def test_no_name_is_preferred_to_another(
    asked: tuple[str, str, Domain, Function | None, str | None],
) -> None:
    """Offices whose names are turned round in the alphabet are chosen as before."""
    name, region, domain, function, place = asked
    turned = turned_names(name)
    before = route(network(name), region, domain, function, place)
    after = route(turned, region, domain, function, place)
    assert (after.office, after.rule) == (other(before.office), before.rule)


def other(office: str) -> str:
    region, _, name = office.partition("/")
    return f"{region}/" + "".join(
        chr(ord("a") + ord("z") - ord(each)) if each.isalpha() else each for each in name
    )


@cache
def turned_names(name: str) -> Network:
    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turn(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [turn(each) for each in value]
        return other(value) if isinstance(value, str) and value in known else value

    known = {office.id for office in network(name).offices()}
    return Network.model_validate(turn(network(name).model_dump()))


def test_a_matter_is_assigned_down_and_back_up_within_its_region() -> None:
    jingjinji = network("jingjinji")
    down = [("beijing/provincial", "beijing/branch-1"), ("beijing/branch-1", "beijing/haidian"),
            ("beijing/provincial", "beijing/haidian")]  # fmt: skip
    for above, below in down:
        assert may_assign(jingjinji, above, below)
        assert may_assign(jingjinji, below, above)
    for a, b in [
        ("beijing/haidian", "beijing/chaoyang"),
        ("beijing/haidian", "beijing/haidian"),
        ("beijing/branch-2", "beijing/haidian"),
        ("beijing/branch-1", "beijing/branch-2"),
        ("beijing/provincial", "tianjin/binhai"),
        ("beijing/provincial", "tianjin/provincial"),
        ("beijing/provincial", "beijing/nowhere"),
        ("nowhere", "beijing/provincial"),
    ]:
        assert not may_assign(jingjinji, a, b)


@given(some.sampled_from(ALL), some.data())
def test_who_leads_for_several_may_assign_to_each_of_them(name: str, data: some.DataObject) -> None:
    region = data.draw(some.sampled_from(sorted(network(name).regions)))
    domain = data.draw(some.sampled_from(Domain))
    found = route(network(name), region, domain)
    if found.rule is Rule.COMMON_SUPERIOR:
        for office in network(name).regions[region].offices:
            if domain in office.specialities and office.id != found.office:
                assert may_assign(network(name), found.office, office.id)


def test_every_rule_has_a_chinese_name() -> None:
    assert all(rule == rule.name and rule.zh for rule in Rule)
