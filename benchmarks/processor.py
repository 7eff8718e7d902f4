"""What runs as a processor in the benchmarks: the real one, with its cryptography metered if asked.

`COLLABBENCH_METER` names the folder for the sums.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from collabbus.processor.app import run
from collabbus.settings import load


def main() -> int:
    """Run a region's processor."""
    settings = load()
    if folder := os.environ.get("COLLABBENCH_METER"):
        from benchmarks import meter

        meter.start(Path(folder) / f"{settings.region}.jsonl")
    return run(settings)


if __name__ == "__main__":
    sys.exit(main())
