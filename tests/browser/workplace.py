"""A merchant's desk for one test: its own people, its own consumers, and what they write."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from oncedesk.domain.agents.messages import (
    Break,
    CancelShift,
    DeskRole,
    JoinDesk,
    LeaveDesk,
    PlanShift,
    Presence,
    SetPresence,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.storage.desk_tools.macros import Macro
from oncedesk.wiring import Parts
from tests.support.site import Person, Site, with_parts

PRICE = 9900
SKILLS = (
    *("advice", "orders", "delivery", "refunds", "returns", "quality", "pricing", "live"),
    *("conduct", "accounts", "complaints", "safety"),
)


class Bought(Record, frozen=True):
    """An order of a consumer, and the conversation about its first part."""

    consumer: UUID
    order: UUID
    conversation: UUID

    def path(self, case: int = 1) -> str:
        """Where its case is on the desk."""
        return f"/desk/c/{self.consumer}/{self.conversation}#{case}"


class Workplace:
    """A merchant whose desk is open and staffed."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.merchant = uuid4()
        self.desk = Desk(DeskKind.MERCHANT, self.merchant)
        self.opens(self.desk)

    def opens(self, desk: Desk) -> None:
        """It answers its own consumers, and somebody is there."""
        load = ReportLoad(desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=utc_now())
        self._does(OpenDesk(desk=desk, market="cn", languages=("zh",)), load)

    def stays_open(self) -> None:
        """Somebody is there who can do nothing that comes: it waits in the queue."""
        self.site.agent(self.desk, presence=Presence.AVAILABLE)

    def agent(
        self,
        *,
        presence: Presence = Presence.AVAILABLE,
        platform: bool = False,
        supervisor: bool = False,
    ) -> Person:
        """Somebody new at this desk, or at the platform's, who can do whatever comes."""
        on_desk = DeskRole.SUPERVISOR if supervisor else DeskRole.AGENT
        desk = PLATFORM if platform else self.desk
        return self.site.agent(desk, on_desk=on_desk, presence=presence, skills=SKILLS)

    def break_now(self, person: Person) -> None:
        """They work today, with a break of a moment that begins at once."""
        now = utc_now()
        # One that is over before it can be planned would not be taken.
        pause = Break(now + timedelta(seconds=1), now + timedelta(seconds=8))
        until = now + timedelta(hours=8)
        self._does(PlanShift(agent=person.agent, starts_at=now, ends_at=until, breaks=(pause,)))

    def back_from_break(self, person: Person) -> None:
        """They have a break until in an hour, and are back from it already."""
        now, hour = utc_now(), timedelta(hours=1)
        pause = Break(now - timedelta(minutes=5), now + hour)
        shift = PlanShift(
            agent=person.agent, starts_at=now - hour, ends_at=now + 8 * hour, breaks=(pause,)
        )
        self._does(shift, SetPresence(agent=person.agent, presence=Presence.AVAILABLE))

    def ends_soon(self, person: Person) -> datetime:
        """They are in the last minutes of a shift, which begins then."""
        now = utc_now()
        until = now + timedelta(minutes=10)
        self._does(PlanShift(agent=person.agent, starts_at=now, ends_at=until))
        return now

    def sends_home(self, person: Person, starts_at: datetime) -> None:
        """The shift that began then is over now."""
        self._does(CancelShift(agent=person.agent, starts_at=starts_at))

    def dismisses(self, person: Person) -> None:
        """They belong to this desk no more."""
        self._does(LeaveDesk(agent=person.agent, desk=self.desk))

    def takes_on(self, person: Person) -> None:
        """They belong to this desk, too."""
        role = DeskRole.AGENT
        self._does(JoinDesk(agent=person.agent, desk=self.desk, role=role, starts_at=utc_now()))

    def order(
        self,
        *,
        category: str = "",
        price_minor: int = PRICE,
        currency: str = "CNY",
        address: str | None = None,
        creator: UUID | None = None,
        promise: Mapping[str, str] | None = None,
    ) -> Bought:
        """Somebody new buys something; from this creator's video, where one is named; by default
        with a standard promise."""
        consumer, order = uuid4(), uuid4()
        item = {
            "listing": str(uuid4()),
            "unit_price_minor": price_minor,
            "quantity": 1,
            "category": category,
        }
        placed = {
            "market": "cn",
            "placed_at": (utc_now() - timedelta(hours=1)).isoformat(),
            "timezone": "Asia/Shanghai",
            "currency": currency,
            "address": address,
            "creator": creator and str(creator),
            "parts": [
                {
                    "merchant": str(self.merchant),
                    "items": [item],
                    "promises": [promise or {"type": "standard"}],
                }
            ],
            "payments": [{"method": "wallet", "amount_minor": price_minor}],
        }
        path = f"/v1/marketplace/consumers/{consumer}/orders/{order}"
        self.site.command("PUT", path, placed)
        subject = Subject(SubjectKind.ORDER, order, 1)
        return Bought(consumer, order, conversation_id(consumer=consumer, subject=subject))

    def says(self, bought: Bought, text: str, *, issue: str = "late_delivery", **about: Any) -> Any:
        """The consumer writes of it."""
        body = {
            "consumer": str(bought.consumer),
            "subject": {"kind": "order", "id": str(bought.order), "part": 1},
            "text": text,
            "market": "cn",
            "channel": "app_chat",
            "surface": "order",
            "issue": issue,
            **about,
        }
        return self.site.command("POST", "/v1/marketplace/contacts", body)

    def case(
        self,
        text: str = "Where is it?",
        *,
        category: str = "",
        price_minor: int = PRICE,
        currency: str = "CNY",
        **about: Any,
    ) -> Bought:
        """Somebody new has bought something, and asks about it."""
        bought = self.order(category=category, price_minor=price_minor, currency=currency)
        self.says(bought, text, **about)
        return bought

    def in_hand(self, bought: Bought) -> None:
        """Waits until somebody has been given the case."""
        self.site.until(
            f"/v1/marketplace/consumers/{bought.consumer}/conversations/{bought.conversation}",
            lambda said: "agent" in said["cases"][0],
        )

    def macro(self, name: str, *, zh: str, en: str) -> None:
        """A prepared text of this desk."""
        macro = Macro(name=name, zh=zh, en=en)

        async def keep(parts: Parts) -> None:
            await parts.macros.put(
                uuid4(), macro, desk=self.desk, seen=0, by="tests", now=utc_now()
            )

        with_parts(self.site.database, keep)

    def _does(self, *commands: Any) -> None:
        async def act(parts: Parts) -> None:
            for command in commands:
                answer = await parts.engine.submit(
                    command, principal="tests", key=str(uuid4()), actor=SYSTEM
                )
                assert answer.accepted, answer

        with_parts(self.site.database, act)
