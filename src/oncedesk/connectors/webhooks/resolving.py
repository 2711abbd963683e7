"""Names become addresses here, and only addresses that may be called come out."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from oncedesk.connectors.webhooks.targets import NotAllowed, Rules, Target
from oncedesk.domain.shared.records import Record

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The addresses of a name, as texts. Raises OSError where there are none."""

_THREADS = 32
_QUICK_SECONDS = 2.0
"""Who answers within this is asked apart from all others the next time."""
_KNOWN_MAX = 10_000


class SystemResolver:
    """Asks the system, each name at most once at a time.

    A name that is slow holds up no other that was quick before: those have threads of their own.
    What nobody waits for any more is not asked.
    """

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(_THREADS, thread_name_prefix="oncedesk-resolve")
        self._others = ThreadPoolExecutor(_THREADS, thread_name_prefix="oncedesk-resolve-new")
        self._known: dict[str, None] = {}
        self._asking: dict[str, _Question] = {}

    async def __call__(self, host: str) -> Sequence[str]:
        question = self._asking.get(host) or self._ask(host)
        question.waiting += 1
        try:
            return (await asyncio.shield(question.answer)).addresses
        finally:
            question.waiting -= 1
            if not question.waiting and question.job.cancel():
                del self._asking[host]

    def _ask(self, host: str) -> "_Question":
        job = (self._quick if host in self._known else self._others).submit(_looked_up, host)
        question = self._asking[host] = _Question(job, asyncio.wrap_future(job))
        question.answer.add_done_callback(lambda _: self._answered(host, question))
        return question

    def _answered(self, host: str, question: "_Question") -> None:
        if question.answer.cancelled():
            return
        del self._asking[host]
        self._known.pop(host, None)
        # Also if nobody waits for it any more, an error is looked at.
        if question.answer.exception() is None and question.answer.result().quick:
            self._known[host] = None
            if len(self._known) > _KNOWN_MAX:
                del self._known[next(iter(self._known))]

    def close(self) -> None:
        for threads in (self._quick, self._others):
            threads.shutdown(wait=False, cancel_futures=True)


class _Found(Record, frozen=True):
    addresses: Sequence[str]
    quick: bool


@dataclass(eq=False)
class _Question:
    """A look-up under way, and how many wait for it."""

    job: "Future[_Found]"
    answer: "asyncio.Future[_Found]"
    waiting: int = 0


def _looked_up(host: str) -> _Found:
    begun = time.monotonic()
    addresses = _addresses(host)
    return _Found(addresses, quick=time.monotonic() - begun < _QUICK_SECONDS)


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
