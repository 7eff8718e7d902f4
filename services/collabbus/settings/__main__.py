"""Prints the reference of all settings: `python -m collabbus.settings > docs/settings.md`."""

from collabbus.settings import document

print(document(), end="")
