"""What the demo's agents read is what the rule pack says."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.templates import refuse_template, variables_of
from oncedesk.rules.loading import load_builtin
from oncedesk.settings import Settings
from oncedesk.simulation.knowledge import articles, at_hand, fill_shelves
from oncedesk.storage.desk_tools.articles import Listing
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import build


def pack() -> Pack:
    return load_builtin("cn").pack(datetime(2026, 3, 2, tzinfo=UTC).date())


def test_every_issue_that_is_named_is_one_of_the_pack() -> None:
    known = set(pack().issues)
    for key, article in articles().items():
        assert article.issues, key
        assert known.issuperset(article.issues), key


def test_the_hours_and_days_are_those_of_the_pack() -> None:
    said, rules = articles(), pack()
    hours = rules.promises.ship_by_seconds // 3_600
    assert f"{hours} 小时" in said["ship_by"].zh.body
    assert f"{hours} hours" in said["ship_by"].en.body
    still = rules.promises.no_movement_seconds // 3_600
    assert f"{still} 小时" in said["no_movement"].zh.body
    assert f"{still} hours" in said["no_movement"].en.body
    days = rules.remedies.journey.refund_days
    assert f"{days} 天" in said["money_back"].zh.body
    assert rules.promises.locker_needs_consent
    evidence = rules.remedies.dispute.evidence_seconds // 3_600
    decision = rules.remedies.dispute.decision_seconds // 3_600
    assert f"{evidence} 小时举证" in said["dispute"].zh.body
    assert f"within {decision} hours" in said["dispute"].en.body
    assert f"Within {rules.remedies.dispute.objection_days} days" in said["dispute"].en.body


def test_every_macro_names_what_there_is() -> None:
    known = set(pack().issues)
    for key, macro in at_hand().macros.items():
        assert known.issuperset(macro.issues), key
        for text in (macro.zh, macro.en):
            assert refuse_template(text) is None, key
        assert variables_of([macro.zh]) == variables_of([macro.en]), key


async def test_the_shelves_are_filled_once(url: str) -> None:
    async with build(url, settings=Settings(home=Path("/nowhere"), database_url=url)) as parts:
        now = datetime(2026, 3, 2, tzinfo=UTC)
        for _ in range(2):
            await fill_shelves(parts, desks=[PLATFORM], now=now)
        reader = Reader(Actor(Role.ADMIN, UUID(int=1)), (PLATFORM,))
        found = await parts.articles.search(
            reader=reader, words="退货", listing=Listing.LATEST, after=None, limit=50
        )
        assert len(found.items) >= 2
        assert all(one.version == 1 for one in found.items)
        macros = await parts.macros.of_desks(reader=reader, desks=[PLATFORM])
        assert len(macros) == len(at_hand().macros)
        views = await parts.saved_views.mine(reader=reader, agent=UUID(int=1))
        assert len(views) == len(at_hand().views)
