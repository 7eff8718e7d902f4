"""Routing (分办): which office of a region leads, by the contract alone.

A request that names a region, a domain and a function, and no office, finds its lead here. Every
region that holds the contract to which a matter is pinned can compute it again and compare.

Nothing else may have a say: not who sends, not whose enterprise it is, not how busy an office is,
not the order in which offices are written (一把尺子, 003§3; DESIGN section 5, invariant 10). So
where several offices answer to a rule alike, none of them is picked: any order among equals would
be an arbitrary one, and a lottery would send like cases to unlike places. The nearest office above
all of them leads, and may assign the matter to any of them (统筹调度, 000§15). Who wants one of
them names a place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from collabbus.model.bilingual import Bilingual
from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.network import Network, Region, UnknownRegionError
from collabbus.model.office import Level, Office, is_code


class Rule(Bilingual):
    """Why an office leads; the first that applies, in this order."""

    CROSS_DISTRICT = "CROSS_DISTRICT", "跨行政区划管辖"
    """The region has a cross-district office for the domain (四分院, 000§15)."""
    BONDED_ZONE = "BONDED_ZONE", "综合保税区所在地"
    """A matter of bonded zones, in the district of one (000§9)."""
    SPECIALITY = "SPECIALITY", "专业分工"
    """The office of the place, or the only one that the place leaves, has the domain (000§2)."""
    COMMON_SUPERIOR = "COMMON_SUPERIOR", "共同上级统筹"
    """Several zones or specialised offices are meant alike: the nearest above all of them."""
    AREA_CONTACT = "AREA_CONTACT", "片区联系"
    """The place lies in an area for whose function an office keeps contact (002)."""
    LOCAL = "LOCAL", "属地"
    """The office of the place: 当地检察机关, 受损地 (003§7, §11, §12)."""
    HEAD = "HEAD", "区域牵头院"
    """Nothing more is said, or nothing more is known: the office at the region's head."""


@dataclass(frozen=True)
class Route:
    """Where a request goes in its region, and by which rule."""

    office: str
    rule: Rule
    function: Function | None = None
    """What was asked for, or else what the network's contract gives the domain."""
    department: str | None = None
    """内设部门: what does this work in the office, where the contract says it."""


def route(
    network: Network,
    region: str,
    domain: Domain,
    function: Function | None = None,
    place: str | None = None,
) -> Route:
    """Return the office of `region` that leads a matter; there always is one.

    `place` is a GB/T 2260 code, or the id of one of the region's bonded zones. A code that no
    office has stands for the city or province around it; what the region doesn't know at all, and
    no place, stand for the whole region. Raises `UnknownRegionError` for no member.
    """
    try:
        member = network.regions[region]
    except KeyError:
        raise UnknownRegionError(region, network.id, tuple(sorted(network.regions))) from None
    work = function or network.functions.get(domain)
    at = _at(member, place)
    office, rule = (
        _cross_district(member, domain)
        or _zone(network, member, domain, at)
        or _speciality(network, member, domain, at)
        or _area(network, member, work, at)
        or (at, Rule.HEAD if at == member.provincial else Rule.LOCAL)
    )
    return Route(office, rule, work, _department(network, office, work))


def may_assign(network: Network, a: str, b: str) -> bool:
    """Tell whether office `a` may hand a matter of its region to `b`.

    It may if one stands above the other: down (市院, 分院, 区院) and back up again. What belongs to
    a neighbour goes by way of an office that is above both.
    """
    return network.is_superior(a, b) or network.is_superior(b, a)


def _at(member: Region, place: str | None) -> str:
    """Give the office of a place."""
    if place is None:
        return member.provincial
    for zone in member.zones:
        if zone.id == place:
            return zone.office
    if not is_code(place):
        return member.provincial
    by_code = {office.code: office.id for office in member.offices if _is_procuratorate(office)}
    for code in (place, f"{place[:4]}00", f"{place[:2]}0000"):
        if code in by_code:
            return by_code[code]
    return member.provincial


def _is_procuratorate(office: Office) -> bool:
    """Other organs share their government's code; they are addressed by name alone."""
    return office.level is not Level.OTHER


def _cross_district(member: Region, domain: Domain) -> tuple[str, Rule] | None:
    for office in member.offices:
        if office.cross_district and domain in office.specialities:
            return office.id, Rule.CROSS_DISTRICT  # the contract allows one
    return None


def _zone(network: Network, member: Region, domain: Domain, at: str) -> tuple[str, Rule] | None:
    if domain is not Domain.BONDED_ZONE:
        return None
    return _among(network, {zone.office for zone in member.zones}, at, Rule.BONDED_ZONE)


def _speciality(
    network: Network, member: Region, domain: Domain, at: str
) -> tuple[str, Rule] | None:
    """A district's speciality holds in its district: elsewhere it isn't asked before others."""
    holders = {office.id for office in member.offices if domain in office.specialities}
    return _among(network, holders, at, Rule.SPECIALITY)


def _among(
    network: Network, holders: Collection[str], at: str, rule: Rule
) -> tuple[str, Rule] | None:
    """Give the holder that the place means; the common superior if it means several alike."""
    for each in (at, *network.superiors(at)):
        if each in holders:
            return each, rule
    below = [each for each in holders if network.is_superior(at, each)]
    if not below:
        return None
    if len(below) == 1:
        return below[0], rule
    return _common(network, below), Rule.COMMON_SUPERIOR


def _common(network: Network, offices: Collection[str]) -> str:
    """Give the nearest office that is, or stands above, each of some below one office."""
    first, *rest = ((each, *network.superiors(each)) for each in offices)
    return next(each for each in first if all(each in others for others in rest))


def _area(
    network: Network, member: Region, function: Function | None, at: str
) -> tuple[str, Rule] | None:
    for each in (at, *network.superiors(at)):
        for area in member.areas:
            if area.function is function and each in area.offices:
                return area.contact, Rule.AREA_CONTACT
    return None


def _department(network: Network, office: str, function: Function | None) -> str | None:
    found = network.office(office)
    return found.departments.get(function) if found and function else None
