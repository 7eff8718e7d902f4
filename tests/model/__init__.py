"""Tests of collabbus.model: the core of matters, threads and steps."""
