"""`collabbus`: the command line.

Exit codes: 0 done; 1 the answer is no (a check failed, a submission was rejected, a scenario
differs); 2 it could not be tried (wrong arguments, settings, contracts or keys; Kafka away); 75 the
watchdog ended a processor that stood still.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from collabbus.errors import CollabbusError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="collabbus 检察协作事件总线: the event bus of procuratorates that work together.",
)
keys_app = typer.Typer(no_args_is_help=True, help="密钥: keys and their directory.")
topics_app = typer.Typer(no_args_is_help=True, help="主题: the topics of a region.")
run_app = typer.Typer(no_args_is_help=True, help="运行: a region's services.")
contracts_app = typer.Typer(no_args_is_help=True, help="契约: networks and lifecycles.")
app.add_typer(keys_app, name="keys")
app.add_typer(topics_app, name="topics")
app.add_typer(run_app, name="run")
app.add_typer(contracts_app, name="contracts")

Contracts = Annotated[
    Path | None, typer.Option(help="Folder of contract files (COLLABBUS_CONTRACTS).")
]
Keys = Annotated[Path | None, typer.Option(help="Folder of keys (COLLABBUS_KEYS).")]
Region = Annotated[str | None, typer.Option(help="The region (COLLABBUS_REGION).")]
Bootstrap = Annotated[
    str | None, typer.Option(help="Kafka's address (COLLABBUS_KAFKA_BOOTSTRAP_SERVERS).")
]
Shards = Annotated[int | None, typer.Option(help="Partitions a topic (COLLABBUS_SHARDS).")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="Any setting, `name=value` or `kafka.name=value`: docs/settings.md"),
]


def _settings(sets: list[str] | None, bootstrap: str | None = None, **flags: Any) -> Any:
    """Give the settings: flags win over the environment, which wins over the file."""
    from collabbus.settings import KafkaSettings, load

    values = dict(flags)
    kafka: dict[str, str] = {}
    for text in sets or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r}: write name=value", param_hint="--set")
        if name.startswith("kafka."):
            kafka[name[6:]] = value
        else:
            values[name] = value
    if bootstrap:
        kafka["bootstrap_servers"] = bootstrap
    if kafka:
        values["kafka"] = KafkaSettings(**kafka)  # type: ignore[arg-type]
    return load(**values)


@app.command()
def broker(
    folder: Annotated[Path, typer.Option(help="Where it keeps its data.")] = Path(".kafka"),
    port: Annotated[int | None, typer.Option(help="Port; chosen at the first start.")] = None,
) -> None:
    """启动 Kafka: run an Apache Kafka broker until Ctrl-C, for whoever has none."""
    from collabbus.operate.broker import Broker
    from collabbus.operate.kafka import fetch

    with Broker(fetch(), folder, port) as running:
        print(f"Kafka: {running.bootstrap}", flush=True)
        _until_told()


def _until_told() -> None:
    import signal
    import threading

    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()


@keys_app.command("generate")
def keys_generate(
    contracts: Contracts = None,
    keys: Keys = None,
    offices: Annotated[
        list[str] | None, typer.Option("--office", help="Only these offices; all if left out.")
    ] = None,
) -> None:
    """生成密钥: make operators', regions' and offices' keys, and the signed directory."""
    from collabbus.contracts import load
    from collabbus.operate.keys import generate

    settings = _settings(None, region="none", contracts=contracts, keys=keys)
    networks = load(settings.contracts).networks.values()
    made = generate(settings.keys, networks, offices=offices, now_ms=time.time_ns() // 1_000_000)
    print(f"{len(made)} files in {settings.keys}; the private ones are mode 0600")


@keys_app.command("sign")
def keys_sign(keys: Keys = None) -> None:
    """签署密钥目录: sign the directory anew after a change."""
    from collabbus.operate.keys import sign

    print("signed by", *sign(_settings(None, region="none", keys=keys).keys))


@keys_app.command("rotate")
def keys_rotate(
    holder: str,
    use: Annotated[str, typer.Argument(help="submit, sign or seal")],
    keys: Keys = None,
) -> None:
    """轮换密钥: give a region or an office a further key, valid from now on."""
    from collabbus.link.keys import Use
    from collabbus.operate.keys import rotate

    settings = _settings(None, region="none", keys=keys)
    print(rotate(settings.keys, holder, Use(use), now_ms=time.time_ns() // 1_000_000).id)


def _changes(settings: Any) -> Any:
    from collabbus.contracts import load
    from collabbus.operate.topic_contract import TopicContract
    from collabbus.operate.topics import plan

    peers = {
        peer
        for network in load(settings.contracts).networks.values()
        if settings.region in network.regions
        for peer in network.peers(settings.region)
    }
    contract = TopicContract.load(settings.contracts)
    return plan(settings.kafka, contract, settings.region, sorted(peers), settings.shards)


@topics_app.command("plan")
def topics_plan(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    sets: Set = None,
) -> None:
    """主题计划: show what the cluster lacks; exit 1 if it is anything."""
    changes = _changes(
        _settings(sets, bootstrap, region=region, shards=shards, contracts=contracts)
    )
    for change in changes:
        print(change)
    raise typer.Exit(1 if changes else 0)


@topics_app.command("apply")
def topics_apply(
    region: Region = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    sets: Set = None,
) -> None:
    """创建主题: make the cluster have the region's topics."""
    from collabbus.operate.topics import apply

    settings = _settings(sets, bootstrap, region=region, shards=shards, contracts=contracts)
    changes = _changes(settings)
    apply(settings.kafka, changes)
    for change in changes:
        print(change)


@run_app.command("processor")
def run_processor(
    region: Region = None,
    instance: Annotated[
        str | None, typer.Option(help="Name of this process among its region's.")
    ] = None,
    bootstrap: Bootstrap = None,
    shards: Shards = None,
    contracts: Contracts = None,
    keys: Keys = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of /metrics; 0: any.")] = None,
    sets: Set = None,
) -> None:
    """处理器: run a region's processor until SIGTERM; it finishes what is under way."""
    from collabbus.processor.app import run

    settings = _settings(
        sets, bootstrap, region=region, instance=instance, shards=shards, contracts=contracts,
        keys=keys, metrics_port=metrics_port,
    )  # fmt: skip
    raise typer.Exit(run(settings))


@app.command()
def submit(
    office: Annotated[str, typer.Argument(help="Who acts, such as beijing/haidian.")],
    kind: Annotated[str, typer.Argument(help="Type of act, such as AssistanceRequested.")],
    content: Annotated[str, typer.Option("--with", help="The body as JSON, or @file.")] = "{}",
    officer: Annotated[str, typer.Option(help="The officer who answers for it.")] = "",
    to: Annotated[str, typer.Option(help="Whom an opening asks.")] = "",
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
    from collabbus.keyring import load_office_key
    from collabbus.model.thread import BODY_TYPES
    from collabbus.sdk import Office, Rejected

    settings = _settings(sets, bootstrap, region=office.partition("/")[0], keys=keys)
    text = Path(content[1:]).read_text("utf-8") if content.startswith("@") else content
    fields = {name: field for field, name in BODY_TYPES.items()}
    if kind not in fields:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(sorted(fields))}")
    body = json_format.ParseDict({fields[kind]: json.loads(text)}, body_pb2.Body())
    said = getattr(body, fields[kind])
    details: dict[str, Any] = {
        "officer": officer,
        "legal_basis": [
            ev.LegalBasis(instrument=one.partition("|")[0], article=one.partition("|")[2])
            for one in legal_basis or ()
        ],
    }
    optional = {"due_date": due_date, "submission_id": submission_id, "not_after_ms": not_after_ms}
    details.update({name: value for name, value in optional.items() if value})
    key = load_office_key(settings.keys, office)
    with Office(office, key, network, kafka=settings.kafka) as system:
        if matter:
            sent = system.act(matter, said, family=family, timeout=timeout, **details)
        else:
            sent = system.open(said, to=to, timeout=timeout, **details)
        print(f"已接收 accepted: submission {sent.submission_id}, matter {sent.matter_id}")
        try:
            recorded = system.wait_recorded(sent, timeout=timeout)
        except Rejected as rejected:
            print(f"已驳回 rejected: {rejected.reason_code} {rejected.field}: {rejected.reason}")
            raise typer.Exit(1) from None
        print("已登记 recorded:", *recorded.event_ids)


@app.command()
def watch(
    region: Region = None,
    bootstrap: Bootstrap = None,
    contracts: Contracts = None,
    beginning: Annotated[bool, typer.Option(help="From the first event on.")] = False,
    sets: Set = None,
) -> None:
    """查看区域日志: follow a region's log in the terminal until Ctrl-C."""
    from collabbus.contracts import load
    from collabbus.sdk import follow
    from collabbus.telling import Teller

    settings = _settings(sets, bootstrap, region=region, contracts=contracts)
    loaded = load(settings.contracts)
    pinned = [loaded.pin(name) for name in loaded.networks]
    teller = Teller({contract.hash: contract for contract in pinned})
    with follow(settings.region, settings.kafka, start="beginning" if beginning else "end") as log:
        for seen in log:
            print(teller.line(settings.region, seen), flush=True)


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Play, tell, stop; else stay until Ctrl-C.")] = False,
    topology: Annotated[
        Literal["shared", "clusters"],
        typer.Option(help="shared: one cluster; clusters: one a region, with MirrorMaker 2."),
    ] = "shared",
    network: Annotated[str, typer.Option(help="The network.")] = "jingjinji",
    folder: Annotated[Path, typer.Option(help="Where it all is kept; emptied first.")] = Path(
        ".demo"
    ),
    contracts: Contracts = None,
    scenario: Annotated[list[str] | None, typer.Option(help="Only these scenarios.")] = None,
) -> None:
    """演示: an alliance on this machine, and its scenarios played on it."""
    from collabbus.demo import demo as play

    settings = _settings(None, region="none", contracts=contracts)
    raise typer.Exit(
        play(
            settings.contracts,
            folder,
            network,
            topology=topology,
            once=once,
            only=scenario or (),
        )
    )


@app.command()
def simulate(
    seeds: Annotated[int, typer.Option(help="How many.")] = 300,
    start: Annotated[int, typer.Option("--from", help="The first one.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Only this one, with its story.")] = None,
    network: Annotated[str, typer.Option(help="The network.")] = "jingjinji",
    contracts: Contracts = None,
) -> None:
    """模拟: alliances by seed, over bad links, with crashes; exit 1 if an invariant breaks."""
    from collabbus.simulate.campaign import campaign, play

    settings = _settings(None, region="none", contracts=contracts)
    if seed is not None:
        verdict = play(settings.contracts, network, seed)
        print("\n".join(verdict.story))
        print(verdict.tell() if verdict.broken else f"seed {seed} holds")
        raise typer.Exit(1 if verdict.broken else 0)
    began = time.monotonic()
    verdicts = campaign(settings.contracts, network, range(start, start + seeds))
    broken = [verdict for verdict in verdicts if verdict.broken]
    for verdict in broken[:3]:
        print(verdict.tell())
    events = sum(verdict.events for verdict in verdicts)
    print(
        f"{len(verdicts)} seeds, {events} events, {len(broken)} broken, "
        f"{time.monotonic() - began:.1f} s"
    )
    raise typer.Exit(1 if broken else 0)


@contracts_app.command("check")
def contracts_check(contracts: Contracts = None) -> None:
    """检查契约: read all contract files and walk every lifecycle; exit 2 with every mistake."""
    from collabbus.contracts import load
    from collabbus.operate.topic_contract import TopicContract
    from collabbus.simulate.scenario import load as load_scenarios

    settings = _settings(None, region="none", contracts=contracts)
    found = load(settings.contracts)
    TopicContract.load(settings.contracts)
    scenarios = load_scenarios(settings.contracts)
    for name, network in found.networks.items():
        offices = sum(1 for _ in network.offices())
        print(f"{name} {network.zh}: {offices} offices, contract {found.hash(name).hex()[:16]}")
    for family, lifecycle in found.lifecycles.items():
        kinds = sum(len(opening.kinds) for opening in lifecycle.opens.values())
        print(f"{family} {lifecycle.zh}: {kinds} kinds; every way through it ends")
    print(f"{len(found.lifecycles)} lifecycles, {len(scenarios)} scenarios")


@contracts_app.command("draw")
def contracts_draw(
    contracts: Contracts = None,
    to: Annotated[Path, typer.Option(help="The document to write.")] = Path("docs/lifecycles.md"),
) -> None:
    """绘制类别: write all lifecycles as a document with diagrams."""
    from collabbus.contracts import load
    from collabbus.drawing import document

    settings = _settings(None, region="none", contracts=contracts)
    to.write_text(document(load(settings.contracts).lifecycles), "utf-8")
    print(to)


def main() -> None:
    """Run the command line; errors of ours are one line with their code, and exit 2."""
    try:
        app()
    except CollabbusError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"{error.code}: {error}", markup=False
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
