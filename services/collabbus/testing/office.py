"""SimulatedOffice: an office of an alliance in memory, with the SDK's own way to speak."""

from __future__ import annotations

from typing import Unpack

from google.protobuf.message import Message

from collab.v1 import submission_pb2 as sub
from collabbus.model.deadline import DAY_MS
from collabbus.model.thread import region_of
from collabbus.sdk import DraftInvalid, NotDecidedInTime, Rejected
from collabbus.sdk import draft as drafts
from collabbus.sdk.draft import Acting, Opening
from collabbus.simulate.stage import SimulatedStage
from collabbus.testing.log import Log
from collabbus.testing.matter import MatterView


class SimulatedOffice:
    """An office whose region lives in this process; the arguments are those of `collabbus.sdk`."""

    def __init__(self, office: str, network: str, stage: SimulatedStage) -> None:
        self.office = office
        self.region = region_of(office)
        self.network = network
        self._stage = stage
        self._said = 0

    def __repr__(self) -> str:
        return f"SimulatedOffice({self.office!r})"

    def open(self, body: Message, **details: Unpack[Opening]) -> MatterView:
        """Open a matter; when it returns, the region has recorded it.

        Raises sdk.Rejected, sdk.DraftInvalid, or sdk.NotDecidedInTime where the region is down: it
        has the submission, and records it once it is up.
        """
        self._defaults(details)
        draft = drafts.opening(self.office, drafts.wrap(body), details["network"], details)
        self.submit(draft)
        return self.matter(draft.matter_id)

    def act(self, matter: str | MatterView, body: Message, **details: Unpack[Acting]) -> Log:
        """Act in a matter; give the events that came of it. Raises as `open` does."""
        matter_id = matter if isinstance(matter, str) else matter.id
        said = drafts.wrap(body)
        if isinstance(matter, MatterView) and matter.thread:
            details.setdefault("thread", matter.thread)
        known = self._stage.matter(self.region, matter_id)
        details.setdefault("network", known.network or self.network)
        self._defaults(details)
        if "family" in details:
            family = drafts.family_number(details["family"])
        else:
            family = drafts.family_of(said) or known.family
        if not family:
            raise DraftInvalid(
                f"{self.region} holds no matter {matter_id!r}: `await alliance.settle()` lets it "
                "arrive, or give family=..."
            )
        draft = drafts.acting(self.office, matter_id, said, details["network"], family, details)
        made = self.submit(draft)
        log = Log.read(self.region, self._stage.nodes[self.region].disk.events)
        return Log(self.region, (seen for seen in log if seen.envelope.event_id in made))

    def submit(self, draft: sub.Draft) -> tuple[str, ...]:
        """Submit a draft; give the ids of the events that the region recorded. Raises as `open`."""
        drafts.serialized(draft)
        digest = self._stage.hand_in(draft)
        outcome = self._stage.outcome(self.region, digest)
        if outcome is None:
            raise NotDecidedInTime(draft.submission_id, 0.0, f", since {self.region} is down")
        if outcome.decision != sub.DECISION_RECORDED:
            raise Rejected(outcome.code, outcome.field, outcome.reason, draft.submission_id)
        return tuple(outcome.event_ids)

    def matter(self, matter_id: str) -> MatterView:
        """Look at a matter as the office's region holds it."""
        return MatterView(self._stage, matter_id, self.region)

    def _defaults(self, details: Opening | Acting) -> None:
        """Number submissions and date them by the alliance's time: a test runs the same twice."""
        if not details.get("submission_id"):
            self._said += 1
            details["submission_id"] = f"{self.office.replace('/', '-')[:48]}-{self._said:06}"
        details.setdefault("network", self.network)
        until_ms = self._stage.now_ms() + drafts.VALID_DAYS * DAY_MS
        details.setdefault("not_after_ms", until_ms)
