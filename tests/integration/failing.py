"""Handlers that never can do what they should, so that each matter is parked at once."""

from __future__ import annotations

from collabbus.handlers import AssistanceMatter, AssistanceRequested, Event, Handlers, Permanent, on


@on(AssistanceRequested)
async def refuse(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    raise Permanent("planted")


handlers = Handlers("failing", refuse)
