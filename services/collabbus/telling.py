"""Telling: events in words, Chinese and English, for people who read a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from collabbus.model.contract import Contract
from collabbus.model.deadline import day_of
from collabbus.model.thread import FAMILIES, MAIN
from collabbus.sdk import Seen

_BY_RULE = {"TrackOpened": "建立分线", "Copied": "抄送", "Archived": "归档"}
"""What a region records by rule, and no lifecycle names since nobody can say it."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Teller:
    """Puts events into words by the contracts that they are pinned to."""

    def __init__(self, contracts: Mapping[bytes, Contract]) -> None:
        self._contracts = contracts

    def act(self, kind: str, contract: bytes, family: int) -> str:
        """Name a type of act, `请求协助 assistance requested`."""
        english = _WORDS.sub(" ", kind).lower()
        found = self._contracts.get(contract)
        lifecycle = found.lifecycles.get(FAMILIES.get(family, "")) if found else None
        if lifecycle is None:
            return english
        chinese = lifecycle.act_zh(kind) or _BY_RULE.get(kind)
        return f"{chinese} {english}" if chinese else english

    def office(self, office: str, contract: bytes) -> str:
        """Name an office, `海淀院 beijing/haidian`."""
        found = self._contracts.get(contract)
        known = found.network.office(office) if found else None
        return f"{known.zh} {office}" if known is not None else office

    def line(self, region: str, seen: Seen) -> str:
        """Tell an event as a region has recorded it: matter, act, office, deadline, crossing."""
        envelope = seen.envelope
        parts = [
            f"[{self._region(region, envelope.contract)}]",
            f"{envelope.matter_id[:8]}",
            f"{self.act(envelope.type, envelope.contract, envelope.family)}",
            f"| {self.office(envelope.office, envelope.contract)}",
        ]
        if envelope.HasField("step"):
            step = envelope.step
            state = self.state(step.state, envelope.contract, envelope.family, envelope.thread)
            parts.append(f"| {step.number} {state}")
            if step.due_ms:
                # 24:00 of a day is the first moment of the next one.
                parts.append(f"| 期限 due {day_of(step.due_ms - 1)}")
        if envelope.origin != region:
            parts.append(f"| 送达 crossed in {max(0, seen.time_ms - envelope.recorded_ms)} ms")
        return " ".join(parts)

    def state(self, state: str, contract: bytes, family: int, thread: str = MAIN) -> str:
        """Name a state, `已受理 accepted`."""
        found = self._contracts.get(contract)
        lifecycle = found.lifecycles.get(FAMILIES.get(family, "")) if found else None
        chain = lifecycle.chain(thread) if lifecycle is not None else None
        known = chain.states.get(state) if chain is not None else None
        return f"{known.zh} {state}" if known is not None else state

    def _region(self, region: str, contract: bytes) -> str:
        found = self._contracts.get(contract)
        known = found.network.regions.get(region) if found else None
        return f"{known.zh} {region}" if known is not None else region
