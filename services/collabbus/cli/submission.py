"""Submission: one act, and what became of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from collabbus.cli.options import Bootstrap, Keys, Set, settings_of


def submit(
    office: Annotated[str, typer.Argument(help="Who acts, such as beijing/haidian.")],
    kind: Annotated[str, typer.Argument(help="Type of act, such as AssistanceRequested.")],
    content: Annotated[str, typer.Option("--with", help="The body as JSON, or @file.")] = "{}",
    officer: Annotated[str, typer.Option(help="The officer who answers for it.")] = "",
    to: Annotated[str, typer.Option(help="Whom an opening asks.")] = "",
    recipient: Annotated[
        list[str] | None, typer.Option(help="Who is asked on a track of its own; may be repeated.")
    ] = None,
    to_region: Annotated[
        str, typer.Option(help="A region whose office the contract finds, by domain and place.")
    ] = "",
    domain: Annotated[str, typer.Option(help="The domain, such as FINANCE.")] = "",
    place: Annotated[str, typer.Option(help="A GB/T 2260 code or a bonded zone.")] = "",
    thread: Annotated[str, typer.Option(help="A track; left out: the main thread.")] = "",
    guest: Annotated[str, typer.Option(help="The guest for whom the office speaks.")] = "",
    once: Annotated[str, typer.Option(help="What makes the matter the same.")] = "",
    cause: Annotated[str, typer.Option(help="`matter/event` that gave the occasion.")] = "",
    matter: Annotated[str, typer.Option(help="The matter, for anything but an opening.")] = "",
    network: Annotated[str, typer.Option(help="The network.")] = "jingjinji",
    family: Annotated[str, typer.Option(help="The family.")] = "assistance",
    legal_basis: Annotated[
        list[str] | None, typer.Option(help="`instrument|article`, may be repeated.")
    ] = None,
    due_date: Annotated[str, typer.Option(help="2026-12-31")] = "",
    submission_id: Annotated[str, typer.Option(help="To try again with the same id.")] = "",
    not_after_ms: Annotated[int, typer.Option(help="As the first try said.")] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds to wait, twice.")] = 10.0,
    bootstrap: Bootstrap = None,
    keys: Keys = None,
    sets: Set = None,
) -> None:
    """提交: submit one act and wait for its outcome; exit 1 if it is rejected."""
    from google.protobuf import json_format

    from collab.v1 import body_pb2
    from collab.v1 import event_pb2 as ev
    from collab.v1 import submission_pb2 as sub
    from collabbus.keyring import load_office_key
    from collabbus.model.body import FIELD_OF
    from collabbus.sdk import Office, Rejected

    settings = settings_of(sets, bootstrap, region=office.partition("/")[0], keys=keys)
    text = Path(content[1:]).read_text("utf-8") if content.startswith("@") else content
    if kind not in FIELD_OF:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(sorted(FIELD_OF))}")
    body = json_format.ParseDict({FIELD_OF[kind]: json.loads(text)}, body_pb2.Body())
    said = getattr(body, FIELD_OF[kind])
    details: dict[str, Any] = {
        "officer": officer,
        "legal_basis": [
            ev.LegalBasis(instrument=one.partition("|")[0], article=one.partition("|")[2])
            for one in legal_basis or ()
        ],
    }
    optional: dict[str, Any] = {
        "due_date": due_date,
        "submission_id": submission_id,
        "not_after_ms": not_after_ms,
        "recipients": recipient,
        "place": place,
        "guest": guest,
    }
    if cause:
        matter_id, _, event_id = cause.partition("/")
        optional["cause"] = sub.Cause(matter_id=matter_id, event_id=event_id)
    if matter:
        optional["thread"] = thread
    else:
        optional |= {"to": to, "once": once}
        optional["domain"] = ev.Domain.Value(f"DOMAIN_{domain}") if domain else 0
        if to_region:
            optional["addressees"] = [sub.Addressee(region=to_region, role=ev.ROLE_EXECUTOR)]
    details.update({name: value for name, value in optional.items() if value})
    key = load_office_key(settings.keys, office)
    with Office(office, key, network, kafka=settings.kafka) as system:
        if matter:
            sent = system.act(matter, said, family=family, timeout=timeout, **details)
        else:
            sent = system.open(said, timeout=timeout, **details)
        print(f"已接收 accepted: submission {sent.submission_id}, matter {sent.matter_id}")
        try:
            recorded = system.wait_recorded(sent, timeout=timeout)
        except Rejected as rejected:
            print(f"已驳回 rejected: {rejected.reason_code} {rejected.field}: {rejected.reason}")
            raise typer.Exit(1) from None
        print("已登记 recorded:", *recorded.event_ids)
