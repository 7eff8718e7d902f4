"""Scenarios: stories from the trade as data, and what plays them on any stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol

from google.protobuf import json_format
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.document import read_document
from collabbus.fault import ContractError, Fault
from collabbus.model import ids
from collabbus.model.body import FIELD_OF
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.model.thread import MAIN, picture, region_of
from collabbus.wording import faults_of


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(_Entry):
    """A legal basis, as a scenario names it."""

    instrument: str
    article: str = ""


class Expected(_Entry):
    """What must hold once an act is recorded, where it was recorded."""

    step: int
    state: str
    awaits: str = ""


class Act(_Entry):
    """One act of one office."""

    by: str
    officer: str
    says: str
    """A type of body, such as `Accepted`."""
    content: dict[str, Any] = Field(default_factory=dict, alias="with")
    """The body in protobuf's JSON form; bytes are base64."""
    asks: str = ""
    """The executor, where the act opens a matter."""
    adds: tuple[str, ...] = ()
    """Observers that it brings in."""
    legal_basis: tuple[Basis, ...] = ()
    case_number: str = ""
    due_in: Annotated[int, Field(ge=0, le=3660)] = 0
    """Days until the wanted due date; 0: the contract's rule."""
    at_once: bool = False
    """Whether it is said before what the others said has arrived: it crosses with them."""
    then: Expected | None = None
    rejected: str = ""
    """The code with which the region rejects it."""


class Ending(_Entry):
    """What every region that takes part must hold at the end."""

    state: str
    regions: tuple[str, ...] = Field(min_length=1)


class Scenario(_Entry):
    """A story: who does what, and how it must end."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    zh: str
    en: str
    rows: tuple[int, ...] = Field(min_length=1)
    """Rows of the table of mechanisms that it shows."""
    network: str
    family: str
    links_ms: dict[str, int] = Field(default_factory=dict)
    """How slow links are in the simulator, `beijing>hebei: 60000`; others take 5 ms."""
    acts: tuple[Act, ...] = Field(min_length=1)
    ends: Ending


def load(folder: Path) -> dict[str, Scenario]:
    """Read all scenarios of a contracts folder, by id; raises ContractError with every fault."""
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
        found[scenario.id] = scenario
    if faults:
        raise ContractError(faults)
    return found


class Refused(Exception):
    """The region rejected a submission."""

    def __init__(self, code: str, field: str, reason: str) -> None:
        super().__init__(f"{code} {field}: {reason}")
        self.code = code


class Stage(Protocol):
    """Where a scenario is played: the simulator, or real Kafka."""

    def now_ms(self) -> int:
        """Give the stage's time."""

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Submit, and wait for the outcome; give the events. Raises Refused."""

    def await_event(self, region: str, matter_id: str, event_id: str) -> bool:
        """Wait until a region's log has an event; False if it doesn't come."""

    def await_thread(
        self, region: str, matter_id: str, name: str, good: Callable[[st.Thread], bool]
    ) -> st.Thread | None:
        """Wait until a region's state of a thread is good; the last one seen if it never is."""


@dataclass
class Played:
    """How a scenario went."""

    scenario: Scenario
    matter_id: str = ""
    differences: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    """The state of the matter at the end, by region."""


def play(
    scenario: Scenario, stage: Stage, run: str, tell: Callable[[Act], None] = lambda act: None
) -> Played:
    """Play a scenario; `run` makes its submissions' ids its own."""
    played = Played(scenario)
    events: list[str] = []
    regions: set[str] = set()
    for number, act in enumerate(scenario.acts, 1):
        region = region_of(act.by)
        tell(act)
        if region in regions and not act.at_once:
            for event_id in events:
                if not stage.await_event(region, played.matter_id, event_id):
                    played.differences.append(f"act {number}: {event_id} never came to {region}")
                    return played
        draft = _draft(scenario, act, f"{scenario.id}-{run}-{number:02}", played, stage.now_ms())
        try:
            made = stage.submit(draft)
        except Refused as refused:
            if refused.code != act.rejected:
                played.differences.append(f"act {number} ({act.says} by {act.by}): {refused}")
            continue
        if act.rejected:
            played.differences.append(f"act {number}: recorded, expected {act.rejected}")
        events.extend(made)
        regions.update(region_of(office) for office in _named(act))
        played.differences += _check(stage, act, number, region, played.matter_id)
    _end(played, stage)
    return played


def _named(act: Act) -> Iterator[str]:
    yield act.by
    if act.asks:
        yield act.asks
    yield from act.adds
    if act.says == "Forwarded":
        yield act.content["office"]


def _draft(
    scenario: Scenario, act: Act, submission_id: str, played: Played, now_ms: int
) -> sub.Draft:
    body = json_format.ParseDict({FIELD_OF[act.says]: act.content}, body_pb2.Body())
    if not played.matter_id:
        played.matter_id = ids.matter_id(act.by, submission_id)
    participants = [ev.Participant(office=office, role=ev.ROLE_OBSERVER) for office in act.adds]
    if act.asks:
        participants.insert(0, ev.Participant(office=act.asks, role=ev.ROLE_EXECUTOR))
    due_date = ""
    if act.due_in:
        due_date = (day_of(now_ms) + timedelta(days=act.due_in)).isoformat()
    return sub.Draft(
        submission_id=submission_id,
        network=scenario.network,
        family=f"FAMILY_{scenario.family.upper()}",
        matter_id=played.matter_id,
        thread=MAIN,
        office=act.by,
        officer=act.officer,
        not_after_ms=now_ms + 30 * DAY_MS,
        participants=participants,
        domain=ev.DOMAIN_IP,
        function=ev.FUNCTION_CRIMINAL,
        classification=ev.CLASSIFICATION_INTERNAL,
        legal_basis=[ev.LegalBasis(**basis.model_dump()) for basis in act.legal_basis],
        case_number=act.case_number,
        due_date=due_date,
        body=body,
    )


def _check(stage: Stage, act: Act, number: int, region: str, matter_id: str) -> list[str]:
    if act.then is None:
        return []
    wanted = (act.then.step, act.then.state, act.then.awaits)

    def now(thread: st.Thread) -> tuple[int, str, str]:
        return thread.step.number, thread.step.state, thread.step.awaits

    thread = stage.await_thread(region, matter_id, MAIN, lambda t: now(t) == wanted)
    if thread is None or now(thread) != wanted:
        found = now(thread) if thread is not None else None
        return [f"act {number} ({act.says}): {region} holds {found}, expected {wanted}"]
    return []


def _end(played: Played, stage: Stage) -> None:
    """Compare what the regions hold at the end with each other and with the scenario."""
    ends = played.scenario.ends
    longest: dict[str, tuple[object, ...]] = {}
    for region in ends.regions:

        def arrived(thread: st.Thread) -> bool:
            return thread.step.state == ends.state and not thread.held

        thread = stage.await_thread(region, played.matter_id, MAIN, arrived)
        if thread is None:
            played.states[region] = "-"
            played.differences.append(f"{region} holds nothing of the matter")
            continue
        played.states[region] = thread.step.state
        longest[region] = picture(thread)
        if thread.step.state != ends.state:
            played.differences.append(
                f"{region} holds {thread.step.state!r}, expected {ends.state!r}"
            )
    total = max((_events(p) for p in longest.values()), default=0)
    for region in longest:

        def complete(thread: st.Thread) -> bool:
            return sum(o.last for o in thread.origins) >= total

        thread = stage.await_thread(region, played.matter_id, MAIN, complete)
        if thread is not None:
            longest[region] = picture(thread)
    if len(set(longest.values())) > 1:
        played.differences.append(f"the regions hold different states: {longest}")


def _events(shown: tuple[object, ...]) -> int:
    origins = shown[4]
    return sum(last for _, last, _ in origins)  # type: ignore[attr-defined]
