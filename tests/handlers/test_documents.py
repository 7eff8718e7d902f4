"""The handlers that README and guide print run as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collab.v1 import event_pb2 as ev
from collab.v1 import notification_pb2 as notification
from collabbus.handlers import Event, load
from collabbus.model.body import type_of
from tests.handlers.bench import OFFICE, Tray, envelope, run

ROOT = Path(__file__).parents[2]


def printed(page: str, number: int) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    code: str = [one for one in blocks if "collabbus.handlers" in one or number][number]
    return code


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readmes_handler_runs_as_printed_and_is_short(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = printed(page, 0)
    assert len([line for line in code.splitlines() if line]) <= 15
    module = f"desk_{page.replace('.', '_').replace('-', '_').lower()}"
    (tmp_path / f"{module}.py").write_text(code, "utf-8")
    monkeypatch.chdir(tmp_path)
    handlers = load(f"{module}:handlers")
    tray = Tray()
    [handler] = handlers
    assert handlers.wanting(envelope()) == ("triage",)
    assert handlers.wanting(envelope(domain=ev.DOMAIN_IP)) == ()
    assert run(handler, tray) is None
    assert [type_of(one.body) for one in tray.drafts] == ["Received", "ClarificationAsked"]


def test_the_guides_handler_and_its_middleware_run_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "guide.py").write_text(
        printed("docs/adding-a-handler.md", 0) + printed("docs/adding-a-handler.md", 1), "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    handlers = load("guide")
    told = envelope(type="CaseNotified", family=ev.FAMILY_NOTIFICATION, thread=f"track/{OFFICE}")
    [name] = handlers.wanting(told)
    tray = Tray()
    about = Event(notification.CaseNotified(), told, 1_793_000_000_500, 0, 7)
    assert run(handlers[name], tray, handlers.middleware, about=about) is None
    [draft] = tray.drafts
    assert (type_of(draft.body), draft.thread) == ("Acknowledged", f"track/{OFFICE}")
    assert "attempt 1" in capsys.readouterr().out
