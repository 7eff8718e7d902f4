"""Drawing: the lifecycles as a document with diagrams, Chinese and English, for people who read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from collabbus.model.lifecycle import (
    KEEP,
    KIND,
    Beginning,
    By,
    Chain,
    Deadline,
    Lifecycle,
    Opening,
    RemarkRule,
    State,
    StepRule,
    Target,
    Turn,
    Who,
)

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WHO = {Who.REQUESTER: "请求方 requester", Who.EXECUTOR: "承办方 executor"}
_HOST = "主办方 host"
_HOW: dict[Beginning, str] = {
    "to": "向一方 to one",
    "circulates": "向多方 to many",
    "alone": "不指明对方 to none named",
}
_BY = {
    By.AWAITED: "待其行为方 awaited",
    By.WAITER: "等待方 waiter",
    By.PARTY: "各方 party",
    By.HOST: _HOST,
    By.OBSERVER: "知悉方 observer",
    By.REGION: "区域自动 region",
}
_TO = {
    Target.SUPERIOR: "上级 superior",
    Target.LINKAGE_OFFICE: "联动办公室 linkage office",
    Target.CONVENERS: "召集人 conveners",
    Target.WAITER: "等待方 waiter",
}
_HEAD = """\
# 协作类别 Lifecycles

Written from `contracts/`; change it there, then run `collabbus contracts draw`.
由 `contracts/` 生成: 请在该处修改, 再运行 `collabbus contracts draw`。

A box is a state and, behind the dot, whom it awaits; in one with ○ nothing is owed. An arrow is an
act of that party; `†` marks one that only some kinds of matter know, `‡` one that needs something
of somebody else: a request that is pending, an agreement, an office to which to turn.
方框为状态, 圆点后为待其行为的一方, ○ 表示无应履行事项; 箭头为该方行为。
† 仅限部分种类; ‡ 须以他方行为为前提。
"""


def document(lifecycles: Mapping[str, Lifecycle]) -> str:
    """Give the text of docs/lifecycles.md; the same for the same contracts, whatever their order.

    Each family has its kinds, one diagram and one table of acts a thread, and its deadlines.
    """
    families = [lifecycles[name] for name in sorted(lifecycles)]
    common = _common(families)
    parts = [_HEAD, *(_family(each, common) for each in families)]
    if common:
        lines = ["## 通用备注 Remarks of every family", "", *_acts_head()]
        lines += [line for kind, remark in common.items() for line in _remark(kind, remark)]
        parts.append("\n".join([*lines, ""]))
    return "\n".join(parts)


def diagram(lifecycle: Lifecycle, chain: Chain) -> str:
    """Give a thread's states and steps as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{_label(name, state)}" as {name}' for name, state in chain.states.items()
    ]
    beginnings = _opened(lifecycle) if chain is lifecycle.main else _tracked(chain)
    lines += [f"    [*] --> {state}: {label}" for state, label in beginnings]
    for kind, step in chain.steps.items():
        lines += [
            f"    {start} --> {end}: {label}" for start, end, label in _arrows(chain, kind, step)
        ]
    lines += [f"    {name} --> [*]" for name, state in chain.states.items() if state.final]
    return "\n".join(["```mermaid", *lines, "```", ""])


def _common(families: Sequence[Lifecycle]) -> dict[str, RemarkRule]:
    """Give the remarks that every main thread has, and those that every track has."""
    tracks = [each.track for each in families if each.track is not None]
    return _shared([each.main for each in families]) | _shared(tracks)


def _shared(chains: Sequence[Chain]) -> dict[str, RemarkRule]:
    if len(chains) < 2:
        return {}
    return {
        kind: remark
        for kind, remark in chains[0].remarks.items()
        if all(chain.remarks.get(kind) == remark for chain in chains)
    }


def _family(lifecycle: Lifecycle, common: Mapping[str, RemarkRule]) -> str:
    lines = [f"## {lifecycle.zh} {lifecycle.family.capitalize()}", ""]
    for name, opening in lifecycle.opens.items():
        lines += [f"### 种类 Kinds of {_act(name, opening.zh)}", "", *_kinds(opening), ""]
        for copy in opening.copies:
            lines += [
                f"Copies 抄送 ({copy.region}, where `{copy.when}`): {', '.join(copy.roles)}; "
                f"{_articles(copy.articles)}",
                "",
            ]
    lines += ["### 主线程 Main thread", "", diagram(lifecycle, lifecycle.main)]
    lines += [*_acts(lifecycle.main, common), ""]
    if lifecycle.track is not None:
        lines += ["### 分线 Track", "", diagram(lifecycle, lifecycle.track)]
        lines += [*_acts(lifecycle.track, common), ""]
    lines += ["### 期限 Deadlines", "", *_deadlines(lifecycle.deadlines), ""]
    return "\n".join(lines)


# Diagrams -----------------------------------------------------------------------------------


def _label(name: str, state: State) -> str:
    label = f"{state.zh} {name.replace('_', ' ')}"
    if state.final or state.awaits is None:
        return label
    return f"{label} · {_party(state)}{' ○' if state.idle else ''}"


def _party(state: State) -> str:
    return _HOST if state.awaits is state.waits else _WHO[state.awaits or Who.REQUESTER]


def _opened(lifecycle: Lifecycle) -> Iterator[tuple[str, str]]:
    for name, opening in lifecycle.opens.items():
        for how, whom in _HOW.items():
            label = f"{_act(name, opening.zh)}, {whom}"
            general: str | None = getattr(opening, how)
            own = {k: to for k in opening.kinds if (to := opening.begins(how, [k])) != general}
            if general is not None and len(own) < len(opening.kinds):
                yield general, label
            for state in dict.fromkeys(to for to in own.values() if to):
                kinds = [kind for kind, to in own.items() if to == state]
                yield state, f"{label} ({', '.join(kinds)})"


def _tracked(chain: Chain) -> Iterator[tuple[str, str]]:
    if chain.begins is not None:
        yield chain.begins, "建立分线 track opened"


def _arrows(chain: Chain, kind: str, step: StepRule) -> Iterator[tuple[str, str, str]]:
    needs = step.answers or step.gathers or step.agrees or step.forwards or step.assigns
    label = (
        _act(kind, step.zh) + ("†" if step.kinds or step.unless else "") + ("‡" if needs else "")
    )
    for start in step.from_:
        for value, turn in step.ends():
            when = f" ({step.field} = {value})" if value else ""
            for end in _reached(chain, start, turn):
                yield start, end, label + when


def _reached(chain: Chain, start: str, turn: Turn) -> Iterable[str]:
    if turn.to != "resume":
        return (turn.to,)
    asking = (step for step in chain.steps.values() if step.asks and step.to == start)
    return dict.fromkeys(state for step in asking for state in step.from_)


# Tables -------------------------------------------------------------------------------------


def _kinds(opening: Opening) -> Iterator[str]:
    yield from _row(
        "Kind",
        "种类",
        "Rows",
        "Own first state 自有初始状态",
        "Own deadline 自有期限",
        "Articles 依据",
    )
    for name, kind in opening.kinds.items():
        rows = ", ".join(map(str, kind.rows))
        states = [_own(getattr(kind, how), whom) for how, whom in _HOW.items()]
        terms = [
            kind.deadline,
            _own(kind.host_deadline, "不指明承办方 no executor"),
            _own(kind.track_deadline, "分线 track"),
        ]
        yield from _row(
            f"`{name}`",
            kind.zh,
            rows,
            "; ".join(each for each in states if each),
            "; ".join(each for each in terms if each),
            _articles(kind.articles),
            head=False,
        )


def _own(name: str | None, where: str) -> str:
    """Write what a kind has of its own, and where; empty if it has what all have."""
    return "" if name is None else f"{where}: {name or '不可 not possible'}"


def _acts_head() -> Iterator[str]:
    yield from _row("Act 行为", "By", "From", "To", "Deadline 期限", "Must bring", "Articles 依据")


def _acts(chain: Chain, common: Mapping[str, RemarkRule]) -> Iterator[str]:
    yield from _acts_head()
    for kind, step in chain.steps.items():
        ends = list(step.ends())
        yield from _row(
            _act(kind, step.zh) + _only(step),
            ", ".join(dict.fromkeys(_party(chain.states[state]) for state in step.from_)),
            ", ".join(step.from_),
            "; ".join(_said(value, turn.to) for value, turn in ends),
            "; ".join(_said(value, _runs(chain, turn)) for value, turn in ends),
            _paths(step.requires),
            _articles(step.articles),
            head=False,
        )
    for kind, remark in chain.remarks.items():
        if common.get(kind) != remark:
            yield from _remark(kind, remark)


def _remark(kind: str, remark: RemarkRule) -> Iterator[str]:
    yield from _row(
        _act(kind, remark.zh) + _only(remark),
        _BY[remark.by],
        ", ".join(remark.from_),
        "备注 remark",
        "",
        _paths(remark.requires),
        _articles(remark.articles),
        head=False,
    )


def _deadlines(deadlines: Mapping[str, Deadline]) -> Iterator[str]:
    yield from _row(
        "Deadline", "期限", "Within", "At most", "Reminded", "What follows", "Articles 依据"
    )
    for name, deadline in deadlines.items():
        follows = [f"{each.after}: {_TO[each.to]}" for each in deadline.escalate]
        if (instead := deadline.otherwise) is not None:
            follows.append(
                f"无此机构时 if there is none of these {instead.after}: {_TO[instead.to]}"
            )
        if deadline.default is not None:
            follows.append(f"default 默认 {deadline.default.act}")
        yield from _row(
            f"`{name}`",
            deadline.zh,
            str(deadline.within),
            str(deadline.at_most or ""),
            f"{deadline.remind} before" if deadline.remind else "",
            "; ".join(follows),
            _articles(deadline.articles),
            head=False,
        )


def _act(kind: str, zh: str) -> str:
    return f"{zh} {_WORDS.sub(' ', kind).lower()}"


def _only(rule: StepRule | RemarkRule) -> str:
    if rule.unless:
        return f" († 除 all but {', '.join(rule.unless)})"
    return f" († {', '.join(rule.kinds)})" if rule.kinds else ""


def _said(value: str, what: str) -> str:
    return f"{value}: {what}" if value else what


def _runs(chain: Chain, turn: Turn) -> str:
    if turn.to in chain.states and chain.states[turn.to].final:
        return "–"
    return {KEEP: "as it runs", KIND: "种类期限 the kind's own", "": "none"}.get(
        turn.deadline, turn.deadline
    )


def _paths(paths: Iterable[str]) -> str:
    return ", ".join(path.removeprefix("body.") for path in paths)


def _articles(articles: Iterable[str]) -> str:
    return ", ".join(articles)


def _row(*cells: str, head: bool = True) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"
    if head:
        yield f"|{'---|' * len(cells)}"
