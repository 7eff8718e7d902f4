"""Matter: what a region holds of one, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Contracts, Region, Set, settings_of
from collabbus.cli.waiting import CODES

if TYPE_CHECKING:
    from collabbus.operate.matter import Known
    from collabbus.telling import Teller

app = typer.Typer(no_args_is_help=True, help="事项: what a region holds of a matter.")

_ROLES = {
    "ROLE_REQUESTER": "请求方 requester",
    "ROLE_EXECUTOR": "承办方 executor",
    "ROLE_OBSERVER": "知悉方 observer",
    "ROLE_RECIPIENT": "答复方 recipient",
}


@app.callback()
def _group() -> None:
    """Keep `show` a command of its own."""


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

    Exit 1 if the region has no such matter.
    """
    from collabbus.contracts import load
    from collabbus.operate.matter import known
    from collabbus.telling import Teller

    tables.matter_id(matter)
    settings = settings_of(sets, bootstrap, region=region, contracts=contracts)
    found = known(settings.kafka, settings.region, matter)
    if found is None:
        print("null" if json else f"{settings.region} 没有此事项 has no matter {matter}")
        raise typer.Exit(1)
    if json:
        tables.as_json(_plain(found))
        return
    loaded = load(settings.contracts)
    pinned = [loaded.pin(name) for name in loaded.networks]
    _show(settings.region, found, Teller({contract.hash: contract for contract in pinned}))


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
        told["threads"].append(plain)
    return {**told, "held": [asdict(one) for one in found.held]}
