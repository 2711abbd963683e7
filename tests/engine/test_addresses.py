"""Where an order goes stands in a row of its own: copied for whom it is about, and overwritten."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    RegisterAgent,
    RequestReveal,
    RevealField,
    RevealReason,
)
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.persons import Person, PersonField, person_text
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule, remedy_key
from oncedesk.engine import privacy
from oncedesk.engine.submission import Answer
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings
from oncedesk.storage.retention import overwrite_old_texts
from oncedesk.storage.tables import metadata
from oncedesk.storage.views.addresses import Addresses
from oncedesk.storage.views.personal_data import kept_about
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.storage.views.reveals import ClearValue, revealed
from oncedesk.wiring import Parts, Tells, build
from tests.support.engines import ADMIN, Outside, party

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
SETTINGS = Settings(home=Path("/nowhere"))
ORDER = UUID(int=0xAD)
AGENT = party(7)
SHOP = Desk(DeskKind.MERCHANT, party(9))
AT_HOME = "人民路三号 王小明"
FIRST, SECOND = "长安街一号 王小明", "解放路二号 王小明"


@contextlib.asynccontextmanager
async def running(url: str) -> AsyncIterator[Parts]:
    """Under a pack that lets an address be changed."""
    pack = load_builtin("cn").pack(NOW.date())
    rule = RemedyRule(
        id="test/address",
        kind="change_address",
        reason="*",
        stage="unshipped",
        granted_by=GrantedBy.RULE,
    )
    key = remedy_key(kind=rule.kind, reason=rule.reason, stage=rule.stage)
    rules = replace(pack.remedies, rules={**pack.remedies.rules, key: rule})
    packs = [seal(replace(pack, remedies=rules, hash=""))]
    async with build(
        url, settings=SETTINGS, clock=lambda: NOW, tells=Tells.NOBODY, packs=packs
    ) as parts:
        yield parts


async def ordered(parts: Parts, *, address: str | None = FIRST) -> Answer:
    sealed = None if address is None else parts.engine.entry.seal(address)
    command = PlaceOrder(
        consumer=party(1),
        order=ORDER,
        market="cn",
        placed_at=NOW,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(merchant=party(9), items=(Item(party(8), 100),)),),
        payments=(Payment("card", 100),),
        digest=b"" if sealed is None else sealed.digest,
        length=0 if sealed is None else sealed.length,
    )
    return await parts.engine.submit(
        command, principal="tests", key="placed", actor=MARKETPLACE, text=address
    )


async def changes(parts: Parts, text: str, *, key: str = "changed") -> Answer:
    sealed = parts.engine.entry.seal(text)
    command = RequestRemedy(
        consumer=party(1),
        order=ORDER,
        wish=Wish(kind=RemedyKind.CHANGE_ADDRESS, reason="changed_mind"),
        digest=sealed.digest,
        length=sealed.length,
    )
    actor = Actor(Role.CONSUMER, party(1))
    answer = await parts.engine.submit(command, principal="tests", key=key, actor=actor, text=text)
    await parts.engine.writers.drained()
    return answer


async def shown(parts: Parts, actor: Actor = MARKETPLACE) -> str | None:
    seen = await parts.views.orders.order(reader=Reader(actor), consumer=party(1), order=ORDER)
    return await Addresses(parts.pool).of_order(seen=seen)


async def tables_with(url: str, text: str) -> set[str]:
    found = set()
    async with Outside(url) as outside:
        for table in metadata.sorted_tables:
            count = await outside.value(
                f"SELECT count(*) FROM {table.name} t WHERE t::text LIKE $1 OR t::text LIKE $2",
                f"%{text}%",
                f"%{text.encode().hex()}%",
            )
            if count:
                found.add(table.name)
    return found


async def test_the_order_goes_where_the_last_accepted_change_says(url: str) -> None:
    async with running(url) as parts:
        assert (await ordered(parts)).accepted
        assert await shown(parts) == FIRST
        assert (await changes(parts, SECOND)).accepted
        assert await shown(parts) == SECOND
        assert await shown(parts, Actor(Role.CONSUMER, party(1))) == SECOND
        with pytest.raises(NotSeen):
            await shown(parts, Actor(Role.CONSUMER, party(2)))
        assert await tables_with(url, "王小明") == {"order_text"}


async def test_it_is_in_the_copy_and_is_erased(url: str) -> None:
    async with running(url) as parts:
        await ordered(parts)
        await changes(parts, SECOND)
        kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert [one.address for one in kept.addresses] == [FIRST, SECOND]
        other = await kept_about(parts.pool, parts.codec, consumer=party(2), actor=ADMIN)
        assert other.addresses == ()
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        assert await tables_with(url, "王小明") == set()
        assert await shown(parts) is None
        replay = await parts.replay()
        assert (await replay.check()).differences == []


async def test_what_was_kept_long_enough_goes(url: str) -> None:
    async with running(url) as parts:
        await ordered(parts)
        for days, left in ((-1, {"order_text"}), (1, set())):
            before = NOW + timedelta(days=days)
            done = await overwrite_old_texts(
                parts.pool,
                parts.codec,
                messages_before={"cn": before},
                parked_before=before,
                reveals_before=before,
                now=NOW,
            )
            assert done.order_texts == (0 if left else 1)
            assert await tables_with(url, "王小明") == left


async def test_a_refused_change_leaves_no_text(url: str) -> None:
    async with running(url) as parts:
        await ordered(parts)
        assert (await changes(parts, SECOND)).accepted
        # The same wish once more changes nothing; another under its key is refused.
        assert (await changes(parts, SECOND)).duplicate
        assert (await changes(parts, "x" * 9)).code == "idempotency_key_reused"
        assert await tables_with(url, "x" * 9) == set()


async def registered(parts: Parts) -> None:
    """The consumer lives elsewhere; somebody works for the merchant, and for the platform."""
    text = person_text(Person(address=AT_HOME))
    sealed = parts.engine.entry.seal(text)
    known = RegisterParty(
        party=party(1),
        kind=PartyKind.CONSUMER,
        market="cn",
        digest=sealed.digest,
        length=sealed.length,
    )
    joins = [
        JoinDesk(agent=AGENT, desk=desk, role=DeskRole.AGENT, starts_at=NOW)
        for desk in (SHOP, PLATFORM)
    ]
    commands: list[tuple[Any, str | None]] = [
        (known, text),
        (RegisterAgent(agent=AGENT), None),
        *((one, None) for one in joins),
    ]
    for number, (command, said) in enumerate(commands):
        answer = await parts.engine.submit(
            command, principal="tests", key=str(number), actor=SYSTEM, text=said
        )
        assert answer.accepted, answer


async def asks(parts: Parts, desk: Desk, *, order: UUID | None) -> None:
    command = RequestReveal(
        agent=AGENT,
        consumer=party(1),
        market="cn",
        field=RevealField.ADDRESS,
        reason=RevealReason.SHIPPING,
        desk=desk,
        order=order,
    )
    answer = await parts.engine.submit(
        command, principal="tests", key=f"{desk} {order}", actor=Actor(Role.AGENT, AGENT)
    )
    assert answer.accepted, answer


async def sees(parts: Parts, *desks: Desk) -> ClearValue | None:
    reader = Reader(Actor(Role.AGENT, AGENT), desks or (SHOP, PLATFORM))
    return await revealed(
        parts.pool,
        parts.codec,
        reader=reader,
        consumer=party(1),
        field=PersonField.ADDRESS,
        now=NOW,
    )


async def test_who_sends_something_sees_where_this_order_goes_now(url: str) -> None:
    async with running(url) as parts:
        assert (await ordered(parts)).accepted
        await registered(parts)
        await asks(parts, SHOP, order=ORDER)
        assert await sees(parts) == ClearValue(FIRST, order=ORDER)
        assert (await changes(parts, SECOND)).accepted
        assert await sees(parts) == ClearValue(SECOND, order=ORDER)
        assert await sees(parts, PLATFORM) is None
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        assert await sees(parts) is None


async def test_of_two_grants_the_last_says_whose_address_is_shown(url: str) -> None:
    async with running(url) as parts:
        assert (await ordered(parts)).accepted
        await registered(parts)
        await asks(parts, SHOP, order=ORDER)
        async with Outside(url) as outside:
            await outside.run("UPDATE reveal SET at = at - interval '1 second'")
        await asks(parts, PLATFORM, order=None)
        assert await sees(parts) == ClearValue(AT_HOME)
        assert await sees(parts, SHOP) == ClearValue(FIRST, order=ORDER)


async def test_where_none_was_told_with_the_order_it_is_the_persons(url: str) -> None:
    async with running(url) as parts:
        await ordered(parts, address=None)
        await registered(parts)
        await asks(parts, SHOP, order=ORDER)
        assert await sees(parts) == ClearValue(AT_HOME)
