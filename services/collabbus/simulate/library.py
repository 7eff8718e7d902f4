"""The library: all scenarios of a contracts folder, checked against the contracts they play on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import protovalidate
from google.protobuf import json_format
from pydantic import ValidationError

from collabbus.contracts import Contracts
from collabbus.contracts import load as load_contracts
from collabbus.document import Document, read_document
from collabbus.fault import ContractError, Fault, Key, shown
from collabbus.model.body import FIELD_OF
from collabbus.model.network import Network
from collabbus.simulate.content import body_of, written
from collabbus.simulate.scenario import Act, Ending, Found, Scenario, Totalled, family_of
from collabbus.wording import faults_of

Wrong = tuple[Key, object, str]
"""A key, what stands there, and the rule that it breaks."""


def load(folder: Path, contracts: Contracts | None = None) -> dict[str, Scenario]:
    """Read all scenarios of a contracts folder, by id.

    `contracts` are those of the folder, read anew if left out. Raises ContractError with every
    fault of every file.
    """
    contracts = contracts or load_contracts(folder)
    found: dict[str, Scenario] = {}
    faults: list[Fault] = []
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        document = read_document(path, str(path.relative_to(folder)))
        faults.extend(document.faults)
        if not document.is_read:
            continue
        try:
            scenario = Scenario.model_validate(document.data)
        except ValidationError as error:
            faults.extend(faults_of(error, document, Scenario))
            continue
        faults.extend(
            document.fault(key, shown(value), rule)
            for key, value, rule in _faults(scenario, document, contracts)
        )
        found[scenario.id] = scenario
    if faults:
        raise ContractError(faults)
    return found


def _faults(scenario: Scenario, document: Document, contracts: Contracts) -> Iterator[Wrong]:
    """Yield what doesn't fit together, or not with the contracts."""
    stem = Path(document.file).stem
    if scenario.id != stem:
        yield ("id",), scenario.id, f"must be {stem}, as the file's name is"
    known = ", ".join(contracts.networks)
    for name in scenario.networks:
        if name not in contracts.networks:
            yield ("network",), name, f"must be a network: {known}"
            return
    opened: dict[str, Network] = {}
    """The network of each matter, by label."""
    for number, act in enumerate(scenario.acts):
        network = contracts.networks[act.network or scenario.network]
        if act.says and family_of(contracts, act.says):
            opened.setdefault(act.in_, network)
        for key, value, rule in _of_act(act, opened, network):
            yield ("acts", number, *key), value, rule
    regions = {region for one in scenario.networks for region in contracts.networks[one].regions}
    for name in ("ends", "totals", "models"):
        for number, ending in enumerate(getattr(scenario, name)):
            for key, value, rule in _of_ending(ending, opened, regions):
                yield (name, number, *key), value, rule


def _of_act(act: Act, opened: dict[str, Network], network: Network) -> Iterator[Wrong]:
    if act.says and act.says not in FIELD_OF:
        yield ("says",), act.says, "must be a type of act, such as Accepted"
        return
    if act.by and act.in_ not in opened:
        yield ("in",), act.in_, "must be a matter that this or an earlier act opens"
    if act.because is not None and act.because not in opened:
        yield ("because",), act.because, "must be a matter that an earlier act opens"
    network = opened.get(act.in_, network)
    for key, office in act.offices:
        if network.office(office) is None:
            yield key, office, f"must be an office of {network.id}"
    if act.asks_region and act.asks_region not in network.regions:
        yield ("asks_region",), act.asks_region, f"must be a region of {network.id}"
    if act.says and not act.rejected:
        for key, value, rule in _of_content(act):
            yield ("with", *key), value, rule


def _of_ending(
    ending: Ending | Totalled | Found, opened: dict[str, Network], regions: set[str]
) -> Iterator[Wrong]:
    if ending.in_ not in opened:
        yield ("in",), ending.in_, "must be a matter that an act opens"
    for place, region in enumerate(ending.regions):
        if region not in regions:
            yield ("regions", place), region, "must be a region of the scenario's networks"


def _of_content(act: Act) -> Iterator[Wrong]:
    """Yield what in an act's content the schemas don't allow."""
    try:
        body = body_of(act.says, written(act.content, lambda word, rest: SAMPLE[word]))
    except KeyError as error:
        known = ", ".join(SAMPLE)
        yield (), act.content, f"<{error.args[0]}> must be one of {known}"
        return
    except json_format.ParseError as error:
        yield (), act.content, f"must be a {act.says}: {error}"
        return
    for violation in protovalidate.collect_violations(body):
        proto = violation.proto
        elements = proto.field.elements if proto.field is not None else []
        path = tuple(element.field_name for element in elements)[1:]
        yield path, violation.field_value, f"must hold to the schema: {proto.message}"


SAMPLE = {
    "day": "2026-01-01",
    "matter": "0" * 32,
    "event": "0" * 32,
    "sha256": "A" * 43 + "=",
}
"""What stands for a value that only the play knows."""
