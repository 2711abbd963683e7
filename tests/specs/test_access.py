"""Who may give which command: whoever is not named is refused, and nothing changes."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain import agents, desks, parties
from oncedesk.domain.agents.messages import (
    CancelShift,
    DeskRole,
    EraseAgentData,
    GiveCase,
    HandOver,
    JoinDesk,
    LeaveDesk,
    LiftRevealAlarm,
    LinkAccounts,
    NoteBlocked,
    NoteSeen,
    PickCase,
    PlanShift,
    Presence,
    RegisterAgent,
    ReleaseCapacity,
    RequestReveal,
    ReturnAuthority,
    RevealField,
    RevealReason,
    SetCapacity,
    SetLimits,
    SetPicking,
    SetPresence,
    SetSkills,
    SpendAuthority,
    UpdateAgent,
)
from oncedesk.domain.desks.messages import (
    CallOffSurge,
    CloseDesk,
    DeclareSurge,
    DeskOpened,
    OpenDesk,
    PublishRelief,
    ReportLoad,
    WithdrawRelief,
)
from oncedesk.domain.parties.messages import (
    CountGift,
    EndManagement,
    ErasePersonalData,
    LiftHold,
    ManageCreator,
    PartyKind,
    PartyRegistered,
    PlaceHold,
    RegisterParty,
    SetReturnPlaces,
    TakeBackGift,
    TellTerms,
    TellTrust,
    TrustLevel,
    UpdateParty,
)
from oncedesk.domain.shared.decider import Actor, Decider, Refusal, Role, Wake
from oncedesk.domain.shared.refs import PLATFORM, agent_ref, desk_ref, party_ref
from tests.support.given import DIGEST, START, after, facts_at, given
from tests.support.people import AGENT, conversation, reserve, reserved, working

PARTY = UUID(int=1)
OTHER = UUID(int=99)
NOTE = UUID(int=7)

MANAGING = {Role.ADMIN, Role.MARKETPLACE, Role.SYSTEM}
GUARDING = {Role.ADMIN, Role.SYSTEM}
ITSELF = {Role.SYSTEM}

MANAGED: list[tuple[Decider, Any]] = [
    (parties.DECIDER, RegisterParty(party=PARTY, kind=PartyKind.CONSUMER, market="cn")),
    (parties.DECIDER, UpdateParty(party=PARTY)),
    (parties.DECIDER, ManageCreator(creator=PARTY, agency=OTHER, starts_at=START)),
    (parties.DECIDER, EndManagement(creator=PARTY, agency=OTHER)),
    (agents.DECIDER, RegisterAgent(agent=AGENT, digest=DIGEST, length=9)),
    (agents.DECIDER, UpdateAgent(agent=AGENT, digest=DIGEST, length=9)),
    (
        agents.DECIDER,
        JoinDesk(agent=AGENT, desk=PLATFORM, role=DeskRole.AGENT, starts_at=START),
    ),
    (agents.DECIDER, LeaveDesk(agent=AGENT, desk=PLATFORM)),
    (agents.DECIDER, SetSkills(agent=AGENT)),
    (agents.DECIDER, SetCapacity(agent=AGENT, capacity=3)),
    (agents.DECIDER, SetLimits(agent=AGENT)),
    (agents.DECIDER, SetPicking(agent=AGENT, picks=True)),
    (agents.DECIDER, LinkAccounts(agent=AGENT, consumers=(PARTY,))),
    (agents.DECIDER, PlanShift(agent=AGENT, starts_at=START, ends_at=after(hours=8))),
    (agents.DECIDER, CancelShift(agent=AGENT, starts_at=START)),
    (parties.DECIDER, SetReturnPlaces(party=PARTY, places=())),
    (desks.DECIDER, OpenDesk(desk=PLATFORM, market="cn")),
    (desks.DECIDER, CloseDesk(desk=PLATFORM)),
    (
        desks.DECIDER,
        ReportLoad(desk=PLATFORM, waiting=0, oldest_wait_seconds=0, staffed=True, at=START),
    ),
    (
        desks.DECIDER,
        PublishRelief(
            relief=OTHER,
            market="cn",
            starts_at=after(hours=1),
            ends_at=after(hours=2),
            extends_seconds=9,
        ),
    ),
    (desks.DECIDER, WithdrawRelief(relief=OTHER)),
    (desks.DECIDER, DeclareSurge(desk=PLATFORM, until=after(hours=1))),
    (desks.DECIDER, CallOffSurge(desk=PLATFORM)),
    (parties.DECIDER, ErasePersonalData(party=PARTY)),
    (parties.DECIDER, TellTrust(party=PARTY, level=TrustLevel.WATCHED)),
    (parties.DECIDER, TellTerms(party=PARTY, refunds_without_return=True)),
]
GUARDED: list[tuple[Decider, Any]] = [
    (parties.DECIDER, PlaceHold(party=PARTY, reason="case-7")),
    (parties.DECIDER, LiftHold(party=PARTY, reason="case-7")),
    (agents.DECIDER, EraseAgentData(agent=AGENT)),
    (
        agents.DECIDER,
        GiveCase(agent=AGENT, consumer=PARTY, conversation=conversation(2), case=1, desk=PLATFORM),
    ),
]
PERSONAL: list[tuple[Decider, Any]] = [
    (agents.DECIDER, SetPresence(agent=AGENT, presence=Presence.AWAY)),
    (agents.DECIDER, NoteSeen(agent=AGENT)),
    (agents.DECIDER, HandOver(agent=AGENT, conversation=conversation(1), case=1, note=NOTE)),
]
REVEALING: list[tuple[Decider, Any]] = [
    (
        agents.DECIDER,
        RequestReveal(
            agent=AGENT,
            consumer=PARTY,
            market="cn",
            field=RevealField.PHONE,
            reason=RevealReason.CALL_BACK,
            desk=PLATFORM,
        ),
    ),
]
AUTOMATIC: list[tuple[Decider, Any]] = [
    (agents.DECIDER, reserve(2)),
    (agents.DECIDER, ReleaseCapacity(agent=AGENT, conversation=conversation(1), case=1)),
    (agents.DECIDER, NoteBlocked(agent=AGENT, message=NOTE)),
    (
        agents.DECIDER,
        SpendAuthority(
            agent=AGENT,
            consumer=PARTY,
            order=OTHER,
            remedy=1,
            market="cn",
            desk=PLATFORM,
            currency="CNY",
            amount_minor=1,
        ),
    ),
    (
        agents.DECIDER,
        ReturnAuthority(
            agent=AGENT,
            consumer=PARTY,
            order=PARTY,
            remedy=1,
            currency="CNY",
            amount_minor=1,
            spent_at=START,
        ),
    ),
    (
        parties.DECIDER,
        TakeBackGift(
            party=PARTY, order=PARTY, remedy=1, currency="CNY", amount_minor=1, counted_at=START
        ),
    ),
    (
        parties.DECIDER,
        CountGift(
            party=PARTY,
            market="cn",
            agent=AGENT,
            order=OTHER,
            remedy=1,
            currency="CNY",
            amount_minor=1,
            most_minor=1,
            rule="test",
        ),
    ),
]
RULES = [
    *((*one, MANAGING) for one in MANAGED),
    *((*one, GUARDING) for one in GUARDED),
    *((*one, GUARDING) for one in PERSONAL),
    *((*one, ITSELF) for one in AUTOMATIC),
    *((*one, set[Role]()) for one in REVEALING),
    (agents.DECIDER, LiftRevealAlarm(agent=AGENT), {Role.ADMIN}),
    (
        agents.DECIDER,
        PickCase(agent=AGENT, consumer=PARTY, conversation=conversation(2), case=1, desk=PLATFORM),
        set[Role](),
    ),
]


def named(value: object) -> str:
    return "" if isinstance(value, Decider | set) else type(value).__name__


def known(decider: Decider) -> Any:
    """The state that these commands are about."""
    if decider is agents.DECIDER:
        return working(reserved(1)).state
    if decider is desks.DECIDER:
        return given(decider, DeskOpened(desk=PLATFORM, at=START, market="cn")).state
    kind = PartyKind.CONSUMER
    return given(decider, PartyRegistered(party=PARTY, at=START, kind=kind, market="cn")).state


def refused(decider: Decider, command: Any, actor: Actor, *, unknown: bool = False) -> bool:
    state = None if unknown else known(decider)
    answer = decider.decide(state, command, facts_at(START, actor=actor))
    return isinstance(answer, Refusal) and answer.code == "not_allowed"


@pytest.mark.parametrize(("decider", "command", "allowed"), RULES, ids=named)
def test_only_the_named_roles_may(decider: Decider, command: Any, allowed: set[Role]) -> None:
    for role in Role:
        actor = Actor(role=role, id=OTHER)
        assert refused(decider, command, actor) is (role not in allowed), role
        assert refused(decider, command, actor, unknown=True) is (role not in allowed), role


@pytest.mark.parametrize(("decider", "command"), PERSONAL, ids=named)
def test_an_agent_speaks_for_nobody_else(decider: Decider, command: Any) -> None:
    assert not refused(decider, command, Actor(Role.AGENT, AGENT))
    assert refused(decider, command, Actor(Role.AGENT, OTHER))
    assert refused(decider, command, Actor(Role.AGENT))
    assert refused(decider, command, Actor(Role.CONSUMER, AGENT))


@pytest.mark.parametrize(("decider", "command"), [*MANAGED, *GUARDED, *AUTOMATIC], ids=named)
def test_nobody_manages_themselves(decider: Decider, command: Any) -> None:
    """But everybody may have what is kept about them erased."""
    for role, own in ((Role.AGENT, AGENT), (Role.CONSUMER, PARTY)):
        may = isinstance(command, ErasePersonalData) and role is Role.CONSUMER
        assert refused(decider, command, Actor(role, own)) is not may


@pytest.mark.parametrize(("decider", "command"), REVEALING, ids=named)
def test_nobody_sees_data_in_anothers_name(decider: Decider, command: Any) -> None:
    for role in (Role.AGENT, Role.ADMIN):
        assert not refused(decider, command, Actor(role, AGENT))
        assert refused(decider, command, Actor(role, OTHER))
        assert refused(decider, command, Actor(role))


def test_time_comes_for_everybody() -> None:
    for decider, ref in (
        (agents.DECIDER, agent_ref(AGENT)),
        (desks.DECIDER, desk_ref(PLATFORM)),
        (parties.DECIDER, party_ref(PARTY)),
    ):
        for unknown in (True, False):
            assert not refused(decider, Wake(ref), Actor(Role.SYSTEM), unknown=unknown)


def test_every_command_has_its_rule_here() -> None:
    tried = {type(command) for _, command, _ in RULES} | {Wake}
    for decider in (agents.DECIDER, desks.DECIDER, parties.DECIDER):
        assert set(decider.commands.__args__) <= tried
