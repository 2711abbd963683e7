"""A walk over every route with every role: a denial changes nothing and tells nothing.

Nothing: what is another's is answered, byte by byte, like what does not exist. A route that is not
in the table below fails the walk, so none comes in without somebody having said whose it is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.engine.running import utc_now
from oncedesk.storage.tables import metadata
from tests.http.everything import (
    A_LISTING,
    A_MACRO,
    A_VIEW,
    AN_ARTICLE,
    HOOKS,
    everything,
    nowhere,
)
from tests.http.world import World, new_order, the_world
from tests.support.engines import Outside
from tests.support.pictures import PDF
from tests.support.served import PASSWORD

SOON = (utc_now() + timedelta(days=1)).isoformat()
LATER = (utc_now() + timedelta(days=2)).isoformat()
NOTHING = {"kind": "none"}
WISH = {"kind": "cancel", "reason": "changed_mind"}
WORDS = {"audience": "consumer", "text": "Good day"}

MACHINE = ("machine",)
READS, WRITES = ("machine", "reads"), ("machine", "writes")
PLATFORMS = ("platform", "chief", "admin")
"""The platform's people see every case."""
HOME = ("agent", "lead", "admin")
"""What is the merchant's desk's own."""
LEADS = ("lead", "admin")
"""What only a supervisor of the merchant's desk answers for."""
SUPERVISORS = ("lead", "chief", "rival_lead", "admin")
CASE = ("agent", "lead", "asked", *PLATFORMS)
ORDER = ("agent", "lead", "creator", *PLATFORMS)
SENDER = ("agent", "lead", *PLATFORMS)
"""Whoever brings what was bought, and the platform."""
PARTLY = ("agent", "lead", "asked")
"""They see case 1, but not case 2."""
AT_DESKS = (*CASE, "creator", "rival", "rival_lead")
AGENTS = (*AT_DESKS, "former")
OWNER = ("owner",)
CONSUMERS = ("owner", "stranger")
ADMIN = ("admin",)
RUNS = ("admin", "machine")
"""An admin, and a machine whose key is good for that."""
A_CASE = {"consumer": "{consumer}", "conversation": "{conversation}", "case": 1}
AT_DESK = HOOKS | {"desk": "{desk}"}
REASON = {"reason": "a try"}
SENT = {"failed": True}
A_SPAN = {"since": "2024-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
DAYS = {"since": "2026-01-01", "until": "2026-02-01"}
EVERYBODY = ("nobody", "machine", "reads", "writes", "owner", "stranger", *AGENTS)


@dataclass(frozen=True)
class Route:
    """Who is let in, with what. `sees` may still be told no, but not that there is nothing."""

    sees: tuple[str, ...]
    body: Any = None
    content: bytes | None = None
    query: dict[str, str] = field(default_factory=dict)


A_BULK = {"grants": ({"key": "one", "consumer": str(uuid4()), "order": str(uuid4()), "remedy": 1},)}
"""Whoever may answer anything may ask; what is not theirs is told item by item."""

ROUTES: dict[str, Route] = {
    "live": Route(EVERYBODY),
    "ready": Route(EVERYBODY),
    "readInstallation": Route(EVERYBODY),
    # The marketplace's back end.
    "receiveContact": Route(
        WRITES,
        {
            "consumer": "{consumer}",
            "subject": NOTHING,
            "text": "Hello",
            "market": "cn",
            "channel": "phone",
            "surface": "order",
        },
    ),
    "placeOrder": Route(WRITES, new_order(uuid4())),
    "cancelOrder": Route(WRITES, {"at": utc_now().isoformat()}),
    "readOrderAddress": Route(READS),
    "describeListing": Route(WRITES, A_LISTING),
    "readListing": Route(READS),
    "addMethod": Route(WRITES, {"method": "card:1", "kind": "card"}),
    "removeMethod": Route(WRITES, {"method": "card:2"}),
    "adjustBalance": Route(WRITES, {"method": "gift:1", "amount_minor": 100, "currency": "CNY"}),
    "readWallet": Route(WRITES),
    "confirmCharge": Route(
        WRITES, {"amount_minor": 1, "currency": "CNY", "charged_at": utc_now().isoformat()}
    ),
    "failCharge": Route(WRITES, {"reason": "declined"}),
    "announceShipment": Route(WRITES, {"part": 1, "shipment": str(uuid4())}),
    "tellFinalPrice": Route(WRITES, {"part": 1, "final_minor": 900}),
    "payFinal": Route(
        WRITES,
        {
            "part": 1,
            "payment": {"method": "card", "amount_minor": 900},
            "at": utc_now().isoformat(),
        },
    ),
    "endPresale": Route(WRITES, {"part": 1, "by": "merchant"}),
    "tellPrice": Route(
        WRITES,
        {
            "part": 1,
            "item": 1,
            "unit_price_minor": 100,
            "currency": "CNY",
            "at": utc_now().isoformat(),
            "proof": "ab" * 16,
        },
    ),
    "reportFakeTracking": Route(WRITES, {"shipment": str(uuid4()), "finding": "reused"}),
    "recordTracking": Route(
        WRITES,
        {"shipment": str(uuid4()), "code": "collected", "at": utc_now().isoformat()},
    ),
    "amendPromise": Route(WRITES, {"part": 1, "promise": "shipping", "due_at": LATER}),
    "moveEstimate": Route(WRITES, {"part": 1, "estimate_at": LATER}),
    "readOrder": Route(READS),
    "listOrders": Route(READS),
    "listConversations": Route(READS),
    "readConversation": Route(READS),
    "readMessages": Route(READS),
    "readConversationStory": Route(READS),
    "withdrawForConsumer": Route(WRITES),
    "confirmSolvedForConsumer": Route(WRITES),
    "reopenForConsumer": Route(WRITES, {"channel": "phone"}),
    "rateForConsumer": Route(WRITES, {"score": 4}),
    "requestCallBackForConsumer": Route(WRITES),
    "attachForConsumer": Route(WRITES, content=PDF, query={"kind": "none", "market": "cn"}),
    "readAttachment": Route(READS),
    "openForBreach": Route(
        WRITES,
        {
            "subject": NOTHING,
            "market": "cn",
            "breach": "late_delivery",
            "promise": str(uuid4()),
            "due_at": utc_now().isoformat(),
        },
    ),
    "correctBreach": Route(
        WRITES, {"subject": NOTHING, "promise": str(uuid4()), "breach": "late_delivery"}
    ),
    # Nothing was asked to be refunded in this world; test_refunds.
    "confirmRefund": Route(
        WRITES, {"amount_minor": 1, "currency": "CNY", "sent_at": utc_now().isoformat()}
    ),
    "confirmCredit": Route(WRITES, {"credited_at": utc_now().isoformat()}),
    "failRefund": Route(WRITES, {"reason": "route_dead"}),
    "nameRefundRoute": Route(WRITES, {"method": "bank"}),
    "recordOutsidePayment": Route(
        WRITES,
        {"id": str(uuid4()), "kind": "chargeback", "amount_minor": 1, "currency": "CNY"},
    ),
    "readRefundClock": Route(READS),
    "listSentRefunds": Route(READS, query=A_SPAN),
    "listUnsettledRefunds": Route(READS),
    "registerParty": Route(
        WRITES, {"kind": "creator", "market": "cn", "person": {"name": "Li", "phone": "1"}}
    ),
    "updateParty": Route(WRITES, {"language": "zh", "person": {"name": "Li Lei"}}),
    "readParty": Route(WRITES),
    "manageCreator": Route(WRITES, {"agency": str(uuid4()), "starts_at": SOON}),
    "endManagement": Route(WRITES, {"agency": str(uuid4())}),
    "readRemedies": Route(READS),
    "listOrderChoices": Route(READS),
    "readOrderTimeline": Route(READS),
    "previewOrderRemedy": Route(READS, WISH),
    "requestOrderRemedy": Route(WRITES, {"wish": WISH}),
    "withdrawRemedy": Route(WRITES),
    "acceptCounterOffer": Route(WRITES),
    "declineCounterOffer": Route(WRITES),
    "askForHuman": Route(WRITES),
    "openDispute": Route(WRITES, {"reason": "it_is"}),
    "showConsumersEvidence": Route(WRITES, {"evidence": ["{attachment}"]}),
    "objectForConsumer": Route(WRITES, {"reason": "look_again"}),
    "tellSentBack": Route(WRITES, {"shipment": str(uuid4())}),
    "reopenReturn": Route(WRITES),
    "takeBack": Route(WRITES),
    "recordPayout": Route(WRITES, {"part": 1, "currency": "CNY", "merchant_minor": 1}),
    "readOrderBooks": Route(READS),
    "tellFunds": Route(
        WRITES,
        {
            "market": "cn",
            "holder": "merchant",
            "balance_minor": 5,
            "told_at": utc_now().isoformat(),
        },
    ),
    "confirmRecovery": Route(WRITES, {"amount_minor": 1}),
    "failRecovery": Route(WRITES, {"reason": "not_enough"}),
    "readStatement": Route(READS, query=A_SPAN | {"currency": "CNY"}),
    "readDeskStatement": Route(PLATFORMS, query=A_SPAN | {"currency": "CNY"}),
    "readDeskStatements": Route(PLATFORMS, query=A_SPAN),
    "readDeskOrderBooks": Route(ORDER),
    "tellReturnPlace": Route(WRITES, {"place": str(uuid4())}),
    "tellReturnLabel": Route(WRITES, {"shipment": str(uuid4())}),
    "recordReturnTracking": Route(
        WRITES, {"shipment": str(uuid4()), "code": "collected", "at": utc_now().isoformat()}
    ),
    "tellGoodsSent": Route(WRITES, {"shipment": str(uuid4())}),
    "setReturnPlaces": Route(WRITES, {"places": []}),
    "exportForConsumer": Route(READS),
    "eraseForParty": Route(WRITES),
    "listMarketplaceWebhooks": Route(WRITES),
    "addMarketplaceWebhook": Route(WRITES, HOOKS),
    "readMarketplaceWebhook": Route(WRITES),
    "disableMarketplaceWebhook": Route(WRITES, REASON),
    "enableMarketplaceWebhook": Route(WRITES),
    "rotateMarketplaceWebhook": Route(WRITES),
    "testMarketplaceWebhook": Route(WRITES),
    "listMarketplaceDeliveries": Route(WRITES),
    "replayMarketplaceDeliveries": Route(WRITES, SENT),
    "sendMarketplaceDeliveriesNow": Route(WRITES, {}),
    "removeMarketplaceWebhook": Route(WRITES),
    "tellTrust": Route(WRITES, {"level": "ordinary"}),
    "tellTerms": Route(WRITES, {"refunds_without_return": True}),
    # Agents.
    "logIn": Route((), {"name": "nobody", "password": "no password"}),
    "beginProviderLogIn": Route(()),
    "endProviderLogIn": Route(()),
    "readDeskSession": Route(AGENTS),
    "changePassword": Route(AGENTS, {"old": PASSWORD, "new": "another good password"}),
    "listMyDesks": Route(AGENTS),
    "listQueues": Route(HOME, query={"desk": "{desk}"}),
    "readInbox": Route(HOME, query={"desk": "{desk}", "skill": "orders"}),
    "watchQueue": Route(HOME, query={"desk": "{desk}", "skill": "orders"}),
    "watchCases": Route(CASE),
    "readMyWork": Route(AGENTS),
    "readMyList": Route(AGENTS),
    "listNext": Route(AGENTS),
    "listAsked": Route(AGENTS),
    "listResolved": Route(AGENTS),
    "watchMyList": Route(AGENTS),
    "takeNext": Route(AGENTS),
    "attendCase": Route(CASE, {"doing": "looking"}),
    "sayThatIWrite": Route(OWNER, {}),
    "searchArticles": Route(AGENTS),
    "readArticle": Route(AT_DESKS),
    "readArticleVersions": Route(AT_DESKS),
    "writeArticle": Route(("chief", "admin"), {"seen": 0, "article": AN_ARTICLE}),
    "retireArticle": Route(AT_DESKS),
    "suggestArticles": Route(CASE),
    "listMacros": Route(AGENTS),
    "translateMessage": Route(CASE, {"language": "zh", "version": 1}),
    "noteCall": Route(CASE, {"direction": "outbound", "number": "13812345678", "text": "Hello"}),
    "listColleagues": Route(HOME, query={"desk": "{desk}"}),
    "listMentions": Route(AGENTS),
    "readMentions": Route(AGENTS, {"messages": ["{mentioned}"]}),
    "readPublicNames": Route(AGENTS, {"parties": [str(uuid4())]}),
    "listViews": Route(AGENTS),
    "writeView": Route(HOME, {"seen": 0, "desk": "{desk}", "view": A_VIEW}),
    "readView": Route(HOME),
    "removeView": Route(HOME),
    "previewView": Route(HOME, {"desk": "{desk}", "filter": {}}),
    "doToMany": Route(AGENTS, {"deed": {"do": "note", "text": "A note"}, "cases": [A_CASE]}),
    "writeMacro": Route(LEADS, {"seen": 0, "desk": "{desk}", "macro": A_MACRO}),
    "retireMacro": Route(HOME),
    "renderMacro": Route(HOME),
    "previewMacro": Route(CASE, {"text": "Good day", "language": "en"}),
    "pickCase": Route(CASE, {"desk": "platform"}),
    "readMe": Route(AGENTS),
    "setMyPresence": Route(AGENTS, {"presence": "available"}),
    "noteMeSeen": Route(AGENTS),
    "handOver": Route(AGENTS, {"conversation": "{conversation}", "case": 1, "note": str(uuid4())}),
    "readCases": Route(CASE),
    "readCaseMessages": Route(CASE),
    "readCaseEntries": Route(CASE),
    "readCaseStory": Route(CASE),
    "attachToCase": Route(CASE, content=PDF),
    "readCaseAttachment": Route(CASE),
    "listFlags": Route(PLATFORMS),
    "reviewFlags": Route(CASE, {"seen": 1, "outcome": "cleared"}),
    "requestReveal": Route(
        CASE, {"field": "phone", "reason": "call_back", "conversation": "{conversation}"}
    ),
    # Granted to nobody else.
    "readRevealed": Route(("platform",)),
    "readRevealedMessages": Route(("platform",)),
    "liftRevealAlarm": Route(PLATFORMS),
    "readDeskOrder": Route(ORDER),
    "readMyAuthority": Route(ORDER, query={"desk": "{desk}"}),
    "passOnConsent": Route(
        ORDER, {"part": 1, "promise": "shipping", "due_at": LATER, "consent": "{message}"}
    ),
    "passOnEstimate": Route(SENDER, {"part": 1, "estimate_at": LATER}),
    "listWaitingRemedies": Route(HOME, query={"desk": "{desk}"}),
    "listCasesDue": Route(HOME, query={"desk": "{desk}"}),
    "listCasesOfOrder": Route(ORDER),
    "listConsumersConversations": Route(PLATFORMS),
    "listFollowed": Route(HOME, query={"desk": "{desk}", "of": "decided"}),
    "listRemediesDue": Route(HOME, query={"desk": "{desk}"}),
    "previewBulk": Route(AGENTS, A_BULK),
    "giveBulk": Route(AGENTS, A_BULK),
    "readDeskRemedies": Route(ORDER),
    "listChoices": Route(ORDER),
    "listReplacements": Route(ORDER),
    "readTimeline": Route(ORDER),
    "previewRemedy": Route(ORDER, {**WISH, "part": 1}),
    "requestRemedy": Route(PLATFORMS, {"wish": WISH}),
    "giveGoodwill": Route(PLATFORMS, {"wish": WISH}),
    "nameReturnPlace": Route(ORDER, {"place": str(uuid4())}),
    "arrangeReturn": Route(ORDER, {"shipment": str(uuid4())}),
    "confirmReceipt": Route(ORDER),
    "inspectReturn": Route(ORDER, {}),
    "sendOut": Route(ORDER, {"shipment": str(uuid4())}),
    "contestRefund": Route(ORDER, {"reason": "empty_box", "evidence": ["{agents_file}"]}),
    "decideContest": Route(ORDER, {"upheld": True, "reason": "seen_both"}),
    "grantRemedy": Route(ORDER),
    "refuseRemedy": Route(ORDER, {"reason": "custom_made", "facts": ["work_has_begun"]}),
    "offerInstead": Route(ORDER, {"wish": {**WISH, "amount_minor": 100}}),
    "previewOffer": Route(ORDER, {**WISH, "amount_minor": 100}),
    "nameRouteForConsumer": Route(ORDER, {"method": "wallet"}),
    "liftRisk": Route(ORDER, {"reason": "known_well"}),
    "showEvidence": Route(ORDER, {"evidence": ["{attachment}"]}),
    "decideDispute": Route(ORDER, {"outcome": "granted", "reason": "seen", "basis": "photo"}),
    "objectToDecision": Route(ORDER, {"reason": "swapped"}),
    "approveGrant": Route(ORDER),
    "declineGrant": Route(ORDER, {"reason": "too_much"}),
    "postMessage": Route(CASE, WORDS),
    "askConsumer": Route(CASE, {"text": "Which one?"}),
    "resolveCase": Route(CASE, {"reason": "solved"}),
    "reopenCase": Route(CASE),
    "referCase": Route(CASE, {"desk": "platform", "mode": "stay", "text": "Please help"}),
    "answerReferral": Route(CASE, {"text": "Done"}),
    "transferCase": Route(CASE, {"desk": "platform", "reason": "wrong_desk"}),
    "takeOverCase": Route(CASE, {"reason": "overdue"}),
    "followUp": Route(CASE, {"at": SOON}),
    "returnToQueue": Route(CASE, {"text": "Call her tomorrow"}),
    # The merchant's agent is told that the other case is not there, as it should be.
    "mergeCases": Route(PLATFORMS, {"into": 2}),
    "splitCase": Route(CASE, {"issue": "refund"}),
    "reclassifyCase": Route(CASE, {"issue": "refund"}),
    "correctAttribution": Route(
        CASE,
        {
            "owner": "platform",
            "cause": {"kind": "carrier"},
            "liable": [{"who": {"kind": "carrier"}, "percent": 100}],
        },
    ),
    # Of the desk's supervisors.
    "listDeskWebhooks": Route(LEADS, query={"desk": "{desk}"}),
    "addDeskWebhook": Route(LEADS, AT_DESK),
    "readDeskWebhook": Route(LEADS),
    "disableDeskWebhook": Route(LEADS, REASON),
    "enableDeskWebhook": Route(LEADS),
    "rotateDeskWebhook": Route(LEADS),
    "testDeskWebhook": Route(LEADS),
    "listDeskDeliveries": Route(LEADS),
    "replayDeskDeliveries": Route(LEADS, SENT),
    "sendDeskDeliveriesNow": Route(LEADS, {}),
    "removeDeskWebhook": Route(LEADS),
    "readWall": Route(LEADS, query={"desk": "{desk}"}),
    "watchWall": Route(LEADS, query={"desk": "{desk}"}),
    "listPressing": Route(LEADS, query={"desk": "{desk}"}),
    "listSilent": Route(LEADS, query={"desk": "{desk}"}),
    "listTeam": Route(LEADS, query={"desk": "{desk}"}),
    "giveCase": Route(
        LEADS,
        {
            "desk": "{desk}",
            "consumer": "{consumer}",
            "conversation": "{conversation}",
            "case": 1,
        },
    ),
    "suggestStaffing": Route(LEADS, query={"desk": "{desk}"}),
    "listFigures": Route(SUPERVISORS),
    "readFigure": Route(SUPERVISORS, query=DAYS),
    "exportFigure": Route(SUPERVISORS, query=DAYS),
    "listBehindFigure": Route(SUPERVISORS, query=DAYS),
    "planTeamShift": Route(LEADS, {"starts_at": SOON, "ends_at": LATER}),
    "cancelTeamShift": Route(LEADS, {"starts_at": SOON}),
    "setTeamPresence": Route(LEADS, {"presence": "away"}),
    "declareSurge": Route(
        LEADS, {"desk": "{desk}", "until": (utc_now() + timedelta(hours=1)).isoformat()}
    ),
    "callOffSurge": Route(LEADS, {"desk": "{desk}"}),
    "logOut": Route(()),
    # Consumers.
    "beginHelpSession": Route((), {"token": "a.b.c"}),
    "readHelpSession": Route(CONSUMERS),
    "say": Route(CONSUMERS, {"subject": NOTHING, "text": "Hello"}),
    "listMyConversations": Route(CONSUMERS),
    "readMyConversation": Route(OWNER),
    "readMyMessages": Route(OWNER),
    "readMyEntries": Route(OWNER),
    "watchMyConversation": Route(OWNER),
    "withdrawMine": Route(OWNER),
    "confirmMine": Route(OWNER),
    "reopenMine": Route(OWNER),
    "rateMine": Route(OWNER, {"score": 2, "reasons": ["slow"]}),
    "requestMyCallBack": Route(OWNER),
    "attachMine": Route(CONSUMERS, content=PDF, query={"kind": "none"}),
    "readMyAttachment": Route(OWNER),
    "listMyOrders": Route(CONSUMERS),
    "readMyOrder": Route(OWNER),
    "readMyWait": Route(OWNER),
    "listMyRemedies": Route(OWNER),
    "listMyChoices": Route(OWNER),
    "readMyTimeline": Route(OWNER),
    "previewMyRemedy": Route(OWNER, WISH),
    "requestMyRemedy": Route(OWNER, {"wish": WISH}),
    "readMyReturnPlace": Route(()),
    "sendMineBack": Route(OWNER, {"shipment": str(uuid4())}),
    "reopenMyReturn": Route(OWNER),
    "takeMineBack": Route(OWNER),
    "withdrawMyRemedy": Route(OWNER),
    "acceptMyCounterOffer": Route(OWNER),
    "declineMyCounterOffer": Route(OWNER),
    "askForMyHuman": Route(OWNER),
    "nameMyRoute": Route(OWNER, {"method": "wallet"}),
    "openMyDispute": Route(OWNER, {"reason": "it_is"}),
    "showMyEvidence": Route(OWNER, {"evidence": ["{attachment}"]}),
    "objectToMyDecision": Route(OWNER, {"reason": "look_again"}),
    "exportMine": Route(CONSUMERS),
    "endHelpSession": Route(()),
    # Those who run the system.
    "listAgents": Route(RUNS),
    "readAgent": Route(RUNS),
    "readAgentWork": Route(ADMIN),
    "registerAgent": Route(RUNS, {}),
    "updateAgent": Route(RUNS, {"name": "Han Meimei"}),
    "eraseAgent": Route(ADMIN),
    "joinDesk": Route(RUNS, {"desk": "platform", "role": "agent", "starts_at": SOON}),
    "leaveDesk": Route(RUNS, {"desk": "platform"}),
    "setSkills": Route(RUNS, {"skills": ["orders"]}),
    "setCapacity": Route(RUNS, {"capacity": 3}),
    "setLimits": Route(RUNS, {"grace_seconds": 60}),
    "setPicking": Route(RUNS, {"picks": True}),
    "linkAccounts": Route(RUNS, {"consumers": [str(uuid4())]}),
    "planShift": Route(RUNS, {"starts_at": SOON, "ends_at": LATER}),
    "cancelShift": Route(RUNS, {"starts_at": SOON}),
    "setPresence": Route(ADMIN, {"presence": "away"}),
    "listDesks": Route(RUNS),
    "findDesks": Route(RUNS, query={"begins": "x"}),
    "readDesk": Route(RUNS),
    "openDesk": Route(RUNS, {"market": "cn", "languages": ["zh"]}),
    "closeDesk": Route(RUNS),
    "publishRelief": Route(
        RUNS, {"market": "cn", "starts_at": SOON, "ends_at": LATER, "extends_seconds": 3600}
    ),
    "withdrawRelief": Route(RUNS),
    "readFund": Route(RUNS, query=A_SPAN),
    "readBudget": Route(RUNS),
    "setBudget": Route(ADMIN, {"amount_minor": 10**12}),
    "listReveals": Route(ADMIN),
    "listLogins": Route(ADMIN),
    "createLogin": Route(ADMIN, {"agent": "{agent}", "password": PASSWORD}),
    "resetPassword": Route(ADMIN, {"password": "yet another password"}),
    "setLoginRole": Route(ADMIN, {"role": "agent"}),
    "setLoginSubject": Route(ADMIN, {"subject": "https://id.example.com 7"}),
    "disableLogin": Route(ADMIN),
    "enableLogin": Route(ADMIN),
    "listKeys": Route(ADMIN),
    "createKey": Route(ADMIN, {"name": "shop", "scopes": ["cases:read"]}),
    "revokeKey": Route(ADMIN),
    "listSigningKeys": Route(ADMIN),
    "registerSigningKey": Route(ADMIN, {"issuer": "x", "key": "{public}"}),
    "revokeSigningKey": Route(ADMIN),
    "listMarkets": Route(RUNS),
    "listPacks": Route(RUNS),
    "readPack": Route(RUNS),
    "readPackTables": Route(RUNS),
    "comparePacks": Route(RUNS, query={"against": "{pack}"}),
    "readCalendar": Route(RUNS, query={"year": "2026"}),
    "publishPack": Route(RUNS, {"files": {"pack.toml": "x = 1"}, "reason": "a try"}),
    "withdrawPack": Route(
        RUNS, {"pack_hash": "0" * 32, "valid_from": LATER, "reason": "a mistake"}
    ),
    "checkRules": Route(RUNS, {"files": {"pack.toml": "x = 1"}}),
    "listCandidates": Route(RUNS),
    "readCandidate": Route(RUNS),
    "compareCandidate": Route(RUNS),
    "beginBacktest": Route(RUNS, {}),
    "publishCandidate": Route(RUNS, REASON),
    "removeCandidate": Route(RUNS),
    "listParked": Route(RUNS),
    "retryParked": Route(RUNS),
    "dropParked": Route(ADMIN),
    "listOutbox": Route(RUNS),
    "readOrderStory": Route(RUNS),
    "readRemediesStory": Route(RUNS),
    "listConversationsOf": Route(RUNS),
    "readAgentStory": Route(RUNS),
    "readPartyStory": Route(ADMIN),
    "readAccountStory": Route(RUNS),
    "readWalletStory": Route(RUNS),
    "readBudgetStory": Route(RUNS),
    "readListingStory": Route(RUNS),
    "readDeskStory": Route(RUNS),
    "readMarketStory": Route(RUNS),
    "exportConsumer": Route(ADMIN),
    "readPrivacy": Route(ADMIN),
    "eraseParty": Route(ADMIN),
    "placeHold": Route(ADMIN, {"reason": "case-2026-17"}),
    "liftHold": Route(ADMIN, {"reason": "case-2026-17"}),
    "listWebhooks": Route(RUNS),
    "addWebhook": Route(RUNS, HOOKS),
    "readWebhook": Route(RUNS),
    "disableWebhook": Route(RUNS, REASON),
    "enableWebhook": Route(RUNS),
    "rotateWebhook": Route(RUNS),
    "testWebhook": Route(RUNS),
    "listDeliveries": Route(RUNS),
    "replayDeliveries": Route(RUNS, SENT),
    "sendDeliveriesNow": Route(RUNS, {}),
    "removeWebhook": Route(RUNS),
    "replayConversation": Route(RUNS),
    "replayOrder": Route(RUNS),
}
ASIDE = ("asked", "platform", "chief")
"""They see case 1, which is not theirs."""
MERCHANTS = ("agent", "lead")
CREATORS = ("creator",)
"""Whose order it is, but not whose goods."""
BARRED: dict[str, tuple[str, ...]] = {
    "answerReferral": (*MERCHANTS, "platform", "chief"),
    "askConsumer": ASIDE,
    "followUp": ASIDE,
    "noteCall": ASIDE,
    "postMessage": ASIDE,
    "referCase": ASIDE,
    "reopenCase": ASIDE,
    "resolveCase": ASIDE,
    "transferCase": ASIDE,
    "splitCase": ("asked",),
    "reclassifyCase": ("asked",),
    "correctAttribution": ("asked",),
    "pickCase": (*MERCHANTS, "asked", "platform"),
    "takeOverCase": (*MERCHANTS, "asked"),
    "reviewFlags": (*MERCHANTS, "asked"),
    "requestReveal": (*MERCHANTS, "asked"),
    "liftRevealAlarm": ("platform",),
    "grantRemedy": CREATORS,
    "refuseRemedy": CREATORS,
    "offerInstead": CREATORS,
    "approveGrant": CREATORS,
    "declineGrant": CREATORS,
    "objectToDecision": CREATORS,
    "nameReturnPlace": CREATORS,
    "arrangeReturn": CREATORS,
    "confirmReceipt": CREATORS,
    "inspectReturn": CREATORS,
    "sendOut": CREATORS,
    "liftRisk": (*MERCHANTS, "creator"),
    "nameRouteForConsumer": (*MERCHANTS, "creator"),
    "decideDispute": (*MERCHANTS, "creator", "admin"),
    "decideContest": (*MERCHANTS, "creator", "admin"),
    "giveGoodwill": ("admin",),
    "retireArticle": (*MERCHANTS, "asked", "platform", "creator", "rival", "rival_lead"),
    "retireMacro": ("agent",),
    "writeView": ("agent",),
    "removeView": ("agent",),
    "withdrawPack": ("machine",),
}
"""Who sees that it is there, but may not do this with it: that changes nothing either."""
ENTRANCES = ("logIn", "beginHelpSession", "beginProviderLogIn", "endProviderLogIn")
"""Where nobody is anybody yet; tested by themselves."""
LEFT_FOR_LAST = ("logOut", "endHelpSession", "changePassword")
"""Whoever does these is no longer who they were."""
ERASES = "eraseAgent"
"""After this the agent of this world is nobody any more."""
TAKES_AWAY = (
    *("removeMarketplaceWebhook", "removeDeskWebhook", "removeWebhook"),
    *("removeCandidate", "removeView"),
)
"""What whoever comes first takes away is there for nobody afterwards."""
ENDS_IT = ("withdrawRemedy", "withdrawMyRemedy")
"""After these the one remedy of this world is over."""
KEEPS_NOTHING = (
    *TAKES_AWAY,
    *("retryParked", "dropParked", "publishPack", "withdrawPack"),
)
"""For these there is nothing in this world: everybody is told so, also those who may."""
NOTHING_THERE = {
    "withdrawRelief": "relief_unknown",
    "confirmCharge": "charge_unknown",
    "failCharge": "charge_unknown",
    "confirmRefund": "refund_unknown",
    "confirmCredit": "refund_unknown",
    "failRefund": "refund_unknown",
    "confirmRecovery": "recovery_unknown",
    "failRecovery": "recovery_unknown",
    "reportFakeTracking": "shipment_unknown",
    "tellFinalPrice": "presale_unknown",
    "payFinal": "presale_unknown",
    "endPresale": "presale_unknown",
}
"""What those are told who may: nothing of the kind has happened in this world."""


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str

    @property
    def route(self) -> Route:
        return ROUTES[self.id]


_DESCRIBED: list[Operation] = []
"""By the first service that was asked: to put a description together takes seconds."""


async def operations(world: World) -> list[Operation]:
    if not _DESCRIBED:
        description = (await world.clients["nobody"].get("/openapi/openapi.json")).json()
        _DESCRIBED.extend(
            Operation(one["operationId"], method.upper(), path)
            for path, methods in description["paths"].items()
            for method, one in methods.items()
        )
    return list(_DESCRIBED)


def filled(value: Any, names: dict[str, str]) -> Any:
    """With what stands for the names in it."""
    if isinstance(value, str):
        for name, said in names.items():
            value = value.replace("{" + name + "}", said)
    if isinstance(value, list | tuple):
        return [filled(one, names) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    return value


async def ask(
    world: World, who: str, operation: Operation, names: dict[str, str]
) -> httpx.Response:
    async with world.clients[who].stream(
        operation.method,
        filled(operation.path, names),
        json=filled(operation.route.body, names),
        content=operation.route.content,
        params=filled(operation.route.query, names),
        headers={"Idempotency-Key": str(uuid4())},
    ) as answer:
        # What goes on without end is let in or not by what it begins with.
        endless = answer.headers.get("content-type", "").startswith("text/event-stream")
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            content=b"" if endless else await answer.aread(),
            request=answer.request,
        )


async def kept(url: str) -> dict[str, list[str]]:
    """Everything that there is, by table; only when somebody came by last may differ."""
    async with Outside(url) as outside:
        return {
            table.name: sorted(
                await outside.column(
                    f"SELECT (to_jsonb(t) - 'seen_at' - 'used_at')::text FROM {table.name} t"
                )
            )
            for table in metadata.sorted_tables
        }


SMALL = frozenset(
    {
        *("alembic_version", "installation", "pack", "candidate", "seat"),
        *("api_key", "signing_key", "login", "webhook_endpoint", "saved_view"),
    }
)
"""These grow with the people and programs, not with what they do."""


async def whole_readings(url: str) -> Counter[str]:
    """How often each table was read from end to end. A session says so at its end, and the
    service's do it only where no index helps."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    async with Outside(url) as outside:
        await outside.until(f"SELECT count(*) FROM pg_stat_activity WHERE {others}", 0)
        found = await outside.rows("SELECT relname, seq_scan FROM pg_stat_user_tables")
        return Counter(dict(found))


def strangers(operation: Operation) -> Iterator[str]:
    return (who for who in EVERYBODY if who not in operation.route.sees)


async def test_every_route_is_in_the_table(url: str) -> None:
    async with the_world(url) as world:
        assert {one.id for one in await operations(world)} == set(ROUTES)


@pytest.mark.slow
async def test_a_denial_changes_nothing_and_tells_nothing(url: str) -> None:
    async with everything(url) as (world, names):
        nothing = nowhere(names)
        before = await kept(url)
        wrong = []
        for operation in await operations(world):
            if operation.id in (*ENTRANCES, *LEFT_FOR_LAST):
                continue
            denials = [(who, names, nothing) for who in strangers(operation)]
            if "{case}" in operation.path:
                # Of the same conversation, but not theirs.
                platforms, none = names | {"case": "2"}, names | {"case": "9"}
                denials += [(who, platforms, none) for who in PARTLY if who in operation.route.sees]
            for who, places, elsewhere in denials:
                denied = await ask(world, who, operation, places)
                about = f"{operation.id} as {who}: {denied.status_code} {denied.text}"
                absent = await ask(world, who, operation, elsewhere)
                if not (
                    denied.status_code in (401, 403, 404)
                    and denied.headers["content-type"] == "application/problem+json"
                    and (absent.status_code, absent.text) == (denied.status_code, denied.text)
                ):
                    wrong.append(about)
            for who in BARRED.get(operation.id, ()):
                refused = await ask(world, who, operation, names)
                if refused.status_code != 403:
                    wrong.append(f"{operation.id} as {who}: {refused.status_code} {refused.text}")
        assert not wrong, "\n".join(wrong)
        after = await kept(url)
        assert not [name for name, rows in after.items() if rows != before[name]]


@pytest.mark.slow
async def test_whoever_may_is_let_in_everywhere(url: str) -> None:
    """And no table that grows is read from end to end for it."""
    before = await whole_readings(url)
    async with everything(url) as (world, names):
        every = await operations(world)
        wrong = []
        # Made before it is read, and ended last.
        every.sort(
            key=lambda one: (
                *(
                    one.id == ERASES,
                    one.id in LEFT_FOR_LAST,
                    one.id in ENDS_IT,
                    one.id in TAKES_AWAY,
                ),
                *(one.method != "PUT", one.method),
            )
        )
        for operation in every:
            for who in operation.route.sees:
                answer = await ask(world, who, operation, names)
                about = f"{operation.id} as {who}: {answer.status_code} {answer.text}"
                assert answer.status_code < 500, about
                if answer.request.url.path.startswith("/v1/"):
                    assert "no-store" in answer.headers["cache-control"], about
                if operation.id in KEEPS_NOTHING or answer.status_code not in (401, 404):
                    continue
                if answer.json()["code"] != NOTHING_THERE.get(operation.id):
                    wrong.append(about)
        assert not wrong, "\n".join(wrong)
    assert (await whole_readings(url) - before).keys() <= SMALL


async def test_logging_out_ends_it(url: str) -> None:
    async with the_world(url) as world:
        for who, path in (("agent", "/v1/desk/session"), ("owner", "/v1/help/session")):
            assert (await world.clients[who].delete(path)).status_code == 204
            ended = await world.clients[who].get(path)
            assert ended.status_code == 401
            assert ended.json()["code"] in ("session_ended", "credentials_missing")
