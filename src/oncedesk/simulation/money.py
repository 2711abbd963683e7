"""Goes through all that was recorded of money: never too much, never twice, nothing left hanging.

That it is never too little, see `giving`.

The events are read as plain lists and dicts and summed here anew; the deciders are not asked.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.remedies.messages.asking import PaidPart
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Leg
from oncedesk.domain.shared.ledger import Entry
from oncedesk.engine.codec import Codec
from oncedesk.simulation import charging, giving, presales
from oncedesk.simulation.charging import Charging
from oncedesk.simulation.giving import Giving
from oncedesk.simulation.presales import Presales
from oncedesk.simulation.standing import reading
from oncedesk.simulation.tally import Tally
from oncedesk.storage.ledger.checking import check_ledger
from oncedesk.wiring import DECIDERS

_TOO_MUCH = (
    "no more refunded than paid",
    "every transfer is balanced",
    "no more leaves escrow than is there",
    "what is owed was advanced, and is taken back once",
    "nothing pending without a live remedy",
    "every live remedy has a clock",
    "each refund is sent once",
    "each notice of a remedy is told once",
    "what is sent is what was asked for",
    "no remedy sends more than was granted",
    "each breach is made good once",
    "payments' own books agree",
    "the ledger says what the states say",
)
PAID, BALANCED, ESCROW, OWED, PENDING, CLOCK, SENT, *_MORE = _TOO_MUCH
TOLD, ASKED, GRANTED, BREACH, BOOKS, LEDGER = _MORE
CHECKS = (*_TOO_MUCH, *charging.CHECKS, *presales.CHECKS, *giving.CHECKS)

_JOURNAL = """
SELECT stream, kind, events FROM journal
WHERE kind IN ('remedies', 'account', 'conversation', 'wallet', 'order')
ORDER BY bucket, stream, version
"""
_STATES = "SELECT id, body FROM state WHERE kind = 'remedies'"
_ACCOUNTS = "SELECT id, body FROM state WHERE kind = 'account'"
_ONCE = ("remedy_asked", "remedy_granted", "remedy_settled", "compensated", "compensation_voided")
_GRANTS = (
    "RemedyApproved", "RemedyRepriced", "BreachCompensated", "DisputeDecided", "ReturnSplit",
    "RefundInstead", "ChangeRefused",
)  # fmt: skip
"""Whoever decides anew may grant more or less; less than what was sent takes nothing back."""
ROWS_AT_ONCE = 2_000
_NUMBER, _AMOUNT = (Leg.__struct_fields__.index(one) for one in ("number", "amount_minor"))
_BEYOND = Leg.__struct_fields__.index("beyond")
"""The place in a leg of whether it gives back what was paid for something else, like freight."""
_PAID = PaidPart.__struct_fields__.index("paid_minor")
_MINOR = Entry.__struct_fields__.index("minor")
_REMEDIES = msgspec.msgpack.Decoder(Remedies)
_ACCOUNT = msgspec.msgpack.Decoder(PartyAccount)


async def check_money(
    pool: Any,
    tally: Tally,
    *,
    sent_minor: Mapping[UUID, int],
    charged_minor: Mapping[UUID, int],
    taken_minor: Mapping[UUID, int],
    now: datetime,
) -> None:
    """Look once at everything; nothing may be in flight.

    `sent_minor` is by order what payments have sent, `charged_minor` what consumers have paid them
    for changes, `taken_minor` by party what the till has taken back, as their own books have it.
    """
    async with reading(pool) as connection:
        money = Money(tally)
        async for row in connection.cursor(_JOURNAL, prefetch=ROWS_AT_ONCE):
            money.entry(*row)
        async for id_, body in connection.cursor(_STATES, prefetch=ROWS_AT_ONCE):
            money.standing[id_] = _pending(_REMEDIES.decode(body))
        async for id_, body in connection.cursor(_ACCOUNTS, prefetch=ROWS_AT_ONCE):
            account = _ACCOUNT.decode(body)
            money.standing[id_] = _pending(account)
            money.owes[id_] = account.owed_minor
            under_way = sum(one.minor for one in account.recoveries)
            money.giving.under_way[account.party] += under_way
        money.done(sent_minor, taken_minor, charged_minor, now=now)
    ledger = await check_ledger(pool, Codec(DECIDERS))
    tally.looked(LEDGER, ledger.states)
    for wrong in ledger.wrong:
        tally.breach(LEDGER, wrong)


async def check_books(pool: Any, tally: Tally) -> None:
    """Look at the remedies as they stand now: whatever runs has a clock, what is pending runs."""
    async with reading(pool) as connection:
        async for id_, body in connection.cursor(_STATES, prefetch=ROWS_AT_ONCE):
            state = _REMEDIES.decode(body)
            live = {leg.transfer for remedy in state.live for leg in remedy.legs}
            for remedy in state.live:
                tally.expect(CLOCK, bool(remedy.clocks), f"{id_}/{remedy.number}: none runs")
            for number in _pending(state):
                tally.expect(PENDING, number in live, f"{id_}/{number}: of no live remedy")


def _pending(state: Remedies | PartyAccount) -> frozenset[int]:
    return frozenset(one.number for one in state.pending)


class Money:
    """All that was recorded of it, entry by entry, summed anew."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.giving, self.charging = Giving(tally), Charging(tally)
        self.presales = Presales(tally)
        self._decode = msgspec.msgpack.Decoder().decode
        self._paid: Counter[UUID] = Counter()
        self._bought: Counter[UUID] = Counter()
        self._back: Counter[UUID] = Counter()
        self._sent: Counter[tuple[UUID, int, int]] = Counter()
        self._pending: defaultdict[UUID, set[int]] = defaultdict(set)
        self.standing: dict[UUID, frozenset[int]] = {}
        self.owes: dict[UUID, int] = {}
        self._escrow: Counter[tuple[UUID, bytes]] = Counter()
        self._owed: Counter[UUID] = Counter()
        self._taken: Counter[tuple[UUID, int]] = Counter()
        self._extra: set[tuple[UUID, int]] = set()
        self._beyond: set[tuple[UUID, int, int]] = set()
        self._told_in: dict[tuple[UUID, int], UUID | None] = {}
        self._asked: dict[tuple[UUID, int, int], int] = {}
        self._grant: Counter[tuple[UUID, int]] = Counter()
        self._given: Counter[tuple[UUID, int]] = Counter()
        self._made_good: set[tuple[UUID, bytes, str, int]] = set()
        self._by_order: Counter[UUID] = Counter()
        self._granted: Counter[tuple[UUID, int]] = Counter()
        self._told: Counter[tuple[UUID, int, str]] = Counter()

    def entry(self, stream: UUID, kind: str, events: bytes) -> None:
        for event in self._decode(events):
            if kind == "wallet":
                self.charging.wallet(event)
            elif kind == "order":
                self.presales.order(event)
            elif kind == "conversation":
                self._told_consumer(stream, event)
                self.giving.told(stream, event)
            elif kind == "account":
                self._transfers(stream, event)
                self._owing(stream, event)
                self.giving.account(event)
            else:
                self._transfers(stream, event)
                self._in_escrow(stream, event)
                self._moved(stream, event)
                self._kept_to(stream, event)
                self.charging.remedy(stream, event)
                self.presales.remedy(event)
                self.giving.remedy(stream, event)

    def _told_consumer(self, stream: UUID, event: dict[str, Any]) -> None:
        if event["type"] == "ConsumerTold" and event.get("notice") in _ONCE and event.get("remedy"):
            self._told[stream, event["remedy"], event["notice"]] += 1

    def _transfers(self, stream: UUID, event: dict[str, Any]) -> None:
        for number, phase, currency, entries in event.get("transfers", ()):
            total = sum(entry[_MINOR] for entry in entries)
            self._tally.expect(BALANCED, total == 0, f"{stream}/{number}: {total} {currency}")
            if phase == "pending":
                self._pending[stream].add(number)
            else:
                self._pending[stream].discard(number)

    def _in_escrow(self, stream: UUID, event: dict[str, Any]) -> None:
        for number, phase, _, entries in event.get("transfers", ()):
            for account, merchant, minor in entries if phase == "posted" else ():
                if account == "escrow":
                    self._escrow[stream, merchant] += minor
                    left = self._escrow[stream, merchant]
                    self._tally.expect(ESCROW, left >= 0, f"{stream}/{number}: {left} is left")

    def _owing(self, stream: UUID, event: dict[str, Any]) -> None:
        minor = event.get("amount_minor", 0)
        match event["type"]:
            case "AdvanceOwed":
                self._owed[stream] += minor
            case "AdvanceForgiven":
                self._owed[stream] -= event["owed_minor"]
            case "DebtWrittenOff":
                self._owed[stream] -= minor
            case "RecoveryPosted":
                self._owed[stream] -= minor
                self._taken[stream, event["recovery"]] += 1
            case _:
                pass

    def _moved(self, stream: UUID, event: dict[str, Any]) -> None:
        match event["type"]:
            case "BooksOpened":
                self._bought[stream] = sum(part[_PAID] for part in event["paid"])
                self._paid[stream] += self._bought[stream]
            case "PaymentBooked":
                # All of it by now; charges and what came without us are not among that.
                whole = sum(part[_PAID] for part in event["paid"])
                self._paid[stream] += whole - self._bought[stream]
                self._bought[stream] = whole
            case "ChargeTaken":
                self._paid[stream] += event["amount_minor"]
            case "OutsideRecorded" if event["kind"] == "outside_payment":
                self._paid[stream] += event["amount_minor"]
            case "RemedyRequested":
                if event["kind"] == "compensation":
                    self._extra.add((stream, event["remedy"]))
                self._told_in[stream, event["remedy"]] = _conversation(event)
            case "ReturnSplit":
                self._told_in[stream, event["rest"]] = self._told_in.get((stream, event["remedy"]))
            case "RemedyApproved" | "DisputeDecided" if _gives(event):
                if told_in := self._told_in.get((stream, event["remedy"])):
                    self._granted[told_in, event["remedy"]] += 1
            case "RefundRequested" if event["leg"][_BEYOND]:
                self._beyond.add((stream, event["remedy"], event["leg"][_NUMBER]))
            case "RefundSent":
                leg = (stream, event["remedy"], event["leg"])
                self._sent[leg] += 1
                if leg not in self._beyond and leg[:2] not in self._extra:
                    self._back[stream] += event["amount_minor"]
            case _:
                pass

    def _kept_to(self, stream: UUID, event: dict[str, Any]) -> None:
        """Every sum that goes is one that somebody granted and payments were asked to send."""
        expect = self._tally.expect
        match event["type"]:
            case "RefundRequested":
                number = event["leg"][_NUMBER]
                self._asked[stream, event["remedy"], number] = event["leg"][_AMOUNT]
            case "RefundSent":
                remedy, leg = (stream, event["remedy"]), (stream, event["remedy"], event["leg"])
                minor, asked = event["amount_minor"], self._asked.get(leg)
                expect(ASKED, minor == asked, f"{leg}: {minor} sent, {asked} asked for")
                self._by_order[UUID(bytes=event["order"])] += minor
                if leg not in self._beyond:
                    self._given[remedy] += minor
            case "OutsideRecorded" if event["kind"] == "outside_refund":
                self._by_order[UUID(bytes=event["order"])] += event["amount_minor"]
            case "RefundSentTwice":
                self._by_order[UUID(bytes=event["order"])] += event["amount_minor"]
            case "CompensationVoided":
                self._made_good.discard((stream, *event["breached"]))
            case _:
                pass
        if event["type"] == "BreachCompensated":
            breached = (stream, *event["breached"])
            once = breached not in self._made_good
            expect(BREACH, once, f"{stream}: {event['breached']} given for once more")
            self._made_good.add(breached)
        if event["type"] in _GRANTS:
            remedy = (stream, event["remedy"])
            self._grant[remedy] = max(self._grant[remedy], event.get("amount_minor", 0))

    def done(
        self,
        sent_minor: Mapping[UUID, int],
        taken_minor: Mapping[UUID, int],
        charged_minor: Mapping[UUID, int],
        *,
        now: datetime,
    ) -> None:
        tally = self._tally
        self.charging.done(charged_minor)
        self.presales.done()
        self.giving.done(taken_minor=taken_minor, now=now)
        for remedy, minor in self._given.items():
            granted = self._grant[remedy]
            tally.expect(GRANTED, minor <= granted, f"{remedy}: {minor} sent of {granted} granted")
        for order in sorted({*sent_minor, *self._by_order}):
            minor, told = self._by_order[order], sent_minor.get(order, 0)
            tally.expect(BOOKS, minor == told, f"{order}: {minor} recorded, payments sent {told}")
        for stream, minor in self._back.items():
            paid = self._paid[stream]
            tally.expect(PAID, minor <= paid, f"{stream}: {minor} back of {paid} paid")
        for leg, times in self._sent.items():
            tally.expect(SENT, times == 1, f"{leg}: {times} times")
        for recovery, times in self._taken.items():
            tally.expect(OWED, times == 1, f"{recovery}: {times} times")
        for stream, owes in self.owes.items():
            minor = self._owed[stream]
            tally.expect(OWED, minor == owes >= 0, f"{stream}: {minor}, state {owes}")
        for notice, times in self._told.items():
            # Who objects to a decision may be granted more than before.
            often = self._granted[notice[:2]] if notice[2] == "remedy_granted" else 1
            tally.expect(TOLD, times <= max(1, often), f"{notice}: {times} times")
        for stream, numbers in self._pending.items():
            stands = self.standing.get(stream, frozenset())
            tally.expect(PENDING, numbers == stands, f"{stream}: {sorted(numbers)}, state {stands}")


def _gives(event: dict[str, Any]) -> bool:
    """Whether it may be told as a grant: a yes, or a last word that is no refusal."""
    final = event["type"] == "RemedyApproved" or event["final"]
    return bool(final) and event.get("outcome") != "refused"


def _conversation(event: dict[str, Any]) -> UUID | None:
    """Where the consumer hears of it: in its case's conversation, or in that about the part."""
    if link := event.get("case"):
        return UUID(bytes=link[0])
    if not event["lines"]:
        return None
    order, part = UUID(bytes=event["order"]), event["lines"][0][0]
    subject = Subject(SubjectKind.ORDER, order, part)
    return conversation_id(consumer=UUID(bytes=event["consumer"]), subject=subject)
