"""The contract of a network, as the core gets it: pinned by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from collabbus.model.calendar import WEEKENDS, Calendar
from collabbus.model.lifecycle import Lifecycle
from collabbus.model.network import Network

FORMAT = "collabbus-contract-1"


@dataclass(frozen=True)
class Contract:
    """What a matter is pinned to when it is opened; immutable, and equal where the hash is."""

    network: Network
    lifecycles: Mapping[str, Lifecycle]
    """By family."""
    hash: bytes
    """`contract_hash` of all the others."""
    calendar: Calendar = WEEKENDS

    def canonical(self) -> bytes:
        """Return the canonical form, from which `read` makes the same contract again."""
        return self._form

    @cached_property
    def _form(self) -> bytes:
        # Some 50 ms, and every shard that is taken anew may ask for it.
        return canonical_form(self.network, self.lifecycles, self.calendar)

    @classmethod
    def read(cls, canonical: bytes) -> Contract:
        """Return the contract of which `canonical` is the form; its hash is that of the form.

        Raises pydantic's ValidationError if it is none.
        """
        whole = json.loads(canonical)
        calendar = whole.get("calendar")
        return cls(
            network=Network.model_validate(whole["network"]),
            lifecycles={
                family: Lifecycle.model_validate(each)
                for family, each in whole["lifecycles"].items()
            },
            hash=hashlib.sha256(canonical).digest(),
            calendar=Calendar.model_validate(calendar) if calendar else WEEKENDS,
        )


def contract_hash(
    network: Network, lifecycles: Mapping[str, Lifecycle], calendar: Calendar = WEEKENDS
) -> bytes:
    """Return the SHA-256, 32 bytes, of the contract's canonical form.

    The canonical form is JSON in UTF-8 without blanks, the keys of each object in the order of
    their code points: `{"calendar":...,"format":"collabbus-contract-1","lifecycles":{<family>:...},
    "network":...}`, keys named as in the files. It is made from the validated models, so that
    comments, formatting and the order of keys, offices, regions and files don't show; sets are
    arrays in the order of their elements' JSON, lists keep their order. A field that has its
    default is left out, as is a calendar that covers no year: one that a later version adds
    doesn't change the hash of the contracts that don't use it. A default must therefore never
    change.
    """
    return hashlib.sha256(canonical_form(network, lifecycles, calendar)).digest()


def canonical_form(
    network: Network, lifecycles: Mapping[str, Lifecycle], calendar: Calendar = WEEKENDS
) -> bytes:
    """Return the bytes over which `contract_hash` is taken."""
    whole = {
        "format": FORMAT,
        "network": _plain(network),
        "lifecycles": {family: _plain(each) for family, each in lifecycles.items()},
    }
    if calendar.years:
        whole["calendar"] = _plain(calendar)
    return _json(whole).encode()


def _json(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def _plain(value: Any) -> Any:
    """Reduce a model to what JSON knows, in an order that no machine's hash seed can change."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True, exclude_defaults=True))
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=_json)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return to_jsonable_python(value)
