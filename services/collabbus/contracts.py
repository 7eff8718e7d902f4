"""Contracts as they lie in files: networks, lifecycles, calendar, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

from collabbus.document import Document, read_document
from collabbus.errors import CollabbusError
from collabbus.fault import NOTHING, ContractError, Fault
from collabbus.model.calendar import Calendar
from collabbus.model.contract import Contract, contract_hash
from collabbus.model.escalation import unheard
from collabbus.model.lifecycle import Lifecycle, Remarks
from collabbus.model.network import Network
from collabbus.model.soundness import flaws
from collabbus.wording import faults_of, value_at

__all__ = ["ContractError", "Contracts", "Fault", "UnknownNetworkError", "load"]

M = TypeVar("M", bound=BaseModel)


class UnknownNetworkError(CollabbusError):
    """A network was named that the contracts don't hold."""

    code: ClassVar[str] = "NETWORK_UNKNOWN"

    def __init__(self, network: str, known: list[str]) -> None:
        super().__init__(
            f"there is no network {network!r}: use one of {', '.join(known)}, "
            f"or add contracts/networks/{network}.yaml"
        )


@dataclass(frozen=True)
class Contracts:
    """All that a folder of contracts holds."""

    networks: dict[str, Network]
    """By id."""
    lifecycles: dict[str, Lifecycle]
    """By family."""
    calendar: Calendar
    """Of working days; every network's."""

    def hash(self, network_id: str) -> bytes:
        """Return the 32-byte hash of a network's contract: itself, all lifecycles, the calendar.

        It is the same on every machine and depends on the meaning alone, not on comments,
        formatting or order; `collabbus.model.contract.contract_hash` says how it is made.
        Raises `UnknownNetworkError`.
        """
        return contract_hash(self._network(network_id), self.lifecycles, self.calendar)

    def pin(self, network_id: str) -> Contract:
        """Return the contract of a network for the core: its own copy, that can't be changed.

        Raises `UnknownNetworkError`. Each call hashes anew: keep what you got.
        """
        return Contract(
            network=self._network(network_id),
            lifecycles=MappingProxyType(dict(self.lifecycles)),
            hash=self.hash(network_id),
            calendar=self.calendar,
        )

    def _network(self, network_id: str) -> Network:
        try:
            return self.networks[network_id]
        except KeyError:
            raise UnknownNetworkError(network_id, sorted(self.networks)) from None


def load(folder: Path) -> Contracts:
    """Read `networks/*.yaml`, `lifecycles/*.yaml`, `remarks.yaml` and `calendar.yaml` of `folder`.

    When it returns, every file was read and holds to every rule, every lifecycle is sound
    (`collabbus.model.soundness`), and in every network each deadline has a consequence for every
    office (`collabbus.model.escalation`). Raises `ContractError` with
    the faults of all files at once; nothing of a folder with a fault can be used.
    """
    faults: list[Fault] = []
    networks: dict[str, Network] = {}
    for document in _documents(folder, "networks", faults):
        network = _parse(document, Network, faults)
        if network is None:
            continue
        stem = Path(document.file).stem
        if network.id != stem:
            faults.append(
                document.fault(("id",), f'"{network.id}"', f"must be {stem}, as the file's name is")
            )
        networks[network.id] = network
    remarks = _remarks(folder, faults)
    lifecycles: dict[str, Lifecycle] = {}
    holders: dict[str, str] = {}
    for document in _documents(folder, "lifecycles", faults):
        faults.extend(_add(remarks, document))
        lifecycle = _parse(document, Lifecycle, faults)
        if lifecycle is None:
            continue
        faults.extend(
            document.fault(flaw.key, value_at(flaw.key, document.data), flaw.rule)
            for flaw in flaws(lifecycle)
        )
        family = str(lifecycle.family)
        if family in holders:
            rule = f"must be unique; {holders[family]} has it already"
            faults.append(document.fault(("family",), f'"{family}"', rule))
            continue
        holders[family] = document.file
        lifecycles[family] = lifecycle
        faults.extend(
            document.fault(flaw.key, value_at(flaw.key, document.data), flaw.rule)
            for network in networks.values()
            for flaw in unheard(network, lifecycle)
        )
    faults.extend(_deadlines(networks, lifecycles))
    calendar = _calendar(folder, faults)
    if faults or calendar is None:
        raise ContractError(faults)
    return Contracts(networks, lifecycles, calendar)


def _deadlines(
    networks: Mapping[str, Network], lifecycles: Mapping[str, Lifecycle]
) -> Iterator[Fault]:
    """Give the deadlines that a network sets and no lifecycle has."""
    known = {f"{family}.{name}" for family, each in lifecycles.items() for name in each.deadlines}
    for network in networks.values():
        for name, span in network.deadlines.items():
            if name not in known:
                yield Fault(
                    f"networks/{network.id}.yaml",
                    f"deadlines.{name}",
                    f'"{span}"',
                    "must be a family and one of its deadlines, such as recommendation.reply",
                )


def _calendar(folder: Path, faults: list[Fault]) -> Calendar | None:
    """Read the calendar; without one, deadlines would silently forget all holidays."""
    document = read_document(folder / "calendar.yaml", "calendar.yaml")
    faults.extend(document.faults)
    return _parse(document, Calendar, faults) if document.is_read else None


def _remarks(folder: Path, faults: list[Fault]) -> Mapping[str, Mapping[str, Any]]:
    """Read the remarks that every family has, by sort of thread, as they stand in the file."""
    document = read_document(folder / "remarks.yaml", "remarks.yaml")
    faults.extend(document.faults)
    if not document.is_read or _parse(document, Remarks, faults) is None:
        return {"main": {}, "track": {}}
    data = document.data
    return {sort: {**data["all"], **data[sort]} for sort in ("main", "track")}


def _add(remarks: Mapping[str, Mapping[str, Any]], document: Document) -> Iterator[Fault]:
    """Add the common remarks to the threads of a lifecycle that was read."""
    for sort, common in remarks.items():
        chain = document.data.get(sort) if isinstance(document.data, dict) else None
        if not isinstance(chain, dict) or not isinstance(own := chain.get("remarks", {}), dict):
            continue  # said by the model
        for kind in sorted(own.keys() & common.keys()):
            rule = "must not be given: remarks.yaml has it for every family"
            yield document.fault((sort, "remarks", kind), f'"{kind}"', rule)
        chain["remarks"] = {**own, **common}


def _documents(folder: Path, kind: str, faults: list[Fault]) -> Iterator[Document]:
    """Read the files of a subfolder in the order of their names."""
    paths = sorted(path for path in (folder / kind).glob("*") if not path.name.startswith("."))
    if not paths:
        faults.append(Fault(kind, "", NOTHING, "must be a folder with at least one .yaml file"))
    for path in paths:
        file = f"{kind}/{path.name}"
        if path.suffix != ".yaml" or not path.is_file():
            # Passed over in silence, a mistyped ending would take a network out of the contract.
            faults.append(Fault(file, "", _ending(path), "must be a file that ends in .yaml"))
            continue
        document = read_document(path, file)
        faults.extend(document.faults)
        if document.is_read:
            yield document


def _ending(path: Path) -> str:
    return "a folder" if path.is_dir() else f"a file that ends in {path.suffix or 'nothing'}"


def _parse(document: Document, model: type[M], faults: list[Fault]) -> M | None:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        faults.extend(faults_of(error, document, model))
        return None
