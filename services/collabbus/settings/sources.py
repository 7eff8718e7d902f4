"""Where settings come from: flags, the environment, a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    YamlConfigSettingsSource,
)

from collabbus.errors import CollabbusError

FILE = "COLLABBUS_SETTINGS"
"""The environment variable that names the YAML file with settings."""
SERVICES = frozenset({"gateway"})
"""Sections of services that have settings of their own, beside the processor's."""


class SettingsError(CollabbusError):
    """Settings break their rules; the message lists every fault, and where each one came from."""

    code: ClassVar[str] = "SETTINGS_INVALID"


class Sourced(BaseSettings):
    """Flags win over the environment, the environment wins over the file."""

    section: ClassVar[str | None] = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read flags, then the environment, then the YAML file; nothing else."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _Yaml(settings_cls, cls.section)


class _Yaml(YamlConfigSettingsSource):
    """The file named by COLLABBUS_SETTINGS, or one section of it."""

    def __init__(self, settings_cls: type[BaseSettings], section: str | None) -> None:
        name = os.environ.get(FILE)
        if name and not Path(name).is_file():
            raise SettingsError(
                f"{FILE}={name!r} names no file; correct the path or unset the variable"
            )
        self._section = section
        super().__init__(settings_cls, yaml_file=name)

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        content = super()._read_file(file_path)
        if self._section:
            return content.get(self._section) or {}
        return {name: value for name, value in content.items() if name not in SERVICES}
