"""Matter: what a region holds of one, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabbus.cli import figures, tables
from collabbus.cli.options import Bootstrap, Contracts, Keys, Region, Set, settings_of
from collabbus.cli.waiting import CODES

if TYPE_CHECKING:
    from collab.v1 import body_pb2
    from collabbus.operate.matter import Known
    from collabbus.telling import Teller

app = typer.Typer(
    no_args_is_help=True,
    help="事项: what a region holds of a matter, and what an operator may do about a freeze.",
)

_ROLES = {
    "ROLE_REQUESTER": "请求方 requester",
    "ROLE_EXECUTOR": "承办方 executor",
    "ROLE_OBSERVER": "知悉方 observer",
    "ROLE_RECIPIENT": "答复方 recipient",
}


@app.command()
def show(
    matter: tables.MatterId,
    region: Region = None,
    contracts: Contracts = None,
    bootstrap: Bootstrap = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """显示事项: threads, steps, parties, who is awaited until when, what is frozen or held.

    And what stands reported in rounds, and how often a shared model was right: in numbers, never by
    name. Exit 1 if the region has no such matter.
    """
    from collabbus.contracts import load
    from collabbus.operate.matter import reports
    from collabbus.telling import Teller

    settings = settings_of(sets, bootstrap, region=region, contracts=contracts)
    found = _held(settings, matter, json)
    told = reports(settings.kafka, settings.region, found.matter)
    if json:
        tables.as_json({**_plain(found), **figures.plain(found.threads, told)})
        return
    loaded = load(settings.contracts)
    pinned = [loaded.pin(name) for name in loaded.networks]
    _show(settings.region, found, Teller({contract.hash: contract for contract in pinned}))
    figures.show(found.threads, told)


Thread = Annotated[str, typer.Option(help="线程: `main`, or a track.")]
Operator = Annotated[str, typer.Option(help="操作人: who answers for it; recorded in the event.")]
Reason = Annotated[str, typer.Option(help="理由: recorded in the event.")]


@app.command()
def void(
    matter: tables.MatterId,
    number: Annotated[int, typer.Argument(help="序号: the number of this region's own event.")],
    operator: Operator,
    reason: Reason,
    thread: Thread = "main",
    region: Region = None,
    bootstrap: Bootstrap = None,
    keys: Keys = None,
    sets: Set = None,
) -> None:
    """作废: take back an event of this region that another one refused; its thread goes on.

    Exit 1 if nobody refused it, or if others build on it: then its refuser may release it.
    """
    from collab.v1 import body_pb2, verbs_pb2
    from collabbus.operate.matter import own_envelope

    settings = settings_of(sets, bootstrap, region=region, keys=keys)
    found = _held(settings, matter)
    envelope = own_envelope(settings.kafka, settings.region, found.matter, thread, number)
    if envelope is None:
        print(f"{settings.region} 在此线程无第 {number} 号 has no number {number} in {thread}")
        raise typer.Exit(1)
    voided = verbs_pb2.Voided(
        origin=settings.region, number=number, operator=operator, reason=reason, envelope=envelope
    )
    _asked_of_itself(settings, found, thread, body_pb2.Body(voided=voided), operator)


@app.command()
def release(
    matter: tables.MatterId,
    origin: Annotated[str, typer.Argument(help="来源: whose event this region has refused.")],
    number: Annotated[
        int, typer.Argument(help="序号: its number; 0 where this region itself had failed.")
    ],
    operator: Operator,
    reason: Reason,
    thread: Thread = "main",
    region: Region = None,
    bootstrap: Bootstrap = None,
    keys: Keys = None,
    sets: Set = None,
) -> None:
    """解除冻结: take the region's refusal back; the event counts, and its thread goes on.

    Exit 1 if the region hasn't refused it.
    """
    from collab.v1 import body_pb2, verbs_pb2

    settings = settings_of(sets, bootstrap, region=region, keys=keys)
    released = verbs_pb2.Released(origin=origin, number=number, operator=operator, reason=reason)
    found = _held(settings, matter)
    _asked_of_itself(settings, found, thread, body_pb2.Body(released=released), operator)


def _held(settings: Any, matter_id: str, json: bool = False) -> Known:
    from collabbus.operate.matter import known

    tables.matter_id(matter_id)
    found = known(settings.kafka, settings.region, matter_id)
    if found is None:
        print("null" if json else f"{settings.region} 没有此事项 has no matter {matter_id}")
        raise typer.Exit(1)
    return found


def _asked_of_itself(
    settings: Any, found: Known, thread: str, body: body_pb2.Body, operator: str
) -> None:
    """Submit what the region asks of itself, signed with its own key, and tell the outcome."""
    from collab.v1 import event_pb2 as ev
    from collabbus.keyring import load_identity
    from collabbus.sdk import Office, Rejected

    mine = [
        party.office
        for one in found.threads
        for party in one.parties
        if party.office.startswith(settings.region + "/")
    ]
    family = ev.Family.Name(found.matter.family).removeprefix("FAMILY_").lower()
    key = load_identity(settings.keys, settings.region).sign
    with Office(mine[0], key, found.matter.network, kafka=settings.kafka) as system:
        sent = system.act(
            found.matter.matter_id, body, family=family, thread=thread, officer=operator
        )
        try:
            recorded = system.wait_recorded(sent)
        except Rejected as rejected:
            print(f"已驳回 rejected: {rejected.reason_code} {rejected.field}: {rejected.reason}")
            raise typer.Exit(1) from None
    print("已登记 recorded:", *recorded.event_ids)


def _show(region: str, found: Known, teller: Teller) -> None:
    from collab.v1 import event_pb2 as ev

    matter = found.matter
    contract = matter.contract

    def office(name: str) -> str:
        return teller.office(name, contract) if name else "—"

    family = ev.Family.Name(matter.family).removeprefix("FAMILY_").lower()
    head = (
        f"事项 matter {matter.matter_id} @ {region}\n网络 network {matter.network} · 类别 family "
        f"{family} · 发起 opened {tables.moment(matter.opened_ms)} · 契约 contract "
        f"{contract.hex()[:16]}"
    )
    tables.table(
        head,
        ("线程 thread", "步骤 step", "状态 state", "等待 awaits", "期限 until", "等待方 waits",
         "逾期 overdue", "各来源末号 last numbers"),
        (
            (thread.thread, thread.step.number or "—",
             teller.state(thread.step.state, contract, matter.family, thread.thread) or "—",
             office(thread.step.awaits), tables.due(thread.step.due_ms),
             office(thread.step.waits), "是 yes" if thread.overdue else "否 no",
             ", ".join(f"{origin.region} {origin.last}" for origin in thread.origins))
            for thread in found.threads
        ),
    )  # fmt: skip
    tables.table(
        "参与方 parties",
        ("线程 thread", "机构 office", "角色 role", "去留 standing"),
        (
            (thread.thread, office(party.office), _ROLES.get(ev.Role.Name(party.role), "—"),
             "已退出 left" if party.left
             else "申请退出 has asked to leave" if party.leaving else "在 in")
            for thread in found.threads for party in thread.parties
        ),
    )  # fmt: skip
    freezes = [(thread, freeze) for thread in found.threads for freeze in thread.freezes]
    if freezes:
        tables.table(
            "冻结 freezes",
            ("线程 thread", "拒收方 refuser", "事件 event", "代码 code"),
            (
                (thread.thread, freeze.refuser,
                 tables.numbers([(freeze.origin, freeze.number)]) if freeze.number else "—",
                 freeze.code)
                for thread, freeze in freezes
            ),
        )  # fmt: skip
    if found.held:
        tables.table(
            "暂缓与拒收 held and refused",
            ("线程 thread", "事件 event", "情况 what", "自 since", "等待 waits for"),
            (
                (one.thread, tables.numbers([(one.origin, one.number)]),
                 f"{CODES.get(one.code, '')} {one.code}", tables.moment(one.since_ms),
                 tables.numbers(one.missing) or "—")
                for one in found.held
            ),
        )  # fmt: skip


def _plain(found: Known) -> dict[str, Any]:
    from dataclasses import asdict

    from google.protobuf import json_format

    told = json_format.MessageToDict(found.matter, preserving_proto_field_name=True)
    told["contract"] = found.matter.contract.hex()
    # What was decided and which bytes came is the processor's own memory.
    told["threads"] = []
    for thread in found.threads:
        plain = json_format.MessageToDict(thread, preserving_proto_field_name=True)
        plain.pop("decided", None)
        for origin in plain.get("origins", ()):
            origin.pop("digests", None)
        # Its figures stand under `models`.
        plain.pop("model", None)
        told["threads"].append(plain)
    return {**told, "held": [asdict(one) for one in found.held]}
