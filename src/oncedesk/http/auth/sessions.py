"""Sessions of agents and consumers: how they begin, whom they let in, how they end."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import agent_ref
from oncedesk.http.auth.principals import Kind, Principal
from oncedesk.http.auth.remembering import Remembered
from oncedesk.http.problems import CredentialsWrong, Refused, problem
from oncedesk.storage.access.logins import Login, Logins
from oncedesk.storage.access.sessions import OneTime, Session, Sessions
from oncedesk.storage.store import PostgresStore

AGENT_IDLE = timedelta(hours=1)
AGENT_LONGEST = timedelta(hours=12)
CONSUMER_LONGEST = timedelta(hours=1)
SEEN_NOTED_EACH = timedelta(minutes=1)
PREFIXES = {"agent": "ods_", "consumer": "odc_"}
_SECRET_BYTES = 32


class SessionKind(StrEnum):
    """Whose session it is."""

    AGENT = "agent"
    CONSUMER = "consumer"


class BegunSession(Record, frozen=True):
    """A new session; `token` is what its owner holds, and is kept nowhere."""

    session: Session
    token: str


class SessionDoor:
    """Lets people in who have logged in before."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        logins: Logins,
        store: PostgresStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._logins = logins
        self._store = store
        self._clock = clock
        self._known = Remembered(self._look_up)

    async def begin(
        self,
        kind: SessionKind,
        party: UUID,
        *,
        market: str = "",
        language: str = "",
        by: OneTime | None = None,
    ) -> BegunSession:
        """A session for somebody who has shown who they are; `by` what counts once, if that is
        how. Raises `Refused` where it has counted before.
        """
        now = self._clock()
        longest = AGENT_LONGEST if kind is SessionKind.AGENT else CONSUMER_LONGEST
        secret = secrets.token_bytes(_SECRET_BYTES)
        session = Session(
            hash=sha256(secret).digest(),
            kind=kind.value,
            party=party,
            market=market,
            language=language,
            created_at=now,
            seen_at=now,
            expires_at=now + longest,
        )
        if not await self._sessions.begin(session, by=by):
            raise Refused(problem("token_replayed", "a token that was not used yet", field="token"))
        held = session.bucket.to_bytes(2) + secret
        return BegunSession(session, PREFIXES[kind] + urlsafe_b64encode(held).decode().rstrip("="))

    async def begin_by(self, login: Login) -> BegunSession:
        """A session for an agent who has shown that this log-in is theirs. Raises `Refused` where
        it has become another meanwhile.

        Whoever changes or disables a log-in ends the sessions that there are. One that
        began before that is ended by it, one that began after it finds the other log-in here.
        """
        begun = await self.begin(SessionKind.AGENT, login.agent)
        if not await self._logins.stands(login):
            await self._sessions.end(begun.session, at=self._clock())
            raise Refused(LOGIN_FAILED)
        return begun

    async def principal(self, kind: SessionKind, token: str) -> Principal:
        """Who asks this; it is noted that they did. Raises `Refused` where the session is none, or
        is over.
        """
        known = await self._let_in(kind, token)
        now = self._clock()
        if now - known.session.seen_at > SEEN_NOTED_EACH:
            await self._sessions.note_seen(known.session, at=now)
            self._known.forget(_Place(known.session.bucket, known.session.hash))
        return known.principal

    async def watching(self, kind: SessionKind, token: str) -> Principal:
        """Who this is, where a page does something by itself: whoever left it open is not seen by
        that. Raises `Refused` likewise.
        """
        return (await self._let_in(kind, token)).principal

    async def session(self, kind: SessionKind, token: str) -> Session:
        """The session of this token. Raises `Refused` where it is none, or is over."""
        return (await self._let_in(kind, token)).session

    async def has_others(self, token: str) -> bool:
        """Whether the agent of this session has another that is not over. Raises `Refused` where
        it is none, or is over itself."""
        session, now = await self.session(SessionKind.AGENT, token), self._clock()
        return await self._sessions.others(session, now=now, seen_since=now - AGENT_IDLE)

    async def end(self, kind: SessionKind, token: str) -> None:
        """It is over, here at once and elsewhere within seconds."""
        place = _place(kind, token)
        known = None if place is None else await self._known.get(place)
        if place is not None and known is not None:
            await self._sessions.end(known.session, at=self._clock())
            self._known.forget(place)

    async def _let_in(self, kind: SessionKind, token: str) -> "_Known":
        place = _place(kind, token)
        if place is None:
            raise Refused(_ENDED)
        known = await self._known.get(place)
        if known is None or known.session.kind != kind or _over(known.session, self._clock()):
            raise CredentialsWrong(_ENDED)
        return known

    async def _look_up(self, place: "_Place") -> "_Known | None":
        session = await self._sessions.find(place.bucket, place.hash)
        now = self._clock()
        if session is None or _over(session, now):
            return None
        principal = (
            _consumer(session)
            if session.kind == SessionKind.CONSUMER
            else await self._agent(session, now)
        )
        if principal is None:
            return None
        return _Known(session, principal)

    async def _agent(self, session: Session, now: datetime) -> Principal | None:
        login = await self._logins.of_agent(session.party)
        if login is None or login.disabled_at is not None:
            return None
        is_admin = login.role == Kind.ADMIN
        state = await self._state(session.party)
        return Principal(
            kind=Kind.ADMIN if is_admin else Kind.AGENT,
            name=f"agent/{session.party}",
            actor=Actor(Role.ADMIN if is_admin else Role.AGENT, session.party),
            desks=() if state is None else state.desks(now),
            supervised=() if state is None else state.supervised(now),
            language=session.language,
            session=session.hash,
        )

    async def _state(self, agent: UUID) -> AgentState | None:
        ref = agent_ref(agent)
        found = (await self._store.load((ref,))).get(ref.id)
        return found.state if found is not None and isinstance(found.state, AgentState) else None


class _Place(Record, frozen=True):
    bucket: int
    hash: bytes


class _Known(Record, frozen=True):
    session: Session
    principal: Principal


LOGIN_FAILED = problem("login_failed", "a name and its password")
_ENDED = problem("session_ended", "a session that is not over; log in again")


def _consumer(session: Session) -> Principal:
    return Principal(
        kind=Kind.CONSUMER,
        name=f"consumer/{session.party}",
        actor=Actor(Role.CONSUMER, session.party),
        market=session.market,
        language=session.language,
        session=session.hash,
    )


def _over(session: Session, now: datetime) -> bool:
    if session.ended_at is not None or now >= session.expires_at:
        return True
    # What was noted last may be a minute old, and remembered for seconds.
    return session.kind == SessionKind.AGENT and now >= session.seen_at + AGENT_IDLE


def _place(kind: SessionKind, token: str) -> _Place | None:
    """Where the session of this token would lie; the token says its bucket itself."""
    prefix = PREFIXES[kind]
    if not token.startswith(prefix) or len(token) != len(prefix) + 46 or not token.isascii():
        return None
    try:
        held = urlsafe_b64decode(token[len(prefix) :] + "==")
    except ValueError:
        return None
    if len(held) != _SECRET_BYTES + 2:
        return None
    bucket = int.from_bytes(held[:2])
    return _Place(bucket, sha256(held[2:]).digest()) if bucket < BUCKETS else None
