"""The test kit for those who write handlers: an alliance in memory, with no broker."""

from collabbus.testing.alliance import Alliance, NeverSettlesError, UnknownNameError
from collabbus.testing.contracts import NoContractsError
from collabbus.testing.host import Answered, HostInMemory
from collabbus.testing.log import Log
from collabbus.testing.matter import MatterView
from collabbus.testing.office import SimulatedOffice
from collabbus.testing.partner import Partner, PartnerStuckError
from collabbus.testing.performed import Performed

__all__ = [
    "Alliance",
    "Answered",
    "HostInMemory",
    "Log",
    "MatterView",
    "NeverSettlesError",
    "NoContractsError",
    "Partner",
    "PartnerStuckError",
    "Performed",
    "SimulatedOffice",
    "UnknownNameError",
]
