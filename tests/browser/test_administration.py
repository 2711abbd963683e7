"""What those do in a browser who run the system: people, desks, calendars, rules, keys, webhooks,
and why something happened."""

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Request, Route, expect

from oncedesk.domain.agents.messages import DeskRole, JoinDesk, SetCapacity
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.persons import Person, person_text
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref, desk_ref
from oncedesk.domain.shared.refs import Kind as Kind_
from oncedesk.engine.outgoing import DESK_TOPICS
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind
from oncedesk.rules.loading import PACKS_FOLDER
from oncedesk.wiring import Parts
from tests.browser.shopping import Shopper
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Site, with_parts

AtDesk = Callable[..., Page]
BOTH = ("desk", "phone")


@pytest.fixture
def admin(at_desk: AtDesk, shown: Site) -> Callable[..., Page]:
    def open_page(path: str, **about: str) -> Page:
        return at_desk(shown.agent(role=Kind.ADMIN), path, **about)

    return open_page


def rules(folder: Path, *, wrong: bool = False) -> list[Path]:
    """The rules of cn, but everything is shipped in an hour; or with something wrong in them."""
    shutil.copytree(PACKS_FOLDER / "cn", folder)
    text = (folder / "promises.toml").read_text()
    quicker = re.sub(
        r'(key = "ship_by_seconds"\s*\nvalue = )[\d_]+',
        r'\g<1>"soon"' if wrong else r"\g<1>3600",
        text,
    )
    assert quicker != text
    (folder / "promises.toml").write_text(quicker)
    return sorted(folder.glob("*.toml"))


def test_only_an_admin_is_shown_the_administration(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM), "/admin/keys")
    expect(page.get_by_role("heading", name="There is no page here")).to_be_visible()
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)


def test_somebody_new_gets_a_desk_and_a_log_in(admin: Callable[..., Page], shown: Site) -> None:
    page = admin("/admin/agents")
    page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Han Meimei")
    dialog.get_by_role("button", name="Add somebody").click()
    expect(page.get_by_role("heading", name="Han Meimei")).to_be_visible()

    page.get_by_role("button", name="Add to a desk").click()
    page.get_by_role("dialog").get_by_role("button", name="Add to a desk").click()
    belongs = page.get_by_role("region", name="Where they belong")
    expect(belongs.get_by_role("cell", name="Platform")).to_be_visible()

    page.get_by_role("combobox", name="Skills").click()
    page.get_by_role("option", name="Returns").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Returns", exact=True)).to_be_visible()

    page.get_by_role("button", name="Make a log-in").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Log-in name").fill("han@example.com")
    dialog.locator("input[type=password]").fill("a password of hers")
    dialog.get_by_role("button", name="Make a log-in").click()
    expect(page.get_by_text("han@example.com")).to_be_visible()

    # Disabled by mistake, and back with one tap.
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_text("disabled", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("disabled", exact=True)).to_have_count(0)
    looks(page, "admin-agent", widths=BOTH)
    page.get_by_role("link", name="What happened").click()
    expect(page.get_by_role("list", name="Steps").get_by_role("listitem").first).to_be_visible()


def test_whoever_was_taken_off_a_desk_by_mistake_belongs_there_as_long_as_before(
    admin: Callable[..., Page], shown: Site
) -> None:
    agent = shown.agent().agent
    now = utc_now()
    ends_at, again = now + timedelta(days=3), now + timedelta(days=5)

    async def joins(parts: Parts) -> None:
        for starts, ends in ((now, ends_at), (ends_at, again)):
            join = JoinDesk(
                agent=agent, desk=PLATFORM, role=DeskRole.AGENT, starts_at=starts, ends_at=ends
            )
            answer = await parts.engine.submit(
                join, principal="tests", key=str(uuid4()), actor=SYSTEM
            )
            assert answer.accepted, answer

    async def ends(parts: Parts) -> list[datetime | None]:
        ref = agent_ref(agent)
        state = (await parts.store.load([ref]))[ref.id].state
        assert isinstance(state, AgentState)
        return [one.ends_at for one in state.memberships if one.ends_at and one.ends_at > utc_now()]

    with_parts(shown.database, joins)
    page = admin(f"/admin/agents/{agent}")
    belongs = page.get_by_role("region", name="Where they belong")
    expect(belongs.get_by_role("columnheader", name="Until")).to_be_visible()
    belongs.get_by_role("button", name="Take off").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Take off").click()
    expect(page.get_by_text("They belong to no desk")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.", exact=True)).to_be_visible()
    assert with_parts(shown.database, ends) == [ends_at, again]


def test_a_log_in_becomes_an_admin_s_and_is_linked_to_the_identity_provider(
    admin: Callable[..., Page], shown: Site
) -> None:
    agent = shown.agent(PLATFORM).agent
    page = admin("/admin/agents")
    page.route(
        "**/v1/installation",
        lambda route: route.fulfill(json={**route.fetch().json(), "provider": True}),
    )
    page.goto(f"{shown.url}/admin/agents/{agent}")
    page.get_by_role("button", name="Make an admin").click()
    page.get_by_role("dialog").get_by_role("button", name="Make an admin").click()
    page.get_by_role("button", name="Make an agent").click()
    page.get_by_role("dialog").get_by_role("button", name="Make an agent").click()
    expect(page.get_by_role("button", name="Make an admin")).to_be_visible()

    page.get_by_role("button", name="Single sign-on").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Who they are there").fill(f"https://id.example.com {agent}")
    dialog.get_by_role("button", name="Single sign-on").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Single sign-on").click()
    written = dialog.get_by_label("Who they are there")
    expect(written).to_have_value(f"https://id.example.com {agent}")
    assert serious(page) == []


def test_a_desk_beyond_the_first_hundred_is_found_by_its_name(
    admin: Callable[..., Page], shown: Site
) -> None:
    many = [Desk(DeskKind.MERCHANT, uuid4()) for _ in range(1_000)]
    *_, last = sorted(many, key=lambda one: (desk_ref(one).bucket, desk_ref(one).id))
    shop = person_text(Person(name="Qimen Tea House"))

    async def opens(parts: Parts) -> None:
        assert last.party is not None
        seal = parts.engine.entry.seal(shop)
        register = RegisterParty(
            party=last.party,
            kind=PartyKind.MERCHANT,
            market="cn",
            digest=seal.digest,
            length=seal.length,
        )
        opened = [OpenDesk(desk=one, market="cn") for one in (*many[:100], last)]
        commands: list[Any] = [register, *opened]
        for command in commands:
            answer = await parts.engine.submit(
                command,
                principal="tests",
                key=str(uuid4()),
                actor=SYSTEM,
                text=shop if command is register else None,
            )
            assert answer.accepted, answer

    with_parts(shown.database, opens)
    page = admin("/admin/agents")
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Li Lei")
    page.get_by_role("dialog").get_by_role("button", name="Add somebody").click()
    page.get_by_role("button", name="Add to a desk").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Desk").fill("qimen t")
    page.get_by_role("option", name="Qimen Tea House").click()
    dialog.get_by_role("button", name="Add to a desk").click()
    belongs = page.get_by_role("region", name="Where they belong")
    expect(belongs.get_by_role("cell", name="Qimen Tea House")).to_be_visible()


def test_whoever_joins_a_desk_does_so_by_the_service_s_clock(admin: Callable[..., Page]) -> None:
    page = admin("/admin/agents")
    # Whoever looks has a clock that is three hours fast.
    page.clock.set_system_time(utc_now() + timedelta(hours=3))
    page.reload()
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Zhang Wei")
    page.get_by_role("dialog").get_by_role("button", name="Add somebody").click()
    page.get_by_role("button", name="Add to a desk").click()
    with page.expect_request("**/memberships") as asked:
        page.get_by_role("dialog").get_by_role("button", name="Add to a desk").click()
    said: Any = asked.value.post_data_json
    starts_at = datetime.fromisoformat(said["starts_at"])
    assert abs(starts_at - utc_now()) < timedelta(minutes=5)
    belongs = page.get_by_role("region", name="Where they belong")
    expect(belongs.get_by_role("cell", name="Platform")).to_be_visible()


def test_a_calendar_is_looked_at_as_a_calendar(admin: Callable[..., Page]) -> None:
    page = admin("/admin/calendars")
    expect(page.get_by_role("table").first).to_be_visible()
    page.get_by_label("Calendar", exact=True).select_option("office_hours")
    for _ in range(2026, utc_now().astimezone(ZoneInfo("Asia/Shanghai")).year):
        page.get_by_role("button", name="Previous year").click()
    october = page.locator("table.month").nth(9)
    expect(october.locator("td[data-kind=holiday]").first).to_be_visible()
    expect(page.get_by_role("cell", name="make-up workday").first).to_be_visible()
    looks(page, "admin-calendar", widths=BOTH, ready="table.month")


def test_a_pack_is_read_with_its_sources(admin: Callable[..., Page]) -> None:
    page = admin("/admin/rules")
    page.get_by_role("link", name=re.compile(r"^20|^\d")).first.click()
    expect(page.get_by_role("heading", name=re.compile("Rule packs cn"))).to_be_visible()
    page.get_by_label("Find rows").fill("recontact_window")
    row = page.get_by_role("row", name=re.compile("recontact_window_seconds"))
    expect(row).to_be_visible()
    expect(row).to_contain_text("7 d")
    page.get_by_label("Find rows").fill("no such row anywhere")
    expect(page.get_by_text("No row fits.")).to_be_visible()
    looks(page, "admin-pack", widths=BOTH)


def test_rules_that_are_wrong_are_told_by_file_and_key(
    admin: Callable[..., Page], tmp_path: Path
) -> None:
    page = admin("/admin/rules")
    page.locator("input[type=file]").set_input_files(rules(tmp_path / "cn", wrong=True))
    expect(page.get_by_role("alert")).to_contain_text("it did not become a candidate")
    row = page.get_by_role("row", name=re.compile("promises.toml"))
    expect(row).to_contain_text("ship_by_seconds")
    # Nothing is held: the same files, corrected and chosen again, are a change.
    expect(page.locator("input[type=file]")).to_have_value("")
    note = tmp_path / "readme.txt"
    note.write_text("no rules")
    page.locator("input[type=file]").set_input_files(note)
    expect(page.get_by_role("alert")).to_have_text("Only .toml files are rules.")


def test_a_candidate_is_compared_tried_and_published_with_notice(
    admin: Callable[..., Page], tmp_path: Path
) -> None:
    page = admin("/admin/rules")
    page.locator("input[type=file]").set_input_files(rules(tmp_path / "cn"))
    expect(page.get_by_role("heading", name="What it would change")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("ship_by_seconds"))
    expect(row).to_contain_text("1 h")

    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text(re.compile("decisions were decided again"))).to_be_visible(
        timeout=120_000
    )
    looks(page, "admin-candidate", widths=BOTH)

    page.get_by_label("Why, for the record").fill("a trial")
    page.get_by_label("First day").fill("2026-01-01")
    publish = page.locator("#content").get_by_role("button", name="Publish")
    publish.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_label("First day").fill("")
    publish.click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Planned", exact=True)).to_be_visible()
    looks(page, "admin-rules", widths=BOTH)
    # What is planned can be taken back.
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_label("Why, for the record").fill("it was a trial")
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Planned", exact=True)).to_have_count(0)


def test_a_key_is_shown_once_and_revoked(admin: Callable[..., Page]) -> None:
    page = admin("/admin/keys")
    page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("warehouse")
    dialog.get_by_label("cases:read").check()
    dialog.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text(re.compile("^odk_"))).to_be_visible()
    # What `looks` does not see, as it reloads: what is shown once, and a button under a pointer.
    expect(dialog).to_have_count(0)
    make = page.get_by_role("button", name="Make a key")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        make.hover()
        assert not serious(page)
    looks(page, "admin-keys", widths=BOTH)
    # Seen once: after that reload it is nowhere.
    row = page.get_by_role("row", name=re.compile("warehouse"))
    expect(row).to_be_visible()
    expect(page.get_by_text(re.compile("^odk_"))).to_have_count(0)
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row.get_by_text("revoked")).to_be_visible()


def test_a_key_that_was_shown_is_made_once_more_whatever_became_of_the_list(
    admin: Callable[..., Page],
) -> None:
    page = admin("/admin/keys")
    dialog = page.get_by_role("dialog")

    def makes_it() -> None:
        page.get_by_role("button", name="Make a key").click()
        dialog.get_by_label("Name").fill("returns")
        dialog.get_by_label("cases:read").check()
        dialog.get_by_role("button", name="Make a key").click()
        expect(page.get_by_text(re.compile("^odk_"))).to_be_visible()

    listed = re.compile("/v1/admin/keys")
    page.route(
        listed, lambda route: route.abort() if route.request.method == "GET" else route.fallback()
    )
    makes_it()
    page.unroute(listed)
    page.reload()
    makes_it()


def test_a_desk_is_closed_and_opened_again(admin: Callable[..., Page]) -> None:
    page = admin("/admin/desks")
    row = page.get_by_role("row", name=re.compile("merchant:")).first
    found = re.search(r"merchant:[0-9a-f-]+", row.get_by_role("cell").first.inner_text())
    assert found
    row.get_by_role("button", name="Close").click()
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.click()
    row = page.get_by_role("row", name=re.compile(found[0]))
    expect(row.get_by_text("closed")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row.get_by_text("open", exact=True)).to_be_visible()
    looks(page, "admin-desks", widths=BOTH)


def test_what_was_not_delivered_is_replayed(admin: Callable[..., Page], shown: Site) -> None:
    page = admin("/admin/webhooks")
    page.get_by_role("button", name="Add a URL").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("URL").fill("ftp://hooks.example")
    dialog.get_by_role("button", name="Add a URL").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    # What was typed is still there. Nobody listens at the other.
    expect(dialog.get_by_label("URL")).to_have_value("ftp://hooks.example")
    dialog.get_by_label("URL").fill("http://127.0.0.1:9/hooks")
    dialog.get_by_role("button", name="Add a URL").click()
    expect(page.get_by_text(re.compile("^whsec_"))).to_be_visible()
    page.get_by_role("link", name=re.compile("127.0.0.1:9")).first.click()

    page.get_by_role("button", name="Send a ping").click()
    expect(page.get_by_text("It answered without a status")).to_be_visible(timeout=30_000)
    shown.command("POST", "/v1/marketplace/contacts", contact(uuid4()))
    expect(page.get_by_role("cell", name="case.opened").first).to_be_visible(timeout=30_000)
    hours_ahead(shown)
    waits = page.get_by_role("row").filter(has_text="next try").first
    expect(waits).to_be_visible()
    page.get_by_role("button", name="Send now what waits").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("What is on its way is not sent twice.")).to_be_visible()
    dialog.get_by_role("button", name="Send now what waits").click()
    expect(page.get_by_text(re.compile("(is|are) sent now"))).to_be_visible()
    # Nobody listens: it keeps its turn. One of them alone, and in the other language.
    hours_ahead(shown)
    page.get_by_role("button", name="中文").click()
    looks(page, "admin-webhook-waiting", widths=BOTH)
    page.get_by_role("button", name="立即发送", exact=True).first.click()
    expect(page.get_by_text("1 个投递现在按顺序发送。")).to_be_visible()
    page.get_by_role("button", name="English").click()
    given_up(shown)
    expect(page.get_by_role("cell", name="given up").first).to_be_visible()
    expect(page.get_by_role("button", name="Send now what waits")).to_have_count(0)
    looks(page, "admin-webhook", widths=BOTH)
    page.get_by_role("button", name="Replay all that failed").click()
    page.get_by_role("dialog").get_by_role("button", name="Replay all that failed").click()
    expect(page.get_by_text(re.compile("deliveries are sent again.$"))).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()


def test_a_desk_s_webhooks_are_managed_by_its_supervisor(at_desk: AtDesk, shown: Site) -> None:
    desk = Desk(DeskKind.MERCHANT, uuid4())
    page = at_desk(shown.agent(desk, on_desk=DeskRole.SUPERVISOR), "/webhooks")
    page.get_by_role("button", name="Add a URL").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Of", exact=True)).to_have_count(0)
    # Of what goes to the platform only, nothing is offered.
    expect(dialog.get_by_role("checkbox", name="notification.requested")).to_be_checked()
    expect(dialog.get_by_role("checkbox")).to_have_count(len(DESK_TOPICS))
    expect(dialog.get_by_role("checkbox", name="refund.requested")).to_have_count(0)
    # A public one, as a desk's has to be; nothing happens at this desk, so it is never called.
    dialog.get_by_label("URL").fill("https://8.8.8.8/shop")
    dialog.get_by_role("button", name="Add a URL").click()
    expect(page.get_by_text(re.compile("^whsec_"))).to_be_visible()
    looks(page, "desk-webhooks", widths=BOTH)
    # Seen once; and no other desk's are there.
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text(re.compile("^whsec_"))).to_have_count(0)
    page.get_by_role("link", name="https://8.8.8.8/shop").click()
    expect(page.get_by_text("There is no delivery.")).to_be_visible()
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_label("Why").fill("it moves")
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_text("disabled", exact=True)).to_be_visible()
    page.get_by_role("link", name="All webhooks").click()
    expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()
    plain = at_desk(shown.agent(desk), "/webhooks")
    expect(plain.get_by_role("heading", name="There is no page here")).to_be_visible()


def test_a_case_is_told_from_its_beginning_with_rules_and_names(
    admin: Callable[..., Page], shown: Site
) -> None:
    consumer, conversation = busiest(shown)
    page = admin("/admin/story")
    page.get_by_role("textbox").fill("nothing of use")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("There is no id in it.")).to_be_visible()
    page.get_by_role("textbox").fill(f"see {consumer}")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.goto("/admin/story")
    page.get_by_role("textbox").fill(f"{shown.url}/desk/c/{consumer}/{conversation}#1")
    page.get_by_role("button", name="Look").click()
    steps = page.get_by_role("list", name="Steps")
    expect(steps.get_by_text("A case was opened:").first).to_be_visible()
    expect(steps.get_by_text("On the basis of").first).to_be_visible()
    expect(steps.get_by_text("It was given to").first).to_be_visible()
    because = "The (platform|merchant|creator) owns it, because: such cases are theirs"
    expect(steps.get_by_text(re.compile(because)).first).to_be_visible()
    assert "undefined" not in steps.inner_text()
    page.get_by_label("Only").select_option("order")
    expect(steps.get_by_text("The order was placed").first).to_be_visible()
    page.get_by_label("Only").select_option("")
    looks(page, "admin-story", widths=BOTH, ready=".story li")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("开了工单").first).to_be_visible()


def test_a_case_leads_to_the_stories_of_what_was_part_of_it(
    admin: Callable[..., Page], shown: Site
) -> None:
    shopper = Shopper(shown)
    order = shopper.orders(title="Teapot")
    shopper.writes("It leaks.")
    case = f"{shopper.consumer}/{shopper.conversation(order)}"
    page = admin(f"/admin/story/case/{case}")
    also = page.get_by_role("navigation", name="What else was part of it")
    also.get_by_role("link", name="Teapot").click()
    expect(page.get_by_text("The listing was described.")).to_be_visible()
    page.go_back()
    also.get_by_role("link", name="The wallet").click()
    expect(page.get_by_text("Nothing has happened to it.")).to_be_visible()
    page.go_back()
    also.get_by_role("link", name="The CNY account of").click()
    account = f"The story of the CNY account of {shopper.merchant}"
    expect(page.get_by_role("heading", name=account)).to_be_visible()

    page.goto("/admin/story")
    page.get_by_label("Of what").select_option("a party's account")
    page.get_by_role("textbox").fill(f"{shopper.merchant}")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("An id or the currency is missing.")).to_be_visible()
    page.get_by_role("textbox").fill(f"{shopper.merchant} CNY")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name=account)).to_be_visible()


def hours_ahead(shown: Site) -> None:
    """As if it had been tried for hours. Nobody listens, so an attempt is over at once."""

    async def put_off(parts: Parts) -> None:
        await parts.pool.execute(
            "UPDATE webhook_delivery SET next_at = now() + interval '9 hours', attempts = 5"
            " WHERE status = 'waiting'"
        )

    with_parts(shown.database, put_off)


def given_up(shown: Site) -> None:
    """As if all attempts of some days had been in vain."""

    async def give_up(parts: Parts) -> None:
        await parts.pool.execute(
            "UPDATE webhook_delivery SET status = 'failed', done_at = now(), attempts = 9"
        )

    with_parts(shown.database, give_up)


def contact(consumer: UUID) -> dict[str, Any]:
    return {
        "consumer": str(consumer),
        "subject": {"kind": "none"},
        "text": "Hello",
        "market": "cn",
        "channel": "app_chat",
        "surface": "order",
        "language": "en",
    }


def busiest(shown: Site) -> tuple[UUID, UUID]:
    """The consumer and the conversation about an order to which most has happened."""

    async def find(parts: Parts) -> tuple[UUID, UUID]:
        rows = await parts.pool.fetch(
            "SELECT id, body FROM state WHERE kind = 'conversation' ORDER BY version DESC LIMIT 50"
        )
        for id_, body in rows:
            state: Conversation = parts.codec.state(Kind_.CONVERSATION, body)
            if state.subject.kind is SubjectKind.ORDER:
                return state.consumer, id_
        raise AssertionError("nobody wrote about an order")

    return with_parts(shown.database, find)


TAPPED_AGAIN = """(button) => {
    new MutationObserver(() => button.disabled || button.click()).observe(button, {
        attributes: true,
    });
    button.click();
}"""
"""A second tap on the same button, as soon as it takes one."""


def test_a_second_tap_does_not_undo_the_first(admin: Callable[..., Page], shown: Site) -> None:
    page = admin(f"/admin/agents/{shown.agent(PLATFORM).agent}")
    # A dialog that moves away is there for a moment after it was answered.
    page.emulate_media(reduced_motion="no-preference")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/role") else None)
    page.get_by_role("button", name="Make an admin").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make an admin").evaluate(TAPPED_AGAIN)
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Make an agent")).to_be_visible()
    assert len(asked) == 1
    # It can be opened and answered once more.
    page.get_by_role("button", name="Make an agent").click()
    dialog.get_by_role("button", name="Make an agent").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Make an admin")).to_be_visible()


def test_a_day_of_the_rules_is_the_same_wherever_it_is_read(
    admin: Callable[..., Page], tmp_path: Path
) -> None:
    page = admin("/admin/rules", zone="America/Los_Angeles")
    page.locator("input[type=file]").set_input_files(rules(tmp_path / "cn"))
    first = date.fromisoformat(page.get_by_label("First day").input_value())
    expect(page.get_by_text(f"can hold from {first.day} {first:%b}")).to_be_visible()


def put_at(page: Page, path: str) -> set[str]:
    """The addresses to which the page has put something since."""
    asked: set[str] = set()

    def heard(one: Request) -> None:
        if one.method == "PUT" and path in one.url:
            asked.add(one.url)

    page.on("request", heard)
    return asked


def test_nobody_is_added_twice_as_an_answer_was_lost(admin: Callable[..., Page]) -> None:
    page = admin("/admin/agents")
    added = put_at(page, "/v1/admin/agents/")
    page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Li Lei")
    dialog.get_by_label("Cases at once").fill("")
    expect(dialog.get_by_role("button", name="Add somebody")).to_be_disabled()
    dialog.get_by_label("Cases at once").fill("3")
    page.route(re.compile("/v1/admin/agents/"), lost_answer, times=1)
    dialog.get_by_role("button", name="Add somebody").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Add somebody").click()
    dialog.get_by_role("button", name="Add somebody").click()
    expect(page.get_by_role("heading", name="Li Lei")).to_be_visible()
    assert len(added) == 1

    # Nobody takes one case at once because the field was emptied.
    page.get_by_label("Cases at once").fill("")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()


def test_who_takes_no_case_now_keeps_that_when_their_skills_change(
    admin: Callable[..., Page], shown: Site
) -> None:
    agent = shown.agent(PLATFORM).agent

    async def none(parts: Parts) -> None:
        told = SetCapacity(agent=agent, capacity=0)
        answer = await parts.engine.submit(told, principal="tests", key=str(agent), actor=SYSTEM)
        assert answer.accepted, answer

    with_parts(shown.database, none)
    page = admin(f"/admin/agents/{agent}")
    page.get_by_role("combobox", name="Skills").click()
    page.get_by_role("option", name="Returns").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Returns", exact=True)).to_be_visible()
    expect(page.get_by_label("Cases at once")).to_have_value("0")


def test_a_relief_is_not_published_twice_as_an_answer_was_lost(
    admin: Callable[..., Page],
) -> None:
    page = admin("/admin/reliefs")
    published = put_at(page, "/v1/admin/reliefs/")
    page.get_by_role("button", name="Publish a relief").click()
    dialog = page.get_by_role("dialog")
    first = utc_now() + timedelta(days=2)
    dialog.get_by_label("Starts").fill(f"{first:%Y-%m-%dT%H:00}")
    dialog.get_by_label("Ends").fill(f"{first + timedelta(days=1):%Y-%m-%dT%H:00}")
    page.route(re.compile("/v1/admin/reliefs/"), lost_answer, times=1)
    dialog.get_by_role("button", name="Publish a relief").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Publish a relief").click()
    dialog.get_by_role("button", name="Publish a relief").click()
    expect(dialog).to_have_count(0)
    assert len(published) == 1


def test_a_day_that_was_cleared_is_asked_for(admin: Callable[..., Page]) -> None:
    page = admin("/admin/fund")
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    page.get_by_label("From").fill("")
    expect(page.get_by_text("Choose the first and the last day.")).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)


def test_a_long_story_goes_on(admin: Callable[..., Page], shown: Site) -> None:
    agent = shown.agent(PLATFORM).agent
    page = admin("/admin/agents")

    def parts(route: Route) -> None:
        url = route.request.url
        after = int(parse_qs(urlsplit(url).query)["after"][0])
        found = route.fetch(url=url.replace(f"after={after}", "after=0")).json()
        step = {**found["items"][0], "command_id": str(uuid4()), "version": after + 1}
        route.fulfill(json={**found, "items": [step], "upto": after + 1 if after < 10 else None})

    page.route(re.compile(f"/v1/admin/agents/{agent}/story"), parts)
    page.goto(f"/admin/story/agent/{agent}")
    steps = page.get_by_role("list", name="Steps").get_by_text("They were registered")
    expect(steps).to_have_count(10)
    page.get_by_role("button", name="More").click()
    expect(steps).to_have_count(11)
    expect(page.get_by_role("button", name="More")).to_have_count(0)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("登记，同时接").first).to_be_visible()


def test_each_balance_of_a_wallet_is_told_in_its_currency(
    admin: Callable[..., Page], shown: Site
) -> None:
    consumer = uuid4()
    wallet = f"/v1/marketplace/consumers/{consumer}/wallet"
    for method, currency, minor in (("cash", "CNY", 9_900), ("points", "JPY", 500)):
        balance = {"method": method, "currency": currency}
        kept = {"kind": "balance", "stored": True, "balance_minor": minor}
        shown.command("POST", f"{wallet}/methods", {**balance, **kept})
        shown.command("POST", f"{wallet}/adjustments", {**balance, "amount_minor": minor})
    page = admin(f"/admin/story/wallet/{consumer}")
    steps = page.get_by_role("list", name="Steps")
    expect(steps).to_contain_text("The balance was adjusted by ¥99.00 to ¥198.00.")
    expect(steps).to_contain_text("The balance was adjusted by JPY 500 to JPY 1,000.")


def test_no_other_day_is_published_than_was_shown(
    admin: Callable[..., Page], tmp_path: Path
) -> None:
    page = admin("/admin/rules")

    def yesterday(route: Route) -> None:
        found = route.fetch().json()
        first = date.fromisoformat(found["first_day"]) - timedelta(days=1)
        route.fulfill(json={**found, "first_day": f"{first}"})

    page.route(re.compile("/v1/admin/candidates/[0-9a-f-]+$"), yesterday)
    page.locator("input[type=file]").set_input_files(rules(tmp_path / "cn"))
    page.get_by_label("Why, for the record").fill("a trial")
    page.locator("#content").get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_role("alert")).to_be_visible()


def test_the_installation_s_own_market_is_looked_at_first(admin: Callable[..., Page]) -> None:
    page = admin("/admin/agents")
    # As one that is set to eu says it.
    page.route(
        "**/v1/admin/markets",
        lambda route: route.fulfill(json={**route.fetch().json(), "own": "eu"}),
    )
    for path in ("rules", "calendars", "fund"):
        with page.expect_request(re.compile("/v1/admin/markets/../packs")) as asked:
            page.goto(f"/admin/{path}")
        assert "/eu/" in asked.value.url
        expect(page.get_by_label("Market")).to_have_value("eu")
