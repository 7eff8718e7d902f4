"""Where: a thread, its matter, and the rules to which both are pinned."""

from __future__ import annotations

from dataclasses import dataclass

from collab.state.v1 import state_pb2 as st
from collabbus.model.contract import Contract
from collabbus.model.lifecycle import KIND, Chain, Deadline, Lifecycle
from collabbus.model.thread import MAIN


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

    def term(self) -> str:
        """Give the name of the deadline that is the matter's kind's own in this sort of thread.

        It is the one of the executor's first step, or of a track's; empty if there is none.
        """
        opening = self.lifecycle.opens.get(self.matter.opening)
        if self.thread.thread == MAIN:
            return opening.term("to", self.matter.kinds) if opening is not None else ""
        own = opening.track_term(self.matter.kinds) if opening is not None else None
        return own or self.chain.deadline

    def named(self, deadline: str) -> str:
        """Give the deadline that a rule means: what is the kind's own, by its name."""
        return self.term() if deadline == KIND else deadline
