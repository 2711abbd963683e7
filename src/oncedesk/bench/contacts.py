"""Contacts through the real `oncedesk serve`: what is sent, what has to be there, what counts."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec

from oncedesk.backtesting.spreading import cores
from oncedesk.bench.databases import count, own_marketplace
from oncedesk.bench.served import Served, free_port, served
from oncedesk.bench.town import TEXT, open_desks, place_orders, the_town
from oncedesk.bench.turns import Turn
from oncedesk.domain.conversations.messages import Channel, ReceiveContact, Surface
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.records import Record
from oncedesk.engine.entry import Sealed
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Scope
from oncedesk.settings import Settings
from oncedesk.wiring import build

DATABASE = "oncedesk_bench"
ECHO = "/bench/echo"
_PATH = "/v1/marketplace/contacts"


class ContactRequests(Record, frozen=True):
    """Each from another consumer: about their own order, or beyond `orders` about a listing.

    With `consumers` from so many in turn, who write again and again about the same.
    """

    token: str
    orders: int
    path: str = _PATH
    consumers: int | None = None

    def request(self, number: int) -> bytes:
        body = self._body(number if self.consumers is None else number % self.consumers)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.token}\r\nIdempotency-Key: contact-{number}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _body(self, number: int) -> bytes:
        consumer = _TOWN.consumer(number)
        if number < self.orders:
            subject = f'{{"kind":"order","id":"{_TOWN.order(consumer)}","part":1}}'
        else:
            subject = f'{{"kind":"listing","id":"{_TOWN.listing(number)}"}}'
        issue = _TOWN.issues[number % len(_TOWN.issues)]
        return (
            f'{{"consumer":"{consumer}","subject":{subject},"text":{_TEXT},"market":"cn",'
            f'"channel":"app_chat","surface":"order","language":"zh","issue":"{issue}"}}'
        ).encode()

    def command(self, number: int, *, seal: Sealed) -> ReceiveContact:
        """The command that this request becomes; `seal` is that of the text."""
        consumer = _TOWN.consumer(number)
        about = (SubjectKind.ORDER, _TOWN.order(consumer), 1)
        if number >= self.orders:
            about = (SubjectKind.LISTING, _TOWN.listing(number), 0)
        return ReceiveContact(
            consumer=consumer,
            subject=Subject(*about),
            market="cn",
            channel=Channel.APP_CHAT,
            surface=Surface.ORDER,
            digest=seal.digest,
            length=seal.length,
            language="zh",
            issue=_TOWN.issues[number % len(_TOWN.issues)],
        )

    def written_by(self, consumers: int) -> "ContactRequests":
        """From so many consumers, in turn."""
        return msgspec.structs.replace(self, consumers=consumers)

    def echoed(self) -> "ContactRequests":
        """The same bytes to a route that only sends the body back."""
        return msgspec.structs.replace(self, path=ECHO)


_TOWN = the_town()
_TEXT = f'"{TEXT}"'


class NotAsAcknowledged(RuntimeError):
    """What was acknowledged and what is recorded are not the same, or something was refused."""


class Marketplace(Record, frozen=True):
    """A database in which desks are open and orders placed, and the requests that fit it."""

    url: str
    requests: ContactRequests

    @asynccontextmanager
    async def serving(self, *, processes: int | None = None) -> AsyncIterator[Served]:
        """`oncedesk serve` on it, as users run it, but for the echo route; if not said otherwise in
        as many processes as the guide advises, one for each core."""
        port = free_port()
        command = (
            *(sys.executable, "-c", "from oncedesk.cli.main import main; main()"),
            *("serve", "--port", str(port), "--processes", str(processes or cores())),
        )
        environment = {
            **os.environ,
            "ONCEDESK_DATABASE_URL": self.url,
            "ONCEDESK_BENCH_ECHO": "true",
        }
        async with served(command, port=port, environment=environment) as server:
            yield server

    async def recorded(self) -> int:
        """Contacts in the database. Raises NotAsAcknowledged where one counted twice."""
        messages = await count(self.url, "SELECT count(*) FROM message")
        conversations = await count(self.url, "SELECT count(DISTINCT conversation) FROM message")
        # Each consumer writes once, and nobody else writes.
        if messages != conversations:
            raise NotAsAcknowledged(f"{messages} messages in {conversations} conversations")
        return messages


@asynccontextmanager
async def marketplace(
    url: str, *, settings: Settings, orders: int, progress: Callable[[str], None]
) -> AsyncIterator[Marketplace]:
    """A new one on this server, gone afterwards. Raises NoDatabase."""
    progress("setting up")
    async with own_marketplace(url, name=DATABASE) as own:
        async with build(own, settings=settings) as parts:
            await open_desks(parts)
            await place_orders(parts, number=orders)
            made = make_key(
                name="bench", scopes=[Scope.CONTACTS_WRITE], by="bench", now=parts.engine.clock()
            )
            await parts.access.keys.add(made.key)
        yield Marketplace(own, ContactRequests(made.token, orders))


def insist(turns: Sequence[Turn], *, recorded: int) -> int:
    """How many were acknowledged: all that were asked, and each recorded once.

    Raises NotAsAcknowledged.
    """
    refuse_failures(turns)
    acknowledged = sum(turn.acknowledged for turn in turns)
    if acknowledged != recorded:
        raise NotAsAcknowledged(f"{acknowledged} acknowledged, {recorded} recorded")
    return acknowledged


def refuse_failures(turns: Sequence[Turn]) -> None:
    """Raises NotAsAcknowledged where anything was answered other than with success."""
    refused = next((turn.refused for turn in turns if turn.refused), "")
    if refused:
        raise NotAsAcknowledged(f"{sum(turn.failed for turn in turns)} refused: {refused}")
