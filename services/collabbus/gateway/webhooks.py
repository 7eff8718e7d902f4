"""Webhooks: an office's system says where its events shall be brought."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from collabbus.gateway.entrance import Gateway, body_of
from collabbus.gateway.form import Fault
from collabbus.gateway.hooks import TooManyHooks
from collabbus.gateway.operation import reads, writes
from collabbus.gateway.problem import Problem
from collabbus.gateway.target import allowed

HookId = Annotated[str, Path(alias="webhookId", pattern="^wh_[0-9a-f]{24}$")]
_Name = Annotated[str, Field(pattern="^[A-Za-z_]{1,64}$")]


class NewWebhook(BaseModel):
    """Where events shall be brought, and which."""

    model_config = ConfigDict(
        extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=False
    )

    url: str = Field(min_length=1, max_length=2048, pattern=r"^https?://[!-~]+$")
    families: list[_Name] = Field(default=[], max_length=6, description="Empty: all.")
    types: list[_Name] = Field(default=[], max_length=32, description="Empty: all.")
    from_beginning: bool = Field(
        default=False, description="Whether it also gets what was recorded before."
    )


class Webhook(BaseModel):
    """A webhook as it stands."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)

    id: str
    url: str
    families: list[str]
    types: list[str]
    created_ms: int
    disabled: bool
    attempts: int = Field(description="Failed attempts since the last that got through.")
    failing_since_ms: int | None
    trouble: str = Field(description="Why the last attempt failed.")


class AddedWebhook(Webhook):
    """A webhook that was just added; its secret is told this once."""

    secret: str = Field(description="`whsec_` and base64: the key of the deliveries' signatures.")


class WebhookList(BaseModel):
    """An office's webhooks."""

    items: list[Webhook]


def routes(gateway: Gateway) -> APIRouter:
    """Give the routes that manage webhooks."""
    router = APIRouter(tags=["webhooks 回调"])
    schema = {"schema": {"$ref": "#/components/schemas/NewWebhook"}}

    @router.post(
        "/v1/webhooks",
        summary="登记回调 add a webhook",
        status_code=201,
        response_model=AddedWebhook,
        **writes(schema),
    )
    async def add(request: Request) -> Response:
        """Events are POSTed one after another, signed, until each is answered with 2xx."""
        caller = gateway.enter(request)
        hooks = gateway.hooked(caller)
        new = _new(await body_of(request, gateway.settings.max_body))
        if wrong := allowed(new.url, gateway.settings):
            raise Problem(
                "WEBHOOK_HOST", f"url {wrong}", errors=[Fault("/url", "webhook_hosts", wrong)]
            )
        cursor = None if new.from_beginning else await gateway.reading().end()
        now_ms = time.time_ns() // 1_000_000
        try:
            hook = await hooks.add(caller.office, new.url, new.families, new.types, cursor, now_ms)
        except TooManyHooks:
            raise Problem("TOO_MANY", "remove a webhook that isn't needed any more") from None
        return _json(AddedWebhook.model_validate(hook), 201)

    @router.get(
        "/v1/webhooks", summary="回调列表 list webhooks", response_model=WebhookList, **reads()
    )
    async def of_office(request: Request) -> Response:
        """Those of the token's office."""
        caller = gateway.enter(request)
        found = await gateway.hooked(caller).of(caller.office)
        return _json(WebhookList(items=[Webhook.model_validate(one) for one in found]))

    @router.delete(
        "/v1/webhooks/{webhookId}", summary="删除回调 remove a webhook", status_code=204, **reads()
    )
    async def remove(request: Request, webhook_id: HookId) -> Response:
        """Nothing is sent to it any more, but what is on its way just now."""
        caller = gateway.enter(request)
        if not await gateway.hooked(caller).remove(caller.office, webhook_id):
            raise _none(webhook_id)
        return Response(status_code=204)

    @router.post(
        "/v1/webhooks/{webhookId}/enable",
        summary="重新启用 enable a webhook",
        response_model=Webhook,
        **reads(),
    )
    async def enable(request: Request, webhook_id: HookId) -> Response:
        """It goes on from where it was, at once."""
        caller = gateway.enter(request)
        hook = await gateway.hooked(caller).enable(caller.office, webhook_id)
        if hook is None:
            raise _none(webhook_id)
        return _json(Webhook.model_validate(hook))

    return router


def _new(data: Any) -> NewWebhook:
    try:
        # Through JSON, since its strict reading takes a list only as such.
        return NewWebhook.model_validate_json(json.dumps(data))
    except ValidationError as error:
        faults = [
            Fault("".join(f"/{part}" for part in one["loc"]), one["type"], one["msg"])
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise Problem("FIELDS", f"{len(faults)} wrong", errors=faults) from None


def _none(webhook_id: str) -> Problem:
    return Problem("NOT_FOUND", f"the office has no webhook {webhook_id}")


def _json(shape: BaseModel, status: int = 200) -> Response:
    return Response(shape.model_dump_json(by_alias=True), status, media_type="application/json")
