"""Publishing a folder of rules: from a day on, what it says for each day holds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from oncedesk.domain import rulebook
from oncedesk.domain.rulebook.messages import PublishPack
from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.decider import Actor, Facts, Refusal, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import rulebook_ref
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.submission import Submission
from oncedesk.rules.loading import RuleFolder
from oncedesk.wiring import BEGINNING, Parts

ADMIN = Actor(role=Role.ADMIN)
PRINCIPAL = "rules"


class NotPublished(Exception):
    """The rulebook refused; nothing of the folder was published."""


class Announcement(Record, frozen=True):
    """What an operator asks for. `first_day` is None for the first day that is possible."""

    first_day: date | None
    reason: str
    major: bool
    actor: Actor = ADMIN


class Published(Record, frozen=True):
    """What holds in a market now and later, in the order of time.

    `new` was published just now; `others` were planned before by another folder and will hold
    after the first day of this one. `zone` is the market's.
    """

    standing: tuple[Publication, ...]
    new: frozenset[Publication]
    others: tuple[Publication, ...]
    zone: ZoneInfo


class FirstDays(Record, frozen=True):
    """The first days from which a change can hold in a market, by the notice that its rules want;
    None where nothing holds there yet and so nobody has to be told."""

    ordinary: date | None
    major: date | None


async def first_days(parts: Parts, folder: RuleFolder) -> FirstDays:
    """From when this folder could hold if it were published now."""
    now, book = parts.engine.clock(), await _book(parts, folder.market)
    zone = zone_of(folder, now)
    opens = folder.days()[0]
    ordinary, major = (
        _possible(parts, book, now=now, zone=zone, major=major) for major in (False, True)
    )
    return FirstDays(ordinary and max(ordinary, opens), major and max(major, opens))


async def publish(parts: Parts, folder: RuleFolder, asked: Announcement) -> Published:
    """Let this folder hold: all of it or, with NotPublished, nothing (unless somebody else
    publishes at the same moment; repeated, it goes on).

    What holds or is planned already is not published again. Raises PackInvalid for a day on which
    the folder cannot be used, and BadInput for words that no command can carry.
    """
    now = parts.engine.clock()
    zone = zone_of(folder, now)
    book = await _book(parts, folder.market)
    possible = _possible(parts, book, now=now, zone=zone, major=asked.major)
    dated = _dated(folder, asked=asked.first_day, possible=possible, now=now, zone=zone)
    planned = _planned(parts, book, dated, asked, now=now, possible=possible)
    if planned:
        await parts.keep([*dated.values()])
    for submission in planned:
        answer = await parts.engine.send(submission)
        if not answer.accepted:
            raise NotPublished(f"{answer.code}: {answer.detail}")
    return _published(await _book(parts, folder.market), dated, planned, now=now, zone=zone)


def zone_of(folder: RuleFolder, now: datetime) -> ZoneInfo:
    """The time zone in which a market's rules begin and end."""
    return ZoneInfo(folder.pack(max(folder.days()[0], now.date())).promises.timezone)


async def _book(parts: Parts, market: str) -> RulebookState | None:
    """The market's rulebook as it is now. What it names is known here from then on, whichever
    process published it."""
    ref = rulebook_ref(market)
    stored = (await parts.store.load((ref,))).get(ref.id)
    await parts.engine.refresh_packs()
    if stored is None:
        return None
    assert isinstance(stored.state, RulebookState)
    return stored.state


def _possible(
    parts: Parts, book: RulebookState | None, *, now: datetime, zone: ZoneInfo, major: bool
) -> date | None:
    """The first day for which there is notice enough; None where the first pack needs none."""
    holding = None if book is None else book.holding(now)
    if holding is None:
        return None
    notice = parts.library.at(now).by_hash(holding.pack_hash).notice
    earliest = now + timedelta(days=notice.major_days if major else notice.days)
    day = earliest.astimezone(zone).date()
    return day if _midnight(day, zone) >= earliest else day + timedelta(days=1)


def _dated(
    folder: RuleFolder,
    *,
    asked: date | None,
    possible: date | None,
    now: datetime,
    zone: ZoneInfo,
) -> Mapping[datetime, Pack]:
    """The folder's packs by the moment from which each is to hold: midnight in its market.

    A market's first pack may hold from long ago, and does so if nobody says otherwise: then what
    is told of the past has rules, too. It is the one that reads as of today.
    """
    opens, today = folder.days()[0], now.astimezone(zone).date()
    if asked is not None:
        # Raises PackInvalid; not of every day there is a midnight, either.
        folder.pack(asked)
    if possible is not None:
        day = asked or max(possible, opens)
        begins = _midnight(day, zone)
    else:
        day = max(asked or opens, today)
        begins = BEGINNING if asked is None and opens <= today else _midnight(asked or opens, zone)
    later = [other for other in folder.days() if other > day]
    return {begins: folder.pack(day)} | {
        _midnight(other, zone): folder.pack(other) for other in later
    }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _planned(
    parts: Parts,
    book: RulebookState | None,
    dated: Mapping[datetime, Pack],
    asked: Announcement,
    *,
    now: datetime,
    possible: date | None,
) -> list[Submission]:
    """The commands that it takes. The decider is asked beforehand: of a refusal none is sent."""
    commands = [
        PublishPack(
            market=pack.market,
            pack_hash=pack.hash,
            version=pack.version,
            valid_from=valid_from,
            announced_at=now,
            reason=asked.reason,
            major=asked.major,
        )
        for valid_from, pack in _missing(book, dated).items()
    ]
    if possible is None:
        # What is announced with a market's first pack needs no notice, so that comes last.
        commands.reverse()
    submissions = [
        parts.engine.entry.submission(
            command, principal=PRINCIPAL, key=f"publish/{uuid4()}", actor=asked.actor
        )
        for command in commands
    ]
    known = parts.library.at(now)
    known = replace(known, packs={**known.packs, **{pack.hash: pack for pack in dated.values()}})
    facts = Facts(now=now, command_id=UUID(int=0), actor=asked.actor, packs=known, states={})
    for command in commands:
        events = rulebook.DECIDER.decide(book, command, facts)
        if isinstance(events, Refusal):
            hint = f"; possible from {possible}" if events.code == "notice_too_short" else ""
            raise NotPublished(f"{events.code}: {events.detail}{hint}")
        for event in events:
            book = rulebook.DECIDER.evolve(book, event)
    return submissions


def _missing(book: RulebookState | None, dated: Mapping[datetime, Pack]) -> Mapping[datetime, Pack]:
    """Those of the packs that neither hold nor are planned already, the earliest first."""
    missing: dict[datetime, Pack] = {}
    for valid_from, pack in dated.items():
        holding = None if book is None else book.holding(valid_from)
        if holding is None or holding.pack_hash != pack.hash:
            missing[valid_from] = pack
            book = book or RulebookState(market=pack.market)
            book = book.with_publication(Publication(pack.hash, pack.version, valid_from))
    return missing


def _published(
    book: RulebookState | None,
    dated: Mapping[datetime, Pack],
    planned: list[Submission],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Published:
    assert book is not None
    hashes = {pack.hash for pack in dated.values()}
    commands = [one.command for one in planned]
    holding = book.holding(now)
    return Published(
        standing=(*([] if holding is None else [holding]), *book.planned(now)),
        new=frozenset(
            Publication(one.pack_hash, one.version, one.valid_from)
            for one in commands
            if isinstance(one, PublishPack)
        ),
        others=tuple(
            one
            for one in book.planned(now)
            if one.valid_from > min(dated) and one.pack_hash not in hashes
        ),
        zone=zone,
    )
