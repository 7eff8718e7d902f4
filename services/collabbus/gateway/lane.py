"""The lane: submissions come to their code without the framework in between.

To find a route with its parameters and dependencies takes FastAPI as long as all that the gateway
does with a submission. So what offices send most goes this way. The routes of the same addresses
stand in the document and call the same functions; they take what isn't well formed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Take = Callable[[Request, str], Awaitable[Response]]
"""Takes a submission; the second is the matter's id, empty for one that is to be opened."""
Handlers = Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]

OPEN, ACT = "/v1/matters", "/v1/matters/{matterId}/acts"
_ACT = re.compile(r"/v1/matters/([0-9a-f]{32})/acts")


class Lane:
    """Leads submissions past the framework; what fails is answered by the same handlers."""

    def __init__(self, take: Take, handlers: Handlers) -> None:
        self._take = take
        self._handlers = handlers

    def leads(self, scope: Scope) -> tuple[str, str] | None:
        """Give the route and the matter's id of what comes this way, None for all else."""
        if scope["method"] != "POST":
            return None
        path: str = scope["path"]
        if path == OPEN:
            return OPEN, ""
        match = _ACT.fullmatch(path)
        return (ACT, match[1]) if match else None

    async def answer(self, matter_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a submission; raises what no handler knows."""
        request = Request(scope, receive)
        try:
            response = await self._take(request, matter_id)
        except Exception as error:
            handler = next(
                (self._handlers[kind] for kind in type(error).__mro__ if kind in self._handlers),
                None,
            )
            if handler is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)
