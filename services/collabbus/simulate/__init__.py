"""The alliance in one process: whole networks by seed, over links and crashes that it invents."""
