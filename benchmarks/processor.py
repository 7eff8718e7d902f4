"""What runs as a processor in the benchmarks: the real one, its cryptography metered if asked.

`COLLABBENCH_METER` names a folder: if it exists, the process is metered, and writes there.
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
    folder = Path(os.environ["COLLABBENCH_METER"])
    if folder.is_dir():
        from benchmarks import meter

        meter.start(folder / f"{settings.region}.jsonl")
    return run(settings)


if __name__ == "__main__":
    sys.exit(main())
