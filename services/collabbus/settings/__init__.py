"""What can be set: how to reach Kafka, and how a region's processor runs."""

from collabbus.settings.document import document
from collabbus.settings.gateway import GatewaySettings, load_gateway
from collabbus.settings.kafka import KafkaSettings
from collabbus.settings.processor import Settings, load
from collabbus.settings.sources import FILE, SettingsError

__all__ = [
    "FILE",
    "GatewaySettings",
    "KafkaSettings",
    "Settings",
    "SettingsError",
    "document",
    "load",
    "load_gateway",
]
