"""The reference of all settings, written from their descriptions."""

from __future__ import annotations

from pydantic_settings import BaseSettings

from collabbus.settings.handlers import HandlerSettings
from collabbus.settings.kafka import KafkaSettings
from collabbus.settings.processor import Settings
from collabbus.settings.sources import FILE


def document() -> str:
    """The reference of all settings as Markdown: what docs/settings.md must contain."""
    head = (
        "# Settings\n\nWritten from `services/collabbus/settings/`; change it there, then run "
        "`python -m collabbus.settings > docs/settings.md`.\n\nA flag of the command line wins "
        "over the environment, which wins over the YAML file named by "
        f"`{FILE}`. Keys of the file are the names below; Kafka's stand in its section "
        "`kafka`, the handlers' in `handlers`.\n"
    )
    return "\n".join(
        [
            head,
            _table("The processor", Settings),
            _table("Handlers", HandlerSettings),
            _table("Kafka", KafkaSettings),
        ]
    )


def _table(title: str, settings: type[BaseSettings]) -> str:
    prefix = settings.model_config.get("env_prefix") or ""
    lines = [f"## {title}\n"]
    for name, field in settings.model_fields.items():
        if field.is_required():
            default = "must be set"
        elif field.default_factory is not None:
            default = "its own defaults"
        else:
            default = f"default `{field.default}`"
        example = (field.examples or [""])[0]
        lines.append(
            f"### `{name}`\n\n{field.description}\n\n"
            f"`{prefix}{name.upper()}`; {default}; for example: `{example}`\n"
        )
    return "\n".join(lines)
