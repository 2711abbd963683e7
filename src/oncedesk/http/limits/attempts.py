"""Whoever tries to come in may be wrong so often; what turns out right is not counted."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from oncedesk.http.limits.rates import Rates
from oncedesk.http.problems import CredentialsWrong, Refused

_PLACES_MAX = 10_000


class Places:
    """From where log-ins succeeded lately: there, wrong attempts of strangers do not count."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], None] = {}

    def client(self, name: str, address: str) -> str:
        """Whose wrong attempts these are: the name's, or the name's at an address known for it."""
        return f"name {name} at {address}" if (name, address) in self._known else f"name {name}"

    def came_in(self, name: str, address: str) -> None:
        self._known.pop((name, address), None)
        self._known[name, address] = None
        if len(self._known) > _PLACES_MAX:
            del self._known[next(iter(self._known))]


class Attempts:
    """At most as many wrong attempts of one client as `rates` allow.

    An attempt is counted before it is looked at, so that many at once guess no more than one after
    the other. Where there are too many only because of those that are being looked at, the next one
    waits for them: an office that comes in at nine has one address and many right passwords.
    """

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._under_way: Counter[str] = Counter()
        self._ended = asyncio.Event()

    @asynccontextmanager
    async def one(self, *clients: str) -> AsyncIterator[None]:
        """An attempt, counted for each of these where it raises `CredentialsWrong` or breaks off.
        Raises `Refused`, and counts for none, where one of them had too many."""
        while (short := self._first_short(clients)) is not None:
            client, refused = short
            if not self._under_way[client]:
                raise refused
            await self._ended.wait()
        self._under_way.update(clients)
        wrong = True
        try:
            yield
            wrong = False
        except Exception as error:
            # Of anything else nobody learns whether it was right: too many at once, for instance.
            wrong = isinstance(error, CredentialsWrong)
            raise
        finally:
            for client in clients:
                if not wrong:
                    self._rates.give_back(client)
                self._under_way[client] -= 1
                if not self._under_way[client]:
                    del self._under_way[client]
            # Those who wait look again, each for itself.
            self._ended.set()
            self._ended = asyncio.Event()

    def _first_short(self, clients: Sequence[str]) -> tuple[str, Refused] | None:
        """Count one for each; or for none, and say which of them had too many."""
        for number, client in enumerate(clients):
            try:
                self._rates.take(client)
            except Refused as refused:
                for counted in clients[:number]:
                    self._rates.give_back(counted)
                return client, refused
        return None
