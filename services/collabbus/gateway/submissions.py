"""Submissions: opening matters, acting in them, and what became of it."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from collabbus.gateway.desk import Given, family_number, told
from collabbus.gateway.entrance import Gateway, body_of, given, wait_of
from collabbus.gateway.lane import ACT, OPEN, Take
from collabbus.gateway.operation import reads, submits
from collabbus.gateway.problem import Problem
from collabbus.gateway.tokens import Caller
from collabbus.model.thread import region_of

MatterId = Annotated[str, Path(alias="matterId", pattern="^[0-9a-f]{32}$")]
SubmissionId = Annotated[str, Path(alias="submissionId", pattern="^[A-Za-z0-9_.:-]{8,64}$")]

OPENING_EXAMPLE = {
    "network": "jingjinji",
    "participants": [{"office": "tianjin/binhai", "role": "ROLE_EXECUTOR"}],
    "legalBasis": [{"instrument": "《关于加强区域检察协作的意见》", "article": "第十一条"}],
    "body": {"assistanceRequested": {"kinds": ["ASSISTANCE_KIND_WITNESS"], "subject": "证人李某"}},
}
ACTING_EXAMPLE = {"body": {"commented": {"text": "材料已寄出, 请查收"}}}


def routes(gateway: Gateway) -> APIRouter:
    """Give the routes that submit."""
    router = APIRouter(tags=["submissions 提交"])

    @router.post(OPEN, summary="开启事项 open a matter", **submits("Opening", OPENING_EXAMPLE, 201))
    async def open_matter(request: Request) -> Response:
        """The body is the JSON form of a `collab.v1.Draft`, without what the gateway fills in."""
        return await _submit(gateway, request, "")

    @router.post(
        ACT,
        summary="办理事项 act in a matter: a step or a remark",
        **submits("Acting", ACTING_EXAMPLE, 200),
    )
    async def act(request: Request, matter_id: MatterId) -> Response:
        """The body is the JSON form of a `collab.v1.Draft`, without what the gateway fills in."""
        return await _submit(gateway, request, matter_id)

    @router.get(
        "/v1/submissions/{submissionId}",
        summary="查询提交 what became of a submission",
        **reads(response_class=Response),
    )
    async def submission(request: Request, submission_id: SubmissionId) -> Response:
        """`pending` while the region hasn't decided; a rejection is told as a problem."""
        caller = gateway.enter(request)
        return await _state(gateway, request, caller, submission_id)

    return router


def taking(gateway: Gateway) -> Take:
    """Give what takes a submission, as the routes do."""
    return partial(_submit, gateway)


async def _submit(gateway: Gateway, request: Request, matter_id: str) -> Response:
    caller = gateway.enter(request)
    came = given(request)
    try:
        return await _taken(gateway, request, matter_id, caller, came)
    except Problem as error:
        # Who gave no key must learn which one was made up, to send the same again.
        error.headers.setdefault("Idempotency-Key", came.key)
        raise


async def _taken(
    gateway: Gateway, request: Request, matter_id: str, caller: Caller, came: Given
) -> Response:
    settings, desk = gateway.settings, gateway.desk
    data = await body_of(request, settings.max_body)
    family = 0
    if matter_id and not desk.family(matter_id) and "family" not in _keys(data):
        family = await _family(gateway, caller, data, matter_id)
    draft = desk.draft(caller, data, came, matter_id, family)
    submitted = await desk.submit(caller, draft, settings.accept_timeout_s)
    headers = {
        "Location": f"/v1/submissions/{submitted.submission_id}",
        "Idempotency-Key": came.key,
    }
    status, answer = 202, told(submitted)
    if seconds := wait_of(request, settings.wait_limit_s):
        headers["Preference-Applied"] = f"wait={seconds:g}"
        found = await desk.decided(submitted.submission_id, seconds, "/body")
        if found is not None:
            status, answer = (200 if matter_id else 201), told(found)
            headers["Location"] = f"/v1/matters/{found.matter_id}"
    return Response(json.dumps(answer), status, headers, "application/json")


async def _family(gateway: Gateway, caller: Caller, data: object, matter_id: str) -> int:
    """Ask the ledger for the family of a matter that wasn't met here; 0 if it has none."""
    if gateway.ledger is None:
        return 0
    office = _keys(data).get("office")
    acting = office if isinstance(office, str) and "/" in office else caller.office
    if region_of(acting) != gateway.desk.region:
        return 0
    found = await gateway.ledger.matter([gateway.desk.as_office(caller, acting)], matter_id)
    return family_number(found.matter.family) if found is not None else 0


def _keys(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


async def _state(
    gateway: Gateway, request: Request, caller: Caller, submission_id: str
) -> Response:
    desk = gateway.desk
    seconds = wait_of(request, gateway.settings.wait_limit_s)
    answer: dict[str, Any]
    try:
        desk.shown(caller, submission_id)
        found = await desk.decided(submission_id, seconds, "/body")
        answer = {"submissionId": submission_id, "state": "pending"}
        if found is not None:
            answer = told(found)
    except LookupError:
        answer = await _recorded(gateway, caller, submission_id)
    return Response(json.dumps(answer), media_type="application/json")


async def _recorded(gateway: Gateway, caller: Caller, submission_id: str) -> dict[str, Any]:
    """Give what the ledger has of a submission that another gateway took; raises Problem."""
    if gateway.ledger is not None:
        for office in gateway.desk.acts_for(caller):
            event = await gateway.ledger.event_of_submission([office], office, submission_id)
            if event is not None:
                return {
                    "submissionId": submission_id,
                    "matterId": event.matter_id,
                    "state": "recorded",
                    "eventIds": [event.event_id],
                    "decidedMs": event.recorded_ms,
                }
    raise Problem(
        "NO_ANSWER_YET",
        "this gateway doesn't remember it, and it isn't recorded: submit the same again with its "
        "Idempotency-Key and `Prefer: wait=5`, which has one effect, and tells",
    )
