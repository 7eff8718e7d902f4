"""Handlers: code that reacts to a region's events, and answers for an office.

```python
from collabbus.handlers import ClueMatter, ClueTransferred, Domain, Event, Handlers, on

@on(ClueTransferred, domain=Domain.FINANCE)
async def triage(event: Event[ClueTransferred], matter: ClueMatter) -> None:
    await matter.receive(officer="...")

handlers = Handlers("clue-desk", triage)
```
"""

from collabbus.handlers import families
from collabbus.handlers.answer import Answer, Submitter
from collabbus.handlers.delivery import Failure, Retry
from collabbus.handlers.event import Event
from collabbus.handlers.failure import AnswerPending, Ended, HandlersInvalid, Permanent, TimedOut
from collabbus.handlers.families import *  # noqa: F403 - messages, enumerations, matters
from collabbus.handlers.handler import Handler, Handlers, Wanted, load, on
from collabbus.handlers.matter import Matter
from collabbus.handlers.names import Domain, Family, Function
from collabbus.handlers.run import Call, Middleware

__all__ = [
    "Answer", "AnswerPending", "Call", "Domain", "Ended", "Event", "Failure", "Family", "Function",
    "Handler", "Handlers", "HandlersInvalid", "Matter", "Middleware", "Permanent", "Retry",
    "Submitter", "TimedOut", "Wanted", "load", "on",
]  # fmt: skip
__all__ += families.__all__
