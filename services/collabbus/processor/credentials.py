"""Credentials: how Faust's own clients log in.

Faust makes a producer of its own, which we never use, but which must connect before anything
starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def credentials(kafka: Mapping[str, Any]) -> Any:
    """Give the arguments of an aiokafka client as Faust wants them; None where nobody logs in."""
    import faust

    context = kafka.get("ssl_context")
    if "sasl_mechanism" in kafka:
        return faust.SASLCredentials(
            mechanism=kafka["sasl_mechanism"],
            username=kafka["sasl_plain_username"],
            password=kafka["sasl_plain_password"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None
