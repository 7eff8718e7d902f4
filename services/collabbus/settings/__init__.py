"""What can be set: how to reach Kafka, where the ledger lives, how a region's services run."""

from collabbus.settings.document import document
from collabbus.settings.gateway import GatewaySettings, load_gateway
from collabbus.settings.handlers import HandlerSettings
from collabbus.settings.kafka import KafkaSettings
from collabbus.settings.ledger import LedgerSettings
from collabbus.settings.processor import Settings, load
from collabbus.settings.sources import FILE, SettingsError

__all__ = [
    "FILE",
    "GatewaySettings",
    "HandlerSettings",
    "KafkaSettings",
    "LedgerSettings",
    "Settings",
    "SettingsError",
    "document",
    "load",
    "load_gateway",
]
