"""Acknowledging notices (签收通报): each notice is acknowledged at once, and put on a desk's list.

A notice to many goes to each recipient on a track (线程) of its own; one to a single office stands
in the main thread. In either the answer is the same, and goes where the notice was said.

    collabbus run handlers acknowledge_notices:handlers --office tianjin/binhai --key FILE
"""

from __future__ import annotations

from collabbus.handlers import (
    CaseNotified,
    Event,
    Family,
    Handlers,
    NotificationMatter,
    TrackOpened,
    on,
)

OFFICER = "示例处理程序"
"""Who answers for it: name your officer."""


async def acknowledge(matter: NotificationMatter, number: str) -> None:
    """Acknowledge, unless another handler or an officer has done so, or nobody waits for it."""
    if matter.awaits_us and matter.state in ("told", "notified"):
        await matter.acknowledge(officer=OFFICER, register_number=number)


@on(CaseNotified, name="told-alone")
async def told_alone(event: Event[CaseNotified], matter: NotificationMatter) -> None:
    """A notice to this office alone (单独通报)."""
    await acknowledge(matter, f"通报-{event.recorded:%Y}-{event.matter_id[:8]}")


@on(TrackOpened, name="told-with-others", family=Family.NOTIFICATION)
async def told_with_others(event: Event[TrackOpened], matter: NotificationMatter) -> None:
    """A notice to several: the host's region has opened our track (为本院开通线程)."""
    await acknowledge(matter, f"通报-{event.recorded:%Y}-{event.matter_id[:8]}")


handlers = Handlers("notice-desk", told_alone, told_with_others)
