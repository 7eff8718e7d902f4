"""What zones, areas, a rotation and a linkage may name, checked on data that may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from collabbus.model.hierarchy import BrokenRule, Key, Member, fields_of, members_of
from collabbus.model.office import Level, is_name, is_office_id


def broken_references(network: object) -> list[BrokenRule]:
    """Return every rule on who may be named that `network`, a model or its raw mapping, breaks.

    What a field's own check refuses (a wrong type, a malformed id) is passed over here.
    """
    members = list(members_of(network))
    found: list[BrokenRule] = []
    for member in members:
        found.extend(_cross_district(member))
        found.extend(_zones(member))
        found.extend(_areas(member))
    fields = fields_of(network)
    found.extend(_convener(fields_of(fields.get("convener")), [each.id for each in members]))
    found.extend(_linkage(fields_of(fields.get("linkage")), members))
    return found


def _cross_district(member: Member) -> Iterator[BrokenRule]:
    """A domain has one cross-district office in a region, or it would not be clear who leads."""
    holders: dict[str, str] = {}
    for entry in member.entries:
        if entry.raw.get("cross_district") is not True:
            continue
        for index, domain in enumerate(_items(entry.raw.get("specialities"))):
            if not isinstance(domain, str):
                continue
            first = holders.setdefault(domain, entry.id)
            if first != entry.id:
                key = (*entry.key, "specialities", index)
                words = f"must have one cross-district office in its region; {first} is it already"
                yield BrokenRule(key, str(domain), words)


def _zones(member: Member) -> Iterator[BrokenRule]:
    for key, zone in _named(member, "zones"):
        yield from _once(key, zone, member, "zones")
        yield from _office((*key, "office"), zone.get("office"), member)


def _areas(member: Member) -> Iterator[BrokenRule]:
    holders: dict[tuple[str, str], str] = {}
    for key, area in _named(member, "areas"):
        yield from _once(key, area, member, "areas")
        yield from _contact((*key, "contact"), area, member)
        for index, office in enumerate(_items(area.get("offices"))):
            place = (*key, "offices", index)
            yield from _office(place, office, member)
            mine = str(area.get("id"))
            first = holders.setdefault((str(area.get("function")), str(office)), mine)
            if first != mine:
                words = f"must stand in one area for each function; {first} has it already"
                yield BrokenRule(place, office, words)


def _contact(key: Key, area: Mapping[str, Any], member: Member) -> Iterator[BrokenRule]:
    contact = area.get("contact")
    yield from _office(key, contact, member)
    entry = member.known.get(contact) if isinstance(contact, str) else None
    if entry is None:
        return
    for office in _items(area.get("offices")):
        if office in member.known and not member.is_above(entry.id, office):
            words = f"must be above each office of its area, but is not above {office}"
            yield BrokenRule(key, contact, words)
    function = area.get("function")
    if isinstance(function, str) and function not in fields_of(entry.raw.get("departments")):
        words = f"must have a department for {function}, the function of its area"
        yield BrokenRule(key, contact, words)


def _office(key: Key, name: object, member: Member) -> Iterator[BrokenRule]:
    """What is named must be a procuratorate of the region: nothing is routed to other organs."""
    if not isinstance(name, str) or not is_office_id(name):
        return
    entry = member.known.get(name)
    if entry is None:
        yield BrokenRule(key, name, f"must be one of the offices of region {member.id}")
    elif entry.level is Level.OTHER:
        yield BrokenRule(key, name, "must be a procuratorate, but is of level OTHER")


def _convener(rotation: Mapping[str, Any], regions: Sequence[str]) -> Iterator[BrokenRule]:
    order = _items(rotation.get("order"))
    for index, name in enumerate(order):
        if isinstance(name, str) and is_name(name) and name not in regions:
            words = f"must be one of the network's regions: {', '.join(sorted(regions))}"
            yield BrokenRule(("convener", "order", index), name, words)
    left_out = sorted(set(regions) - {each for each in order if isinstance(each, str)})
    if order and left_out:
        words = (
            f"must name every region, so that each convenes in its turn; {left_out[0]} is missing"
        )
        yield BrokenRule(("convener", "order"), order, words)


def _linkage(linkage: Mapping[str, Any], members: Sequence[Member]) -> Iterator[BrokenRule]:
    known = {name for member in members for name in member.known}
    named: list[tuple[Key, object]] = [
        (("linkage", key), linkage.get(key)) for key in ("conveners", "deputy", "office")
    ]
    named += [
        (("linkage", "members", index), name)
        for index, name in enumerate(_items(linkage.get("members")))
    ]
    for place, name in named:
        if isinstance(name, str) and is_office_id(name) and name not in known:
            yield BrokenRule(place, name, "must be one of the network's offices")


def _named(member: Member, kind: str) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    for index, each in enumerate(_items(member.raw.get(kind))):
        yield ("regions", member.id, kind, index), fields_of(each)


def _once(key: Key, entry: Mapping[str, Any], member: Member, kind: str) -> Iterator[BrokenRule]:
    ids = [other.get("id") for _, other in _named(member, kind)]
    first = ids.index(entry.get("id"))
    if entry.get("id") is not None and first != key[-1]:
        words = f"must be unique; {kind}[{first}] has it already"
        yield BrokenRule((*key, "id"), entry.get("id"), words)


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
