"""Tests of collabbus.simulate: the alliance in one process."""
