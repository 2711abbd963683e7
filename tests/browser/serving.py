"""Agents for the tests of the consumers' page: over HTTP, as their own program would do it."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.wiring import Parts
from tests.support.served import NOBODY, PASSWORD
from tests.support.site import Person, Site, with_parts


class Insider:
    """Somebody who works here and has logged in."""

    def __init__(self, site: Site, person: Person) -> None:
        self._url = site.url
        self._cookies: dict[str, str] = {}
        self._csrf = ""
        begun = self._asks("POST", "/v1/desk/session", {"name": person.name, "password": PASSWORD})
        self._cookies, self._csrf = dict(begun.cookies), begun.json()["csrf_token"]

    def posts(self, path: str, body: Any) -> Any:
        return self._asks("POST", path, body).json()

    def puts(self, path: str, body: Any) -> Any:
        return self._asks("PUT", path, body).json()

    def deletes(self, path: str) -> None:
        self._asks("DELETE", path, None)

    def _asks(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4()), "x-csrf-token": self._csrf}
        answer = httpx.request(
            method,
            self._url + path,
            json=body,
            headers=headers,
            cookies=self._cookies,
            timeout=30,
            verify=NOBODY,
        )
        assert answer.is_success, answer.text
        return answer


class Colleague(Insider):
    """An agent who takes work; of a shop's desk, or of the platform's."""

    def __init__(self, site: Site, merchant: UUID | None = None, *, market: str = "cn") -> None:
        self.desk = PLATFORM if merchant is None else Desk(DeskKind.MERCHANT, merchant)
        if merchant is not None:
            _open(site, self.desk, market)
        super().__init__(site, site.agent(self.desk, presence=Presence.AVAILABLE))

    def answers(self, consumer: UUID, conversation: str, text: str, *, case: int = 1) -> None:
        self.does(consumer, conversation, "/messages", {"audience": "consumer", "text": text}, case)

    def asks(self, consumer: UUID, conversation: str, text: str, *, case: int = 1) -> None:
        self.does(consumer, conversation, "/question", {"text": text}, case)

    def resolves(self, consumer: UUID, conversation: str, *, case: int = 1) -> None:
        self.does(consumer, conversation, "/resolution", {"reason": "solved"}, case)

    def takes_over(self, consumer: UUID, conversation: str, *, case: int = 1) -> None:
        self.does(consumer, conversation, "/take-over", {"reason": "silence"}, case)

    def does(self, consumer: UUID, conversation: str, path: str, body: Any, case: int = 1) -> Any:
        path = f"/v1/desk/cases/{consumer}/{conversation}/{case}{path}"
        return self.posts(path, body)


def _open(site: Site, desk: Desk, market: str) -> None:
    """The shop serves its customers itself, and somebody is there."""

    async def opened(parts: Parts) -> None:
        now = utc_now()
        for command in (
            OpenDesk(desk=desk, market=market, languages=("zh", "en")),
            ReportLoad(desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=now),
        ):
            key = f"{desk}/{type(command).__name__}"
            answer = await parts.engine.submit(command, principal="tests", key=key, actor=SYSTEM)
            assert answer.accepted, answer

    with_parts(site.database, opened)
