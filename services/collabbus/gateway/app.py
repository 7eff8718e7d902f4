"""The application: the gateway's routes, and what all of them have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collab.v1 import submission_pb2 as sub
from collabbus.contracts import Contracts
from collabbus.gateway import guide, reading, stream, submissions, trust, webhooks
from collabbus.gateway.desk import ACTING, OPENING
from collabbus.gateway.entrance import Gateway
from collabbus.gateway.form import Fault
from collabbus.gateway.lane import Lane
from collabbus.gateway.metrics import Metrics
from collabbus.gateway.operation import PROBLEM_SCHEMA, SUBMITTED_SCHEMA
from collabbus.gateway.problem import Problem, answer
from collabbus.gateway.schema import Schemas
from collabbus.ledger.cursor import CursorError, CursorLost
from collabbus.ledger.rebuilding import Rebuilding

VERSION = "1.0.0"
"""Of the interface, whose addresses begin with its first number; not of the program."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_log = structlog.get_logger(__name__)


def create(gateway: Gateway, contracts: Contracts, lifespan: Lifespan | None = None) -> FastAPI:
    """Give the application of a gateway that is connected; `lifespan` runs around it.

    Raises CertificateUnusable.
    """
    if gateway.settings.tls_certfile:
        gateway.metrics.certificate(trust.end_ms(gateway.settings.tls_certfile))
    app = FastAPI(
        title="collabbus 检察协作事件总线 gateway",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(submissions.routes(gateway))
    app.include_router(stream.routes(gateway))
    app.include_router(reading.routes(gateway))
    app.include_router(webhooks.routes(gateway))
    app.include_router(guide.routes(gateway, contracts))
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, _failure)
    lane = Lane(submissions.taking(gateway), _HANDLERS)
    app.add_middleware(Edge, metrics=gateway.metrics, lane=lane)
    document = openapi(app)
    app.openapi = lambda: document  # type: ignore[method-assign] # FastAPI's documented way
    return app


def openapi(app: FastAPI) -> dict[str, Any]:
    """Give the OpenAPI 3.1 document, with the messages of the schemas."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description="HTTP for office systems: submit acts, read matters, follow events. Bodies are "
        "the JSON form of collab.v1; what is wrong is told as problems (RFC 9457).",
        routes=app.routes,
    )
    schemas = Schemas()
    draft: Any = sub.Draft.DESCRIPTOR
    own: dict[str, Any] = {
        "Opening": schemas.message(draft, OPENING),
        "Acting": schemas.message(draft, ACTING),
        "NewWebhook": webhooks.NewWebhook.model_json_schema(),
        "Problem": PROBLEM_SCHEMA,
        "Submitted": SUBMITTED_SCHEMA,
    }
    for name in ("Opening", "Acting"):
        # The gateway fills in the rest; what is said can't be left out.
        own[name]["required"] = ["body"]
    components = document.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas.components, **own}
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    for path, methods in document["paths"].items():
        for one in methods.values():
            if not path.startswith("/v1/reason-codes"):
                one["security"] = [{"token": []}]
    return document


class Edge:
    """Counts and times every answer, and sends with it what keeps it out of caches."""

    def __init__(self, app: ASGIApp, metrics: Metrics, lane: Lane) -> None:
        self._app = app
        self._metrics = metrics
        self._lane = lane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        found = self._lane.leads(scope)
        begun = False

        def count(status: int) -> None:
            route = found[0] if found else getattr(scope.get("route"), "path", "other")
            seconds = time.perf_counter() - begin
            self._metrics.answered(_method(scope["method"]), route, status, seconds)

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = message.setdefault("headers", [])
                names = {name for name, _ in headers}
                headers += [one for one in _HEADERS if one[0] not in names]
                count(message["status"])
            await send(message)

        try:
            if found:
                await self._lane.answer(found[1], scope, receive, sending)
            else:
                await self._app(scope, receive, sending)
        except Exception:
            if not begun:
                count(500)  # which is answered outside of here
            raise


_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
]
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


def _method(name: str) -> str:
    # A label's values are bounded, whatever clients invent.
    return name if name in _METHODS else "other"


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return answer(error)


async def _parameters(request: Request, error: Exception) -> Response:
    faults = []
    if isinstance(error, RequestValidationError):
        for one in error.errors():
            place = "/".join(str(part) for part in one["loc"])
            faults.append(Fault(place, one["type"], one["msg"]))
    detail = f"{faults[0].pointer}: {faults[0].detail}" if faults else "a parameter is wrong"
    return answer(Problem("BAD_PARAMETER", detail, errors=faults))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    if status == 405:
        return answer(Problem("METHOD", "see /docs", headers=headers))
    if status == 404:
        return answer(Problem("NOT_FOUND", "see /docs"))
    return answer(Problem("BAD_BODY" if status < 500 else "INTERNAL", "the request can't be read"))


async def _cursor(request: Request, error: Exception) -> Response:
    lost = isinstance(error, CursorLost)
    return answer(Problem("CURSOR_LOST" if lost else "BAD_PARAMETER", str(error)))


async def _ledger(request: Request, error: Exception) -> Response:
    _log.warning("gateway.ledger", error=type(error).__name__)
    return answer(
        Problem("NO_LEDGER", "the ledger can't be read now", headers={"Retry-After": "5"})
    )


async def _rebuilding(request: Request, error: Exception) -> Response:
    return answer(Problem("REBUILDING", str(error), headers={"Retry-After": "5"}))


async def _gone(request: Request, error: Exception) -> Response:
    # Nobody reads it, but it is counted, and is no failure of ours.
    return answer(Problem("BAD_BODY", "the connection ended before the body did"))


_HANDLERS: dict[Any, Any] = {
    Problem: _problem,
    RequestValidationError: _parameters,
    HTTPException: _http,
    CursorError: _cursor,
    CursorLost: _cursor,
    Rebuilding: _rebuilding,
    SQLAlchemyError: _ledger,
    OSError: _ledger,
    TimeoutError: _ledger,
    ClientDisconnect: _gone,
}
"""What answers to each kind of error."""


async def _failure(request: Request, error: Exception) -> Response:
    # The traceback names code; what was in the request stays out of logs.
    return answer(Problem("INTERNAL", "the gateway failed on it; the operator has been told"))
