"""Matters: pre-signed submissions, whole lifecycles of one region that another region may watch.

Every act is one that the contract allows, so nothing is rejected, and each crosses to the region
of the observer, if there is one. What is signed together is what offices' systems would sign
together: acts of one office in different matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from collab.v1 import assistance_pb2 as assistance
from collab.v1 import body_pb2
from collab.v1 import event_pb2 as ev
from collab.v1 import submission_pb2 as sub
from collab.v1 import verbs_pb2 as verbs
from collabbus.link.keys import PrivateKey
from collabbus.model import batch as signer
from collabbus.model import ids
from collabbus.model.deadline import DAY_MS, day_of
from collabbus.model.network import Network
from collabbus.model.shard import shard_of
from collabbus.model.thread import MAIN

BATCH = 32
"""Submissions under one signature."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A record of a region's topic of submissions."""

    shard: int
    key: bytes
    value: bytes


def sign(
    drafts: list[sub.Draft], key_of: Callable[[str], PrivateKey], shards: int
) -> Iterator[Signed]:
    """Sign drafts of one office together."""
    records = signer.sign([draft.SerializeToString() for draft in drafts], key_of(drafts[0].office))
    for draft, record in zip(drafts, records, strict=True):
        yield Signed(shard_of(draft.matter_id, shards), draft.matter_id.encode(), record)


def request() -> body_pb2.Body:
    """Give the body of a typical request."""
    return body_pb2.Body(
        assistance_requested=assistance.AssistanceRequested(
            kinds=[assistance.ASSISTANCE_KIND_WITNESS, assistance.ASSISTANCE_KIND_EVIDENCE],
            subject="请求协助询问证人并调取银行流水",
            questions=["证人当日在何处?", "款项由谁经手?"],
            needs=[assistance.NEED_VENUE],
        )
    )


def _steps(now_ms: int) -> list[body_pb2.Body]:
    """Give what the executor, and at the end the requester, says after the request."""
    day = day_of(now_ms + 10 * DAY_MS).isoformat()
    return [
        body_pb2.Body(received=verbs.Received(register_number="协2026-0417")),
        body_pb2.Body(accepted=verbs.Accepted(officer="李静", venue="第一询问室", date=day)),
        body_pb2.Body(progressed=verbs.Progressed(text="证人已到案, 询问于本周内进行")),
        body_pb2.Body(
            completed=verbs.Completed(
                results=[verbs.Result(title="询问笔录")], transcript_sha256=bytes(range(32))
            )
        ),
        body_pb2.Body(closed=verbs.Closed(rating=5)),
    ]


ACTS = 6
"""Submissions of one matter, from request to close."""


class Region:
    """The offices of one region, which play whole matters out among themselves."""

    def __init__(
        self,
        network: Network,
        region: str,
        observers: str | None,
        shards: int,
        key_of: Callable[[str], PrivateKey],
        run: str,
    ) -> None:
        """`observers` is the region that watches; `run` keeps this run's ids apart from others'."""
        self._network = network
        self._shards = shards
        self._key_of = key_of
        self._run = run
        self._region = region
        mine = _districts(network, region)
        self._pairs = list(zip(mine[::2], mine[1::2], strict=False))
        self._observers = _districts(network, observers) if observers else []
        self._count = count()

    def backlog(self, least: int, now_ms: int) -> Iterator[Signed]:
        """Give at least so many submissions, in an order in which all of them are allowed."""
        given = 0
        group = 0
        while given < least:
            requester, executor = self._pairs[group % len(self._pairs)]
            watch = [self._observers[group % len(self._observers)]] if self._observers else []
            group += 1
            for drafts in self._together(requester, executor, watch, now_ms):
                given += len(drafts)
                yield from sign(drafts, self._key_of, self._shards)

    def _opening(
        self, requester: str, executor: str, observers: list[str], now_ms: int
    ) -> sub.Draft:
        draft = self._draft(requester, request(), now_ms)
        draft.matter_id = ids.matter_id(requester, draft.submission_id)
        draft.participants.add(office=executor, role=ev.ROLE_EXECUTOR)
        for observer in observers:
            draft.participants.add(office=observer, role=ev.ROLE_OBSERVER)
        draft.legal_basis.add(instrument="《关于加强区域检察协作的意见》", article="第十一条")
        return draft

    def _together(
        self, requester: str, executor: str, observers: list[str], now_ms: int
    ) -> Iterator[list[sub.Draft]]:
        openings = [self._opening(requester, executor, observers, now_ms) for _ in range(BATCH)]
        yield openings
        *steps, close = _steps(now_ms)
        for office, body in [*((executor, step) for step in steps), (requester, close)]:
            drafts = []
            for opening in openings:
                draft = self._draft(office, body, now_ms)
                draft.matter_id = opening.matter_id
                drafts.append(draft)
            yield drafts

    def _draft(self, office: str, body: body_pb2.Body, now_ms: int) -> sub.Draft:
        return sub.Draft(
            submission_id=f"{self._run}-{self._region}-{next(self._count):08}",
            network=self._network.id,
            family=ev.FAMILY_ASSISTANCE,
            thread=MAIN,
            office=office,
            officer="王敏",
            not_after_ms=now_ms + 30 * DAY_MS,
            domain=ev.DOMAIN_IP,
            function=ev.FUNCTION_CRIMINAL,
            classification=ev.CLASSIFICATION_INTERNAL,
            body=body,
        )


def _districts(network: Network, region: str) -> list[str]:
    return [
        office.id
        for office in network.offices()
        if office.id.startswith(region + "/") and office.level == "DISTRICT"
    ]
