"""Prints the catalogue of all metrics: `python -m collabbus.measures > docs/metrics.md`."""

from collabbus.measures import document

print(document(), end="")
