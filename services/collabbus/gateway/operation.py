"""Operations: how routes stand in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collabbus.gateway.problem import MEDIA
from collabbus.gateway.reasons import REASONS

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_HEADERS = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."},
    "Idempotency-Key": {
        "schema": {"type": "string"},
        "description": "Of a submission: the key under which to send the same again.",
    },
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What can't be done, and why (RFC 9457). `code` is stable.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "Where the code is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["STEP_OVER"]},
        "submissionId": {"type": "string"},
        "matterId": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "rule", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, into the body."},
                    "rule": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
SUBMITTED_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["submissionId", "state"],
    "properties": {
        "submissionId": {"type": "string"},
        "matterId": {"type": "string"},
        "state": {"enum": ["pending", "accepted", "recorded"]},
        "acceptedMs": {"type": "integer"},
        "decidedMs": {"type": "integer"},
        "eventIds": {"type": "array", "items": {"type": "string"}},
    },
}
_SUBMITTED = {"application/json": {"schema": {"$ref": "#/components/schemas/Submitted"}}}
_READ = (401, 403, 404, 405, 410, 422, 429, 500, 503)
_WRITE = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Give the answers of these statuses, with the codes that come with each."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        codes = ", ".join(one.code for one in REASONS.values() if one.status == status)
        found[status] = {
            "description": codes or "problem",
            "content": {MEDIA: {"schema": _PROBLEM}},
        }
        if status in (429, 503):
            found[status]["headers"] = _HEADERS
    return found


def reads(**more: Any) -> dict[str, Any]:
    """Give what a route that reads says of itself."""
    return {"responses": problems(*_READ), **more}


def writes(schema: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Give what a route that takes a body of this schema says of itself."""
    extra: dict[str, Any] = dict(more.pop("openapi_extra", {}))
    if schema is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": dict(schema)}}
    return {
        "responses": problems(*_WRITE) | more.pop("responses", {}),
        "openapi_extra": extra,
        **more,
    }


def submits(name: str, example: Mapping[str, Any], recorded: int) -> dict[str, Any]:
    """Give what a route that takes submissions says of itself; `recorded` is its status then."""
    location = {"Location": {"schema": {"type": "string"}}}
    headers = {**location, "Idempotency-Key": {"schema": {"type": "string"}}}
    answers: dict[int | str, dict[str, Any]] = {
        202: {
            "description": "已接收: Kafka has it durably, and the region will decide it once.",
            "headers": headers,
            "content": _SUBMITTED,
        },
        recorded: {
            "description": "已登记: recorded; only with `Prefer: wait`.",
            "headers": headers,
            "content": _SUBMITTED,
        },
    }
    parameters = [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key with the same body is one effect, however often.",
            "schema": {"type": "string", "pattern": "^[!#-~]{1,128}$"},
        },
        {
            "name": "Prefer",
            "in": "header",
            "required": False,
            "description": "`wait=5` waits so many seconds for the region's decision.",
            "schema": {"type": "string", "examples": ["wait=5"]},
        },
    ]
    schema = {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": dict(example)}
    return writes(
        schema, status_code=202, responses=answers, openapi_extra={"parameters": parameters}
    )
