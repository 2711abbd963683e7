"""A walk over every route with every role: a denial changes nothing and tells nothing.

Nothing: what is another's is answered, byte by byte, like what does not exist. A route that is not
in the table below fails the walk, so none comes in without somebody having said whose it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import PACKS_FOLDER
from tests.http.world import World, new_order, the_world
from tests.support.engines import Outside
from tests.support.pictures import PDF
from tests.support.served import PASSWORD, SIGNS

SOON = (utc_now() + timedelta(days=1)).isoformat()
LATER = (utc_now() + timedelta(days=2)).isoformat()
NOTHING = {"kind": "none"}
WISH = {"kind": "cancel", "reason": "changed_mind"}
WORDS = {"audience": "consumer", "text": "Good day"}

MACHINE = ("machine",)
READS, WRITES = ("machine", "reads"), ("machine", "writes")
CASE = ("agent", "platform", "admin")
AGENTS = ("agent", "rival", "platform", "admin")
OWNER = ("owner",)
CONSUMERS = ("owner", "stranger")
ADMIN = ("admin",)
RUNS = ("admin", "machine")
"""An admin, and a machine whose key is good for that."""
SAID = {"title": "T", "body": "B"}
A_MACRO = {"name": "Hello", "zh": "您好", "en": "Good day"}
A_VIEW = {"name": "Late", "filter": {"overdue": True}}
A_CASE = {"consumer": "{consumer}", "conversation": "{conversation}", "case": 1}
AN_ARTICLE = {"zh": SAID, "en": SAID, "owner": "me"}
HOOKS = {"desk": "platform", "url": "http://127.0.0.1:9/hooks"}
"""Nobody listens there."""
REASON = {"reason": "a try"}
SENT = {"failed": True}
A_SPAN = {"since": "2024-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
DAYS = {"since": "2026-01-01", "until": "2026-02-01"}
EVERYBODY = (
    *("nobody", "machine", "reads", "writes", "owner", "stranger"),
    *("agent", "rival", "platform", "admin"),
)


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
    "describeListing": Route(
        WRITES, {"currency": "CNY", "variants": [{"variant": str(uuid4()), "price_minor": 100}]}
    ),
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
    "readDeskStatement": Route(("platform", "admin"), query=A_SPAN | {"currency": "CNY"}),
    "readDeskStatements": Route(("platform", "admin"), query=A_SPAN),
    "readDeskOrderBooks": Route(CASE),
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
    "listQueues": Route(("agent", "admin"), query={"desk": "{desk}"}),
    "readInbox": Route(("agent", "admin"), query={"desk": "{desk}", "skill": "orders"}),
    "watchQueue": Route(("agent", "admin"), query={"desk": "{desk}", "skill": "orders"}),
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
    "readArticle": Route(AGENTS),
    "readArticleVersions": Route(AGENTS),
    "writeArticle": Route(ADMIN, {"seen": 0, "article": AN_ARTICLE}),
    "retireArticle": Route(AGENTS),
    "suggestArticles": Route(CASE),
    "listMacros": Route(AGENTS),
    "translateMessage": Route(CASE, {"language": "zh", "version": 1}),
    "noteCall": Route(CASE, {"direction": "outbound", "number": "13812345678", "text": "Hello"}),
    "listColleagues": Route(("agent", "admin"), query={"desk": "{desk}"}),
    "listMentions": Route(AGENTS),
    "readMentions": Route(AGENTS, {"messages": [str(uuid4())]}),
    "readPublicNames": Route(AGENTS, {"parties": [str(uuid4())]}),
    "listViews": Route(AGENTS),
    "writeView": Route(("agent", "admin"), {"seen": 0, "desk": "{desk}", "view": A_VIEW}),
    "readView": Route(("agent", "admin")),
    "removeView": Route(("agent", "admin")),
    "previewView": Route(("agent", "admin"), {"desk": "{desk}", "filter": {}}),
    "doToMany": Route(AGENTS, {"deed": {"do": "note", "text": "A note"}, "cases": [A_CASE]}),
    "writeMacro": Route(ADMIN, {"seen": 0, "desk": "{desk}", "macro": A_MACRO}),
    "retireMacro": Route(("agent", "admin")),
    "renderMacro": Route(("agent", "admin")),
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
    "listFlags": Route(("platform", "admin")),
    "reviewFlags": Route(CASE, {"seen": 1, "outcome": "cleared"}),
    "requestReveal": Route(
        CASE, {"field": "phone", "reason": "call_back", "conversation": "{conversation}"}
    ),
    # Nothing is granted to anybody in this world; test_reveals.py.
    "readRevealed": Route(()),
    "readRevealedMessages": Route(()),
    "liftRevealAlarm": Route(("platform", "admin")),
    "readDeskOrder": Route(CASE),
    "readMyAuthority": Route(CASE, query={"desk": "{desk}"}),
    "passOnConsent": Route(
        CASE, {"part": 1, "promise": "shipping", "due_at": LATER, "consent": "{message}"}
    ),
    "passOnEstimate": Route(CASE, {"part": 1, "estimate_at": LATER}),
    "listWaitingRemedies": Route(("agent", "admin"), query={"desk": "{desk}"}),
    "listCasesDue": Route(("agent", "admin"), query={"desk": "{desk}"}),
    "listCasesOfOrder": Route(CASE),
    "listConsumersConversations": Route(("platform", "admin")),
    "listFollowed": Route(("agent", "admin"), query={"desk": "{desk}", "of": "decided"}),
    "listRemediesDue": Route(("agent", "admin"), query={"desk": "{desk}"}),
    "previewBulk": Route(AGENTS, A_BULK),
    "giveBulk": Route(AGENTS, A_BULK),
    "readDeskRemedies": Route(CASE),
    "listChoices": Route(CASE),
    "listReplacements": Route(CASE),
    "readTimeline": Route(CASE),
    "previewRemedy": Route(CASE, {**WISH, "part": 1}),
    "requestRemedy": Route(("platform", "admin"), {"wish": WISH}),
    "giveGoodwill": Route(("platform", "admin"), {"wish": WISH}),
    "nameReturnPlace": Route(CASE, {"place": str(uuid4())}),
    "arrangeReturn": Route(CASE, {"shipment": str(uuid4())}),
    "confirmReceipt": Route(CASE),
    "inspectReturn": Route(CASE, {}),
    "sendOut": Route(CASE, {"shipment": str(uuid4())}),
    "contestRefund": Route(CASE, {"reason": "empty_box", "evidence": ["{agents_file}"]}),
    "decideContest": Route(CASE, {"upheld": True, "reason": "seen_both"}),
    "grantRemedy": Route(CASE),
    "refuseRemedy": Route(CASE, {"reason": "custom_made", "facts": ["work_has_begun"]}),
    "offerInstead": Route(CASE, {"wish": {**WISH, "amount_minor": 100}}),
    "previewOffer": Route(CASE, {**WISH, "amount_minor": 100}),
    "nameRouteForConsumer": Route(CASE, {"method": "wallet"}),
    "liftRisk": Route(CASE, {"reason": "known_well"}),
    "showEvidence": Route(CASE, {"evidence": ["{attachment}"]}),
    "decideDispute": Route(CASE, {"outcome": "granted", "reason": "seen", "basis": "photo"}),
    "objectToDecision": Route(CASE, {"reason": "swapped"}),
    "approveGrant": Route(CASE),
    "declineGrant": Route(CASE, {"reason": "too_much"}),
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
    "mergeCases": Route(("platform", "admin"), {"into": 2}),
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
    # Of the desk's supervisors, whom this world does not have: see test_webhooks.
    "listDeskWebhooks": Route(ADMIN, query={"desk": "{desk}"}),
    "addDeskWebhook": Route(ADMIN, HOOKS),
    "readDeskWebhook": Route(ADMIN),
    "disableDeskWebhook": Route(ADMIN, REASON),
    "enableDeskWebhook": Route(ADMIN),
    "rotateDeskWebhook": Route(ADMIN),
    "testDeskWebhook": Route(ADMIN),
    "listDeskDeliveries": Route(ADMIN),
    "replayDeskDeliveries": Route(ADMIN, SENT),
    "removeDeskWebhook": Route(ADMIN),
    # Of the desk's supervisors, too: see test_supervising.
    "readWall": Route(ADMIN, query={"desk": "{desk}"}),
    "watchWall": Route(ADMIN, query={"desk": "{desk}"}),
    "listPressing": Route(ADMIN, query={"desk": "{desk}"}),
    "listSilent": Route(ADMIN, query={"desk": "{desk}"}),
    "listTeam": Route(ADMIN, query={"desk": "{desk}"}),
    "giveCase": Route(
        ADMIN,
        {
            "desk": "{desk}",
            "consumer": "{consumer}",
            "conversation": "{conversation}",
            "case": 1,
        },
    ),
    "suggestStaffing": Route(ADMIN, query={"desk": "{desk}"}),
    "listFigures": Route(ADMIN),
    "readFigure": Route(ADMIN, query=DAYS),
    "exportFigure": Route(ADMIN, query=DAYS),
    "listBehindFigure": Route(ADMIN, query=DAYS),
    "planTeamShift": Route(ADMIN, {"starts_at": SOON, "ends_at": LATER}),
    "cancelTeamShift": Route(ADMIN, {"starts_at": SOON}),
    "setTeamPresence": Route(ADMIN, {"presence": "away"}),
    "declareSurge": Route(
        ADMIN, {"desk": "{desk}", "until": (utc_now() + timedelta(hours=1)).isoformat()}
    ),
    "callOffSurge": Route(ADMIN, {"desk": "{desk}"}),
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
    "createLogin": Route(ADMIN, {"agent": str(uuid4()), "password": PASSWORD}),
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
    "removeWebhook": Route(RUNS),
    "replayConversation": Route(RUNS),
    "replayOrder": Route(RUNS),
}
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


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str

    @property
    def route(self) -> Route:
        return ROUTES[self.id]


async def operations(world: World) -> list[Operation]:
    description = (await world.clients["nobody"].get("/openapi/openapi.json")).json()
    return [
        Operation(one["operationId"], method.upper(), path)
        for path, methods in description["paths"].items()
        for method, one in methods.items()
    ]


async def names_of(world: World) -> dict[str, str]:
    """What stands in the paths: things that are there."""
    admin = world.clients["admin"]
    # What may be revoked or disabled is nobody's who is asked later.
    spare = uuid4()
    await world.service.agent(agent=spare)
    await world.service.machine(name="spare")
    keys = (await admin.get("/v1/admin/keys")).json()["items"]
    logins = (await admin.get("/v1/admin/logins")).json()["items"]
    packs = (await admin.get("/v1/admin/markets/cn/packs")).json()["items"]
    mine = next(one for one in logins if one["agent"] == str(spare))
    hook = (await admin.post("/v1/admin/webhooks", json=HOOKS)).json()
    merchant, listing = await _for_sale(world)
    return {
        "consumer": str(world.consumer),
        "order": str(world.order),
        "conversation": str(world.conversation),
        "case": "1",
        "remedy": "1",
        "attachment": await _attached(world),
        "agents_file": await _attached_by_agent(world),
        "leg": "1",
        "field": "phone",
        "party": str(world.consumer),
        "creator": str(uuid4()),
        "agent": str(world.agent),
        "desk": str(world.desk),
        "relief": str(uuid4()),
        "payout": str(uuid4()),
        "currency": "CNY",
        "recovery": "1",
        "budget": "assurance",
        "merchant": merchant,
        "listing": listing,
        "name": mine["name"],
        "key": keys[0]["id"],
        "market": "cn",
        "pack": packs[0]["pack_hash"],
        "calendar": "always",
        "figure": "resolution",
        "candidate": await _candidate(world),
        "parked": str(uuid4()),
        "webhook": hook["id"],
        **await _tools(world),
        "message": await _first_message(world),
        "public": SIGNS.as_pem(private=False).decode(),
    }


async def _first_message(world: World) -> str:
    messages = await world.clients["admin"].get(f"{world.case_path}/messages")
    return str(messages.json()["items"][0]["id"])


async def _tools(world: World) -> dict[str, str]:
    """An article for everybody; a macro and a view of the merchant's desk."""
    admin, ids = world.clients["admin"], {}
    at_desk = {"seen": 0, "desk": str(world.desk)}
    for name, body in (
        ("article", {"seen": 0, "article": AN_ARTICLE}),
        ("macro", {**at_desk, "macro": A_MACRO}),
        ("view", {**at_desk, "view": A_VIEW, "shared": True}),
    ):
        ids[name] = str(uuid4())
        made = await admin.put(f"/v1/desk/{name}s/{ids[name]}", json=body)
        assert made.status_code == 200, made.text
    return ids


async def _candidate(world: World) -> str:
    """The rules of cn as they come along, not published."""
    files = {path.name: path.read_text() for path in (PACKS_FOLDER / "cn").glob("*.toml")}
    checked = await world.clients["admin"].post(
        "/v1/admin/markets/cn/candidates", json={"files": files}
    )
    return str(checked.json()["candidate"]["id"])


async def _for_sale(world: World) -> tuple[str, str]:
    """A merchant's listing; and the consumer can pay by a card and by a balance."""
    machine, merchant, listing = world.clients["machine"], str(uuid4()), str(uuid4())
    told = await machine.put(
        f"/v1/marketplace/merchants/{merchant}/listings/{listing}",
        json=ROUTES["describeListing"].body,
        headers={"Idempotency-Key": "described"},
    )
    assert told.status_code == 200, told.text
    methods: tuple[dict[str, Any], ...] = (
        {"method": "card:1", "kind": "card"},
        {"method": "gift:1", "kind": "gift", "stored": True, "currency": "CNY"},
    )
    for method in methods:
        told = await machine.post(
            f"/v1/marketplace/consumers/{world.consumer}/wallet/methods",
            json=method,
            headers={"Idempotency-Key": str(method["method"])},
        )
        assert told.status_code == 200, told.text
    return merchant, listing


async def _attached(world: World) -> str:
    """A file that came with a message of the consumer's."""
    owner, subject = world.clients["owner"], {"kind": "order", "id": str(world.order), "part": 1}
    query: dict[str, Any] = {"kind": "order", "subject": str(world.order), "part": 1}
    brought = await owner.post("/v1/help/attachments", params=query, content=PDF)
    said = {"subject": subject, "case": 1, "attachments": [brought.json()["id"]]}
    assert (await owner.post("/v1/help/contacts", json=said)).status_code == 200
    return str(brought.json()["id"])


async def _attached_by_agent(world: World) -> str:
    """A file that came with an answer of the merchant's."""
    agent, case = world.clients["agent"], f"/v1/desk/cases/{world.consumer}/{world.conversation}"
    brought = await agent.post(f"{case}/attachments", content=PDF)
    said = {"audience": "consumer", "attachments": [brought.json()["id"]]}
    answer = await agent.post(f"{case}/1/messages", json=said)
    assert answer.status_code == 200, answer.text
    return str(brought.json()["id"])


def nowhere(names: dict[str, str]) -> dict[str, str]:
    """The same places with nothing there."""
    return {
        **{name: str(uuid4()) for name in names},
        "case": "1",
        "leg": "1",
        "remedy": "1",
        "figure": names["figure"],
        "field": "phone",
        "desk": f"merchant:{uuid4()}",
        "name": "nobody@nowhere.example",
        "key": "nokeynokeyno",
        "currency": "XXX",
        "recovery": "2",
        "budget": "nothing",
        "market": "zz",
        "pack": "f" * 32,
        "calendar": "nowhere",
        "public": names["public"],
    }


async def ask(
    world: World, who: str, operation: Operation, names: dict[str, str]
) -> httpx.Response:
    def filled(value: Any) -> Any:
        if isinstance(value, str):
            for name, said in names.items():
                value = value.replace("{" + name + "}", said)
        if isinstance(value, list):
            return [filled(one) for one in value]
        return {k: filled(v) for k, v in value.items()} if isinstance(value, dict) else value

    async with world.clients[who].stream(
        operation.method,
        filled(operation.path),
        json=filled(operation.route.body),
        content=operation.route.content,
        params=filled(operation.route.query),
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


async def kept(url: str) -> list[Any]:
    """Everything that a denial must not change."""
    async with Outside(url) as outside:
        return [
            await outside.value(f"SELECT count(*) FROM {table}")
            for table in (
                *(
                    "journal",
                    "remedy_work",
                    "remedy_follow",
                    "message",
                    "person",
                    "attachment",
                    "flag",
                    "reveal",
                ),
                *("api_key", "signing_key", "login", "webhook_endpoint", "candidate"),
            )
        ] + await outside.rows(
            "SELECT (SELECT string_agg(l::text, '' ORDER BY name) FROM login l), "
            "(SELECT string_agg(e::text, '' ORDER BY id) FROM webhook_endpoint e), "
            "(SELECT string_agg(c::text, '' ORDER BY id) FROM candidate c), "
            "(SELECT count(*) FROM session), "
            "(SELECT count(*) FROM session WHERE ended_at IS NULL), "
            "(SELECT count(*) FROM api_key WHERE revoked_at IS NULL)"
        )


def strangers(operation: Operation) -> Iterator[str]:
    return (who for who in EVERYBODY if who not in operation.route.sees)


async def test_every_route_is_in_the_table(url: str) -> None:
    async with the_world(url) as world:
        assert {one.id for one in await operations(world)} == set(ROUTES)


@pytest.mark.slow
async def test_a_denial_changes_nothing_and_tells_nothing(url: str) -> None:
    async with the_world(url) as world:
        names = await names_of(world)
        nothing = nowhere(names)
        before = await kept(url)
        for operation in await operations(world):
            if operation.id in (*ENTRANCES, *LEFT_FOR_LAST):
                continue
            for who in strangers(operation):
                denied = await ask(world, who, operation, names)
                about = f"{operation.id} as {who}: {denied.status_code} {denied.text}"
                assert denied.status_code in (401, 403, 404), about
                assert denied.headers["content-type"] == "application/problem+json", about
                absent = await ask(world, who, operation, nothing)
                assert (absent.status_code, absent.text) == (denied.status_code, denied.text), about
        assert await kept(url) == before


@pytest.mark.slow
async def test_whoever_may_is_let_in_everywhere(url: str) -> None:
    async with the_world(url) as world:
        names = await names_of(world)
        every = await operations(world)
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
                if operation.id not in KEEPS_NOTHING:
                    assert answer.status_code not in (401, 404) or _nobody_there(answer), about


def _nobody_there(answer: httpx.Response) -> bool:
    """An admin who is no agent, a party that was never registered, a refund that nobody asked for:
    there is none, for anybody."""
    codes = (
        *("agent_unknown", "party_unknown", "relief_unknown", "charge_unknown"),
        *("account_unknown", "recovery_unknown", "presale_unknown", "shipment_unknown"),
        *("refund_unknown", "remedy_unknown", "parcel_unknown"),
    )
    return answer.json()["code"] in codes or answer.request.url.path == "/v1/desk/me"


async def test_logging_out_ends_it(url: str) -> None:
    async with the_world(url) as world:
        for who, path in (("agent", "/v1/desk/session"), ("owner", "/v1/help/session")):
            assert (await world.clients[who].delete(path)).status_code == 204
            ended = await world.clients[who].get(path)
            assert ended.status_code == 401
            assert ended.json()["code"] in ("session_ended", "credentials_missing")
