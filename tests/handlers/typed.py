"""Handlers for mypy: right ones, and wrong ones, whose lines say what must be objected to."""

from __future__ import annotations

from collabbus.handlers import (
    AssistanceMatter,
    AssistanceRequested,
    CaseNotified,
    ClueMatter,
    ClueReviewed,
    ClueTransferred,
    CommonMatter,
    DeclineReason,
    Domain,
    Event,
    Family,
    NotificationMatter,
    Progressed,
    Received,
    ReturnReason,
    on,
)


@on(ClueTransferred, domain=Domain.FINANCE)
async def triage(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    await matter.receive(officer="王芳", register_number=event.body.summary[:8])
    await matter.hand_back(officer="王芳", reason=ReturnReason.INCOMPLETE, text="材料不齐")


@on(CaseNotified)
def acknowledge(event: Event[CaseNotified], matter: NotificationMatter) -> None:
    matter.acknowledge(officer="王芳").wait(10)


@on(ClueTransferred, ClueReviewed)
async def either(event: Event[ClueTransferred | ClueReviewed], matter: CommonMatter) -> None:
    await matter.comment(officer="王芳", text=event.type)


@on(Progressed, family=Family.ASSISTANCE)
async def progress(event: Event[Progressed], matter: AssistanceMatter) -> None:
    await matter.decline(officer="王芳", reason=DeclineReason.NO_COMPETENCE, text="无职权")


@on(ClueTransferred)
async def answers_of_another_family(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    await matter.acknowledge(officer="王芳")  # expect error: "ClueMatter" has no attribute
    await matter.receive()  # expect error: Missing named argument "officer"
    await matter.hand_back(officer="王芳", reason=ReturnReason.INCOMPLETE)  # expect error: "text"
    await matter.comment(officer="王芳", text=5)  # expect error: incompatible type "int"
    print(event.body.sumary)  # expect error: has no attribute "sumary"


@on(AssistanceRequested)
async def a_wrong_reason(event: Event[AssistanceRequested], matter: AssistanceMatter) -> None:
    await matter.decline(
        officer="王芳",
        reason=ReturnReason.INCOMPLETE,  # expect error: expected "DeclineReason"
        text="材料不齐",
    )


@on(ClueTransferred)  # expect error: incompatible type
async def of_another_event(event: Event[CaseNotified], matter: ClueMatter) -> None:
    await matter.comment(officer="王芳", text="")


@on(ClueTransferred)  # expect error: incompatible type
async def in_another_family(event: Event[ClueTransferred], matter: AssistanceMatter) -> None:
    await matter.comment(officer="王芳", text="")


@on(Received)  # expect error: incompatible type
async def in_any_family(event: Event[Received], matter: ClueMatter) -> None:
    await matter.comment(officer="王芳", text="")


@on(ClueTransferred, domain="FINANCE")  # expect error: No overload variant
async def of_a_domain_by_name(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    await matter.comment(officer="王芳", text="")
