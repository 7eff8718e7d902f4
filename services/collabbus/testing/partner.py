"""Partner: answers for offices that aren't there yet, by a policy drawn from the lifecycle.

Awaited in a thread, a partner takes the first step of the lifecycle's file that goes on from
there: it asks nothing, hands nothing on and refuses nothing, unless it was told to. What it says is
written from the field rules, as the simulator's offices say it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collabbus.errors import CollabbusError
from collabbus.model.body import said
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS
from collabbus.model.lifecycle import Chain, StepRule
from collabbus.model.thread import COPY, FAMILIES, GUEST, LOCAL, MAIN, dormant, pending, region_of
from collabbus.sdk import Rejected
from collabbus.sdk import draft as drafts
from collabbus.simulate.bodies import Bodies
from collabbus.simulate.stage import SimulatedStage
from collabbus.testing.log import Kind, name_of
from collabbus.testing.office import SimulatedOffice

REFUSALS = ("Declined", "Objected", "Returned", "Unsubscribed", "ApplicationWithdrawn")
"""What no partner says of itself."""
OFFICER = "伙伴"
NOT_AGREED = "NOT_AGREED"
"""The code with which a region rejects what others have yet to agree to."""
TRIES = 20
"""How often a body is written anew until the region takes it."""


class PartnerStuckError(CollabbusError):
    """A partner is awaited and has nothing to say that its region takes."""

    code = "PARTNER_STUCK"


class Partner:
    """Offices of a region, or one, that answer by themselves whenever the alliance settles."""

    def __init__(
        self,
        stage: SimulatedStage,
        contracts: Mapping[str, Contract],
        who: str,
        says: Mapping[str, Kind | Message | None],
        after_days: int,
    ) -> None:
        self.who = who
        self._region = region_of(who)
        self._stage = stage
        self._contracts = contracts
        self._says = says
        self._after_ms = after_days * DAY_MS
        self._random = random.Random(who)
        self._offices: dict[str, SimulatedOffice] = {}
        regions = sorted({r for one in contracts.values() for r in one.network.regions})
        names = [office.id for one in contracts.values() for office in one.network.offices()]
        self._bodies = Bodies(self._random, names, regions)

    def __repr__(self) -> str:
        return f"Partner({self.who!r})"

    def act(self) -> int:
        """Take one step in each thread that awaits one; give how many were taken."""
        keys = list(self._stage.threads(self._region))
        return sum(self._look(*key.split("/", 2)[1:]) for key in keys)

    def _look(self, matter_id: str, name: str) -> bool:
        """Take the next step of a thread, if it is this partner's; tell whether there was one."""
        thread = self._stage.thread(self._region, matter_id, name)
        if thread is None or name == LOCAL or name.startswith((COPY, GUEST)) or dormant(thread):
            return False
        awaits, due_ms = thread.step.awaits, thread.stepped_ms + self._after_ms
        if not awaits or self.who not in (awaits, region_of(awaits)):
            return False
        if self._region in self._stage.down or self._stage.now_ms() < due_ms:
            return False
        return self._answer(self._stage.matter(self._region, matter_id), thread)

    def _answer(self, matter: st.Matter, thread: st.Thread) -> bool:
        lifecycle = self._contracts[matter.network].lifecycles[FAMILIES[matter.family]]
        chain = lifecycle.chain(thread.thread)
        state = thread.step.state
        wanted = self._says.get(state, "")
        if chain is None or wanted is None:
            return False  # told to be silent
        if isinstance(wanted, Message):
            self._submit(matter, thread, wanted)
            return True
        proposed = self._proposed(matter, thread)
        owed = bool(wanted) or not chain.states[state].idle
        been = self._been(matter, thread)
        kinds = _candidates(chain, thread, matter, name_of(wanted) if wanted else "")
        for kind, rule in sorted(kinds, key=lambda one: one[1].to in been):
            agrees = rule.agrees and proposed not in (b"", thread.agreed)
            if (owed or agrees) and self._says_so(kind, rule, matter, thread, proposed):
                return True
            if rule.gathers:
                return False  # others have yet to agree
        if not owed:
            return False
        raise PartnerStuckError(
            f"{thread.step.awaits} is awaited in {state!r} of a matter of {lifecycle.family} "
            f"({', '.join(matter.kinds)}) and finds nothing to say that {self._region} "
            f"takes: tell it with partner({self.who!r}, says={{{state!r}: ...}})"
        )

    def _says_so(
        self, kind: str, rule: StepRule, matter: st.Matter, thread: st.Thread, proposed: bytes
    ) -> bool:
        """Take a step; tell whether the region has recorded it."""
        for _ in range(TRIES):
            try:
                self._submit(matter, thread, self._body(kind, rule, proposed))
            except Rejected as rejected:
                if rejected.reason_code == NOT_AGREED:
                    return False
                continue  # a region that rejects has recorded nothing
            return True
        return False

    def _proposed(self, matter: st.Matter, thread: st.Thread) -> bytes:
        """Give the hash of what is to be agreed to; it stands in the main thread."""
        main = self._stage.thread(self._region, matter.matter_id, MAIN)
        return main.proposed if main is not None else thread.proposed

    def _been(self, matter: st.Matter, thread: st.Thread) -> set[str]:
        """Give the states in which a thread has been: a partner doesn't go round in circles."""
        log = self._stage.nodes[self._region].disk.events
        return {
            record.envelope.step.state
            for record in log
            if record.envelope.matter_id == matter.matter_id
            and record.envelope.thread == thread.thread
            and record.envelope.HasField("step")
        }

    def _body(self, kind: str, rule: StepRule, proposed: bytes) -> Message:
        wanted = {name[5:] for name in rule.requires if name.startswith("body.")}
        body = self._bodies.write(kind, self._stage.now_ms(), wanted)
        message = said(body)
        if rule.agrees or rule.gathers:
            message.sha256 = proposed  # type: ignore[attr-defined]
        if rule.field is not None:
            _go_on(message, rule)
        return message

    def _submit(self, matter: st.Matter, thread: st.Thread, message: Message) -> None:
        name = thread.step.awaits
        office = self._offices.setdefault(name, SimulatedOffice(name, matter.network, self._stage))
        number = thread.step.number
        draft = drafts.acting(
            name,
            matter.matter_id,
            drafts.wrap(message),
            matter.network,
            matter.family,
            {
                "officer": OFFICER,
                "thread": thread.thread,
                "expected_step": number,
                "submission_id": self._id(),
                "not_after_ms": self._stage.now_ms() + drafts.VALID_DAYS * DAY_MS,
            },
        )
        office.submit(draft)

    def _id(self) -> str:
        return f"partner-{self._random.randbytes(12).hex()}"


def _candidates(
    chain: Chain, thread: st.Thread, matter: st.Matter, wanted: str
) -> Iterator[tuple[str, StepRule]]:
    """Yield the steps by which a thread goes on from where it stands, the likeliest first."""
    state = thread.step.state
    for kind, rule in chain.steps.items():
        if state not in rule.from_ or not rule.fits(matter.kinds):
            continue
        if wanted:
            if kind == wanted:
                yield kind, rule
            continue
        asked = rule.answers is not None and pending(thread, rule.answers) is not None
        if rule.answers is not None and not asked:
            continue
        hands_on = rule.asks or rule.forwards or rule.assigns or kind == chain.hand_back
        if not hands_on and kind not in REFUSALS and rule.to != state:
            yield kind, rule


def _go_on(message: Message, rule: StepRule) -> None:
    """Have a step that may lead elsewhere say what leads on."""
    field = message.DESCRIPTOR.fields_by_name[rule.field or ""]
    if field.enum_type is None:
        return
    prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
    for value in field.enum_type.values:
        if value.number and value.name.removeprefix(prefix) not in rule.turns:
            setattr(message, field.name, value.number)
            return
