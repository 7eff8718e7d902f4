"""What can be set: how to reach Kafka, how a region's processor runs, and what runs beside it."""

from collabbus.settings.document import document
from collabbus.settings.handlers import HandlerSettings
from collabbus.settings.kafka import KafkaSettings
from collabbus.settings.processor import Settings, load
from collabbus.settings.sources import FILE, SettingsError

__all__ = [
    "FILE",
    "HandlerSettings",
    "KafkaSettings",
    "Settings",
    "SettingsError",
    "document",
    "load",
]
