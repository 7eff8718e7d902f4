from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from collabbus.model.network import Network
from tests.model.networks import broken, network, office, whole

EAST = ("regions", "east")


def put(data: dict[str, Any], way: tuple[str | int, ...], value: object) -> None:
    at: Any = data
    for part in way[:-1]:
        at = at[part]
    at[way[-1]] = value


def test_a_network_with_everything_in_it_is_sound_and_survives_a_round_trip() -> None:
    made = Network.model_validate(whole())
    assert Network.model_validate(made.model_dump()) == made
    assert Network.model_validate_json(made.model_dump_json()) == made
    assert Network(**dict(made)) == made


def test_the_order_of_zones_areas_and_members_doesnt_show() -> None:
    turned = copy.deepcopy(whole())
    east = turned["regions"]["east"]
    east["zones"].reverse()
    east["areas"].reverse()
    east["areas"][1]["offices"].reverse()
    turned["linkage"]["members"].reverse()
    assert Network.model_validate(turned) == Network.model_validate(whole())


def test_the_order_of_turns_does_show() -> None:
    turned = copy.deepcopy(whole())
    turned["convener"]["order"].reverse()
    assert Network.model_validate(turned) != Network.model_validate(whole())


@pytest.mark.parametrize(
    ("way", "value", "key", "words"),
    [
        # a rotation
        (("convener", "order", 0), "north", ("convener", "order", 0),
         "one of the network's regions: east, west"),
        (("convener", "order"), ["east"], ("convener", "order"),
         "must name every region, so that each convenes in its turn; west is missing"),
        (("convener", "order"), ["east", "west", "east"], ("convener", "order"),
         "must name each once; east stands there twice"),
        (("convener", "order"), [], ("convener", "order"), "at least 1 item"),
        (("convener", "first_year"), "2020", ("convener", "first_year"), "valid integer"),
        (("convener", "first_year"), 0, ("convener", "first_year"), "greater than or equal to 1"),
        (("convener", "year"), 2020, ("convener", "year"), "not permitted"),
        # a linkage
        (("linkage", "conveners"), "east/nobody", ("linkage", "conveners"),
         "one of the network's offices"),
        (("linkage", "conveners"), "Nobody", ("linkage", "conveners"), "such as beijing/haidian"),
        (("linkage", "deputy"), "south/deputy", ("linkage", "deputy"),
         "one of the network's offices"),
        (("linkage", "office"), "east/nobody", ("linkage", "office"),
         "one of the network's offices"),
        (("linkage", "members", 0), "east/nobody", ("linkage", "members", 0),
         "one of the network's offices"),
        (("linkage", "members"), ["east/market"], ("linkage", "members"), "at least 2 items"),
        (("linkage", "deputy"), "east/conveners", ("linkage",),
         "deputy: must be another office than east/conveners"),
        # what does the work of a domain
        (("functions", "WINE"), "CIVIL", ("functions", "WINE", "[key]"), "'SCI_TECH'"),
        (("functions", "ENV"), "FOREST", ("functions", "ENV"), "'CRIMINAL', 'CIVIL'"),
        ((*EAST, "offices", 0, "departments"), {"CIVIL": " "},
         (*EAST, "offices", 0, "departments", "CIVIL"), "not empty"),
        # zones
        ((*EAST, "zones", 0, "office"), "east/nowhere", (*EAST, "zones", 0, "office"),
         "must be one of the offices of region east"),
        ((*EAST, "zones", 0, "office"), "west/provincial", (*EAST, "zones", 0, "office"),
         "must be one of the offices of region east"),
        ((*EAST, "zones", 0, "office"), "east/market", (*EAST, "zones", 0, "office"),
         "must be a procuratorate, but is of level OTHER"),
        ((*EAST, "zones", 1, "id"), "port", (*EAST, "zones", 1, "id"),
         r"must be unique; zones\[0\] has it already"),
        ((*EAST, "zones", 1, "id"), "Port", (*EAST, "zones", 1, "id"), "lower-case"),
        # areas
        ((*EAST, "areas", 1, "id"), "plain", (*EAST, "areas", 1, "id"),
         r"must be unique; areas\[0\] has it already"),
        ((*EAST, "areas", 0, "offices", 0), "east/nowhere",
         (*EAST, "areas", 0, "offices", 0), "must be one of the offices of region east"),
        ((*EAST, "areas", 0, "offices", 0), "east/market",
         (*EAST, "areas", 0, "offices", 0), "must be a procuratorate"),
        ((*EAST, "areas", 1, "offices", 0), "east/hill", (*EAST, "areas", 1, "offices", 0),
         "must stand in one area for each function; plain has it already"),
        ((*EAST, "areas", 0, "offices"), ["east/hill", "east/hill"],
         (*EAST, "areas", 0, "offices"), "must name each once; east/hill"),
        ((*EAST, "areas", 0, "contact"), "east/nowhere", (*EAST, "areas", 0, "contact"),
         "must be one of the offices of region east"),
        ((*EAST, "areas", 1, "contact"), "east/branch", (*EAST, "areas", 1, "contact"),
         "must be above each office of its area, but is not above east/special"),
        ((*EAST, "areas", 0, "function"), "ADMINISTRATIVE", (*EAST, "areas", 0, "contact"),
         "must have a department for ADMINISTRATIVE, the function of its area"),
        ((*EAST, "areas", 0, "function"), "SHIPS", (*EAST, "areas", 0, "function"), "'CRIMINAL'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(
    way: tuple[str | int, ...], value: object, key: tuple[str | int, ...], words: str
) -> None:
    data = whole()
    put(data, way, value)
    found = broken(data)
    assert any(loc == key and re.search(words, message) for loc, message in found), found


def test_a_domain_has_one_cross_district_office_in_a_region() -> None:
    data = whole()
    data["regions"]["east"]["offices"].append(
        office("east/twin", "BRANCH", parent="east/provincial",
               specialities=["ENV", "IP"], cross_district=True)
    )  # fmt: skip
    assert broken(data) == [
        (
            (*EAST, "offices", 9, "specialities", 1),
            "must have one cross-district office in its region; east/special is it already",
        )
    ]


def test_an_office_may_stand_in_an_area_of_each_function() -> None:
    data = whole()
    east = data["regions"]["east"]
    east["offices"][0]["departments"]["ADMINISTRATIVE"] = "行政检察部"
    east["areas"][1] |= {"function": "ADMINISTRATIVE", "offices": ["east/hill"]}
    assert broken(data) == []


@pytest.mark.parametrize("value", [None, 3, "text", [], [3], {"order": 3}, {"order": [3]}])
@pytest.mark.parametrize(
    "way", [("convener",), ("linkage",), (*EAST, "zones"), (*EAST, "areas"), ("regions",)]
)
def test_what_can_be_anything_never_raises_but_faults(
    way: tuple[str | int, ...], value: object
) -> None:
    data = whole()
    put(data, way, value)
    assert all(message for _, message in broken(data))


def test_a_wrong_field_hides_no_wrong_name_elsewhere() -> None:
    data = whole()
    data["shards"] = 0
    data["convener"]["order"][0] = "north"
    data["linkage"]["office"] = "east/nobody"
    data["regions"]["east"]["zones"][0]["office"] = "east/nowhere"
    places = [loc for loc, _ in broken(data)]
    for key in (("shards",), ("convener", "order", 0), ("linkage", "office"),
                (*EAST, "zones", 0, "office")):  # fmt: skip
        assert key in places


def test_guangdong_has_22_offices_of_cities_each_in_one_of_five_areas() -> None:
    region = network("guangdong").regions["guangdong"]
    assert len(region.areas) == 5
    inside = [name for area in region.areas for name in area.offices]
    assert len(inside) == len(set(inside)) == 22
    assert set(inside) == {office.id for office in region.offices if office.level == "BRANCH"}
