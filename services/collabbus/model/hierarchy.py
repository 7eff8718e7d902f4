"""What must hold between the offices of a network, checked on data that may be wrong elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from collabbus.model.office import Level, is_code, is_name, is_office_id

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class BrokenRule:
    """A rule between offices that doesn't hold: where, for which value, and the rule in words."""

    key: Key
    value: object
    words: str


@dataclass(frozen=True)
class Entry:
    """An office as far as it can be read."""

    key: Key
    id: str
    parent: str | None
    level: Level | None
    code: str | None
    raw: Mapping[str, Any]
    """All that stands there, unread."""


@dataclass
class Member:
    """A region as far as it can be read; the first of two offices with one id counts."""

    id: str
    given: object
    code: str | None
    provincial: object
    raw: Mapping[str, Any]
    """All that stands there, unread."""
    entries: list[Entry] = field(default_factory=list)
    known: dict[str, Entry] = field(default_factory=dict)

    def is_above(self, a: str, b: str) -> bool:
        """Tell whether office `a` is above `b`, as far as the parents can be followed."""
        seen: set[str] = set()
        at = self.known.get(b)
        while at is not None and at.parent is not None and at.parent not in seen:
            if at.parent == a:
                return True
            seen.add(at.parent)
            at = self.known.get(at.parent)
        return False


def broken_rules(network: object) -> list[BrokenRule]:
    """Return every rule between offices that `network`, a model or its raw mapping, breaks.

    What a field's own check refuses (a wrong type, a malformed id) is passed over here.
    """
    members = list(members_of(network))
    found: list[BrokenRule] = []
    for member in members:
        found.extend(_head(member))
        codes: dict[str, str] = {}
        for entry in member.entries:
            found.extend(_identity(member, entry))
            found.extend(_place(member, entry))
            found.extend(_code(member, entry, codes))
    return found


def _head(member: Member) -> Iterator[BrokenRule]:
    if member.given != member.id:
        key: Key = ("regions", member.id, "id")
        yield BrokenRule(key, member.given, f"must be {member.id}, the key it stands under")
    key = ("regions", member.id, "provincial")
    provincial = member.provincial
    if not isinstance(provincial, str) or not is_office_id(provincial):
        return
    if provincial not in member.known:
        yield BrokenRule(key, provincial, f"must be one of the offices of region {member.id}")


def _identity(member: Member, entry: Entry) -> Iterator[BrokenRule]:
    key = (*entry.key, "id")
    if entry.id.partition("/")[0] != member.id:
        yield BrokenRule(key, entry.id, f"must begin with {member.id}/, the region it stands in")
    first = member.known[entry.id]
    if first is not entry:
        yield BrokenRule(key, entry.id, f"must be unique; offices[{first.key[-1]}] has it already")


def _place(member: Member, entry: Entry) -> Iterator[BrokenRule]:
    key = (*entry.key, "parent")
    is_head = entry.id == member.provincial
    if entry.parent is None:
        if not is_head and entry.level not in {None, Level.OTHER}:
            yield BrokenRule(
                key, None, f"must be given: only the head of {member.id} and offices of "
                "level OTHER have no parent"
            )  # fmt: skip
        return
    if is_head:
        yield BrokenRule(key, entry.parent, f"must be absent: {entry.id} heads its region")
        return
    if not is_office_id(entry.parent):
        return
    parent = member.known.get(entry.parent)
    if parent is None:
        yield BrokenRule(key, entry.parent, f"must be one of the offices of region {member.id}")
    elif member.is_above(entry.id, entry.id):
        yield BrokenRule(key, entry.parent, f"must not lead back to {entry.id}")
    elif parent.level and entry.level and not parent.level.above(entry.level):
        yield BrokenRule(
            key, entry.parent, f"must be of a level above {entry.level}, but is {parent.level}"
        )


def _code(member: Member, entry: Entry, codes: dict[str, str]) -> Iterator[BrokenRule]:
    if entry.code is None:
        return
    key = (*entry.key, "code")
    if member.code is not None:
        # "110000" covers 11xxxx; a region below a province has a longer stem.
        stem = member.code.removesuffix("00").removesuffix("00")
        if not entry.code.startswith(stem):
            yield BrokenRule(key, entry.code, f"must begin with {stem}, as the region's code does")
    if entry.level is Level.OTHER:
        return  # the departments of one government share its code
    first = codes.setdefault(entry.code, entry.id)
    if first != entry.id:
        yield BrokenRule(key, entry.code, f"must be unique in its region; {first} has it already")


def members_of(network: object) -> Iterator[Member]:
    """Yield the regions of `network`, a model or its raw mapping, whose ids can be read."""
    regions = fields_of(fields_of(network).get("regions"))
    for name, region in regions.items():
        if not is_name(str(name)):
            continue  # else each of its offices would be told that it stands in the wrong region
        raw = fields_of(region)
        member = Member(str(name), raw.get("id", name), _code_of(raw), raw.get("provincial"), raw)
        offices = raw.get("offices")
        if isinstance(offices, Sequence) and not isinstance(offices, str):
            for index, office in enumerate(offices):
                entry = _entry(("regions", member.id, "offices", index), fields_of(office))
                if entry is not None:
                    member.entries.append(entry)
                    member.known.setdefault(entry.id, entry)
        yield member


def _entry(key: Key, raw: Mapping[str, Any]) -> Entry | None:
    name = raw.get("id")
    if not isinstance(name, str) or not is_office_id(name):
        return None
    level = raw.get("level")
    known = Level.__members__.get(level) if isinstance(level, str) else None
    parent = raw.get("parent")
    if parent is not None and not isinstance(parent, str):
        parent = ""  # given, though unreadable
    return Entry(key, name, parent, known, _code_of(raw), raw)


def _code_of(raw: Mapping[str, Any]) -> str | None:
    code = raw.get("code")
    return code if isinstance(code, str) and is_code(code) else None


def fields_of(value: object) -> Mapping[str, Any]:
    """Return what a model or a mapping holds, by name; nothing of anything else."""
    if isinstance(value, BaseModel):
        return dict(value)
    return value if isinstance(value, Mapping) else {}
