from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collabbus.cli import app
from collabbus.contracts import load
from collabbus.drawing import diagram, document
from collabbus.model.lifecycle import Lifecycle

ROOT = Path(__file__).parents[1]
LIFECYCLES = load(ROOT / "contracts").lifecycles
BOX = re.compile(r'^    state "([^":;]+)" as ([a-z_]+)$')
ARROW = re.compile(r"^    (\[\*\]|[a-z_]+) --> (\[\*\]|[a-z_]+)(?:: ([^:;]+))?$")


def test_the_document_is_what_the_contracts_say() -> None:
    told = "run: collabbus contracts draw"
    assert (ROOT / "docs/lifecycles.md").read_text("utf-8") == document(LIFECYCLES), told


def test_the_order_of_files_doesnt_show() -> None:
    assert document(dict(reversed(LIFECYCLES.items()))) == document(LIFECYCLES)


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_a_diagram_has_every_state_and_step_and_only_what_mermaid_reads(
    lifecycle: Lifecycle,
) -> None:
    for chain in lifecycle.chains:
        fence, head, *lines, end, _ = diagram(lifecycle, chain).split("\n")
        assert (fence, head, end) == ("```mermaid", "stateDiagram-v2", "```")
        boxes = {found[2]: found[1] for line in lines if (found := BOX.match(line))}
        arrows = [found.groups() for line in lines if (found := ARROW.match(line))]
        assert len(boxes) + len(arrows) == len(lines)
        assert list(boxes) == list(chain.states)
        for name, state in chain.states.items():
            assert state.zh in boxes[name]
            assert any(end == name for _, end, _ in arrows), name
            assert ((name, "[*]", None) in arrows) is state.final
        for kind, step in chain.steps.items():
            for start in step.from_:
                drawn = {
                    end for begin, end, label in arrows if begin == start and step.zh in str(label)
                }
                wanted = {turn.to for _, turn in step.ends()} - {"resume"}
                assert wanted <= drawn, kind
                assert drawn - {"[*]"}, kind


def test_a_question_is_drawn_back_to_where_it_was_asked() -> None:
    lifecycle = LIFECYCLES["consultation"]
    drawn = diagram(lifecycle, lifecycle.main)
    assert "clarifying --> convened: 补充说明 clarification answered" in drawn
    assert "clarifying --> proposed: 补充说明 clarification answered" in drawn


def test_what_needs_another_or_is_for_some_kinds_is_marked() -> None:
    lifecycle = LIFECYCLES["consultation"]
    drawn = diagram(lifecycle, lifecycle.main)
    assert "signing --> in_force: 生效 in force†‡" in drawn
    assert "decided --> closed: 结束 closed\n" in drawn
    lifecycle = LIFECYCLES["recommendation"]
    drawn = diagram(lifecycle, lifecycle.main)
    assert "replied --> rectifying: 评估回复 assessed (assessment = REJECTED)" in drawn


def test_what_a_kind_has_of_its_own_is_drawn_and_told() -> None:
    lifecycle = LIFECYCLES["notification"]
    drawn = diagram(lifecycle, lifecycle.main)
    own = "(SENSITIVE_CASE, PUBLIC_SENTIMENT)"
    assert f"[*] --> alarmed: 通报 case notified, 向一方 to one {own}" in drawn
    assert f"[*] --> responding: 通报 case notified, 向多方 to many {own}" in drawn
    assert "[*] --> circulated: 通报 case notified, 向多方 to many\n" in drawn
    rows = document(LIFECYCLES).splitlines()
    [sensitive] = [row for row in rows if row.startswith("| `SENSITIVE_CASE`")]
    assert "不指明对方 to none named: 不可 not possible" in sensitive
    [parole] = [row for row in rows if row.startswith("| `PAROLE`")]
    assert "| prompt; 不指明承办方 no executor: notice; 分线 track: prompt |" in parole


def test_who_is_told_where_nobody_else_is_there_stands_with_the_deadline() -> None:
    rows = document(LIFECYCLES).splitlines()
    [answer] = [row for row in rows if row.startswith("| `answer`")]
    assert "if there is none of these 5 working days: 等待方 waiter" in answer


def test_every_kind_and_deadline_stands_in_the_document_with_its_articles() -> None:
    text = document(LIFECYCLES)
    for lifecycle in LIFECYCLES.values():
        for opening in lifecycle.opens.values():
            for name, kind in opening.kinds.items():
                [row] = [
                    line
                    for line in text.splitlines()
                    if line.startswith(f"| `{name}` | {kind.zh} |")
                ]
                assert ", ".join(kind.articles) in row
        for name, deadline in lifecycle.deadlines.items():
            assert f"| `{name}` | {deadline.zh} | {deadline.within} |" in text


def test_what_all_families_have_is_told_once() -> None:
    text = document(LIFECYCLES)
    assert text.count("| 备注 commented |") == 1
    assert text.count("| 分线结束 track ended |") == 1
    assert text.count("| 进展报告 progressed |") == 2


def test_the_command_writes_the_document(tmp_path: Path) -> None:
    file = tmp_path / "drawn.md"
    done = CliRunner().invoke(
        app, ["contracts", "draw", "--contracts", str(ROOT / "contracts"), "--to", str(file)]
    )
    assert done.exit_code == 0, done.output
    assert file.read_text("utf-8") == document(LIFECYCLES)
