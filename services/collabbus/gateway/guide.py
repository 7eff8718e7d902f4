"""The guide: contracts, reason codes and schemas, as callers read them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response

from collabbus.contracts import Contracts
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.operation import problems, reads
from collabbus.gateway.problem import Problem
from collabbus.gateway.reasons import REASONS

_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "code,pre{background:#f3f3f3;padding:.1em .3em}pre{overflow:auto}"
    "summary{cursor:pointer}details{margin:.4em 0}.m{font-weight:bold}"
)


def routes(gateway: Gateway, contracts: Contracts) -> APIRouter:
    """Give the routes that explain."""
    router = APIRouter(tags=["guide 说明"])

    @cache
    def network_text(name: str) -> str:
        network = contracts.networks[name]
        return json.dumps(
            {
                "network": network.model_dump(mode="json"),
                "lifecycles": {
                    family: one.model_dump(mode="json")
                    for family, one in contracts.lifecycles.items()
                },
                "sha256": contracts.hash(name).hex(),
            },
            ensure_ascii=False,
        )

    @router.get(
        "/v1/contracts",
        summary="协作约定 the contracts of the networks that this region is in",
        response_model=dict[str, list[dict[str, Any]]],
        **reads(),
    )
    async def list_contracts(request: Request) -> Response:
        """Their names, sources and hashes."""
        gateway.enter(request)
        found = [
            {
                "id": name,
                "zh": network.zh,
                "en": network.en,
                "source": network.source,
                "sha256": contracts.hash(name).hex(),
                "families": sorted(contracts.lifecycles),
            }
            for name, network in sorted(gateway.desk.networks.items())
        ]
        return _json({"items": found})

    @router.get(
        "/v1/contracts/{network}",
        summary="约定全文 a contract: offices and lifecycles",
        response_model=dict[str, Any],
        **reads(),
    )
    async def read_contract(
        request: Request, network: Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,31}$")]
    ) -> Response:
        """What its hash stands for: regions, offices, states, who may do what until when."""
        gateway.enter(request)
        if network not in gateway.desk.networks:
            raise Problem("NOT_FOUND", f"this region is in no network {network}")
        return Response(network_text(network), media_type="application/json")

    @router.get(
        "/v1/reason-codes",
        summary="原因代码 every code with which something is refused",
        response_model=dict[str, list[dict[str, Any]]],
        responses=problems(405, 500),
    )
    async def list_codes() -> Response:
        """Stable; in Chinese and English."""
        return _json({"items": [asdict(one) for one in REASONS.values()]})

    @router.get(
        "/v1/reason-codes/{code}",
        summary="原因代码 one of them",
        response_model=dict[str, Any],
        responses=problems(404, 405, 422, 500),
    )
    async def read_code(code: Annotated[str, Path(pattern="^[A-Z_]{2,40}$")]) -> Response:
        """What a problem's `type` leads to."""
        found = REASONS.get(code)
        if found is None:
            raise Problem("NOT_FOUND", f"there is no code {code}")
        return _json(asdict(found))

    @router.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The OpenAPI document as a page that loads nothing from elsewhere."""
        return HTMLResponse(_page(request.app.openapi()))

    @router.get("/healthz", include_in_schema=False)
    async def health() -> Response:
        """200 while it runs and holds its connections; it says nothing of the region."""
        return _json({"region": gateway.desk.region, "ledger": gateway.ledger is not None})

    return router


def _json(data: Any) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), media_type="application/json")


def _page(document: dict[str, Any]) -> str:
    title = escape(document["info"]["title"])
    parts = [
        f"<!doctype html><html lang=zh><meta charset=utf-8><title>{title}</title>"
        f"<style>{_STYLE}</style><h1>{title}</h1>"
        f"<p>{escape(document['info'].get('description', ''))}</p>"
        '<p><a href="/openapi.json">openapi.json</a></p><h2>接口 operations</h2>'
    ]
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            answers = "".join(
                f"<li>{escape(status)}: {escape(answer.get('description', ''))}</li>"
                for status, answer in one["responses"].items()
            )
            names = ", ".join(given["name"] for given in one.get("parameters", ()))
            parts.append(
                f"<details><summary><span class=m>{method.upper()}</span> <code>{escape(path)}"
                f"</code> {escape(one.get('summary', ''))}</summary>"
                f"<p>{escape(one.get('description', ''))}</p><p>{escape(names)}</p>"
                f"<ul>{answers}</ul></details>"
            )
    parts.append("<h2>消息 schemas</h2>")
    for name, schema in sorted(document["components"]["schemas"].items()):
        text = json.dumps(schema, ensure_ascii=False, indent=1)
        parts.append(
            f"<details id='{escape(name)}'><summary><code>{escape(name)}</code></summary>"
            f"<pre>{escape(text)}</pre></details>"
        )
    return "".join(parts)
