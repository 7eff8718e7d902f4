"""Traffic: what offices might do next, in any family, read from its lifecycle and its messages."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from collab.state.v1 import state_pb2 as st
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collabbus.model import ids
from collabbus.model.body import FIELD_OF, details_field, kind_names, said, value
from collabbus.model.contract import Contract
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.model.lifecycle import By, Chain, Lifecycle, RemarkRule, StepRule
from collabbus.model.shard import shard_of
from collabbus.model.thread import (
    COPY,
    FAMILIES,
    GUEST,
    LOCAL,
    MAIN,
    last,
    party,
    pending,
    region_of,
)
from collabbus.simulate import amends
from collabbus.simulate.bodies import Bodies
from collabbus.simulate.node import Logged

_ENDS = ("Declined", "Closed", "WithdrawalGranted", "ApplicationWithdrawn", "InForce")
"""Acts after which little happens."""
_MOVES = ("LeaveAsked", "ParticipantAdded", "Forwarded", "Returned")
_ROLES = tuple(number for number in ev.CopyRole.values() if number)
_GUESTS = ("wang", "li")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an office sees when it acts: the state and the log of its region."""

    region: str
    state: Mapping[str, bytes]
    log: Sequence[Logged]
    now_ms: int

    def matters(self) -> list[str]:
        """Give the matters of which the region holds the main thread, in the order they came."""
        return [key.split("/")[1] for key in self.state if _is_main(key)]

    def matter(self, matter_id: str) -> st.Matter:
        """Give what the threads of a matter share."""
        return st.Matter.FromString(self.state.get("m/" + matter_id, b""))

    def thread(self, matter_id: str, name: str) -> st.Thread:
        """Give a thread; an empty one where there is none."""
        return st.Thread.FromString(self.state.get(f"t/{matter_id}/{name}", b""))


def _is_main(key: str) -> bool:
    return key.startswith("t/") and key.endswith("/" + MAIN)


class Traffic:
    """Thinks of submissions, by seed."""

    def __init__(
        self,
        rnd: random.Random,
        contract: Contract,
        troupe: Sequence[str],
        played: Collection[int],
        shards: int,
    ) -> None:
        """Take the offices that open matters; others act where something brings them in.

        New matters lie in the shards that are `played`.
        """
        self._rnd = rnd
        self._contract = contract
        self._troupe = troupe
        self._played = played
        self._shards = shards
        self._bodies = Bodies(rnd, troupe, sorted(contract.network.regions))
        self._count = 0
        self._thought_of: list[str] = []
        # A seed that likes some acts and hardly knows others gets further than one that is fair.
        self._taste: dict[str, float] = {}
        families = sorted(contract.lifecycles)
        if rnd.random() < 0.4:
            families = [rnd.choice(families)]
        self._families = [(family, rnd.choice((0.2, 1, 4))) for family in families]
        codes = sorted({office.code for office in contract.network.offices() if office.code})
        self._places = ["", *rnd.sample(codes, min(2, len(codes)))]
        self._restless = rnd.random() < 0.3
        """Whether offices come and go, and hand on what they are given."""
        self._domains = rnd.sample((ev.DOMAIN_IP, ev.DOMAIN_ENV, ev.DOMAIN_BONDED_ZONE), 2)
        usual = (ev.FUNCTION_UNSPECIFIED,)
        self._functions = rnd.choice((usual, (*usual, ev.FUNCTION_CRIMINAL)))
        self._addresses = rnd.choice((0.1, 0.4))
        self._circulates = rnd.choice((0.2, 0.5, 0.8))

    # Openings -------------------------------------------------------------------------------

    def open(self, office: str, seen: Seen) -> sub.Draft:
        """Think of an opening by an office, in a simulated shard."""
        rnd = self._rnd
        families, weights = zip(*self._families, strict=True)
        lifecycle = self._contract.lifecycles[rnd.choices(families, weights)[0]]
        kind = rnd.choice(sorted(lifecycle.opens))
        opening = lifecycle.opens[kind]
        name = rnd.choice(sorted(opening.kinds))
        wanted = _within([*opening.requires, *opening.kinds[name].requires])
        empty = getattr(body_pb2.Body(), FIELD_OF[kind])
        details = opening.kinds[name].details or details_field(empty, name)
        if details is not None:
            wanted.add(details)
        if opening.once and rnd.random() < 0.5:
            wanted |= set(opening.once)
        draft = self._draft(office, seen.now_ms, lifecycle.family, kind, wanted)
        self._of_kind(said(draft.body), kind, name)
        others = [o for o in self._troupe if o != office]
        if opening.begins("circulates", [name]) and rnd.random() < self._circulates:
            for _ in range(rnd.choice((1, 2, 3))):
                self._ask(draft, rnd.choice(others), ev.ROLE_RECIPIENT)
        elif opening.begins("to", [name]):
            self._ask(draft, rnd.choice(others), ev.ROLE_EXECUTOR)
        if rnd.random() < 0.3:
            self._ask(draft, rnd.choice(others), ev.ROLE_OBSERVER)
        if rnd.random() < 0.3:
            draft.due_date = self._date(seen.now_ms)
        roles = {r for c in opening.copies for r in c.roles if c.region == region_of(office)}
        if roles and rnd.random() < 0.9:
            for role in sorted(roles):
                draft.copies.add(role=ev.CopyRole.Value(f"COPY_ROLE_{role}"), office=others[0])
        else:
            self._copy(draft)
        self._cause(draft, seen)
        self._place_in_shard(draft, opening.once)
        self._thought_of.append(draft.matter_id)
        return draft

    def _ask(self, draft: sub.Draft, office: str, role: ev.Role) -> None:
        """Bring an office in, by its name or by its region."""
        if self._rnd.random() < self._addresses:
            draft.addressees.add(region=region_of(office), role=role)
        elif all(office != one.office for one in draft.participants):
            draft.participants.add(office=office, role=role)

    def _copy(self, draft: sub.Draft) -> None:
        if self._rnd.random() < 0.15:
            for office in self._rnd.sample(self._troupe, 2):
                draft.copies.add(role=self._rnd.choice(_ROLES), office=office)

    def _cause(self, draft: sub.Draft, seen: Seen) -> None:
        """Let another matter be what gave the occasion, also one that isn't open here yet."""
        known = self._rnd.choice((seen.matters(), self._thought_of))
        cause = self._rnd.choice(known) if known and self._rnd.random() < 0.3 else ""
        if cause:
            event = ids.matter_id(cause, draft.submission_id)  # any id will do
            draft.cause.CopyFrom(sub.Cause(matter_id=cause, event_id=event))

    def _place_in_shard(self, draft: sub.Draft, once: Sequence[str]) -> None:
        """Give the new matter an id of a simulated shard: what makes it the same, or a number."""
        message = said(draft.body)
        texts = [
            path for path in once if value(message, path) and _put(message, path, "same-0000000")
        ]
        known = 12
        while True:
            if texts:
                known += 1
                _put(message, texts[-1], f"same-{self._rnd.randint(1, known):07}")
                draft.once = "/".join(str(value(message, path)) for path in once)
            else:
                self._count += 1
                draft.submission_id = f"{draft.office.replace('/', '-')[:40]}-{self._count:06}"
            draft.matter_id = ids.matter_id(draft.office, draft.once or draft.submission_id)
            if shard_of(draft.matter_id, self._shards) in self._played:
                return

    def _of_kind(self, message: Message, type_name: str, kind: str) -> None:
        """Set the kind of an opening, whose details are there."""
        names = kind_names(type_name)
        for name in ("kinds", "kind"):
            field = message.DESCRIPTOR.fields_by_name.get(name)
            if field is None or field.enum_type is None or kind not in names:
                continue
            prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
            number = field.enum_type.values_by_name[prefix + kind].number
            if name == "kinds":
                message.ClearField(name)
                getattr(message, name).append(number)
            else:
                setattr(message, name, number)
            return

    # Acts -----------------------------------------------------------------------------------

    def act(self, seen: Seen) -> sub.Draft | None:
        """Think of an act of an office of a region, in a thread that the region holds."""
        rnd = self._rnd
        names = [key for key in seen.state if key.startswith("t/")]
        names = [k for k in names if not k.endswith("/" + LOCAL) and f"/{COPY}" not in k]
        if not names:
            return None
        _, matter_id, name = rnd.choice(names).split("/", 2)
        matter, thread = seen.matter(matter_id), seen.thread(matter_id, name)
        if not thread.step.awaits:  # over: seldom is something said there
            _, matter_id, name = rnd.choice(names).split("/", 2)
            matter, thread = seen.matter(matter_id), seen.thread(matter_id, name)
        lifecycle = self._contract.lifecycles.get(FAMILIES.get(matter.family, ""))
        chain = lifecycle.chain(name) if lifecycle is not None else None
        if lifecycle is None or chain is None or not matter.host:
            return None
        mine = sorted({p.office for p in thread.parties if region_of(p.office) == seen.region})
        if not mine:
            return None
        if rnd.random() < 0.05 and region_of(matter.host) == seen.region:
            return self._guest(matter, lifecycle, seen.now_ms)
        main = seen.thread(matter_id, MAIN)
        if thread.step.awaits in mine and rnd.random() < 0.7:
            return self._step(matter, thread, main, lifecycle, chain, seen.now_ms)
        draft = self._remark(matter, thread, lifecycle, chain, rnd.choice(mine), seen.now_ms)
        if draft is not None:
            amends.amend(draft, seen.log)
        return draft

    def _step(
        self,
        matter: st.Matter,
        thread: st.Thread,
        main: st.Thread,
        lifecycle: Lifecycle,
        chain: Chain,
        now_ms: int,
    ) -> sub.Draft | None:
        office = thread.step.awaits
        rules = {
            kind: rule
            for kind, rule in chain.steps.items()
            if thread.step.state in rule.from_
            and (rule.answers is None or pending(thread, rule.answers) is not None)
            and (not rule.kinds or set(rule.kinds) & set(matter.kinds))
        }
        kind = self._pick(sorted(rules))
        if kind is None:
            return None
        rule = rules[kind]
        draft = self._draft(office, now_ms, lifecycle.family, kind, _within(rule.requires))
        self._in(draft, matter, thread)
        self._aim(draft, rule, thread)
        if rule.agrees or rule.gathers:
            proposed = (thread if thread.thread == MAIN else main).proposed
            said(draft.body).sha256 = proposed or self._rnd.randbytes(32)  # type: ignore[attr-defined]
        if self._rnd.random() < 0.2:
            draft.due_date = self._date(now_ms)
        if thread.thread == MAIN:
            self._copy(draft)
        return draft

    def _aim(self, draft: sub.Draft, rule: StepRule, thread: st.Thread) -> None:
        """Name to whom a step hands the matter: often somebody who looks on already."""
        if not (rule.forwards or rule.assigns):
            return
        busy = (thread.step.awaits, thread.step.waits)
        there = [p.office for p in thread.parties if p.office not in busy]
        if rule.assigns:
            network = self._contract.network
            below = [o.id for o in network.offices() if network.is_superior(draft.office, o.id)]
            there = [*network.superiors(draft.office), *below]
        if not there or self._rnd.random() < 0.3:
            there = list(self._troupe)
        said(draft.body).office = self._rnd.choice(there)  # type: ignore[attr-defined]

    def _remark(
        self,
        matter: st.Matter,
        thread: st.Thread,
        lifecycle: Lifecycle,
        chain: Chain,
        office: str,
        now_ms: int,
    ) -> sub.Draft | None:
        rules = {
            kind: rule
            for kind, rule in chain.remarks.items()
            if office in _speakers(rule, thread, matter, office)
            and (rule.answers is None or pending(thread, rule.answers) is not None)
            and (not rule.kinds or set(rule.kinds) & set(matter.kinds))
        }
        kind = self._pick(sorted(rules))
        if kind is None:
            return None
        rule = rules[kind]
        wanted = _within(rule.requires) | set(rule.once)
        draft = self._draft(office, now_ms, lifecycle.family, kind, wanted)
        self._in(draft, matter, thread)
        if kind == "Corrected":
            own = max(1, last(thread, region_of(office)))
            draft.body.corrected.number = self._rnd.randint(1, own)
            draft.body.corrected.fields[:] = [self._rnd.choice(("case_number", "legal_basis"))]
        if kind == "ModelHit" and thread.HasField("model"):
            draft.body.model_hit.model_id = thread.model.model_id
            draft.body.model_hit.version = thread.model.version
        if rule.once:
            _put(said(draft.body), rule.once[-1], f"same-{self._rnd.randint(1, 3):07}")
        if rule.adds:
            role = ev.ROLE_OBSERVER
            if office == matter.host and lifecycle.track is not None and self._rnd.random() < 0.5:
                role = ev.ROLE_RECIPIENT
            gone = [one.office for one in thread.parties if one.left]
            again = gone and self._rnd.random() < 0.5
            self._ask(draft, self._rnd.choice(gone if again else self._troupe), role)
        return draft

    def _guest(self, matter: st.Matter, lifecycle: Lifecycle, now_ms: int) -> sub.Draft | None:
        if lifecycle.track is None:
            return None
        draft = self._draft(matter.host, now_ms, lifecycle.family, "TrackOpened", {"guest"})
        draft.matter_id = matter.matter_id
        draft.body.track_opened.guest.id = self._rnd.choice(_GUESTS)
        draft.thread = GUEST + draft.body.track_opened.guest.id
        return draft

    # What all have in common ----------------------------------------------------------------

    def _in(self, draft: sub.Draft, matter: st.Matter, thread: st.Thread) -> None:
        draft.matter_id, draft.thread = matter.matter_id, thread.thread
        draft.guest = thread.thread.removeprefix(GUEST) if thread.thread.startswith(GUEST) else ""
        if self._rnd.random() < 0.15:
            draft.expected_step = thread.step.number

    def _pick(self, kinds: Sequence[str]) -> str | None:
        """Choose one of some types of acts after this seed's taste."""
        rnd = self._rnd
        for kind in kinds:
            if kind not in self._taste:
                likes = rnd.choice((0.2, 1, 1, 5))
                if self._restless and kind in _MOVES:
                    likes = 10
                self._taste[kind] = likes * (0.2 if kind in _ENDS else 1)
        return rnd.choices(kinds, [self._taste[kind] for kind in kinds])[0] if kinds else None

    def _date(self, now_ms: int) -> str:
        return day_of(now_ms + self._rnd.randint(-1, 60) * DAY_MS).isoformat()

    def _draft(
        self, office: str, now_ms: int, family: str, kind: str, wanted: Collection[str]
    ) -> sub.Draft:
        rnd = self._rnd
        self._count += 1
        draft = sub.Draft(
            submission_id=f"{office.replace('/', '-')[:40]}-{self._count:06}",
            network=self._contract.network.id,
            family=f"FAMILY_{family.upper()}",
            thread=MAIN,
            office=office,
            officer="王敏",
            not_after_ms=now_ms + (30 if rnd.random() < 0.98 else -1) * DAY_MS,
            domain=rnd.choice(self._domains),
            function=rnd.choice(self._functions),
            classification=ev.CLASSIFICATION_INTERNAL,
            place=rnd.choice(self._places),
            case_number=f"〔2026〕{self._count}号",
            body=self._bodies.write(kind, now_ms, wanted),
        )
        draft.legal_basis.add(instrument="《关于加强区域检察协作的意见》", article="第十一条")
        if kind == "Progressed":
            amends.report(draft.body, draft.submission_id)
        return draft


def _within(fields: Collection[str]) -> set[str]:
    """Give the paths in the body that a rule requires."""
    return {name[5:] for name in fields if name.startswith("body.")}


def _put(message: Message, path: str, text: str) -> bool:
    """Set a field to what may come again; False if it is no text, or a day."""
    *within, name = path.split(".")
    holder: Any = value(message, ".".join(within)) if within else message
    if not isinstance(getattr(holder, name), str) or name.endswith("date"):
        return False
    setattr(holder, name, text)
    return True


def _speakers(
    rule: RemarkRule, thread: st.Thread, matter: st.Matter, office: str
) -> Collection[str]:
    """Give who may make a remark, as far as `office` is concerned."""
    step = thread.step
    if (rule.from_ and step.state not in rule.from_) or (rule.dated and not step.due_ms):
        return ()
    if rule.by is By.AWAITED:
        return (step.awaits,)
    if rule.by is By.WAITER:
        return (step.waits,)
    if rule.by is By.HOST:
        return (matter.host,)
    if rule.by is By.REGION or party(thread, office) is None:
        return ()
    busy = office in (step.awaits, step.waits, matter.host)
    return () if rule.by is By.OBSERVER and busy else (office,)
