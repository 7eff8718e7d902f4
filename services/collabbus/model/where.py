"""Where: a thread, its matter, and the rules to which both are pinned."""

from __future__ import annotations

from dataclasses import dataclass

from collab.state.v1 import state_pb2 as st
from collabbus.model.contract import Contract
from collabbus.model.lifecycle import Chain, Deadline, Lifecycle


@dataclass(slots=True)  # frozen, it would take four times as long to make
class Where:
    """The place of an act."""

    contract: Contract
    lifecycle: Lifecycle
    chain: Chain
    """The rules of this sort of thread."""
    matter: st.Matter
    thread: st.Thread

    def deadline(self) -> Deadline | None:
        """Give the deadline after which the thread's step falls due; None if it has none."""
        return self.lifecycle.deadlines.get(self.thread.deadline)
