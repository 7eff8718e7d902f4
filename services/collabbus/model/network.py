"""Networks (协作网络): the regions of an alliance, their offices and who stands above whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from collabbus.errors import CollabbusError
from collabbus.model.coordination import Linkage, Rotation
from collabbus.model.domain import Domain
from collabbus.model.function import Function
from collabbus.model.hierarchy import broken_rules
from collabbus.model.jurisdiction import Area, Zone
from collabbus.model.office import Code, Name, Office, OfficeId, Text, rule
from collabbus.model.references import broken_references
from collabbus.model.span import SpanText


class UnknownOfficeError(CollabbusError):
    """An office was named that the network doesn't have."""

    code: ClassVar[str] = "OFFICE_UNKNOWN"

    def __init__(self, office: str, network: str) -> None:
        super().__init__(
            f"office {office!r} is not in network {network!r}: "
            f"use an id that contracts/networks/{network}.yaml lists, or add the office there"
        )


class UnknownRegionError(CollabbusError):
    """A region was named that the network doesn't have."""

    code: ClassVar[str] = "REGION_UNKNOWN"

    def __init__(self, region: str, network: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"region {region!r} is not a member of network {network!r}: "
            f"use one of {', '.join(known)}, or add it to contracts/networks/{network}.yaml"
        )


Named = TypeVar("Named", Office, Zone, Area)


class Region(BaseModel):
    """A member of a network, which runs its own node."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    zh: Text
    en: Text
    code: Code | None = None
    provincial: OfficeId
    """The office at the head of the region; the only procuratorate without a parent."""
    offices: tuple[Office, ...] = Field(min_length=1)
    """In the order of their ids, whatever the order in which they were given."""
    zones: tuple[Zone, ...] = ()
    """Its bonded zones, in the order of their ids."""
    areas: tuple[Area, ...] = ()
    """Its areas of contact, in the order of their ids."""

    @field_validator("offices", "zones", "areas", mode="after")
    @classmethod
    def _in_order(cls, value: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(sorted(value, key=lambda each: each.id))


def _keyed(regions: object) -> object:
    """Give each region the key under which it stands as its id."""
    if not isinstance(regions, Mapping):
        return regions
    return {
        key: {"id": key, **region} if isinstance(region, Mapping) else region
        for key, region in regions.items()
    }


class Network(BaseModel):
    """An alliance under one contract; every lookup is a dictionary's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    zh: Text
    en: Text
    source: Text
    """The document on which the alliance rests."""
    shards: Annotated[StrictInt, Field(ge=1, le=256)] = 16
    """Partitions of each topic, in every region; never changed once matters exist."""
    deadlines: dict[str, SpanText] = {}
    """Deadlines of this network's own, by `family.name`: how long instead of the lifecycle's."""
    convener: Rotation | None = None
    """Whose turn it is to call the regions together, where they take turns."""
    linkage: Linkage | None = None
    """Who coordinates a government and a procuratorate, where the network is one of those."""
    functions: dict[Domain, Function] = {}
    """The function that does the work of a domain, where the sender names none."""
    regions: Annotated[dict[Name, Region], BeforeValidator(_keyed), Field(min_length=1)]

    @model_validator(mode="wrap")
    @classmethod
    def _whole(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check what holds between offices even where single fields are wrong.

        Else a typing error in one office would hide a dangling parent in another.
        """
        if isinstance(data, Network):
            return handler(data)
        broken: list[InitErrorDetails] = []
        network = None
        try:
            network = handler(data)
        except ValidationError as error:
            broken.extend(_details(error))
        broken.extend(
            InitErrorDetails(type=rule(found.words), loc=found.key, input=found.value)
            for found in (*broken_rules(data), *broken_references(data))
        )
        if network is None or broken:
            raise ValidationError.from_exception_data("Network", broken)
        return network

    # Plain attributes once they are made: pydantic's private ones cost 2 microseconds a look.

    @cached_property
    def _offices(self) -> dict[str, Office]:
        return {office.id: office for office in self.offices()}

    @cached_property
    def _regions(self) -> dict[str, str]:
        return {name: office.region for name, office in self._offices.items()}

    @cached_property
    def _peers(self) -> dict[str, tuple[str, ...]]:
        members = sorted(self.regions)
        return {region: tuple(name for name in members if name != region) for region in members}

    @cached_property
    def _superiors(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(self._chain(office)) for name, office in self._offices.items()}

    def _chain(self, office: Office) -> Iterator[str]:
        above = office.parent
        while above is not None:
            yield above
            above = self._offices[above].parent

    def office(self, office_id: str) -> Office | None:
        """Return the office of that id, or None where the network has none."""
        return self._offices.get(office_id)

    def offices(self) -> Iterator[Office]:
        """Yield every office, region by region, each region's in the order of their ids."""
        for region in sorted(self.regions):
            yield from self.regions[region].offices

    def region_of(self, office_id: str) -> str:
        """Return the id of the office's region; raise `UnknownOfficeError` if it isn't known."""
        try:
            return self._regions[office_id]
        except KeyError:
            raise UnknownOfficeError(office_id, self.id) from None

    def convener_in(self, year: int) -> str | None:
        """Return the region that convenes in a year; None where nobody has a turn."""
        return self.convener.in_year(year) if self.convener else None

    def superiors(self, office_id: str) -> tuple[str, ...]:
        """Return the offices above an office, the nearest first; none of an unknown office."""
        office = self._offices.get(office_id)
        return tuple(self._chain(office)) if office else ()

    def is_superior(self, a: str, b: str) -> bool:
        """Tell whether office `a` is above `b`; an unknown office is above and below nobody."""
        return a in self._superiors.get(b, ())

    def may_act_for(self, a: str, b: str) -> bool:
        """Tell whether `a` may take the steps of `b`: it is `b`, or above it with that right."""
        office = self._offices.get(a)
        if office is None:
            return False
        return a == b or (office.acts_for_subordinates and self.is_superior(a, b))

    def peers(self, region: str) -> tuple[str, ...]:
        """Return the other regions' ids in order; raise `UnknownRegionError` for no member."""
        try:
            return self._peers[region]
        except KeyError:
            raise UnknownRegionError(region, self.id, tuple(sorted(self.regions))) from None


def _details(error: ValidationError) -> Iterator[InitErrorDetails]:
    """Turn the faults of a finished validation into such as can be raised together with others."""
    for found in error.errors(include_url=False):
        context = found.get("ctx", {})
        kind: str | PydanticCustomError = found["type"]
        if kind == "contract_rule":
            kind = rule(context["words"])
            context = {}
        yield InitErrorDetails(type=kind, loc=found["loc"], input=found["input"], ctx=context)
