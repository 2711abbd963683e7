"""What those look after in a browser who run the system, beside its people and rules: the keys by
which the marketplace signs, reliefs, the fund, personal data, and what failed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.auth.principals import Kind
from oncedesk.wiring import Parts
from tests.browser.workplace import Bought, Workplace
from tests.support.browsers import looks
from tests.support.served import SIGNS
from tests.support.site import Site, with_parts

AtDesk = Callable[..., Page]
BOTH = ("desk", "phone")


@pytest.fixture
def admin(at_desk: AtDesk, shown: Site) -> Callable[..., Page]:
    def open_page(path: str, **about: str) -> Page:
        return at_desk(shown.agent(role=Kind.ADMIN), path, **about)

    return open_page


def test_a_signing_key_is_known_by_its_fingerprint_and_retired(admin: Callable[..., Page]) -> None:
    page, name = admin("/admin/keys"), f"key-{uuid4().hex[:8]}"
    page.get_by_role("button", name="Register a signing key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Its id").fill(name)
    dialog.get_by_label("Issuer").fill("shop.example")
    dialog.get_by_label("The public key").fill("no key at all")
    dialog.get_by_role("button", name="Register a signing key").click()
    expect(dialog.get_by_role("alert")).to_contain_text("an Ed25519 key, as PEM or JWK")
    # What was typed is kept while it is refused.
    expect(dialog.get_by_label("Its id")).to_have_value(name)
    dialog.get_by_label("The public key").fill(SIGNS.as_pem(private=False).decode())
    dialog.get_by_role("button", name="Register a signing key").click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("row", name=re.compile(name))
    expect(row).to_contain_text(re.compile("[0-9a-f]{64}"))
    expect(row).to_contain_text("valid")
    row.get_by_role("button", name="Retire").click()
    dialog.get_by_role("button", name="Retire").click()
    expect(row.get_by_text("retired")).to_be_visible()
    # A name that a key has had is nobody's any more.
    page.get_by_role("button", name="Register a signing key").click()
    dialog.get_by_label("The public key").fill(SIGNS.as_pem(private=False).decode())
    dialog.get_by_role("button", name="Register a signing key").click()
    expect(dialog.get_by_role("alert")).to_contain_text("take another name")


def test_a_relief_is_published_beforehand_and_withdrawn(admin: Callable[..., Page]) -> None:
    page = admin("/admin/reliefs")
    page.get_by_role("button", name="Publish a relief").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Starts").fill("2020-01-01T00:00")
    dialog.get_by_label("Ends").fill("2020-01-02T00:00")
    publish = dialog.get_by_role("button", name="Publish a relief")
    publish.click()
    expect(dialog.get_by_role("alert")).to_contain_text("published before it starts")
    dialog.get_by_label("Starts").fill("2031-02-01T00:00")
    dialog.get_by_label("Ends").fill("2031-02-03T00:00")
    dialog.get_by_label("Longer by so many hours").fill("48")
    dialog.get_by_label("Code of a carrier").fill("sf")
    publish.click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("row", name=re.compile("carrier sf"))
    expect(row).to_contain_text("2 d")
    expect(row).to_contain_text("announced")
    looks(page, "admin-reliefs", widths=BOTH, ready="td")
    row.get_by_role("button", name="Withdraw").click()
    dialog.get_by_role("button", name="Withdraw").click()
    expect(row).to_have_count(0)


def test_an_agent_is_looked_after(admin: Callable[..., Page], shown: Site) -> None:
    shop = Workplace(shown)
    person = shown.agent(PLATFORM, shop.desk)
    page = admin(f"/admin/agents/{person.agent}")
    # What the rules give an agent of the platform; a merchant's gives nothing alone.
    row = (
        page.get_by_role("region", name="What they may give alone: China").get_by_role("row").nth(1)
    )
    expect(row).to_contain_text("Platform")
    expect(row).to_contain_text("¥200.00")
    page.get_by_label("To wrap up (minutes)").fill("2.5")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("To wrap up (minutes)")).to_have_value("2.5")
    picks = page.get_by_role("switch", name="May pick cases from a queue by hand")
    expect(picks).not_to_be_checked()
    picks.click()
    expect(picks).to_be_checked()

    page.get_by_role("button", name="Change name and e-mail").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Li Lei")
    dialog.get_by_role("button", name="Change name and e-mail").click()
    expect(page.get_by_role("heading", name="Li Lei", level=1)).to_be_visible()
    page.get_by_role("button", name="Accounts close to them").click()
    consumer = uuid4()
    dialog.get_by_label("Ids of consumers").fill(f"{consumer}, and no other")
    expect(dialog.get_by_text("1 found in it, at most 16")).to_be_visible()
    dialog.get_by_role("button", name="Accounts close to them").click()
    expect(page.get_by_text("1 consumer's account is theirs")).to_be_visible()
    expect(page.get_by_text("They have no case in hand.")).to_be_visible()
    looks(page, "admin-agent-all", widths=BOTH, ready="table")
    page.get_by_role("button", name="Erase personal data").click()
    dialog.get_by_role("button", name="Erase personal data").click()
    expect(page.get_by_role("heading", name="no name kept", level=1)).to_be_visible()


def test_personal_data_is_held_copied_and_erased(
    admin: Callable[..., Page], shown: Site, tmp_path: Path
) -> None:
    consumer = uuid4()
    shown.command(
        "PUT",
        f"/v1/marketplace/parties/{consumer}",
        {"kind": "consumer", "market": "cn", "person": {"name": "张三"}},
    )
    page = admin("/admin/privacy")
    page.get_by_label("Paste an id").fill("nothing of use")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("There is no id in it.")).to_be_visible()
    page.get_by_label("Paste an id").fill(f"see {consumer}")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("It was never erased.")).to_be_visible()
    expect(page.get_by_text("Nobody has.")).to_be_visible()

    page.get_by_role("button", name="Place a hold").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reference").fill("case with blanks")
    expect(dialog.get_by_role("button", name="Place a hold")).to_be_disabled()
    dialog.get_by_label("Reference").fill("court/2026-11")
    dialog.get_by_role("button", name="Place a hold").click()
    expect(page.get_by_text("court/2026-11", exact=True)).to_be_visible()
    looks(page, "admin-privacy", widths=BOTH, ready="h2")

    with page.expect_download() as kept:
        page.get_by_role("button", name="Download a copy").click()
    copied = tmp_path / "copy.json"
    kept.value.save_as(copied)
    assert "张三" in json.dumps(json.loads(copied.read_text("utf-8")), ensure_ascii=False)

    def erase() -> None:
        page.get_by_role("button", name="Erase").click()
        expect(dialog.get_by_role("button", name="Erase")).to_be_disabled()
        dialog.get_by_label("Type the first 8 characters").fill(str(consumer)[:8])
        dialog.get_by_role("button", name="Erase").click()

    erase()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Lift").click()
    dialog.get_by_role("button", name="Lift").click()
    expect(page.get_by_text("None: it may be erased")).to_be_visible()
    erase()
    expect(page.get_by_text(re.compile("^Erased "))).to_be_visible()
    page.get_by_role("link", name="What happened").click()
    expect(page.get_by_role("list", name="Steps").get_by_role("listitem").first).to_be_visible()


def test_an_agent_and_a_desk_are_found_among_many(admin: Callable[..., Page], shown: Site) -> None:
    shop, other = Workplace(shown), Workplace(shown)
    people = [shown.agent(one.desk).agent for one in (shop, shop, other)]
    page = admin("/admin/agents")
    desk = page.get_by_role("combobox", name="Desk")
    desk.fill(str(shop.desk))
    page.get_by_role("option").filter(has_text=str(shop.merchant)[:8]).click()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(3)
    for agent, shown_here in zip(people, (True, True, False), strict=True):
        link = page.locator(f'a[href="/admin/agents/{agent}"]')
        expect(link).to_have_count(int(shown_here))
    page.get_by_label("Find somebody").fill("nobody is called so")
    expect(page.get_by_text("Nobody was found.")).to_be_visible()

    page.goto("/admin/desks")
    desk.fill(str(other.desk))
    page.get_by_role("option").filter(has_text=str(other.merchant)[:8]).click()
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text(str(other.desk))


def test_a_budget_is_changed_for_this_month(admin: Callable[..., Page]) -> None:
    page = admin("/admin/fund")
    expect(page.get_by_role("rowheader", name="Assurance fund")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Goodwill 20"))
    expect(row).to_contain_text("¥500,000.00")
    row.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount this month").fill("600000.5")
    dialog.get_by_role("button", name="Change").click()
    expect(row).to_contain_text("¥600,000.50")
    looks(page, "admin-fund", widths=BOTH, ready="td")
    row.get_by_role("link", name="Goodwill").click()
    expect(page.get_by_role("heading", name=re.compile('budget "Goodwill" of cn'))).to_be_visible()
    expect(page.get_by_text("The month's budget was set to ¥600,000.50.")).to_be_visible()


def test_what_failed_is_tried_again_or_given_up(admin: Callable[..., Page], shown: Site) -> None:
    bought = Workplace(shown).case()
    parked(shown, bought, 2)
    page = admin("/admin/operations")
    rows = page.get_by_role("row").filter(has_text="once broken")
    expect(rows).to_have_count(2)
    looks(page, "admin-operations", widths=BOTH, ready="td")
    rows.first.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is done now.")).to_be_visible()
    expect(rows).to_have_count(1)
    rows.first.get_by_role("button", name="Give up").click()
    page.get_by_role("dialog").get_by_role("button", name="Give up").click()
    expect(page.get_by_text("Nothing has failed.")).to_be_visible()


def parked(shown: Site, bought: Bought, count: int) -> None:
    """Reactions of which each failed when it ran, as a program with a bug would have left them."""

    async def leave(parts: Parts) -> None:
        for _ in range(count):
            command = AssignCase(
                consumer=bought.consumer,
                conversation=bought.conversation,
                case=1,
                agent=uuid4(),
            )
            ref = command.target()
            await parts.pool.execute(
                "INSERT INTO reaction (bucket, target, source, version, number, id, kind, depth, "
                "command, at, parked_at, reason) VALUES ($1, $2, $3, 1, 0, $3, 'conversation', 1, "
                "$4, now(), now(), 'once broken')",
                ref.bucket,
                ref.id,
                uuid4(),
                parts.codec.encode(command),
            )

    with_parts(shown.database, leave)


def test_a_year_of_too_many_digits_does_not_take_the_page_away(admin: Callable[..., Page]) -> None:
    page = admin("/admin/fund")
    last = page.get_by_label("Through")
    last.focus()
    # Whatever order its parts have, the year is one of the last two, and takes no more than four.
    for _ in range(2):
        last.press("ArrowRight")
    page.keyboard.type("20266")
    last.press("Tab")
    expect(page.get_by_role("heading", name="Fund and budgets")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Assurance fund")).to_be_visible()
    expect(last).to_have_value(re.compile("^[0-9]{4}-"))
