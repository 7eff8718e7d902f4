"""Targets: to which addresses webhooks may go, by name and by what the name stands for.

The operator lists names. Whoever runs the name says for which address it stands, and may say
another one each time, so each connection is made to an address that was looked at, never to a name.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from collabbus.gateway.trust import receivers
from collabbus.settings import GatewaySettings

Address = IPv4Address | IPv6Address

_LABEL = "[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"
# What is longer, or has an empty label, is no name of the DNS, and Python's resolver fails on it.
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
# Where clouds tell a machine its secrets, beside 169.254.169.254, which is link-local anyway.
_METADATA = (ip_address("100.100.100.200"), ip_address("fd00:ec2::254"))
_NAT64 = ip_network("64:ff9b::/96")
# Where a network translates by itself (RFC 8215), and where in it an IPv4 address stands varies.
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")
_NOBODYS = "192.0.2.1"
"""An address of documentation: who can bind to it could bind to any."""


def allowed(url: str, settings: GatewaySettings) -> str:
    """Give "" if webhooks may go to an address, else what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
        # Two readers that find different hosts in one address are how such lists are passed by.
        same = httpx.URL(url).host == (parts.hostname or "").lower()
    except (ValueError, httpx.InvalidURL):
        return "is no URL"
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.webhook_plain):
        return "must begin with https://"
    host = (parts.hostname or "").lower()
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return "must have a host, and no user, password or fragment"
    if not same or not (_NAME.fullmatch(host) or _literal(host)):
        return (
            "must name its host in letters, digits and hyphens, with dots between 1 to 63 of these"
        )
    for pattern in settings.webhook_hosts:
        name, wanted = _split(pattern)
        if wanted and wanted != str(port):
            continue
        if not wanted and port not in (None, 443, 80):
            continue
        if host == name or (name.startswith("*.") and host.endswith(name[1:])):
            return ""
    return "names a host that the gateway's operator hasn't allowed (webhook_hosts)"


def barred(address: Address) -> bool:
    """Tell whether an address is this machine's, its neighbours' or nobody's.

    Addresses of private networks aren't: offices' systems have such.
    """
    found = _inner(address)
    return (
        found.is_loopback
        or found.is_link_local
        or found.is_unspecified
        or found.is_multicast
        or (isinstance(found, IPv4Address) and found.is_reserved)
        or found in _METADATA
        or found in _LOCAL_NAT64
        or (_binds(str(found)) and not _binds(_NOBODYS))
    )


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to what a name stands for, once that was looked at.

    An address that is barred is reached only where the operator's list has it itself: by number,
    or `localhost`.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        names = {_split(pattern)[0] for pattern in settings.webhook_hosts}
        self._listed = {name for name in names if name == "localhost" or _literal(name)}
        self._inner: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect; raises httpcore.ConnectError where the name stands for a barred address."""
        try:
            found = await _resolved(host, port)
        except (OSError, UnicodeError) as error:  # the second of what is no name at all
            raise httpcore.ConnectError(f"{host} isn't known") from error
        if host not in self._listed and any(barred(one) for one in found):
            raise httpcore.ConnectError(f"{host} stands for an address that is barred")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for one in found:
            try:
                return await self._inner.connect_tcp(
                    str(one), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: webhooks go over the network."""
        raise httpcore.ConnectError("webhooks go over the network")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


class Transport(httpx.AsyncHTTPTransport):
    """httpx's transport, whose connections the guard makes.

    The guard stands below names: certificates and kept connections go by the name.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        super().__init__(trust_env=False)
        # httpx has no argument for what its pool connects with.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=receivers(settings),
            network_backend=Guard(settings),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
        )


def client(settings: GatewaySettings, timeout: float) -> httpx.AsyncClient:
    """Give the client of deliveries: guarded, and without redirects."""
    # Proxies of the environment could lead deliveries elsewhere than the operator allows.
    return httpx.AsyncClient(
        transport=Transport(settings), timeout=timeout, follow_redirects=False, trust_env=False
    )


async def _resolved(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def _inner(address: Address) -> Address:
    """Give the address of IPv4 that one of IPv6 stands for, where it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        low = int(address) & 0xFFFFFFFF
        # The last are written ::1.2.3.4, and were given up long ago; ::1 itself is none of them.
        if address in _NAT64 or (int(address) >> 32 == 0 and low > 1):
            return IPv4Address(low)
    return address


def _binds(address: str) -> bool:
    """Tell whether a socket could have an address, as those of this machine's interfaces."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as held:
            held.bind((address, 0))
    except OSError:
        return False
    return True


def _literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _split(pattern: str) -> tuple[str, str]:
    """Give name and port of an entry of the operator's list; "" for no port."""
    text = pattern.lower()
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
        return name, port.removeprefix(":")
    if _literal(text):
        return text, ""
    name, _, port = text.partition(":")
    return name, port
