"""The command line, with a core that raises on each act that says POISON.

`POISON HERE` makes the region of the office that acts fail, `POISON THERE` every other one.
"""

from __future__ import annotations

import os
from typing import Any

from collabbus.cli import main
from collabbus.model import rules

judge = rules.judge


def poisoned(where: Any, act: Any) -> Any:
    """Judge, or raise."""
    own = act.office.startswith(os.environ["COLLABBUS_REGION"] + "/")
    if (b"POISON HERE" if own else b"POISON THERE") in act.body.SerializeToString():
        raise RuntimeError("planted")
    return judge(where, act)


if __name__ == "__main__":
    rules.judge = poisoned
    main()
