"""Which addresses may be called: a public one by https, or what the installation's owner allowed.

A name is no answer, for it may lead somewhere else the next time: what counts is each address that
a connection is opened to. Of the special-purpose addresses (IANA's registries for IPv4 and IPv6)
none is public here, nor is one that carries an IPv4 address within it.
"""

import re
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

URL_LENGTH_MAX = 1_000
_URL = re.compile(r"https?://[!-~]+")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?$")

_SPECIAL_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services, though in public space
        "169.254.0.0/16",  # link-local, and what a cloud tells its machines
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_SPECIAL_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address within
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


class Target(Record, frozen=True):
    """A URL, taken apart: `host` is a name or an address, in lower case and without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def place(self) -> str:
        """All of it that may be told: behind it often stands a key."""
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> Address | None:
        """The address that stands in the URL itself."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


class NotAllowed(Exception):
    """This address may not be called."""


class Rules(Record, frozen=True):
    """What may be called. In the `allowed` networks also by http and on any port."""

    ports: tuple[int, ...] = (443,)
    allowed: tuple[Network, ...] = ()

    def check(self, target: Target, address: Address) -> None:
        """Raises `NotAllowed`, unless this address may be called for that target."""
        if any(address in network for network in self.allowed):
            return
        if not is_public(address):
            raise NotAllowed(f"{target.host}: {address} is not a public address")
        if target.scheme != "https":
            raise NotAllowed(f"{target.host}: only https may be called")
        if target.port not in self.ports:
            ports = ", ".join(map(str, self.ports))
            raise NotAllowed(f"{target.host}: port {target.port} is not one of {ports}")


def is_public(address: Address) -> bool:
    """It leads to nobody's inside."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    return address in _PUBLIC_6 and not any(address in network for network in _SPECIAL_6)


def networks_of(text: str) -> Sequence[Network]:
    """Networks such as `10.1.0.0/16`, parted by commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def target_of(url: str) -> Target | Refusal:
    """Take a URL apart; what could be read in two ways is refused."""
    if len(url) > URL_LENGTH_MAX or not _URL.fullmatch(url) or "\\" in url:
        return _refused("a URL such as https://example.org/hooks, in ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _refused("a URL such as https://example.org/hooks")
    if port == 0:
        return _refused("a port from 1 to 65535")
    if "@" in parts.netloc:
        return _refused("a URL without a user or password")
    if parts.fragment or "#" in url:
        return _refused("a URL without a fragment")
    host = (parts.hostname or "").lower()
    target = Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))
    if target.address is not None:
        # An IPv6 address with a zone leads to a neighbour.
        return _refused("an address without a zone") if "%" in host else target
    if not _HOST.fullmatch(host):
        return _refused("the name of a host")
    if _NUMBER.search(host.rpartition(".")[2] or host.rstrip(".").rpartition(".")[2]):
        return _refused("an address as four decimal numbers")
    return target


def _refused(expected: str) -> Refusal:
    return Refusal("webhook_url", f"expected {expected}", "url")
