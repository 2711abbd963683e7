"""Views: a filter is tried while it is made and kept by name; many cases are acted on together."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens, is_handed_to
from tests.browser.serving import Insider
from tests.browser.workplace import Workplace
from tests.support.browsers import looks, lost_answer, serious
from tests.support.site import Site

LOOK_MS, VIEWS_MS = 20_000, 60_000
"""So often an open page looks at what nobody tells it: at cases, and which views there are."""


def test_a_filter_is_tried_kept_and_acted_on(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shown.agent(shop.desk)
    shop.case("First")
    shop.case("Second", issue="quality")
    page = at_desk(person, "/views")
    table = page.get_by_role("table", name="Cases that fit")
    expect(table.get_by_role("link")).to_have_count(2)
    page.get_by_role("combobox", name="Issues").click()
    page.get_by_role("option", name="Quality").click()
    page.keyboard.press("Escape")
    expect(table.get_by_role("link")).to_have_count(1)
    row = table.get_by_role("row").nth(1)
    expect(row).to_contain_text("Merchant: taken over")
    page.get_by_role("button", name="Keep as a view").click()
    page.get_by_label("Name of the view").fill("Quality only")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("combobox", name="Saved view")).to_have_value("Quality only")
    actions = page.get_by_role("region", name="For all that are chosen")
    expect(actions).to_have_count(0)
    page.get_by_label("Choose all that are shown").check()
    expect(actions).to_contain_text("1 chosen")
    assert serious(page) == []
    page.get_by_label("The note").fill("Ask the maker")
    page.get_by_role("button", name="Do it to 1").click()
    expect(page.get_by_text("1 done, 0 not")).to_be_visible()
    page.reload()
    expect(table.get_by_role("link")).to_have_count(2)
    page.get_by_role("combobox", name="Saved view").click()
    page.get_by_role("option", name="Quality only").click()
    expect(table.get_by_role("link")).to_have_count(1)
    looks(page, "views", widths=("desk", "phone"))


def test_a_supervisor_keeps_a_view_for_the_desk_and_takes_it_away(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    page = at_desk(shown.agent(shop.desk, on_desk=DeskRole.SUPERVISOR), "/views")
    page.get_by_role("button", name="Keep as a view").click()
    page.get_by_label("Name of the view").fill("Everything")
    page.get_by_label("For everybody at the desk").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    saved = page.get_by_role("combobox", name="Saved view")
    expect(saved).to_have_value("Everything (shared)")

    agents = at_desk(shown.agent(shop.desk), "/views")
    agents.get_by_role("combobox", name="Saved view").click()
    agents.get_by_role("option", name="Everything (shared)").click()
    expect(agents.get_by_role("button", name="Remove the view")).to_have_count(0)
    agents.get_by_role("button", name="Keep as a view").click()
    expect(agents.get_by_label("Name of the view")).to_be_visible()
    expect(agents.get_by_label("For everybody at the desk")).to_have_count(0)

    page.get_by_role("button", name="Remove the view").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("“Everything” goes for everybody at the desk.")
    dialog.get_by_role("button", name="Remove the view").click()
    expect(saved).to_have_value("")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", r"in 49 min( \d+ s)?"), ("zh", r"49 分钟( \d+ 秒)?后")],
)
def test_a_near_time_says_its_units(
    at_desk: Opens, shown: Site, language: str, expected: str
) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shown.agent(shop.desk)
    shop.case("First")

    def near(route: Route) -> None:
        due_at = (utc_now() + timedelta(minutes=49, seconds=58)).isoformat()
        answer = route.fetch()
        found = answer.json()
        for one in found["items"]:
            one["clock"]["due_at"] = due_at
        route.fulfill(response=answer, json=found)

    page = at_desk(person, language=language)
    page.route("**/v1/desk/views/preview", near)
    page.goto("/views")
    expect(page.locator("time.due")).to_have_text(re.compile(f"^{expected}$"))


def test_the_desks_own_list_is_chosen_from_by_key_and_by_shift(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    for text in ("First", "Second", "Third"):
        shop.in_hand(shop.case(text))
    page = at_desk(person)
    rows = page.get_by_role("list", name="Mine").get_by_role("listitem")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.get_by_role("region", name="For all that are chosen")
    expect(bar).to_contain_text("1 chosen:")
    page.keyboard.press("x")
    expect(bar).to_have_count(0)
    rows.nth(0).get_by_role("checkbox").check()
    rows.nth(2).get_by_role("link").click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 chosen:")
    expect(page).to_have_url(re.compile("/desk$"))
    rows.nth(1).get_by_role("checkbox").uncheck()
    bar.get_by_label("The note").fill("Ask the maker")
    assert serious(page) == []
    bar.get_by_role("button", name="Do it to 2").click()
    expect(bar).to_contain_text("2 done, 0 not")
    bar.get_by_role("button", name="Close").click()
    expect(bar).to_have_count(0)
    rows.nth(0).get_by_role("link").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Ask the maker")


def test_a_box_that_was_clicked_keeps_no_letter_to_itself(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    for text in ("First", "Second"):
        shop.in_hand(shop.case(text))
    page = at_desk(person)
    rows = page.get_by_role("list", name="Mine").get_by_role("listitem")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("checkbox").click()
    bar = page.get_by_role("region", name="For all that are chosen")
    expect(bar).to_contain_text("1 chosen:")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("2 chosen:")


def test_what_is_done_to_a_case_of_a_view_is_seen_in_it(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person = shop.agent()
    for text in ("First", "Second"):
        shop.in_hand(shop.case(text))
    view = {"seen": 0, "desk": str(shop.desk), "view": {"name": "All of it", "filter": {}}}
    Insider(shown, person).puts(f"/v1/desk/views/{uuid4()}", view)
    page = at_desk(person)
    page.get_by_role("combobox", name="Saved views").click()
    page.get_by_role("option", name="All of it").click()
    rows = page.get_by_role("list", name="Saved views").get_by_role("listitem")
    expect(rows).to_have_count(2)
    rows.filter(has_text="First").get_by_role("link").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("First")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Second")


def test_the_filter_is_there_when_one_comes_back_from_a_case(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.case("First")
    shop.case("Second", issue="quality")
    page = at_desk(shop.agent(), "/views")
    table = page.get_by_role("table", name="Cases that fit")
    expect(table.get_by_role("link")).to_have_count(2)
    page.get_by_role("combobox", name="Issues").click()
    page.get_by_role("option", name="Quality").click()
    page.keyboard.press("Escape")
    expect(table.get_by_role("link")).to_have_count(1)
    table.get_by_role("link").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Second")
    page.go_back()
    expect(table.get_by_role("link")).to_have_count(1)
    page.goto("/views")
    expect(table.get_by_role("link")).to_have_count(2)


def test_those_with_which_it_could_not_be_done_are_named_and_stay_chosen(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    cases = [shop.case(text) for text in ("First", "Second", "Third")]
    page = at_desk(shown.agent(shop.desk), "/views")
    table = page.get_by_role("table", name="Cases that fit")
    expect(table.get_by_role("link")).to_have_count(3)
    page.get_by_label("Choose all that are shown").check()

    def busy(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        for one in said["items"]:
            if one["conversation"] == str(cases[1].conversation):
                one.update(done=False, code="busy")
        route.fulfill(response=answer, json=said)

    page.route("**/v1/desk/many", busy)
    bar = page.get_by_role("region", name="For all that are chosen")
    bar.get_by_label("The note").fill("Ask the maker")
    bar.get_by_role("button", name="Do it to 3").click()
    told = bar.get_by_role("status")
    expect(told).to_contain_text("2 done, 1 not")
    expect(told.get_by_role("listitem")).to_contain_text("Late delivery #1")
    expect(told.get_by_role("link")).to_have_attribute("href", cases[1].path())
    expect(bar).to_contain_text("1 chosen:")
    left = table.get_by_role("row").filter(has_text="Second")
    expect(left.get_by_role("checkbox")).to_be_checked()
    left.hover()
    assert serious(page) == []


def test_what_could_not_be_looked_for_is_not_said_to_be_nothing(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.case("First")
    page = at_desk(shop.agent(), "/desk")
    page.route("**/v1/desk/views/preview", lambda route: route.abort())
    page.goto("/views")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached", timeout=20_000)
    expect(page.get_by_text("No case fits.")).to_have_count(0)


def test_a_note_for_many_is_there_when_one_has_looked_at_a_case(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.case("First")
    author, other = shown.agent(shop.desk), shown.agent(shop.desk)
    page = at_desk(author, "/views")
    table = page.get_by_role("table", name="Cases that fit")
    note = page.get_by_label("The note")

    def chooses() -> None:
        table.get_by_role("checkbox").last.check()

    chooses()
    note.fill("Ask the maker")
    table.get_by_role("link").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("First")
    page.go_back()
    chooses()
    expect(note).to_have_value("Ask the maker")
    for person, text in ((other, ""), (author, "Ask the maker")):
        is_handed_to(page, person, "/views")
        chooses()
        expect(note).to_have_value(text)
    page.get_by_role("button", name="Do it to 1").click()
    expect(page.get_by_text("1 done, 0 not")).to_be_visible()
    page.reload()
    chooses()
    expect(note).to_have_value("")


def test_a_note_for_many_goes_on_in_another_tab(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.case("First")
    page = at_desk(shown.agent(shop.desk), "/views")
    other = page.context.new_page()
    other.goto("/views")
    for one in (page, other):
        one.get_by_label("Choose all that are shown").check()
    page.get_by_label("The note").fill("Ask the")
    expect(other.get_by_label("The note")).to_have_value("Ask the")
    other.get_by_label("The note").fill("Ask the maker")
    expect(page.get_by_label("The note")).to_have_value("Ask the maker")


def test_a_note_for_many_whose_answer_was_lost_is_written_once(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case("First")
    page = at_desk(shown.agent(shop.desk), "/views")
    bar = page.get_by_role("region", name="For all that are chosen")
    page.route("**/v1/desk/many", lost_answer, times=1)
    page.get_by_label("Choose all that are shown").check()
    bar.get_by_label("The note").fill("Ask the maker")
    bar.get_by_role("button", name="Do it to 1").click()
    expect(bar.get_by_role("alert")).to_contain_text("cannot be reached")
    page.reload()
    page.get_by_label("Choose all that are shown").check()
    bar.get_by_role("button", name="Do it to 1").click()
    expect(bar.get_by_role("status")).to_contain_text("1 done, 0 not")
    page.goto(bought.path())
    notes = page.locator(".message[data-id]").filter(has_text="Ask the maker")
    expect(notes).to_have_count(1)


def test_a_note_for_many_that_is_written_from_the_beginning_is_another(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case("First")
    page = at_desk(shown.agent(shop.desk), "/views")
    bar = page.get_by_role("region", name="For all that are chosen")
    note = bar.get_by_label("The note")
    page.route("**/v1/desk/many", lost_answer, times=1)
    for told in (bar.get_by_role("alert"), bar.get_by_role("status")):
        page.get_by_label("Choose all that are shown").check()
        note.fill("")
        note.fill("Ask the maker")
        bar.get_by_role("button", name="Do it to 1").click()
        expect(told).to_be_visible()
        page.reload()
    page.goto(bought.path())
    notes = page.locator(".message[data-id]").filter(has_text="Ask the maker")
    expect(notes).to_have_count(2)


def test_something_else_done_to_many_after_a_lost_answer_is_done(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    shop.case("First")
    page = at_desk(shown.agent(shop.desk), "/views")
    bar = page.get_by_role("region", name="For all that are chosen")
    page.route("**/v1/desk/many", lost_answer, times=1)
    page.get_by_label("Choose all that are shown").check()
    bar.get_by_label("The note").fill("Ask the maker")
    bar.get_by_role("button", name="Do it to 1").click()
    expect(bar.get_by_role("alert")).to_contain_text("cannot be reached")
    bar.get_by_role("combobox", name="What is done to each").click()
    page.get_by_role("option", name="Resolve").click()
    bar.get_by_role("button", name="Do it to 1").click()
    expect(bar.get_by_role("status")).to_contain_text("1 done, 0 not")


def test_what_others_do_is_seen_in_a_view(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person, colleague = shop.agent(), shop.agent()
    first, _ = [shop.case(text) for text in ("First", "Second")]
    view = {"seen": 0, "desk": str(shop.desk), "view": {"name": "All of it", "filter": {}}}
    mine, id_ = Insider(shown, person), uuid4()
    page = at_desk(person)
    page.clock.install()
    page.reload()
    expect(page.get_by_role("tablist")).to_be_visible()
    mine.puts(f"/v1/desk/views/{id_}", view)
    page.clock.run_for(VIEWS_MS)
    page.get_by_role("combobox", name="Saved views").click()
    page.get_by_role("option", name="All of it").click()
    rows = page.get_by_role("list", name="Saved views").get_by_role("listitem")
    expect(rows).to_have_count(2)
    Insider(shown, colleague).posts(
        f"/v1/desk/cases/{first.consumer}/{first.conversation}/1/resolution", {"reason": "solved"}
    )
    shop.case("Third")
    # Nothing moves by itself but what is done with.
    page.clock.run_for(LOOK_MS)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Second")
    # What has come since it was looked at comes along.
    shop.case("Fourth")
    page.get_by_role("button", name="1 new").click()
    expect(rows).to_have_count(3)
    mine.deletes(f"/v1/desk/views/{id_}")
    page.clock.run_for(VIEWS_MS)
    expect(page.get_by_role("combobox", name="Saved views")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_view_that_others_change_is_tried_anew(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shown.agent(shop.desk)
    shop.case("First")
    shop.case("Second", issue="quality")
    view: dict[str, Any] = {"name": "Mine", "filter": {"issues": ["quality"]}}
    mine, path = Insider(shown, person), f"/v1/desk/views/{uuid4()}"
    mine.puts(path, {"seen": 0, "desk": str(shop.desk), "view": view})
    page = at_desk(person, "/desk")
    page.clock.install()
    page.goto("/views")
    table = page.get_by_role("table", name="Cases that fit")
    page.get_by_role("combobox", name="Saved view").click()
    page.get_by_role("option", name="Mine").click()
    expect(table.get_by_role("link")).to_have_count(1)
    page.get_by_label("Choose all that are shown").check()
    page.get_by_role("heading", level=1).hover()
    # What comes meanwhile is seen, and what was chosen stays so.
    shop.case("Third", issue="quality")
    page.clock.run_for(LOOK_MS)
    expect(table.get_by_role("link")).to_have_count(2)
    chosen = table.get_by_role("row").filter(has_text="Second").get_by_role("checkbox")
    expect(chosen).to_be_checked()
    view["filter"] = {"issues": ["late_delivery"]}
    mine.puts(path, {"seen": 1, "desk": str(shop.desk), "view": view})
    page.clock.run_for(VIEWS_MS)
    expect(table.get_by_role("link")).to_have_count(1)
    expect(table).to_contain_text("First")
    expect(page.get_by_role("combobox", name="Saved view")).to_have_value("Mine")


def test_a_view_that_was_taken_away_is_looked_at_under_no_name(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    person = shown.agent(shop.desk)
    shop.case("First")
    shop.case("Second", issue="quality")
    view: dict[str, Any] = {"name": "Mine", "filter": {"issues": ["quality"]}}
    mine, path = Insider(shown, person), f"/v1/desk/views/{uuid4()}"
    mine.puts(path, {"seen": 0, "desk": str(shop.desk), "view": view})
    page = at_desk(person, "/desk")
    page.clock.install()
    page.goto("/views")
    saved = page.get_by_role("combobox", name="Saved view")
    saved.click()
    page.get_by_role("option", name="Mine").click()
    expect(saved).to_have_value("Mine")
    mine.deletes(path)
    page.clock.run_for(VIEWS_MS)
    expect(saved).to_have_value("")
    expect(page.get_by_role("table", name="Cases that fit").get_by_role("link")).to_have_count(1)
    expect(page.get_by_role("button", name="Remove the view")).to_have_count(0)


def test_no_row_of_the_table_moves_under_a_hand(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    shop.stays_open()
    first, _ = [shop.case(text) for text in ("First", "Second")]
    page = at_desk(shown.agent(shop.desk), "/desk")
    page.clock.install()
    page.goto("/views")
    table = page.get_by_role("table", name="Cases that fit")
    rows = table.get_by_role("row")
    page.get_by_label("Choose all that are shown").check()
    rows.filter(has_text="Second").hover()
    Insider(shown, shop.agent()).posts(
        f"/v1/desk/cases/{first.consumer}/{first.conversation}/1/resolution", {"reason": "solved"}
    )
    with page.expect_response("**/views/preview"):
        page.clock.run_for(LOOK_MS)
    bar = page.get_by_role("region", name="For all that are chosen")
    expect(bar).to_contain_text("1 chosen")
    expect(rows).to_have_count(3)
    bar.hover()
    expect(rows).to_have_count(2)
