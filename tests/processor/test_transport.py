"""Invariant 1, nothing accepted is lost: each way in which stock Faust loses, and ours doesn't.

One test a row of the table in the design's facts. Each shows the loss on stock faust-streaming
first, so that a version of Faust that has mended it is noticed, and then the same fault under our
transport and shards. That a record is past saving is seen in two ways: the group has committed
beyond it, and a later run of the mended program handles the `end` that was sent after it, but not
the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collab.state.v1 import state_pb2 as st
from collabbus.processor.recording import POSITION
from collabbus.processor.watchdog import EXIT_STALLED
from tests.support import plain
from tests.support.programs import Program
from tests.support.waiting import until

if TYPE_CHECKING:
    from collabbus.operate.broker import Broker

pytestmark = pytest.mark.kafka

CRASHING = "mode.CrashingSupervisor"


class Stock:
    """A stock app: its topics, its group, its runs."""

    def __init__(self, bootstrap: str, folder: Path, modes: Sequence[str], **env: str) -> None:
        self.name = f"stock-{uuid.uuid4().hex[:8]}"
        self.bootstrap = bootstrap
        self.groups = plain.Groups(bootstrap)
        self._folder = folder
        self._runs = 0
        self._env = {
            "BROKER": bootstrap,
            "GROUP": self.name,
            "TOPICS": self.name,
            "MODES": ",".join(modes),
            "INSTANCE": "one",
            **env,
        }
        plain.create(bootstrap, {self.topic(mode): 1 for mode in modes})

    def topic(self, mode: str) -> str:
        return f"{self.name}.{mode}"

    def send(self, mode: str, *values: bytes) -> None:
        plain.produce(self.bootstrap, self.topic(mode), values)

    def run(self, *, healed: bool = False, **env: str) -> Program:
        self._runs += 1
        log = self._folder / f"{self.name}-{self._runs}.log"
        healing = {"HEALED": "1"} if healed else {}
        return Program("tests.processor.stock", log, {**self._env, **healing, **env})

    def committed(self, mode: str) -> int:
        return self.groups.committed(self.name, self.topic(mode))

    def commits(self, mode: str, offset: int, seconds: float = 30) -> None:
        until(
            lambda: self.committed(mode) >= offset, seconds, f"offset {offset} of {mode} committed"
        )

    def after(self, ends: Mapping[str, bytes]) -> dict[str, list[str]]:
        """Start the mended app, send each mode its end, and give what it handles up to that."""
        with self.run(healed=True) as program:
            for mode, end in ends.items():
                self.send(mode, end)
            for mode, end in ends.items():
                program.says("did", f"{mode} {end.decode()}")
            return by_mode(program)


def by_mode(program: Program) -> dict[str, list[str]]:
    """Give what a stock app handled, by mode."""
    found: dict[str, list[str]] = {}
    for line in program.said("did"):
        mode, value = line.split(" ", 1)
        found.setdefault(mode, []).append(value)
    return found


class Ours:
    """Our shell with a recorder that copies."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.region = f"t{uuid.uuid4().hex[:8]}"
        self.bootstrap = bootstrap
        self.groups = plain.Groups(bootstrap)
        self._folder = folder
        self._runs = 0
        self.submissions = f"collab.{self.region}.submissions"
        self.log = f"collab.{self.region}.events"
        self.group = f"collab.{self.region}.processor"
        self.state = f"collab.{self.region}.state"
        plain.create(
            bootstrap, {self.submissions: 1, self.state: 1, f"collab.{self.region}.heads": 1}
        )
        plain.create(bootstrap, {self.log: 1}, **{"max.message.bytes": "1000"})

    def send(self, *values: bytes) -> None:
        plain.produce(self.bootstrap, self.submissions, values)

    def run(self, *, healed: bool = False, instance: str = "one", **more: str) -> Program:
        self._runs += 1
        env = {"BROKER": self.bootstrap, "REGION_NAME": self.region, "INSTANCE": instance, **more}
        if healed:
            env["HEALED"] = "1"
        return Program(
            "tests.processor.ours", self._folder / f"{self.region}-{self._runs}.log", env
        )

    def committed(self) -> int:
        """Give the offset of the submissions up to which the state stands."""
        position = plain.latest(plain.read(self.bootstrap, self.state)).get(POSITION, b"")
        return st.Position.FromString(position).next.get(self.submissions, 0)

    def copies(self) -> list[str]:
        found = plain.read(self.bootstrap, self.log)
        return [(record.value or b"").decode(errors="replace") for record in found]

    def has(self, *values: str, seconds: float = 30) -> None:
        """Wait until the log ends in `end`, and check that it holds exactly these, in order."""
        until(lambda: self.copies()[-1:] == ["end"], seconds, f"end in {self.log}")
        assert self.copies() == [*values, "end"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("transport")


@pytest.fixture(scope="module")
def default(broker: Broker, folder: Path) -> dict[str, list[str]]:
    """What the default supervisor makes of five agents: what a mended run still handles."""
    modes = ["plain", "take", "noack", "sends", "decoded"]
    stock = Stock(broker.bootstrap, folder, modes)
    plain.create(broker.bootstrap, {stock.topic("small"): 1}, **{"max.message.bytes": "1000"})
    for mode in modes[:-1]:
        stock.send(mode, b"a", b"bad", b"c")
    stock.send("decoded", b'"a"', b"bad", b'"c"')
    with stock.run() as program:
        for mode in ("plain", "sends", "noack"):
            program.says("did", f"{mode} c")
        for mode in modes:
            stock.commits(mode, 3)
        found = by_mode(program)
    ends = dict.fromkeys(modes, b"end") | {"decoded": b'"end"'}
    for mode, values in stock.after(ends).items():
        found[mode] = [*found.get(mode, []), *values]
    found["small"] = [
        (r.value or b"").decode() for r in plain.read(broker.bootstrap, stock.topic("small"))
    ]
    return found


@pytest.fixture(scope="module")
def raised(broker: Broker, folder: Path) -> tuple[int, int, Ours]:
    """Our shell with a body that raises, and then mended: exit code, what it had committed."""
    ours = Ours(broker.bootstrap, folder)
    ours.send(b"a", b"bad", b"c")
    with ours.run() as program:
        code = program.ended(40)
        committed = ours.committed()
    with ours.run(healed=True):
        ours.send(b"end")
        ours.has("a", "bad", "c")
    return code, committed, ours


def test_a_body_that_raises_loses_its_event(
    default: dict[str, list[str]], raised: tuple[int, int, Ours]
) -> None:
    """Invariant 1. Stock, plain `async for`: acked in `finally`, and skipped."""
    assert sorted(default["plain"]) == ["a", "c", "end"]
    code, committed, _ = raised
    assert code == 1
    assert committed <= 1  # not past `bad`, and the mended run recorded all three once


def test_a_body_that_raises_loses_its_event_under_the_crashing_supervisor(
    broker: Broker, folder: Path, raised: tuple[int, int, Ours]
) -> None:
    """Invariant 1. Stock: the process ends, and has committed the bad event all the same.

    Unless it is too slow to commit before it ends: so it gets several tries.
    """
    for _ in range(4):
        stock = Stock(broker.bootstrap, folder, ["plain"], SUPERVISOR=CRASHING)
        stock.send("plain", b"a", b"bad")
        with stock.run() as program:
            assert program.ended(30) == 1
        if stock.committed("plain") == 2:
            break
    assert stock.committed("plain") == 2
    assert stock.after({"plain": b"end"}) == {"plain": ["end"]}
    assert raised[:1] == (1,)


def test_take_that_raises_loses_its_whole_batch(
    default: dict[str, list[str]], raised: tuple[int, int, Ours]
) -> None:
    """Invariant 1. Stock `take()`: all of the batch is acked, also what nobody looked at."""
    assert default["take"] == ["end"]
    assert raised[1] <= 1


def test_a_hole_in_what_was_acked_is_committed_over(
    default: dict[str, list[str]], raised: tuple[int, int, Ours]
) -> None:
    """Invariant 1. Stock `noack()`, default supervisor: the commit jumps what was never acked."""
    assert sorted(default["noack"]) == ["a", "c", "end"]
    assert raised[1] <= 1


def test_acking_last_under_the_crashing_supervisor_is_safe_in_both(
    broker: Broker, folder: Path, raised: tuple[int, int, Ours]
) -> None:
    """Invariant 1. The one safe way of stock Faust: the event is delivered again; so is ours."""
    stock = Stock(broker.bootstrap, folder, ["noack"], SUPERVISOR=CRASHING)
    stock.send("noack", b"a", b"bad")
    with stock.run() as program:
        assert program.ended(30) == 1
    assert stock.after({"noack": b"end"})["noack"][-2:] == ["bad", "end"]
    code, committed, _ = raised
    assert (code, committed <= 1) == (1, True)


def test_a_slow_event_is_committed_over_by_a_faster_one(broker: Broker, folder: Path) -> None:
    """Invariant 1. Stock, concurrency 2: killed, it has committed past the event in flight."""
    stock = Stock(broker.bootstrap, folder, ["concurrent"])
    stock.send("concurrent", b"slow", b"b", b"c")
    with stock.run() as program:
        program.says("begun", "concurrent slow")
        program.says("did", "concurrent c")
        stock.commits("concurrent", 3)
    assert stock.after({"concurrent": b"end"}) == {"concurrent": ["end"]}

    ours = Ours(broker.bootstrap, folder)
    ours.send(b"slow", b"b", b"c")
    with ours.run() as program:
        program.says("begun", "slow")
    assert ours.committed() < 1
    with ours.run(healed=True):
        ours.send(b"end")
        ours.has("slow", "b", "c")


def test_a_rebalance_repeats_what_was_handled(broker: Broker, folder: Path) -> None:
    """Invariant 2, one effect. Stock: acks of a revoked partition are dropped, and repeated."""
    stock = Stock(broker.bootstrap, folder, ["plain"], COMMIT_S="120")
    stock.send("plain", b"a", b"b")
    with stock.run() as one:
        one.says("did", "plain b")
        with stock.run(INSTANCE="two") as two:
            until(
                lambda: stock.groups.members(stock.name) == 2,
                30,
                "a second member of stock's group",
            )
            stock.send("plain", b"end")
            until(lambda: "plain end" in one.said("did") + two.said("did"), 30, "`end` in stock")
            handled = one.said("did") + two.said("did")
    assert [handled.count(f"plain {value}") for value in ("a", "b")] == [2, 2]

    ours = Ours(broker.bootstrap, folder)
    ours.send(b"a", b"b")
    with ours.run() as one:
        one.says("did", "b")
        with ours.run(instance="two") as two:
            until(lambda: ours.groups.members(ours.group) == 2, 30, "a second member of our group")
            ours.send(b"end")
            ours.has("a", "b")
            handled = one.said("did") + two.said("did")
    assert sorted(handled) == ["a", "b", "end"]


def test_a_send_that_fails_is_only_logged(
    default: dict[str, list[str]], broker: Broker, folder: Path
) -> None:
    """Invariant 1. Stock: the output that the broker refuses is gone, its input committed."""
    assert sorted(default["sends"]) == ["a", "bad", "c", "end"]
    # What the broker refuses takes along what happened to share its batch.
    assert set(default["small"]) <= {"a", "c", "end"}

    ours = Ours(broker.bootstrap, folder)
    ours.send(b"a")
    with ours.run() as program:
        program.says("did", "a")
        ours.send(b"large", b"c")
        assert program.ended(40) == 1
        assert ours.committed() == 1
    assert ours.copies() == ["a"]
    with ours.run(healed=True):
        ours.send(b"end")
        ours.has("a", "large", "c")


def test_a_value_that_cant_be_decoded_is_acked_first(
    default: dict[str, list[str]], broker: Broker, folder: Path
) -> None:
    """Invariant 8, fail closed. Stock drops it before anybody sees it; ours hands it over."""
    assert sorted(default["decoded"]) == ['"a"', '"c"', '"end"']
    ours = Ours(broker.bootstrap, folder)
    with ours.run():
        ours.send(b"a", b"\xff{", b"end")
        ours.has("a", "�{")


def test_a_log_whose_state_is_gone_is_not_added_to(broker: Broker, folder: Path) -> None:
    """Invariant 2: who began anew beside it would record every submission a second time."""
    ours = Ours(broker.bootstrap, folder)
    ours.send(b"a")
    plain.produce(broker.bootstrap, ours.log, [b"a"])
    with ours.run() as program:
        assert program.ended(40) == 1
    assert f"{ours.log}/0 holds events and {ours.state}/0 no position" in program.log.read_text()
    assert ours.copies() == ["a"]


def test_a_group_that_gives_its_shards_to_nobody_is_woken(broker: Broker, folder: Path) -> None:
    """Invariant 1. Static members get back what they had, so who starts again at once gets nothing.

    The watchdog ends the member once the group has given it up.
    """
    ours = Ours(broker.bootstrap, folder)
    with ours.run(ASLEEP="1", WATCHDOG_S="1") as program:

        def ended() -> bool:
            ours.send(b"a")
            return not program.running

        until(ended, 40, "the end of who owns nothing", pause=0.5)
        assert program.ended(1) == EXIT_STALLED
        assert "neglected" in program.log.read_text("utf-8")
    assert ours.copies() == []
    with ours.run() as program:
        program.says("did", "a", seconds=10)
