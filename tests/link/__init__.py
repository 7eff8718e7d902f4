"""Tests of collabbus.link: the core of the links."""
