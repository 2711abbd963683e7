"""Names become addresses here, and only addresses that may be called come out."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from oncedesk.connectors.webhooks.targets import NotAllowed, Rules, Target

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The addresses of a name, as texts. Raises OSError where there are none."""

_THREADS = 32


class SystemResolver:
    """Asks the system, each name at most once at a time, so that a slow one holds up no other."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="oncedesk-resolve")
        self._asking: dict[str, asyncio.Future[Sequence[str]]] = {}

    async def __call__(self, host: str) -> Sequence[str]:
        asking = self._asking.get(host)
        if asking is None:
            asking = asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host)
            self._asking[host] = asking
            asking.add_done_callback(lambda answered: self._answered(host, answered))
        return await asyncio.shield(asking)

    def _answered(self, host: str, answered: asyncio.Future[Sequence[str]]) -> None:
        del self._asking[host]
        if not answered.cancelled():
            answered.exception()  # Nobody may be waiting for it any more.

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedResolver(AbstractResolver):
    """What the HTTP client resolves with: it connects to nothing but what comes out of here.

    Whatever a name answered before: each new connection asks again, and all that it answers is
    checked. Where one address may not be called, none of them is.
    """

    def __init__(self, *, scheme: str, rules: Rules, resolve: Resolve) -> None:
        self._scheme = scheme
        self._rules = rules
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family  # Whichever there are.
        target = Target(self._scheme, host, port)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in await checked_addresses(target, rules=self._rules, resolve=self._resolve)
        ]

    async def close(self) -> None:
        """Whoever made it closes what it asks."""


async def checked_addresses(target: Target, *, rules: Rules, resolve: Resolve) -> Sequence[str]:
    """Where this target is. Raises `NotAllowed`, and OSError where it is nowhere."""
    own = target.address
    found = [str(own)] if own is not None else await resolve(target.host)
    if not found:
        raise OSError(f"{target.host} has no address")
    for text in found:
        # A zone (%eth0) only says which way a link-local address lies.
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError as error:
            raise NotAllowed(f"{target.host}: {text!r} is no address") from error
        rules.check(target, address)
    return found
