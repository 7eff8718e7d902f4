"""Evidence: a matter's file, exported and verified."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabbus.cli import tables
from collabbus.cli.options import Bootstrap, Keys, Region, Set, settings_of

if TYPE_CHECKING:
    from collabbus.link.verdict import Fault, Finding, Verdict

app = typer.Typer(no_args_is_help=True, help="证据: files that prove a matter's events offline.")

_PARTS = {
    "file": "文件",
    "envelope": "信封",
    "body": "正文",
    "path": "包含路径",
    "head": "树头",
    "receipt": "回执",
    "key": "密钥",
}
_EXIT = {"proven": 0, "partly": 3, "broken": 1}
_WORTH = {
    "proven": ("✓ 验证通过", "✓ holds"),
    "partly": ("⚠ 部分验证通过", "⚠ holds in part"),
    "broken": ("✗ 验证未通过", "✗ does not hold"),
}


@app.command()
def export(
    matter: tables.MatterId,
    region: Region = None,
    out: Annotated[
        Path | None, typer.Option(help="The file; MATTER.evidence here if left out.")
    ] = None,
    bootstrap: Bootstrap = None,
    keys: Keys = None,
    json: tables.Json = False,
    sets: Set = None,
) -> None:
    """出具证据: write all events of a matter with their proofs to one file, and verify it.

    Exit 1: the region has no such matter, or what was found doesn't hold; 3: part isn't proven.
    """
    from collabbus.keyring import load_directory
    from collabbus.operate.evidence import export as make
    from collabbus.operate.evidence import save, verify

    tables.matter_id(matter)
    settings = settings_of(sets, bootstrap, region=region, keys=keys)
    directory = load_directory(settings.keys)
    now_ms = time.time_ns() // 1_000_000
    made = make(settings.kafka, settings.region, matter, directory, now_ms)
    if made is None:
        print(f"{settings.region} 没有此事项 has no event of matter {matter}")
        raise typer.Exit(1)
    file = out or Path(f"{matter}.evidence")
    save(file, made.data)
    verdict = verify(made.data, directory)
    if json:
        tables.as_json({"file": str(file), "disagreeing": made.disagreeing, **_plain(verdict)})
    else:
        _show(verdict)
        for head in made.disagreeing:
            tables.line(
                f"✗ 树头与日志不符，未作为证明: the log leads to another root than {head}; nothing "
                "rests on it"
            )
        print(f"已写入 written: {file} ({len(made.data)} bytes)")
    raise typer.Exit(1 if made.disagreeing else _EXIT[verdict.worth])


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What `collabbus evidence export` has written.")],
    keys: Keys = None,
    json: tables.Json = False,
) -> None:
    """验证证据: by the network's public keys alone.

    Exit 0: all of it is proven; 1: it was changed, and where is told; 3: nothing was changed, and
    part of it isn't proven. Of the folder of keys only operators.json and directory.json are read.
    """
    from collabbus.keyring import load_directory
    from collabbus.link.verdict import DossierUnreadableError
    from collabbus.operate.evidence import load
    from collabbus.operate.evidence import verify as judge

    settings = settings_of(None, region="none", keys=keys)
    directory = load_directory(settings.keys)
    data = load(file)
    try:
        verdict = judge(data, directory)
    except DossierUnreadableError as error:
        tables.line(f"✗ 文件 file: {error.code}: {error}")
        raise typer.Exit(1) from None
    if json:
        tables.as_json(_plain(verdict))
    else:
        _show(verdict)
    raise typer.Exit(_EXIT[verdict.worth])


def _show(verdict: Verdict) -> None:
    tables.table(
        f"事项 matter {verdict.matter_id}\n据文件所称，由 {verdict.region} 于 "
        f"{tables.moment(verdict.exported_ms)} 出具 exported, so the file says",
        ("#", "线程 thread", "来源 origin", "事件 event", "登记 recorded", "来源方签名 signed",
         "接收方会签 countersigned", "正文 body"),
        (_row(finding, verdict.faults) for finding in verdict.findings),
    )  # fmt: skip
    for fault in verdict.faults:
        tables.line(f"✗ {_told(fault, verdict)}")
    if verdict.keys:
        tables.table(
            "所依公钥，以密钥目录为准 keys on which it rests, as the key directory has them",
            ("密钥 key", "持有者 holder", "公钥 public", "有效期 valid"),
            (
                (key.id, key.holder, key.public.hex(),
                 f"{tables.moment(key.not_before_ms)} – {tables.moment(key.not_after_ms)}")
                for key in verdict.keys
            ),
        )  # fmt: skip
    _sum_up(verdict)


def _row(finding: Finding, faults: tuple[Fault, ...]) -> tuple[object, ...]:
    envelope = finding.envelope
    body = "不在文件中 not in the file" if finding.bodiless else "完好 intact"
    if any(f.exhibit == finding.number and f.part == "body" for f in faults):
        body = "✗ 被改动 changed"
    signed = ", ".join(finding.signed)
    if finding.changed:
        signed = "✗ 不成立 doesn't hold"
    elif finding.note:
        signed = "内部记录，不作证明 a note of the exporter: not proven"
    elif not finding.crossed:
        signed = "⚠ 文件中无跨链路证明 nothing shows that it crossed a link: not proven"
    elif not finding.signed:
        signed = "⚠ 文件中没有 not in the file: not proven"
    return (
        finding.number,
        envelope.thread,
        f"{envelope.origin} {envelope.number}",
        envelope.type,
        tables.moment(envelope.recorded_ms),
        signed,
        (not finding.changed and ", ".join(finding.arrived)) or "—",
        body,
    )


def _told(fault: Fault, verdict: Verdict) -> str:
    part = f"{_PARTS[fault.part]} {fault.part}"
    if fault.exhibit is None:
        return f"{part}: {fault.reason}"
    envelope = verdict.findings[fault.exhibit - 1].envelope
    which = f"{envelope.thread} {envelope.origin} {envelope.number} {envelope.type}"
    return f"第 {fault.exhibit} 号事件 event {fault.exhibit} ({which}), {part}: {fault.reason}"


def _sum_up(verdict: Verdict) -> None:
    findings = verdict.findings
    total = len(findings)
    proven = sum(finding.proven for finding in findings)
    arrived = sum(bool(finding.arrived) and not finding.changed for finding in findings)
    notes = sum(finding.note for finding in findings)
    other = sum(not (finding.proven or finding.note) for finding in findings)
    bodiless = sum(finding.bodiless for finding in findings)
    chinese, english = _WORTH[verdict.worth]
    print(
        f"{chinese}：事件 {total} 件；有来源方签名 {proven} 件；有接收方会签 {arrived} 件；"
        f"内部记录、不作证明 {notes} 件；其他不作证明 {other} 件；正文不在文件中 {bodiless} 件。"
    )
    print(
        f"{english}. events: {total}; signed by their origin: {proven}; countersigned by a "
        f"receiver: {arrived}; notes of the exporter, not proven: {notes}; others not proven: "
        f"{other}; body not in the file: {bodiless}."
    )


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "worth": verdict.worth,
        "matter_id": verdict.matter_id,
        "region": verdict.region,
        "exported_ms": verdict.exported_ms,
        "events": [
            {
                "number_in_file": finding.number,
                "event_id": finding.envelope.event_id,
                "thread": finding.envelope.thread,
                "origin": finding.envelope.origin,
                "number": finding.envelope.number,
                "type": finding.envelope.type,
                "recorded_ms": finding.envelope.recorded_ms,
                "proven": finding.proven,
                "crossed": finding.crossed,
                "signed": finding.signed,
                "handed_on": finding.handed_on,
                "countersigned": finding.arrived,
                "note": finding.note,
                "body_in_file": not finding.bodiless,
            }
            for finding in verdict.findings
        ],
        "faults": [asdict(fault) for fault in verdict.faults],
        "keys": [
            {
                "id": key.id,
                "holder": key.holder,
                "suite": key.suite,
                "public": key.public.hex(),
                "not_before_ms": key.not_before_ms,
                "not_after_ms": key.not_after_ms,
            }
            for key in verdict.keys
        ],
    }
